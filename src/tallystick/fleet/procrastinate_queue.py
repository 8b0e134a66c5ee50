"""Provide a fleet on procrastinate: a queue in the PostgreSQL server that holds the state and the roster anyway.

Three tasks, all in one queue:

* *sync* runs one job. Its queueing lock is the sync's name, so that of each one waits at most. That one runs at most is
  the lease's to see to: a lock of the queue would stay with a worker that lost the database, and hold up the mailbox.
* *dispatch* brings what is due from the roster into the queue, every few seconds, in one worker of all.
* *rescue* takes over what was at work in a worker that no longer gives a sign of life, and has it run again.

What an attempt came to goes into the roster, which says when the next is; the queue itself only tries again where the
roster could not be reached. A worker that is told to stop (SIGTERM) takes up nothing more and finishes what it has.
"""

import asyncio
from datetime import timedelta
from typing import cast

from tallystick.errors import MissingExtra, SettingsError, StateError
from tallystick.fleet.roster import Roster
from tallystick.fleet.running import perform
from tallystick.ports import Clock
from tallystick.ports.clock import instant_of
from tallystick.sync import SystemClock

try:
    from procrastinate import App, JobContext, RetryStrategy
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
    from procrastinate.jobs import Job, Status
    from procrastinate.types import JSONValue
except ModuleNotFoundError:
    raise MissingExtra(
        "a fleet on procrastinate needs procrastinate", remedy="pip install 'tallystick[fleet]'"
    ) from None

USUAL_STALL = timedelta(seconds=30)
"""After how long without a sign of life a worker is taken for dead, unless a host says otherwise."""

_LONGEST_PERIOD = 59


class ProcrastinateFleet:
    """The syncs of a roster, run by the workers of a procrastinate ``app``.

    ``queue`` names the queue and begins the tasks' names. ``every`` is how many seconds pass between looks at the
    roster, ``ahead`` how many jobs wait in the queue at most: beyond it they wait in the roster, where tenants'
    limits hold. ``stall`` must be longer than the interval of the workers' heartbeats.
    """

    def __init__(
        self,
        app: App,
        roster: Roster,
        *,
        queue: str = "tallystick",
        every: int = 5,
        ahead: int = 200,
        stall: timedelta = USUAL_STALL,
        clock: Clock | None = None,
    ) -> None:
        if not 1 <= every <= _LONGEST_PERIOD or ahead < 1:
            raise SettingsError(
                "looks at the roster that are too rare, or a queue without room",
                remedy=f"give every from 1 to {_LONGEST_PERIOD} seconds, and ahead above zero",
            )
        self.app: App = app
        self.roster = roster
        self._queue = queue
        self._ahead = ahead
        self._stall = stall
        self._clock: Clock = SystemClock() if clock is None else clock
        # The state or the roster may be away for a while: the same job is tried again, which is harmless.
        again = RetryStrategy(max_attempts=10, linear_wait=5, retry_exceptions={StateError})
        self._sync = app.task(name=f"{queue}.sync", queue=queue, retry=again)(self._run)
        for name, task in (("dispatch", self._dispatch), ("rescue", self._rescue)):
            full = f"{queue}.{name}"
            registered = app.task(name=full, queue=queue, pass_context=True, queueing_lock=full, priority=1)(task)
            app.periodic(cron=f"* * * * * */{every}", periodic_id=full)(registered)

    def _run(self, job: dict[str, object]) -> str:
        return perform(job, self.roster, self._clock)

    async def _dispatch(self, context: JobContext, timestamp: int) -> int:  # noqa: ARG002 -- every periodic task's
        """Bring what is due into the queue, as far as it has room; return how many."""
        waiting = await self.app.job_manager.list_queues_async(queue=self._queue, task=self._sync.name, status="todo")
        room = self._ahead - sum(row["todo"] for row in waiting)
        now = instant_of(self._clock.now())
        claimed = await asyncio.to_thread(self.roster.claim, now, room) if room > 0 else []
        for job in claimed:
            try:
                data = cast("dict[str, JSONValue]", job.to_dict())
                await self._sync.configure(queueing_lock=job.sync).defer_async(job=data)
            except AlreadyEnqueued:
                continue  # it waits in the queue from an earlier claim, and will be settled when it has run
        return len(claimed)

    async def _rescue(self, context: JobContext, timestamp: int) -> int:  # noqa: ARG002 -- every periodic task's
        """Have what dead workers were at run again; return how many jobs there were."""
        stalled = list(
            await self.app.job_manager.get_stalled_jobs(
                queue=self._queue, seconds_since_heartbeat=self._stall.total_seconds()
            )
        )
        for job in stalled:
            await self._take_over(job)
        return len(stalled)

    async def _take_over(self, job: Job) -> None:
        manager = self.app.job_manager
        if job.task_name == self._sync.name:
            try:
                await manager.retry_job(job)
            except ConnectorException:
                pass  # another one of this sync waits already: that one will do
            else:
                return
        await manager.finish_job(job, Status.FAILED, delete_job=True)
