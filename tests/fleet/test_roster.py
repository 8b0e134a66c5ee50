"""The roster gives each due sync to one engine, brings forward what is asked for, and takes back what died."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa

from tallystick.errors import SettingsError, StateUnwritable
from tallystick.fleet import OutcomeKind, Pace, SyncJob, SyncOutcome, TenantLimits
from tallystick.fleet.roster import Lag, Roster
from tallystick.reconcile import AROUND_THE_CLOCK, Hours
from tests.state.servers import own_database, restarted

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEN = timedelta(minutes=10)
HOLD = timedelta(minutes=30)
MORNING = Hours(start=time(7), end=time(11))
FACTORY = "host.fleet:mailbox"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return where a roster may lie."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'roster.db'}"
    else:
        with own_database() as database:
            yield database


@pytest.fixture
def roster(url: str) -> Iterator[Roster]:
    """Return a new roster."""
    with Roster(url, limits=TenantLimits(faults=3)) as roster:
        yield roster


def jobs(count: int, tenant: str = "") -> list[SyncJob]:
    """Return so many jobs."""
    return [SyncJob(f"{tenant}s{n}", FACTORY, tenant, {"mailbox": n}) for n in range(count)]


def done(job: SyncJob, kind: OutcomeKind = OutcomeKind.DONE) -> SyncOutcome:
    """Return an outcome of a job."""
    return SyncOutcome(job.sync, job.tenant, kind)


def test_each_once_an_interval(roster: Roster) -> None:
    """Within an interval every sync is claimed once, and within the next once again."""
    roster.enrol(jobs(15), NOON)
    assert roster.claim(NOON) == []

    for _ in range(2):
        claimed = roster.claim(NOON + TEN)
        assert sorted(job.sync for job in claimed) == sorted(job.sync for job in jobs(15))
        assert claimed[0] in jobs(15)
        assert roster.claim(NOON + TEN) == []
        dues = [roster.settle(done(job), NOON + TEN) for job in claimed]
        assert all(due is not None and NOON + TEN < due <= NOON + 2 * TEN for due in dues)
        assert roster.lag(NOON + TEN) == Lag(15, 0, 0, 0.0)
        for job in claimed:
            roster.due_now([job.sync], NOON + TEN)


def test_enrolled_again(roster: Roster) -> None:
    """Taking a sync up again replaces its job and leaves its place; withdrawing it ends it."""
    roster.enrol(jobs(1), NOON)
    before = roster.lag(NOON + TEN)
    roster.enrol([SyncJob("s0", "host.fleet:other", "t", {})], NOON + timedelta(hours=1))
    roster.enrol([], NOON)

    assert roster.lag(NOON + TEN) == before
    (job,) = roster.claim(NOON + TEN)
    assert (job.factory, job.tenant, job.options) == ("host.fleet:other", "t", {})
    roster.withdraw("s0")
    assert roster.settle(done(job), NOON) is None
    assert roster.lag(NOON + timedelta(days=1)) == Lag(0, 0, 0, 0.0)


def test_asking_brings_forward(roster: Roster) -> None:
    """A notification makes a sync due now, ten make it due once, and one that is due already stays first in line."""
    roster.enrol(jobs(3), NOON)
    for _ in range(10):
        assert roster.due_now(["s1", "s1", "unknown"], NOON) == 1

    assert [job.sync for job in roster.claim(NOON)] == ["s1"]
    assert roster.claim(NOON) == []
    late = NOON + TEN
    first = roster.lag(late).oldest
    roster.due_now(["s0", "s2"], late)
    assert roster.lag(late).oldest == first


def test_asking_while_it_runs(roster: Roster) -> None:
    """A change that is told of while its sync runs is not missed: the sync runs once more when it has ended."""
    roster.enrol(jobs(1), NOON)
    (job,) = roster.claim(NOON + TEN)
    for _ in range(3):
        roster.due_now(["s0"], NOON + TEN)
    assert roster.claim(NOON + TEN) == []

    assert roster.settle(done(job), NOON + TEN) == NOON + TEN
    assert roster.claim(NOON + TEN) == [job]
    after = roster.settle(done(job), NOON + TEN)
    assert after is not None
    assert after > NOON + TEN


def test_asking_for_what_a_dead_worker_has(url: str) -> None:
    """Two hosts ask for a sync whose worker has died: it runs when the claim is given up, and once for all."""
    with Roster(url) as one, Roster(url) as another:
        one.enrol(jobs(1), NOON)
        (job,) = one.claim(NOON + TEN)
        assert [roster.due_now(["s0"], NOON + TEN) for roster in (one, another)] == [1, 1]
        assert another.claim(NOON + TEN) == []

        late = NOON + TEN + HOLD
        assert [roster.claim(late) for roster in (another, one)] == [[job], []]
        after = another.settle(done(job), late)
        assert after is not None
        assert after > late


def test_a_dead_worker(roster: Roster) -> None:
    """What a dead worker had claimed falls due again when its claim is given up, and its late word does no harm."""
    roster.enrol(jobs(1), NOON)
    (job,) = roster.claim(NOON + TEN)
    assert roster.claim(NOON + TEN + HOLD - timedelta(seconds=1)) == []

    late = NOON + TEN + HOLD
    assert roster.lag(late).due == 1
    assert roster.claim(late) == [job]
    roster.settle(done(job), late)
    assert roster.lag(late).claimed == 0
    assert roster.settle(done(job, OutcomeKind.BUSY), late) is not None


def test_switched_off(roster: Roster) -> None:
    """A sync that is off is not due again until somebody asks."""
    roster.enrol(jobs(1), NOON)
    (job,) = roster.claim(NOON + TEN)
    assert roster.settle(done(job, OutcomeKind.OFF), NOON + TEN) is None
    assert roster.claim(NOON + timedelta(days=365)) == []

    roster.due_now(["s0"], NOON + TEN)
    assert roster.claim(NOON + TEN) == [job]


def test_outside_the_hours(roster: Roster) -> None:
    """Outside a sync's hours nothing of it is claimed, whatever services tell; a person may ask all the same."""
    roster.enrol(jobs(3), NOON, MORNING)
    assert roster.claim(NOON + timedelta(hours=19)) == []
    assert roster.changed(["s0", "s0", "unknown"], NOON) == 1
    assert roster.claim(NOON + timedelta(hours=19)) == []

    assert roster.due_now(["s1"], NOON) == 1
    (job,) = roster.claim(NOON)
    assert job.sync == "s1"
    roster.changed(["s1"], NOON)  # the next run sees it
    again = roster.settle(done(job), NOON)
    assert again is not None
    assert MORNING.at_or_after(NOON) <= again < MORNING.at_or_after(NOON) + TEN

    morning = MORNING.at_or_after(NOON) + TEN
    assert len(roster.claim(morning)) == 3


def test_what_is_asked_for_outside_the_hours_is_done_outside_of_them(roster: Roster) -> None:
    """A run that a person asked for and a service put off is tried again soon; the next one waits for the hours."""
    roster.enrol(jobs(1), NOON, MORNING)
    roster.due_now(["s0"], NOON)
    (job,) = roster.claim(NOON)
    now = NOON
    for kind in (OutcomeKind.RETRY, OutcomeKind.BUSY, OutcomeKind.RETRY):
        again = roster.settle(attrs.evolve(done(job, kind), hours=MORNING), now + timedelta(seconds=5))
        assert again is not None
        assert now < again < now + TEN
        now = again
        assert roster.claim(now) == [job]
    due = roster.settle(attrs.evolve(done(job), hours=MORNING), now)
    assert due is not None
    assert MORNING.at_or_after(NOON) <= due < MORNING.at_or_after(NOON) + TEN

    early = due
    assert roster.claim(early) == [job]
    late = MORNING.at_or_after(NOON) + timedelta(hours=4)
    waits = roster.settle(attrs.evolve(done(job, OutcomeKind.RETRY), hours=MORNING), late)
    assert waits is not None
    assert waits >= MORNING.at_or_after(late)


def test_a_first_run_that_tells_the_hours_is_tried_again_within_them(roster: Roster) -> None:
    """Where the hours were not known at the start, nobody asked: the next attempt waits for them."""
    roster.enrol(jobs(1), NOON)
    (job,) = roster.claim(NOON + TEN)
    due = roster.settle(attrs.evolve(done(job, OutcomeKind.RETRY), hours=MORNING), NOON + TEN)
    assert due is not None
    assert MORNING.include(due)


def test_within_the_hours(roster: Roster) -> None:
    """Within its hours a sync that a service tells of is due now, and once more where it is told of while it runs."""
    early = NOON - timedelta(hours=4)
    roster.enrol(jobs(2), early, MORNING)
    assert roster.changed(["s0"], early) == 1
    (job,) = roster.claim(early)
    roster.changed(["s0"], early)
    assert roster.settle(done(job), early) == early
    assert roster.claim(early) == [job]


def test_hours_are_learned(roster: Roster) -> None:
    """Hours that nobody gave are those that the first run tells, and those of a later run replace them."""
    roster.enrol(jobs(1), NOON)
    (job,) = roster.claim(NOON + TEN)
    due = roster.settle(attrs.evolve(done(job), hours=MORNING), NOON + TEN)
    assert due is not None
    assert MORNING.include(due)
    roster.enrol(jobs(1), NOON)
    assert roster.changed(["s0"], NOON + TEN) == 1
    assert roster.claim(NOON + 2 * TEN) == []

    roster.due_now(["s0"], NOON + TEN)
    roster.claim(NOON + TEN)
    due = roster.settle(attrs.evolve(done(job, OutcomeKind.RETRY), hours=AROUND_THE_CLOCK), NOON + TEN)
    assert due is not None
    assert due < NOON + 2 * TEN
    roster.changed(["s0"], NOON + TEN)
    assert roster.claim(NOON + TEN) == [job]


def test_hours_that_end_before_it_starts(roster: Roster) -> None:
    """What fell due within the hours, and was not claimed before they ended, waits for the next ones."""
    roster.enrol(jobs(5), NOON - timedelta(hours=3), MORNING)
    assert roster.claim(NOON) == []
    assert roster.lag(NOON) == Lag(5, 0, 0, 0.0)
    assert len(roster.claim(MORNING.at_or_after(NOON) + TEN)) == 5


def test_switched_off_and_told(roster: Roster) -> None:
    """A sync that is off stays off when services tell of changes."""
    roster.enrol(jobs(1), NOON)
    (job,) = roster.claim(NOON + TEN)
    roster.settle(done(job, OutcomeKind.OFF), NOON + TEN)
    assert roster.changed(["s0"], NOON + TEN) == 1
    assert roster.claim(NOON + timedelta(days=365)) == []


def test_tables_of_an_earlier_release(url: str) -> None:
    """A roster that was made before syncs had hours is taken over as it is."""
    with Roster(url) as roster:
        roster.enrol(jobs(1), NOON)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE tallystick_fleet_syncs DROP COLUMN hours"))
    engine.dispose()
    with Roster(url) as roster:
        assert roster.lag(NOON).enrolled == 1
        assert roster.claim(NOON + TEN) == jobs(1)


def test_waits_grow_until_it_is_done(roster: Roster) -> None:
    """Attempts that fail are counted until one is done."""
    roster.enrol(jobs(1), NOON)
    roster.due_now(["s0"], NOON)
    (job,) = roster.claim(NOON)
    waits = [roster.settle(done(job, OutcomeKind.BUSY), NOON) for _ in range(2)]
    waits += [roster.settle(done(job, OutcomeKind.RETRY), NOON) for _ in range(2)]
    roster.settle(done(job), NOON)
    again = roster.settle(done(job, OutcomeKind.RETRY), NOON)

    assert again is not None
    assert waits[3] is not None
    assert (waits[3] - NOON) / (again - NOON) == pytest.approx(8, rel=0.3)


def test_one_tenants_outage(roster: Roster) -> None:
    """When all of a tenant's syncs fail, its others are put off, and everybody else's go on."""
    roster.enrol(jobs(20, "a") + jobs(5, "b"), NOON)
    claimed = roster.claim(NOON + TEN, 25)
    assert len(claimed) == 25
    for job in claimed:
        roster.settle(done(job, OutcomeKind.RETRY if job.tenant == "a" else OutcomeKind.DONE), NOON + TEN)
    roster.due_now([job.sync for job in claimed], NOON + TEN)

    assert {job.tenant for job in roster.claim(NOON + TEN, 25)} == {"b"}
    later = NOON + TEN + timedelta(minutes=2, seconds=1)
    assert [job.tenant for job in roster.claim(later, 25)] == ["a"]


def test_no_tenant_takes_all(url: str) -> None:
    """A tenant with very many syncs starts no more of them than its limit says; the others are not behind for it."""
    with Roster(url, limits=TenantLimits(starts=10), prefix="few_") as roster:
        roster.enrol(jobs(120, "big") + jobs(5, "small"), NOON)
        late, claimed = NOON + TEN, []
        while more := roster.claim(late, 50):
            claimed += [job.tenant for job in more]

        assert (claimed.count("big"), claimed.count("small")) == (10, 5)
        minutes = [len(roster.claim(late + timedelta(seconds=10 * n), 50)) for n in range(1, 31)]
        assert 40 <= sum(minutes) <= 60


@pytest.mark.postgresql
def test_two_engines_at_once() -> None:
    """However many engines claim at once, each sync goes to one of them."""
    with own_database() as url, Roster(url, limits=TenantLimits(starts=10_000)) as roster:
        roster.enrol(jobs(2000, "t"), NOON)
        with ThreadPoolExecutor(8) as pool:
            rounds = [pool.submit(roster.claim, NOON + TEN, 37) for _ in range(80)]
            claimed = [job.sync for one in rounds for job in one.result()]
        while more := roster.claim(NOON + TEN):
            claimed += [job.sync for job in more]

        assert len(claimed) == len(set(claimed)) == 2000


@pytest.mark.postgresql
def test_a_server_that_was_away() -> None:
    """A roster goes on after its server was restarted, and says clearly when there is none."""
    with own_database() as url, Roster(url) as roster:
        roster.enrol(jobs(1), NOON)
        restarted()
        assert len(roster.claim(NOON + TEN)) == 1


def test_no_such_roster(tmp_path: Path) -> None:
    """What cannot be a roster is refused when it is made."""
    with pytest.raises(SettingsError, match="hold"):
        Roster(f"sqlite:///{tmp_path / 'r.db'}", hold=timedelta(0))
    with pytest.raises(StateUnwritable):
        Roster(f"sqlite:///{tmp_path / 'no' / 'r.db'}", pace=Pace())
