"""Provide the following of records that live on under another id: moved, or merged into another record.

==========================  ============================================================================
the id leads                what becomes of it
==========================  ============================================================================
to a record                 it is what the old id stands for, however many steps it takes
to nothing, or no access    absent, for that reason
round in a circle           out of reach: nobody can read what it is, and nothing is concluded from that
==========================  ============================================================================

What a person settled about an unlinked record goes along with it, unless the new id has a place of its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from tallystick.ports import SIDES, Absence, AbsenceReason, Found, Item, Link, Parked, ParkedKind, Redirect, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.removals import Sight
from tallystick.sync.calls import Call

_REMEMBERED = ((reasons.ENDED,), (reasons.COPY,), (reasons.UNIQUE_ID,))


Get = Callable[[Side, Sequence[str]], Call[list[Found[object]]]]
Links = Callable[[Side, Sequence[str]], Call[list[Link]]]


def followed(get: Get, side: Side, redirect: Redirect) -> Call[Sight]:
    """Return what a record is under the last of its ids, an absence under its first one."""
    passed = {redirect.id}
    sight: Found[object] = redirect
    while isinstance(sight, Redirect):
        if sight.new_id in passed:
            return Absence(redirect.id, AbsenceReason.NO_ACCESS)
        passed.add(sight.new_id)
        (sight,) = yield from get(side, [sight.new_id])
    return attrs.evolve(sight, id=redirect.id) if isinstance(sight, Absence) else sight


def with_heirs(get: Get, places: Iterable[tuple[Side, str]]) -> Call[set[tuple[Side, str]]]:
    """Return records, each by side and id, together with the ids under which they live on by now."""
    found = set(places)
    for side in SIDES:
        ids = sorted(one for where, one in found if where is side)
        for sight in (yield from get(side, ids)) if ids else ():
            if isinstance(sight, Redirect):
                found.add((side, (yield from followed(get, side, sight)).id))
    return found


def crosswise(merged: Mapping[int, tuple[Link, Side, str]], ended: Link, link: Link) -> bool:
    """Tell whether a pair has ended as one record of it became this pair's, so that the other one is free for it.

    ``merged`` has the pairs that end by a merge, by number, with the side and what their record there became.
    """
    found = merged.get(ended.number)
    return found is not None and found[2] == link.ids[found[1]]


def left_over(get: Get, links: Links, link: Link, side: Side) -> Call[Sight]:
    """Return what is left on a side of a pair whose other record was merged away; nothing where another pair has it."""
    one = link.ids[side]
    (found,) = yield from get(side, [one])
    sight = (yield from followed(get, side, found)) if isinstance(found, Redirect) else found
    if isinstance(sight, Item) and any(known.number != link.number for known in (yield from links(side, [sight.id]))):
        return Absence(one, AbsenceReason.DELETED)
    return sight


def carried(row: Parked, item: Item[object]) -> Parked | None:
    """Return the row of an unlinked record under its new id; None where the record is looked at as any new one."""
    if item.member:
        stays = row.kind is ParkedKind.PASSED_OVER or row.reasons in _REMEMBERED
    else:
        stays = row.kind is ParkedKind.LEFT
    return attrs.evolve(row, id=item.id, version=item.version) if stays else None
