"""Provide recurrences in Graph's JSON shape, *patternedRecurrence*: read as services send it, written as documented.

Read tolerantly, because an answer is fuller than the request was. Every field is there whatever the type: month and
dayOfMonth 0, index *first*, firstDayOfWeek *sunday*, numberOfOccurrences 0, endDate ``0001-01-01``. Such fields of
other types are passed over, whatever they hold. Enum words come in any case. The zone may be empty; then the caller's
fallbacks are tried in order (the event's original start zone, end zone, the mailbox's zone).

======================================  ==========================================================================
what is missing                         is read as
======================================  ==========================================================================
index of a relative pattern             first
firstDayOfWeek                          sunday
numberOfOccurrences, type numbered      a number that the service does not report
an endDate from 4500 on                 no end: it is how Outlook writes one
range.type                              what the endDate or numberOfOccurrences says, else no end
======================================  ==========================================================================

Refused: a missing or unknown type, a missing interval, days or day of month where the type needs them, an end before
the start. Written are exactly the fields that the type needs, with an interval, count and day set that Exchange takes.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from tallystick.recurrence import json_fields as read
from tallystick.recurrence.fitting import fit
from tallystick.recurrence.pattern import NEEDS, Pattern, PatternType
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import NO_END, UNREPORTED, End, EndDate, NoEnd, Numbered, Range, Unreported
from tallystick.recurrence.refusals import refuse
from tallystick.recurrence.series import Cancelled
from tallystick.recurrence.support import GRAPH, Support
from tallystick.recurrence.translation import Translation, in_shape
from tallystick.recurrence.weekdays import Weekday, WeekIndex

NO_END_FROM: Final = date(4500, 1, 1)
"""An end date from here on is Outlook's way to say that there is none."""

_OCCURRENCE_ID: Final = re.compile(r"OID\..{1,1000}\.([0-9]{4}-[0-9]{2}-[0-9]{2})", re.DOTALL)


class RangeType(StrEnum):
    """How a range ends, in Graph's words."""

    END_DATE = "endDate"
    NO_END = "noEnd"
    NUMBERED = "numbered"


def recurrence_from_graph(data: Mapping[str, object], *, zones: Iterable[str | None] = ()) -> Recurrence:
    """Return the recurrence that a patternedRecurrence says.

    ``zones`` are the names to try, in order, where the range names no zone. Raises InvalidRecurrence.
    """
    fields = read.folded(data, "recurrence")
    pattern = read_pattern(fields.get("pattern"), "pattern")
    return Recurrence(pattern, _read_range(fields.get("range"), zones))


def recurrence_to_graph(recurrence: Recurrence, *, support: Support = GRAPH) -> Translation[dict[str, object]]:
    """Return the patternedRecurrence to send, with what is lost; see :func:`~tallystick.recurrence.fitting.fit`."""
    return in_shape(fit(recurrence, support), graph_shape)


def graph_shape(recurrence: Recurrence) -> dict[str, object]:
    """Return the recurrence in Graph's shape whatever Graph accepts: JSON-ready, and read back as the same value."""
    return {"pattern": pattern_shape(recurrence.pattern), "range": _range_shape(recurrence.range)}


def cancelled_from_graph(occurrence_ids: Iterable[str]) -> tuple[Cancelled, ...]:
    """Return the cancelled occurrences that an event's ``cancelledOccurrences`` name, by their day.

    Raises InvalidRecurrence for what has not the form ``OID.<series>.<date>``.
    """
    found = []
    for occurrence_id in occurrence_ids:
        match = _OCCURRENCE_ID.fullmatch(occurrence_id)
        day = None if match is None else read.day({"id": match[1]}, "id", "cancelledOccurrences")
        found.append(Cancelled(read.required(day, "cancelledOccurrences")))
    return tuple(dict.fromkeys(found))


def read_pattern(data: object, where: str) -> Pattern:
    """Return the pattern in Graph's field names, in whatever case. Raises InvalidRecurrence."""
    fields = read.folded(data, where)
    named: PatternType | None = read.word(fields, "type", where, PatternType)
    kind = read.required(named, f"{where}.type")
    interval = read.needed(read.whole, fields, "interval", where)
    needs = NEEDS[kind]
    return Pattern(
        kind,
        interval,
        read.needed(read.days, fields, "daysOfWeek", where) if "days_of_week" in needs else (),
        (read.word(fields, "index", where, WeekIndex) or WeekIndex.FIRST) if "index" in needs else None,
        read.needed(read.whole, fields, "dayOfMonth", where) if "day_of_month" in needs else None,
        read.needed(read.whole, fields, "month", where) if "month" in needs else None,
        (read.word(fields, "firstDayOfWeek", where, Weekday) or Weekday.SUNDAY)
        if "first_day_of_week" in needs
        else None,
    )


def pattern_shape(pattern: Pattern) -> dict[str, object]:
    """Return the pattern in Graph's shape, with the fields that its type needs."""
    shape: dict[str, object] = {"type": str(pattern.type), "interval": pattern.interval}
    if pattern.days_of_week:
        shape["daysOfWeek"] = list(map(str, pattern.days_of_week))
    if pattern.first_day_of_week is not None:
        shape["firstDayOfWeek"] = str(pattern.first_day_of_week)
    if pattern.index is not None:
        shape["index"] = str(pattern.index)
    if pattern.day_of_month is not None:
        shape["dayOfMonth"] = pattern.day_of_month
    if pattern.month is not None:
        shape["month"] = pattern.month
    return shape


def first_zone(zones: Iterable[str | None]) -> str | None:
    """Return the first name that is one: not empty, and not the mark of a zone made by hand."""
    for zone in zones:
        if zone is not None and zone.strip() and zone.strip().casefold() != "tzone://microsoft/custom":
            return zone.strip()
    return None


def _read_range(data: object, zones: Iterable[str | None]) -> Range:
    fields = read.folded(data, "range")
    start = read.needed(read.day, fields, "startDate", "range")
    zone = first_zone((read.text(fields, "recurrenceTimeZone", "range"), *zones))
    return Range(start, _read_end(fields), zone)


def _read_end(fields: Mapping[str, object]) -> End:
    kind = read.word(fields, "type", "range", RangeType)
    if kind is None:
        last, count = read.day(fields, "endDate", "range"), read.whole(fields, "numberOfOccurrences", "range")
        if last is not None and count is not None:
            refuse("range.type", "missing, with an end date and a number", "say which of them ends the range")
        kind = RangeType.END_DATE if last else RangeType.NUMBERED if count else RangeType.NO_END
    if kind is RangeType.NO_END:
        return NO_END
    if kind is RangeType.NUMBERED:
        count = read.whole(fields, "numberOfOccurrences", "range")
        return UNREPORTED if count is None else Numbered(count)
    last = read.needed(read.day, fields, "endDate", "range")
    return NO_END if last >= NO_END_FROM else EndDate(last)


def _range_shape(range_: Range) -> dict[str, object]:
    shape: dict[str, object] = {}
    match range_.end:
        case NoEnd():
            shape["type"] = str(RangeType.NO_END)
        case EndDate(last=last):
            shape.update(type=str(RangeType.END_DATE), endDate=last.isoformat())
        case Numbered(count=count):
            shape.update(type=str(RangeType.NUMBERED), numberOfOccurrences=count)
        case Unreported():
            shape.update(type=str(RangeType.NUMBERED), numberOfOccurrences=0)
    shape["startDate"] = range_.start.isoformat()
    if range_.zone is not None:
        shape["recurrenceTimeZone"] = range_.zone
    return shape
