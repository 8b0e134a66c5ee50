"""A fleet on an executor: threads and processes run what is due, and twice does no harm."""

import multiprocessing
import os
import random
import signal
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tallystick.errors import UsageError
from tallystick.fleet import OutcomeKind, SyncJob, SyncOutcome, sync_one
from tallystick.fleet.executor import ExecutorFleet
from tallystick.fleet.roster import Roster
from tallystick.providers.memory import VirtualClock
from tests.fleet.judging import Users
from tests.fleet.town import Town, job_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MAILBOXES = 8


def pool(kind: str) -> Executor:
    """Return an executor of two workers."""
    if kind == "threads":
        return ThreadPoolExecutor(2)
    return ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_everybody_is_served(kind: str, town: Town, roster: Roster) -> None:
    """Every mailbox is synced, edits of both sides arrive, and no two workers are ever in one mailbox at once."""
    clock, users = VirtualClock(NOON), Users(town)
    random_ = random.Random(1)
    people = [(str(n), users.add(str(n), random_.randrange(2))) for n in range(MAILBOXES) for _ in range(2)]
    roster.enrol(map(job_of, range(MAILBOXES)), clock.now())
    with pool(kind) as executor:
        fleet = ExecutorFleet(roster, executor, at_once=4, clock=clock)
        for _ in range(2):
            clock.advance(timedelta(minutes=11))
            outcomes = fleet.run_once()
            assert sorted(one.sync for one in outcomes) == sorted(job_of(n).sync for n in range(MAILBOXES))
            assert {one.kind for one in outcomes} == {OutcomeKind.DONE}
            for mailbox, who in people:
                users.edit(mailbox, random_.randrange(2), who)
        clock.advance(timedelta(minutes=11))
        fleet.run_once()
        clock.advance(timedelta(minutes=11))
        last = fleet.run_once()

    assert {one.counts["written"] for one in last} == {0}
    users.check()


def test_delivered_twice(town: Town) -> None:
    """The same job delivered eight times at once is done by one worker at a time, and nothing is doubled."""
    users = Users(town)
    for side in (0, 1, 0):
        users.add("1", side)
    with ThreadPoolExecutor(8) as executor:
        kinds = [one.kind for one in executor.map(sync_one, [job_of(1)] * 8)]
    sync_one(job_of(1))

    assert OutcomeKind.DONE in kinds
    assert set(kinds) <= {OutcomeKind.DONE, OutcomeKind.BUSY}
    users.check()


class Telling(VirtualClock):
    """A clock that tells one thing, whatever it is."""

    def __init__(self, told: Any) -> None:  # noqa: ANN401 -- that is the point
        super().__init__()
        self._told = told

    def now(self) -> Any:  # noqa: ANN401 -- that is the point
        """Return what is told."""
        return self._told


@pytest.mark.parametrize("told", [datetime(2026, 3, 1, 12), None], ids=["naive", "none"])  # noqa: DTZ001 -- on purpose
def test_a_clock_that_tells_no_instant_is_named(told: Any, town: Town, roster: Roster) -> None:  # noqa: ANN401 -- that
    """A fleet and a single job say so before anything is claimed or done, and the fleet goes on with another clock."""
    clock = VirtualClock(NOON)
    roster.enrol([job_of(1)], clock.now())
    clock.advance(timedelta(minutes=11))
    wrong = Telling(told)
    with ThreadPoolExecutor(1) as executor:
        for act in (ExecutorFleet(roster, executor, clock=wrong).run_once, lambda: sync_one(job_of(1), clock=wrong)):
            with pytest.raises(UsageError, match=r"clock, now\(\): the answer is .* and has to be an instant"):
                act()
        (done,) = ExecutorFleet(roster, executor, clock=clock).run_once()

    assert done.kind is OutcomeKind.DONE


def test_it_stops_when_told(town: Town, roster: Roster) -> None:
    """A fleet that is told to stop takes up nothing more, and waits between looks."""
    clock = VirtualClock(NOON)
    roster.enrol(map(job_of, range(3)), clock.now())
    with ThreadPoolExecutor(1) as executor:
        fleet = ExecutorFleet(roster, executor, clock=clock)
        fleet.run_until(lambda: clock.now() > NOON + timedelta(minutes=10), pause=60)

    assert roster.lag(clock.now()).claimed == 0
    assert clock.slept
    assert set(clock.slept) == {60}


def dies(job: SyncJob) -> SyncOutcome:
    """Die as a worker does that is killed."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_a_worker_that_dies(town: Town, roster: Roster, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that is lost with its worker falls due again; a broken executor is named as one."""
    clock = VirtualClock(NOON)
    roster.enrol([job_of(1)], clock.now())
    clock.advance(timedelta(minutes=10))
    monkeypatch.setattr("tallystick.fleet.executor.sync_one", dies)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        fleet = ExecutorFleet(roster, executor, clock=clock)
        assert fleet.run_once() == []
        assert roster.lag(clock.now()).claimed == 1
        clock.advance(timedelta(minutes=30))
        with pytest.raises(UsageError, match="takes no more jobs"):
            fleet.run_once()

    monkeypatch.undo()
    clock.advance(timedelta(minutes=30))
    monkeypatch.setenv("TOWN", str(town.folder))
    monkeypatch.setenv("TOWN_STATE", str(town.folder / "state.db"))
    with ThreadPoolExecutor(1) as threads:
        assert [one.kind for one in ExecutorFleet(roster, threads, clock=clock).run_once()] == [OutcomeKind.DONE]
