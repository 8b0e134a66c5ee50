"""Provide the end of a run: the last transaction, the buckets, the report and the run's row.

The last transaction holds everything that needed no write, the rows of what failed, the cursors, which move only
if every step has an outcome and nothing was left alone that may still change, and the run's row; with it the lease is
given back.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

import attrs

from tallystick.errors import (
    LeaseLost,
    TallystickError,
    Throttled,
)
from tallystick.mapping import evolved
from tallystick.ports import (
    SIDES,
    Batch,
    Commit,
    CreateSafety,
    Head,
    Parked,
    ParkedKind,
    RunRow,
    RunState,
    Side,
    WriteKind,
)
from tallystick.reconcile import reasons
from tallystick.reconcile.deciding import unscoped
from tallystick.reconcile.plan import Note, Plan
from tallystick.reconcile.report import Bucket, Report
from tallystick.sync import calls
from tallystick.sync.applied import Applied, is_grave
from tallystick.sync.applying import Applying, links_of_steps
from tallystick.sync.calls import Call
from tallystick.sync.connection import troubled_sides
from tallystick.sync.foreseeing import Foreseen, as_it_is, foresee
from tallystick.sync.planning import Planned
from tallystick.sync.settling import kept_marks
from tallystick.sync.setup import Setup
from tallystick.text import counted

GUARD = "guard."
"""What the names of a stopped run's figures begin with in its counts."""

_TROUBLED = (ParkedKind.CONFLICT, ParkedKind.FAILED, ParkedKind.FROZEN)
_BUCKET = {
    ParkedKind.IGNORED: Bucket.IGNORED,
    ParkedKind.FROZEN: Bucket.IGNORED,
    ParkedKind.CONFLICT: Bucket.CONFLICT,
    ParkedKind.FAILED: Bucket.FAILED,
    ParkedKind.PASSED_OVER: Bucket.OUT_OF_SCOPE,
    ParkedKind.LEFT: Bucket.OUT_OF_SCOPE,
}


def finish(setup: Setup, opened: RunRow, planned: Planned, applying: Applying) -> Call[Report]:
    """Commit what is left of a run, move the cursors if all of it has an outcome, and report."""
    plan, applied = planned.plan, applying.applied
    for step in applied.changed:
        applying.park_failure(step, reasons.CHANGED_MEANWHILE)
    if plan.partial:
        # What a person asked for and did not get is reported, and not tried again behind their back; it stays listed.
        applying.parked.clear()
        applying.outdated.clear()
    if any(planned.context.rescoped):
        yield from _rest_failed(setup, planned, applying)
    pending = applying.pending
    begun = {link.number for link in links_of_steps(plan)}
    pending.links += [link for link in plan.links if link.number not in begun] if begun else plan.links
    pending.unlinked += plan.unlinked
    for link in plan.links[: len(plan.links) - plan.refreshed]:
        applying.clear(link)
    # What waited for the answer to a create that was sent again, and was it, is in a pair now, and has another row.
    rows = [row for row in plan.parked if (row.side, row.id) not in applying.repeats.answered]
    pending.parked = list((yield from _counted(setup, [*rows, *pending.parked, *applying.parked], applying.beside)))
    # A row that is parked anew replaces the one before and keeps the time at which it was first seen.
    replaced = {(row.side, row.id) for row in pending.parked}
    pending.cleared = [
        place for place in (*pending.cleared, *applying.outdated, *plan.cleared) if place not in replaced
    ]
    for batch in plan.recovered.claiming:
        yield from _close(setup, plan, applying, batch)
    if not (applied.unfinished or plan.partial):
        pending.head.update(
            cursors=plan.cursors_after,
            extents=plan.extents,
            accounts=plan.accounts,
            layout=plan.layout,
            initial=False,
        )
    pending.head["confirmed"] = {}
    foreseen = yield from foresee(applying.known, applying.head, pending)
    buckets = yield from _buckets(foreseen, applied)
    report = _report(setup, opened, planned, applying, foreseen.head, buckets, (yield from calls.now()))
    pending.run = _row(opened, report, applied.fault)
    pending.last = True
    yield from applying.commit()
    return report


def _close(setup: Setup, plan: Plan, applying: Applying, batch: Batch) -> Call[None]:
    """Close the intents of creates that were sent again, or need not be any more; the others stay open.

    A create is still wanted where the run could not do all of its work, or its record waits for another attempt. One
    that claims an identity goes on claiming it until it is done.
    """
    pending, applied, side = applying.pending, applying.applied, batch.side.other
    sources = [intent.ids[side] for intent in batch.intents]
    answered = {
        step.source
        for step in (*applied.done, *applied.failed, *applied.in_doubt)  # these have intents of their own by now
        if step.kind is WriteKind.CREATE and step.side is batch.side
    }
    rows = [*(yield from calls.parked(setup.sync, side, sources)), *(row for row in pending.parked if row.side is side)]
    last = {row.id: row for row in rows if (side, row.id) not in pending.cleared}
    waiting = {one for one, row in last.items() if row.kind is ParkedKind.FAILED and row.retry_at is not None}
    owed = {step.token for step in plan.steps} - {step.token for step in applied.done}
    listed = {row.id for row in plan.parked if row.side is side}
    open_ = tuple(
        intent
        for intent in batch.intents
        if (intent.ids[side] not in answered and (applied.unfinished or intent.ids[side] in waiting))
        or (any(intent.identities) and (intent.token in owed or intent.ids[side] in listed))
    )
    if open_:
        pending.kept.append(attrs.evolve(batch, intents=open_))
    else:
        pending.closed.append(batch.number)


def _rest_failed(setup: Setup, planned: Planned, applying: Applying) -> Call[None]:
    """Forget the membership of pairs that did not get into a new scope: they have not left it, they never were in."""
    ids = {step.ids for step in applying.applied.failed}
    for link in (yield from calls.links(setup.sync, Side.LEFT, sorted(pair[0] for pair in ids))):
        if link.ids in ids:
            applying.pending.links.append(unscoped(planned.context, link))


def failed_report(
    setup: Setup, opened: RunRow, error: TallystickError, plan: Plan | None = None, applying: Applying | None = None
) -> Call[Report]:
    """Record and report a run that ended before it wrote anything, or lost its right to go on."""
    ended = yield from calls.now()
    head = yield from calls.head(setup.sync)
    applied = applying.applied if applying else Applied()
    # What was done and not committed is in doubt by its open intents; the next run finds it.
    buckets = yield from _buckets(as_it_is(setup.sync, head), Applied())
    report = Report(
        opened.number,
        _state_of(error),
        plan.initial if plan is not None else head.initial,
        opened.started or ended,
        ended,
        buckets[Bucket.SYNCED],
        _ignored(head),
        str(error),
        buckets,
        dict(applied.writes),
        failures=tuple(applied.failures),
        figures=plan.figures if plan is not None else (),
        guarantees=_guarantees(setup),
        fault=error.code,
        retry_after=_asked(error),
    )
    if isinstance(error, LeaseLost):
        # Whoever has it now has closed this run's row already.
        return report
    # A confirmation is for one run, also for one that is stopped again.
    used_up: dict[str, object] = {"confirmed": {}} if head.confirmed else {}
    yield from calls.commit(setup.sync, Commit(run=_row(opened, report, error), head=used_up))
    return report


def _counted(setup: Setup, rows: list[Parked], beside: AbstractSet[tuple[Side, str]]) -> Call[Iterator[Parked]]:
    """Count the attempts of rows that failed before, and put their next retry off as the profile says.

    A record that was to join ``beside`` one that came back keeps its row where it was taken out: that knows it.
    """
    failed = [row for row in rows if row.kind is ParkedKind.FAILED and (row.attempts or (row.side, row.id) in beside)]
    known: dict[tuple[Side, str], Parked] = {}
    for side in SIDES:
        ids = [row.id for row in failed if row.side is side]
        known.update(((side, row.id), row) for row in (yield from calls.parked(setup.sync, side, ids)))
    left = {place for place in beside if place in known and known[place].kind is ParkedKind.LEFT}
    before = {place: row.attempts for place, row in known.items()}
    return (
        _again(setup, row, before.get((row.side, row.id), 0))
        for row in rows
        if row.kind is not ParkedKind.FAILED or (row.side, row.id) not in left
    )


def _again(setup: Setup, row: Parked, before: int) -> Parked:
    if row.kind is not ParkedKind.FAILED or not row.attempts or row.last_seen is None:
        return row
    attempts = before + 1
    wait = setup.profile.retries.wait(attempts)
    safety = setup.capabilities[row.side.other].create_safety
    if wait is not None and reasons.UNANSWERED in row.reasons and safety is CreateSafety.SERVER_TOKEN:
        wait = timedelta(0)  # what can't be looked for holds others back until it is sent again
    if wait is None:
        return attrs.evolve(row, attempts=attempts, retry_at=None, reasons=(*row.reasons, reasons.GAVE_UP))
    return attrs.evolve(row, attempts=attempts, retry_at=row.last_seen + wait)


def _buckets(state: Foreseen, applied: Applied) -> Call[dict[Bucket, int]]:
    """Return how many pairs and unlinked records stand where; each in exactly one bucket."""
    buckets = dict.fromkeys(Bucket, 0)
    troubled: dict[tuple[str, str], Bucket] = {}
    doubted = {intent.ids for batch in (yield from state.batches()) for intent in batch.intents}
    known = {link.ids for link in (yield from state.links(Side.LEFT, sorted(pair[0] for pair in doubted)))}
    for kind, count in state.head.parked.items():
        if kind in _TROUBLED and count:
            yield from _sort_troubled(state, kind, buckets, troubled, doubted - known)
        else:
            buckets[_BUCKET[kind]] += count
    for pair in doubted & known:
        troubled[pair] = Bucket.IN_DOUBT
    buckets[Bucket.IN_DOUBT] += len(doubted - known)
    for bucket in troubled.values():
        buckets[bucket] += 1
    buckets[Bucket.SYNCED] = len(applied.pairs - troubled.keys())
    buckets[Bucket.IN_SYNC] = state.head.links - len(troubled) - buckets[Bucket.SYNCED]
    return buckets


def _sort_troubled(
    state: Foreseen,
    kind: ParkedKind,
    buckets: dict[Bucket, int],
    troubled: dict[tuple[str, str], Bucket],
    doubted: set[tuple[str, str]],
) -> Call[None]:
    """Sort the parked rows of a kind into pairs that are in trouble, and unlinked records that are not in doubt."""
    in_doubt = {(side, pair[side]) for pair in doubted for side in SIDES}
    rows = yield from state.parked(kind)
    linked: dict[tuple[Side, str], tuple[str, str]] = {}
    for side in SIDES:
        ids = [row.id for row in rows if row.side is side]
        for link in (yield from state.links(side, ids)):
            linked[side, link.ids[side]] = link.ids
    for row in rows:
        pair = linked.get((row.side, row.id))
        if pair is None:
            buckets[_BUCKET[kind]] += (row.side, row.id) not in in_doubt
        elif _rank(_BUCKET[kind]) > _rank(troubled.get(pair)):
            troubled[pair] = _BUCKET[kind]


def _rank(bucket: Bucket | None) -> int:
    order = (None, Bucket.IGNORED, Bucket.FAILED, Bucket.CONFLICT)
    return order.index(bucket)


def _report(
    setup: Setup,
    opened: RunRow,
    planned: Planned,
    applying: Applying,
    head: Head,
    buckets: dict[Bucket, int],
    ended: datetime,
) -> Report:
    plan, applied = planned.plan, applying.applied
    state, note = _verdict(plan, applied, buckets[Bucket.IN_DOUBT], head.links, setup.profile.guards.capacity)
    return Report(
        opened.number,
        state,
        plan.initial,
        opened.started or ended,
        ended,
        buckets[Bucket.SYNCED] + plan.found_equal,
        _ignored(head),
        note,
        buckets,
        dict(applied.writes),
        (*plan.notes, *applying.notes),
        tuple(applied.failures),
        plan.figures,
        _guarantees(setup),
        (applying.windows[0], applying.windows[1]),
        plan.altered,
        applied.fault.code if applied.fault else "",
        _asked(applied.stopped),
    )


def _verdict(plan: Plan, applied: Applied, in_doubt: int, pairs: int, capacity: int | None) -> tuple[RunState, str]:
    """Return a run's state and its note: the gravest thing first, and what to do about it."""
    if applied.fault:
        return _state_of(applied.fault), f"{applied.fault}; {_left(plan)}" if plan.partial else str(applied.fault)
    if plan.left_out:
        most = "" if capacity is None else f" of at most {capacity:,}"
        return RunState.PROBLEM, (
            f"{counted(plan.left_out, 'new record')} left out: the sync holds {counted(pairs, 'pair')}"
            f"{most} -- raise the profile's capacity, or narrow the scope"
        )
    if in_doubt:
        why = applied.miscount or "a write got no answer; the next run looks into it"
        return RunState.WARNING, f"{counted(in_doubt, 'record')} in doubt: {why}"
    if blocked := [note.rule for note in plan.notes if note.kind == Note.BLOCKED]:
        return (
            RunState.WARNING,
            f"nothing can be created as the other side is set up ({', '.join(blocked)}); what waits for it is listed",
        )
    if applied.failures:
        codes = sorted({failure.reason for failure in applied.failures})
        return (
            RunState.WARNING,
            f"{counted(len(applied.failures), 'record')} failed ({', '.join(codes)}); {_left(plan)}",
        )
    waits = "records may not show yet what was written last; the next run looks at them again"
    return RunState.COMPLETE, waits if plan.unsure else ""


def _left(plan: Plan) -> str:
    """Return what becomes of what a plan could not do."""
    if plan.undoes:
        return f"no run does the rest: undo run {plan.undoes} again, or change what is left by hand"
    return "no run does it: what was in conflict stays listed, choose again" if plan.partial else "tried again later"


def _state_of(error: TallystickError) -> RunState:
    return RunState.PROBLEM if is_grave(error) else RunState.WARNING


def _asked(error: TallystickError | None) -> float | None:
    """Return for how many seconds a service asked to be left alone, if that is what ended the run."""
    return error.retry_after if isinstance(error, Throttled) else None


def _ignored(head: Head) -> int:
    return head.parked.get(ParkedKind.IGNORED, 0) + head.parked.get(ParkedKind.FROZEN, 0)


def _guarantees(setup: Setup) -> tuple[str, str]:
    left, right = setup.capabilities
    return (left.create_safety.value, right.create_safety.value)


def _row(opened: RunRow, report: Report, fault: TallystickError | None) -> RunRow:
    counts = {bucket.value: count for bucket, count in report.buckets.items() if count} | kept_marks(opened)
    counts |= {f"{side.label}.{kind}": count for (side, kind), count in report.writes.items()}
    counts |= {f"{GUARD}{figure.name}": figure.planned for figure in report.figures if figure.stops or figure.holds}
    counts |= troubled_sides(fault)
    ended = {
        "state": report.state,
        "initial": report.initial,
        "ended": report.ended,
        "synced": report.synced,
        "ignored": report.ignored,
        "counts": counts,
        "note": report.note,
    }
    return evolved(opened, ended)
