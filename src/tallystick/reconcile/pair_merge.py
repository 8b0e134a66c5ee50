"""Provide the merge of a pair: every rule decided, put into the present records, and what will be agreed on then.

Rule by rule the values are merged (:mod:`.merge`); what a side is given is put through its lens into its present
record, which keeps what the lens cannot say. Rules that follow come last, since they rest on the others' result.

The base afterwards, rule by rule: what each side shows once its write is done; a set's base is what both sides hold,
so that an element without room stays news, and what only one side's base held already: the sides agreed to differ in
it. A held conflict keeps its old base.
"""

from collections.abc import Sequence
from functools import partial
from itertools import compress, count, repeat
from operator import is_not

import attrs

from tallystick.mapping import Rule, Shape, evolved, value_of
from tallystick.mapping.base import EMPTY, NO_BASE, differing, digests, pack_agreed, unpack
from tallystick.mapping.compile import named
from tallystick.ports import SIDES, Item, Link, Side
from tallystick.reconcile.context import Context
from tallystick.reconcile.keyed import merge_keyed
from tallystick.reconcile.merge import KEEP, UNTOUCHED, WAITING, Facts, Merged, elements_wanted, merge
from tallystick.reconcile.policies import Unit

Items = tuple[Item[object], Item[object]]
Entries = tuple[list[bytes], list[bytes]]
AnyRule = Rule[object, object]
_LEFT, _RIGHT = SIDES


@attrs.define
class PairMerge:
    """The merge of one pair, every pair of things by side.

    ``entries`` are the digests before, ``planned`` the records and ``after`` the digests once ``fields`` are written,
    ``agreed`` the base once that is done; ``base`` is the old one. ``merged`` says what was decided, a rule each.
    ``touched`` are those that are not left alone, by number. ``renewed`` are the numbers of rules that were not merged,
    and whose base is of another version.
    """

    items: Items
    entries: Entries
    base: Entries
    merged: list[Merged]
    fields: tuple[dict[str, object], dict[str, object]] = attrs.field(factory=lambda: ({}, {}))
    planned: tuple[object, object] = (None, None)
    after: Entries = ([], [])
    agreed: Entries = ([], [])
    renewed: set[int] = attrs.field(factory=set)
    touched: dict[int, Merged] = attrs.field(factory=dict)


def merge_pair(context: Context, link: Link | None, items: Items, entries: Entries) -> PairMerge:
    """Return the merge of a pair whose records show ``entries``."""
    work = _merge_rules(context, link, items, entries)
    whole = context.chosen is None and context.profile.conflict.unit is Unit.RECORD
    if whole:
        _as_a_whole(context, work)
    if not (whole and any(one.waits for one in work.merged)):
        _follow(context, work)
    work.touched = {at: work.merged[at] for at in compress(count(), map(is_not, work.merged, repeat(UNTOUCHED)))}
    work.after = (_entries_after(context, work, _LEFT), _entries_after(context, work, _RIGHT))
    _agree(context, work)
    return work


def unmerged(items: Items, entries: Entries) -> PairMerge:
    """Return the merge of a pair in which there is nothing to merge."""
    return PairMerge(items, entries, ([], []), [], planned=(items[0].record, items[1].record), after=entries)


def _merge_rules(context: Context, link: Link | None, items: Items, entries: Entries) -> PairMerge:
    mapping = context.mapping
    rules = mapping.rules
    size = len(rules)
    base = _base_of(context, link, entries) if link else ([NO_BASE] * size, [NO_BASE] * size)
    rebased = link is not None and link.layout != mapping.layout
    former = _rules_of(link) if rebased and link else frozenset()
    anew = _based_anew(rules, link) if rebased and link else frozenset()
    left_changed = entries[0] != base[0]
    work = PairMerge(items, entries, base, [UNTOUCHED] * size)
    left, right = items[0].record, items[1].record
    writable = context.profile.writable(left, right)
    news = [at for at in differing(*entries) if at in mapping.merging]
    if former:
        untouched = set(range(size)).difference(news)
        work.renewed.update(at for at in untouched if rules[at].name in former and at in anew)
    for at in news:
        rule = rules[at]
        raw = (rule.left.get(left), rule.right.get(right))
        facts = Facts(
            raw,
            (entries[0][at], entries[1][at]),
            (base[0][at], base[1][at]),
            left_changed,
            at in anew,
            at in anew and rule.name in former,
        )
        arbiter = partial(context.arbiter, *items, rule.name)
        by_key = merge_keyed(facts, arbiter, rule.key, mapping.entries.entry[at]) if rule.key is not None else None
        merged = by_key or merge(rule.shape, rule.policy, facts, arbiter)
        work.merged[at] = merged = _placed(context, rule, at, merged, raw, writable)
        for side, given in zip(SIDES, merged.give, strict=True):
            _put(work, rule, side, given)
    return work


def _base_of(context: Context, link: Link, entries: Entries) -> Entries:
    """Return what both sides last agreed on; what a side shows just so need not be unpacked."""
    if link.layout != context.mapping.layout:
        return context.mapping.rebased(link.base, link.layout)
    shown = {b"".join(entries[0]): entries[0], b"".join(entries[1]): entries[1]}
    left, right = link.base
    one, other = shown.get(left), shown.get(right)
    return (unpack(left) if one is None else one.copy()), (unpack(right) if other is None else other.copy())


def _as_a_whole(context: Context, work: PairMerge) -> None:
    """Let a conflict concern the whole record: nothing of it is written, or the winner's replaces the loser's."""
    following = set(context.mapping.following)
    held = any(one.held for one in work.merged)
    losers = {one.loser for one in work.merged if one.loser is not None}
    if not held and not losers:
        return
    work.fields = ({}, {})
    if held:
        work.planned = (work.items[0].record, work.items[1].record)
    for at, merged in enumerate(work.merged):
        if held:
            keeps = merged.held or (merged is UNTOUCHED and at not in following)
            work.merged[at] = merged if keeps else WAITING
        elif at not in following and at not in work.renewed and not merged.differs:
            work.merged[at] = _overruled(context, work, at, min(losers))


def _overruled(context: Context, work: PairMerge, at: int, loser: Side) -> Merged:
    """Give the loser of a whole record one of the winner's values, and put it in."""
    if work.entries[0][at] == work.entries[1][at]:
        return UNTOUCHED
    rule = context.mapping.rules[at]
    left, right = work.items[0].record, work.items[1].record
    raw = (rule.left.get(left), rule.right.get(right))
    give = (raw[Side.RIGHT], KEEP) if loser is Side.LEFT else (KEEP, raw[Side.LEFT])
    lost = loser if work.entries[loser][at] != work.base[loser][at] else None
    merged = _placed(context, rule, at, Merged(give, lost), raw, context.profile.writable(left, right))
    _put(work, rule, loser, merged.give[loser])
    return merged


def _rules_of(link: Link) -> frozenset[str]:
    """Return the names of the rules that a link's base was written with."""
    return frozenset(name.partition("@")[0] for name in link.layout.split(","))


def _based_anew(rules: Sequence[AnyRule], link: Link) -> frozenset[int]:
    """Return the numbers of the rules that a link's base knows nothing of, not even that they were never agreed on."""
    former = link.layout.split(",")
    return frozenset(at for at, rule in enumerate(rules) if named(rule) not in former)


def _placed(
    context: Context,
    rule: AnyRule,
    at: int,
    merged: Merged,
    raw: tuple[object, object],
    writable: tuple[bool, bool],
) -> Merged:
    """Turn wanted sets into elements, and leave alone what the rule's direction does not let be written."""
    if rule.shape is not Shape.ELEMENTS and rule.direction.update == writable == (True, True):
        return merged

    def digest_of(element: object) -> bytes | None:
        found = digests(context.mapping.entries.entry[at]((element,)))
        return found[0] if found else None

    give = tuple(
        elements_wanted(merged.give[side], raw, digest_of) if rule.direction.update[side] and writable[side] else KEEP
        for side in SIDES
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
        if value_of(record, field) != value:
            work.fields[side][field] = value


def _evolved(work: PairMerge, side: Side) -> object:
    record = work.items[side].record
    return evolved(record, work.fields[side]) if work.fields[side] else record


def _follow(context: Context, work: PairMerge) -> None:
    """Write the rules that follow, now that the records they are derived from are known."""
    mapping = context.mapping
    planned = work.planned = (_evolved(work, _LEFT), _evolved(work, _RIGHT))
    for at in mapping.following:
        rule = mapping.rules[at]
        for side in SIDES:
            if not rule.direction.update[side] or at in work.renewed:
                continue
            source = side.other
            before, known = work.entries[source][at], work.base[source][at]
            unpaired = known == NO_BASE
            if before in (EMPTY, known) or (unpaired and work.entries[side][at] != EMPTY):
                continue
            now = rule.lenses[source].get(planned[source])
            overruled = not unpaired and work.fields[source] and mapping.entries.entry[at](now) != before
            if not overruled:
                work.merged[at] = Merged((now, KEEP) if side is Side.LEFT else (KEEP, now))
                _put(work, rule, side, now)
                done = _evolved(work, side)
                work.planned = (done, work.planned[1]) if side is Side.LEFT else (work.planned[0], done)


def _entries_after(context: Context, work: PairMerge, side: Side) -> list[bytes]:
    if not work.fields[side]:
        return work.entries[side]
    before = work.items[side].record
    return context.mapping.entries.after[side](before, work.planned[side], work.entries[side])


def _agree(context: Context, work: PairMerge) -> None:
    shown, base = work.after, work.base
    agreed = work.agreed = (shown[0].copy(), shown[1].copy())
    for at in {*work.touched, *differing(*shown)}:
        merged, left, right = work.merged[at], shown[0][at], shown[1][at]
        if merged.held or merged.waits:
            agreed[0][at], agreed[1][at] = base[0][at], base[1][at]
        elif left != right and context.mapping.rules[at].shape is Shape.ELEMENTS and not merged.differs:
            agreed[0][at], agreed[1][at] = pack_agreed((left, right), (base[0][at], base[1][at]))
