"""Provide the decision about one pair whose records are both there.

Inputs: both items, and the pair's link if it has one. The result is a link as it will be, and at most one write a
side. What a lens had no room for, or had to cut, is listed as not carried; what lost a conflict is listed, too.
"""

from collections.abc import Iterable, Sequence

import attrs

from tallystick.mapping import Shape
from tallystick.mapping.base import BLANK_SLOT, EMPTY, digests
from tallystick.ports import SIDES, Link, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.merge import KEEP, UNTOUCHED, Merged
from tallystick.reconcile.pair_merge import AnyRule, Entries, Items, PairMerge, merge_pair, unmerged
from tallystick.reconcile.pair_steps import steps_of
from tallystick.reconcile.step import Step


@attrs.frozen
class LostValue:
    """One value that lost a conflict: the rule, and the side that had it."""

    rule: str
    side: Side


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


def decide_pair(context: Context, link: Link | None, items: Items, reason: str = reasons.CHANGED) -> PairDecision:
    """Return what to do about a pair whose records are both there."""
    mapping = context.mapping
    left, right = items
    entries = mapping.entries.pair(left.record, right.record)
    number = link.number if link else 0
    ids, versions = (left.id, right.id), (left.version, right.version)
    members = (context.inside(Side.LEFT, left.record), context.inside(Side.RIGHT, right.record))
    identities = context.identities(left, right)
    base = _equal_base(context, link, entries)
    if base:
        done = Link(ids, versions, members, base, mapping.layout, number, reason, identities)
        if left.member and right.member:
            return PairDecision(items, done)
        return PairDecision(items, done, tuple(steps_of(context, link, unmerged(items, entries), done, reason)))
    work = merge_pair(context, link, items, entries)
    touched = [(at, one) for at, one in enumerate(work.merged) if one is not UNTOUCHED]
    names = [mapping.rules[at].name for at, _ in touched]
    agreed = (b"".join(work.agreed[0]), b"".join(work.agreed[1]))
    # A side that holds news which could not be carried has no version that says "nothing to see here".
    versions = (
        left.version if work.agreed[0] == work.after[0] else None,
        right.version if work.agreed[1] == work.after[1] else None,
    )
    decided = f"{reason}|{','.join(names)}"
    done = Link(ids, versions, members, agreed, mapping.layout, number, decided, identities)
    return PairDecision(
        items,
        done,
        tuple(steps_of(context, link, work, done, reason)),
        [LostValue(mapping.rules[at].name, one.loser) for at, one in touched if one.loser is not None],
        [mapping.rules[at].name for at, one in touched if one.held],
        _not_carried(context, work, touched),
        [mapping.rules[at].name for at, one in touched if one.differs],
    )


def _equal_base(context: Context, link: Link | None, entries: Entries) -> tuple[bytes, bytes] | None:
    """Return the base of two records that agree; None where they do not, or where a rule that follows has work."""
    left, right = entries
    following = context.mapping.following
    if following and (link or any((left[at] == EMPTY) is not (right[at] == EMPTY) for at in following)):
        return None
    if left is right:
        return ((same := b"".join(left)), same)
    return (b"".join(left), b"".join(right)) if context.mapping.agree(left, right) else None


def _not_carried(context: Context, work: PairMerge, touched: Iterable[tuple[int, Merged]]) -> list[tuple[str, Side]]:
    rules = context.mapping.rules
    return [
        (rules[at].name, side)
        for at, one in touched
        for side in SIDES
        if one.give[side] is not KEEP and not _arrived(context, rules[at], at, one.give[side], work.after[side][at])
    ]


def _arrived(context: Context, rule: AnyRule, at: int, given: object, entry: bytes) -> bool:
    if rule.carries is not None and not rule.carries(given):
        return False
    if rule.shape is Shape.VALUE:
        return context.mapping.entries.entry[at](given) == entry
    # A number that went to another slot, because that is where the side keeps it, has arrived.
    wanted = digests(context.mapping.entries.entry[at](given))
    return {one for one in wanted if one != BLANK_SLOT} <= set(digests(entry))
