"""Provide the generated values of these tests: patterns, ranges, zones, rules, and series of them."""

from datetime import date, datetime, time, timedelta

import attrs
from hypothesis import strategies as st

from tallystick.recurrence import (
    EndDate,
    Frequency,
    NoEnd,
    NthDay,
    Numbered,
    Pattern,
    Range,
    Recurrence,
    RecurrenceRule,
    Series,
    WallTime,
    Weekday,
    WeekIndex,
)
from tallystick.recurrence.rule import SUB_DAILY
from tallystick.recurrence.weekdays import WEEK, WEEKEND, WORKDAYS

ZONES = (
    "Europe/Paris",
    "America/New_York",
    "America/St_Johns",  # half an hour off the hour
    "Australia/Lord_Howe",  # the clock moves by half an hour
    "America/Santiago",  # the clock skips midnight
    "Africa/Cairo",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Romance Standard Time",
    "Pacific Standard Time",
    "UTC",
)

times_of_day = st.one_of(
    st.sampled_from([time(9), time(0), time(2, 30), time(0, 30), time(23, 59, 59), time(1, 59)]),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
dates = st.dates(date(1998, 1, 1), date(2040, 12, 31))
walls = st.builds(WallTime, st.builds(datetime.combine, dates, times_of_day), st.sampled_from(ZONES))
floating = st.builds(WallTime, st.builds(datetime.combine, dates, times_of_day), st.none())
starts = st.one_of(walls, walls, walls, floating, dates)

weekdays = st.sampled_from(WEEK)
day_sets = st.frozensets(weekdays, min_size=1).map(tuple)
named_day_sets = st.one_of(weekdays.map(lambda day: (day,)), st.sampled_from([WORKDAYS, WEEKEND, WEEK]))
intervals = st.one_of(st.integers(1, 4), st.sampled_from([6, 7, 12, 14, 24, 99]))
month_days = st.one_of(st.integers(1, 31), st.sampled_from([28, 29, 30, 31]))
months = st.integers(1, 12)
indexes = st.sampled_from(WeekIndex)


def _patterns(days: st.SearchStrategy[tuple[Weekday, ...]]) -> st.SearchStrategy[Pattern]:
    """Return patterns of all six types, those with an index over ``days``."""
    return st.one_of(
        st.builds(Pattern.daily, intervals),
        st.builds(Pattern.weekly, day_sets, first_day_of_week=weekdays, interval=intervals),
        st.builds(Pattern.absolute_monthly, month_days, interval=intervals),
        st.builds(Pattern.relative_monthly, indexes, days, interval=intervals),
        st.builds(Pattern.absolute_yearly, months, month_days, interval=st.integers(1, 5)),
        st.builds(Pattern.relative_yearly, months, indexes, days, interval=st.integers(1, 5)),
    )


patterns = _patterns(day_sets)
graph_patterns = _patterns(named_day_sets)


@st.composite
def recurrences(
    draw: st.DrawFn, *, of: st.SearchStrategy[Pattern] = patterns, zone: str | None = "Europe/Paris"
) -> Recurrence:
    """Return a recurrence of one of the patterns ``of``."""
    start = draw(dates)
    end = draw(
        st.one_of(
            st.just(NoEnd()),
            st.integers(1, 400).map(Numbered),
            st.integers(0, 4000).map(lambda days: EndDate(start + timedelta(days=days))),
        )
    )
    return Recurrence(draw(of), Range(start, end, zone))


@st.composite
def pattern_series(draw: st.DrawFn, *, of: st.SearchStrategy[Pattern] = patterns) -> Series:
    """Return a series of one pattern, all-day, floating or in a zone."""
    start = draw(starts)
    zone = start.zone if isinstance(start, WallTime) else None
    recurrence = draw(recurrences(of=of, zone=zone))
    first = recurrence.range.start
    if isinstance(start, WallTime):
        return Series.of(WallTime(datetime.combine(first, start.local.time()), start.zone), recurrence)
    return Series.of(first, recurrence)


def numbers(low: int, high: int, most: int = 3) -> st.SearchStrategy[tuple[int, ...]]:
    """Return a few numbers between the two, 0 left out."""
    return st.frozensets(st.integers(low, high).filter(bool), min_size=1, max_size=most).map(tuple)


def maybe(values: st.SearchStrategy[tuple[int, ...]], one_in: int = 4) -> st.SearchStrategy[tuple[int, ...]]:
    """Return no numbers in most cases."""
    return st.one_of(*([st.just(())] * (one_in - 1)), values)


@st.composite
def rules(
    draw: st.DrawFn, *, frequencies: tuple[Frequency, ...] = tuple(set(Frequency) - SUB_DAILY), ordinals: bool = True
) -> RecurrenceRule:
    """Return a rule with a few parts, some of which contradict each other or the calendar."""
    frequency = draw(st.sampled_from(sorted(frequencies)))
    nth = st.integers(-5, 5) if ordinals and frequency in (Frequency.MONTHLY, Frequency.YEARLY) else st.just(0)
    by_day = draw(
        st.one_of(
            st.just(()),
            day_sets.map(lambda days: tuple(NthDay(day) for day in days)),
            st.lists(st.builds(NthDay, weekdays, nth), min_size=1, max_size=3).map(tuple),
        )
    )
    zero = st.integers(0, 23).map(lambda number: (number,))
    return RecurrenceRule(
        frequency,
        draw(intervals),
        count=draw(st.one_of(st.none(), st.none(), st.integers(1, 60))),
        by_month=draw(maybe(numbers(1, 12, 4))),
        by_week_no=draw(maybe(numbers(-53, 53), 12)) if frequency is Frequency.YEARLY else (),
        by_year_day=draw(maybe(numbers(-366, 366), 12)) if frequency is Frequency.YEARLY else (),
        by_month_day=draw(maybe(numbers(-31, 31, 4))),
        by_day=by_day,
        by_hour=draw(maybe(zero, 8)),
        by_minute=draw(maybe(zero, 8)),
        by_set_pos=draw(maybe(numbers(-5, 5, 2), 6)),
        week_start=draw(weekdays),
    )


@st.composite
def expressible_rules(draw: st.DrawFn) -> RecurrenceRule:
    """Return a rule of the kinds that a pattern can say, in one of the ways that programs write them."""
    interval = draw(intervals)
    days = draw(day_sets.map(lambda found: tuple(NthDay(day) for day in found)))
    nth_day = NthDay(draw(weekdays), draw(st.sampled_from([1, 2, 3, 4, -1])))
    month_day, month = draw(st.sampled_from([1, 13, 28, -1])), draw(months)
    quarter = tuple(sorted((month - 1 + step) % 12 + 1 for step in (0, 3, 6, 9)))
    monthly, yearly = Frequency.MONTHLY, Frequency.YEARLY
    rule = draw(
        st.sampled_from(
            [
                RecurrenceRule(Frequency.DAILY, interval),
                RecurrenceRule(Frequency.DAILY, by_day=days),
                RecurrenceRule(Frequency.WEEKLY, interval, by_day=days, week_start=draw(weekdays)),
                RecurrenceRule(Frequency.WEEKLY, interval),
                RecurrenceRule(monthly, interval, by_month_day=(month_day,)),
                RecurrenceRule(monthly, interval, by_month_day=(28, 29, 30), by_set_pos=(-1,)),
                RecurrenceRule(monthly, interval, by_day=(nth_day,)),
                RecurrenceRule(monthly, interval, by_day=days, by_set_pos=(nth_day.nth,)),
                RecurrenceRule(monthly, by_day=days),
                RecurrenceRule(monthly, by_day=(NthDay(nth_day.day),), by_month_day=tuple(range(8, 15))),
                RecurrenceRule(monthly, by_month=(month,), by_month_day=(month_day,)),
                RecurrenceRule(yearly, interval, by_month=(month,), by_month_day=(month_day,)),
                RecurrenceRule(yearly, interval, by_month=(month,), by_day=(nth_day,)),
                RecurrenceRule(yearly, by_month=quarter, by_month_day=(month_day,)),
                RecurrenceRule(yearly, by_month_day=(month_day,)),
            ]
        )
    )
    return attrs.evolve(rule, count=draw(st.one_of(st.none(), st.integers(1, 60))))
