"""Provide the translation of a recurrence into a rule of RFC 5545. Every pattern has one; a few need care.

==========================================  =============================================================
pattern                                     rule
==========================================  =============================================================
daily                                       FREQ=DAILY
weekly                                      FREQ=WEEKLY;BYDAY=..;WKST=..
absolute, day up to 28                      BYMONTHDAY=n
absolute, day 31                            BYMONTHDAY=-1
absolute monthly, day 29 or 30              BYMONTHDAY=28,29[,30];BYSETPOS=-1: the last there is of these
absolute yearly, day 29 to 31               BYMONTHDAY=n, or -1 where the month may lack it
relative, one weekday                       BYDAY=2TH: more readers get it right than BYSETPOS
relative, all seven days                    BYMONTHDAY=1 .. 4, or -1: readers take BYDAY of all days as daily
relative, other sets                        BYDAY=..;BYSETPOS=n: the nth of the set, once a month
==========================================  =============================================================

The rule starts on the first occurrence, because RFC 5545 counts the interval from DTSTART and a pattern from its first
occurrence. The end becomes COUNT, or an UNTIL at the end of the last day in the series' zone.
"""

import attrs

from tallystick.recurrence.pattern import MONTH_LENGTHS, Pattern, PatternType
from tallystick.recurrence.pattern_dates import first_date
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import EndDate, Numbered, Unreported
from tallystick.recurrence.rule import Frequency, NthDay, RecurrenceRule
from tallystick.recurrence.series import Series
from tallystick.recurrence.slots import wall_start
from tallystick.recurrence.times import Start, starting_on
from tallystick.recurrence.translation import Exact, NotExpressible, ReasonKind, refused
from tallystick.recurrence.until import until_of
from tallystick.recurrence.weekdays import WEEK, Weekday


def to_rrule(series: Series) -> Exact[Series] | NotExpressible:
    """Return the series with each of its patterns as a rule, starting on its first occurrence.

    Never lossy. Not expressible where the number of occurrences was not reported, where there is no occurrence, and
    where several rules of which one is a pattern would have to start together. Raises UnknownZone.
    """
    patterns = [rule for rule in series.rules if isinstance(rule, Recurrence)]
    if not patterns:
        return Exact(series)
    if len(series.rules) > 1:
        return refused(ReasonKind.SEVERAL_RULES, "rules")
    recurrence = patterns[0]
    if isinstance(recurrence.range.end, Unreported):
        return refused(ReasonKind.NOT_REPORTED, "range.end")
    first = first_date(recurrence)
    if first is None:
        return refused(ReasonKind.NO_OCCURRENCE, "range.end")
    start = starting_on(first, wall_start(series.start, recurrence))
    return Exact(attrs.evolve(series, start=start, rules=(_rule_of(recurrence, start),)))


def _rule_of(recurrence: Recurrence, start: Start) -> RecurrenceRule:
    """Return the rule for a recurrence whose first occurrence is at ``start``."""
    pattern, end = recurrence.pattern, recurrence.range.end
    interval = pattern.interval
    count = end.count if isinstance(end, Numbered) else None
    until = until_of(end.last, start) if isinstance(end, EndDate) else None
    if pattern.type is PatternType.DAILY:
        return RecurrenceRule(Frequency.DAILY, interval, count, until)
    if pattern.type is PatternType.WEEKLY:
        days = tuple(NthDay(day) for day in pattern.days_of_week)
        week_start = pattern.first_day_of_week or Weekday.MONDAY
        return RecurrenceRule(Frequency.WEEKLY, interval, count, until, by_day=days, week_start=week_start)
    frequency = Frequency.MONTHLY if pattern.month is None else Frequency.YEARLY
    months = () if pattern.month is None else (pattern.month,)
    by_month_day, by_day, by_set_pos = _days(pattern)
    return RecurrenceRule(
        frequency, interval, count, until, months, by_month_day=by_month_day, by_day=by_day, by_set_pos=by_set_pos
    )


def _days(pattern: Pattern) -> tuple[tuple[int, ...], tuple[NthDay, ...], tuple[int, ...]]:
    """Return BYMONTHDAY, BYDAY and BYSETPOS of a monthly or yearly pattern."""
    if pattern.index is None:
        month_days, positions = _month_days(pattern.day_of_month or 1, pattern.month)
        return month_days, (), positions
    position = pattern.index.position
    if pattern.days_of_week == WEEK:
        return (position,), (), ()
    if len(pattern.days_of_week) == 1:
        return (), (NthDay(pattern.days_of_week[0], position),), ()
    return (), tuple(NthDay(day) for day in pattern.days_of_week), (position,)


def _month_days(day: int, month: int | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return BYMONTHDAY and BYSETPOS that name ``day``, or the last day of a month that is shorter."""
    always = min(MONTH_LENGTHS) if month is None else MONTH_LENGTHS[month - 1]
    if day <= always:
        return (day,), ()
    if month is not None or day == max(MONTH_LENGTHS):
        return (-1,), ()
    return tuple(range(always, day + 1)), (-1,)
