"""Provide the limits of single settings: each tells what is wrong with a value, and says the same in JSON Schema.

What is wrong is said in words that a form may show beside the field; they name the limit and never the value.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import attrs

from tallystick.recurrence import is_known_zone
from tallystick.settings.forms import in_words


class Check(Protocol):
    """A limit of one setting. Values of another type never come to it."""

    def fault(self, value: object) -> str:
        """Return what is wrong with a value, in words; an empty text where nothing is."""
        ...

    def schema(self) -> Mapping[str, object]:
        """Return the keywords that say so in JSON Schema, as far as it has any."""
        ...


@attrs.frozen
class Within:
    """No less than ``least`` and no more than ``most``, both included; None for no such end. None as a value passes."""

    least: int | float | timedelta | None = None
    most: int | float | timedelta | None = None

    def fault(self, value: object) -> str:
        """Return which end the value is beyond."""
        if value is None:
            return ""
        if self.least is not None and value < self.least:  # type: ignore[operator]  # of the setting's own type
            return f"less than {in_words(self.least)}"
        if self.most is not None and value > self.most:  # type: ignore[operator]  # the same
            return f"more than {in_words(self.most)}"
        return ""

    def schema(self) -> Mapping[str, object]:
        """Return minimum and maximum; JSON Schema has none for durations."""
        ends = (("minimum", self.least), ("maximum", self.most))
        return {name: end for name, end in ends if end is not None and not isinstance(end, timedelta)}


@attrs.frozen
class Filled:
    """Not empty: a text with more than blanks, a list with at least one member."""

    def fault(self, value: object) -> str:
        """Return that it is empty."""
        filled = value.strip() if isinstance(value, str) else value
        return "" if filled else "empty"

    def schema(self) -> Mapping[str, object]:
        """Return the least length of both."""
        return {"minLength": 1, "minItems": 1}


@attrs.frozen
class KnownZone:
    """The name of a time zone, IANA's or Windows'."""

    def fault(self, value: object) -> str:
        """Return that nobody knows it."""
        return "" if isinstance(value, str) and is_known_zone(value) else "no known time zone, such as Europe/Paris"

    def schema(self) -> Mapping[str, object]:
        """Return nothing: JSON Schema knows no zones."""
        return {}
