"""Provide the planning half of a run: recover, observe, gather, sort, look up, decide. Reads only.

The machine asks for what it needs and calls the pure floors in turn; what comes out is a plan, and nothing has been
written, not even to the state.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

import attrs

from tallystick.ports import (
    SIDES,
    Commit,
    Head,
    Item,
    Parked,
    ParkedKind,
    Side,
    Term,
)
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.deciding import (
    Decided,
    decide_links,
    decide_merged,
    decide_new,
    decide_unmatched,
    note_astray,
)
from tallystick.reconcile.guards import CAPACITY, Figure, figures
from tallystick.reconcile.held_back import budget, held_still, hold
from tallystick.reconcile.newcomers import Sorted, judge_hits, pair_listed, park, screen
from tallystick.reconcile.plan import Plan, Recovered
from tallystick.reconcile.profile import SideProfile
from tallystick.reconcile.readopting import readopt
from tallystick.reconcile.recognising import recognise
from tallystick.reconcile.step import Step
from tallystick.sync import calls
from tallystick.sync.calls import Call, Records
from tallystick.sync.claiming import Claiming
from tallystick.sync.collector import resting_collector
from tallystick.sync.gather import Gathering
from tallystick.sync.gathered import Gathered
from tallystick.sync.known import Known
from tallystick.sync.last_writes import LATEST_RUNS, last_written
from tallystick.sync.listing import digests, emptied, is_mark, marked, nothing_new
from tallystick.sync.observe import Observed, observe_both
from tallystick.sync.recover import recover, show_sources
from tallystick.sync.returning import returned
from tallystick.sync.setup import Setup
from tallystick.sync.succeeding import Succeeding
from tallystick.sync.telling import tell_matches, tell_plan, tell_recovered
from tallystick.sync.waiting import wait_for_answers, wait_for_creates, wait_for_twins


@attrs.frozen
class Planned:
    """A plan with what the run that made it still knows: the shared context, the head, and what else was asked for."""

    plan: Plan
    context: Context
    head: Head
    known: Known


def planning(setup: Setup, *, commit: bool = False) -> Call[Planned]:
    """Return the plan of a run. With ``commit``, what recovery found is committed first, and not part of the plan."""
    head = yield from calls.head(setup.sync)
    setup.refuse_disabled(head)
    now = yield from calls.now()
    fresh = head.accounts not in (("", ""), setup.accounts)
    context = setup.context(head, now, initial=head.initial or fresh)
    recovered = Recovered() if fresh else (yield from recover(setup, context))
    known = Known(setup.sync)
    if recovered == Recovered() and not fresh:
        known.found_settled()
    yield from tell_recovered(setup, recovered)
    if commit and (recovered.closed or recovered.kept):
        found = Commit(
            head.revision,
            closed=list(recovered.closed),
            kept=list(recovered.kept),
            links=list(recovered.links),
            unlinked=[link.number for link in recovered.ended],
            parked=list(recovered.parked),
            cleared=list(recovered.cleared),
        )
        head = (yield from calls.commit(setup.sync, found)).head
        recovered = attrs.evolve(recovered, closed=(), links=(), parked=(), cleared=(), ended=())
    full = context.initial or context.relaid
    observed = yield from _observe_both(setup, head, full=full)
    if recovered.claiming:
        yield from show_sources(setup, recovered, observed)
    listed = digests(setup, observed)
    if not full and (yield from nothing_new(known, head, observed, listed, now)):
        observed = emptied(observed)
    gathering = Gathering(setup, context, head, recovered, known, fresh, (yield from _last_writes(setup)))
    gathered = yield from gathering.gather(observed)
    plan = marked(setup, (yield from _decide(setup, context, head, gathering, gathered, observed)), gathered, listed)
    if not commit:
        yield from tell_plan(setup, plan)
    return Planned(plan, context, head, known)


def _last_writes(setup: Setup) -> Call[tuple[datetime | None, datetime | None]]:
    """Return when runs last wrote to each side; nobody has to know where both sides show at once what was written."""
    if not any(capabilities.visibility_lag for capabilities in setup.capabilities):
        return (None, None)
    rows = yield from calls.runs(setup.sync, LATEST_RUNS)
    return (last_written(rows, Side.LEFT), last_written(rows, Side.RIGHT))


def _observe_both(setup: Setup, head: Head, *, full: bool) -> Call[tuple[Observed, Observed]]:
    left, right = (_cursor(setup, head, side) if not full else None for side in SIDES)
    return (yield from observe_both((left, right), setup.scopes))


def _cursor(setup: Setup, head: Head, side: Side) -> str | None:
    """Return where a side's feed goes on; None where it has none, or had none when the last run ended."""
    cursor = head.cursors[side]
    return cursor if setup.capabilities[side].delta and not is_mark(cursor) else None


def _match(
    setup: Setup, context: Context, head: Head, gathering: Gathering, gathered: Gathered
) -> Call[tuple[Sorted, tuple[Sequence[str], Sequence[str]]]]:
    """Find out who belongs to whom; return that, and the ids of each side for which nobody was found."""
    bulk = gathered.size
    with resting_collector(bulk):
        sorted_ = screen(context, gathered.newcomers, gathered.rows)
    for _, side, left_over in gathered.merged:
        sorted_.aside[side.other].add(left_over.id)
    yield from Succeeding(setup, context, gathering, sorted_).all()
    wait_for_creates(context, gathering.recovered, sorted_)
    for side in SIDES:
        wait_for_twins(context, sorted_, side, gathered.late[side].values())
    gathered.linked = list(readopt(context, gathered.linked, sorted_))
    found_alone: tuple[Sequence[str], Sequence[str]]
    with resting_collector(bulk):
        known = recognise(context, sorted_) if all(sorted_.fit) else (frozenset(), frozenset())
        found_alone = pair_listed(context, sorted_, gathered.rows)
        if any(known):
            left, right = ([one for one in found_alone[side] if one not in known[side]] for side in SIDES)
            found_alone = (left, right)
    sides = setup.profile.sides
    unmatched: tuple[Sequence[str], Sequence[str]] = (
        _asking(sides[0], sorted_.fit[0], found_alone[0]),
        _asking(sides[1], sorted_.fit[1], found_alone[1]),
    )
    if (head.parked.get(ParkedKind.LEFT) or head.parked.get(ParkedKind.FAILED)) and not gathering.fresh:
        unmatched = yield from returned(setup, context, gathering, sorted_, unmatched)
    if setup.profile.realm is not None:
        unmatched = yield from Claiming(setup, context, gathering).asked(sorted_, unmatched)
    unmatched = wait_for_answers(context, gathering.recovered, sorted_, unmatched)
    if context.initial or setup.profile.look_up:
        unmatched = yield from _look_up(setup, context, gathering, sorted_, unmatched)
    yield from tell_matches(setup, len(sorted_.pairs), unmatched, len(sorted_.parked))
    for keys in sorted_.keys:
        keys.clear()  # nobody is matched any more, and those of many take as much room as what is decided about them
    return sorted_, unmatched


def _decide(
    setup: Setup,
    context: Context,
    head: Head,
    gathering: Gathering,
    gathered: Gathered,
    observed: tuple[Observed, Observed],
) -> Call[Plan]:
    """Return the plan. It is long for a line each of what a plan holds; what is decided is decided elsewhere."""
    sorted_, unmatched = yield from _match(setup, context, head, gathering, gathered)
    bulk, decided = gathered.size, Decided()
    with resting_collector(bulk):
        decide_links(context, decided, gathered.linked, gathered.shown)
        decide_merged(context, decided, gathered.merged)
        if gathered.astray:
            note_astray(decided, gathered.astray)
    if setup.profile.realm is not None:
        yield from Claiming(setup, context, gathering).spare(decided)
    pairs_so_far = 0 if gathering.fresh else head.links
    total = pairs_so_far - len(decided.unlinked) + len(sorted_.pairs) + sum(map(len, unmatched))
    room = _room(context, sorted_, pairs_so_far - len(decided.unlinked)) if pairs_so_far else None
    with resting_collector(bulk):
        decide_new(context, decided, sorted_)
        decide_unmatched(context, decided, sorted_, unmatched, room)
    refreshed = (*gathered.refreshed.values(), *gathered.renamed(decided))
    held = hold(context, decided.ordered(), gathered.rows, head.confirmed)
    steps, superseded = held.steps, gathered.superseded()
    carried = gathered.still_carried(sorted_.pairs)
    rows = (*sorted_.parked, *gathered.unreadable, *carried, *decided.parked, *held.rows)
    parked = tuple(held_still(tuple(_listed(setup, rows)), gathered.rows, (link for link, _ in gathered.linked)))
    cleared = _cleared(gathered, sorted_, parked, steps)
    found = (*_figures(context, head, decided, steps, pairs_so_far, total), *held.figures)
    return Plan(
        sync=setup.sync,
        profile=setup.profile.name,
        revision=head.revision,
        layout=setup.mapping.layout,
        initial=context.initial,
        extents=setup.extents,
        accounts=setup.accounts,
        cursors=head.cursors,
        cursors_after=(observed[0].cursor, observed[1].cursor),
        pairs=pairs_so_far,
        steps=steps,
        links=(*decided.links, *refreshed),
        refreshed=len(refreshed),
        unlinked=tuple(one for one in decided.unlinked if one not in superseded),
        parked=parked,
        cleared=tuple(cleared),
        notes=tuple(decided.notes),
        figures=found,
        recovered=gathering.recovered,
        close_all=gathering.fresh,
        left_out=_left_out(gathered, parked, cleared, steps),
        found_equal=decided.found_equal,
        unsure=gathered.unsure,
        altered=setup.altered(head),
        superseded=tuple(sorted(superseded)),
    )


def _listed(setup: Setup, rows: Iterable[Parked]) -> Iterator[Parked]:
    """Leave out what only follows: nobody is asked to mend a record that nothing is wanted of."""
    sides = setup.profile.sides
    return (row for row in rows if row.kind is not ParkedKind.IGNORED or not sides[row.side].follows)


def planned_apart(setup: Setup, context: Context, head: Head, decided: Decided, *, undoes: int = 0) -> Planned:
    """Return the plan of what was decided about named records, outside a run: cursors stay where they are."""
    steps = decided.ordered()
    plan = Plan(
        sync=setup.sync,
        profile=setup.profile.name,
        revision=head.revision,
        layout=setup.mapping.layout,
        initial=False,
        extents=setup.extents,
        accounts=setup.accounts,
        cursors=head.cursors,
        cursors_after=head.cursors,
        pairs=head.links,
        steps=steps,
        links=tuple(decided.links),
        parked=tuple(decided.parked),
        notes=tuple(decided.notes),
        figures=figures(context.profile.guards, steps, 0, head.links, initial=False, confirmed=head.confirmed),
        partial=True,
        undoes=undoes,
    )
    return Planned(plan, context, head, Known(setup.sync))


def _figures(
    context: Context, head: Head, decided: Decided, steps: Sequence[Step], pairs_so_far: int, total: int
) -> tuple[Figure, ...]:
    """Return the guards' figures. A sync that begins with more than it has room for does not begin."""
    guards = context.profile.guards
    found = figures(
        guards,
        steps,
        len(decided.unlinked),
        max(pairs_so_far, total) if context.initial else pairs_so_far,
        initial=context.initial,
        confirmed=budget(head.confirmed),
    )
    if guards.capacity is not None and total > guards.capacity and pairs_so_far == 0:
        found = (*found, Figure(CAPACITY, total, guards.capacity))
    return found


def _asking(profile: SideProfile[object], fit: Records, alone: Sequence[str]) -> Sequence[str]:
    """Return who of those that have no match is to be given a counterpart."""
    return () if profile.follows else [one for one in alone if profile.admits(fit[one].record)]


def _look_up(
    setup: Setup,
    context: Context,
    gathering: Gathering,
    sorted_: Sorted,
    unmatched: tuple[Sequence[str], Sequence[str]],
) -> Call[tuple[Sequence[str], Sequence[str]]]:
    """Search each side, beyond its scope, for the records of the other that have no match at hand."""
    matcher = setup.profile.matcher
    rest: list[Sequence[str]] = [unmatched[0], unmatched[1]]
    for side in SIDES:
        searched = unmatched[side]
        terms_of = matcher.search_right if side is Side.LEFT else matcher.search_left
        terms: dict[Term, None] = {}
        for one in searched:
            terms.update(dict.fromkeys(terms_of(sorted_.fit[side][one].record)))
        if not terms:
            continue
        other = side.other
        items = yield from setup.search(other, list(terms))
        hits = yield from gathering.facts(other, items)
        rest[side] = judge_hits(context, sorted_, side, searched, hits)
        taken = {pair[other] for pair in sorted_.pairs}
        rest[other] = [one for one in rest[other] if one not in taken]
        unmatched = (rest[0], rest[1])
    return (rest[0], rest[1])


def _room(context: Context, sorted_: Sorted, pairs: int) -> int | None:
    """Return how many records may still be created, leaving out new pairs beyond the capacity; None for no limit."""
    capacity = context.profile.guards.capacity
    if capacity is None:
        return None
    room = max(capacity - pairs, 0)
    for left, right in sorted_.pairs[room:]:
        for side, one in ((Side.LEFT, left), (Side.RIGHT, right)):
            item: Item[object] = sorted_.fit[side][one]
            if item.member:
                sorted_.parked.append(park(context, side, item, (reasons.CAPACITY,), next_run=True))
    del sorted_.pairs[room:]
    return room - len(sorted_.pairs)


def _left_out(
    gathered: Gathered, parked: Collection[Parked], cleared: Iterable[tuple[Side, str]], steps: Iterable[Step]
) -> int:
    """Return how many records wait for room: those told so now, and those of old that nothing was decided of."""
    now = sum(reasons.CAPACITY in row.reasons for row in parked)
    if not gathered.left_out:
        return now
    decided = {*cleared, *((row.side, row.id) for row in parked)}
    decided.update((side, one) for step in steps for side, one in zip(SIDES, step.ids, strict=True))
    return now + sum(one not in decided for one in gathered.left_out)


def _cleared(
    gathered: Gathered, sorted_: Sorted, parked: Iterable[Parked], steps: Iterable[Step]
) -> list[tuple[Side, str]]:
    """Return the parked rows that no longer hold; those of written pairs are cleared with the effect of the step."""
    if not (gathered.cleared or sorted_.cleared or any(gathered.rows)):
        return []
    done: set[tuple[Side, str]] = {*gathered.cleared, *sorted_.cleared}
    for side in SIDES:
        rows = gathered.rows[side]
        done.update((side, one) for one in rows if one in sorted_.fit[side])
        done.update((side, link.ids[side]) for link, _ in gathered.linked if link.ids[side] in rows)
    if not done:
        return []
    held = {(row.side, row.id) for row in parked}
    held.update((side, one) for step in steps for side, one in zip(SIDES, step.ids, strict=True))
    return sorted(done - held)
