"""Provide the undoing of one write: from what a run found and left, and what is there now, to a step back. Pure.

============  ============  ==================  =====================================================================
it found      it left       there is now        the step back
============  ============  ==================  =====================================================================
nothing       a record      that record         removed or taken out, as the other side's removal policy for a
                                                deletion says; the pair ends first, and its records are set aside
a record      no record     nothing             created again, and set aside: it is nobody's counterpart
a record      a record      the fields as left  they are given back; membership, too, which ends or sets aside as above
============  ============  ==================  =====================================================================

Whatever else is there has changed since, and is left out, with the reason. A pair that stays one agrees to differ
afterwards: the base of the side that was written back is what it shows then, the other's stays what it was. So the
next run does nothing about it, and a later edit of either side travels.
"""

from collections.abc import Mapping, Sequence

import attrs

from tallystick.mapping import CompiledMapping, Shape, evolved, value_of
from tallystick.mapping.base import digests
from tallystick.ports import SIDES, Absence, AbsenceReason, Item, Link, Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.pair_steps import Change, change
from tallystick.reconcile.policies import RemovalAction
from tallystick.reconcile.step import Step


@attrs.frozen
class Written:
    """What a run made of one record, all its writes taken together. ``before`` or ``after`` is None where none was."""

    side: Side
    id: str
    source: str
    before: object | None = attrs.field(repr=False)
    after: object | None = attrs.field(repr=False)
    members: tuple[bool, bool]
    fields: tuple[str, ...]


def undo(
    context: Context, run: int, written: Written, now: Item[object] | Absence | None, link: Link | None
) -> Step | str:
    """Return the step that takes a write back, or the code of the reason why it can't be; "" for nothing to do."""
    step = _back(context, run, written, now, link)
    if not isinstance(step, Step):
        return step
    found = now.record if isinstance(now, Item) else None
    after = step.record if found is None else None if step.kind is WriteKind.REMOVE else evolved(found, step.fields)
    return attrs.evolve(step, effect=context.effect(step.side, step.kind, found, after))


def _back(
    context: Context, run: int, written: Written, now: Item[object] | Absence | None, link: Link | None
) -> Step | str:
    if written.before is None:
        return _uncreate(context, written, now, link)
    if written.after is None:
        gone = isinstance(now, Absence) and now.reason is AbsenceReason.DELETED
        return _recreate(context, run, written) if gone else reasons.CHANGED_SINCE
    if not isinstance(now, Item) or now.member != written.members[1]:
        return reasons.CHANGED_SINCE
    return _give_back(context, written, now, link)


def _uncreate(context: Context, written: Written, now: Item[object] | Absence | None, link: Link | None) -> Step | str:
    side = written.side
    if not isinstance(now, Item) or now.record != written.after:
        return reasons.CHANGED_SINCE
    action = context.profile.sides[side.other].removal.deleted
    if action is RemovalAction.DELETE:
        return _ending(context, written, now, link, WriteKind.REMOVE)
    if action is RemovalAction.DETACH and context.can_leave(side) and now.member:
        return _ending(context, written, now, link, WriteKind.LEAVE)
    return reasons.REMOVAL_POLICY


def _ending(
    context: Context,
    written: Written,
    now: Item[object],
    link: Link | None,
    kind: WriteKind,
    fields: Mapping[str, object] | None = None,
) -> Step:
    side = written.side
    source = link.ids[side.other] if link else written.source
    parks = [_aside(context, side, now.id, now.version)]
    if source:
        parks.append(_aside(context, side.other, source, link.versions[side.other] if link else None))
    return Step(
        kind,
        side,
        now.id,
        now.version,
        source,
        None,
        reasons.UNDONE,
        fields=fields or {},
        member=False if kind is WriteKind.LEAVE else None,
        ends=link.number if link else 0,
        parks=tuple(parks),
        ends_first=True,
        shown=_shown(context, side, now),
    )


def _recreate(context: Context, run: int, written: Written) -> Step:
    token = context.token(written.side, written.id, f"undo of run {run}")
    member = written.members[0]
    return Step(
        WriteKind.CREATE, written.side, "", None, "", None, reasons.UNDONE, token, written.before, member=member
    )


def _give_back(context: Context, written: Written, now: Item[object], link: Link | None) -> Step | str:
    side, mapping = written.side, context.mapping
    if any(value_of(now.record, name) != value_of(written.after, name) for name in written.fields):
        return reasons.CHANGED_SINCE
    fields = {
        name: before
        for name in written.fields
        if (before := value_of(written.before, name)) != value_of(now.record, name)
    }
    was, is_ = written.members
    if is_ and not was:
        return _ending(context, written, now, link, WriteKind.LEAVE, fields)
    if was and not is_:
        parks = (_aside(context, side, now.id, now.version),)
        kind, member = WriteKind.JOIN, True
        step = Step(kind, side, now.id, now.version, written.source, None, reasons.UNDONE, fields=fields, member=member)
        return attrs.evolve(step, parks=parks, ends_first=True, shown=_shown(context, side, now))
    if not fields:
        return ""
    step = Step(WriteKind.UPDATE, side, now.id, now.version, written.source, None, reasons.UNDONE, fields=fields)
    step = attrs.evolve(step, shown=_shown(context, side, now))
    if link is None:
        return step
    before = mapping.entries.shown[side](now.record)
    shown = mapping.entries.shown[side](evolved(now.record, fields))
    moved = tuple(at for at, entry in enumerate(shown) if entry != before[at])
    changes = {change(mapping.rules[at].shape, before[at], shown[at]) for at in moved}
    return attrs.evolve(
        step,
        source=link.ids[side.other],
        source_version=link.versions[side.other],
        rules=tuple(mapping.rules[at].name for at in moved),
        moved=moved,
        after=_agreeing_to_differ(mapping, link, now, before, shown),
        overwrites=Change.OVERWRITES in changes,
        empties=Change.EMPTIES in changes,
    )


def _agreeing_to_differ(
    mapping: CompiledMapping[object, object],
    link: Link,
    now: Item[object],
    before: Sequence[bytes],
    shown: Sequence[bytes],
) -> Link:
    """Return the link of a pair of which ``now`` is given back what it showed; the other side's base stays."""
    side = Side.LEFT if link.ids[Side.LEFT] == now.id else Side.RIGHT
    known = mapping.rebased(link.base, link.layout)
    for at, rule in enumerate(mapping.rules):
        if shown[at] == before[at]:
            continue
        if rule.shape is Shape.ELEMENTS:
            # What is news on this side stays news.
            had, was, will = (set(digests(entries[at])) for entries in (known[side], before, shown))
            kept = sorted(had - (was - will) | (will - was))
            known[side][at] = bytes((len(kept),)) + b"".join(kept)
        else:
            known[side][at] = shown[at]
    versions = list(link.versions)
    versions[side] = now.version if now.version == link.versions[side] else None
    base = (b"".join(known[0]), b"".join(known[1]))
    return attrs.evolve(
        link, versions=(versions[0], versions[1]), base=base, layout=mapping.layout, decided=reasons.UNDONE
    )


def after_both(first: Step, second: Step) -> tuple[Step, Step]:
    """Return the two steps of one pair, the second resting on what the first leaves."""
    assert first.after is not None  # noqa: S101 - the caller's condition, for the type checker
    assert second.after is not None  # noqa: S101 - the same
    left, right = (second if second.side is side else first for side in SIDES)
    assert left.after is not None  # noqa: S101 - the same
    assert right.after is not None  # noqa: S101 - the same
    base = (left.after.base[0], right.after.base[1])
    done = attrs.evolve(second.after, base=base, versions=(left.after.versions[0], right.after.versions[1]))
    halfway = attrs.evolve(first.after, versions=(None, None))
    waiting = attrs.evolve(first, after=halfway)
    return waiting, attrs.evolve(second, after=done, waits=waiting.id)


def _aside(context: Context, side: Side, one: str, version: str | None) -> Parked:
    """Return the row by which a record is remembered, and neither synced anew nor taken for a new one."""
    return Parked(side, one, version, ParkedKind.LEFT, (reasons.ENDED,), first_seen=context.now, last_seen=context.now)


def _shown(context: Context, side: Side, now: Item[object]) -> bytes:
    mapping = context.mapping
    return mapping.digest(side, now.record) if now.version is None else b""
