"""Provide which days of a period a recurrence rule falls on: the BY parts that speak of days, and what replaces them.

Every such part is a filter over the days of the period; what differs between readers of RFC 5545 is only what a missing
part means. :func:`start_parts` puts the start's own day where the rule names none, and the rest is filtering.
"""

from calendar import isleap, monthrange
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final

import attrs

from tallystick.recurrence.rule import Frequency, NthDay, RecurrenceRule
from tallystick.recurrence.weekdays import weekday_of

_DayTest = Callable[[date], bool]

_DAYS_PART: Final = ("by_week_no", "by_year_day", "by_month_day", "by_day")


def start_parts(rule: RecurrenceRule, start: datetime) -> RecurrenceRule:
    """Return the rule with the start's day put in, where no part says which days are meant."""
    if any(getattr(rule, part) for part in _DAYS_PART):
        return rule
    if rule.frequency is Frequency.YEARLY:
        return attrs.evolve(rule, by_month=rule.by_month or (start.month,), by_month_day=(start.day,))
    if rule.frequency is Frequency.MONTHLY:
        return attrs.evolve(rule, by_month_day=(start.day,))
    if rule.frequency is Frequency.WEEKLY:
        return attrs.evolve(rule, by_day=(NthDay(weekday_of(start)),))
    return rule


def month_days(rule: RecurrenceRule, year: int, month: int) -> Sequence[date]:
    """Return the days of a month that are worth looking at, ascending."""
    if rule.by_month and month not in rule.by_month:
        return ()
    length = monthrange(year, month)[1]
    if rule.by_month_day:
        numbers = {day if day > 0 else length + 1 + day for day in rule.by_month_day}
        return [date(year, month, day) for day in sorted(numbers) if 0 < day <= length]
    return [date(year, month, day) for day in range(1, length + 1)]


def year_days(rule: RecurrenceRule, year: int) -> Sequence[date]:
    """Return the days of a year that are worth looking at, ascending."""
    if rule.by_year_day:
        length, first = 366 if isleap(year) else 365, date(year, 1, 1).toordinal() - 1
        numbers = {day if day > 0 else length + 1 + day for day in rule.by_year_day}
        return [date.fromordinal(first + day) for day in sorted(numbers) if 0 < day <= length]
    return [day for month in rule.by_month or range(1, 13) for day in month_days(rule, year, month)]


def day_filter(rule: RecurrenceRule) -> _DayTest:
    """Return the test whether the rule falls on a day, as far as its BY parts speak of days."""
    tests: list[_DayTest] = []
    if rule.by_month:
        tests.append(_in_months(frozenset(rule.by_month)))
    if rule.by_month_day:
        tests.append(_on_month_days(frozenset(rule.by_month_day)))
    if rule.by_year_day:
        tests.append(_on_year_days(frozenset(rule.by_year_day)))
    if rule.by_week_no:
        tests.append(_in_weeks(frozenset(rule.by_week_no), rule.week_start.number))
    if rule.by_day:
        tests.append(_on_weekdays(rule))
    if not tests:
        return lambda _: True
    if len(tests) == 1:
        return tests[0]
    return lambda day: all(test(day) for test in tests)


def _in_months(months: frozenset[int]) -> _DayTest:
    return lambda day: day.month in months


def _on_month_days(numbers: frozenset[int]) -> _DayTest:
    if min(numbers) > 0:
        return lambda day: day.day in numbers
    return lambda day: day.day in numbers or day.day - monthrange(day.year, day.month)[1] - 1 in numbers


def _on_year_days(numbers: frozenset[int]) -> _DayTest:
    return lambda day: _year_day(day) in numbers or _year_day(day) - (366 if isleap(day.year) else 365) - 1 in numbers


def _in_weeks(numbers: frozenset[int], week_start: int) -> _DayTest:
    def test(day: date) -> bool:
        number, weeks = _week(day, week_start)
        return number in numbers or number - weeks - 1 in numbers

    return test


def _on_weekdays(rule: RecurrenceRule) -> _DayTest:
    """Return the test for BYDAY: any of the days, or the nth of them in the month or year, whichever matches."""
    every = frozenset(day.day.number for day in rule.by_day if day.nth == 0)
    nth = frozenset((day.day.number, day.nth) for day in rule.by_day if day.nth != 0)
    if not nth:
        return lambda day: day.weekday() in every
    in_year = rule.frequency is Frequency.YEARLY and not rule.by_month

    def test(day: date) -> bool:
        weekday = day.weekday()
        if weekday in every:
            return True
        if in_year:
            place, length = _year_day(day), 366 if isleap(day.year) else 365
        else:
            place, length = day.day, monthrange(day.year, day.month)[1]
        return (weekday, (place - 1) // 7 + 1) in nth or (weekday, -((length - place) // 7) - 1) in nth

    return test


def _year_day(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _week(day: date, week_start: int) -> tuple[int, int]:
    """Return the number of the week that a day lies in, and how many weeks that week's year has.

    A week belongs to the year that at least four of its days lie in.
    """
    fourth = _fourth_day(day, week_start)
    last = _fourth_day(date(fourth.year, 12, 28), week_start)  # the 28th is always in its year's last week
    return (_year_day(fourth) - 1) // 7 + 1, (_year_day(last) - 1) // 7 + 1


def _fourth_day(day: date, week_start: int) -> date:
    """Return the middle of the week that a day lies in: the day that says which year the week belongs to."""
    ordinal = day.toordinal() + 3 - (day.weekday() - week_start) % 7
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))
