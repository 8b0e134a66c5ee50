"""Provide the settling of one conflict by a person's choice.

The choice was made between two versions. Both records are read; if either is another by now, nothing is written and
the person is asked again. Else the pair is decided with the chosen side as the winner, and written like any other:
loser first, journal, conditional writes. Cursors stay where they are.
"""

import attrs

from tallystick.errors import ProviderError, SafetyError, StalePlan, StateMoved, UnknownRecord
from tallystick.ports import SIDES, Item, Parked, ParkedKind, RunRow, Side
from tallystick.reconcile.deciding import Decided, decide_links
from tallystick.reconcile.guards import figures
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.report import Report
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.finishing import failed_report
from tallystick.sync.planning import Planned
from tallystick.sync.running import write_planned
from tallystick.sync.setup import Setup


def resolving(setup: Setup, opened: RunRow, one: str, winner: Side) -> Call[Report]:
    """Settle the conflict that is named by the left record ``one``; ``opened`` is the run's row."""
    try:
        planned = yield from _planned(setup, one, winner)
        return (yield from write_planned(setup, opened, planned, again=False))
    except (ProviderError, SafetyError, StateMoved) as error:
        return (yield from failed_report(setup, opened, error))


def _planned(setup: Setup, one: str, winner: Side) -> Call[Planned]:
    head = yield from calls.head(setup.sync)
    links = yield from calls.links(setup.sync, Side.LEFT, [one])
    rows: list[Parked] = []
    items: list[Item[object]] = []
    for side in SIDES:
        ids = [link.ids[side] for link in links]
        rows += [row for row in (yield from calls.parked(setup.sync, side, ids)) if row.kind is ParkedKind.CONFLICT]
        for sight in (yield from calls.get(side, ids, setup.scope(side), 1)):
            items += [sight] if isinstance(sight, Item) else []
    yield from _refuse_unsettled(setup, one, whole=len(rows) == len(SIDES))
    if len(rows) != len(SIDES):
        raise UnknownRecord(
            "no such conflict is held", where=f"{setup.sync}, {one}", remedy="conflicts() lists those that are"
        )
    if [(item.id, item.version) for item in items] != [(row.id, row.version) for row in rows]:
        raise StalePlan(
            "a record of the conflict has changed since it was listed",
            where=f"{setup.sync}, {one}",
            remedy="nothing was written; the next run lists it as it is now",
        )
    context = attrs.evolve(setup.context(head, (yield from calls.now()), initial=False), chosen=winner)
    decided = Decided()
    decide_links(context, decided, [(links[0], (items[0], items[1]))])
    steps = decided.ordered()
    plan = Plan(
        setup.sync,
        setup.profile.name,
        head.revision,
        setup.mapping.layout,
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
    )
    return Planned(plan, context, head)


def _refuse_unsettled(setup: Setup, one: str, *, whole: bool) -> Call[None]:
    """Raise StalePlan where the rest of the pair could not be written yet, or nobody knows whether it was."""
    listed = yield from calls.parked(setup.sync, Side.LEFT, [one])
    waits = not whole and any(row.kind is ParkedKind.CONFLICT for row in listed)
    doubted = any(
        intent.ids[Side.LEFT] == one for batch in (yield from calls.batches(setup.sync)) for intent in batch.intents
    )
    if waits or doubted:
        raise StalePlan(
            "the rest of the pair in conflict is not written yet",
            where=f"{setup.sync}, {one}",
            remedy="nothing was written; settle it after the next run",
        )
