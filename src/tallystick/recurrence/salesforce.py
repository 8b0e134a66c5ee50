"""Provide recurrences in the fields of Salesforce's classic recurring events and tasks.

====================  ============================================================================================
RecurrenceType        fields beside it, all others null
====================  ============================================================================================
RecursDaily           RecurrenceInterval
RecursEveryWeekday    RecurrenceDayOfWeekMask: Monday to Friday, every week
RecursWeekly          RecurrenceInterval, RecurrenceDayOfWeekMask
RecursMonthly         RecurrenceInterval, RecurrenceDayOfMonth
RecursMonthlyNth      RecurrenceInterval, RecurrenceInstance, RecurrenceDayOfWeekMask
RecursYearly          RecurrenceDayOfMonth, RecurrenceMonthOfYear: every year
RecursYearlyNth       RecurrenceInstance, RecurrenceDayOfWeekMask, RecurrenceMonthOfYear: every year
====================  ============================================================================================

The mask adds up 1 for Sunday, 2 for Monday .. 64 for Saturday. A series starts at RecurrenceStartDateTime (events, an
instant) or on RecurrenceStartDateOnly (tasks), in RecurrenceTimeZoneSidKey, and always ends on RecurrenceEndDateOnly.
Its weeks begin on Sunday. What a day 29 to 31 means in a shorter month is not documented: read as the last day, and
declared as a loss; not written. Field names and the mask are those of the object reference of Event and Task.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Final

from tallystick.recurrence import json_fields as read
from tallystick.recurrence.fitting import fit
from tallystick.recurrence.pattern import Pattern, PatternType
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import NO_END, EndDate, Range
from tallystick.recurrence.refusals import refuse
from tallystick.recurrence.support import SALESFORCE_CLASSIC, Support, pattern_reasons
from tallystick.recurrence.times import Instant, Start
from tallystick.recurrence.translation import (
    Loss,
    LossKind,
    ReasonKind,
    Translation,
    in_shape,
    with_losses,
)
from tallystick.recurrence.weekdays import WEEK, WORKDAYS, Weekday, WeekIndex, in_week_order
from tallystick.recurrence.zones import iana_zone


class RecurrenceType(StrEnum):
    """The values of the RecurrenceType picklist."""

    DAILY = "RecursDaily"
    EVERY_WEEKDAY = "RecursEveryWeekday"
    WEEKLY = "RecursWeekly"
    MONTHLY = "RecursMonthly"
    MONTHLY_NTH = "RecursMonthlyNth"
    YEARLY = "RecursYearly"
    YEARLY_NTH = "RecursYearlyNth"


class MonthOfYear(StrEnum):
    """The values of the RecurrenceMonthOfYear picklist."""

    JANUARY = "January"
    FEBRUARY = "February"
    MARCH = "March"
    APRIL = "April"
    MAY = "May"
    JUNE = "June"
    JULY = "July"
    AUGUST = "August"
    SEPTEMBER = "September"
    OCTOBER = "October"
    NOVEMBER = "November"
    DECEMBER = "December"


_MASK: Final = {day: 1 << (day.number + 1) % 7 for day in WEEK}
_FULL_MASK: Final = 127
_MONTHS: Final = tuple(MonthOfYear)
_TYPES: Final = {
    PatternType.DAILY: RecurrenceType.DAILY,
    PatternType.WEEKLY: RecurrenceType.WEEKLY,
    PatternType.ABSOLUTE_MONTHLY: RecurrenceType.MONTHLY,
    PatternType.RELATIVE_MONTHLY: RecurrenceType.MONTHLY_NTH,
    PatternType.ABSOLUTE_YEARLY: RecurrenceType.YEARLY,
    PatternType.RELATIVE_YEARLY: RecurrenceType.YEARLY_NTH,
}
_WITH_INTERVAL: Final = frozenset(_TYPES.values()) - {RecurrenceType.YEARLY, RecurrenceType.YEARLY_NTH}


def recurrence_from_salesforce(fields: Mapping[str, object]) -> Translation[Recurrence]:
    """Return the recurrence of an event or task record.

    Lossy where a day of the month is one that shorter months lack. Raises InvalidRecurrence, UnknownZone.
    """
    known = read.folded(fields, "record")
    zone = read.text(known, "RecurrenceTimeZoneSidKey", "record")
    start = _read_start(known, zone)
    last = read.day(known, "RecurrenceEndDateOnly", "record")
    recurrence = Recurrence(_read_pattern(known), Range(start, NO_END if last is None else EndDate(last), zone))
    reasons = pattern_reasons(recurrence, SALESFORCE_CLASSIC)
    unsure = [Loss(LossKind.MONTH_END_UNSURE, item.part) for item in reasons if item.kind is ReasonKind.MONTH_END]
    return with_losses(recurrence, tuple(unsure))


def recurrence_to_salesforce(
    recurrence: Recurrence,
    start: Start,
    *,
    support: Support = SALESFORCE_CLASSIC,
) -> Translation[dict[str, object]]:
    """Return the recurrence fields to write, unused ones None; see :func:`~tallystick.recurrence.fitting.fit`.

    ``start`` is where the first occurrence begins: a wall time for an event, a date for a task. Raises UnknownZone.
    """
    return in_shape(fit(recurrence, support), partial(_shape, start=start))


def _shape(recurrence: Recurrence, start: Start) -> dict[str, object]:
    pattern, range_ = recurrence.pattern, recurrence.range
    kind = _TYPES[pattern.type]
    shape: dict[str, object] = {
        "IsRecurrence": True,
        "RecurrenceType": kind.value,
        "RecurrenceInterval": pattern.interval if kind in _WITH_INTERVAL else None,
        "RecurrenceDayOfWeekMask": sum(_MASK[day] for day in pattern.days_of_week) or None,
        "RecurrenceDayOfMonth": pattern.day_of_month,
        "RecurrenceInstance": None if pattern.index is None else pattern.index.value.capitalize(),
        "RecurrenceMonthOfYear": None if pattern.month is None else _MONTHS[pattern.month - 1].value,
        "RecurrenceEndDateOnly": range_.end.last.isoformat() if isinstance(range_.end, EndDate) else None,
        "RecurrenceTimeZoneSidKey": None if range_.zone is None else iana_zone(range_.zone),
    }
    if isinstance(start, date):
        shape["RecurrenceStartDateOnly"] = start.isoformat()
    else:
        shape["RecurrenceStartDateTime"] = f"{start.instant().utc:%Y-%m-%dT%H:%M:%S}.000Z"
    return shape


def _read_start(fields: Mapping[str, object], zone: str | None) -> date:
    """Return the first day, in the zone of the series."""
    value = fields.get("recurrencestartdatetime")
    if value is None:
        return read.needed(read.day, fields, "RecurrenceStartDateOnly", "record")
    text = read.text(fields, "RecurrenceStartDateTime", "record") or ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        refuse("record.RecurrenceStartDateTime", "not a time", "write 2026-12-31T09:00:00.000+0000")
    if moment.tzinfo is None:
        refuse("record.RecurrenceStartDateTime", "without offset", "write 2026-12-31T09:00:00.000+0000")
    return Instant(moment).in_zone(zone or "UTC").local.date()


def _read_pattern(fields: Mapping[str, object]) -> Pattern:
    kind = read.required(read.word(fields, "RecurrenceType", "record", RecurrenceType), "record.RecurrenceType")
    interval = read.whole(fields, "RecurrenceInterval", "record") or 1
    match kind:
        case RecurrenceType.DAILY:
            pattern = Pattern.daily(interval)
        case RecurrenceType.EVERY_WEEKDAY:
            pattern = Pattern.weekly(WORKDAYS, first_day_of_week=Weekday.SUNDAY)
        case RecurrenceType.WEEKLY:
            pattern = Pattern.weekly(_read_days(fields), first_day_of_week=Weekday.SUNDAY, interval=interval)
        case RecurrenceType.MONTHLY:
            pattern = Pattern.absolute_monthly(_read_day(fields), interval=interval)
        case RecurrenceType.MONTHLY_NTH:
            pattern = Pattern.relative_monthly(_read_index(fields), _read_days(fields), interval=interval)
        case RecurrenceType.YEARLY:
            pattern = Pattern.absolute_yearly(_read_month(fields), _read_day(fields))
        case _:
            pattern = Pattern.relative_yearly(_read_month(fields), _read_index(fields), _read_days(fields))
    return pattern


def _read_days(fields: Mapping[str, object]) -> tuple[Weekday, ...]:
    mask = read.needed(read.whole, fields, "RecurrenceDayOfWeekMask", "record")
    if not 0 < mask <= _FULL_MASK:
        refuse("record.RecurrenceDayOfWeekMask", "out of range", "add up 1 for Sunday to 64 for Saturday")
    return in_week_order([day for day, bit in _MASK.items() if mask & bit])


def _read_day(fields: Mapping[str, object]) -> int:
    return read.needed(read.whole, fields, "RecurrenceDayOfMonth", "record")


def _read_index(fields: Mapping[str, object]) -> WeekIndex:
    index = read.word(fields, "RecurrenceInstance", "record", WeekIndex)
    return read.required(index, "record.RecurrenceInstance")


def _read_month(fields: Mapping[str, object]) -> int:
    month = read.word(fields, "RecurrenceMonthOfYear", "record", MonthOfYear)
    return _MONTHS.index(read.required(month, "record.RecurrenceMonthOfYear")) + 1
