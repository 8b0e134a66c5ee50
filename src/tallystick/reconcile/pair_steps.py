"""Provide the steps of a merged pair: one write a side at most, the second waiting for the first.

After the first of two writes, the rules that wait for the second keep their old base, and no version is remembered:
a crash between the two leaves the rest to be found again.
"""

from collections.abc import Iterator, Sequence
from enum import Enum

import attrs

from tallystick.mapping import Shape
from tallystick.mapping.base import BLANK_SLOT, EMPTY, differing, digests
from tallystick.ports import SIDES, Link, Side, WriteKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.copies import copy_step
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.merge import KEEP
from tallystick.reconcile.pair_merge import PairMerge
from tallystick.reconcile.step import Step


def steps_of(context: Context, link: Link | None, work: PairMerge, done: Link, reason: str) -> Iterator[Step]:
    """Yield the writes of a pair: ``link`` is what it has now, ``done`` what the last write ends with."""
    if link is not None and any(context.mapping.replacing):
        replaced = [side for side in SIDES if _is_replaced(context, work, side)]
        if replaced:
            yield from _replacement(context, link, work, replaced[0])
            return
    written = [side for side in SIDES if work.fields[side] or not work.items[side].member]
    if len(written) == 1:
        yield from _with_copy(context, work, _step(context, work, written[0], reason, done))
    elif written:
        waiting = tuple(at for at, merged in enumerate(work.merged) if merged.give[Side.RIGHT] is not KEEP)
        first = _step(context, work, Side.LEFT, reason, _halfway(context, done, link, work, waiting), waiting=waiting)
        yield from _with_copy(context, work, first)
        yield from _with_copy(context, work, _step(context, work, Side.RIGHT, reason, done, waits=first.id))


def _with_copy(context: Context, work: PairMerge, step: Step) -> tuple[Step, ...]:
    """Return a step, after that of a copy of what it overwrites where the profile wants one."""
    if not step.loses or not context.keeps_copies or not context.can_copy(step.side):
        return (step,)
    copy = copy_step(context, step.side, work.items[step.side], work.items[step.side.other])
    return (copy, attrs.evolve(step, copy=copy.id))


def _loses(context: Context, work: PairMerge, side: Side) -> dict[str, object]:
    """Return the values of a side, by rule, that lose a conflict."""
    lost = [at for at, merged in work.touched.items() if merged.loser is side]
    if not lost:
        return {}
    rules, record = context.mapping.rules, work.items[side].record
    return {rules[at].name: rules[at].lenses[side].get(record) for at in lost}


def _is_replaced(context: Context, work: PairMerge, side: Side) -> bool:
    """Tell whether a side is given a value that it can't change in place."""
    rules = context.mapping.rules
    return any(
        work.merged[at].give[side] is not KEEP
        and any(field in work.fields[side] for field in rules[at].lenses[side].writes)
        for at in context.mapping.replacing[side]
        if work.merged
    )


def _replacement(context: Context, link: Link, work: PairMerge, side: Side) -> Iterator[Step]:
    """Yield the deleting of a record and its making anew; the pair stays a pair.

    After a crash between the two the record is missing, and its removal policy has it created again.
    """
    target, source = work.items[side], work.items[side.other]
    gone = Step(
        WriteKind.REMOVE,
        side,
        target.id,
        target.version,
        source.id,
        source.version,
        reasons.REPLACED,
        loses=_loses(context, work, side),
        effect=context.effect(side, WriteKind.REMOVE, target.record, None),
    )
    yield from _with_copy(context, work, gone)
    anew = create_step(context, side, source, reasons.REPLACED, number=link.number, salt=target.id)
    yield attrs.evolve(anew, waits=gone.id)


def _halfway(context: Context, done: Link, link: Link | None, work: PairMerge, waiting: Sequence[int]) -> Link:
    """Return the link after the write on the left, while the one on the right is still to come.

    Of a collection that is merged by key the left then has what the right shows, and more: that is what both agree on.
    """
    base = done.base
    if waiting:
        known = (dict(enumerate(work.base[0])), dict(enumerate(work.base[1])))
        for at in waiting:
            if context.mapping.rules[at].key is not None and work.merged[at].give[Side.LEFT] is not KEEP:
                known[0][at] = known[1][at] = work.entries[Side.RIGHT][at]
        left, right = (
            b"".join(known[side][at] if at in waiting else entry for at, entry in enumerate(work.agreed[side]))
            for side in SIDES
        )
        base = (left, right)
    # Neither side has a version that says "nothing to see here": the left holds news until the right has it.
    member = link.members[Side.RIGHT] if link else False
    return attrs.evolve(done, versions=(None, None), members=(done.members[Side.LEFT], member), base=base)


def _step(
    context: Context,
    work: PairMerge,
    side: Side,
    reason: str,
    after: Link,
    *,
    waiting: tuple[int, ...] = (),
    waits: str = "",
) -> Step:
    target, source = work.items[side], work.items[side.other]
    before, shown = work.entries[side], work.after[side]
    rules = context.mapping.rules
    moved = differing(before, shown)
    changes = [change(rules[at].shape, before[at], shown[at]) for at in moved]
    kind = WriteKind.UPDATE if target.member else WriteKind.JOIN
    return Step(
        kind,
        side,
        target.id,
        target.version,
        source.id,
        source.version,
        reason,
        fields=work.fields[side],
        member=None if target.member else True,
        rules=tuple([rules[at].name for at in moved]),
        moved=tuple(moved),
        waiting=waiting,
        after=after,
        loses=_loses(context, work, side),
        waits=waits,
        overwrites=Change.OVERWRITES in changes,
        empties=Change.EMPTIES in changes,
        effect=context.effect(side, kind, target.record, work.planned[side]),
        shown=b"".join(before) if target.version is None else b"",
        planned=work.planned[side],
        entries=tuple(shown),
    )


class Change(Enum):
    """What a write does to one value. The guards count rewriting and emptying, not filling."""

    FILLS = "fills"
    OVERWRITES = "overwrites"
    EMPTIES = "empties"


def change(shape: Shape, before: bytes, after: bytes) -> Change:
    """Return what it does to one value that its digest entry goes from ``before`` to ``after``."""
    if before == EMPTY:
        return Change.FILLS
    if after == EMPTY:
        return Change.EMPTIES
    if shape is Shape.VALUE:
        return Change.OVERWRITES
    old, new = digests(before), digests(after)
    if shape is Shape.ELEMENTS and set(old) <= set(new):
        return Change.FILLS
    if shape is Shape.SLOTS and all(was in (now, BLANK_SLOT) for was, now in zip(old, new, strict=False)):
        return Change.FILLS
    return Change.OVERWRITES
