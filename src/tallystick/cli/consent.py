"""Provide what may not be done without a person's word: what guards stop, and a state that belongs to other files."""

from typing import TypeVar

from tallystick import MemoryState, Plan, Side, SqliteState, Sync
from tallystick.cli.screen import Screen, has_somebody
from tallystick.errors import GuardTripped, SafetyError, StalePlan, UsageError
from tallystick.ports import Commit
from tallystick.reconcile.guards import CAPACITY

L = TypeVar("L")
R = TypeVar("R")


def refuse_other_files(plan: Plan, state: SqliteState | MemoryState, *, confirm: bool) -> None:
    """Raise SafetyError where the sync was one of other files, whose pairs would be forgotten."""
    pairs = state.head(plan.sync).links
    if not plan.close_all or not pairs or confirm:
        return
    raise SafetyError(
        f"this sync was one of other files: it would begin anew, and {pairs:,} pairs be forgotten",
        where=plan.sync,
        remedy="give renamed files their names back, or choose another name with --sync; --confirm begins anew",
    )


def refuse_stops(plan: Plan, *, confirm: bool) -> None:
    """Raise GuardTripped where guards stop the plan, unless all that stops it can be and is confirmed."""
    figures = {stop.name: (stop.planned, stop.allowed) for stop in plan.stops}
    if not figures or (confirm and CAPACITY not in figures):
        return
    said = ", ".join(f"{name} {planned:,} (allowed {allowed:,})" for name, (planned, allowed) in figures.items())
    raise GuardTripped(
        f"the run would do more than its guards allow: {said}",
        figures=figures,
        where=plan.sync,
        remedy=(
            "allow more pairs with --capacity, or sync less with --category and --favourite-list"
            if CAPACITY in figures
            else "look at the plan; if it is what you want, --confirm does it, once, up to these figures"
        ),
    )


def agreed(
    screen: Screen,
    plan: Plan,
    labels: tuple[str, str],
    *,
    yes: bool,
    instead: str = "; `tallystick plan` only shows the plan",
) -> bool:
    """Ask whether a plan is to be written, unless it writes nothing.

    Raises UsageError where there is nobody to ask; ``instead`` says what may be done besides ``--yes``.
    """
    if yes or not plan.steps:
        return True
    if not has_somebody():
        remedy = f"write without asking with --yes{instead}"
        raise UsageError("there is nobody to ask: the input is no terminal", remedy=remedy)
    counts = [sum(step.side is side for step in plan.steps) for side in Side]
    said = [f"{count:,} to {label}" for count, label in zip(counts, labels, strict=True) if count]
    return screen.ask(f"Write {' and '.join(said)}?")


def confirmed(sync: Sync[L, R], state: SqliteState, plan: Plan) -> Plan:
    """Confirm the figures that stop a plan, and return the plan made anew, which they no longer stop.

    Raises StalePlan where that is no longer the plan that somebody agreed to; then nothing stays confirmed.
    """
    sync.confirm(plan)
    anew = sync.plan()
    if not anew.stops and [step.id for step in anew.steps] == [step.id for step in plan.steps]:
        return anew
    state.commit(sync.name, Commit(head={"confirmed": {}}))
    raise StalePlan("the files have changed since the plan was shown; nothing was written", remedy="run it again")
