"""Provide the waiting of new records for what is in doubt: one that is met as new may be what a run has created. Pure.

==========================  ===============================================================================
waits                       until
==========================  ===============================================================================
a new record of a side      a create on that side is no longer in doubt, unless its token says whose it is
its match on the other      it does not wait any more, where no search would find that they are the same
one without a match         a create that is sent again is answered: it may be answered with that very one
==========================  ===============================================================================
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from tallystick.matching.matcher import NO_KEYS
from tallystick.ports import SIDES, Item, Side, WriteKind
from tallystick.reconcile.context import Context
from tallystick.reconcile.newcomers import Sorted, hold_back
from tallystick.reconcile.plan import Recovered


def wait_for_creates(context: Context, recovered: Recovered, sorted_: Sorted) -> None:
    """Hold back new records of a side on which a create is in doubt: one of them may be our own."""
    for side in SIDES:
        if not recovered.creates_in_doubt[side] or recovered.resent[side]:
            continue
        waiting = _perhaps_ours(context, recovered, side, sorted_.fit[side].values())
        hold_back(context, sorted_, side, waiting)
        wait_for_twins(context, sorted_, side, waiting)


def wait_for_twins(context: Context, sorted_: Sorted, side: Side, waiting: Iterable[Item[object]]) -> None:
    """Hold back new records that match one of ``side`` that waits, where no search would find that."""
    if context.initial or context.profile.look_up:
        return
    keys = {key for item in waiting for key in context.match_keys(side, item.record)} - NO_KEYS
    if keys:
        others = sorted_.fit[side.other].values()
        twins = [one for one in others if not keys.isdisjoint(context.match_keys(side.other, one.record))]
        hold_back(context, sorted_, side.other, twins)


def wait_for_answers(
    context: Context, recovered: Recovered, sorted_: Sorted, unmatched: tuple[Sequence[str], Sequence[str]]
) -> tuple[Sequence[str], Sequence[str]]:
    """Hold back new records without a match of a side on which a create is sent again: it may be answered with one.

    Not those that a create of the other side is to be sent again for: they were there before, and two sides that wait
    for each other would wait for ever.
    """
    for side in SIDES:
        if recovered.resent[side]:
            sources = _sources(recovered, side)
            alone = [sorted_.fit[side][one] for one in unmatched[side] if one not in sources]
            hold_back(context, sorted_, side, _perhaps_ours(context, recovered, side, alone))
    left, right = ([one for one in unmatched[side] if one in sorted_.fit[side]] for side in SIDES)
    return (left, right)


def _sources(recovered: Recovered, side: Side) -> AbstractSet[str]:
    """Return the ids of the records on a side for which creates on the other are open."""
    batches = (batch for batch in (*recovered.kept, *recovered.claiming) if batch.side is side.other)
    return {intent.ids[side] for batch in batches for intent in batch.intents if intent.kind is WriteKind.CREATE}


def _perhaps_ours(
    context: Context, recovered: Recovered, side: Side, items: Iterable[Item[object]]
) -> list[Item[object]]:
    """Return the new records that may be our own: all of them, unless listings carry the token of the create."""
    if not context.capabilities[side].token_in_listings or recovered.resent[side]:
        return list(items)
    tokens = {intent.token for batch in recovered.kept if batch.side is side for intent in batch.intents}
    return [item for item in items if item.token in tokens]
