"""Provide the range of a recurrence: its first day, how it ends, and the zone that its days are counted in.

An end is one of four values: :class:`NoEnd`, :class:`EndDate` (the last day on which it may fall, included),
:class:`Numbered` (so many occurrences), or :class:`Unreported`: Outlook's tasks say *numbered* and always report 0
occurrences, whatever was written. Unreported is no change: :func:`keep_unreported` puts the known end in its place.
Both a date and a number cannot be said, since a range has one end.
"""

from datetime import date
from typing import Final

import attrs

from tallystick.recurrence.pattern import require_whole
from tallystick.recurrence.refusals import InvalidRecurrence
from tallystick.recurrence.times import require_date, require_real_year

LARGEST_COUNT: Final = 9_999_999_999


@attrs.frozen
class NoEnd:
    """It goes on for ever."""


@attrs.frozen
class EndDate:
    """It ends on ``last``, a day in the range's zone on which it may still fall."""

    last: date

    def __attrs_post_init__(self) -> None:
        require_date(self.last, "range.end")


@attrs.frozen
class Numbered:
    """It ends after ``count`` occurrences."""

    count: int

    def __attrs_post_init__(self) -> None:
        require_whole(self.count, 1, LARGEST_COUNT, "range.count")


@attrs.frozen
class Unreported:
    """It ends after a number of occurrences that the service does not report."""


End = NoEnd | EndDate | Numbered | Unreported

NO_END: Final = NoEnd()
UNREPORTED: Final = Unreported()


@attrs.frozen
class Range:
    """The days between which a recurrence falls.

    ``start`` is the first day on which it may fall, ``zone`` the name (Windows or IANA, as it was read) of the zone
    in which ``start`` and the end are days; None means the zone of the event itself.
    Raises InvalidRecurrence where it ends before it starts.
    """

    start: date
    end: End = NO_END
    zone: str | None = None

    def __attrs_post_init__(self) -> None:
        require_date(self.start, "range.start")
        require_real_year(self.start, "range.start")
        if isinstance(self.end, EndDate) and self.end.last < self.start:
            raise InvalidRecurrence(
                "the range ends before it starts", where="range.end", remedy="give an end date on or after the start"
            )


def keep_unreported(read: Range, known: Range | None) -> Range:
    """Return ``read`` with the end of ``known``, where the service does not report its own.

    A known end that lies before the start that was read is none of its: then it stays unreported.
    """
    if isinstance(read.end, Unreported) and known is not None:
        if isinstance(known.end, EndDate) and known.end.last < read.start:
            return read
        return attrs.evolve(read, end=known.end)
    return read
