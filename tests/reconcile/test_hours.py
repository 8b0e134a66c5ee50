"""The hours of a schedule: days, times of day, zones, and the two nights a year that are no night."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tallystick.errors import SettingsError
from tallystick.reconcile import AROUND_THE_CLOCK, Hours
from tallystick.recurrence import Weekday

PARIS = "Europe/Paris"
OFFICE = Hours((Weekday.MONDAY, Weekday.WEDNESDAY), time(8), time(18), PARIS)


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    """Return a moment of 2026 in UTC; the 16th of March is a Monday."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.behaviour("LP-04")
@pytest.mark.parametrize(
    ("when", "due"),
    [
        (at(16, 6, 59), at(16, 7)),
        (at(16, 7), at(16, 7)),
        (at(16, 16, 59), at(16, 16, 59)),
        (at(16, 17), at(18, 7)),
        (at(17, 12), at(18, 7)),
        (at(20, 12), at(23, 7)),
        (at(30, 5, 59), at(30, 6)),
    ],
    ids=["before", "opening", "last minute", "closing", "another day", "next week", "summer time"],
)
def test_a_moment_is_moved_to_when_the_hours_begin(when: datetime, due: datetime) -> None:
    """From eight to six on Mondays and Wednesdays in Paris, which is an hour earlier in UTC once summer time begins."""
    assert OFFICE.at_or_after(when) == due
    assert OFFICE.include(when) is (when == due)


@pytest.mark.behaviour("LP-04")
def test_hours_may_go_over_midnight() -> None:
    """A night belongs to the day on which it begins."""
    night = Hours((Weekday.FRIDAY,), time(22), time(6), PARIS)

    assert night.include(at(21, 4, 59))
    assert night.at_or_after(at(21, 5)) == at(27, 21)
    assert not night.include(at(20, 4))


@pytest.mark.behaviour("LP-04")
def test_the_night_in_which_the_clock_leaps() -> None:
    """Half past two does not come on the 29th of March: what opens then opens at half past three."""
    small = Hours(start=time(2, 30), end=time(4), zone=PARIS)

    assert small.at_or_after(at(29, 0)) == at(29, 1, 30)
    gone = Hours(start=time(2, 15), end=time(2, 45), zone=PARIS)
    assert gone.at_or_after(at(29, 0)) == at(29, 1, 15)
    assert gone.include(at(29, 1, 30))
    assert gone.at_or_after(at(29, 1, 45)) == at(30, 0, 15)


@pytest.mark.behaviour("LP-04")
def test_the_night_in_which_an_hour_comes_twice() -> None:
    """From two to three on the 25th of October is two hours long, and a run is due in both."""
    small = Hours(start=time(2), end=time(2, 59), zone=PARIS)

    assert small.at_or_after(at(24, 22, month=10)) == at(25, 0, month=10)
    assert small.include(at(25, 0, 30, month=10))
    assert small.include(at(25, 1, 30, month=10))
    assert not small.include(at(25, 2, month=10))


def test_without_a_choice_every_moment_is_within_the_hours() -> None:
    """Also at midnight, and in the hours that come twice or not at all."""
    for hours in range(0, 24 * 370, 5):
        when = at(1, 0, 0, month=1) + timedelta(hours=hours)
        assert AROUND_THE_CLOCK.at_or_after(when) == when
        assert Hours(zone="America/New_York").at_or_after(when) == when


ANY_HOURS = st.builds(
    Hours,
    st.lists(st.sampled_from(Weekday), min_size=1).map(tuple),
    st.times().map(lambda one: one.replace(microsecond=0)),
    st.times().map(lambda one: one.replace(microsecond=0)),
    st.sampled_from(
        ["UTC", PARIS, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific Standard Time"]
    ),
)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001 -- UTC is given after


@pytest.mark.property
@given(ANY_HOURS, MOMENTS)
@example(Hours(start=time(2, 15), end=time(2, 45), zone=PARIS), at(29, 0))
def test_the_first_moment_within_the_hours_is_never_before_and_stays_where_it_is(hours: Hours, when: datetime) -> None:
    """It is within the hours itself, no more than a week and a day on, and nothing between the two is."""
    due = hours.at_or_after(when)

    assert when <= due <= when + timedelta(days=8)
    assert hours.at_or_after(due) == due
    assert hours.at_or_after(when + (due - when) / 2) == due or due == when


@pytest.mark.behaviour("LP-04")
def test_hours_that_are_just_over_come_again_in_a_week_by_the_clocks_of_their_zone() -> None:
    """Where it is Monday already, and Sunday still in UTC, the next Monday counts; what is told is in UTC."""
    small = Hours((Weekday.MONDAY,), time(0), time(0, 15), "Asia/Kathmandu")

    assert small.at_or_after(at(15, 18, 15)) == at(15, 18, 15)
    assert small.at_or_after(at(15, 18, 45)) == at(22, 18, 15)
    assert small.at_or_after(at(15, 18, 45)).tzinfo is UTC
    assert small.at_or_after(at(15, 18, 20).astimezone(timezone(timedelta(hours=5)))).tzinfo is UTC


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Hours(()), "hours of no day -- name one day of the week at least, or switch the sync off"),
        (
            lambda: Hours(zone="Europe/Atlantis"),
            "the zone of the hours is not known -- name one such as Europe/Paris",
        ),
    ],
    ids=["no day", "no zone"],
)
def test_hours_that_never_come_are_refused(made: Callable[[], Hours], said: str) -> None:
    """No day at all, or a zone that nobody knows, is a mistake of the caller, who is told what would do."""
    with pytest.raises(SettingsError) as caught:
        made()

    assert str(caught.value) == said
