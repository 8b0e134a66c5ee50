"""Provide what is known of creates that were answered with a record that was there before.

A service that knows tokens answers a create that it has done before with the first one's record. That is what makes
sending it again safe; and it happens to a create that this state knows nothing of, too: one that was restored from a
backup has forgotten pairs, and the records of a pair that no longer match are two newcomers. The record that comes
back is then

* in a pair already, or about to be in one: the source is parked, as no record can be in two pairs;
* a newcomer, also one that is listed since an earlier run, or one outside the list that the create was to put it on:
  it is the source's counterpart after all, and whatever was planned for it as a newcomer is not done;
* new: then this create was the first.

A create that is sent again and refused is as much in doubt as before: the first one may have been done.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import attrs

from tallystick.ports import SIDES, CreateSafety, Head, Item, Outcome, Side, Status, WriteKind
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.step import Step
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.setup import Setup

_KNOWS_TOKENS = (CreateSafety.CLIENT_ID, CreateSafety.UNIQUE_KEY, CreateSafety.SERVER_TOKEN)


@attrs.define
class Repeats:
    """What creates may be answered with in one run, and ``answered``: (side, id) of the repeats so far.

    All by side: ``resent`` says where recovery found creates that only sending again can settle, ``possible`` where a
    create may be a repeat at all. ``_paired`` are the ids that the plan puts into pairs, ``_newcomers`` those that it
    takes for newcomers, and of those that came since as answers the ones with a parked row. ``_open`` are the tokens of
    creates that recovery left open.
    """

    resent: tuple[bool, bool] = (False, False)
    possible: tuple[bool, bool] = (False, False)
    answered: set[tuple[Side, str]] = attrs.field(factory=set)
    _paired: tuple[AbstractSet[str], AbstractSet[str]] = (frozenset(), frozenset())
    _newcomers: tuple[set[str], set[str]] = attrs.field(factory=lambda: (set(), set()))
    _open: AbstractSet[str] = frozenset()

    def is_one(self, step: Step, item: Item[object]) -> bool:
        """Tell whether a create was answered with a record that was there before, and may have been edited since."""
        side = step.side
        if not self.possible[side] or step.kind is not WriteKind.CREATE:
            return False
        unlisted = step.after is not None and step.after.members[side] and not item.member
        return self.resent[side] or unlisted or item.id in self._newcomers[side]

    def stays_in_doubt(self, step: Step, outcome: Outcome[object]) -> bool:
        """Tell whether a create that was sent again is refused: that says nothing about the first one."""
        again = self.resent[step.side] and step.kind is WriteKind.CREATE and step.token in self._open
        return again and outcome.status is Status.REFUSED

    def copies_one(self, step: Step) -> bool:
        """Tell whether a step would copy a record that has a partner by now, as a create was answered with it."""
        return step.kind is WriteKind.CREATE and (step.side.other, step.source) in self.answered

    def taken(
        self, setup: Setup, head: Head, steps: Sequence[Step], outcomes: Sequence[Outcome[object]]
    ) -> Call[set[str]]:
        """Return the ids that creates were answered with although they are in a pair, or will be by this run."""
        side = steps[0].side
        if steps[0].kind is not WriteKind.CREATE or not self.possible[side]:
            return set()
        ids = [outcome.item.id for outcome in outcomes if outcome.item]
        if head.parked:
            self._newcomers[side].update(row.id for row in (yield from calls.parked(setup.sync, side, ids)))
        linked = {link.ids[side] for link in (yield from calls.links(setup.sync, side, ids))}
        return linked | (self._paired[side] & set(ids))


def repeats(setup: Setup, plan: Plan) -> Repeats:
    """Return what the creates of a plan may be answered with."""
    knowing = [able.create_safety in _KNOWS_TOKENS for able in setup.capabilities]
    resent = plan.recovered.resent
    found = [(_paired(plan, side), _newcomers(plan, side)) if knowing[side] else (set(), set()) for side in SIDES]
    return Repeats(
        resent,
        (knowing[0] or resent[0], knowing[1] or resent[1]),
        paired=(found[0][0], found[1][0]),
        newcomers=(found[0][1], found[1][1]),
        open=_open(plan) if any(resent) else frozenset(),
    )


def _open(plan: Plan) -> AbstractSet[str]:
    batches = (*plan.recovered.kept, *plan.recovered.claiming)
    return {intent.token for batch in batches for intent in batch.intents if intent.kind is WriteKind.CREATE}


def _paired(plan: Plan, side: Side) -> AbstractSet[str]:
    written = (step.after.ids[side] for step in plan.steps if step.after and step.kind is not WriteKind.CREATE)
    return {*written, *(link.ids[side] for link in plan.links)}


def _newcomers(plan: Plan, side: Side) -> set[str]:
    copied = (step.source for step in plan.steps if step.side is side.other and step.kind is WriteKind.CREATE)
    return {*copied, *(row.id for row in plan.parked if row.side is side)}
