"""What operators do to workers and to their server: stop them while they are at work, and put an older copy back."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from tallystick.fleet import OutcomeKind, SyncJob, sync_one
from tests.fleet.engines.chaos import Watch, now, workers
from tests.fleet.judging import Users
from tests.fleet.town import close_states, job_of, state_at

if TYPE_CHECKING or find_spec("procrastinate"):  # elsewhere these tests are left out
    from tests.fleet.engines.procrastinate_host import fleet_at, roster_at

pytestmark = [pytest.mark.engines, pytest.mark.postgresql]

WORKER = ("-m", "tests.fleet.engines.procrastinate_host")


def test_stopped_at_work(url: str, users: Users, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is told to stop finishes what it has begun, and takes up nothing more; another does the rest."""
    monkeypatch.setenv("TOWN_WORK", "300000")
    mailboxes = range(12)
    for n in mailboxes:
        users.add(str(n), n % 2)
    fleet = fleet_at(url)
    with fleet.app.open(), fleet.roster:
        fleet.roster.enrol(map(job_of, mailboxes), now() - fleet.roster.pace.interval)
        with workers(WORKER, 1, tmp_path / "said") as found:
            until = time.monotonic() + 60
            while not users.town.requests():
                assert time.monotonic() < until
                time.sleep(0.05)
            assert found.drain() == [0]
        left = list(fleet.app.job_manager.list_jobs(task="tallystick.sync"))
        begun = {str(n) for n in mailboxes if users.town.log(str(n))}
        waiting = {str(SyncJob.from_dict(job.task_kwargs["job"]).options["mailbox"]) for job in left}

        assert {job.status for job in left} == {"todo"}
        assert waiting
        assert begun | waiting == {str(n) for n in mailboxes}
        assert not begun & waiting
        for one in begun:  # what was begun has come to its end
            assert len(users.town.cards(one, 0)) == len(users.town.cards(one, 1)) == 1
            assert not state_at(url).batches(job_of(int(one)).sync)
        with workers(WORKER, 1, tmp_path / "said") as found:
            Watch(users, fleet.roster, found).until_nothing_is_due("the rest")
            assert found.drain() == [0]
    users.check()


def test_restored_from_a_copy_of_the_server(url: str, users: Users, tmp_path: Path) -> None:
    """State, roster and queue of an hour ago double nothing and delete nothing, and catch up with what came since."""
    mailboxes = range(6)
    people = [(str(n), users.add(str(n), n % 2)) for n in mailboxes]

    def run() -> None:
        with roster_at(url) as roster, workers(WORKER, 1, tmp_path / "said") as found:
            roster.enrol(map(job_of, mailboxes), now())
            roster.due_now([job_of(n).sync for n in mailboxes], now())
            Watch(users, roster, found).until_nothing_is_due("running")
            assert found.drain() == [0]
        close_states()

    def edit(side: int) -> None:
        for mailbox, who in people:
            users.edit(mailbox, side, who)

    run()
    edit(0)
    run()
    with copied(url) as restore:
        people += [(str(n), users.add(str(n), (n + 1) % 2)) for n in mailboxes]
        edit(1)
        run()
        edit(0)
        restore()
    run()
    users.check()
    edit(1)
    run()
    users.check()
    again = [sync_one(job_of(n)) for n in mailboxes]
    assert {(one.kind, one.counts.get("written")) for one in again} == {(OutcomeKind.DONE, 0)}


@contextmanager
def copied(url: str) -> Iterator[Callable[[], None]]:
    """Copy a database, as a dump does; give what puts the copy in its place."""
    name = sa.make_url(url).database
    engine = sa.create_engine(sa.make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")

    def say(*statements: str) -> None:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    say(f"CREATE DATABASE {name}_copy TEMPLATE {name}")
    try:
        yield lambda: say(f"DROP DATABASE {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {name}_copy")
    finally:
        say(f"DROP DATABASE {name}_copy WITH (FORCE)")
        engine.dispose()
