"""Provide the settling of one conflict by a person's choice.

The choice was made between two versions: those that were listed, or those that a page showed afresh. Both records are
read; if either is another by now, nothing is written and the person is asked again. Else the pair is decided with what
was chosen, whole or field by field, and written like any other: loser first, journal, conditional writes. Cursors stay
where they are.
"""

from collections.abc import Sequence

import attrs

from tallystick.errors import (
    ProviderError,
    SafetyError,
    StaleConflict,
    StalePlan,
    StateMoved,
    UsageError,
)
from tallystick.ports import SIDES, Head, Item, Link, Parked, ParkedKind, RunRow, Side
from tallystick.reconcile.context import Context
from tallystick.reconcile.deciding import Decided, decide_links
from tallystick.reconcile.pair_merge import Items
from tallystick.reconcile.pairs import decide_pair
from tallystick.reconcile.policies import Choice
from tallystick.reconcile.report import Report
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.finishing import failed_report
from tallystick.sync.planning import Planned, planned_apart
from tallystick.sync.running import write_planned
from tallystick.sync.settling import CONFLICT, Subject, Versions, settled, unlisted
from tallystick.sync.setup import Setup


@attrs.frozen
class Held:
    """A conflict that is held, as it stands now: its link, rows and records, and the rules that both sides changed."""

    head: Head
    context: Context
    link: Link
    rows: tuple[Parked, Parked]
    items: Items
    rules: Sequence[str]

    @property
    def versions(self) -> Versions:
        """The versions of both records as they were just read."""
        return (self.items[0].version, self.items[1].version)


def conflict_of(one: str) -> Subject:
    """Return what is settled where the conflict is that is named by the left record ``one``."""
    return Subject(CONFLICT, Side.LEFT, one)


def held_conflict(setup: Setup, one: str) -> Call[Held]:
    """Read the conflict that is named by the left record ``one``, and both its records."""
    head = yield from calls.head(setup.sync)
    links = yield from calls.links(setup.sync, Side.LEFT, [one])
    rows: list[Parked] = []
    items: list[Item[object]] = []
    for side in SIDES:
        ids = [link.ids[side] for link in links]
        rows += [row for row in (yield from calls.parked(setup.sync, side, ids)) if row.kind is ParkedKind.CONFLICT]
        for sight in (yield from setup.get(side, ids)):
            items += [sight] if isinstance(sight, Item) else []
    yield from _refuse_unsettled(setup, one, whole=len(rows) == len(SIDES))
    if len(rows) != len(SIDES):
        raise (yield from unlisted(setup, conflict_of(one)))
    if len(items) != len(SIDES):
        raise StaleConflict("a record of the conflict is not there any more", where=f"{setup.sync}, {one}")
    context = setup.context(head, (yield from calls.now()), initial=False)
    both = (items[0], items[1])
    return Held(head, context, links[0], (rows[0], rows[1]), both, decide_pair(context, links[0], both).held)


def resolving(setup: Setup, opened: RunRow, one: str, choice: Choice, versions: Versions | None = None) -> Call[Report]:
    """Settle the conflict that is named by the left record ``one``; ``opened`` is the run's row.

    ``versions`` are those that the person saw, None for those that were listed.
    """
    try:
        held = yield from held_conflict(setup, one)
        _refuse_stale(setup, held, versions)
        _refuse_unfit(setup, held, choice)
        row = settled(setup, opened, conflict_of(one))
        return (yield from write_planned(setup, row, _planned(setup, held, choice), again=False))
    except (ProviderError, SafetyError, StateMoved) as error:
        return (yield from failed_report(setup, opened, error))


def _refuse_stale(setup: Setup, held: Held, versions: Versions | None) -> None:
    """Raise StaleConflict where a record is not as the person saw it."""
    seen = versions or (held.rows[0].version, held.rows[1].version)
    if held.versions != seen:
        rules = f"; in conflict now: {', '.join(held.rules)}" if held.rules else "; nothing is in conflict any more"
        raise StaleConflict(
            f"a record of the conflict has changed since it was listed{rules}",
            versions=held.versions,
            rules=held.rules,
            where=f"{setup.sync}, {held.link.ids[0]}",
        )


def _refuse_unfit(setup: Setup, held: Held, choice: Choice) -> None:
    """Raise UsageError for a choice that leaves a rule out, names another one, or wants a copy that can't be made."""
    where = f"{setup.sync}, {held.link.ids[0]}"
    others = [rule for rule in choice.rules if rule not in held.rules]
    if others:
        raise UsageError(f"no conflict of {', '.join(others)}", where=where, remedy=f"name {', '.join(held.rules)}")
    left_out = [rule for rule in held.rules if choice.of(rule) is None]
    if left_out:
        raise UsageError(
            f"no side is chosen for {', '.join(left_out)}", where=where, remedy="choose one, or a winner of the rest"
        )
    losers = {winner.other for rule in held.rules if (winner := choice.of(rule)) is not None}
    if choice.keeps_both and not all(map(held.context.can_copy, losers)):
        raise UsageError(
            "the record that loses can't be copied: its side creates none, or could not find one again",
            where=where,
            remedy="choose without keeping both",
        )


def _planned(setup: Setup, held: Held, choice: Choice) -> Planned:
    head = held.head
    context = attrs.evolve(held.context, chosen=choice)
    decided = Decided()
    decide_links(context, decided, [(held.link, held.items)])
    return planned_apart(setup, context, head, decided)


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
