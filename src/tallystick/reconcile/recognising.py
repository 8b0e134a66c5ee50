"""Provide the recognising of new records of which one was created for the other, and forgotten by the state. Pure.

A state that was put back from a backup has forgotten the pairs that were made since. Their records are new ones to it,
and if one of them was renamed meanwhile, no match key tells that they belong together. The token does: it is made of
the id of the record that the other one was created for. Where a side's listings carry the token, or the token is the
id, nothing has to be asked for. A token that several new records bear, as copies do that a person made, tells nothing.
"""

from collections import Counter
from collections.abc import Mapping

from tallystick.ports import SIDES, CreateSafety, Item, Side
from tallystick.reconcile.context import Context
from tallystick.reconcile.newcomers import Sorted


def recognise(context: Context, sorted_: Sorted) -> tuple[set[str], set[str]]:
    """Pair such records, whatever they are matched by, and return their ids by side; nobody else is matched to them."""
    known: tuple[set[str], set[str]] = (set(), set())
    for side in SIDES:
        ours = _ours(context, side, sorted_.fit[side])
        if not ours:
            continue
        for source in sorted_.fit[side.other]:
            one = ours.get(context.token(side, source))
            if one is None or one in known[side] or source in known[side.other]:
                continue
            known[side].add(one)
            known[side.other].add(source)
            sorted_.pairs.append((one, source) if side is Side.LEFT else (source, one))
    for side in SIDES:
        sorted_.keys[side].update(dict.fromkeys(known[side], ()))
    return known


def _ours(context: Context, side: Side, fit: Mapping[str, Item[object]]) -> Mapping[str, str]:
    """Return the ids of the records that may have been created by a sync, by token."""
    able = context.capabilities[side]
    if able.token_in_listings:
        borne = {one: item.token for one, item in fit.items() if item.token}
    elif able.create_safety is CreateSafety.CLIENT_ID:
        borne = {one: one for one in fit}
    else:
        return {}
    size = len(context.token(side, ""))
    tokens = Counter(token for token in borne.values() if len(token) == size)
    return {token: one for one, token in borne.items() if tokens[token] == 1}
