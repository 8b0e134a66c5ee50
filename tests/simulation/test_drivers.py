"""The blocking and the async driver make the same requests, and a cancelled run is a run that crashed."""

import asyncio
import threading
from collections import Counter
from random import Random
from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Sync
from tallystick.errors import UsageError
from tallystick.ports import CreateSafety
from tallystick.providers.memory import Quirks
from tests.simulation.awaited import PORTS, Awaited, AwaitedWorld, Recorder, Scissors
from tests.simulation.crash import Crash, Fuse
from tests.simulation.history import SAFETIES as SETTINGS
from tests.simulation.program import Carried, drawn
from tests.simulation.scenarios import SCENARIOS, Scenario
from tests.simulation.test_crashes import LATE, SOON, attempt
from tests.simulation.world import KEY, World

MIXED = (PORTS, ("left",), ("right", "sink"), ("left", "right"), ("state",))


NOTES = ("cut off by CancelledError;", "interrupted;")
"""What the row of a run says that was cancelled, and of one that was interrupted: the one difference there is."""


@attrs.define
class Cut(Recorder):
    """Ends a run at a request as an interrupt or a cancellation does: what closes the run is still asked for.

    What is asked of the sides at once with that request is cancelled with it, before it is sent. An interrupt that a
    provider raises is ``raised`` too: under an event loop it is a cancellation.
    """

    raised: type[BaseException] = KeyboardInterrupt
    is_cut: bool = False
    ended: bool = False

    def call(
        self,
        name: str,
        method: str,
        function: Any,  # noqa: ANN401 -- a method of a port
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> object:
        """Carry out one request, or not, or don't come back from it."""
        if self.ended and name in ("left", "right"):
            raise self.raised
        try:
            return super().call(name, method, function, args, kwargs)
        except (KeyboardInterrupt, Crash):
            if self.dead and not self.is_cut:
                raise
            self.ended, self.dead = True, False
            raise self.raised from None


class RecordedWorld(World):
    """A world of the blocking driver that writes down every request; ``cuts`` says which runs are cut."""

    requests: list[str]
    cuts: Random | None = None

    def run(self, fuse: Fuse | None = None) -> Any:  # noqa: ANN401 -- a report
        """Run once."""
        recorder = _recorder(fuse, self.cuts, KeyboardInterrupt)
        try:
            return super().run(recorder)
        finally:
            self.requests += recorder.requests


class RecordedAwaitedWorld(AwaitedWorld):
    """A world of the async driver that writes down every request; ``cuts`` says which runs are cut."""

    requests: list[str]
    cuts: Random | None = None

    def run(self, fuse: Fuse | None = None) -> Any:  # noqa: ANN401 -- a report
        """Run once; whoever cancels it is told as one who interrupts it."""
        recorder = _recorder(fuse, self.cuts, asyncio.CancelledError)
        try:
            return super().run(recorder)
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
        finally:
            self.requests += [request.replace(*NOTES) for request in recorder.requests]


def _recorder(fuse: Fuse | None, cuts: Random | None, raised: type[BaseException]) -> Cut:
    """Return what writes down a run, and strikes it as the program says; every third run of others is cut."""
    if fuse is not None:
        return Cut(fuse.at, fuse.flavour, fuse.writes_only, raised=raised)
    if cuts is not None and cuts.randrange(3) == 0:
        return Cut(cuts.randrange(1, 40), cuts.choice(("before", "after")), raised=raised, is_cut=True)
    return Cut(raised=raised)


def world_of(seed: int, made: Any) -> Any:  # noqa: ANN401 -- either class of world
    """Return the world that a seed's program is carried out in."""
    safety, lag = SETTINGS[seed % len(SETTINGS)]
    world = made(
        safety=safety,
        lag=lag,
        seed=seed,
        quirks=Quirks(replays=bool(seed % 2)),
        batch_size=(None, 1, 2)[seed % 3],
        read_size=(1, 2, 200)[seed % 3],
        state=MemoryState(KEY),
    )
    world.requests = []
    return world


def history(seed: int, made: Any) -> tuple[Any, ...]:  # noqa: ANN401 -- either class of world
    """Return all requests of a seed's history, interrupts and cancellations included, and where it ended."""
    world = world_of(seed, made)
    if isinstance(world, AwaitedWorld):
        world.awaited = MIXED[seed % len(MIXED)]
    carried = Carried(world)
    world.cuts = Random(seed)
    carried.all(drawn(seed))
    world.cuts = None
    carried.finish()
    return (world.requests, world.picture(), world.clock.now(), world.clock.slept, carried.counts)


def compared(seeds: range) -> tuple[list[int], Counter[str]]:
    """Return the seeds whose histories are not the same under both drivers, and what happened in them all."""
    different, happened = [], Counter[str]()
    for seed in seeds:
        blocking, awaited = history(seed, RecordedWorld), history(seed, RecordedAwaitedWorld)
        if blocking != awaited:
            different.append(seed)
        happened += blocking[-1]
        happened["request"] += len(blocking[0])
    return different, happened


@pytest.mark.behaviour("TS-09")
def test_both_drivers_make_the_same_requests() -> None:
    """The same history makes the same requests in the same order, whether ports are awaited, block, or some of each.

    So do runs that crash, and those that are interrupted under the one driver and cancelled under the other.
    """
    different, happened = compared(range(60))

    assert different == []
    assert happened["request"] > 1000
    assert happened["crashed"] > 5
    assert happened["interrupted"] > 15


@pytest.mark.soak
@pytest.mark.behaviour("TS-09")
def test_both_drivers_make_the_same_requests_in_a_thousand_histories() -> None:
    """The same, over a thousand seeds."""
    different, happened = compared(range(1_000))

    assert different == []
    assert happened["crashed"] > 100
    assert happened["interrupted"] > 300


@pytest.mark.behaviour("TS-09", "TS-03")
@pytest.mark.parametrize("name", ["new on left", "different fields", "mixture"])
def test_a_cancellation_at_any_await_ends_in_the_same_state_as_none(name: str) -> None:
    """Whatever a run waits for when it is cancelled, the next runs end where a run that was not cancelled does."""
    cancel_everywhere(next(one for one in SCENARIOS if one.name == name), ever=name == "mixture")


@pytest.mark.soak
@pytest.mark.behaviour("TS-09", "TS-03")
@pytest.mark.parametrize("ever", [False, True], ids=["once", "and ever after"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scenario_survives_every_cancellation(scenario: Scenario, ever: bool) -> None:
    """The same for every scenario, also where what a cancelled run does last is cancelled, too."""
    cancel_everywhere(scenario, ever=ever)


def cancel_everywhere(scenario: Scenario, *, ever: bool) -> None:
    """Cancel at every await in turn, once or from there on."""

    def begun() -> AwaitedWorld:
        world = scenario.begin(AwaitedWorld(safety=CreateSafety.SEARCHABLE_TAG))
        assert isinstance(world, AwaitedWorld)
        return world

    clean, counting = begun(), Scissors()
    clean.run_cut(counting)
    clean.quiet()
    expected, failures, cancelled = clean.picture(), [], 0
    for at in range(1, counting.count + 1):
        for gap in (SOON, LATE):
            world = begun()
            try:
                world.run_cut(Scissors(at, ever))
            except asyncio.CancelledError:
                cancelled += 1

            def settle(world: World = world, gap: float = gap) -> None:
                world.clock.advance(gap)
                world.run()
                world.quiet()
                world.check()
                assert world.picture() == expected, "not the same as without a cancellation"

            if error := attempt(settle):
                failures.append(f"await {at}, next run after {gap}: {type(error).__name__}: {str(error)[:200]}")

    assert not failures, "\n".join(failures[:8])
    assert cancelled >= counting.count


@pytest.mark.behaviour("TS-09")
def test_a_cancelled_run_says_so_in_the_history() -> None:
    """The row of a run that was cancelled is closed with a note, and nobody has to wait for its lease."""
    world = AwaitedWorld()
    world.insert(0, 1)
    with pytest.raises(asyncio.CancelledError):
        world.run_cut(Scissors(18))

    last = world.sync().history(1)[0]
    assert last.note == "cut off by CancelledError; nothing is lost, the next run goes on"
    assert world.sync().run().written() == 1


@pytest.mark.behaviour("TS-09")
def test_both_feeds_are_read_at_once_and_batches_a_few_at_a_time() -> None:
    """The two sides' feeds are under way at the same time, and of one side's readings no more than four."""
    world = World(read_size=1, batch_size=20)
    for person in range(12):
        world.insert(person % 2, person)
    world.quiet()
    for one in world.outlook.contacts.ids()[:6]:
        world.outlook.contacts.edit(one, job_title=f"written on {one}")
    under_way, most = dict.fromkeys(PORTS, 0), dict.fromkeys(PORTS, 0)
    together = set()

    class Watched(Awaited):
        def __getattr__(self, method: str) -> Any:  # noqa: ANN401 -- whatever the port has
            found = super().__getattr__(method)
            if not callable(found):
                return found

            async def call(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- whatever it takes
                under_way[self._name] += 1
                most[self._name] = max(most[self._name], under_way[self._name])
                together.add(tuple(name for name in PORTS if under_way[name]))
                reply = await found(*args, **kwargs)
                under_way[self._name] -= 1
                return reply

            return call

    ports: Any = {
        name: Watched(name, port, Fuse())
        for name, port in zip(PORTS, (*world.sides, world.state, world.sink), strict=True)
    }
    sync = Sync("simulated", profile=world.profile, clock=world.clock, **ports)
    asyncio.run(sync.run_async())

    assert ("left", "right") in together
    assert (most["left"], most["right"], most["state"]) == (1, 4, 1)


@pytest.mark.behaviour("TS-09")
def test_awaited_ports_are_refused_by_what_blocks() -> None:
    """Calling a blocking method on awaited ports names the port and the method to call, before anything is asked."""
    world = AwaitedWorld()

    with pytest.raises(UsageError, match=r"left: .* has to be awaited.*run_async"):
        world.awaited_sync(Fuse()).run()


@pytest.mark.behaviour("TS-09")
def test_a_provider_that_blocks_runs_in_a_thread_where_the_host_asks_for_it() -> None:
    """Without the option a blocking provider is called in the loop's own thread, with it in others."""
    for in_threads in (False, True):
        world = World()
        world.insert(0, 1)
        threads: set[bool] = set()

        def note(_batch: object, threads: set[bool] = threads) -> None:
            threads.add(threading.current_thread() is threading.main_thread())

        world.crm.entries.faults.before("changes", note)
        world.crm.entries.faults.before("create", note)
        sync = Sync(
            "simulated",
            left=world.outlook.contacts,
            right=world.crm.entries,
            profile=world.profile,
            state=world.state,
            clock=world.clock,
            in_threads=in_threads,
        )
        report = asyncio.run(sync.run_async())

        assert report.written() == 1
        assert threads == {not in_threads}


@pytest.mark.behaviour("TS-09", "TS-01")
def test_a_plan_is_made_and_applied_by_the_async_methods() -> None:
    """Planning, applying, explaining and undoing work under the async driver as under the blocking one."""
    world = AwaitedWorld()
    one = world.insert(0, 1)

    async def both() -> None:
        sync = world.awaited_sync(Fuse())
        plan = await sync.plan_async()
        assert [str(step.kind) for step in plan.steps] == ["create"]
        assert (await sync.apply_async(plan)).written() == 1
        assert (await sync.explain_async("left", one)).standing == "in sync"

    asyncio.run(both())
    assert len(world.sides[1].all()) == 1
