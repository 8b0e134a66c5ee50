"""A worker that is proved dead holds up nobody; of whom nothing is known, the lease has to run out."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tallystick import Report, Sync
from tallystick.errors import LeaseHeld
from tallystick.ports import RunState
from tallystick.profiles import maximizer
from tallystick.sync.worker import worker_is_gone, worker_name
from tests.behaviour.conftest import CATEGORY, LIST, NAME, MakeWorld, World, contact, entry

SPAN = timedelta(minutes=5)
SAYS_ITS_NAME = "from tallystick.sync.worker import worker_name; print(worker_name(), flush=True); input()"
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who is dead")


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Return a world in which there is something to do on both sides."""
    world = make_world(sqlite=False)
    world.outlook.insert(contact("Ada"))
    world.client(entry("Grace", "Hopper"))
    return world


@contextmanager
def another_process() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start a process that waits, and give it with the name that it has as a worker."""
    argv = [sys.executable, "-c", SAYS_ITS_NAME]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def run(world: World, **given: object) -> Report:
    """Run as another worker does."""
    sync: Sync[object, object] = Sync(
        NAME,
        left=world.outlook,  # type: ignore[arg-type]
        right=world.crm,  # type: ignore[arg-type]
        profile=maximizer.contacts(favourite_list=LIST, category=CATEGORY),  # type: ignore[arg-type]
        state=world.state,
        clock=world.clock,
        **given,  # type: ignore[arg-type]
    )
    return sync.run()


@linux
def test_a_killed_process_holds_up_nobody(world: World) -> None:
    """While its process lives a lease is respected; the moment it was killed, another takes over."""
    with another_process() as (process, name):
        world.state.acquire(NAME, name, world.clock.now(), SPAN)
        with pytest.raises(LeaseHeld):
            run(world)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, and not yet buried by its parent
        assert worker_is_gone(name)

        assert run(world).state is RunState.COMPLETE
    assert worker_is_gone(name)


@linux
def test_a_stopped_process_is_not_dead(world: World) -> None:
    """A process that was stopped may go on at any time: its lease has to run out."""
    with another_process() as (process, name):
        process.send_signal(signal.SIGSTOP)
        world.state.acquire(NAME, name, world.clock.now(), SPAN)
        with pytest.raises(LeaseHeld):
            run(world)
        world.clock.advance(SPAN)
        assert run(world).state is RunState.COMPLETE


@linux
def test_somebody_else_under_the_same_id_is_not_the_worker() -> None:
    """An id that was given to another process since proves its first owner dead."""
    host, pid, place, began, rest = worker_name().rsplit("/", 4)
    assert not worker_is_gone(f"{host}/{pid}/{place}/{began}/{rest}")
    assert worker_is_gone(f"{host}/{pid}/{place}/{int(began) - 1}/{rest}")


@pytest.mark.parametrize("at", range(3))
def test_nothing_is_known_of_workers_elsewhere(at: int) -> None:
    """Of another host, another boot, or where the beginning is not told, nobody is taken for dead."""
    with another_process() as (process, name):
        process.kill()
        process.wait()
        parts = name.rsplit("/", 4)
        parts[(0, 2, 3)[at]] = ("elsewhere", "00000000", "-")[at]
        assert not worker_is_gone("/".join(parts))


@pytest.mark.parametrize(
    "name", ["", "worker-3", "a/b/c/d/e", "host/-1/x/1/y", f"host/{'9' * 30}/x/1/y", "host/0/x/1/y"]
)
def test_a_name_that_a_host_has_given_proves_nothing(name: str) -> None:
    """Whatever stands in such a name, its worker is not taken for dead."""
    assert not worker_is_gone(name)


def test_a_host_may_know_better(world: World) -> None:
    """The host's own check decides, and is asked for the name of the one who holds the lease."""
    world.state.acquire(NAME, "pod-7", world.clock.now(), SPAN)
    asked: list[str] = []

    def gone(worker: str) -> bool:
        asked.append(worker)
        return len(asked) > 1

    with pytest.raises(LeaseHeld):
        run(world, is_gone=gone)
    assert run(world, is_gone=gone).state is RunState.COMPLETE
    assert asked == ["pod-7", "pod-7"]


def test_of_two_that_take_over_one_does(world: World) -> None:
    """Who proves a worker dead after another has taken over from it takes nothing from that one."""
    world.state.acquire(NAME, "dead", world.clock.now(), SPAN)

    def gone(worker: str) -> bool:
        with pytest.raises(LeaseHeld) as held:
            world.state.acquire(NAME, "quicker", world.clock.now(), SPAN)
        world.state.release(NAME, held.value.token)
        world.state.acquire(NAME, "quicker", world.clock.now(), SPAN)
        return worker == "dead"

    with pytest.raises(LeaseHeld, match="'quicker'"):
        run(world, is_gone=gone)
