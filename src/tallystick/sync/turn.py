"""Provide one worker's turn at a sync: the lease, the run's row from its first moment, and how both come to their ends.

A driver takes the turn, carries its run, and gives it back, also where the run was cut off.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import attrs

from tallystick.errors import StateMoved, TallystickError
from tallystick.mapping import evolved
from tallystick.ports import KEPT_RUNS, Bid, Commit, RunRow, RunState
from tallystick.reconcile.report import Report
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.events import Doing, RunStarted
from tallystick.sync.holding import Holding, hold_with
from tallystick.sync.running import new_row, open_run
from tallystick.sync.settling import Subject, hold_for, settling
from tallystick.sync.setup import Setup
from tallystick.sync.telling import tell
from tallystick.sync.worker import worker_name

Writing = Callable[[Setup, RunRow], Call[Report]]
"""A machine that writes: given the setup and the run's row."""


@attrs.define
class Turn:
    """A turn that was taken. Live: it knows its lease, and its run's row once there is one.

    ``subject`` is what a person settles by it, where it is one thing.
    """

    setup: Setup
    holding: Holding
    doing: Doing
    subject: Subject | None = None
    opened: RunRow | None = None

    def run(self, machine: Writing) -> Call[Report]:
        """Open the run's row, unless it came with the lease, and carry the machine under the lease."""
        opened = self.opened
        if opened is None:
            rows = yield from calls.runs(self.setup.sync, KEPT_RUNS)
            marks = settling(self.setup, self.subject)
            opened = yield from self.holding.fenced(open_run(self.setup, rows, marks, whole=_is_whole(self.doing)))
            self.opened = opened
        yield from tell(self.setup, partial(RunStarted, doing=self.doing, run=opened.number))
        return (yield from self.holding.fenced(machine(self.setup, opened)))

    def cut_off(self, error: BaseException) -> Call[None]:
        """Record that the run was cut off, as well as that can be done now; the next run would do it otherwise."""
        if self.opened is None:
            return
        if isinstance(error, TallystickError):
            note = str(error)
        else:
            what = "interrupted" if isinstance(error, KeyboardInterrupt) else f"cut off by {type(error).__name__}"
            note = f"{what}; nothing is lost, the next run goes on"
        row = attrs.evolve(self.opened, state=RunState.WARNING, ended=(yield from calls.now()), counts={}, note=note)
        yield from self.holding.fenced(calls.commit(self.setup.sync, Commit(run=row)))

    def end(self) -> Call[None]:
        """Give the lease back, unless the last commit has."""
        if not self.holding.given_back:
            yield from calls.release(self.setup.sync, self.holding.lease.token)


def take_turn(
    setup: Setup,
    doing: Doing,
    subject: Subject | None,
    worker: str | None,
    span: timedelta,
    is_gone: Callable[[str], bool],
) -> Call[Turn]:
    """Take the lease of a sync; raise SyncDisabled where it is switched off, LeaseHeld while another has it.

    Raises AlreadySettled where that other one is a person who settles the same.
    """
    setup.refuse_disabled((yield from calls.head(setup.sync)))
    if subject is None:
        rows = yield from calls.runs(setup.sync, KEPT_RUNS)
        if all(row.ended for row in rows):
            newest = rows[0].number if rows else 0
            with suppress(StateMoved):  # another run has begun since
                return (yield from _begun(setup, doing, newest, worker, span, is_gone))
    return Turn(setup, (yield from hold_for(setup, subject, worker, span, is_gone)), doing, subject)


def _begun(
    setup: Setup, doing: Doing, newest: int, worker: str | None, span: timedelta, is_gone: Callable[[str], bool]
) -> Call[Turn]:
    """Take the lease and record that a run begins, at once: where no earlier one is open, nothing lies between.

    ``newest`` is the number of the newest row; raises StateMoved where there is another by now.
    """
    now = yield from calls.now()
    row, bid = new_row(now, {}, whole=_is_whole(doing)), Bid(worker or worker_name(), now, span)
    holding, answer = yield from hold_with(setup.sync, Commit(run=row, newest_run=newest), bid, is_gone)
    return Turn(setup, holding, doing, opened=evolved(row, {"number": answer.run}))


def _is_whole(doing: Doing) -> bool:
    """Tell whether a run does all there is to do.

    A plan knows nothing of what changed after it, and a correction may be refused before its run.
    """
    return doing is Doing.RUN
