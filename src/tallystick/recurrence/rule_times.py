"""Provide the times that a recurrence rule falls on, one period after the other, within a budget of steps.

Why not ``dateutil.rrule``: it cannot be stopped. It walks from the first period on, however far ahead the window is,
and a rule that falls on no day at all (30 February) keeps it busy up to the year 9999 without a chance to interfere.
Here a window far ahead is reached by arithmetic, a period is looked at once, and every step is paid from a
:class:`~tallystick.recurrence.limits.Budget`, which refuses in the end. dateutil remains what this is tested against.

A period (year, month, week, day; for the sub-daily frequencies an hour, minute or second) has a set of days, and a day
a set of times. The parts of a rule that are there narrow both down; those that are missing come from the start:

=========  =============================================================================================
YEARLY     the start's month and day; its day in the months of BYMONTH; every BYMONTHDAY of the year
MONTHLY    the start's day of the month
WEEKLY     the start's weekday
times      the start's hour, minute and second, as far as they are smaller than the period
=========  =============================================================================================

BYSETPOS then picks from the period's (day, time) pairs, by arithmetic too: the pairs are never written out.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import MAXYEAR, date, datetime, time, timedelta
from typing import Final

from tallystick.recurrence.limits import Budget
from tallystick.recurrence.rule import SUB_DAILY, Frequency, RecurrenceRule, times_of_day
from tallystick.recurrence.rule_days import day_filter, month_days, start_parts, year_days

_LAST_DAY: Final = date.max.toordinal()
_SECONDS: Final = {Frequency.HOURLY: 3600, Frequency.MINUTELY: 60, Frequency.SECONDLY: 1}
_A_DAY: Final = 86400


def rule_times(
    rule: RecurrenceRule, start: datetime, budget: Budget, *, since: datetime, before: datetime
) -> Iterator[datetime]:
    """Yield, ascending, the naive times that ``rule`` falls on from ``start`` on; COUNT and UNTIL play no part here.

    What lies before ``since`` may be left out, and what lies on or after ``before`` is.
    Raises ExpansionLimit when the budget is used up.
    """
    walk = _sub_daily if rule.frequency in SUB_DAILY else _daily
    found = walk(rule, start, budget, since)
    limit = before.toordinal()
    try:
        for day, picked in found:
            if day > limit:
                return
            for moment in picked:
                if start <= moment < before:
                    yield moment
    except OverflowError:  # the calendar ends with the year 9999
        return


_Found = Iterator[tuple[int, Sequence[datetime]]]  # the ordinal of a period's first day, and its times


def _daily(rule: RecurrenceRule, start: datetime, budget: Budget, since: datetime) -> _Found:
    """Yield the times of each period of a day or longer."""
    parts = start_parts(rule, start)
    times = times_of_day(rule, start)
    for first, days in _PERIODS[rule.frequency](parts, start.date(), since.date(), budget):
        if rule.by_set_pos:
            yield first, [datetime.combine(*pair) for pair in _picked(days, times, rule.by_set_pos)]
        else:
            budget.spend(len(days) * len(times))
            yield first, [datetime.combine(day, moment) for day in days for moment in times]


def _picked(days: Sequence[date], times: Sequence[time], positions: tuple[int, ...]) -> list[tuple[date, time]]:
    size = len(days) * len(times)
    places = {position - 1 if position > 0 else size + position for position in positions}
    pairs = (divmod(place, len(times)) for place in sorted(places) if 0 <= place < size)
    return [(days[day], times[moment]) for day, moment in pairs]


# --- periods of a day or longer ------------------------------------------------------------------------------------

_Days = Iterator[tuple[int, Sequence[date]]]


def _skipped(distance: int, interval: int) -> int:
    """Return how many whole intervals can be skipped to stay a little before ``distance``."""
    return max(0, distance // interval - 1)


def _days(rule: RecurrenceRule, start: date, since: date, budget: Budget) -> _Days:
    matches = day_filter(rule)
    ordinal = start.toordinal() + rule.interval * _skipped((since - start).days, rule.interval)
    while ordinal <= _LAST_DAY:
        budget.spend()
        day = date.fromordinal(ordinal)
        yield ordinal, (day,) if matches(day) else ()
        ordinal += rule.interval


def _weeks(rule: RecurrenceRule, start: date, since: date, budget: Budget) -> _Days:
    matches = day_filter(rule)
    ordinal = start.toordinal() - (start.weekday() - rule.week_start.number) % 7
    ordinal += 7 * rule.interval * _skipped((since.toordinal() - ordinal) // 7, rule.interval)
    while ordinal <= _LAST_DAY:
        budget.spend(7)
        week = [date.fromordinal(day) for day in range(max(1, ordinal), min(ordinal + 7, _LAST_DAY + 1))]
        yield ordinal, [day for day in week if matches(day)]
        ordinal += 7 * rule.interval


def _months(rule: RecurrenceRule, start: date, since: date, budget: Budget) -> _Days:
    matches = day_filter(rule)
    number = start.year * 12 + start.month - 1
    distance = since.year * 12 + since.month - 1 - number
    number += rule.interval * _skipped(distance, rule.interval)
    while number // 12 <= MAXYEAR:
        year, month = number // 12, number % 12 + 1
        days = month_days(rule, year, month)
        budget.spend(1 + len(days))
        yield date(year, month, 1).toordinal(), [day for day in days if matches(day)]
        number += rule.interval


def _years(rule: RecurrenceRule, start: date, since: date, budget: Budget) -> _Days:
    matches = day_filter(rule)
    year = start.year + rule.interval * _skipped(since.year - start.year, rule.interval)
    while year <= MAXYEAR:
        days = year_days(rule, year)
        budget.spend(1 + len(days))
        yield date(year, 1, 1).toordinal(), [day for day in days if matches(day)]
        year += rule.interval


_PERIODS: Final[dict[Frequency, Callable[[RecurrenceRule, date, date, Budget], _Days]]] = {
    Frequency.YEARLY: _years,
    Frequency.MONTHLY: _months,
    Frequency.WEEKLY: _weeks,
    Frequency.DAILY: _days,
}


# --- periods shorter than a day ------------------------------------------------------------------------------------


def _sub_daily(rule: RecurrenceRule, start: datetime, budget: Budget, since: datetime) -> _Found:
    """Yield the times of each day that the rule's hours, minutes or seconds fall into."""
    matches = day_filter(rule)
    unit = _SECONDS[rule.frequency]
    step = unit * rule.interval
    anchor = _seconds(start) // unit * unit
    ordinal = max(start.toordinal(), since.toordinal())
    while ordinal <= _LAST_DAY:
        budget.spend()
        ahead = (anchor - ordinal * _A_DAY) % step
        if ahead < _A_DAY and matches(date.fromordinal(ordinal)):
            yield ordinal, list(_times_within(rule, start, ordinal, range(ahead, _A_DAY, step), budget))
        else:
            yield ordinal, ()
        ordinal += max(1, ahead // _A_DAY)


def _times_within(
    rule: RecurrenceRule, start: datetime, ordinal: int, periods: range, budget: Budget
) -> Iterator[datetime]:
    """Yield the times of one day: ``periods`` are the seconds of the day at which the rule's periods begin."""
    midnight = datetime.fromordinal(ordinal)
    minutes = (0,) if rule.frequency is not Frequency.HOURLY else rule.by_minute or (start.minute,)
    seconds = (0,) if rule.frequency is Frequency.SECONDLY else rule.by_second or (start.second,)
    inner = [minute * 60 + second for minute in minutes for second in seconds]
    for begin in _narrowed(rule, periods):
        budget.spend(len(inner))
        if rule.by_set_pos:
            places = {place - 1 if place > 0 else len(inner) + place for place in rule.by_set_pos}
            picked = [inner[place] for place in sorted(places) if 0 <= place < len(inner)]
        else:
            picked = inner
        for offset in picked:
            yield midnight + timedelta(seconds=begin + offset)


def _narrowed(rule: RecurrenceRule, periods: range) -> Iterator[int]:
    """Yield those of ``periods`` that BYHOUR, BYMINUTE and BYSECOND let through, looking at the fewer of both."""
    hourly, secondly = rule.frequency is Frequency.HOURLY, rule.frequency is Frequency.SECONDLY
    hours = rule.by_hour or range(24)
    minutes: Sequence[int] = (0,) if hourly else rule.by_minute or range(60)
    seconds: Sequence[int] = (rule.by_second or range(60)) if secondly else (0,)
    if len(hours) * len(minutes) * len(seconds) < len(periods):
        named = (hour * 3600 + minute * 60 + second for hour in hours for minute in minutes for second in seconds)
        yield from (begin for begin in named if begin in periods)
        return
    allowed = set(hours), set(minutes), set(seconds)
    for begin in periods:
        hour, rest = divmod(begin, 3600)
        minute, second = divmod(rest, 60)
        if hour in allowed[0] and minute in allowed[1] and second in allowed[2]:
            yield begin


def _seconds(moment: datetime) -> int:
    return moment.toordinal() * _A_DAY + moment.hour * 3600 + moment.minute * 60 + moment.second
