"""Two workers on one sync: one writes at a time, and who was only slow writes nothing more."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, cast

import attrs
import pytest

from tallystick import Report, Sync
from tallystick.errors import LeaseHeld, SettingsError, UsageError
from tallystick.ports import Bid, Commit, RunRow, RunState, State
from tallystick.profiles import maximizer
from tallystick.providers.memory.armed import Method
from tallystick.records import Contact, Entry
from tests.behaviour.conftest import CATEGORY, LIST, NAME, MakeWorld, World, contact, entry

SPAN = timedelta(minutes=5)
LATE = SPAN + timedelta(seconds=1)


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, make_world: MakeWorld) -> World:
    """Return a world in which there is something to do on both sides."""
    world = make_world(sqlite=request.param == "sqlite")
    world.outlook.insert(contact("Ada"))
    world.client(entry("Grace", "Hopper"))
    return world


def worker(world: World, name: str | None, lease: timedelta = SPAN) -> Sync[Contact, Entry]:
    """Return the sync as one worker has it."""
    return Sync(
        NAME,
        left=world.outlook,
        right=world.crm,
        profile=maximizer.contacts(favourite_list=LIST, category=CATEGORY),
        state=world.state,
        clock=world.clock,
        worker=name,
        lease=lease,
    )


def test_second_worker_is_refused(world: World) -> None:
    """While a run goes on, another worker is told who is at it, whatever name either has."""
    refused: list[LeaseHeld] = []

    def meanwhile(batch: object) -> None:
        for name in (None, "two"):
            with pytest.raises(LeaseHeld, match="is at work on this sync") as caught:
                worker(world, name).run()
            refused.append(caught.value)

    world.crm.faults.before("create", meanwhile)
    report = worker(world, None).run()

    assert report.state is RunState.COMPLETE
    assert len(refused) == 2
    assert {error.until > world.clock.now() for error in refused} == {True}
    assert len(worker(world, "two").history()) == 1


class Meanwhile:
    """A state to which something happens right after its runs were asked for, once."""

    def __init__(self, state: State, happens: Callable[[], object]) -> None:
        self._state = state
        self._happens = [happens]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the state has
        return getattr(self._state, name)

    def runs(self, sync: str, limit: int) -> Sequence[RunRow]:
        """Return the newest runs first, as they were before it happened."""
        rows = self._state.runs(sync, limit)
        while self._happens:
            self._happens.pop()()
        return rows


def overtaken(world: World, happens: Callable[[], object]) -> Sync[Contact, Entry]:
    """Return a sync to which something happens while it begins its run."""
    return worker(attrs.evolve(world, state=cast("State", Meanwhile(world.state, happens))), "one")


def test_a_run_that_is_asked_for_while_one_begins_is_that_one(world: World) -> None:
    """Who asks for a run at the moment at which one begins is given that one: none is left to be made."""
    report = overtaken(world, worker(world, "two").enqueue).run()

    (row,) = worker(world, "two").history()
    assert (row.state, row.number) == (RunState.COMPLETE, report.run)
    assert row.enqueued is not None


def test_a_run_that_is_cut_off_while_another_begins_is_closed(world: World) -> None:
    """Where somebody else's run begins and dies between the first look at the runs and the lease, it is closed."""

    def dies() -> None:
        now = world.clock.now()
        begun = Commit(run=RunRow(RunState.SYNCING, started=now), bid=Bid("one", now, SPAN))
        world.state.commit(NAME, begun)

    report = overtaken(world, dies).run()

    assert report.state is RunState.COMPLETE
    assert [row.state for row in worker(world, "two").history()] == [RunState.COMPLETE, RunState.WARNING]


@pytest.mark.parametrize("late", ["changes", "search", "create"])
def test_late_worker_writes_nothing_more(world: World, late: Method) -> None:
    """A worker that hangs past its lease, while another does all there is to do, writes nothing when it comes back."""
    reports: list[Report] = []

    def hang(batch: object) -> None:
        if not hung:
            hung.append(True)
            world.clock.advance(LATE)
            reports.append(worker(world, "two").run())
            before.append((world.written(), world.shown()))

    before: list[object] = []
    hung: list[bool] = []
    world.outlook.faults.after(late, hang)
    report = worker(world, "one").run()

    assert (report.state, "lease" in report.note) == (RunState.WARNING, True)
    assert before == [(world.written(), world.shown())]
    rows = worker(world, "three").history()
    assert [row.state for row in rows] == [RunState.COMPLETE, RunState.WARNING]
    assert "cut off" in rows[1].note

    for _ in range(2):
        world.clock.advance(timedelta(hours=1))
        report = worker(world, "three").run()
    assert reports[0].state is report.state is RunState.COMPLETE
    assert (len(world.outlook.all()), len(world.crm.all()), report.written()) == (2, 2, 0)


def test_no_batch_without_the_lease(world: World) -> None:
    """A batch is not sent, nor sent again after a wait, once another worker has taken over."""
    world.outlook.faults.throttle(1, 60, method="create")
    slept = world.clock.sleep

    def sleep(seconds: float) -> None:
        world.clock.sleep = slept  # type: ignore[method-assign]
        world.clock.advance(2 * LATE)
        worker(world, "two").run()

    world.clock.sleep = sleep  # type: ignore[method-assign]
    report = worker(world, "one").run()

    assert "lease" in report.note
    assert not report.writes
    for _ in range(2):
        world.clock.advance(timedelta(hours=1))
        worker(world, "two").run()
    assert (len(world.outlook.all()), len(world.crm.all())) == (2, 2)


def test_a_wait_is_provided_for(world: World) -> None:
    """A wait that a service asks for does not cost the lease, though it is longer than that."""
    world.outlook.faults.throttle(2, 200, method="create")
    report = worker(world, "one", timedelta(seconds=30)).run()

    assert report.state is RunState.COMPLETE


def test_slow_and_alone(world: World) -> None:
    """A worker that was slower than its lease goes on if nobody else came."""
    world.crm.faults.before("create", lambda batch: world.clock.advance(3 * SPAN))
    world.outlook.faults.before("changes", lambda batch: world.clock.advance(3 * SPAN))
    report = worker(world, "one").run()

    assert report.state is RunState.COMPLETE
    assert report.written() == 2


@pytest.mark.parametrize("fault", [KeyboardInterrupt, UsageError("a fault in the provider")])
def test_given_back(world: World, fault: BaseException | type[BaseException]) -> None:
    """However a run ends, its lease is given back: another worker need not wait."""
    world.crm.faults.fail("create", fault if isinstance(fault, BaseException) else fault())
    with pytest.raises(fault if isinstance(fault, type) else type(fault)):
        worker(world, "one").run()

    assert worker(world, "two").run().run == 2


def test_killed(world: World) -> None:
    """After a worker that was killed others wait for its lease to run out; itself, started anew, need not."""
    world.state.acquire(NAME, "one", world.clock.now(), SPAN)
    with pytest.raises(LeaseHeld, match="'one'"):
        worker(world, "two").run()
    assert worker(world, "one").run().state is RunState.COMPLETE

    world.state.acquire(NAME, "one", world.clock.now(), SPAN)
    world.clock.advance(LATE)
    assert worker(world, "two").run().state is RunState.COMPLETE


def test_plans_need_no_lease(world: World) -> None:
    """A plan only reads: it is made while another worker is at it, and applied when that one is done."""
    lease = world.state.acquire(NAME, "one", world.clock.now(), SPAN)
    plan = worker(world, "two").plan()
    with pytest.raises(LeaseHeld):
        worker(world, "two").apply(plan)

    world.state.release(NAME, lease.token)
    assert worker(world, "two").apply(plan).state is RunState.COMPLETE


def test_lease_without_length(world: World) -> None:
    """A lease that would be over before a run has begun is refused."""
    with pytest.raises(SettingsError, match="longer than the longest call"):
        worker(world, "one", timedelta(0))


def test_a_clock_set_back_keeps_nobody_from_the_sync(world: World) -> None:
    """What a worker took before the clock was set back by hours, and never gave back, is not waited for."""
    world.state.acquire(NAME, "one", world.clock.now(), SPAN)
    world.clock.advance(-timedelta(hours=5))

    assert worker(world, "two").enqueue().state is RunState.ENQUEUED
    report = worker(world, "two").run()
    assert (report.state, report.written()) == (RunState.COMPLETE, 2)


@pytest.mark.parametrize("method", ["changes", "search", "create"])
def test_a_clock_set_back_in_the_middle_of_a_run(world: World, method: Method) -> None:
    """The run goes on under its lease, as long as it takes from then on, and nobody else comes between."""
    told: list[str] = []

    def back(batch: object) -> None:
        if not told:
            world.clock.advance(-timedelta(hours=5))
        told.append("")

    def slow(batch: object) -> None:
        world.clock.advance(timedelta(minutes=2))
        if told:
            with pytest.raises(LeaseHeld):
                worker(world, "two").run()

    world.outlook.faults.after(method, back)
    world.crm.faults.before("create", slow)
    world.crm.faults.before("update", slow)
    report = worker(world, "one").run()

    assert told
    assert (report.state, report.written()) == (RunState.COMPLETE, 2)
