"""A translation can be checked at run time, and the check catches the mistakes that others have made."""

import pytest

from tallystick.recurrence import (
    Agreement,
    Difference,
    EndDate,
    ExpansionLimit,
    Limits,
    Pattern,
    Range,
    Recurrence,
    Series,
    Weekday,
    WeekIndex,
    parse_series,
    to_rrule,
    verify,
)
from tallystick.recurrence.weekdays import WORKDAYS
from tests.recurrence.showing import day, series_of, shown, wall

THURSDAY = Weekday.THURSDAY
PARIS = "DTSTART;TZID=Europe/Paris:"


def pattern_series(pattern: Pattern, start: str, last: str | None = None) -> Series:
    """Return a series of a pattern at nine in Paris."""
    span = Range(day(start)) if last is None else Range(day(start), EndDate(day(last)))
    return Series.of(wall(f"{start} 09:00", "Europe/Paris"), Recurrence(pattern, span))


@pytest.mark.parametrize(
    ("series", "mistaken", "differs"),
    [
        pytest.param(
            pattern_series(Pattern.absolute_monthly(31), "2026-01-31"),
            f"{PARIS}20260131T090000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=31",
            "2026-02-28 09:00",
            id="the 31st is left out in short months",
        ),
        pytest.param(
            pattern_series(
                Pattern.weekly([Weekday.SUNDAY, THURSDAY], first_day_of_week=Weekday.SUNDAY, interval=2), "2026-01-01"
            ),
            f"{PARIS}20260101T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TH",
            "2026-01-04 09:00",
            id="the week starts on Monday where nothing is said",
        ),
        pytest.param(
            pattern_series(Pattern.relative_monthly(WeekIndex.LAST, WORKDAYS), "2026-01-01"),
            f"{PARIS}20260126T090000\nRRULE:FREQ=MONTHLY;BYDAY=-1MO,-1TU,-1WE,-1TH,-1FR",
            "2026-01-26 09:00",
            id="the last of each weekday for the last weekday",
        ),
        pytest.param(
            pattern_series(Pattern.relative_monthly(WeekIndex.FIRST, [THURSDAY], interval=2), "2026-01-30"),
            f"{PARIS}20260130T090000\nRRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=1TH",
            "2026-02-05 09:00",
            id="the interval counts from a start that is no occurrence",
        ),
        pytest.param(
            pattern_series(Pattern.daily(), "2026-01-01", "2026-01-05"),
            f"{PARIS}20260101T090000\nRRULE:FREQ=DAILY;UNTIL=20260105T000000Z",
            "2026-01-05 09:00",
            id="midnight for the end of a day",
        ),
        pytest.param(
            pattern_series(Pattern.weekly([THURSDAY], first_day_of_week=Weekday.MONDAY), "2026-01-01"),
            "DTSTART:20260101T080000Z\nRRULE:FREQ=WEEKLY",
            "2026-04-02 07:00",
            id="expanded in UTC",
        ),
        pytest.param(
            pattern_series(Pattern.absolute_yearly(2, 29), "2024-02-29"),
            f"{PARIS}20240229T090000\nRRULE:FREQ=YEARLY",
            "2025-02-28 09:00",
            id="29 February in leap years only",
        ),
    ],
)
def test_known_mistakes_are_caught(series: Series, mistaken: str, differs: str) -> None:
    """Each of the mistakes that calendar bridges are known for is found, with the first date that differs."""
    found = verify(series, parse_series(mistaken))
    right = to_rrule(series)

    assert isinstance(found, Difference)
    assert (found.left_only is None) != (found.right_only is None)
    one = found.left_only or found.right_only
    assert one is not None
    assert differs[:10] == shown(one)[:10]
    assert not hasattr(right, "reasons")
    assert isinstance(verify(series, right.value), Agreement)


def test_an_agreement_says_what_was_compared() -> None:
    """An agreement tells how many occurrences were compared, and between which days."""
    series = series_of("FREQ=DAILY;COUNT=5")

    assert Agreement(5, day("2025-12-31"), day("2027-01-01")) == verify(series, series, years=1)
    late = series_of("FREQ=YEARLY", "DTSTART:99900101T090000")
    assert isinstance(verify(late, late, years=100), Agreement)


def test_what_cannot_be_compared_whole_is_refused() -> None:
    """More occurrences than the limits allow are not compared in part."""
    series = series_of("FREQ=DAILY")

    with pytest.raises(ExpansionLimit):
        verify(series, series, years=40)
    assert isinstance(verify(series, series, years=40, limits=Limits(occurrences=20_000)), Agreement)
