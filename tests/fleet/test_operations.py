"""What an operator does to a fleet: restore it from a backup, erase a person, stop it in the middle."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import OutcomeUnknown
from tallystick.fleet import OutcomeKind, SyncOutcome, sync_one
from tallystick.fleet.executor import ExecutorFleet
from tallystick.fleet.factory import opened
from tallystick.fleet.roster import Lag, Roster
from tallystick.providers.memory import VirtualClock
from tallystick.sync import Sync
from tests.fleet.judging import Users
from tests.fleet.town import Town, TownProvider, close_states, job_of, state_at

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAILBOXES = 4

Run = Callable[[], list[SyncOutcome]]


@pytest.fixture
def clock() -> VirtualClock:
    """Return the fleet's clock."""
    return VirtualClock(NOON)


@pytest.fixture
def run(town: Town, tmp_path: Path, clock: VirtualClock) -> Run:
    """Return what runs every mailbox once, as a fleet that was started anew."""

    def run() -> list[SyncOutcome]:
        clock.advance(timedelta(minutes=30))
        with Roster(f"sqlite:///{tmp_path / 'roster.db'}") as roster, ThreadPoolExecutor(2) as pool:
            roster.enrol(map(job_of, range(MAILBOXES)), clock.now())
            clock.advance(timedelta(minutes=11))
            outcomes = ExecutorFleet(roster, pool, clock=clock).run_once()
        close_states()
        return outcomes

    return run


def edits(users: Users, people: list[tuple[str, str]]) -> None:
    """Have every person changed on both sides."""
    for mailbox, who in people:
        for side in (0, 1):
            users.edit(mailbox, side, who)


@pytest.mark.parametrize("lost", [("state.db",), ("roster.db",), ("state.db", "roster.db")], ids="+".join)
def test_restored_from_a_backup(lost: tuple[str, ...], town: Town, tmp_path: Path, run: Run) -> None:
    """A fleet that is put back to an older copy, in part or whole, doubles nothing, deletes nothing, loses nothing."""
    users = Users(town)
    people = [(str(n), users.add(str(n), n % 2)) for n in range(MAILBOXES)]
    run()
    edits(users, people)
    run()
    backup = tmp_path / "backup"
    backup.mkdir()
    for name in lost:
        shutil.copy(tmp_path / name, backup / name)

    people += [(str(n), users.add(str(n), (n + 1) % 2)) for n in range(MAILBOXES)]
    run()
    edits(users, people[2:])
    run()
    edits(users, people[:2])  # which no run has seen when the disk is lost
    for name in lost:
        for leftover in tmp_path.glob(f"{name}-*"):
            leftover.unlink()
        shutil.copy(backup / name, tmp_path / name)

    outcomes = run()
    users.check()
    edits(users, people)
    run()
    outcomes = run()
    assert {(one.kind, one.counts["written"]) for one in outcomes} == {(OutcomeKind.DONE, 0)}
    users.check()


def test_erased(town: Town, roster: Roster, run: Run, clock: VirtualClock) -> None:
    """After a person was erased, neither roster nor state knows of their mailbox, and the others go on."""
    users = Users(town)
    for n in range(MAILBOXES):
        users.add(str(n), 0)
    run()
    job = job_of(1)
    roster.withdraw(job.sync)
    with opened(job) as sync:
        assert isinstance(sync, Sync)
        assert sync.forget().pairs == 1
        assert sync.status().pairs == 0
    state = state_at(str(town.folder / "state.db"))
    assert [state.head(job_of(n).sync).links for n in range(MAILBOXES)] == [1, 0, 1, 1]
    assert roster.due_now([job.sync], clock.now()) == 0
    assert roster.lag(clock.now()).enrolled == MAILBOXES - 1


def test_figures_to_watch(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not known to have arrived is seen in the outcome and in the state, since when, until a run finds out."""
    users, job = Users(town), job_of(1)
    users.add("1", 0)
    create = TownProvider.create

    def unanswered(*given: Any) -> Any:  # noqa: ANN401 -- a provider's
        create(*given)
        raise OutcomeUnknown("no answer")

    began = datetime.now(UTC)
    with monkeypatch.context() as patched:
        patched.setattr(TownProvider, "create", unanswered)
        outcome = sync_one(job)
    state = state_at(str(town.folder / "state.db"))
    assert outcome.counts["in_doubt"] == 1
    assert began - timedelta(seconds=1) < min(batch.at for batch in state.batches(job.sync)) <= datetime.now(UTC)

    assert sync_one(job).counts["in_doubt"] == 0
    assert not state.batches(job.sync)
    users.check()


def test_stopped_in_the_middle(town: Town, roster: Roster, clock: VirtualClock) -> None:
    """A fleet that is stopped finishes what it has begun, claims no more, and another goes on where it was."""
    users = Users(town)
    for n in range(MAILBOXES):
        users.add(str(n), 0)
    roster.enrol(map(job_of, range(MAILBOXES)), clock.now())
    clock.advance(timedelta(minutes=10))
    looks = iter([False, False, False, True])
    with ThreadPoolExecutor(1) as pool:
        ExecutorFleet(roster, pool, at_once=1, clock=clock).run_until(lambda: next(looks, True))
    left = roster.lag(clock.now())
    assert left.claimed == 0
    assert 0 < left.due < MAILBOXES

    with ThreadPoolExecutor(1) as pool:
        ExecutorFleet(roster, pool, clock=clock).run_once()
    assert roster.lag(clock.now()) == Lag(MAILBOXES, 0, 0, 0.0)
    users.check()
