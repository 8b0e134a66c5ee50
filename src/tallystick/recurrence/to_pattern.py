"""Provide the translation of a rule of RFC 5545 into a pattern within a range, where there is one with the same dates.

Inputs are a series with one rule. First the rule is read as one of the six types (the table is in
:mod:`~tallystick.recurrence.rule_reading`), then it is *anchored*: the range begins on the first real occurrence, since
a pattern counts its interval from there, and RFC 5545 from DTSTART's period whether or not the rule falls on it.

Refused, each with its reason: several rules, RDATE and EXRULE, and whatever no pattern says. EXDATEs stay with the
series as cancelled occurrences. One thing is lossy: a rule for the 29th to 31st leaves out the months that lack the
day, where a pattern takes their last day. It is exact after all where the range ends before the first such month.
"""

from calendar import monthrange
from datetime import MAXYEAR, date

import attrs

from tallystick.recurrence.expansion import iterate
from tallystick.recurrence.pattern import MONTH_LENGTHS, Pattern, PatternType
from tallystick.recurrence.pattern_dates import falls_on
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import NO_END, End, EndDate, Numbered, Range
from tallystick.recurrence.rule import RecurrenceRule
from tallystick.recurrence.rule_reading import read_rule, visited_months
from tallystick.recurrence.series import Series
from tallystick.recurrence.times import Start, WallTime, day_of
from tallystick.recurrence.translation import (
    Exact,
    Loss,
    LossKind,
    NotExpressible,
    Reason,
    ReasonKind,
    Translation,
    refused,
    with_losses,
)
from tallystick.recurrence.until import last_day_of, settled


def to_pattern(series: Series) -> Translation[Series]:
    """Return the series with its rule as a :class:`~.patterned.Recurrence`, starting on its first occurrence.

    A series whose rule is a pattern already is returned as it is. Raises InvalidRecurrence where UNTIL contradicts the
    start, UnknownZone, and ExpansionLimit where the first occurrence is too far to be found.
    """
    reasons = _beside_one_rule(series)
    if reasons:
        return NotExpressible(reasons)
    (rule,) = series.rules
    return Exact(series) if isinstance(rule, Recurrence) else _translate(series, settled(rule, series.start))


def _translate(series: Series, rule: RecurrenceRule) -> Translation[Series]:
    reading = read_rule(rule, day_of(series.start))
    if isinstance(reading, Reason):
        return NotExpressible((reading,))
    first = _first(series.start, rule, reading.pattern, is_sure=not (reading.skips or reading.is_phased))
    if first is None:
        return refused(ReasonKind.NO_OCCURRENCE, "RRULE")
    end = _end(rule, first)
    if isinstance(end, EndDate) and end.last < day_of(first):
        return refused(ReasonKind.NO_OCCURRENCE, "RRULE UNTIL")
    recurrence = Recurrence(
        reading.pattern, Range(day_of(first), end, first.zone if isinstance(first, WallTime) else None)
    )
    found = Series(first, (recurrence,), (), (), series.exceptions)
    if reading.skips and _meets_short_month(recurrence):
        return with_losses(found, (Loss(LossKind.SHORT_MONTHS, "RRULE BYMONTHDAY"),))
    return Exact(found)


def _beside_one_rule(series: Series) -> tuple[Reason, ...]:
    """Return the reasons for which a series has no pattern whatever its rule says."""
    reasons = []
    if len(series.rules) != 1:
        reasons.append(Reason(ReasonKind.SEVERAL_RULES, "RRULE"))
    if series.excluded_rules:
        reasons.append(Reason(ReasonKind.EXCLUDED_RULES, "EXRULE"))
    if series.added:
        reasons.append(Reason(ReasonKind.ADDED_DATES, "RDATE"))
    return tuple(reasons)


def _first(start: Start, rule: RecurrenceRule, pattern: Pattern, *, is_sure: bool) -> Start | None:
    """Return the first occurrence; None where there is none. The start is it where the pattern surely falls on it."""
    if is_sure and falls_on(pattern, day_of(start)) and not _names_other_time(rule, start):
        return start
    # Without a zone: the first occurrence is where the rule says, also where the clock skips that time.
    bare = Series.of(_in(None, start), attrs.evolve(rule, count=None, until=None))
    found = next((occurrence.original for occurrence in iterate(bare)), None)
    return found if found is None or isinstance(start, date) else _in(start.zone, found)


def _names_other_time(rule: RecurrenceRule, start: Start) -> bool:
    if isinstance(start, date) or not (rule.by_hour or rule.by_minute or rule.by_second):
        return False
    parts = zip(
        (rule.by_hour, rule.by_minute, rule.by_second),
        (start.local.hour, start.local.minute, start.local.second),
        strict=True,
    )
    return any(part not in ((), (own,)) for part, own in parts)


def _in(zone: str | None, start: Start) -> Start:
    return start if isinstance(start, date) else WallTime(start.local, zone)


def _end(rule: RecurrenceRule, first: Start) -> End:
    if rule.count is not None:
        return Numbered(rule.count)
    return NO_END if rule.until is None else EndDate(last_day_of(rule.until, first))


def _meets_short_month(recurrence: Recurrence) -> bool:
    """Tell whether the recurrence comes to a month that lacks its day before it ends."""
    pattern, end, start = recurrence.pattern, recurrence.range.end, recurrence.range.start
    step = pattern.interval * (12 if pattern.type is PatternType.ABSOLUTE_YEARLY else 1)
    day = pattern.day_of_month or 1
    if all(MONTH_LENGTHS[month - 1] >= day for month in visited_months(start.month, step)):
        return False
    number, met = start.year * 12 + start.month - 1, 0
    while number // 12 <= MAXYEAR:
        year, month = number // 12, number % 12 + 1
        length = monthrange(year, month)[1]
        if isinstance(end, EndDate) and date(year, month, 1) > end.last:
            return False
        if isinstance(end, Numbered) and met >= end.count:
            return False
        if length < day:
            return not isinstance(end, EndDate) or date(year, month, length) <= end.last
        number, met = number + step, met + 1
    return False
