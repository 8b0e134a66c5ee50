"""Whole runs under an event loop over a state in a server that is awaited: crashed at requests, cancelled at waits."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from tallystick import Report, Sync
from tallystick.state.sql import SqlState
from tests.simulation.awaited import Awaited
from tests.simulation.crash import Crash, Fuse
from tests.simulation.scenarios import busy_with
from tests.simulation.world import KEY, NAME, World
from tests.state.awaited import cut
from tests.state.servers import own_database

pytestmark = pytest.mark.postgresql


class Served:
    """A state that is awaited, behind a fuse."""

    def __init__(self, state: Any, fuse: Fuse) -> None:  # noqa: ANN401 -- the state
        self._state, self._fuse, self.key = state, fuse, state.key

    def __getattr__(self, method: str) -> Any:  # noqa: ANN401 -- a method of the state
        async def call(*args: Any) -> Any:  # noqa: ANN401 -- whatever it takes
            if self._fuse.dead or self._fuse.flavour == "before":
                self._fuse.call("state", method, lambda *_: None, args, {})
                return await getattr(self._state, method)(*args)
            reply = await getattr(self._state, method)(*args)
            return self._fuse.call("state", method, lambda *_: reply, args, {})

        return call


class ServedWorld(World):
    """A world whose runs await both sides and a state in a server; what it looks up itself it looks up blocking."""

    place: tuple[str, str]

    def run(self, fuse: Fuse | None = None, *, at: int = 0) -> Report:
        """Run once, and be cancelled at the wait of this number."""
        report, _ = self.run_counted(fuse, at)
        return report

    def run_counted(self, fuse: Fuse | None, at: int) -> tuple[Report, int]:
        """Run once; return how often it waited, too."""
        from tallystick.state.sql import AsyncSqlState

        waits = count(1)

        async def once() -> Report:
            url, prefix = self.place
            async with AsyncSqlState(url, key=KEY, prefix=prefix) as state:
                struck = fuse or Fuse()
                ports: dict[str, Any] = {
                    "left": Awaited("left", self.sides[0], struck),
                    "right": Awaited("right", self.sides[1], struck),
                    "state": Served(state, struck),
                    "sink": Awaited("sink", self.sink, struck),
                    "clock": self.clock,
                }
                sync = Sync(NAME, profile=self.profile, worker=self.worker, **ports)
                try:
                    return await asyncio.ensure_future(cut(sync.run_async(), at, lambda: next(waits)))
                finally:
                    pool = state._engine.pool
                    assert isinstance(pool, sa.QueuePool)
                    assert pool.checkedout() == 0

        report = asyncio.run(once())
        self.reports.append(report)
        return report, next(waits) - 1


@pytest.fixture
def busy() -> Iterator[Callable[[], ServedWorld]]:
    """Return a function that makes a world with pairs, in which something is to be created, updated and taken out."""
    numbers = count()
    with own_database() as url:
        engine = sa.create_engine(url)

        def made() -> ServedWorld:
            place = (url, f"w{next(numbers)}_")
            world = ServedWorld(state=SqlState(engine, key=KEY, prefix=place[1]), batch_size=2)
            world.place = place
            busy_with(world, 4)
            return world

        yield made
        engine.dispose()


def settled(world: ServedWorld) -> tuple[object, ...]:
    """Run until the world is quiet, and return where everything stands."""
    world.quiet(gap=3600)
    world.check(linked=False)
    return world.picture()


@pytest.mark.behaviour("TS-03", "TS-09")
def test_crash_at_requests(busy: Callable[[], ServedWorld]) -> None:
    """A run that dies at any request is put right by the next one."""
    calm, clean = busy(), Fuse()
    calm.run(clean)
    expected = settled(calm)
    assert clean.count > 25

    for at in range(1, clean.count + 1, 9):
        world = busy()
        with pytest.raises(Crash):
            world.run(Fuse(at, "before" if at % 2 else "after"))
        assert settled(world) == expected, f"after a crash at request {at}"


def cancel_at_waits(busy: Callable[[], ServedWorld], step: int) -> None:
    """Cancel a run at every so many of its waits, and the next one puts it right."""
    calm = busy()
    _, waits = calm.run_counted(None, 0)
    expected = settled(calm)
    assert waits > 100
    for at in range(1, waits + 1, step):
        world = busy()
        with pytest.raises(asyncio.CancelledError):
            world.run(at=at)
        assert settled(world) == expected, f"after a cancellation at wait {at}"


@pytest.mark.behaviour("TS-03", "TS-09")
def test_cancelled_at_waits(busy: Callable[[], ServedWorld]) -> None:
    """A run that is cancelled, whatever it waits for, ends where one that was not cancelled does."""
    cancel_at_waits(busy, 17)


@pytest.mark.soak
@pytest.mark.behaviour("TS-03", "TS-09")
def test_cancelled_at_every_wait(busy: Callable[[], ServedWorld]) -> None:
    """The same at every wait there is."""
    cancel_at_waits(busy, 1)
