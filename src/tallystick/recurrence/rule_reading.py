"""Provide which pattern a recurrence rule says: the rule's parts, case by case, in the order in which they are tried.

==========================================================  ==================================================
rule                                                        pattern
==========================================================  ==================================================
DAILY                                                       daily
DAILY;BYDAY, INTERVAL=1                                     weekly
WEEKLY, with BYDAY or without                               weekly; missing days: the start's weekday
MONTHLY;BYMONTHDAY=n, or none (the start's day)             absolute monthly; 29 to 31 skip short months
MONTHLY;BYMONTHDAY=-1                                       absolute monthly on the 31st
MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1 and the like        absolute monthly on the last of them
MONTHLY;BYDAY=2TH, or BYDAY=..;BYSETPOS=2                   relative monthly
MONTHLY;BYDAY=TH;BYMONTHDAY=8,9,10,11,12,13,14              relative monthly: the second
MONTHLY;BYDAY=.., INTERVAL=1                                weekly: all of these days
MONTHLY or YEARLY with evenly spaced months, INTERVAL=1     monthly at that spacing
YEARLY, with one month or none                              absolute or relative yearly
YEARLY;BYMONTHDAY=.., INTERVAL=1, no month                  monthly: it means every month
==========================================================  ==================================================

Parts that say nothing are dropped first: all twelve months, BYSETPOS=1 of a single day, BYHOUR of one hour. Anything
else is a :class:`~tallystick.recurrence.translation.Reason`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from math import gcd
from types import MappingProxyType
from typing import Final

import attrs

from tallystick.recurrence.pattern import LARGEST_INTERVAL, MONTH_LENGTHS, Pattern
from tallystick.recurrence.rule import SUB_DAILY, Frequency, RecurrenceRule
from tallystick.recurrence.translation import Reason, ReasonKind
from tallystick.recurrence.weekdays import POSITIONS, WEEK, Weekday, WeekIndex, in_week_order, weekday_of

_INDEXES: Final = {position: index for index, position in POSITIONS.items()}
_ONLY: Final = frozenset({1, -1})  # the positions that pick the only element of a set
_SURE_DAY: Final = 28  # every month has it


@attrs.frozen
class Reading:
    """The pattern that a rule says.

    ``skips`` where the rule leaves out months that lack the day; ``is_phased`` where the rule names the months, so that
    the start need not be in one of them.
    """

    pattern: Pattern
    skips: bool = False
    is_phased: bool = False


@attrs.frozen
class _MonthDay:
    """A day of the month: a date, or the nth of some weekdays."""

    day: int | None = None
    skips: bool = False
    index: WeekIndex | None = None
    days: tuple[Weekday, ...] = ()

    def monthly(self, interval: int, *, is_phased: bool) -> Reading:
        if self.index is not None:
            return Reading(Pattern.relative_monthly(self.index, self.days, interval=interval), is_phased=is_phased)
        return Reading(Pattern.absolute_monthly(self.day or 1, interval=interval), self.skips, is_phased)

    def yearly(self, month: int, interval: int) -> Reading:
        if self.index is not None:
            return Reading(Pattern.relative_yearly(month, self.index, self.days, interval=interval))
        skips = self.skips and (self.day or 1) > MONTH_LENGTHS[month - 1]
        return Reading(Pattern.absolute_yearly(month, self.day or 1, interval=interval), skips)


def read_rule(rule: RecurrenceRule, start: date) -> Reading | Reason:
    """Return the pattern that ``rule`` says for a series that starts on ``start``, or why there is none.

    COUNT and UNTIL play no part.
    """
    return _beyond_patterns(rule) or _READERS[rule.frequency](rule, start)


def _beyond_patterns(rule: RecurrenceRule) -> Reason | None:
    """Return the reason where a part of the rule has no place in any pattern."""
    found: tuple[ReasonKind, str] | None = None
    if rule.frequency in SUB_DAILY:
        found = ReasonKind.SUB_DAILY, "FREQ"
    elif len(rule.by_hour) > 1 or len(rule.by_minute) > 1 or len(rule.by_second) > 1:
        found = ReasonKind.TIMES_OF_DAY, "BYHOUR"
    elif rule.by_week_no:
        found = ReasonKind.WEEK_NUMBERS, "BYWEEKNO"
    elif rule.by_year_day:
        found = ReasonKind.YEAR_DAYS, "BYYEARDAY"
    elif rule.interval > LARGEST_INTERVAL:
        found = ReasonKind.INTERVAL, "INTERVAL"
    return None if found is None else Reason(found[0], f"RRULE {found[1]}")


def _daily(rule: RecurrenceRule, start: date) -> Reading | Reason:
    if rule.by_set_pos and not _ONLY.intersection(rule.by_set_pos):
        return Reason(ReasonKind.SET_POSITIONS, "RRULE BYSETPOS")
    days = _plain_days(rule)
    if rule.by_month_day and rule.interval == 1:
        return _monthly(attrs.evolve(rule, frequency=Frequency.MONTHLY, by_set_pos=()), start)
    if rule.by_month_day or not _is_all_year(rule.by_month):
        return Reason(ReasonKind.FILTERED_DAYS, "RRULE BYMONTHDAY" if rule.by_month_day else "RRULE BYMONTH")
    if days in ((), WEEK):
        return Reading(Pattern.daily(rule.interval))
    if rule.interval > 1:
        return Reason(ReasonKind.FILTERED_DAYS, "RRULE BYDAY")
    return Reading(Pattern.weekly(days, first_day_of_week=rule.week_start))


def _weekly(rule: RecurrenceRule, start: date) -> Reading | Reason:
    if rule.by_month_day or not _is_all_year(rule.by_month):
        return Reason(ReasonKind.FILTERED_DAYS, "RRULE BYMONTHDAY" if rule.by_month_day else "RRULE BYMONTH")
    days = _plain_days(rule) or (weekday_of(start),)
    if rule.by_set_pos and not (len(days) == 1 and _ONLY.intersection(rule.by_set_pos)):
        return Reason(ReasonKind.SET_POSITIONS, "RRULE BYSETPOS")
    return Reading(Pattern.weekly(days, first_day_of_week=rule.week_start, interval=rule.interval))


def _monthly(rule: RecurrenceRule, start: date) -> Reading | Reason:
    interval, month, is_phased = rule.interval, None, False
    if rule.by_month and not visited_months(start.month, interval).issubset(rule.by_month):
        spacing = _spacing(rule.by_month)
        if interval > 1 or spacing is None:
            return Reason(ReasonKind.SEVERAL_MONTHS, "RRULE BYMONTH")
        if len(rule.by_month) == 1:
            month = rule.by_month[0]
        else:
            interval, is_phased = spacing, True
    if _is_every_day_of(rule):
        if interval > 1 or month is not None:
            return Reason(ReasonKind.EVERY_DAY_OF, "RRULE BYDAY")
        return Reading(Pattern.weekly(_plain_days(rule), first_day_of_week=rule.week_start))
    day = _month_day(rule, start)
    if isinstance(day, Reason):
        return day
    return day.yearly(month, interval) if month else day.monthly(interval, is_phased=is_phased)


def _yearly(rule: RecurrenceRule, start: date) -> Reading | Reason:
    months = rule.by_month
    if len(months) > 1 or (not months and (rule.by_month_day or _is_every_day_of(rule))):
        return _as_monthly(rule, start)
    if not months and rule.by_day:
        return Reason(ReasonKind.DAY_OF_YEAR, "RRULE BYDAY")
    if _is_every_day_of(rule):
        return Reason(ReasonKind.EVERY_DAY_OF, "RRULE BYDAY")
    day = _month_day(rule, start)
    return day if isinstance(day, Reason) else day.yearly(months[0] if months else start.month, rule.interval)


def _as_monthly(rule: RecurrenceRule, start: date) -> Reading | Reason:
    """Return the pattern of a yearly rule for several months, or all: that of a monthly rule, if years play no part."""
    if rule.by_set_pos:
        return Reason(ReasonKind.SET_POSITIONS, "RRULE BYSETPOS")
    if not rule.by_month and any(day.nth for day in rule.by_day):
        return Reason(ReasonKind.DAY_OF_YEAR, "RRULE BYDAY")
    if rule.interval > 1:
        return Reason(ReasonKind.SEVERAL_MONTHS, "RRULE INTERVAL")
    return _monthly(attrs.evolve(rule, frequency=Frequency.MONTHLY), start)


_READERS: Final[Mapping[Frequency, Callable[[RecurrenceRule, date], Reading | Reason]]] = MappingProxyType(
    {Frequency.DAILY: _daily, Frequency.WEEKLY: _weekly, Frequency.MONTHLY: _monthly, Frequency.YEARLY: _yearly}
)


# --- the day of a month ---------------------------------------------------------------------------------------------


def _month_day(rule: RecurrenceRule, start: date) -> _MonthDay | Reason:
    if rule.by_day and rule.by_month_day:
        return _weekday_within(rule)
    if rule.by_day:
        return _nth_weekday(rule)
    numbers, positions = rule.by_month_day or (start.day,), rule.by_set_pos
    if positions and not (len(numbers) == 1 and _ONLY.intersection(positions)):
        return _picked_day(numbers, positions)
    if numbers == (-1,):
        return _MonthDay(31)
    if len(numbers) > 1 or numbers[0] < 0:
        return Reason(ReasonKind.MONTH_DAYS, "RRULE BYMONTHDAY")
    return _MonthDay(numbers[0], skips=numbers[0] > _SURE_DAY)


def _picked_day(numbers: tuple[int, ...], positions: tuple[int, ...]) -> _MonthDay | Reason:
    """Return the one day that BYSETPOS picks of several, if it is the same in all months but for their length."""
    if numbers[0] > 0 and len(positions) == 1:
        largest = numbers[-1]
        if positions == (-1,) and (largest <= _SURE_DAY or set(range(_SURE_DAY, largest)).issubset(numbers)):
            return _MonthDay(largest)
        if 0 < positions[0] <= len(numbers) and numbers[positions[0] - 1] <= _SURE_DAY:
            return _MonthDay(numbers[positions[0] - 1])
    return Reason(ReasonKind.SET_POSITIONS, "RRULE BYSETPOS")


def _nth_weekday(rule: RecurrenceRule) -> _MonthDay | Reason:
    positions, days = rule.by_set_pos, rule.by_day
    if any(day.nth for day in days):
        if len(days) > 1 or days[0].nth not in _INDEXES:
            return Reason(ReasonKind.ORDINALS, "RRULE BYDAY")
        if positions and not _ONLY.intersection(positions):
            return Reason(ReasonKind.SET_POSITIONS, "RRULE BYSETPOS")
        return _MonthDay(index=_INDEXES[days[0].nth], days=(days[0].day,))
    if len(positions) != 1 or positions[0] not in _INDEXES:
        return Reason(ReasonKind.SET_POSITIONS, "RRULE BYSETPOS")
    return _MonthDay(index=_INDEXES[positions[0]], days=_plain_days(rule))


def _weekday_within(rule: RecurrenceRule) -> _MonthDay | Reason:
    """Return the weekday within seven days on end: the second Thursday is the one from the 8th to the 14th."""
    numbers = rule.by_month_day
    if len(rule.by_day) == 1 and rule.by_day[0].nth == 0 and not rule.by_set_pos:
        for index, position in POSITIONS.items():
            first = 7 * (position - 1) + 1 if position > 0 else -7
            if numbers == tuple(range(first, first + 7)):
                return _MonthDay(index=index, days=(rule.by_day[0].day,))
    return Reason(ReasonKind.DAY_AND_DATE, "RRULE BYDAY")


# --- what the parts come to -----------------------------------------------------------------------------------------


def _plain_days(rule: RecurrenceRule) -> tuple[Weekday, ...]:
    return in_week_order(tuple(day.day for day in rule.by_day))


def _is_every_day_of(rule: RecurrenceRule) -> bool:
    """Tell whether all of some weekdays are meant, not the nth."""
    is_plain = rule.by_day and not any(day.nth for day in rule.by_day)
    return bool(is_plain) and not rule.by_month_day and not rule.by_set_pos


def _is_all_year(months: tuple[int, ...]) -> bool:
    return len(months) in (0, 12)


def visited_months(month: int, interval: int) -> frozenset[int]:
    """Return the months that every ``interval``-th month comes to."""
    return frozenset(range((month - 1) % gcd(interval, 12) + 1, 13, gcd(interval, 12)))


def _spacing(months: tuple[int, ...]) -> int | None:
    """Return how far apart months are that are evenly spaced through the year; None where they are not."""
    step, uneven = divmod(12, len(months))
    even = not uneven and all(later - earlier == step for earlier, later in pairwise(months))
    return step if even else None
