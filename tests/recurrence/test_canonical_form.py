"""Equal dates give equal values, whatever a service respells."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.recurrence import (
    Agreement,
    Cancelled,
    Changed,
    EndDate,
    Moved,
    NoEnd,
    Numbered,
    Pattern,
    Range,
    Recurrence,
    Series,
    Unreported,
    Weekday,
    WeekIndex,
    canonical,
    canonical_recurrence,
    parse_series,
    verify,
)
from tallystick.recurrence.weekdays import WEEK
from tests.recurrence.showing import NINE, day, series_of, wall
from tests.recurrence.strategies import recurrences

MONDAY, WEDNESDAY, SUNDAY = Weekday.MONDAY, Weekday.WEDNESDAY, Weekday.SUNDAY
START = day("2026-01-05")  # a Monday


def of(pattern: Pattern) -> Recurrence:
    """Return the canonical recurrence of a pattern from Monday 5 January 2026."""
    return canonical_recurrence(Recurrence(pattern, Range(START)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Pattern.daily(14), Pattern.weekly([MONDAY], first_day_of_week=SUNDAY, interval=2)),
        (Pattern.daily(), Pattern.weekly(WEEK, first_day_of_week=SUNDAY)),
        (Pattern.weekly([MONDAY], first_day_of_week=SUNDAY), Pattern.weekly([MONDAY], first_day_of_week=MONDAY)),
        (
            Pattern.weekly([MONDAY, WEDNESDAY], first_day_of_week=SUNDAY, interval=2),
            Pattern.weekly([MONDAY, WEDNESDAY], first_day_of_week=MONDAY, interval=2),
        ),
        (Pattern.absolute_monthly(5, interval=24), Pattern.absolute_yearly(1, 5, interval=2)),
        (
            Pattern.relative_monthly(WeekIndex.FIRST, [MONDAY], interval=12),
            Pattern.relative_yearly(1, WeekIndex.FIRST, [MONDAY]),
        ),
        (Pattern.relative_monthly(WeekIndex.LAST, WEEK), Pattern.absolute_monthly(31)),
        (Pattern.relative_yearly(3, WeekIndex.SECOND, WEEK), Pattern.absolute_yearly(3, 2)),
        (Pattern.absolute_yearly(2, 30), Pattern.absolute_yearly(2, 29)),
        (Pattern.absolute_yearly(4, 31), Pattern.absolute_yearly(4, 30)),
    ],
    ids=str,
)
def test_two_ways_to_say_one_thing(one: Pattern, other: Pattern) -> None:
    """Patterns that fall on the same days have one canonical value."""
    assert of(one) == of(other)
    assert hash(of(one)) == hash(of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            Pattern.weekly([SUNDAY, MONDAY], first_day_of_week=SUNDAY, interval=2),
            Pattern.weekly([SUNDAY, MONDAY], first_day_of_week=MONDAY, interval=2),
        ),
        (Pattern.absolute_monthly(30), Pattern.absolute_monthly(31)),
        (Pattern.absolute_yearly(2, 28), Pattern.absolute_yearly(2, 29)),
        (Pattern.daily(7), Pattern.daily(8)),
        (Pattern.relative_monthly(WeekIndex.FOURTH, [MONDAY]), Pattern.relative_monthly(WeekIndex.LAST, [MONDAY])),
    ],
    ids=str,
)
def test_two_things_are_not_one(one: Pattern, other: Pattern) -> None:
    """Patterns that differ on some day, however rarely, have different canonical values."""
    assert of(one) != of(other)


@pytest.mark.property
@given(recurrences(zone=None), recurrences(zone=None), st.booleans())
def test_equal_values_have_equal_dates(one: Recurrence, other: Recurrence, respelled: bool) -> None:
    """Two recurrences with one canonical value take place on the same days."""
    if respelled:
        other = attrs.evolve(canonical_recurrence(one), range=attrs.evolve(one.range, start=one.range.start))
    if canonical_recurrence(one) == canonical_recurrence(other):
        start = one.range.start
        assert isinstance(verify(Series.of(start, one), Series.of(start, other), years=25), Agreement)


def test_ranges_and_zones() -> None:
    """The start is the first occurrence, the end the last, and a zone's names are one."""
    weekly = Pattern.weekly([WEDNESDAY], first_day_of_week=MONDAY)
    spellings = [
        Range(START, Numbered(2), "Europe/Madrid"),
        Range(day("2026-01-07"), EndDate(day("2026-01-20")), "Romance Standard Time"),
        Range(START, EndDate(day("2026-01-14")), "europe/paris"),
    ]

    assert {canonical_recurrence(Recurrence(weekly, span)) for span in spellings} == {
        Recurrence(weekly, Range(day("2026-01-07"), EndDate(day("2026-01-14")), "Europe/Paris"))
    }
    kept = [Range(day("2026-01-07"), end, "Home-made") for end in (NoEnd(), Unreported())]
    assert kept == [canonical_recurrence(Recurrence(weekly, span)).range for span in kept]
    never = Recurrence(weekly, Range(START, EndDate(START), "UTC"))
    assert never == canonical_recurrence(never)


@pytest.mark.behaviour("MX-A-08")
def test_a_respelled_series_is_no_change() -> None:
    """A series that a service respells is not taken for a changed one, as whose CRM series would be made anew."""
    rule = series_of("FREQ=WEEKLY;BYDAY=WE;COUNT=2", "DTSTART;TZID=Europe/Madrid:20260107T090000")
    weekly = Pattern.weekly([WEDNESDAY], first_day_of_week=SUNDAY)
    span = Range(day("2026-01-05"), EndDate(day("2026-01-15")))
    pattern = Series.of(wall("2026-01-07 09:00", "Romance Standard Time"), Recurrence(weekly, span))
    later = Series.of(wall("2026-01-07 10:00", "Romance Standard Time"), Recurrence(weekly, span))

    assert canonical(rule) == canonical(pattern)
    assert canonical(rule) != canonical(later)


def test_rules_without_pattern_lose_what_says_nothing() -> None:
    """A rule that no pattern says is compared without its redundant parts."""
    one = series_of("FREQ=MONTHLY;BYMONTHDAY=15,1;BYHOUR=9;BYMINUTE=0;BYSECOND=0;WKST=SU")
    other = series_of("FREQ=MONTHLY;BYMONTHDAY=1,15")
    all_day = series_of("FREQ=MONTHLY;BYMONTHDAY=1,15;BYHOUR=9", "DTSTART:20260101")

    assert canonical(one) == canonical(other)
    assert canonical(all_day) == canonical(series_of("FREQ=MONTHLY;BYMONTHDAY=1,15", "DTSTART:20260101"))
    weeks = "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;BYHOUR=1,2;WKST="
    assert canonical(series_of(f"{weeks}SU")) != canonical(series_of(f"{weeks}MO"))


def test_exceptions_and_added_dates_have_one_order() -> None:
    """Exceptions and added dates are compared in order, in the series' zone, whatever way they were spelled."""
    paris, utc = "Europe/Paris", "UTC"
    start = wall("2026-01-05 09:00", paris)
    rules = series_of("FREQ=DAILY").rules
    moved = wall("2026-01-20 09:00", paris)
    one = Series(
        start,
        rules,
        exceptions=(
            Cancelled(day("2026-01-08")),
            Moved(wall("2026-01-07 08:00", utc), moved),
            Changed(wall("2026-01-06 09:00", "Romance Standard Time")),
        ),
    )
    other = Series(
        start,
        rules,
        exceptions=(
            Changed(wall("2026-01-06 09:00", paris)),
            Moved(wall("2026-01-07 09:00", paris), moved),
            Cancelled(wall("2026-01-08 09:00", paris)),
        ),
    )

    assert canonical(one) == canonical(other)
    dates = "RDATE:20260109T090000,20260108T100000"
    assert canonical(parse_series(f"{NINE}\n{dates}")) == canonical(
        parse_series(f"{NINE}\nRDATE:20260108T100000\nRDATE:20260109T090000")
    )
    floating = Series(wall("2026-01-05 09:00"), rules, exceptions=(Cancelled(day("2026-01-06")),))
    assert (Cancelled(wall("2026-01-06 09:00")),) == canonical(floating).exceptions
