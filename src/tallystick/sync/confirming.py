"""Provide the confirmation of figures at which a guard stopped a run: a person's word that they are meant, once.

What is confirmed is what was looked at: a plan's figures, or those of the last run that came so far. Of two people who
confirm one stop, also at once, the first does; the second is told that it is confirmed, or which run has since gone
ahead or was stopped anew. A run that is queued, was cut off or found a side out of reach says nothing about the one
before.

It is given under the sync's lease, held for a moment. A run that is at work may come to figures of its own, and the
next one is whichever follows it: so nothing is confirmed meanwhile, and that run goes on undisturbed.
"""

from collections.abc import Callable, Mapping
from typing import Final

from tallystick.errors import AlreadySettled, UnknownRecord
from tallystick.ports import KEPT_RUNS, Commit, RunRow, RunState
from tallystick.reconcile.guards import CAPACITY
from tallystick.reconcile.plan import Plan
from tallystick.sync import calls
from tallystick.sync.begun import latest_begun
from tallystick.sync.calls import Call
from tallystick.sync.checking import require_plan
from tallystick.sync.finishing import GUARD
from tallystick.sync.holding import held_briefly
from tallystick.sync.setup import Setup

_LATER: Final = "nothing was confirmed; when it has ended look at its figures, and confirm those"


def confirming(
    setup: Setup, plan: Plan | None, seen: int | None, is_gone: Callable[[str], bool]
) -> Call[Mapping[str, int]]:
    """Confirm for one run the figures that stopped ``plan``, or the last run, ``seen`` if that is said; return them.

    Raises LeaseHeld while a run is at work, UsageError for what is no plan, as the number of a run is not.
    """
    if plan is not None:
        require_plan(plan, "pass the plan that was stopped, or the number of the run as confirm(run=...)")
    return held_briefly(setup.sync, _confirming(setup, plan, seen), is_gone, _LATER)


def _confirming(setup: Setup, plan: Plan | None, seen: int | None) -> Call[Mapping[str, int]]:
    if plan is None:
        figures = yield from _of_run(setup, seen)
    else:
        figures = {figure.name: figure.planned for figure in plan.figures if figure.asks}
        if not figures:
            raise _nothing(setup)
    yield from calls.commit(setup.sync, Commit(head={"confirmed": figures}))
    return figures


def _of_run(setup: Setup, seen: int | None) -> Call[dict[str, int]]:
    """Return the figures at which the last run was stopped that came so far."""
    head = yield from calls.head(setup.sync)
    rows = latest_begun((yield from calls.runs(setup.sync, KEPT_RUNS)))
    told = [row for row in rows if _figures(row) or row.state is RunState.COMPLETE]
    meant = next((row for row in told if _figures(row) and seen in (None, row.number)), None)
    if meant is None:
        raise _nothing(setup)
    if meant is not told[0]:
        later = told[told.index(meant) - 1]
        what = "another run was stopped since" if _figures(later) else "a later run went ahead"
        raise AlreadySettled(
            f"the stop of run {meant.number} is no longer to be confirmed: {what}",
            run=later.number,
            at=later.ended,
            where=setup.sync,
            remedy="nothing was confirmed; look at the history, and at that run's figures if it was stopped",
        )
    figures = _figures(meant)
    if figures.items() <= head.confirmed.items():
        raise AlreadySettled(
            f"the figures of run {meant.number} are confirmed already",
            where=setup.sync,
            remedy="there is nothing to do: the next run goes ahead up to them",
        )
    return figures


def _figures(row: RunRow) -> dict[str, int]:
    """Return the figures at which a guard stopped a run, capacity apart, which can't be confirmed."""
    return {
        name.removeprefix(GUARD): count
        for name, count in row.counts.items()
        if name.startswith(GUARD) and name != GUARD + CAPACITY
    }


def _nothing(setup: Setup) -> UnknownRecord:
    remedy = "confirm after a run or a plan was stopped"
    return UnknownRecord("there is nothing to confirm", where=setup.sync, remedy=remedy)
