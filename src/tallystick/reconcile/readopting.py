"""Provide the second look at pairs of which one record is gone and is to be made again: perhaps it has been made.

Where a service knows records by their fields alone, a create whose answer was lost is known by nothing else. For a new
pair that is enough, since both records are new and match. Here the other record has a partner already, the one that is
gone, and nobody would match it: the record would be made once more in each run that gets no answer.

Inputs are the linked pairs with what both sides show, and the new records of this run. A single new record that has a
match key in common with the pair's other record takes the place of the one that is gone; of several none does.
"""

from collections.abc import Iterable, Iterator

import attrs

from tallystick.matching import index_keys
from tallystick.ports import SIDES, Absence, CreateSafety, Item, Link, Side, WriteKind
from tallystick.reconcile.context import Context
from tallystick.reconcile.newcomers import Sorted
from tallystick.reconcile.removals import Ending, Sights, decide_linked

Linked = tuple[Link, Sights]


def readopt(context: Context, linked: Iterable[Linked], sorted_: Sorted) -> Iterator[Linked]:
    """Yield the pairs, those that go on in a new record under its id; such records are no new ones any more."""
    for link, sights in linked:
        side = _to_be_made_again(context, link, sights)
        found = _match(context, side, sights, sorted_) if side is not None else None
        if side is None or found is None:
            yield link, sights
            continue
        item = sorted_.fit[side].pop(found)
        left, right = side is Side.LEFT, side is Side.RIGHT
        ids = (item.id if left else link.ids[0], item.id if right else link.ids[1])
        yield attrs.evolve(link, ids=ids), (item if left else sights[0], item if right else sights[1])


def _to_be_made_again(context: Context, link: Link, sights: Sights) -> Side | None:
    gone = [side for side in SIDES if isinstance(sights[side], Absence)]
    if len(gone) != 1 or context.capabilities[gone[0]].create_safety is not CreateSafety.NATURAL_KEY:
        return None
    outcome = decide_linked(context, link, sights)
    step = outcome.step if isinstance(outcome, Ending) else None
    return gone[0] if step is not None and step.kind is WriteKind.CREATE else None


def _match(context: Context, side: Side, sights: Sights, sorted_: Sorted) -> str | None:
    there = sights[side.other]
    assert isinstance(there, Item)  # noqa: S101 - one of both is gone, and it is not this; for the type checker
    index = index_keys((one, sorted_.keys[side][one]) for one in sorted_.fit[side])
    found = {one for key in context.match_keys(side.other, there.record) for one in index.owners(key)}
    return found.pop() if len(found) == 1 else None
