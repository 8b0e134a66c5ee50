"""Due times are spread and never random; waits grow; a tenant's limits let through what they say and no more."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import SettingsError
from tallystick.fleet import OutcomeKind, Pace, SyncOutcome, Tenant, TenantLimits
from tallystick.fleet.pace import due_after
from tallystick.reconcile import Hours
from tallystick.recurrence import Weekday

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEN = timedelta(minutes=10)
SECOND = timedelta(seconds=1)

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds
intervals = st.timedeltas(SECOND, timedelta(days=2))


def outcome(kind: OutcomeKind, retry_after: float | None = None) -> SyncOutcome:
    """Return an outcome of the sync s."""
    return SyncOutcome("s", "", kind, retry_after=retry_after)


@given(st.text(max_size=10), intervals, moments)
def test_places(sync: str, interval: timedelta, now: datetime) -> None:
    """The next place is later than now by an interval at most, and the one after it by exactly one interval."""
    due = due_after(sync, interval, now)

    assert now < due <= now + interval
    assert due_after(sync, interval, due) == due + interval
    assert due_after(sync, interval, due - SECOND / 1000) == due


def test_spread() -> None:
    """Ten thousand syncs make an even stream: no second of the ten minutes has many more than another."""
    seconds = Counter(int((due_after(f"s{n}", TEN, NOON) - NOON).total_seconds()) for n in range(10_000))

    assert len(seconds) == 600
    assert max(seconds.values()) < 3 * 10_000 / 600


@given(st.sampled_from(OutcomeKind), st.none() | st.floats(0, 1e6), st.integers(0, 10_000), moments)
def test_next(kind: OutcomeKind, asked: float | None, attempts: int, now: datetime) -> None:
    """Only what is switched off is never due again; nobody is asked sooner than they asked to be, nor at once."""
    pace = Pace()
    due = pace.next(outcome(kind, asked), attempts, now)

    assert (due is None) == (kind is OutcomeKind.OFF)
    if due is not None:
        assert due > now
        if kind is OutcomeKind.RETRY:
            assert due - now >= max(timedelta(seconds=asked or 0), pace.first_retry)
        if kind in (OutcomeKind.DONE, OutcomeKind.BUSY):
            assert due - now <= pace.interval


def test_retries_rarer_and_rarer() -> None:
    """Each wait after a fault is about twice the one before, up to the slow pace."""
    waits = [Pace().next(outcome(OutcomeKind.RETRY), n, NOON) for n in range(1, 12)]
    minutes = [(due - NOON).total_seconds() / 60 for due in waits if due]

    assert minutes == pytest.approx([0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60], rel=0.26)


BERLIN = Hours((Weekday.MONDAY, Weekday.TUESDAY, Weekday.FRIDAY), time(8), time(18), "Europe/Berlin")
NIGHT = Hours(start=time(22), end=time(6), zone="America/New_York")
SHORT = Hours(start=time(12), end=time(12, 7))


@given(
    st.sampled_from(OutcomeKind),
    st.none() | st.floats(0, 1e6),
    st.integers(0, 100),
    moments,
    st.text(max_size=5),
    st.sampled_from([BERLIN, NIGHT, SHORT]),
)
def test_hours(kind: OutcomeKind, asked: float | None, attempts: int, now: datetime, sync: str, hours: Hours) -> None:
    """Whatever an attempt came to, the next one is due within the hours, and no sooner than it would be without."""
    pace, one = Pace(), SyncOutcome(sync, "", kind, retry_after=asked)
    without, due = pace.next(one, attempts, now), pace.next(attrs.evolve(one, hours=hours), attempts, now)
    first = pace.first(sync, now, hours)

    assert hours.include(first)
    assert first >= pace.first(sync, now)
    assert (due is None) == (without is None)
    if due is not None and without is not None:
        assert hours.include(due)
        assert due >= without
        assert due == without or not hours.include(without)


def test_a_service_that_asks_for_years_is_asked_again_after_one() -> None:
    """However long a wait it is that a service asks for, the sync is due again within about a year."""
    for asked in (1e9, 8e13):
        due = Pace().next(outcome(OutcomeKind.RETRY, asked), 1, NOON)
        assert due is not None
        assert timedelta(days=366) <= due - NOON <= timedelta(days=366 * 1.25)


def test_opening() -> None:
    """What waits for the hours to begin is spread over the interval that follows, and is not due all at once."""
    saturday = datetime(2026, 3, 7, 12, tzinfo=UTC)
    opening = datetime(2026, 3, 9, 7, tzinfo=UTC)
    dues = [Pace().first(f"s{n}", saturday, BERLIN) for n in range(10_000)]
    seconds = Counter(int((due - opening).total_seconds()) for due in dues)

    assert set(seconds) == set(range(600))
    assert max(seconds.values()) < 3 * 10_000 / 600


def test_no_such_pace() -> None:
    """A pace and limits that could not work are refused."""
    with pytest.raises(SettingsError):
        Pace(first_retry=timedelta(0))
    with pytest.raises(SettingsError):
        Pace(first_retry=timedelta(hours=2))
    with pytest.raises(SettingsError):
        TenantLimits(starts=0)
    with pytest.raises(SettingsError):
        TenantLimits(pause=timedelta(0))


@given(st.lists(st.timedeltas(timedelta(0), timedelta(seconds=20)), max_size=200), st.integers(1, 20))
def test_rate(gaps: list[timedelta], starts: int) -> None:
    """However the requests come, no span of the limit's length sees more starts than twice the set number."""
    limits = TenantLimits(starts=starts, per=timedelta(minutes=1))
    tenant, now, let_in = Tenant(), NOON, []
    for gap in gaps:
        now += gap
        tenant, wait = tenant.start(limits, now)
        if wait is None:
            let_in.append(now)
        else:
            assert wait > now
            assert tenant.start(limits, wait)[1] is None
    for first in let_in:
        within = [at for at in let_in if first <= at < first + limits.per]
        assert len(within) <= 2 * starts  # a burst, and what the rate gives meanwhile


def test_a_full_rate_is_given() -> None:
    """A tenant that always has something to start is let start as much as its limit says in the long run."""
    limits, tenant, count = TenantLimits(starts=60), Tenant(), 0
    for second in range(3600):
        for _ in range(3):
            tenant, wait = tenant.start(limits, NOON + SECOND * second)
            count += wait is None

    assert 3600 <= count <= 3660


def test_breaker() -> None:
    """After so many faults in a row nothing is started; then one is, and its outcome decides for all."""
    limits = TenantLimits(faults=3, pause=timedelta(minutes=1))
    tenant = Tenant()
    for _ in range(2):
        tenant = tenant.ended(OutcomeKind.RETRY, limits, NOON)
    assert tenant.start(limits, NOON)[1] is None
    assert tenant.ended(OutcomeKind.DONE, limits, NOON) == Tenant()

    tenant = tenant.ended(OutcomeKind.RETRY, limits, NOON)
    assert tenant.start(limits, NOON)[1] == NOON + timedelta(minutes=1)

    late = NOON + timedelta(minutes=1)
    probing, wait = tenant.start(limits, late)
    assert wait is None
    assert probing.start(limits, late)[1] is not None
    assert probing.ended(OutcomeKind.AUTHORISE, limits, late) == probing
    assert probing.ended(OutcomeKind.RETRY, limits, late).start(limits, late)[1] is not None
    assert probing.ended(OutcomeKind.DONE, limits, late).start(limits, late)[1] is None
