"""Provide recurrences in the shape of Maximizer: a Pattern and a Range in Graph's fields, with its own habits.

===========================  =====================================================================================
field                        read as, when it is missing, null, empty or 0
===========================  =====================================================================================
Pattern.FirstDayOfWeek       sunday
Pattern.Index                first; the field is also known as WeekIndex
Range.Occurrences            no number: Outlook reports 0 whatever was written; also known as NumberOfOccurrences
Range.EndDate                no end, and so is a date from 2200-01-01 on: that is what stands for *no end* there
Range.RecurrenceTimeZone     UTC
===========================  =====================================================================================

The range has no type: an EndDate ends it, else Occurrences do. Both at once are taken where they say the same, and
refused where they do not. What appointments and tasks accept is in :mod:`tallystick.recurrence.support`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

import attrs

from tallystick.recurrence import json_fields as read
from tallystick.recurrence.fitting import fit
from tallystick.recurrence.graph import pattern_shape, read_pattern
from tallystick.recurrence.pattern import Pattern
from tallystick.recurrence.pattern_dates import last_date
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import NO_END, End, EndDate, Numbered, Range
from tallystick.recurrence.refusals import refuse
from tallystick.recurrence.support import ENDLESS_IN_MAXIMIZER, Support
from tallystick.recurrence.translation import Translation, in_shape

DEFAULT_ZONE: Final = "UTC"


def recurrence_from_maximizer(data: Mapping[str, object]) -> Recurrence:
    """Return the recurrence of a Maximizer task or appointment. Raises InvalidRecurrence."""
    fields = read.folded(data, "Recurrence")
    pattern_fields = read.folded(fields.get("pattern"), "Pattern")
    pattern_fields["index"] = pattern_fields.get("index") or pattern_fields.get("weekindex")
    pattern = read_pattern(pattern_fields, "Pattern")
    range_fields = read.folded(fields.get("range"), "Range")
    start = read.needed(read.day, range_fields, "StartDate", "Range")
    zone = read.text(range_fields, "RecurrenceTimeZone", "Range") or DEFAULT_ZONE
    return Recurrence(pattern, Range(start, _read_end(pattern, start, range_fields), zone))


def recurrence_to_maximizer(recurrence: Recurrence, *, support: Support) -> Translation[dict[str, object]]:
    """Return the recurrence to write to Maximizer, with what is lost; see :func:`~tallystick.recurrence.fitting.fit`.

    ``support`` is the table of appointments or of tasks, or the integrator's own.
    """
    return in_shape(fit(recurrence, support), _shape)


def _shape(recurrence: Recurrence) -> dict[str, object]:
    pattern, range_ = recurrence.pattern, recurrence.range
    return {
        "Pattern": {name[0].upper() + name[1:]: value for name, value in pattern_shape(pattern).items()},
        "Range": {
            "StartDate": range_.start.isoformat(),
            "EndDate": range_.end.last.isoformat() if isinstance(range_.end, EndDate) else None,
            "Occurrences": range_.end.count if isinstance(range_.end, Numbered) else 0,
            "RecurrenceTimeZone": range_.zone or DEFAULT_ZONE,
        },
    }


def _read_end(pattern: Pattern, start: date, fields: Mapping[str, object]) -> End:
    last = read.day(fields, "EndDate", "Range")
    count = None
    for name in ("Occurrences", "NumberOfOccurrences", "NumberOfOcurrences"):
        count = count or read.whole(fields, name, "Range")
    if last is not None and last >= ENDLESS_IN_MAXIMIZER:
        last = None
    if count is None:
        return NO_END if last is None else EndDate(last)
    if last is not None:
        _require_same_end(Recurrence(pattern, Range(start, Numbered(count))), last)
    return Numbered(count)


def _require_same_end(numbered: Recurrence, last: date) -> None:
    by_date = attrs.evolve(numbered, range=Range(numbered.range.start, EndDate(last)))
    if last_date(numbered) != last_date(by_date):
        refuse("Range.EndDate", "contradicts Range.Occurrences", "leave one of them out")
