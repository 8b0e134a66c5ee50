"""Provide the trial of a fleet: workers are killed, jobs delivered twice, the database restarted, and users go on.

Engines differ in how a worker is started and how a job is delivered; everything else is the same for all. A trial ends:
it says every few seconds how far it is, fails when nobody asks a service for anything although work is left, and has a
number of rounds to converge in, not a time that it hopes for.
"""

import os
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
from tallystick.fleet.roster import Lag, Roster
from tests.fleet.judging import Lineage, Users
from tests.fleet.town import job_of

ROOT = Path(__file__).parents[3]


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@attrs.frozen
class Trial:
    """How much is done to a fleet: for how many ``seconds``, and how many of them lie between two kills.

    Five times a second five people are edited, and ``doubled`` mailboxes' jobs delivered twice.
    """

    mailboxes: int
    seconds: float
    between_kills: tuple[float, float]
    doubled: int


@attrs.define
class Workers:
    """The processes that work, under a supervisor that starts each anew when it has ended.

    What they say goes to the file ``said``, to be shown when something is wrong.
    """

    command: Sequence[str]
    count: int
    said: Path
    running: list[subprocess.Popen[bytes]] = attrs.field(factory=list)
    killed: int = 0

    def supervise(self) -> None:
        """Start what is not there."""
        self.running = [one for one in self.running if one.poll() is None]
        while len(self.running) < self.count:
            with self.said.open("ab") as said:
                command = [sys.executable, *self.command]
                self.running.append(subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said))

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

    def cpu(self) -> list[float]:
        """Return the seconds of a processor that each has used so far, itself and on behalf of the system."""
        ticks_a_second = os.sysconf("SC_CLK_TCK")
        stats = [Path(f"/proc/{one.pid}/stat").read_text(encoding="ascii") for one in self.running]
        return [sum(map(int, one.rpartition(")")[2].split()[11:13])) / ticks_a_second for one in stats]

    def last_words(self) -> str:
        """Return the end of what they said."""
        return self.said.read_text(encoding="utf-8", errors="replace")[-2000:] if self.said.exists() else ""


@attrs.define
class Watch:
    """Who watches a trial: says how far it is every ``every`` seconds, and when nothing has moved for ``patience``."""

    users: Users
    roster: Roster
    found: Workers
    every: float = 10.0
    patience: float = 60.0
    _began: float = attrs.field(factory=time.monotonic)
    _said: float = 0.0
    _moved: float = attrs.field(factory=time.monotonic)
    _requests: int = -1

    def look(self, doing: str) -> Lag:
        """Return how far behind the fleet is. Raises AssertionError when it no longer moves."""
        at, lag, requests = time.monotonic(), self.roster.lag(now()), self.users.town.requests()
        if requests != self._requests or lag.due == lag.claimed == 0:
            self._requests, self._moved = requests, at
        if at - self._moved > self.patience:
            raise AssertionError(f"{doing}: nothing moves any more: {lag}\n{self.found.last_words()}")
        if at - self._said > self.every:
            self._said = at
            figures = f"{lag.due} due, {lag.claimed} at work, {self.users.count} edits, {requests} requests"
            print(f"{at - self._began:6.0f} s  {doing}: {figures}, {self.found.killed} killed", flush=True)
        return lag

    def until_nothing_is_due(self, doing: str, pause: float = 0.25) -> None:
        """Wait until everything that was due has been run."""
        while (lag := self.look(doing)).due + lag.claimed:
            self.found.supervise()
            time.sleep(pause)


@contextmanager
def workers(command: Sequence[str], count: int, said: Path) -> Iterator[Workers]:
    """Have so many workers, none of which is left at the end."""
    found = Workers(command, count, said)
    try:
        found.supervise()
        yield found
    finally:
        for one in found.running:
            one.kill()
            one.wait()


def chaos(
    watch: Watch, deliver: Callable[[SyncJob], None], restart: Callable[[], None], trial: Trial, *, seed: int
) -> None:
    """Let users edit for some seconds, kill workers, deliver twice, and restart the database half way."""
    random_, users, roster, found = random.Random(seed), watch.users, watch.roster, watch.found
    everybody = range(trial.mailboxes)
    people = [(str(n), users.add(str(n), random_.randrange(2))) for n in everybody for _ in range(2)]
    # Half of them are due by their own places, the others because they are asked for.
    roster.enrol(map(job_of, everybody), now() - roster.pace.interval / 2)
    roster.due_now([job_of(n).sync for n in everybody], now())
    began, restarted, next_kill = time.monotonic(), False, trial.between_kills[0]
    while (passed := time.monotonic() - began) < trial.seconds:
        chosen = random_.sample(people, 5)
        for mailbox, who in chosen:
            users.edit(mailbox, random_.randrange(2), who)
        roster.due_now([job_of(int(mailbox)).sync for mailbox, _ in chosen], now())
        for number in random_.sample(everybody, trial.doubled):
            deliver(job_of(number))
        if passed > next_kill:
            found.kill(random_.randrange(len(found.running)))
            next_kill = passed + random_.uniform(*trial.between_kills)
        if passed > trial.seconds / 2 and not restarted:
            restart()
            restarted = True
        found.supervise()
        watch.look("in chaos")
        time.sleep(0.2)
    assert restarted
    assert found.killed


def settle_down(watch: Watch, *, mailboxes: int, rounds: int = 4) -> Lineage:
    """Leave the workers alone until everything has converged; raise what is wrong when the last round is over."""
    while True:
        rounds -= 1
        watch.roster.due_now([job_of(n).sync for n in range(mailboxes)], now())
        watch.until_nothing_is_due("settling")
        try:
            return watch.users.check()
        except AssertionError:
            if not rounds:
                raise
