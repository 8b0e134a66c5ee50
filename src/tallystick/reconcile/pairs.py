"""Provide the decision about one pair whose records are both there.

Inputs: both items, and the pair's link if it has one. The result is a link as it will be, and at most one write a
side. What a lens had no room for, or had to cut, is listed as not carried; what lost a conflict is listed, too.
"""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from tallystick.making import quickly_made
from tallystick.mapping import Shape
from tallystick.mapping.base import BLANK_SLOT, EMPTY, digests
from tallystick.mapping.base import differing as which_differ
from tallystick.ports import SIDES, Item, Link, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context, looking_at
from tallystick.reconcile.merge import KEEP, Merged
from tallystick.reconcile.pair_merge import Entries, Items, PairMerge, merge_pair, unmerged
from tallystick.reconcile.pair_steps import steps_of
from tallystick.reconcile.step import Step

_INSIDE = (True, True)
_LEFT, _RIGHT = SIDES


@attrs.frozen
class LostValue:
    """One value that lost a conflict: the rule, and the side that had it."""

    rule: str
    side: Side


@attrs.frozen
class Shown:
    """The entries of one side's item, where they were made before its pair is decided about."""

    side: Side
    item: Item[object]
    entries: list[bytes] = attrs.field(repr=False)


@quickly_made
@attrs.frozen
class PairDecision:
    """What was decided about one pair.

    ``link`` is to be stored if there is no step, else it is what the last step ends with. ``held``, ``not_carried``
    and ``differs`` name rules.
    """

    items: Items
    link: Link
    steps: tuple[Step, ...] = ()
    lost: Sequence[LostValue] = ()
    held: Sequence[str] = ()
    not_carried: Sequence[tuple[str, Side]] = ()
    differs: Sequence[str] = ()


def decide_pair(
    context: Context, link: Link | None, items: Items, reason: str = reasons.CHANGED, *, shown: Shown | None = None
) -> PairDecision:
    """Return what to do about a pair whose records are both there; ``shown`` is what one of them shows, if known."""
    left, right = items
    if shown is not None and shown.item is items[shown.side]:
        entries = _entries(context, items, shown)
    else:
        entries = context.mapping.entries.pair(left.record, right.record)
    base = _equal_base(context, link, entries)
    if base is None:
        return _decide_different(context, link, items, entries, reason)
    members = (context.inside(_LEFT, left.record), context.inside(_RIGHT, right.record))
    done = Link(
        (left.id, right.id),
        (left.version, right.version),
        members,
        base,
        context.mapping.layout,
        link.number if link else 0,
        reason,
        context.identities(left, right),
    )
    if left.member and right.member:
        return PairDecision(items, done)
    return PairDecision(items, done, tuple(steps_of(context, link, unmerged(items, entries), done, reason)))


def _entries(context: Context, items: Items, shown: Shown) -> Entries:
    """Return both records' entries, one list twice where they are equal, of which one side's are known."""
    side, known = shown.side, shown.entries
    made = context.mapping.entries.across[side](shown.item.record, items[side.other].record, known)
    if made == known:
        return known, known
    return (known, made) if side is _LEFT else (made, known)


def _decide_different(context: Context, link: Link | None, items: Items, entries: Entries, reason: str) -> PairDecision:
    """Return what to do about a pair whose records show different entries."""
    mapping = context.mapping
    left, right = items
    work = merge_pair(context, link, items, entries)
    touched = [(mapping.rules[at].name, one) for at, one in work.touched.items()]
    differing = [name for name, one in touched if one.differs]
    done = Link(
        (left.id, right.id),
        # A side that holds news which could not be carried has no version that says "nothing to see here".
        (
            left.version if work.agreed[0] == work.after[0] else None,
            right.version if work.agreed[1] == work.after[1] else None,
        ),
        (context.inside(_LEFT, left.record), context.inside(_RIGHT, right.record)),
        (b"".join(work.agreed[0]), b"".join(work.agreed[1])),
        mapping.layout,
        link.number if link else 0,
        _decided(reason, [name for name, _ in touched], differing),
        context.identities(left, right),
    )
    return PairDecision(
        items,
        done,
        tuple(steps_of(context, link, work, done, reason)),
        [LostValue(name, one.loser) for name, one in touched if one.loser is not None],
        [name for name, one in touched if one.held],
        _not_carried(context, work, work.touched.items()),
        differing,
    )


def _decided(reason: str, names: Sequence[str], differing: Sequence[str]) -> str:
    """Return what a link remembers: the rules that were decided about, else those that were left different."""
    if not differing:
        return f"{reason}|{','.join(names)}"
    others = [name for name in names if name not in differing]
    return f"{reason}|{','.join(others)}" if others else f"{reasons.LEFT_DIFFERENT}|{','.join(differing)}"


def decide_first_pairings(context: Context, pairs: Iterable[Items]) -> Iterator[Link | PairDecision]:
    """Yield what to do about pairs that have no link yet.

    It is the link alone for two members that agree, as nearly all of a first run do; else all of :func:`decide_pair`.
    """
    compare, layout, reason = context.mapping.entries.pair, context.mapping.layout, reasons.FIRST_PAIRING
    everywhere, nobody = context.windows == (None, None), context.profile.realm is None
    for items in pairs:
        try:
            left, right = items
            entries = compare(left.record, right.record)
            base = _equal_base(context, None, entries)
            if base is None:
                yield _decide_different(context, None, items, entries, reason)
            elif everywhere and nobody and left.member and right.member:
                yield Link((left.id, right.id), (left.version, right.version), _INSIDE, base, layout, 0, reason)
            else:
                yield decide_pair(context, None, items, reason)
        except Exception as error:
            error.add_note(looking_at(*enumerate(one.id for one in items)))
            raise


def _equal_base(context: Context, link: Link | None, entries: Entries) -> tuple[bytes, bytes] | None:
    """Return the base of two records that agree; None where they do not, or where a rule that follows has work."""
    left, right = entries
    following = context.mapping.following
    if following and link:
        return None
    if left is right:
        return ((same := b"".join(left)), same)
    for at in which_differ(left, right):
        if at not in following or EMPTY in (left[at], right[at]):
            return None
    return (b"".join(left), b"".join(right))


def _not_carried(context: Context, work: PairMerge, touched: Iterable[tuple[int, Merged]]) -> list[tuple[str, Side]]:
    rules = context.mapping.rules
    return [
        (rules[at].name, side)
        for at, one in touched
        for side in SIDES
        if one.give[side] is not KEEP and not _arrived(context, work, at, side)
    ]


def _arrived(context: Context, work: PairMerge, at: int, side: Side) -> bool:
    """Tell whether a side shows all of what it was given of a rule, once that is written."""
    rule, given, entry = context.mapping.rules[at], work.merged[at].give[side], work.after[side][at]
    if rule.carries is not None and not rule.carries(given):
        return False
    if rule.shape is Shape.VALUE:
        # It was given what the other side shows.
        return entry == work.after[side.other][at] or entry == context.mapping.entries.entry[at](given)
    # A number that went to another slot, because that is where the side keeps it, has arrived.
    wanted = digests(context.mapping.entries.entry[at](given))
    return {one for one in wanted if one != BLANK_SLOT} <= set(digests(entry))
