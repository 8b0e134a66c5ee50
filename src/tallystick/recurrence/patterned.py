"""Provide the recurrence that Outlook and CRMs speak of: a pattern within a range."""

import attrs

from tallystick.recurrence.pattern import Pattern
from tallystick.recurrence.ranges import Range


@attrs.frozen
class Recurrence:
    """What Graph calls a *patternedRecurrence*: on which days, and between which.

    It knows no time of day: an event has that, and a task has none.
    Its first occurrence is the first day of the pattern on or after ``range.start``, and the interval counts from
    there: *the first Thursday of every second month* from 29 August is 7 September, then 2 November.
    """

    pattern: Pattern
    range: Range
