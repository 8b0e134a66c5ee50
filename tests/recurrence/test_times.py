"""An instant, a wall time and days are three things, and UNTIL is the end of a day in the series' zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from tallystick.recurrence import Instant, InvalidRecurrence, Start, UnknownZone, WallTime
from tallystick.recurrence.until import last_day_of, until_of
from tests.recurrence.showing import at, day, wall
from tests.recurrence.strategies import dates, starts


def instant(text: str) -> Instant:
    """Return the instant of a time in UTC."""
    return Instant(at(text).replace(tzinfo=UTC))


@pytest.mark.behaviour("MX-A-09")
@pytest.mark.parametrize("zone", ["Romance Standard Time", "Europe/Madrid"])
def test_times_go_to_the_crm_in_utc(zone: str) -> None:
    """A time in whatever zone Outlook gives it is one instant in UTC, summer and winter."""
    assert instant("2026-01-05 08:00") == wall("2026-01-05 09:00", zone).instant()
    assert instant("2026-07-05 07:00") == wall("2026-07-05 09:00", zone).instant()
    assert wall("2026-07-05 09:00", zone) == instant("2026-07-05 07:00").in_zone(zone)
    assert wall("2026-07-05 16:00", "Asia/Tokyo") == wall("2026-07-05 09:00", zone).in_zone("Asia/Tokyo")


def test_a_time_that_is_not_and_one_that_is_twice() -> None:
    """A time that the clock skips is read with the offset before; one that it shows twice is the first of both."""
    zone = "America/New_York"
    second = WallTime(at("2026-11-01 01:30").replace(fold=1), zone)

    assert not wall("2026-03-08 02:30", zone).exists()
    assert instant("2026-03-08 07:30") == wall("2026-03-08 02:30", zone).instant()
    assert instant("2026-11-01 05:30") == wall("2026-11-01 01:30", zone).instant()
    assert instant("2026-11-01 06:30") == second.instant()
    assert second.instant() == second.instant().in_zone(zone).instant()
    assert wall("2026-11-01 01:30", zone).exists()
    assert wall("2026-03-08 02:30").exists()


def test_kinds_of_time_are_not_confused() -> None:
    """An instant has an offset, a wall time has none, and a floating time is at no instant."""
    east = timezone(timedelta(hours=14))

    assert instant("2026-01-01 00:00") == Instant(at("2026-01-01 14:00").replace(tzinfo=east))
    assert instant("2026-01-01 00:00") < instant("2026-01-01 00:01")
    for mistake in (
        lambda: Instant(at("2026-01-01 09:00")),
        lambda: WallTime(datetime.now(UTC), "UTC"),
        lambda: wall("2026-01-01 09:00").instant(),
        lambda: Instant(at("0001-01-01 09:00").replace(tzinfo=east)),
        lambda: instant("9999-12-31 23:00").in_zone("Asia/Tokyo"),
        lambda: wall("9999-12-31 23:00", "America/New_York").instant(),
    ):
        with pytest.raises(InvalidRecurrence):
            mistake()
    with pytest.raises(UnknownZone):
        wall("2026-01-01 09:00", "Nowhere").instant()


@pytest.mark.property
@given(starts, dates)
def test_a_last_day_survives_until(start: Start, last: object) -> None:
    """A last day written as UNTIL is read back as that day, in every zone, on days of whatever length."""
    assert last == last_day_of(until_of(last, start), start)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "last", "until"),
    [
        (wall("2026-01-01 09:00", "America/New_York"), "2022-12-22", instant("2022-12-23 04:59:59")),
        (wall("2026-01-01 09:00", "Asia/Tokyo"), "2022-12-22", instant("2022-12-22 14:59:59")),
        (wall("2026-01-01 09:00", "Africa/Cairo"), "2026-04-23", instant("2026-04-23 21:59:59")),  # no midnight follows
        (wall("2026-01-01 23:30", "America/Nuuk"), "2024-03-30", instant("2024-03-31 01:30:00")),  # 23:30 is skipped
        (wall("2026-01-01 09:00"), "2022-12-22", wall("2022-12-22 23:59:59")),
        (day("2026-01-01"), "2022-12-22", day("2022-12-22")),
        (wall("2026-01-01 09:00", "Asia/Tokyo"), "9999-12-31", instant("9999-12-31 23:59:59")),
    ],
    ids=str,
)
def test_until_of_a_day(start: Start, last: str, until: object) -> None:
    """UNTIL is the last second of the day in the zone, or the start on it where the clock shifts that later."""
    assert until == until_of(day(last), start)
    assert day(last) == last_day_of(until_of(day(last), start), start)


def test_until_in_utc_needs_a_zone() -> None:
    """An UNTIL in UTC says no day to a series without a zone."""
    with pytest.raises(InvalidRecurrence, match="no zone"):
        last_day_of(instant("2026-01-01 09:00"), wall("2026-01-01 09:00"))
