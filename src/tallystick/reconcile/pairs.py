"""Provide the decision about one pair whose records are both there.

Inputs: both items, and the pair's link if it has one. The result is a link as it will be, and at most one write a
side. What a lens had no room for, or had to cut, is listed as not carried; what lost a conflict is listed, too.
"""

from typing import cast

import attrs

from tallystick.mapping import Shape
from tallystick.mapping.base import digests
from tallystick.ports import SIDES, Link, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.merge import KEEP, UNTOUCHED
from tallystick.reconcile.pair_merge import AnyRule, Items, PairMerge, Values, merge_pair, unmerged
from tallystick.reconcile.pair_steps import steps_of
from tallystick.reconcile.step import Step


@attrs.frozen
class LostValue:
    """One value that lost a conflict: the rule, and the side that had it."""

    rule: str
    side: Side


@attrs.define
class PairDecision:
    """What was decided about one pair.

    ``link`` is to be stored if there is no step, else it is what the last step ends with. ``held``, ``not_carried``
    and ``differs`` name rules.
    """

    items: Items
    link: Link
    steps: list[Step] = attrs.field(factory=list)
    lost: list[LostValue] = attrs.field(factory=list)
    held: list[str] = attrs.field(factory=list)
    not_carried: list[tuple[str, Side]] = attrs.field(factory=list)
    differs: list[str] = attrs.field(factory=list)


def decide_pair(context: Context, link: Link | None, items: Items, reason: str = reasons.CHANGED) -> PairDecision:
    """Return what to do about a pair whose records are both there."""
    mapping = context.mapping
    left, right = items
    values = (mapping.shared[0](left.record), mapping.shared[1](right.record))
    number = link.number if link else 0
    ids, versions = (left.id, right.id), (left.version, right.version)
    members = (context.inside(Side.LEFT, left.record), context.inside(Side.RIGHT, right.record))
    base = _equal_base(context, link, values)
    if base:
        decision = PairDecision(items, Link(ids, versions, members, base, mapping.layout, number, reason))
        if not (left.member and right.member):
            decision.steps += steps_of(context, link, unmerged(items), decision.link, reason)
        return decision
    work = merge_pair(context, link, items, values)
    given = [rule.name for rule, one in zip(mapping.rules, work.merged, strict=True) if one is not UNTOUCHED]
    agreed = (b"".join(work.agreed[0]), b"".join(work.agreed[1]))
    # A side that holds news which could not be carried has no version that says "nothing to see here".
    versions = (
        left.version if work.agreed[0] == work.after[0] else None,
        right.version if work.agreed[1] == work.after[1] else None,
    )
    decided = f"{reason}|{','.join(given)}"
    decision = PairDecision(items, Link(ids, versions, members, agreed, mapping.layout, number, decided))
    _list_results(context, decision, work)
    decision.steps += steps_of(context, link, work, decision.link, reason)
    return decision


def _equal_base(context: Context, link: Link | None, values: tuple[Values, Values]) -> tuple[bytes, bytes] | None:
    """Return the base of two records that agree; None where they do not, or where a rule that follows has work."""
    mapping = context.mapping
    if mapping.comparable(values[0]) != mapping.comparable(values[1]) or (link and mapping.following):
        return None
    if any(not values[0][at] and values[1][at] for at in mapping.following):
        return None
    return mapping.bases(*values)


def _list_results(context: Context, decision: PairDecision, work: PairMerge) -> None:
    mapping = context.mapping
    for at, rule in enumerate(mapping.rules):
        merged = work.merged[at]
        if merged.held:
            decision.held.append(rule.name)
        if merged.differs:
            decision.differs.append(rule.name)
        if merged.loser is not None:
            decision.lost.append(LostValue(rule.name, merged.loser))
        for side in SIDES:
            given = merged.give[side]
            if given is not KEEP and not _arrived(context, rule, at, given, work.after[side][at]):
                decision.not_carried.append((rule.name, side))


def _arrived(context: Context, rule: AnyRule, at: int, given: object, entry: bytes) -> bool:
    if rule.carries is not None and not rule.carries(given):
        return False
    if rule.shape is Shape.VALUE:
        return context.mapping.entry(at, rule.canon(given)) == entry
    # A number that went to another slot, because that is where the side keeps it, has arrived.
    values = tuple(made for element in cast("tuple[object, ...]", given) if (made := rule.canon(element)))
    return set(digests(context.mapping.entry(at, values))) <= set(digests(entry))
