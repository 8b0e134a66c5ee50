"""Whole runs on states that outlive a process: crashes at requests, workers by turns, an older state restored."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tallystick import SqliteState
from tallystick.ports import RunState, State
from tallystick.state.sql import SqlState
from tests.simulation.crash import Crash, Flavour, Fuse
from tests.simulation.scenarios import busy_with
from tests.simulation.world import KEY, World
from tests.state.servers import own_database

KINDS = ["sqlite", "sql", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], State]]:
    """Return a function that makes a new state of a kind."""
    numbers = count()
    with ExitStack() as stack:
        server = stack.enter_context(own_database()) if request.param == "postgresql" else ""

        def made() -> State:
            number = next(numbers)
            if request.param == "sqlite":
                return stack.enter_context(SqliteState(tmp_path / f"{number}.db", key=KEY))
            url = server or f"sqlite:///{tmp_path}/{number}.db"
            return stack.enter_context(SqlState(url, key=KEY, prefix=f"t{number}_"))

        yield made


def busy(state: State) -> World:
    """Return a world with pairs, in which something is to be created, updated and taken out."""
    world = World(state=state, batch_size=2)
    busy_with(world, 6)
    return world


@pytest.mark.behaviour("TS-03")
def test_crash_at_requests(make: Callable[[], State]) -> None:
    """A run that dies at any request is put right by the next one, whatever the state is kept in."""
    calm = busy(make())
    clean = Fuse()
    calm.run(clean)
    calm.quiet()
    expected = calm.picture()
    assert clean.count > 25

    for at in range(1, clean.count + 1, 5):
        world = busy(make())
        flavour: Flavour = "before" if at % 2 else "after"
        with pytest.raises(Crash):
            world.run(Fuse(at, flavour))
        world.quiet(gap=3600)
        world.check(linked=False)
        assert expected == world.picture(), f"after a crash at request {at}"


def test_workers_by_turns(make: Callable[[], State]) -> None:
    """Runs of workers with names of their own follow each other without waiting: each gives its lease back."""
    world = busy(make())
    for name in ("one", "two", "three"):
        world.worker = name
        world.clock.advance(1)
        assert world.run().state is RunState.COMPLETE
    world.check(linked=False)


def test_older_state_restored(tmp_path: Path) -> None:
    """A state restored from a backup loses no edit and doubles nothing: what it does not know is found again."""
    path, backup = tmp_path / "links.db", tmp_path / "backup.db"
    with SqliteState(path, key=KEY) as state:
        world = World(state=state)
        for person in range(4):
            world.insert(person % 2, person)
        world.run()
    shutil.copy(path, backup)
    with SqliteState(path, key=KEY) as state:
        world.state = state
        world.insert(0, 5)
        world.insert(1, 6)
        world.write(0, 0, 0, "written before")
        world.write(1, 1, 1, "written before")
        world.clock.advance(600)
        world.run()
        world.sides[0].delete(world.the(0, 3))
        world.clock.advance(600)
        world.run()
        world.write(1, 0, 1, "written after")
    shutil.copy(backup, path)
    with SqliteState(path, key=KEY) as state:
        world.state = state
        world.quiet()
        world.check(linked=False)

        for side, collection in enumerate(world.sides):
            texts = {text for record in collection.all().values() for text in world.texts_of(record)}
            assert {"written before", "written after"} <= texts, f"an edit is lost on side {side}"
        assert [len(world.find(0, person)) for person in range(7)] == [1, 1, 1, 0, 0, 1, 1]
        assert [len(world.find(1, person)) for person in range(7)] == [1, 1, 1, 1, 0, 1, 1]
