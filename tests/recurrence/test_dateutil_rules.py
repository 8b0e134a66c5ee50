"""Objects of dateutil are taken and given."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from dateutil.rrule import DAILY, MO, MONTHLY, WEEKLY, rrule, rruleset
from hypothesis import given

from tallystick.recurrence import (
    Cancelled,
    Changed,
    InvalidRecurrence,
    Moved,
    Pattern,
    Range,
    Recurrence,
    RecurrenceRule,
    Series,
    Start,
    Unreported,
    WallTime,
    canonical,
    parse_rule,
    parse_series,
)
from tallystick.recurrence.dateutil_rules import rule_to_dateutil, series_from_dateutil, series_to_dateutil
from tests.recurrence.showing import at, day, first_starts, series_of, wall
from tests.recurrence.strategies import expressible_rules, starts

NINE = at("2026-01-01 09:00")


@pytest.mark.property
@given(starts, expressible_rules())
def test_a_rule_there_and_back(start: Start, rule: RecurrenceRule) -> None:
    """A rule survives the way to a dateutil object and back; an all-day series becomes its midnights."""
    read = series_from_dateutil(rule_to_dateutil(rule, start))

    if isinstance(start, WallTime):
        assert canonical(Series.of(start, rule)) == canonical(read)
    else:
        assert isinstance(read.start, WallTime)
        assert (start, None) == (read.start.local.date(), read.start.zone)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (None, None),
        (ZoneInfo("Europe/Paris"), "Europe/Paris"),
        (tz.gettz("America/New_York"), "America/New_York"),
        (tz.UTC, "UTC"),
        (UTC, "UTC"),
    ],
    ids=str,
)
def test_the_name_of_the_zone_is_found(zone: ZoneInfo | None, name: str | None) -> None:
    """The zone of a dateutil rule is known by its name, also in UNTIL, which dateutil's own text leaves out."""
    start = NINE.replace(tzinfo=zone)
    rule = rrule(WEEKLY, dtstart=start, byweekday=[MO(1)], until=start + timedelta(days=30))
    read = series_from_dateutil(rule)

    assert WallTime(NINE, name) == read.start
    assert [f"2026-01-{found} 09:00" for found in ("05", "12", "19", "26")] == first_starts(read, 9)


def test_a_zone_without_name_is_asked_for() -> None:
    """A tzinfo that has no name is refused unless the caller names the zone: an offset is no zone."""
    offset = rrule(DAILY, dtstart=NINE.replace(tzinfo=tz.tzoffset("UTC", 3600)), count=1)

    with pytest.raises(InvalidRecurrence, match="pass the zone's name"):
        series_from_dateutil(offset)
    assert WallTime(NINE, "Africa/Algiers") == series_from_dateutil(offset, zone="Africa/Algiers").start


def test_a_set_there_and_back() -> None:
    """A set of rules with excluded and added dates survives the way there and back."""
    text = "DTSTART;TZID=Europe/Paris:20260101T090000\nRRULE:FREQ=DAILY;COUNT=9\nEXRULE:FREQ=DAILY;INTERVAL=4;COUNT=3"
    series = parse_series(f"{text}\nRDATE;TZID=Europe/Paris:20260201T090000\nEXDATE;TZID=Europe/Paris:20260103T090000")
    made = series_to_dateutil(series)

    assert series == series_from_dateutil(made)
    assert first_starts(series, 20) == [found.strftime("%Y-%m-%d %H:%M") for found in made]
    alone = Series(day("2026-01-01"), added=(day("2026-01-03"),))
    assert [at("2026-01-01"), at("2026-01-03")] == list(series_to_dateutil(alone))


def test_exceptions_become_dates() -> None:
    """A moved occurrence becomes an excluded and an added time; a changed one takes place when the rules say."""
    series = Series(
        wall("2026-01-01 09:00"),
        (Recurrence(Pattern.daily(), Range(day("2026-01-01"))),),
        exceptions=(
            Cancelled(day("2026-01-02")),
            Moved(wall("2026-01-03 09:00"), wall("2026-01-03 10:00")),
            Changed(wall("2026-01-04 09:00")),
        ),
    )

    assert [at(f"2026-01-{found}") for found in ("01 09:00", "03 10:00", "04 09:00", "05 09:00")] == list(
        series_to_dateutil(series)[:4]  # type: ignore[call-overload]
    )


def test_what_is_not_taken() -> None:
    """An empty set, rules with several starts, Easter, and what falls on no time are refused."""
    two = rruleset()
    two.rrule(rrule(DAILY, dtstart=NINE))
    two.rrule(rrule(DAILY, dtstart=NINE + timedelta(days=1)))
    unreported = Series.of(day("2026-01-01"), Recurrence(Pattern.daily(), Range(day("2026-01-01"), Unreported())))
    start = wall("2026-01-01 09:00")

    for mistake in (
        lambda: series_from_dateutil(rruleset()),
        lambda: series_from_dateutil(two),
        lambda: series_from_dateutil(rrule(DAILY, dtstart=NINE, byeaster=0)),
        lambda: series_to_dateutil(unreported),
        lambda: rule_to_dateutil(parse_rule("FREQ=HOURLY;INTERVAL=3;BYHOUR=1"), start),
    ):
        with pytest.raises(InvalidRecurrence):
            mistake()


def test_dates_alone_are_a_series() -> None:
    """A set of dates without a rule is a series of these dates."""
    dates = rruleset()
    dates.rdate(NINE)
    dates.rdate(NINE + timedelta(days=2))

    assert first_starts(series_from_dateutil(dates), 5) == ["2026-01-01 09:00", "2026-01-03 09:00"]
    assert series_of("FREQ=MONTHLY;COUNT=2").rules == series_from_dateutil(rrule(MONTHLY, dtstart=NINE, count=2)).rules
