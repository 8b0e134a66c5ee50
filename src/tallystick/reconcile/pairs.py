"""Provide the decision about one pair whose records are both there.

Inputs: both items, and the pair's link if it has one. Rule by rule the values are merged (:mod:`.merge`); what a side
is given is put through its lens into its present record, which keeps what the lens cannot say. The result is a link
as it will be, and at most one write a side. What a lens had no room for, or had to cut, is listed as not carried.

The base afterwards, rule by rule: what each side shows once its write is done; a set's base is what both sides hold,
so that an element without room stays news; a held conflict keeps its old base. After the first of two writes, the
rules that wait for the second keep their old base as well, and so does the second side's version: a crash between
the two leaves the rest to be found again.
"""

from collections.abc import Hashable, Mapping
from enum import Enum
from typing import cast

import attrs

from tallystick.mapping import MergePolicy, Rule, Shape
from tallystick.mapping.base import BLANK_SLOT, EMPTY, NO_BASE, digests, pack_common
from tallystick.ports import Item, Link, Side, WriteKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.merge import KEEP, UNTOUCHED, Facts, Merged, elements_wanted, merge
from tallystick.reconcile.step import Step

Items = tuple[Item[object], Item[object]]
AnyRule = Rule[object, object]


@attrs.frozen
class LostValue:
    """One value that lost a conflict: the rule, the side that had it, and whether the times could not tell."""

    rule: str
    side: Side


@attrs.define
class PairDecision:
    """What was decided about one pair.

    ``link`` is to be stored if there is no step, else it is what the last step ends with. ``held`` and
    ``not_carried`` name rules.
    """

    items: Items
    link: Link
    steps: list[Step] = attrs.field(factory=list)
    lost: list[LostValue] = attrs.field(factory=list)
    held: list[str] = attrs.field(factory=list)
    not_carried: list[tuple[str, Side]] = attrs.field(factory=list)


@attrs.define
class _Working:
    """What the merge of one pair collects, by side."""

    records: tuple[object, object]
    values: tuple[tuple[Hashable, ...], tuple[Hashable, ...]]
    entries: tuple[list[bytes], list[bytes]]
    base: tuple[list[bytes], list[bytes]]
    merged: list[Merged]
    fields: tuple[dict[str, object], dict[str, object]] = attrs.field(factory=lambda: ({}, {}))


def decide_pair(context: Context, link: Link | None, items: Items, reason: str = reasons.CHANGED) -> PairDecision:
    """Return what to do about a pair whose records are both there."""
    mapping = context.mapping
    records = (items[0].record, items[1].record)
    values = (mapping.shared[0](records[0]), mapping.shared[1](records[1]))
    versions = (items[0].version, items[1].version)
    ids = (items[0].id, items[1].id)
    number = link.number if link else 0
    if values[0] == values[1]:
        digest = mapping.digest(values[0])
        done = Link(ids, versions, (True, True), (digest, digest), mapping.layout, number, reason)
        decision = PairDecision(items, done)
        if not (items[0].member and items[1].member):
            _add_steps(context, decision, link, _unmoved(records, values), reason)
        return decision
    work = _merge_all(context, link, items, values)
    after = _follow(context, work)
    final = _final_base(context, work, after)
    given = [rule.name for rule, one in zip(mapping.rules, work.merged, strict=True) if one is not UNTOUCHED]
    decided = f"{reason}|{','.join(given)}"
    base = (b"".join(final[0]), b"".join(final[1]))
    done = Link(ids, versions, (True, True), base, mapping.layout, number, decided)
    decision = PairDecision(items, done)
    _list_results(context, decision, work, after)
    _add_steps(context, decision, link, work, reason, after, final)
    return decision


def _merge_all(context: Context, link: Link | None, items: Items, values: tuple[tuple[Hashable, ...], ...]) -> _Working:
    mapping = context.mapping
    rules = mapping.rules
    count = len(rules)
    entries = tuple([mapping.entry(at, values[side][at]) for at in range(count)] for side in Side)
    base = mapping.rebased(link.base, link.layout) if link else ([NO_BASE] * count, [NO_BASE] * count)
    rebased = link is not None and link.layout != mapping.layout
    left_changed = entries[0] != base[0]
    work = _Working(
        (items[0].record, items[1].record),
        (values[0], values[1]),
        (entries[0], entries[1]),
        base,
        [],
    )
    for at, rule in enumerate(rules):
        if rule.policy is MergePolicy.FOLLOW or values[0][at] == values[1][at]:
            work.merged.append(UNTOUCHED)
            continue
        raw = (rule.left.get(work.records[0]), rule.right.get(work.records[1]))
        facts = Facts(
            raw,
            (values[0][at], values[1][at]),
            (entries[0][at], entries[1][at]),
            (base[0][at], base[1][at]),
            left_changed,
            rebased and base[0][at] == NO_BASE,
        )
        merged = merge(rule.shape, rule.policy, facts, lambda: context.arbiter(*items))
        merged = _placed(context, rule, at, merged, raw)
        work.merged.append(merged)
        for side in Side:
            _put(work, rule, side, merged.give[side])
    return work


def _placed(context: Context, rule: AnyRule, at: int, merged: Merged, raw: tuple[object, object]) -> Merged:
    """Turn wanted sets into elements, and leave alone what the rule's direction does not let be written."""

    def digest_of(element: object) -> bytes | None:
        made = rule.canon(element)
        return digests(context.mapping.entry(at, (made,)))[0] if made else None

    give = tuple(
        elements_wanted(merged.give[side], raw, digest_of) if rule.direction.update[side] else KEEP for side in Side
    )
    if give == merged.give:
        return merged
    # A loser whose overwriting is not allowed has not lost anything.
    lost = merged.loser if merged.loser is not None and give[merged.loser] is not KEEP else None
    return Merged((give[0], give[1]), lost, merged.held)


def _put(work: _Working, rule: AnyRule, side: Side, given: object) -> None:
    if given is KEEP:
        return
    record = work.records[side]
    for field, value in rule.lenses[side].put(record, given).items():
        if getattr(record, field) != value:
            work.fields[side][field] = value


def _evolved(work: _Working) -> tuple[object, object]:
    return tuple(  # type: ignore[return-value]  # two sides
        attrs.evolve(cast("attrs.AttrsInstance", work.records[side]), **work.fields[side])
        if work.fields[side]
        else work.records[side]
        for side in Side
    )


def _follow(context: Context, work: _Working) -> tuple[list[bytes], list[bytes]]:
    """Write the rules that follow, now that the records they are derived from are known; return the entries after."""
    mapping = context.mapping
    planned = _evolved(work)
    for at, rule in enumerate(mapping.rules):
        if rule.policy is not MergePolicy.FOLLOW:
            continue
        for side in Side:
            if not rule.direction.update[side]:
                continue
            source = side.other
            before, known = work.entries[source][at], work.base[source][at]
            overruled = work.fields[source] and mapping.entry(at, mapping.shared[source](planned[source])[at]) != before
            moved = known not in (NO_BASE, before) and not overruled
            if before != EMPTY and (moved or work.entries[side][at] == EMPTY):
                given = rule.lenses[source].get(planned[source])
                work.merged[at] = Merged((given, KEEP) if side is Side.LEFT else (KEEP, given))
                _put(work, rule, side, given)
    planned = _evolved(work)
    return tuple(  # type: ignore[return-value]  # two sides
        [mapping.entry(at, value) for at, value in enumerate(mapping.shared[side](planned[side]))]
        if work.fields[side]
        else work.entries[side]
        for side in Side
    )


def _final_base(
    context: Context, work: _Working, after: tuple[list[bytes], list[bytes]]
) -> tuple[list[bytes], list[bytes]]:
    final: tuple[list[bytes], list[bytes]] = ([], [])
    for at, rule in enumerate(context.mapping.rules):
        if work.merged[at].held:
            left, right = work.base[0][at], work.base[1][at]
        elif rule.shape is Shape.ELEMENTS:
            left = right = pack_common(after[0][at], after[1][at])
        else:
            left, right = after[0][at], after[1][at]
        final[0].append(left)
        final[1].append(right)
    return final


def _list_results(
    context: Context, decision: PairDecision, work: _Working, after: tuple[list[bytes], list[bytes]]
) -> None:
    mapping = context.mapping
    for at, rule in enumerate(mapping.rules):
        merged = work.merged[at]
        if merged.held:
            decision.held.append(rule.name)
        if merged.loser is not None:
            decision.lost.append(LostValue(rule.name, merged.loser))
        for side in Side:
            given = merged.give[side]
            if given is not KEEP and not _arrived(context, rule, at, given, after[side][at]):
                decision.not_carried.append((rule.name, side))


def _arrived(context: Context, rule: AnyRule, at: int, given: object, entry: bytes) -> bool:
    if rule.shape is Shape.VALUE:
        return context.mapping.entry(at, rule.canon(given)) == entry
    # A number that went to another slot, because that is where the side keeps it, has arrived.
    values = tuple(made for element in cast("tuple[object, ...]", given) if (made := rule.canon(element)))
    return set(digests(context.mapping.entry(at, values))) <= set(digests(entry))


def _unmoved(records: tuple[object, object], values: tuple[tuple[Hashable, ...], tuple[Hashable, ...]]) -> _Working:
    return _Working(records, values, ([], []), ([], []), [])


def _add_steps(
    context: Context,
    decision: PairDecision,
    link: Link | None,
    work: _Working,
    reason: str,
    after: tuple[list[bytes], list[bytes]] | None = None,
    final: tuple[list[bytes], list[bytes]] | None = None,
) -> None:
    items = decision.items
    written = [side for side in Side if work.fields[side] or not items[side].member]
    for nth, side in enumerate(written):
        last = nth == len(written) - 1
        done = decision.link
        if not last and after is not None and final is not None:
            done = _halfway(decision.link, link, work, side, final)
        elif not last:
            done = _unsettled(decision.link, link, side)
        moved = tuple(
            at for at, entry in enumerate(after[side]) if entry != work.entries[side][at]
        ) if after is not None else ()
        effects = [_effect(context, at, work.entries[side][at], after[side][at]) for at in moved] if after else []
        waits = decision.steps[0].id if nth else ""
        decision.steps.append(
            attrs.evolve(
                _step(context, items, side, work.fields[side], reason, done, moved, waits, frozenset(effects)),
                loses=_losing(context, work, side),
            )
        )


def _losing(context: Context, work: _Working, side: Side) -> dict[str, object]:
    return {
        rule.name: rule.lenses[side].get(work.records[side])
        for rule, merged in zip(context.mapping.rules, work.merged, strict=False)
        if merged.loser is side
    }


class _Effect(Enum):
    FILLS = "fills"
    OVERWRITES = "overwrites"
    EMPTIES = "empties"


def _effect(context: Context, at: int, before: bytes, after: bytes) -> _Effect:
    """Tell what a write does to one rule's value: the guards count rewriting and emptying, not filling."""
    if before == EMPTY:
        return _Effect.FILLS
    if after == EMPTY:
        return _Effect.EMPTIES
    old, new = digests(before), digests(after)
    shape = context.mapping.rules[at].shape
    if shape is Shape.ELEMENTS and set(old) <= set(new):
        return _Effect.FILLS
    if shape is Shape.SLOTS and all(was in (now, BLANK_SLOT) for was, now in zip(old, new, strict=False)):
        return _Effect.FILLS
    return _Effect.OVERWRITES


def _halfway(
    done: Link, link: Link | None, work: _Working, side: Side, final: tuple[list[bytes], list[bytes]]
) -> Link:
    """Return the link after the first of two writes: what waits for the second keeps its old base and version."""
    waiting = [merged.give[side.other] is not KEEP for merged in work.merged]
    base = tuple(
        b"".join(work.base[each][at] if waits else final[each][at] for at, waits in enumerate(waiting)) for each in Side
    )
    return attrs.evolve(_unsettled(done, link, side), base=(base[0], base[1]))


def _unsettled(done: Link, link: Link | None, side: Side) -> Link:
    old = link.versions[side.other] if link else None
    joined = link.members[side.other] if link else False
    if side is Side.LEFT:
        return attrs.evolve(done, versions=(done.versions[0], old), members=(True, joined))
    return attrs.evolve(done, versions=(old, done.versions[1]), members=(joined, True))


def _step(
    context: Context,
    items: Items,
    side: Side,
    fields: Mapping[str, object],
    reason: str,
    after: Link,
    moved: tuple[int, ...],
    waits: str,
    effects: frozenset[_Effect],
) -> Step:
    target, source = items[side], items[side.other]
    member = None if target.member else True
    kind = WriteKind.UPDATE if member is None else WriteKind.JOIN
    return Step(
        context.step_id(kind, side.label, target.id, target.version, source.id, source.version),
        kind,
        side,
        target.id,
        target.version,
        source.id,
        source.version,
        context.token(side, source.id, target.version or ""),
        reason,
        None,
        fields,
        member,
        tuple(context.mapping.rules[at].name for at in moved),
        moved,
        after,
        waits=waits,
        overwrites=_Effect.OVERWRITES in effects,
        empties=_Effect.EMPTIES in effects,
    )
