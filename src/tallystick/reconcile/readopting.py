"""Provide the second look at pairs of which one record is gone: perhaps it goes on as a new one.

Two things can hide behind a record that is gone:

- It is to be made again, and has been made: where a service knows records by their fields alone, a create whose answer
  was lost is known by nothing else, and its partner, which is paired already, would be matched by nobody.
- It lives on under another id, on a side that declares that its ids are not stable. Where the provider names the new
  id, it is followed before (:mod:`tallystick.sync.gather`); else it is told by our token, or by its fields.

Inputs are the linked pairs with what both sides show, and the new records of this run. A single new record that bears
the token of the one that is gone, or has a match key in common with its partner, takes its place; of several none does.
"""

from collections.abc import Iterable, Iterator

import attrs

from tallystick.matching import index_keys
from tallystick.ports import SIDES, Absence, AbsenceReason, CreateSafety, Item, Link, Side, WriteKind
from tallystick.reconcile.context import Context
from tallystick.reconcile.newcomers import Sorted
from tallystick.reconcile.removals import Ending, Sights, decide_linked

Linked = tuple[Link, Sights]


def readopt(context: Context, linked: Iterable[Linked], sorted_: Sorted) -> Iterator[Linked]:
    """Yield the pairs, those that go on in a new record under its id; such records are no new ones any more."""
    for link, sights in linked:
        side = _gone(context, link, sights)
        found = _match(context, link, side, sights, sorted_) if side is not None else None
        if side is None or found is None:
            yield link, sights
            continue
        item = sorted_.fit[side].pop(found)
        left, right = side is Side.LEFT, side is Side.RIGHT
        ids = (item.id if left else link.ids[0], item.id if right else link.ids[1])
        yield attrs.evolve(link, ids=ids), (item if left else sights[0], item if right else sights[1])


def _gone(context: Context, link: Link, sights: Sights) -> Side | None:
    """Return the side of a record that may go on as a new one."""
    gone = [(side, sight.reason) for side, sight in zip(SIDES, sights, strict=True) if isinstance(sight, Absence)]
    if len(gone) != 1:
        return None
    ((side, reason),) = gone
    able = context.capabilities[side]
    if not able.stable_ids and reason is AbsenceReason.DELETED:
        return side
    if able.create_safety is not CreateSafety.NATURAL_KEY:
        return None
    outcome = decide_linked(context, link, sights)
    step = outcome.step if isinstance(outcome, Ending) else None
    return side if step is not None and step.kind is WriteKind.CREATE else None


def _match(context: Context, link: Link, side: Side, sights: Sights, sorted_: Sorted) -> str | None:
    there = sights[side.other]
    assert isinstance(there, Item)  # noqa: S101 - one of both is gone, and it is not this; for the type checker
    token = context.token(side, link.ids[side.other])
    ours = [one for one, item in sorted_.fit[side].items() if item.token == token]
    if len(ours) == 1:
        return ours[0]
    index = index_keys((one, sorted_.keys[side][one]) for one in sorted_.fit[side])
    found = {one for key in context.match_keys(side.other, there.record) for one in index.owners(key)}
    return found.pop() if len(found) == 1 else None
