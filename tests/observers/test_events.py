"""What those who watch a sync are told, and that watching changes nothing."""

import asyncio
import logging
from collections import Counter
from typing import Any, TypeVar

import attrs
import pytest

from tallystick import MemoryState, Side, Sync
from tallystick.errors import LeaseHeld, StalePlan, SyncDisabled, Unavailable, UsageError
from tallystick.observers import (
    BatchSent,
    CallFailed,
    Doing,
    Event,
    GuardReached,
    Matched,
    PageRead,
    Planned,
    RecordsRead,
    Recovered,
    Retrying,
    RunEnded,
    RunStarted,
    StepEnded,
    event_data,
)
from tallystick.ports import CreateSafety, Status, WriteKind
from tallystick.profiles import maximizer
from tallystick.providers.memory import Quirks
from tallystick.reconcile import Guards, Limit
from tests.simulation.awaited import AwaitedWorld, Recorder
from tests.simulation.crash import Crash, Fuse
from tests.simulation.world import CLIENTS, KEY, World

E = TypeVar("E", bound=Event)


class Heard(list[Event]):
    """An observer that remembers."""

    def __call__(self, event: Event, /) -> None:
        """Remember an event."""
        self.append(event)

    def all(self, kind: type[E]) -> list[E]:
        """Return the events of a kind."""
        return [event for event in self if isinstance(event, kind)]

    def one(self, kind: type[E]) -> E:
        """Return the only event of a kind."""
        (found,) = self.all(kind)
        return found


def watched(world: World, people: int = 3) -> Heard:
    """Give a world some people on the left, and return what will be heard of it."""
    heard = Heard()
    world.observers = [heard]
    for person in range(people):
        world.insert(0, person)
    return heard


def test_a_run_tells_its_story_in_order() -> None:
    """A run begins, reads both sides, matches, plans, writes and ends, and its figures are those of the report."""
    world = World()
    heard = watched(world)
    report = world.run()

    kinds = list(dict.fromkeys(type(event) for event in heard))
    assert kinds == [RunStarted, PageRead, RecordsRead, Matched, Planned, BatchSent, StepEnded, RunEnded]
    assert heard.one(RunStarted).run == report.run
    assert heard.one(RunEnded).report == report
    assert sum(page.items for page in heard.all(PageRead)) == 3
    assert {page.side for page in heard.all(PageRead)} == set(Side)
    assert heard.one(Matched).alone == (3, 0)
    assert heard.one(Planned).steps == {(Side.RIGHT, WriteKind.CREATE): 3}
    assert sum(batch.done for batch in heard.all(BatchSent)) == report.written() == 3
    assert {(step.side, step.kind, step.status) for step in heard.all(StepEnded)} == {
        (Side.RIGHT, WriteKind.CREATE, Status.DONE)
    }
    assert {step.id for step in heard.all(StepEnded)} == set(world.crm.entries.ids())
    assert {event.sync for event in heard} == {world.sync().name}


def test_a_quiet_run_tells_little() -> None:
    """A run with nothing to do tells of no match, no batch and no step."""
    world = World()
    heard = watched(world)
    world.quiet()
    heard.clear()
    world.run()

    assert {type(event) for event in heard} == {RunStarted, PageRead, Planned, RunEnded}
    assert heard.one(Planned).writes == 0


def test_a_plan_and_its_application_are_two_passes() -> None:
    """Planning tells of a pass without a row; applying tells the plan's figures once more, and what became of it."""
    world = World()
    heard = watched(world)
    plan = world.sync().plan()

    assert (heard.one(RunStarted).doing, heard.one(RunStarted).run) == (Doing.PLAN, 0)
    assert heard.one(RunEnded).report is None
    assert heard.one(Planned).writes == len(plan.steps)
    heard.clear()
    report = world.sync().apply(plan)
    assert heard.one(RunEnded) == attrs.evolve(heard.one(RunEnded), doing=Doing.APPLY, run=report.run, report=report)
    assert heard.one(Planned).writes == report.written()


def test_failures_waits_and_guards_are_told() -> None:
    """A call that fails, a wait that a service asks for, and a guard that stops a run are told as they happen."""
    profile = attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), guards=Guards(creates=Limit(share=0.0, floor=3)))
    world = World(profile=profile)
    heard = watched(world)
    world.crm.entries.faults.throttle(1)
    world.run()

    assert (heard.one(CallFailed).where, heard.one(CallFailed).error) == ("right", "throttled")
    assert heard.one(Retrying).seconds > 0
    heard.clear()
    for person in range(10, 20):
        world.insert(0, person)
    world.clock.advance(600)
    world.run()
    guard = heard.one(GuardReached)
    assert (guard.guard, guard.planned, guard.allowed, guard.held) == ("right.creates", 10, 3, False)
    assert heard.index(guard) < heard.index(heard.one(Planned)) < heard.index(heard.one(RunEnded))


def test_a_wait_has_been_told_before_it_is_over() -> None:
    """How long a call took, and when, is told by the sync's own clock."""
    world = World()
    heard = watched(world)
    world.crm.entries.faults.throttle(1)
    world.run()

    retry, ended = heard.one(Retrying), heard.one(RunEnded)
    assert (ended.at - retry.at).total_seconds() >= retry.seconds
    assert ended.seconds >= retry.seconds


def test_a_recovery_is_told() -> None:
    """The run after a crash tells what it has found out about the writes that got no answer."""
    world = World(safety=CreateSafety.SEARCHABLE_TAG)
    heard = watched(world)
    with pytest.raises(Crash):
        world.run(Fuse(1, "after", writes_only=True))
    ended = heard.one(RunEnded)
    heard.clear()
    world.clock.advance(3600)
    world.run()

    assert (ended.report, ended.error) == (None, "Crash")
    assert heard.one(Recovered).settled == 1
    assert heard.index(heard.one(Recovered)) < heard.index(heard.all(PageRead)[0])


def test_a_pass_that_raises_has_an_end() -> None:
    """An error that a call raises is told as the end of its pass; one before it has begun is not."""
    world = World()
    heard = watched(world)
    plan = world.sync().plan()
    world.insert(0, 9)
    heard.clear()
    with pytest.raises(StalePlan):
        world.sync().apply(plan)
    assert (heard.one(RunEnded).error, heard.one(RunEnded).report) == ("stale_plan", None)

    heard.clear()
    world.outlook.contacts.faults.fail("changes", Unavailable("down"), times=1)
    with pytest.raises(Unavailable):
        world.sync().plan()
    assert heard.one(RunEnded).error == heard.one(CallFailed).error == "unavailable"

    heard.clear()
    world.state.acquire(world.sync().name, "another", world.clock.now(), world.sync()._parts.lease)
    with pytest.raises(LeaseHeld):
        world.sync().run()
    world.sync().disable()
    with pytest.raises(SyncDisabled):
        world.sync().run()
    assert not heard


def test_an_observer_that_raises_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The run goes on, the others are told all of it, the error is logged once, and the next pass is told again."""
    world = World()
    heard = watched(world)
    calls = Counter[str]()

    def broken(event: Event) -> None:
        calls[type(event).__name__] += 1
        if isinstance(event, Planned):
            raise ZeroDivisionError

    world.observers = [broken, heard]
    with caplog.at_level(logging.ERROR, logger="tallystick"):
        report = world.run()

    assert report.written() == 3
    assert heard.one(RunEnded).report == report
    assert calls["Planned"] == 1
    assert not calls["RunEnded"]
    (record,) = caplog.records
    assert record.getMessage() == "an observer failed at Planned and is told no more of this pass"
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError
    world.run()
    assert calls["RunStarted"] == 2


@pytest.mark.parametrize("what", ["nothing that can be called", "awaited", "awaited object"])
def test_what_is_no_observer_is_refused(what: str) -> None:
    """What can't be called, or would have to be awaited, is refused when the sync is made."""

    async def awaited(event: Event, /) -> None:
        pass

    class Awaited:
        async def __call__(self, event: Event, /) -> None:
            pass

    given: Any = {"awaited": awaited, "awaited object": Awaited()}.get(what, what)
    world = World()
    left, right = world.sides
    with pytest.raises(UsageError, match="is no observer"):
        Sync("s", left=left, right=right, profile=world.profile, state=MemoryState(), observers=[given])


def world_of(made: type[World], *observers: Heard) -> World:
    """Return a world with something to read page by page, refuse, repeat and throttle."""
    world = made(state=MemoryState(KEY), seed=3, quirks=Quirks(), batch_size=2, read_size=2)
    world.observers = observers
    for person in range(7):
        world.insert(0, person)
    world.insert(1, 3)
    world.crm.entries.faults.refuse(lambda _write: True, "refused", times=1)
    world.crm.entries.faults.throttle(1)
    return world


def test_watching_changes_no_request() -> None:
    """A run that is watched makes the same requests of its providers, its state and its sink as one that is not."""
    heard, requests = Heard(), []
    for observers in ((), (heard,)):
        world, recorder = world_of(World, *observers), Recorder()
        world.run(recorder)
        world.clock.advance(600)
        world.run()
        requests.append((recorder.requests, world.picture(), world.clock.now()))

    assert requests[0] == requests[1]
    assert len(heard) > 10


def test_an_answer_that_is_not_what_was_promised_is_not_touched() -> None:
    """A provider that answers with an iterator is refused by name, watched or not, and nobody is told of its answer."""
    for heard in (None, Heard()):
        world = world_of(World, *([] if heard is None else [heard]))
        search = world.crm.entries.search
        world.crm.entries.search = lambda terms, scope, search=search: iter(search(terms, scope))  # type: ignore[method-assign, misc]
        world.insert(1, 0)
        with pytest.raises(UsageError, match=r"right side, search\(\): the answer is of the type list_iterator"):
            world.run()

        assert heard is None or not heard.all(RecordsRead)


def test_both_drivers_tell_the_same() -> None:
    """Under the async driver an observer is told what it is told under the blocking one."""
    told = []
    for made in (World, AwaitedWorld):
        heard = Heard()
        world = world_of(made, heard)
        world.run()
        # What is asked at once is answered in any order, and one may have waited meanwhile.
        told.append(Counter(str(event_data(event) | {"at": "", "seconds": 0.0}) for event in heard))

    assert told[0] == told[1]


def test_a_cancelled_run_has_an_end() -> None:
    """A run that is cancelled at an await tells its end, with the name of what ended it."""
    world = AwaitedWorld()
    heard = watched(world)

    begun = asyncio.Event()
    world.observers = [heard, lambda _event: begun.set()]

    async def cancelled() -> None:
        run = asyncio.create_task(world.awaited_sync(Fuse()).run_async())
        await begun.wait()
        run.cancel()
        await run

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
    assert heard.one(RunEnded).error == "CancelledError"
