"""Every method of a sync has a form that is awaited, and the two do and say the same."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import attrs
import pytest

from tallystick import Sync
from tallystick.errors import UnknownRecord, UsageError
from tallystick.ports import AsyncState, State
from tallystick.profiles import maximizer
from tallystick.reconcile import ConflictPolicy, Guards, Limit, Winner
from tests.simulation.awaited import PORTS, AwaitedWorld
from tests.simulation.crash import Fuse
from tests.simulation.world import CATEGORY, CLIENTS, World, contact

Step = Callable[[Any], object]


def public(cls: type) -> dict[str, Callable[..., object]]:
    """Return the public methods of a class."""
    return {name: one for name, one in inspect.getmembers(cls, inspect.isfunction) if not name.startswith("_")}


@pytest.mark.behaviour("TS-09")
def test_every_method_has_an_awaited_form() -> None:
    """A host under an event loop lacks nothing: each method has a form with _async that takes and returns the same."""
    methods = public(Sync)
    blocking = [name for name in methods if not name.endswith("_async")]

    assert len(blocking) > 18
    for name in blocking:
        twin = methods[f"{name}_async"]
        assert inspect.iscoroutinefunction(twin), name
        assert inspect.signature(twin) == inspect.signature(methods[name])
        assert twin.__doc__


def test_an_async_state_promises_what_a_state_does() -> None:
    """The awaited protocol has the methods of the blocking one, with the same arguments, and awaits each."""
    methods, twins = public(State), public(AsyncState)

    assert list(methods) == list(twins)
    for name, twin in twins.items():
        assert inspect.iscoroutinefunction(twin)
        assert list(inspect.signature(twin).parameters) == list(inspect.signature(methods[name]).parameters)


class Under:
    """Calls a sync of a world by one form of its methods."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            if not isinstance(self.world, AwaitedWorld):
                return getattr(self.world.sync(), name)(*args, **kwargs)

            async def awaited() -> object:
                assert isinstance(self.world, AwaitedWorld)
                found: Awaitable[object] = getattr(self.world.awaited_sync(Fuse()), f"{name}_async")(*args, **kwargs)
                return await found

            return asyncio.run(awaited())

        return call


def said(step: Step, sync: Under) -> object:
    """Return what a step answered, or which error it raised."""
    try:
        return step(sync)
    except (UsageError, UnknownRecord) as error:
        return (type(error), str(error))


@contextmanager
def both() -> Iterator[tuple[World, World]]:
    """Yield two worlds that are the same, one of which is awaited: a conflict, an unfit record, a refused one."""
    policy = ConflictPolicy(Winner.HOLD)
    profile = attrs.evolve(
        maximizer.contacts(favourite_list=CLIENTS), conflict=policy, guards=Guards(creates=Limit(share=0.0, floor=3))
    )
    worlds: list[World] = [World(profile=profile), AwaitedWorld(profile=profile)]
    for world in worlds:
        for person in (1, 2):
            world.insert(0, person, company_name="before", file_as="kept")
        world.outlook.contacts.insert(attrs.evolve(contact(3), given_name="", surname=""), lists=(CATEGORY,))
        world.quiet()
        world.write(0, 1, 0, "from the left")
        world.write(1, 1, 0, "from the right")
        world.crm.entries.faults.refuse(lambda _write: True, "refused", times=1)
        world.insert(0, 4)
        world.clock.advance(600)
        world.run()
    yield (worlds[0], worlds[1])


STEPS: dict[str, Step] = {
    "status": lambda sync: sync.status(),
    "history": lambda sync: sync.history(2),
    "ignored": lambda sync: sync.ignored(),
    "conflicts": lambda sync: sync.conflicts(),
    "failed": lambda sync: sync.failed(),
    "scopes": lambda sync: [list(sync.scopes(side)) for side in ("left", "right")],
    "explain": lambda sync: sync.explain("left", sync.conflicts()[0].id),
    "explain nobody": lambda sync: sync.explain("left", "nobody"),
    "release": lambda sync: [sync.release(row.side, row.id) for row in sync.failed()] + [sync.failed()],
    "release nobody": lambda sync: sync.release("left", "nobody"),
    "resolve": lambda sync: sync.resolve(sync.conflicts()[0].id, winner="left").summary(),
    "errors": lambda sync: (sync.errors(), sync.errors(resolvable=True)),
    "compare": lambda sync: sync.compare(sync.conflicts()[0].id),
    "correct": lambda sync: sync.correct(
        "left", sync.ignored()[0].id, {"surname": "Mended", "given_name": "Now"}
    ).summary(),
    "resolve by rule": lambda sync: sync.resolve(sync.conflicts()[0].id, rules={"company": "right"}).summary(),
    "resolve nothing": lambda sync: sync.resolve("nothing", winner="left"),
    "pair nobody": lambda sync: sync.pair("nobody", "no one"),
    "off and on": lambda sync: (sync.disable(), sync.status(), sync.run_if_due(), sync.enable(), sync.status()),
    "enqueue": lambda sync: (sync.enqueue(), sync.enqueue(), sync.run_if_due() is not None),
    "not due": lambda sync: (sync.run() and None, sync.run_if_due()),
    "confirm nothing": lambda sync: sync.confirm(),
    "prune": lambda sync: sync.prune(timedelta(0)),
    "undo without a sink for it": lambda sync: sync.undo(1),
    "plan and apply": lambda sync: sync.apply(sync.plan()).summary(),
    "forget one": lambda sync: (sync.forget("left", sync.conflicts()[0].id), sync.status()),
    "forget whom": lambda sync: sync.forget("left"),
    "forget all": lambda sync: (sync.forget(), sync.status()),
}


@pytest.mark.behaviour("TS-09")
@pytest.mark.parametrize("name", STEPS)
def test_both_forms_do_and_say_the_same(name: str) -> None:
    """Over the same world both forms of a method answer the same, and leave the same behind."""
    with both() as (blocking, awaited):
        answers = [said(STEPS[name], Under(world)) for world in (blocking, awaited)]

        assert answers[0] == answers[1]
        assert blocking.picture() == awaited.picture()


@pytest.mark.behaviour("TS-09", "TS-07")
def test_figures_are_confirmed_by_either_form() -> None:
    """What a guard stopped is confirmed, and the next run goes ahead, under either driver."""
    with both() as worlds:
        for world in worlds:
            for person in range(10, 20):
                world.insert(0, person)
            world.clock.advance(600)
            sync: Any = Under(world)
            stopped = sync.run()
            figures = sync.confirm()
            done = sync.run()

            assert stopped.written() == 0
            assert figures["right.creates"] > 3
            assert done.written() >= 10
        assert worlds[0].picture() == worlds[1].picture()


def test_looking_asks_nothing_of_the_sides() -> None:
    """With a state that blocks, what is kept can be looked at by the blocking form although the sides are awaited."""
    with both() as (_, awaited):
        assert isinstance(awaited, AwaitedWorld)
        awaited.awaited = ("left", "right")
        sync = awaited.awaited_sync(Fuse())

        assert sync.status().pairs == 2
        assert len(sync.history(2)) == 2
        assert len(sync.conflicts()) == len(sync.ignored()) == 1
        with pytest.raises(UsageError, match="has to be awaited"):
            sync.scopes("left")
        awaited.awaited = PORTS
        with pytest.raises(UsageError, match=r"state: .* has to be awaited"):
            awaited.awaited_sync(Fuse()).status()
