"""Provide what a host sets without a run: on and off, a run asked for, history dropped."""

from datetime import timedelta

import attrs

from tallystick.ports import Commit, RunRow, RunState
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.setup import Setup


def enabling(setup: Setup) -> Call[None]:
    """Switch the sync on; after it was off, the next run is an initial one."""
    if not (yield from calls.head(setup.sync)).enabled:
        yield from calls.commit(setup.sync, Commit(head={"enabled": True, "initial": True}))


def disabling(setup: Setup) -> Call[None]:
    """Switch the sync off."""
    yield from calls.commit(setup.sync, Commit(head={"enabled": False}))


def enqueuing(setup: Setup) -> Call[RunRow]:
    """Ask for a run, unless one is queued or goes on; return its row."""
    last = next(iter((yield from calls.runs(setup.sync, 1))), None)
    if last is not None and last.state in (RunState.ENQUEUED, RunState.SYNCING):
        return last
    row = RunRow(RunState.ENQUEUED, enqueued=(yield from calls.now()))
    return attrs.evolve(row, number=(yield from calls.commit(setup.sync, Commit(run=row))).run)


def pruning(setup: Setup, keep: timedelta) -> Call[int]:
    """Drop the history of runs that ended longer ago than ``keep``; return how many went."""
    return (yield from calls.prune(setup.sync, (yield from calls.now()) - keep))
