"""A fleet on procrastinate and a real PostgreSQL server survives what happens to fleets."""

import os
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tallystick.errors import SettingsError
from tallystick.fleet import OutcomeKind, SyncJob, sync_one
from tallystick.fleet.roster import Roster
from tests.fleet.engines.chaos import Workers, chaos, now, settle_down, workers
from tests.fleet.judging import Users
from tests.fleet.town import Town, close_states, job_of
from tests.state.servers import own_database, restarted

if TYPE_CHECKING or find_spec("procrastinate"):  # elsewhere these tests are left out
    from tallystick.fleet.procrastinate_queue import ProcrastinateFleet
    from tests.fleet.engines.procrastinate_host import fleet_at, roster_at

pytestmark = [pytest.mark.engines, pytest.mark.postgresql]

WORKER = ("-m", "tests.fleet.engines.procrastinate_host")
LONG = os.environ.get("TALLYSTICK_FLEET") == "long"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return a database with procrastinate's tables, in which state and roster lie too."""
    with own_database() as url:
        monkeypatch.setenv("TOWN_STATE", url)
        monkeypatch.setenv("TOWN_LEASE", "5")
        fleet = fleet_at(url)
        with fleet.app.open():
            fleet.app.schema_manager.apply_schema()
        fleet.roster.close()
        yield url
        close_states()


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Users:
    """Return the people of a new town."""
    monkeypatch.setenv("TOWN", str(tmp_path))
    return Users(Town.built(tmp_path))


def test_killed_doubled_and_restarted(url: str, users: Users) -> None:
    """Workers are killed, jobs come twice, the server restarts: all is converged, once, and no two were at one."""
    mailboxes, seconds, patience = (2000, 180.0, 900.0) if LONG else (60, 8.0, 90.0)
    fleet = fleet_at(url)
    twice = fleet.app.tasks["tallystick.sync"]

    def deliver(job: SyncJob) -> None:
        for _ in range(2):  # without any lock of the queue
            twice.defer(job=job.to_dict())

    with fleet.app.open(), fleet.roster, workers(WORKER, 2) as found:
        chaos(users, fleet.roster, found, deliver, restarted, mailboxes=mailboxes, seconds=seconds, seed=1)
        settle_down(users, fleet.roster, found, mailboxes=mailboxes, patience=patience)
        assert found.drain() == [0, 0]
        print(f"{mailboxes} mailboxes, {users.count} edits, {found.killed} workers killed: converged")
    again = [sync_one(job_of(n)) for n in range(mailboxes)]
    assert {(one.kind, one.counts.get("written")) for one in again} == {(OutcomeKind.DONE, 0)}


def test_one_worker_and_two(url: str, users: Users) -> None:
    """Every due mailbox is run by one worker, and by two; how fast, is printed."""
    mailboxes = 600 if LONG else 60
    rates = []
    for count in (1, 2):
        with roster_at(url) as roster, workers(WORKER, count) as found:
            roster.enrol(map(job_of, range(mailboxes)), now())
            _wait_for(roster, found, 0)
            time.sleep(3)
            roster.due_now([job_of(n).sync for n in range(mailboxes)], now())
            began = time.perf_counter()
            _wait_for(roster, found, 0)
            rates.append(mailboxes / (time.perf_counter() - began))
            assert found.drain() == [0] * count
    print(f"{mailboxes} quiet mailboxes: {rates[0]:.0f} runs/s with one worker, {rates[1]:.0f} with two")
    assert {sync_one(job_of(n)).kind for n in range(3)} == {OutcomeKind.DONE}


def _wait_for(roster: Roster, found: Workers, due: int) -> None:
    """Wait until no more than so many syncs are due or at work."""
    until = time.monotonic() + 300
    while (lag := roster.lag(now())).due + lag.claimed > due:
        assert time.monotonic() < until
        found.supervise()
        time.sleep(0.05)


def test_stalled_jobs(url: str, users: Users) -> None:
    """A job of a dead worker is taken over; it is dropped where another of the same mailbox waits already."""
    users.add("1", 0)
    fleet = fleet_at(url)
    with fleet.app.open(), fleet.roster:
        ids = [fleet.app.tasks["tallystick.sync"].defer(job=job_of(1).to_dict()) for _ in range(2)]
        with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
            connection.execute(sa.text("UPDATE procrastinate_jobs SET status = 'doing', queueing_lock = 'town/1'"))
            waiting = "UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = now() + '1 hour' WHERE id = :id"
            connection.execute(sa.text(waiting), {"id": ids[0]})
        with workers(WORKER, 1) as found:
            until = time.monotonic() + 60
            while fleet.app.job_manager.list_queues(queue="tallystick", status="doing", task="tallystick.sync"):
                assert time.monotonic() < until
                found.supervise()
                time.sleep(0.2)
            (left,) = fleet.app.job_manager.list_jobs(task="tallystick.sync")
            assert (left.id, left.status) == (ids[0], "todo")


def test_settings(url: str) -> None:
    """Looks at the roster that are too rare for the queue's clock are refused."""
    fleet = fleet_at(url)
    fleet.roster.close()
    with pytest.raises(SettingsError):
        ProcrastinateFleet(fleet.app, fleet.roster, every=60)
    with pytest.raises(SettingsError):
        ProcrastinateFleet(fleet.app, fleet.roster, ahead=0)
