"""A fleet on procrastinate and a real PostgreSQL server survives what happens to fleets."""

import os
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tallystick.errors import SettingsError
from tallystick.fleet import OutcomeKind, SyncJob, sync_one
from tests.fleet.engines.chaos import Trial, Watch, chaos, now, settle_down, workers
from tests.fleet.judging import Users
from tests.fleet.town import job_of
from tests.state.servers import restarted

if TYPE_CHECKING or find_spec("procrastinate"):  # elsewhere these tests are left out
    from tallystick.fleet.procrastinate_queue import ProcrastinateFleet
    from tests.fleet.engines.procrastinate_host import fleet_at, roster_at

pytestmark = [pytest.mark.engines, pytest.mark.postgresql]

WORKER = ("-m", "tests.fleet.engines.procrastinate_host")
LONG = os.environ.get("TALLYSTICK_FLEET") == "long"


def test_killed_doubled_and_restarted(url: str, users: Users, tmp_path: Path) -> None:
    """Workers are killed, jobs come twice, the server restarts: all is converged, once, and no two were at one."""
    trial = Trial(2000, 180.0, (4.0, 10.0), 1) if LONG else Trial(60, 8.0, (1.0, 3.0), 3)
    fleet = fleet_at(url)
    twice = fleet.app.tasks["tallystick.sync"]

    def deliver(job: SyncJob) -> None:
        for _ in range(2):  # without any lock of the queue
            twice.defer(job=job.to_dict())

    with fleet.app.open(), fleet.roster, workers(WORKER, 2, tmp_path / "said") as found:
        watch = Watch(users, fleet.roster, found)
        chaos(watch, deliver, restarted, trial, seed=1)
        judged = settle_down(watch, mailboxes=trial.mailboxes)
        assert found.drain() == [0, 0]
        done = f"{trial.mailboxes} mailboxes, {users.count} edits, {found.killed} workers killed"
        print(f"{done}: converged; {judged}")
    again = [sync_one(job_of(n)) for n in range(trial.mailboxes)]
    assert {(one.kind, one.counts.get("written")) for one in again} == {(OutcomeKind.DONE, 0)}


def test_one_worker_and_two(url: str, users: Users, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers do twice the work of one, as far as there are processors: a run costs each the same time of one."""
    mailboxes, order = (400, (1, 2, 2, 1)) if LONG else (40, (1, 2))  # there and back, since machines are not steady
    monkeypatch.setenv("TOWN_WORK", "60000")  # for each side: most of a run is then the worker's own work
    taken = {count: [0.0, 0.0] for count in (1, 2)}
    for count in order:
        with roster_at(url) as roster, workers(WORKER, count, tmp_path / "said") as found:
            roster.enrol(map(job_of, range(mailboxes)), now())
            wall, used = _measured(Watch(users, roster, found), mailboxes)
            assert found.drain() == [0] * count
        taken[count] = [taken[count][0] + wall, taken[count][1] + used]
    runs = mailboxes * order.count(1)
    for count, (wall, used) in taken.items():
        rate = f"{runs / wall:.1f} runs/s on {used / wall:.2f} processors"
        print(f"{count} at work: {rate}, {runs / used:.1f} runs in a second of one")
    growth, cost = (taken[1][n] / taken[2][n] for n in (0, 1))
    print(f"growth from one to two: {growth:.2f}, with the same processors' time {cost:.2f}")
    assert cost > (0.6 if LONG else 0.3)  # the shorter, the more of it is waiting for work


def _measured(watch: Watch, mailboxes: int) -> tuple[float, float]:
    """Run every mailbox once, after workers are warm; return the seconds it took, and those of processors."""
    every, found, used = [job_of(n).sync for n in range(mailboxes)], watch.found, [0.0]
    for round_ in range(8):  # the first fills tables and imports modules; a worker that started late has no part in it
        before, began = found.cpu(), time.perf_counter()
        watch.roster.due_now(every, now())
        watch.until_nothing_is_due(f"{found.count} at work", pause=0.05)
        wall = time.perf_counter() - began
        used = [after - start for after, start in zip(found.cpu(), before, strict=True)]
        if round_ and min(used) > sum(used) / found.count / 2:
            return wall, sum(used)
    raise AssertionError(f"the work is not shared: {used}")


def test_stalled_jobs(url: str, users: Users, tmp_path: Path) -> None:
    """A job of a dead worker is taken over; it is dropped where another of the same mailbox waits already."""
    users.add("1", 0)
    fleet = fleet_at(url)
    with fleet.app.open(), fleet.roster:
        ids = [fleet.app.tasks["tallystick.sync"].defer(job=job_of(1).to_dict()) for _ in range(2)]
        with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
            connection.execute(sa.text("UPDATE procrastinate_jobs SET status = 'doing', queueing_lock = 'town/1'"))
            waiting = "UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = now() + '1 hour' WHERE id = :id"
            connection.execute(sa.text(waiting), {"id": ids[0]})
        with workers(WORKER, 1, tmp_path / "said") as found:
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
