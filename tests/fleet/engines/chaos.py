"""Provide the trial of a fleet: workers are killed, jobs delivered twice, the database restarted, and users go on.

Engines differ in how a worker is started and how a job is delivered; everything else is the same for all.
"""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import attrs

from tallystick.fleet import SyncJob
from tallystick.fleet.roster import Roster
from tests.fleet.judging import Users
from tests.fleet.town import job_of

ROOT = Path(__file__).parents[3]


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@attrs.define
class Workers:
    """The processes that work, under a supervisor that starts each anew when it has ended."""

    command: Sequence[str]
    count: int
    running: list[subprocess.Popen[bytes]] = attrs.field(factory=list)
    killed: int = 0

    def supervise(self) -> None:
        """Start what is not there."""
        self.running = [one for one in self.running if one.poll() is None]
        while len(self.running) < self.count:
            command = [sys.executable, *self.command]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.running.append(subprocess.Popen(command, cwd=ROOT, **quiet))  # type: ignore[call-overload]

    def kill(self, which: int) -> None:
        """End one at once, as the kernel does that is out of memory."""
        self.running[which].kill()
        self.running[which].wait()
        self.killed += 1

    def drain(self) -> list[int]:
        """Ask all to stop, and return their exit codes once they have."""
        for one in self.running:
            one.send_signal(signal.SIGTERM)
        return [one.wait(timeout=60) for one in self.running]


@contextmanager
def workers(command: Sequence[str], count: int) -> Iterator[Workers]:
    """Have so many workers, none of which is left at the end."""
    found = Workers(command, count)
    try:
        found.supervise()
        yield found
    finally:
        for one in found.running:
            one.kill()
            one.wait()


def chaos(
    users: Users,
    roster: Roster,
    found: Workers,
    deliver: Callable[[SyncJob], None],
    restart: Callable[[], None],
    *,
    mailboxes: int,
    seconds: float,
    seed: int,
) -> None:
    """Let users edit for some seconds, kill workers, deliver twice, and restart the database half way."""
    random_ = random.Random(seed)
    people = [(str(n), users.add(str(n), random_.randrange(2))) for n in range(mailboxes) for _ in range(2)]
    roster.enrol(map(job_of, range(mailboxes)), now())
    roster.due_now([job_of(n).sync for n in range(mailboxes)], now())
    began, restarted, next_kill = time.monotonic(), False, 2.0
    while (passed := time.monotonic() - began) < seconds:
        for mailbox, who in random_.sample(people, 5):
            users.edit(mailbox, random_.randrange(2), who)
            roster.due_now([job_of(int(mailbox)).sync], now())
        for number in random_.sample(range(mailboxes), 3):
            deliver(job_of(number))
        if passed > next_kill:
            found.kill(random_.randrange(len(found.running)))
            next_kill = passed + random_.uniform(1.0, 3.0)
        if passed > seconds / 2 and not restarted:
            restart()
            restarted = True
        found.supervise()
        time.sleep(0.2)
    assert restarted
    assert found.killed


def settle_down(users: Users, roster: Roster, found: Workers, *, mailboxes: int, patience: float) -> None:
    """Leave the workers alone until everything has converged; raise what is wrong when patience is over."""
    until = time.monotonic() + patience
    while True:
        roster.due_now([job_of(n).sync for n in range(mailboxes)], now())
        while time.monotonic() < until:
            found.supervise()
            lag = roster.lag(now())
            if lag.due == lag.claimed == 0:
                break
            time.sleep(0.5)
        try:
            users.check()
        except AssertionError:
            if time.monotonic() > until:
                raise
        else:
            return
