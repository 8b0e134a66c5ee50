"""Provide a fleet on any executor: threads, processes, loky, MPI, or a Dask cluster by ``get_executor(pure=False)``.

An executor only runs things; what is due stands in the roster. So nothing is lost with it: a job that it lost with a
worker falls due again when its claim is given up. Jobs and outcomes travel pickled by reference, as names and ids.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait

import attrs

from tallystick.errors import UsageError
from tallystick.fleet.job import SyncJob
from tallystick.fleet.outcome import SyncOutcome
from tallystick.fleet.roster import Roster
from tallystick.fleet.running import sync_one
from tallystick.ports import Clock
from tallystick.ports.clock import instant_of
from tallystick.sync import SystemClock

_PAUSE = 1.0


@attrs.frozen
class ExecutorFleet:
    """The syncs of a roster, run on an executor; ``at_once`` is how many are under way at most."""

    roster: Roster
    executor: Executor
    at_once: int = 32
    clock: Clock = attrs.field(factory=SystemClock)

    def run_once(self) -> list[SyncOutcome]:
        """Run what is due until nothing is, and return the outcomes. A job whose worker died has none."""
        return list(self._outcomes(lambda: False))

    def run_until(self, stopped: Callable[[], bool], pause: float = _PAUSE) -> None:
        """Run what falls due until ``stopped`` says so; what is under way then comes to its end.

        ``pause`` is how many seconds pass between looks at the roster while nothing is due.
        """
        while not stopped():
            for _ in self._outcomes(stopped):
                pass
            if not stopped():
                self.clock.sleep(pause)

    def _outcomes(self, stopped: Callable[[], bool]) -> Iterator[SyncOutcome]:
        under_way: set[Future[SyncOutcome]] = set()
        while True:
            room = self.at_once - len(under_way)
            claimed = self.roster.claim(instant_of(self.clock.now()), room) if room and not stopped() else []
            under_way |= {self._submitted(job) for job in claimed}
            if not under_way:
                return
            ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in ended:
                if future.cancelled() or future.exception() is not None:
                    continue  # lost with its worker: it falls due again when its claim is given up
                outcome = future.result()
                self.roster.settle(outcome, self.clock.now())
                yield outcome

    def _submitted(self, job: SyncJob) -> Future[SyncOutcome]:
        try:
            return self.executor.submit(sync_one, job)
        except (BrokenExecutor, RuntimeError):
            raise UsageError(
                "the executor takes no more jobs: it was shut down, or broke with a worker that died",
                where=job.sync,
                remedy="make a new one; what was claimed falls due again",
            ) from None
