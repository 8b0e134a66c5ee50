"""Provide the merge of a pair: every rule decided, put into the present records, and what will be agreed on then.

Rule by rule the values are merged (:mod:`.merge`); what a side is given is put through its lens into its present
record, which keeps what the lens cannot say. Rules that follow come last, since they rest on the others' result.

The base afterwards, rule by rule: what each side shows once its write is done; a set's base is what both sides hold,
so that an element without room stays news, and what only one side's base held already: the sides agreed to differ in
it. A held conflict keeps its old base.
"""

from collections.abc import Hashable

import attrs

from tallystick.mapping import MergePolicy, Rule, Shape, evolved
from tallystick.mapping.base import EMPTY, NO_BASE, digests, pack_agreed
from tallystick.ports import SIDES, Item, Link, Side
from tallystick.reconcile.context import Context
from tallystick.reconcile.merge import KEEP, UNTOUCHED, Facts, Merged, elements_wanted, merge

Items = tuple[Item[object], Item[object]]
Values = tuple[Hashable, ...]
Entries = tuple[list[bytes], list[bytes]]
AnyRule = Rule[object, object]


@attrs.define
class PairMerge:
    """The merge of one pair, every pair of things by side.

    ``entries`` are the digests before, ``after`` those that will be shown once ``fields`` are written, ``agreed`` the
    base once that is done; ``base`` is the old one. ``merged`` says what was decided, a rule each. ``renewed`` are the
    numbers of rules that were not merged, and whose base is of another version.
    """

    items: Items
    entries: Entries
    base: Entries
    merged: list[Merged]
    fields: tuple[dict[str, object], dict[str, object]] = attrs.field(factory=lambda: ({}, {}))
    after: Entries = ([], [])
    agreed: Entries = ([], [])
    renewed: set[int] = attrs.field(factory=set)


def merge_pair(context: Context, link: Link | None, items: Items, values: tuple[Values, Values]) -> PairMerge:
    """Return the merge of a pair whose canonical values are ``values``."""
    work = _merge_rules(context, link, items, values)
    _follow(context, work)
    work.after = (_entries_after(context, work, Side.LEFT), _entries_after(context, work, Side.RIGHT))
    _agree(context, work)
    return work


def unmerged(items: Items) -> PairMerge:
    """Return the merge of a pair in which there is nothing to merge."""
    return PairMerge(items, ([], []), ([], []), [])


def _merge_rules(context: Context, link: Link | None, items: Items, values: tuple[Values, Values]) -> PairMerge:
    mapping = context.mapping
    rules = mapping.rules
    count = len(rules)
    entries = (mapping.entries(values[0]), mapping.entries(values[1]))
    base = mapping.rebased(link.base, link.layout) if link else ([NO_BASE] * count, [NO_BASE] * count)
    rebased = link is not None and link.layout != mapping.layout
    former = _rules_of(link) if rebased and link else frozenset()
    left_changed = entries[0] != base[0]
    work = PairMerge(items, entries, base, [])
    left, right = items[0].record, items[1].record
    for at, rule in enumerate(rules):
        if rule.policy is MergePolicy.FOLLOW or values[0][at] == values[1][at]:
            work.merged.append(UNTOUCHED)
            if rule.name in former and base[0][at] == NO_BASE:
                work.renewed.add(at)
            continue
        raw = (rule.left.get(left), rule.right.get(right))
        facts = Facts(
            raw,
            (values[0][at], values[1][at]),
            (entries[0][at], entries[1][at]),
            (base[0][at], base[1][at]),
            left_changed,
            rebased and base[0][at] == NO_BASE,
            rebased and base[0][at] == NO_BASE and rule.name in former,
        )
        merged = merge(rule.shape, rule.policy, facts, lambda: context.arbiter(*items))
        merged = _placed(context, rule, at, merged, raw)
        work.merged.append(merged)
        for side in SIDES:
            _put(work, rule, side, merged.give[side])
    return work


def _rules_of(link: Link) -> frozenset[str]:
    """Return the names of the rules that a link's base was written with."""
    return frozenset(name.partition("@")[0] for name in link.layout.split(","))


def _placed(context: Context, rule: AnyRule, at: int, merged: Merged, raw: tuple[object, object]) -> Merged:
    """Turn wanted sets into elements, and leave alone what the rule's direction does not let be written."""

    def digest_of(element: object) -> bytes | None:
        made = rule.canon(element)
        return digests(context.mapping.entry(at, (made,)))[0] if made else None

    give = tuple(
        elements_wanted(merged.give[side], raw, digest_of) if rule.direction.update[side] else KEEP for side in SIDES
    )
    if give == merged.give:
        return merged
    # A loser whose overwriting is not allowed has not lost anything.
    lost = merged.loser if merged.loser is not None and give[merged.loser] is not KEEP else None
    return attrs.evolve(merged, give=(give[0], give[1]), loser=lost)


def _put(work: PairMerge, rule: AnyRule, side: Side, given: object) -> None:
    if given is KEEP:
        return
    record = work.items[side].record
    for field, value in rule.lenses[side].put(record, given).items():
        if getattr(record, field) != value:
            work.fields[side][field] = value


def _evolved(work: PairMerge, side: Side) -> object:
    record = work.items[side].record
    return evolved(record, work.fields[side]) if work.fields[side] else record


def _follow(context: Context, work: PairMerge) -> None:
    """Write the rules that follow, now that the records they are derived from are known."""
    mapping = context.mapping
    planned = (_evolved(work, Side.LEFT), _evolved(work, Side.RIGHT))
    for at, rule in enumerate(mapping.rules):
        if rule.policy is not MergePolicy.FOLLOW:
            continue
        for side in SIDES:
            if not rule.direction.update[side] or at in work.renewed:
                continue
            source = side.other
            before, known = work.entries[source][at], work.base[source][at]
            overruled = work.fields[source] and mapping.entry(at, mapping.shared[source](planned[source])[at]) != before
            moved = known not in (NO_BASE, before) and not overruled
            unpaired = known == NO_BASE and work.entries[side][at] == EMPTY
            if before != EMPTY and (moved or unpaired):
                given = rule.lenses[source].get(planned[source])
                work.merged[at] = Merged((given, KEEP) if side is Side.LEFT else (KEEP, given))
                _put(work, rule, side, given)


def _entries_after(context: Context, work: PairMerge, side: Side) -> list[bytes]:
    if not work.fields[side]:
        return work.entries[side]
    return context.mapping.entries(context.mapping.shared[side](_evolved(work, side)))


def _agree(context: Context, work: PairMerge) -> None:
    after = work.after
    agreed: Entries = ([], [])
    for at, rule in enumerate(context.mapping.rules):
        if work.merged[at].held:
            left, right = work.base[0][at], work.base[1][at]
        elif rule.shape is Shape.ELEMENTS and not work.merged[at].differs:
            left, right = pack_agreed((after[0][at], after[1][at]), (work.base[0][at], work.base[1][at]))
        else:
            left, right = after[0][at], after[1][at]
        agreed[0].append(left)
        agreed[1].append(right)
    work.agreed = agreed
