"""Provide the whole run: plan, guard, write, decide again what changed meanwhile, finish, report.

A run is recorded from its first moment; one that was cut off is closed by the next. What goes wrong on the way is
part of the report, not an exception: services are down at night, and the next run tries again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs

from tallystick.errors import ProviderError, SafetyError, StateMoved
from tallystick.ports import KEPT_RUNS, SIDES, Absence, Commit, Item, RunRow, RunState, Side, WriteKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.deciding import Decided, decide_links, decide_pair_again
from tallystick.reconcile.guards import figures, tripped
from tallystick.reconcile.held_back import budget, hold
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.report import Report
from tallystick.reconcile.step import Step
from tallystick.sync import calls
from tallystick.sync.applying import Applying
from tallystick.sync.calls import Call
from tallystick.sync.finishing import failed_report, finish
from tallystick.sync.known import Known
from tallystick.sync.planning import Planned, planning
from tallystick.sync.setup import REDECIDED_AT_MOST, Setup
from tallystick.sync.telling import tell_plan
from tallystick.sync.verifying import verify

IN_PART = "in part"
"""What the counts of a run's row hold while it goes on and does less than all there is to do."""


def running(setup: Setup, opened: RunRow) -> Call[Report]:
    """Plan and apply; decide again about records that change meanwhile. ``opened`` is the run's row."""
    try:
        planned = yield from planning(setup, commit=True)
        return (yield from write_planned(setup, opened, planned, again=True))
    except (ProviderError, SafetyError, StateMoved) as error:
        return (yield from failed_report(setup, opened, error))


def applying_plan(setup: Setup, opened: RunRow, plan: Plan) -> Call[Report]:
    """Apply a plan made earlier, if all it rests on still stands; raise StalePlan if not."""
    head = yield from calls.head(setup.sync)
    try:
        yield from verify(setup, plan, head)
        context = setup.context(head, (yield from calls.now()), initial=plan.initial)
        planned = Planned(plan, context, head, Known(setup.sync))
        return (yield from write_planned(setup, opened, planned, again=False))
    except (ProviderError, SafetyError, StateMoved) as error:
        return (yield from failed_report(setup, opened, error))


_FAR_BEHIND = KEPT_RUNS // 2
"""Behind how many rows a run that was asked for waits at most: beyond the latest ones nobody would find it."""


def open_run(setup: Setup, rows: Sequence[RunRow], marks: Mapping[str, int], *, whole: bool) -> Call[RunRow]:
    """Record that a run begins, with ``marks`` of what it settles.

    Earlier ones that were cut off are closed, and one that was enqueued is taken up by a ``whole`` run: one that does
    all there is to do, as was asked for. The row of any other says so while it goes on; where very many of them have
    come before the run that was asked for, it takes that one's place, and that one waits in the newest row. The time of
    asking stays in both: it tells that the one in the old place began later than its number says.
    """
    now = yield from calls.now()
    enqueued: RunRow | None = None
    for behind, row in enumerate(rows):
        if row.state is RunState.SYNCING:
            note = "cut off before its end; the next run put it right"
            cut = attrs.evolve(row, state=RunState.WARNING, ended=now, counts={}, note=note)
            yield from calls.commit(setup.sync, Commit(run=cut))
        elif row.state is RunState.ENQUEUED and (whole or behind >= _FAR_BEHIND):
            enqueued = row
    row = new_row(now, marks, whole=whole)
    if enqueued:
        if not whole:
            yield from calls.commit(setup.sync, Commit(run=attrs.evolve(enqueued, number=0)))
        row = attrs.evolve(row, number=enqueued.number, enqueued=enqueued.enqueued)
    answer = yield from calls.commit(setup.sync, Commit(run=row))
    return attrs.evolve(row, number=answer.run)


def new_row(now: datetime, marks: Mapping[str, int], *, whole: bool) -> RunRow:
    """Return the row of a run that begins ``now``."""
    return RunRow(RunState.SYNCING, started=now, counts=marks if whole else {**marks, IN_PART: 1})


def write_planned(setup: Setup, opened: RunRow, planned: Planned, *, again: bool) -> Call[Report]:
    """Write what was planned; with ``again``, decide anew about what changes meanwhile."""
    plan = planned.plan
    yield from tell_plan(setup, plan)
    if plan.stops:
        return (yield from failed_report(setup, opened, tripped(plan.stops, setup.sync), plan))
    applying = Applying(setup, planned.context, planned.head, planned.known, opened.number)
    try:
        applying.begin(plan)
        yield from applying.apply(plan.steps)
        if again:
            yield from _decide_again(setup, planned, applying)
        return (yield from finish(setup, opened, planned, applying))
    except StateMoved as error:
        return (yield from failed_report(setup, opened, error, plan, applying))


def _decide_again(setup: Setup, planned: Planned, applying: Applying) -> Call[None]:
    """Read again what changed between reading and writing, and decide anew, a bounded number of times.

    What would take the run beyond its guards is left to the next one, which stops and asks. So is everything where a
    side shows writes late: what it shows now may be older than what this run has written. And so is a pair of which
    another write, such as that of a copy, is in doubt: it may still arrive.
    """
    context = planned.context
    if any(capabilities.visibility_lag for capabilities in setup.capabilities):
        return
    for _ in range(REDECIDED_AT_MOST):
        changed = [step for step in applying.applied.changed if step.kind is not WriteKind.CREATE]
        if not changed or applying.applied.fault:
            return
        applying.applied.changed = [step for step in applying.applied.changed if step.kind is WriteKind.CREATE]
        yield from applying.commit()
        doubted = {place for step in applying.applied.in_doubt for place in zip(SIDES, step.ids, strict=True)}
        waiting = [step for step in changed if not doubted.isdisjoint(zip(SIDES, step.ids, strict=True))]
        changed = [step for step in changed if step not in waiting] if waiting else changed
        try:
            decided, undecided = yield from _decided_anew(setup, context, changed)
        except ProviderError as error:
            applying.applied.fail(error)
            applying.applied.unfinished = True
            return
        applying.pending.links += decided.links
        applying.pending.parked += decided.parked
        applying.pending.unlinked += decided.unlinked
        applying.notes += decided.notes
        for step in (*undecided, *waiting):
            applying.park_failure(step, reasons.CHANGED_MEANWHILE)
        # What was confirmed was a number of other writes.
        held = hold(context, decided.ordered(), ({}, {}), {})
        applying.parked += held.rows
        decided.steps = list(held.steps)
        if _too_much(planned, applying, decided):
            for step in held.steps:
                applying.park_failure(step, reasons.CHANGED_MEANWHILE)
        else:
            yield from applying.apply(held.steps)


def _too_much(planned: Planned, applying: Applying, decided: Decided) -> bool:
    """Tell whether what was decided again would, with what is done already, be more than the guards allow."""
    plan, context = planned.plan, planned.context
    found = figures(
        context.profile.guards,
        (*applying.applied.done, *decided.steps),
        len(plan.unlinked) + len(decided.unlinked),
        max(plan.pairs, len(plan.steps) + len(plan.links)) if plan.initial else plan.pairs,
        initial=plan.initial,
        confirmed=budget(planned.head.confirmed),
    )
    return any(figure.stops for figure in found)


def _decided_anew(setup: Setup, context: Context, changed: Sequence[Step]) -> Call[tuple[Decided, list[Step]]]:
    """Return what is decided now, and the steps of pairs that can't be: a new one's record is gone, or any moved."""
    ids = sorted({step.ids for step in changed})
    sights: list[dict[str, Item[object] | Absence]] = []
    for side in SIDES:
        found = yield from setup.get(side, [pair[side] for pair in ids])
        sights.append({sight.id: sight for sight in found if isinstance(sight, Item | Absence)})
    links = {link.ids: link for link in (yield from calls.links(setup.sync, Side.LEFT, [pair[0] for pair in ids]))}
    decided = Decided()
    gone: set[tuple[str, str]] = set()
    for pair in ids:
        left, right = sights[0].get(pair[0]), sights[1].get(pair[1])
        link = links.get(pair)
        if left is None or right is None:
            gone.add(pair)
        elif link is not None:
            decide_links(context, decided, [(link, (left, right))])
        elif isinstance(left, Item) and isinstance(right, Item):
            decide_pair_again(context, decided, (left, right), reasons.FIRST_PAIRING)
        else:
            gone.add(pair)
    return decided, [step for step in changed if step.ids in gone]
