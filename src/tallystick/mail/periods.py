"""Provide periods: when something was switched on and off, so that what came in a pause stays what came in a pause."""

from datetime import datetime
from typing import Final

import attrs

from tallystick.recurrence import Instant


@attrs.frozen
class Span:
    """From ``start`` on, up to and without ``end``; None where it has no such edge."""

    start: datetime | None = None
    end: datetime | None = None


@attrs.frozen
class Periods:
    """The spans in which something was on, in order."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def since(cls, at: datetime) -> "Periods":
        """Return what is on from a moment on."""
        return cls((Span(at),))

    @property
    def is_on(self) -> bool:
        """Whether it is on for now."""
        return bool(self.spans) and self.spans[-1].end is None

    def on(self, at: datetime) -> "Periods":
        """Return it switched on at a moment; without effect where it is on."""
        return self if self.is_on else Periods((*self.spans, Span(at)))

    def off(self, at: datetime) -> "Periods":
        """Return it switched off at a moment; without effect where it is off."""
        return Periods((*self.spans[:-1], attrs.evolve(self.spans[-1], end=at))) if self.is_on else self

    def covers(self, moment: Instant | None) -> bool:
        """Tell whether it was on at a moment; never where there is none."""
        if moment is None:
            return False
        for span in self.spans:
            if (span.start is None or span.start <= moment.utc) and (span.end is None or moment.utc < span.end):
                return True
        return False


ALWAYS: Final = Periods((Span(),))
NEVER: Final = Periods()
