"""Provide what both sides' calendars say of one occurrence of a series that is not as its rule says."""

import attrs

from tallystick.recurrence import Start


@attrs.frozen(repr=False)
class OccurrenceChange:
    """One occurrence, known by the start that the rule gives it, also after it was moved, twice too.

    ``original`` may be a date where the series is timed: it names the day. ``cancelled`` says that it does not take
    place. ``start`` and ``end`` are given together, where it takes place at another time; an end of days is exclusive.
    ``subject`` and ``location`` are None where they are the series' own.
    """

    original: Start
    cancelled: bool = False
    start: Start | None = None
    end: Start | None = None
    subject: str | None = None
    location: str | None = None
