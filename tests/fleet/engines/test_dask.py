"""A real Dask cluster runs a fleet, also when one of its workers is killed, and plans what is big in parts."""

import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tallystick.fleet.executor import ExecutorFleet
from tallystick.fleet.partition import plan_in_parts
from tallystick.fleet.roster import Roster
from tallystick.providers.memory import VirtualClock
from tests.fleet import books
from tests.fleet.judging import Users
from tests.fleet.test_partition import normal
from tests.fleet.town import Town, job_of

pytestmark = [
    pytest.mark.engines,
    pytest.mark.filterwarnings("default"),  # what its event loop leaves behind is not ours
]

LONG = os.environ.get("TALLYSTICK_FLEET") == "long"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def client(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a client of a cluster of two processes, which know the town."""
    from distributed import Client, LocalCluster

    monkeypatch.setenv(books.SIZE, "100000" if LONG else "2000")
    monkeypatch.setenv(books.SEED, "7")
    monkeypatch.setenv("TOWN_LEASE", "2")
    with (
        LocalCluster(n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


def test_a_fleet(client: Any, town: Town, roster: Roster) -> None:  # noqa: ANN401 -- Dask has no types
    """Every mailbox is served although a worker is killed on the way, and nobody is served twice at once."""
    clock, users, mailboxes = VirtualClock(NOON), Users(town), 40
    for n in range(mailboxes):
        users.add(str(n), n % 2)
    roster.enrol(map(job_of, range(mailboxes)), clock.now())
    fleet = ExecutorFleet(roster, client.get_executor(pure=False), at_once=16, clock=clock)
    pids: list[int] = list(client.run(os.getpid).values())
    client.submit(os.kill, pids[0], signal.SIGKILL, pure=False)
    for _ in range(4):
        clock.advance(timedelta(minutes=31))
        fleet.run_once()
        time.sleep(1)  # a killed worker's lease, by the machine's clock

    users.check()


def test_a_plan_in_parts(client: Any) -> None:  # noqa: ANN401 -- the same
    """The plan that the cluster makes in parts is the one that a single process makes, step by step."""
    listings = books.listings()
    began, used = time.perf_counter(), time.process_time()
    expected = books.whole()
    whole = time.perf_counter() - began, time.process_time() - used
    print(f"{sum(map(len, listings))} contacts whole: {whole[0]:.1f} s, {whole[1]:.1f} s of a processor", flush=True)
    before = sum(client.run(time.process_time).values())
    began, used = time.perf_counter(), time.process_time()
    plan = plan_in_parts(client.get_executor(pure=False), books.setup, listings, expected.cursors_after, 16)
    here, there = time.process_time() - used, sum(client.run(time.process_time).values()) - before
    print(
        f"in parts: {time.perf_counter() - began:.1f} s, {here:.1f} s of a processor here, {there:.1f} s in the workers"
    )

    assert len(plan.steps) == len(expected.steps)
    assert plan.steps == expected.steps
    assert normal(plan) == normal(expected)
    print(f"{len(plan.steps)} steps, and all else, are equal")
