"""Provide the decision about a pair of which at least one record is absent.

The change table names the case, the absent side's removal policy the action. Nothing is ever deleted because it was
not listed: by now the record has been read, and is gone, out of the scope, or out of reach.
"""

import attrs

from tallystick.mapping import MergePolicy, Rule
from tallystick.mapping.base import EMPTY, NO_BASE
from tallystick.mapping.compile import named
from tallystick.ports import SIDES, Absence, AbsenceReason, Item, Link, Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.pairs import LostValue, PairDecision, Shown, decide_pair
from tallystick.reconcile.policies import LoserFate, RemovalAction
from tallystick.reconcile.step import Step
from tallystick.reconcile.table import ABSENT_SIDE, Case, Change, case_of

Sight = Item[object] | Absence
Sights = tuple[Sight, Sight]
Absent = tuple[AbsenceReason | None, AbsenceReason | None]
_LEFT, _RIGHT = SIDES


@attrs.define
class Ending:
    """What was decided about a pair with an absent record.

    ``ends`` says that the link is dropped (with the step, if there is one); else it stays as it is. ``lost`` are the
    values that were edited and go with their record.
    """

    link: Link
    step: Step | None = None
    parks: list[Parked] = attrs.field(factory=list)
    ends: bool = True
    lost: list[LostValue] = attrs.field(factory=list)


def decide_linked(
    context: Context,
    link: Link,
    sights: Sights,
    absent: Absent | None = None,
    shown: Shown | None = None,
    *,
    rests: bool = False,
) -> PairDecision | Ending:
    """Return what to do about a linked pair, of which both sides were read.

    ``absent`` are its :func:`absences`, and ``shown`` what one side shows, if they are known. One that ``rests`` is not
    written: where one of its records is gone, the other one stays, and the pair ends.
    """
    if absent is None:
        absent = absences(context, link, sights)
    if absent == (None, None):
        return decide_pair(context, link, (_item(sights[0]), _item(sights[1])), shown=shown)
    changes = tuple(
        Change.ABSENT if absent[side] else _change(context, link, side, _item(sights[side])) for side in SIDES
    )
    case = case_of(changes[0], changes[1])
    if case is Case.BOTH_GONE:
        kept = [side for side in SIDES if _may_return(context, side, absent[side])]
        if kept:
            parks = [_unreadable(context, side, link) for side in kept if absent[side] is AbsenceReason.NO_ACCESS]
            return Ending(_resting(link, sights, absent), parks=parks, ends=False)
        # Where one of them is deleted there is nothing left to be kept apart from.
        alive = AbsenceReason.DELETED not in absent
        parks = [tombstone(context, link, side, sights[side], reasons.OUT_OF_SCOPE) for side in SIDES if alive]
        return Ending(link, parks=parks)
    outcome = _gone(context, link, sights, case, absent[ABSENT_SIDE[case]] or AbsenceReason.DELETED, rests=rests)
    if isinstance(outcome, Ending) and not outcome.ends and outcome.step is None:
        outcome.link = _resting(link, sights, absent)
    return outcome


def absences(context: Context, link: Link, sights: Sights) -> Absent:
    """Return, by side, why the record is absent, None if it is there.

    A record outside its window is absent only where nothing was changed in the pair since it was agreed on: one that
    an edit moved out, or whose counterpart was edited in the window, is carried once more. What is edited out there
    waits until it comes back.
    """
    left, right = (_absence(context, link, _LEFT, sights[0]), _absence(context, link, _RIGHT, sights[1]))
    if context.windows == (None, None):
        return (left, right)
    outside = [
        isinstance(sight, Item) and not context.inside(side, sight.record)
        for side, sight in zip(SIDES, sights, strict=True)
    ]
    there = [side for side, absent in zip(SIDES, (left, right), strict=True) if absent is None]
    moved = any(
        _change(context, link, side, _item(sights[side])) is Change.CHANGED
        for side in there
        if link.members[side] or not outside[side]
    )
    if moved or not any(outside[side] for side in there):
        return (left, right)
    return (
        AbsenceReason.OUT_OF_WINDOW if left is None and outside[0] else left,
        AbsenceReason.OUT_OF_WINDOW if right is None and outside[1] else right,
    )


def _resting(link: Link, sights: Sights, absent: Absent) -> Link:
    """Return the link of a pair that rests: what is outside the window is no member, until it is listed again."""
    if AbsenceReason.OUT_OF_WINDOW not in absent:
        return link
    members = (link.members[0] and absent[0] is None, link.members[1] and absent[1] is None)
    left, right = (
        sight.version if isinstance(sight, Item) and known is not None else known
        for sight, known in zip(sights, link.versions, strict=True)
    )
    return attrs.evolve(link, members=members, versions=(left, right))


def _absence(context: Context, link: Link, side: Side, sight: Sight) -> AbsenceReason | None:
    """Return why a record is absent. A record that never was a member is not out of scope."""
    if isinstance(sight, Absence):
        return sight.reason
    if context.profile.sides[side].counts_as_deleted(sight.record):
        return AbsenceReason.DELETED
    if not sight.member and link.members[side] and not context.rescoped[side]:
        return AbsenceReason.OUT_OF_SCOPE
    return None


def _may_return(context: Context, side: Side, reason: AbsenceReason | None) -> bool:
    """Tell whether a record is out of reach and expected back, so that its pair is kept whatever the other does."""
    removal = context.profile.sides[side].removal
    return reason not in (None, AbsenceReason.DELETED) and removal.action(reason) is RemovalAction.KEEP


def _item(sight: Sight) -> Item[object]:
    assert isinstance(sight, Item)  # noqa: S101 - decided by the caller; for the type checker
    return sight


def _change(context: Context, link: Link, side: Side, item: Item[object]) -> Change:
    mapping = context.mapping
    if link.layout == mapping.layout:
        same = mapping.digest(side, item.record) == link.base[side]
    elif item.version is not None and item.version == link.versions[side]:
        same = True
    else:
        # A rule whose base can't be read may be the one that was edited: an edit is rather seen than missed.
        base = mapping.rebased(link.base, link.layout)[side]
        same = NO_BASE not in base and mapping.entries.shown[side](item.record) == base
    return Change.UNCHANGED if same else Change.CHANGED


def _gone(
    context: Context, link: Link, sights: Sights, case: Case, reason: AbsenceReason, *, rests: bool
) -> PairDecision | Ending:
    side = ABSENT_SIDE[case]
    there = _item(sights[side.other])
    removal = context.profile.sides[side].removal
    action = (context.rescoped[side] and removal.rescoped) or removal.action(reason)
    edited = case in (Case.GONE_LEFT_EDITED, Case.GONE_RIGHT_EDITED)
    if action is RemovalAction.KEEP:
        parks = [_unreadable(context, side, link)] if reason is AbsenceReason.NO_ACCESS else []
        return Ending(link, parks=parks, ends=False)
    if rests:
        return _apart(context, link, sights, side, there, RemovalAction.TOMBSTONE, reason)
    if action is RemovalAction.DELETE and edited and context.profile.conflict.edit_beats_removal:
        return _again(context, link, sights, side, there, reasons.EDIT_BEATS_REMOVAL)
    if action is RemovalAction.RECREATE:
        return _again(context, link, sights, side, there, reasons.RECREATE)
    deletes = action in (RemovalAction.DELETE, RemovalAction.WITHDRAW)
    if deletes and context.profile.sides[side.other].removable(there.record):
        return _deleted(context, link, sights[side], side.other, there, reason)
    return _apart(context, link, sights, side, there, action, reason)


def _deleted(
    context: Context, link: Link, gone: Sight, side: Side, there: Item[object], reason: AbsenceReason
) -> Ending:
    """Delete the record that is left. What was edited in it since the last agreement goes to the sink first."""
    mapping = context.mapping
    base = mapping.rebased(link.base, link.layout)[side]
    shown = mapping.entries.shown[side](there.record)
    edited = [
        rule
        for rule, old, new in zip(mapping.rules, base, shown, strict=True)
        if old != new
        and rule.policy is not MergePolicy.MIRROR
        and (old != NO_BASE or _was_never_agreed_on(link, rule, new))
    ]
    if edited and context.profile.conflict.loser is LoserFate.SINK and not context.has_sink:
        held = tuple(f"{reasons.CONFLICT}:{rule.name}" for rule in edited)
        return Ending(link, parks=[_listed(context, side, link, ParkedKind.CONFLICT, held)], ends=False)
    step = _write(context, link, gone, side, there, WriteKind.REMOVE, reason)
    loses = {rule.name: rule.lenses[side].get(there.record) for rule in edited}
    lost = [LostValue(rule.name, side) for rule in edited]
    effect = context.effect(side, step.kind, there.record, None)
    return Ending(link, attrs.evolve(step, loses=loses, effect=effect), lost=lost)


def _was_never_agreed_on(link: Link, rule: Rule[object, object], entry: bytes) -> bool:
    """Tell whether a value without a base is only here: the two were in conflict, or one was edited while in doubt.

    Not where its rule came with another mapping, which nobody's edit has brought, or where it is made of other values.
    """
    former = named(rule) in link.layout.split(",")
    return former and entry != EMPTY and rule.policy is not MergePolicy.FOLLOW


def _again(
    context: Context, link: Link, sights: Sights, side: Side, there: Item[object], reason: str
) -> PairDecision | Ending:
    """Make the absent record present again: by a create where it is gone, by a join where it only left the scope."""
    here = sights[side]
    if isinstance(here, Item):
        items = (here, there) if side is Side.LEFT else (there, here)
        return decide_pair(context, link, items, reason)
    step = create_step(context, side, there, reason, number=link.number, salt=link.ids[side])
    return Ending(link, step, ends=False)


def _apart(
    context: Context,
    link: Link,
    sights: Sights,
    side: Side,
    there: Item[object],
    action: RemovalAction,
    reason: AbsenceReason,
) -> Ending:
    other = side.other
    leaves = action is RemovalAction.DETACH and context.can_leave(other)
    parks = []
    if reason is AbsenceReason.OUT_OF_SCOPE:
        parks.append(tombstone(context, link, side, sights[side], reasons.OUT_OF_SCOPE))
        if leaves:
            parks.append(tombstone(context, link, other, there, reasons.OUT_OF_SCOPE))
    if leaves and there.member:
        return Ending(link, _write(context, link, sights[side], other, there, WriteKind.LEAVE, reason, tuple(parks)))
    if not leaves:
        parks.append(tombstone(context, link, other, there, reasons.ENDED))
    return Ending(link, parks=parks)


def tombstone(context: Context, link: Link, side: Side, sight: Sight, reason: str) -> Parked:
    """Return the row by which a record of a pair that ends is remembered, and is not paired anew while it is absent."""
    keys = context.record_keys(side.other, (link.ids[side.other],))
    if identity := link.identities[side.other]:
        keys = (*keys, identity)
    version = sight.version if isinstance(sight, Item) else None
    return Parked(
        side, link.ids[side], version, ParkedKind.LEFT, (reason,), keys, first_seen=context.now, last_seen=context.now
    )


def _unreadable(context: Context, side: Side, link: Link) -> Parked:
    return _listed(context, side, link, ParkedKind.FAILED, (reasons.NO_ACCESS,))


def _listed(context: Context, side: Side, link: Link, kind: ParkedKind, why: tuple[str, ...]) -> Parked:
    """Return the row of a linked record that the next run looks at again."""
    return Parked(
        side,
        link.ids[side],
        link.versions[side],
        kind,
        why,
        first_seen=context.now,
        last_seen=context.now,
        retry_at=context.now,
    )


def _write(
    context: Context,
    link: Link,
    gone: Sight,
    side: Side,
    item: Item[object],
    kind: WriteKind,
    reason: str,
    parks: tuple[Parked, ...] = (),
) -> Step:
    """Return the write of the record that is left, which rests on what became of the other one."""
    source, mapping = link.ids[side.other], context.mapping
    return Step(
        kind,
        side,
        item.id,
        item.version,
        source,
        gone.version if isinstance(gone, Item) else link.versions[side.other],
        reason,
        member=False if kind is WriteKind.LEAVE else None,
        ends=link.number,
        parks=parks,
        shown=mapping.digest(side, item.record) if item.version is None else b"",
    )
