"""Provide the running of one job: the one function that every engine calls.

The lease is taken inside, and every commit shows its fence. So an engine may deliver a job twice, late, or again after
a worker has died: the second delivery finds the first at work and says so, or finds nothing left to do.
"""

import logging
from datetime import datetime
from traceback import extract_tb
from typing import Any, Protocol, runtime_checkable

import attrs

from tallystick.errors import LeaseHeld, TallystickError, UsageError
from tallystick.fleet.factory import RunnableSync, opened
from tallystick.fleet.job import SyncJob
from tallystick.fleet.outcome import OutcomeKind, SyncOutcome, of_error, of_report
from tallystick.ports import Clock
from tallystick.ports.clock import instant_of
from tallystick.reconcile import Hours, Profile, Report
from tallystick.sync import SystemClock


class Settling(Protocol):
    """Where outcomes are noted: a :class:`tallystick.fleet.roster.Roster`."""

    def settle(self, outcome: SyncOutcome, now: datetime) -> datetime | None:
        """Note what an attempt came to; return when the sync is due again."""
        ...


@runtime_checkable
class Profiled(Protocol):
    """A sync whose profile can be asked for its hours, as that of a :class:`tallystick.Sync` can."""

    @property
    def profile(self) -> Profile[Any, Any]:
        """The profile."""
        ...


_log = logging.getLogger("tallystick.fleet")


def sync_one(job: SyncJob, *, clock: Clock | None = None) -> SyncOutcome:
    """Build the sync of a job, run it, and return what it came to.

    Raises nothing but interrupts, and UsageError for a clock that tells no instant, before anything is done.

    An error that is not the library's becomes ``failed``, with the name of its class and the place where it was
    raised; its message is left out, since nobody knows what it quotes.
    """
    clock = clock or SystemClock()
    instant_of(clock.now())
    hours: list[Hours] = []
    outcome = _attempt(job, hours, clock)
    return attrs.evolve(outcome, hours=hours[0]) if hours else outcome


def _attempt(job: SyncJob, hours: list[Hours], clock: Clock) -> SyncOutcome:
    """Return what the attempt came to; note the sync's hours as soon as it is there to tell."""
    try:
        with opened(job) as sync:
            if isinstance(sync, Profiled):
                hours.append(sync.profile.hours)
            return of_report(job.sync, job.tenant, _report_of(sync, job))
    except TallystickError as error:
        seconds = None
        if isinstance(error, LeaseHeld):
            seconds = max((error.until - clock.now()).total_seconds(), 0.0)
        return of_error(job.sync, job.tenant, error, seconds)
    except Exception as error:  # noqa: BLE001 -- a factory is the host's: whatever it raises, the other syncs go on
        where = extract_tb(error.__traceback__)[-1]
        place = f"{where.filename}:{where.lineno}"
        _log.error("%s: %s at %s", job.sync, type(error).__name__, place)
        return SyncOutcome(job.sync, job.tenant, OutcomeKind.FAILED, type(error).__name__, f"raised at {place}")


def _report_of(sync: RunnableSync, job: SyncJob) -> Report:
    """Run a sync. Raises UsageError where that gives no report, as with one that is awaited."""
    report: object = sync.run()
    if isinstance(report, Report):
        return report
    raise UsageError(
        f"run() gave a {type(report).__name__}, and has to give a Report",
        where=job.sync,
        remedy="yield a Sync, or what runs like one",
    )


def perform(data: object, roster: Settling, clock: Clock) -> str:
    """Run the job of these data, note in the roster what it came to, and return its kind: what an engine's task does.

    Raises StateError where the roster can't be reached; the engine may then deliver the job again.
    """
    outcome = sync_one(SyncJob.from_dict(data), clock=clock)
    roster.settle(outcome, clock.now())
    return outcome.kind.value
