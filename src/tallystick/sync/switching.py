"""Provide what a host sets without a run: on and off, a run asked for, history dropped."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import attrs

from tallystick.errors import StateMoved
from tallystick.ports import KEPT_RUNS, Commit, RunRow, RunState
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.checking import require_span
from tallystick.sync.running import IN_PART
from tallystick.sync.setup import Setup

_ATTEMPTS = 5


def enabling(setup: Setup) -> Call[None]:
    """Switch the sync on; after it was off, the next run is an initial one."""
    if not (yield from calls.head(setup.sync)).enabled:
        yield from calls.commit(setup.sync, Commit(head={"enabled": True, "initial": True}))


def disabling(setup: Setup) -> Call[None]:
    """Switch the sync off."""
    yield from calls.commit(setup.sync, Commit(head={"enabled": False}))


def enqueuing(setup: Setup, is_gone: Callable[[str], bool]) -> Call[RunRow]:
    """Ask for a run, unless one is queued or goes on; return its row.

    Of those who ask at once, in whatever process, one adds a row, and the others find it. A row of a run that was cut
    off keeps nobody waiting: a run goes on only where a worker has the lease that ``is_gone`` does not prove dead. Nor
    does one that settles a single thing or applies an earlier plan, which is not what is asked for.
    """
    for _ in range(_ATTEMPTS - 1):
        with suppress(StateMoved):  # somebody else has added a row: it is looked at again
            return (yield from _enqueuing_once(setup, is_gone))
    return (yield from _enqueuing_once(setup, is_gone))


def _enqueuing_once(setup: Setup, is_gone: Callable[[str], bool]) -> Call[RunRow]:
    rows, now = (yield from calls.runs(setup.sync, KEPT_RUNS)), (yield from calls.now())
    for row in rows:
        if row.state is RunState.ENQUEUED:
            return row
    for row in rows:
        if row.state is RunState.SYNCING and IN_PART not in row.counts:
            lease = yield from calls.lease(setup.sync, now)
            if lease is not None and not is_gone(lease.worker):
                return row
    row = RunRow(RunState.ENQUEUED, enqueued=now)
    commit = Commit(run=row, newest_run=rows[0].number if rows else 0)
    return attrs.evolve(row, number=(yield from calls.commit(setup.sync, commit)).run)


def pruning(setup: Setup, keep: timedelta) -> Call[int]:
    """Drop the history of runs that ended longer ago than ``keep``; return how many went."""
    require_span(keep, "prune")
    return (yield from calls.prune(setup.sync, (yield from calls.now()) - keep))
