"""Provide what is decided about unlinked records: fit or not, duplicates, who belongs to whom.

Three pure steps, between which the run looks things up:

1. :func:`screen`: who takes part at all, who is unfit (every reason is kept), whose pair ended for good;
2. :func:`pair_listed`: duplicates within a side, then one-to-one pairs among the records at hand;
3. :func:`judge_hits`: what a search on the other side found, for those that had no match at hand.

Whoever is not decided is parked with reasons and with the keys whose turning up makes it worth another look. Nobody
is guessed at.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from tallystick.matching import Key, KeyIndex, index_keys, pair
from tallystick.matching.index import refuse_text
from tallystick.ports import SIDES, Item, Parked, ParkedKind, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context, looking_at
from tallystick.reconcile.policies import Duplicates
from tallystick.reconcile.profile import SideProfile, everybody, never, no_reason

Items = Mapping[str, Item[object]]
Rows = Mapping[str, Parked]
_SET_ASIDE = ((reasons.ENDED,), (reasons.COPY,))


@attrs.define
class Sorted:
    """Unlinked records on their way: ``fit`` by side, rows to park, and (side, id) of rows that no longer hold.

    ``keys`` are the match keys of the fit, tuples, so that the garbage collector leaves those of texts alone. ``aside``
    are the ids by side of those that were fit or at hand and are parked now: no hit for anybody.
    """

    fit: tuple[dict[str, Item[object]], dict[str, Item[object]]] = attrs.field(factory=lambda: ({}, {}))
    keys: tuple[dict[str, tuple[Key, ...]], dict[str, tuple[Key, ...]]] = attrs.field(factory=lambda: ({}, {}))
    pairs: list[tuple[str, str]] = attrs.field(factory=list)
    parked: list[Parked] = attrs.field(factory=list)
    cleared: list[tuple[Side, str]] = attrs.field(factory=list)
    aside: tuple[set[str], set[str]] = attrs.field(factory=lambda: (set(), set()))


def screen(context: Context, items: tuple[Items, Items], rows: tuple[Rows, Rows]) -> Sorted:
    """Sort out who takes part and is fit."""
    result = Sorted()
    for side in SIDES:
        profile = context.profile.sides[side]
        takes_part = None if profile.takes_part is everybody else profile.takes_part
        is_void = None if profile.counts_as_deleted is never else profile.counts_as_deleted
        against = [one for one in (profile.reasons_against, profile.reasons_against_new) if one is not no_reason]
        alone, keys_of = len(against) == 1, context.profile.matcher.keys[side]
        keyed_are_fit = alone and profile.keyed_are_fit == (keys_of, against[0])
        fit, keys, known = result.fit[side], result.keys[side], rows[side]
        for one, item in items[side].items():
            try:
                row = known.get(one) if known else None
                if row and row.kind is ParkedKind.LEFT and row.reasons in _SET_ASIDE:
                    continue
                record = item.record
                if (takes_part and not takes_part(record)) or (is_void and is_void(record)):
                    if row:
                        result.cleared.append((side, one))
                    continue
                # Here, while the record is at hand: coming back to each of many costs as much as the keys do.
                given = keys_of(record)
                if given.__class__ is str:
                    refuse_text()
                made = tuple(given)
                if made and keyed_are_fit:
                    fit[one], keys[one] = item, made
                    continue
                found = against[0](record) if alone else [why for reasons_of in against for why in reasons_of(record)]
                if found:
                    unfit = park(context, side, item, found, known=made)
                    result.parked.append(attrs.evolve(unfit, first_seen=row.first_seen) if row else unfit)
                    result.aside[side].add(one)
                else:
                    fit[one], keys[one] = item, made
            except Exception as error:
                error.add_note(looking_at((side, one)))
                raise
    return result


def reasons_against_new(profile: SideProfile[object], record: object) -> list[str]:
    """Return every reason why a record without a partner is unfit."""
    return [*profile.reasons_against(record), *profile.reasons_against_new(record)]


def pass_over(context: Context, side: Side, item: Item[object], why: str) -> Parked:
    """Return the parked row of a fit record that is not taken in until it changes: nothing else calls it."""
    return attrs.evolve(park(context, side, item, (why,), kind=ParkedKind.PASSED_OVER), keys=())


def park(
    context: Context,
    side: Side,
    item: Item[object],
    why: Sequence[str],
    *,
    blockers: Iterable[tuple[Side, str]] = (),
    kind: ParkedKind = ParkedKind.IGNORED,
    next_run: bool = False,
    known: Sequence[Key] | None = None,
) -> Parked:
    """Return the parked row of a record, to be looked at again when it, a match key of it, or a blocker turns up.

    ``next_run`` has it looked at by the next run in any case: what it waits for is in no feed. ``known`` are its match
    keys, where they have been made.
    """
    keys = list(context.parked_keys(context.match_keys(side, item.record) if known is None else known))
    for where, one in blockers:
        keys += context.record_keys(where, (one,))
    return Parked(
        side,
        item.id,
        item.version,
        kind,
        tuple(why),
        tuple(keys),
        first_seen=context.now,
        last_seen=context.now,
        retry_at=context.now if next_run or context.profile.sides[side].rechecks else None,
    )


def pair_listed(context: Context, sorted_: Sorted, rows: tuple[Rows, Rows] = ({}, {})) -> tuple[list[str], list[str]]:
    """Find duplicates and pairs among the fit; return the ids by side that have no match at hand.

    ``rows`` are the parked rows they had: whoever was ignored as a duplicate is one until it is mended, in any run.
    """
    indexes = (_index(sorted_, Side.LEFT), _index(sorted_, Side.RIGHT))
    duplicated = _set_duplicates_aside(context, sorted_, indexes, rows)
    result = pair(*indexes)
    for side in SIDES:
        for one, hits in result.ambiguous[side].items():
            why = reasons.SEVERAL if len(hits) > 1 else reasons.CLAIMED
            set_aside(context, sorted_, side, one, why, [(side.other, hit) for hit in hits])
    sorted_.pairs += result.pairs
    rest: tuple[list[str], list[str]] = ([], [])
    for side in SIDES:
        others = duplicated[side.other]
        for one in result.unmatched[side]:
            keys = indexes[side].keys[one]
            if not others.keys().isdisjoint(keys):
                twins = sorted({others[key] for key in keys if key in others})
                set_aside(context, sorted_, side, one, reasons.TWIN_IGNORED, [(side.other, hit) for hit in twins])
            else:
                rest[side].append(one)
    return rest


def _index(sorted_: Sorted, side: Side) -> KeyIndex:
    fit, keys = sorted_.fit[side], sorted_.keys[side]
    return index_keys(keys.items() if len(keys) == len(fit) else ((one, keys[one]) for one in fit))


def _set_duplicates_aside(
    context: Context, sorted_: Sorted, indexes: tuple[KeyIndex, KeyIndex], rows: tuple[Rows, Rows]
) -> tuple[dict[object, str], dict[object, str]]:
    """Park duplicates and take them out of the indexes; return the keys they had."""
    had: tuple[dict[object, str], dict[object, str]] = ({}, {})
    when = context.profile.duplicates
    if when is Duplicates.NEVER:
        return had
    everyone = when is Duplicates.ALWAYS or context.initial
    for side in SIDES:
        index = indexes[side]
        for group in index.duplicates():
            if not everyone and not any(one in rows[side] for one in group):
                continue
            kept = _kept_duplicate(context, sorted_.fit[side], group)
            for one in group:
                if one == kept:
                    continue
                for key in index.keys.pop(one):
                    index.others.pop(key, None)
                    if kept is None or key not in index.keys[kept]:
                        index.owner.pop(key, None)
                        had[side][key] = one
                    else:
                        index.owner[key] = kept
                set_aside(context, sorted_, side, one, reasons.DUPLICATE, [(side, twin) for twin in group])
    return had


def _kept_duplicate(context: Context, fit: Items, group: Sequence[str]) -> str | None:
    if context.profile.keep_oldest_duplicate:
        return min(group, key=lambda one: (fit[one].modified is None, fit[one].modified or context.now, one))
    if not context.profile.keep_latest_duplicate:
        return None
    dated = [(modified, one) for one in group if (modified := fit[one].modified)]
    latest = max(dated, default=None)
    alone = latest is not None and sum(modified == latest[0] for modified, _ in dated) == 1
    return latest[1] if latest and alone and len(dated) == len(group) else None


def set_aside(
    context: Context,
    sorted_: Sorted,
    side: Side,
    one: str,
    why: str,
    blockers: Iterable[tuple[Side, str]],
    *,
    next_run: bool = False,
) -> None:
    """Park a fit record, to be looked at again when a blocker turns up."""
    item = sorted_.fit[side].pop(one)
    sorted_.aside[side].add(one)
    others = [blocker for blocker in blockers if blocker != (side, one)]
    known = sorted_.keys[side].get(one)
    sorted_.parked.append(park(context, side, item, (why,), blockers=others, next_run=next_run, known=known))


def hold_back(context: Context, sorted_: Sorted, side: Side, items: Iterable[Item[object]]) -> None:
    """Leave new records to the next run."""
    for item in items:
        del sorted_.fit[side][item.id]
        sorted_.parked.append(park(context, side, item, (reasons.WAITS,), kind=ParkedKind.FAILED, next_run=True))


@attrs.frozen
class Hits:
    """What a search on one side found: the items by id, the ids that have a partner, and parked rows by id.

    ``moving`` are the ids of pairs that this run decides about: they may be others once it is done. ``doubted`` are
    those of records that are left alone: what they are, or whose, is not known yet.
    """

    items: Items
    linked: frozenset[str]
    rows: Rows
    moving: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()


def judge_hits(context: Context, sorted_: Sorted, side: Side, searched: Sequence[str], hits: Hits) -> list[str]:
    """Pair the searched-for records of ``side`` with what was found on the other; return those without any hit."""
    other = side.other
    takes_part = context.profile.sides[other].takes_part
    keys_of = context.profile.matcher.keys[other]
    found = index_keys(
        (one, keys_of(item.record))
        for one, item in hits.items.items()
        if takes_part(item.record) and not (context.profile.doubles and one in hits.linked)
    )
    candidates = {one: _owners(found, sorted_.keys[side][one]) for one in searched}
    return settle(context, sorted_, side, candidates, hits)


def settle(
    context: Context, sorted_: Sorted, side: Side, candidates: Mapping[str, Sequence[str]], hits: Hits
) -> list[str]:
    """Pair records of ``side`` with their candidates, one to one, or set them aside; return those without any.

    One that has a candidate in doubt is left to the next run: it may belong to the same pair, or be a duplicate.
    """
    other = side.other
    claims: dict[str, int] = {}
    for ids in candidates.values():
        for hit in ids:
            claims[hit] = claims.get(hit, 0) + 1
    rest = []
    for one, ids in candidates.items():
        if not ids:
            rest.append(one)
            continue
        if not hits.doubted.isdisjoint(ids):
            hold_back(context, sorted_, side, [sorted_.fit[side][one]])
            continue
        why = _objection(context, sorted_, side, one, ids, hits, claims)
        if why:
            unseen = any(hit in hits.moving or not hits.items[hit].member for hit in ids)
            set_aside(context, sorted_, side, one, why, [(other, hit) for hit in ids], next_run=unseen)
        else:
            sorted_.fit[other][ids[0]] = hits.items[ids[0]]
            sorted_.pairs.append((one, ids[0]) if side is Side.LEFT else (ids[0], one))
    return rest


def _owners(index: KeyIndex, keys: Iterable[object]) -> list[str]:
    owners: list[str] = []
    for key in keys:
        owners += [one for one in index.owners(key) if one not in owners]
    return owners


def _objection(
    context: Context,
    sorted_: Sorted,
    side: Side,
    one: str,
    ids: Sequence[str],
    hits: Hits,
    claims: Mapping[str, int],
) -> str:
    """Return why a record may not be paired with what was found, or an empty text."""
    if len(ids) > 1:
        return reasons.SEVERAL
    hit = ids[0]
    if hit in hits.linked:
        return reasons.HAS_PARTNER
    if claims[hit] > 1:
        return reasons.CLAIMED
    row = hits.rows.get(hit)
    if row and row.kind is ParkedKind.LEFT:
        back = row.reasons == (reasons.ENDED,) or set(context.record_keys(side, (one,))) & set(row.keys)
        if not back:
            return reasons.LEFT_SYNC
    ignored = row is not None and row.kind in (ParkedKind.IGNORED, ParkedKind.FROZEN)
    if (
        ignored
        or hit in sorted_.aside[side.other]
        or reasons_against_new(context.profile.sides[side.other], hits.items[hit].record)
    ):
        return reasons.HIT_IGNORED
    return ""
