"""Provide the asking after the former partners of records that come back, before anybody takes them for new ones.

A record that a person took out of the sync leaves a row that knows its partner by digest, and so does the partner. When
it is put back, by then perhaps called something else, the partner is found by that row and nobody is created anew. A
row also knows the identity that its partner had, so that what comes back under another id is found as well.

Two that belong together and whose first write failed have such rows, too. Where nobody is looked up any more, as that
was for the first run alone, they are found by them, as long as they match.
"""

from collections.abc import Sequence

import attrs

from tallystick.ports import SIDES, Item, ParkedKind, Side
from tallystick.reconcile.context import Context
from tallystick.reconcile.newcomers import Hits, Sorted, settle
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.gather import Gathering
from tallystick.sync.setup import Setup

Unmatched = tuple[Sequence[str], Sequence[str]]
_BACK = (ParkedKind.LEFT, ParkedKind.FAILED)
"""The rows of records that come back: the write that was to put their partner back, too, may have failed before."""


def returned(
    setup: Setup, context: Context, gathering: Gathering, sorted_: Sorted, unmatched: Unmatched
) -> Call[Unmatched]:
    """Pair records that come back with their former partners; return those that have none."""
    rest: list[Sequence[str]] = [unmatched[0], unmatched[1]]
    kinds = (ParkedKind.LEFT,) if context.initial or context.profile.look_up else _BACK
    for side in SIDES:
        other, rows = side.other, gathering.result.rows[side]
        back = [one for one in rest[side] if (row := rows.get(one)) and row.kind in _BACK]
        known = {context.record_keys(side, (one,))[0]: [one] for one in back}
        for one in rest[side]:
            if identity := context.identity(side, one, sorted_.fit[side][one].record):
                known.setdefault(identity, []).append(one)
        partners: dict[str, list[str]] = {one: [] for ones in known.values() for one in ones}
        were: set[str] = set()
        for row in (yield from calls.parked_sharing(setup.sync, sorted(known))):
            if row.side is other and row.kind in kinds:
                were.update([row.id] if row.kind is ParkedKind.LEFT else ())
                for one in {one for key in row.keys for one in known.get(key, ())}:
                    partners[one].append(row.id)
        wanted = sorted({one for ids in partners.values() for one in ids})
        found = yield from setup.get(other, wanted)
        hits = yield from gathering.facts(other, {item.id: item for item in found if isinstance(item, Item)})
        paired = frozenset(pair[other] for pair in sorted_.pairs)
        hits = attrs.evolve(hits, linked=hits.linked | paired)
        candidates = {
            one: [
                hit
                for hit in ids
                if hit in hits.items and (hit in were or _match(context, sorted_, hits, side, one, hit))
            ]
            for one, ids in partners.items()
        }
        alone = {*settle(context, sorted_, side, candidates, hits)}
        rest[side] = [one for one in rest[side] if one not in partners or one in alone]
        taken = {pair[other] for pair in sorted_.pairs}
        rest[other] = [one for one in rest[other] if one not in taken]
    return (rest[0], rest[1])


def _match(context: Context, sorted_: Sorted, hits: Hits, side: Side, one: str, hit: str) -> bool:
    """Tell whether a record and what it was to be paired with are still the same by the matcher."""
    return not set(sorted_.keys[side][one]).isdisjoint(context.match_keys(side.other, hits.items[hit].record))
