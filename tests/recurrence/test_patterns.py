"""Patterns and ranges hold what their kind needs, and their dates come from a formula."""

import itertools
from datetime import date

import pytest
from hypothesis import given

from tallystick.recurrence import (
    EndDate,
    InvalidRecurrence,
    NoEnd,
    Numbered,
    Pattern,
    PatternType,
    Range,
    Recurrence,
    RecurrenceRule,
    Unreported,
    Weekday,
    WeekIndex,
    first_date,
    keep_unreported,
    last_date,
)
from tallystick.recurrence.pattern_dates import dates, falls_on, index_from, nth_date
from tallystick.recurrence.weekdays import WEEK, WEEKEND, WORKDAYS
from tests.recurrence.showing import at, day
from tests.recurrence.strategies import dates as any_dates
from tests.recurrence.strategies import recurrences

MONDAY, SUNDAY, THURSDAY = Weekday.MONDAY, Weekday.SUNDAY, Weekday.THURSDAY


def first_dates(pattern: Pattern, start: str, count: int = 3) -> list[str]:
    """Return the first dates of a pattern from a day on."""
    recurrence = Recurrence(pattern, Range(day(start)))
    return [found.isoformat() for found in itertools.islice(dates(recurrence, date.min), count)]


@pytest.mark.parametrize(
    ("pattern", "start", "expected"),
    [
        (Pattern.daily(3), "2026-01-30", ["2026-01-30", "2026-02-02", "2026-02-05"]),
        (
            Pattern.weekly([SUNDAY, MONDAY], first_day_of_week=MONDAY, interval=2),
            "2017-09-03",
            ["2017-09-03", "2017-09-11", "2017-09-17"],
        ),
        (
            Pattern.weekly([SUNDAY, MONDAY], first_day_of_week=SUNDAY, interval=2),
            "2017-09-03",
            ["2017-09-03", "2017-09-04", "2017-09-17"],
        ),
        (Pattern.absolute_monthly(31), "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31"]),
        (Pattern.absolute_monthly(30, interval=2), "2026-12-15", ["2026-12-30", "2027-02-28", "2027-04-30"]),
        (
            Pattern.relative_monthly(WeekIndex.FIRST, [THURSDAY], interval=2),
            "2017-08-29",
            ["2017-09-07", "2017-11-02", "2018-01-04"],
        ),
        (Pattern.relative_monthly(WeekIndex.LAST, WORKDAYS), "2026-01-01", ["2026-01-30", "2026-02-27", "2026-03-31"]),
        (Pattern.relative_monthly(WeekIndex.SECOND, WEEKEND), "2026-01-01", ["2026-01-04", "2026-02-07", "2026-03-07"]),
        (Pattern.absolute_yearly(2, 29), "2023-01-01", ["2023-02-28", "2024-02-29", "2025-02-28"]),
        (Pattern.absolute_yearly(4, 31), "2026-05-01", ["2027-04-30", "2028-04-30", "2029-04-30"]),
        (
            Pattern.relative_yearly(11, WeekIndex.FOURTH, [THURSDAY]),
            "2026-01-01",
            ["2026-11-26", "2027-11-25", "2028-11-23"],
        ),
    ],
)
def test_dates_of_each_type(pattern: Pattern, start: str, expected: list[str]) -> None:
    """Each type of pattern falls on the days that Outlook shows, a missing day of the month being its last."""
    assert expected == first_dates(pattern, start)


@pytest.mark.property
@given(recurrences(), any_dates)
def test_the_formula_agrees_with_counting(recurrence: Recurrence, since: date) -> None:
    """The index of the first date on or after a day is where counting from the start finds it."""
    pattern, first = recurrence.pattern, first_date(recurrence)
    if first is None:
        return
    walked = list(itertools.takewhile(lambda found: found < since, dates(recurrence, date.min)))
    n = index_from(pattern, first, since)
    found = nth_date(pattern, first, n)

    assert found is None or found >= since
    assert n == 0 or (nth_date(pattern, first, n - 1) or since) < since
    assert len(walked) <= n
    assert all(falls_on(pattern, one) for one in walked)


@pytest.mark.property
@given(recurrences())
def test_the_last_date_is_the_last_of_all(recurrence: Recurrence) -> None:
    """The last date of a recurrence that ends is the last one that it falls on."""
    if isinstance(recurrence.range.end, NoEnd):
        assert last_date(recurrence) is None
    else:
        assert last_date(recurrence) == max(dates(recurrence, date.min), default=None)


def test_the_calendar_ends() -> None:
    """Dates beyond the year 9999 are not there, and asking for them is no error."""
    last = Recurrence(Pattern.absolute_yearly(12, 31), Range(day("9998-01-01")))

    assert [found.isoformat() for found in dates(last, date.min)] == ["9998-12-31", "9999-12-31"]
    assert list(dates(Recurrence(Pattern.absolute_yearly(1, 1), Range(date.max)), date.min)) == []
    assert first_date(Recurrence(Pattern.weekly([MONDAY], first_day_of_week=MONDAY), Range(date.max))) is None
    assert last_date(Recurrence(Pattern.daily(), Range(date.max, Numbered(2)))) is None


@pytest.mark.parametrize(
    ("kind", "fields", "part"),
    [
        (PatternType.WEEKLY, {"first_day_of_week": MONDAY}, "pattern.days_of_week"),
        (PatternType.WEEKLY, {"days_of_week": (MONDAY,)}, "pattern.first_day_of_week"),
        (PatternType.ABSOLUTE_MONTHLY, {}, "pattern.day_of_month"),
        (PatternType.ABSOLUTE_MONTHLY, {"day_of_month": 32}, "pattern.day_of_month"),
        (PatternType.ABSOLUTE_MONTHLY, {"day_of_month": 0}, "pattern.day_of_month"),
        (PatternType.ABSOLUTE_YEARLY, {"day_of_month": 1, "month": 13}, "pattern.month"),
        (PatternType.RELATIVE_MONTHLY, {"days_of_week": (MONDAY,)}, "pattern.index"),
        (PatternType.DAILY, {"index": WeekIndex.FIRST}, "pattern.index"),
        (PatternType.DAILY, {"interval": 0}, "pattern.interval"),
        (PatternType.DAILY, {"interval": True}, "pattern.interval"),
        (PatternType.DAILY, {"interval": 10_000}, "pattern.interval"),
    ],
)
def test_a_pattern_holds_what_its_type_needs(kind: PatternType, fields: dict[str, object], part: str) -> None:
    """A field that is missing, superfluous or out of range is refused by its name."""
    with pytest.raises(InvalidRecurrence) as caught:
        Pattern(kind, **fields)  # type: ignore[arg-type]

    assert part == caught.value.where


def test_a_set_of_days_has_no_order() -> None:
    """Days are a set: in whatever order and however often they are named, the pattern is the same value."""
    assert Pattern.weekly([SUNDAY, MONDAY, SUNDAY], first_day_of_week=MONDAY) == Pattern.weekly(
        {MONDAY, SUNDAY}, first_day_of_week=MONDAY
    )
    assert tuple(sorted(WEEK, key=lambda found: found.number)) == WEEK
    assert [found.code for found in WEEK] == ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@pytest.mark.parametrize("start", ["2026-01-02", None, at("2026-01-02 00:00")], ids=str)
def test_a_range_is_of_dates(start: object) -> None:
    """A range starts on a date, and neither on a time nor on nothing."""
    with pytest.raises(InvalidRecurrence, match="not a date"):
        Range(start)  # type: ignore[arg-type]


def test_a_range_does_not_end_before_it_starts() -> None:
    """An end before the start is refused, and so is no occurrence at all."""
    with pytest.raises(InvalidRecurrence, match="ends before it starts"):
        Range(day("2026-01-02"), EndDate(day("2026-01-01")))
    with pytest.raises(InvalidRecurrence, match="count"):
        Numbered(0)


@pytest.mark.behaviour("MX-T-11")
def test_an_unreported_number_is_no_change() -> None:
    """Where Outlook reports no number of occurrences, the known end stays; where it says another end, that counts."""
    known = Range(day("2026-01-01"), Numbered(5), "UTC")
    read = Range(day("2026-01-01"), Unreported(), "UTC")
    ended = Range(day("2026-01-01"), NoEnd(), "UTC")

    assert known == keep_unreported(read, known)
    assert ended == keep_unreported(ended, known)
    over = Range(day("2025-01-01"), EndDate(day("2025-12-31")), "UTC")
    assert read == keep_unreported(read, over)
    assert read == keep_unreported(read, None)
    with pytest.raises(InvalidRecurrence, match="not reported"):
        last_date(Recurrence(Pattern.daily(), read))
    with pytest.raises(InvalidRecurrence, match="not reported"):
        next(dates(Recurrence(Pattern.daily(), read), date.min))


def test_a_word_is_not_its_text() -> None:
    """A text that reads like a type, a day or a frequency is refused where the member is wanted."""
    for mistake in (
        lambda: Pattern("daily"),  # type: ignore[arg-type]
        lambda: Pattern.weekly([MONDAY], first_day_of_week="monday"),  # type: ignore[arg-type]
        lambda: Pattern.relative_monthly("first", [MONDAY]),  # type: ignore[arg-type]
        lambda: RecurrenceRule("DAILY"),  # type: ignore[arg-type]
    ):
        with pytest.raises(InvalidRecurrence, match="not its text"):
            mistake()
    assert Pattern.weekly(("monday",), first_day_of_week=MONDAY).days_of_week == (MONDAY,)  # type: ignore[arg-type]
