"""Provide the deciding of a whole run: from what was observed to a plan. Pure, and in a stated order.

Inputs: linked pairs that may have changed, each with what both sides show; new pairs; records without a match. The
order of the plan's steps is fixed by side, kind and id, so that the same inputs give the same plan in any process.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import attrs

from tallystick.mapping.base import NO_BASE
from tallystick.ports import SIDES, Absence, Item, Link, Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile import reasons
from tallystick.reconcile.context import Context, looking_at
from tallystick.reconcile.creates import create_step
from tallystick.reconcile.newcomers import Sorted, park, pass_over
from tallystick.reconcile.pair_merge import Items
from tallystick.reconcile.pairs import PairDecision, Shown, decide_first_pairings, decide_pair
from tallystick.reconcile.plan import Note
from tallystick.reconcile.profile import always, everybody, never, with_its_partner
from tallystick.reconcile.removals import Ending, Sight, Sights, absences, decide_linked
from tallystick.reconcile.step import Step

_NOTHING: Mapping[int, Shown] = MappingProxyType({})
_ORDER = {kind: at for at, kind in enumerate(WriteKind)}


@attrs.define
class Decided:
    """What a run decided so far; becomes a plan. ``found_equal`` counts the pairs that need no step."""

    steps: list[Step] = attrs.field(factory=list)
    links: list[Link] = attrs.field(factory=list)
    unlinked: list[int] = attrs.field(factory=list)
    parked: list[Parked] = attrs.field(factory=list)
    notes: list[Note] = attrs.field(factory=list)
    found_equal: int = 0

    def ordered(self) -> tuple[Step, ...]:
        """Return the steps in the order in which they are to be applied."""
        return ordered(self.steps)


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return steps in the order in which they are to be applied: creates first, what waits last."""
    return tuple(
        sorted(steps, key=lambda step: (bool(step.waits), _ORDER[step.kind], step.side, step.target, step.source))
    )


def decide_links(
    context: Context, decided: Decided, linked: Iterable[tuple[Link, Sights]], shown: Mapping[int, Shown] = _NOTHING
) -> None:
    """Decide about every linked pair that may have changed; ``shown`` is known of them, by number."""
    takes_part, paused = _taking_part(context), _pausing(context)
    link: Link | None = None
    try:
        for link, sights in linked:
            pausing = paused(link, sights)
            resting = not takes_part(sights) or (pausing and not any(isinstance(one, Absence) for one in sights))
            absent = (None, None) if resting else absences(context, link, sights)
            frozen = [] if resting or any(absent) else _frozen(context, sights)
            if resting or frozen:
                decided.parked += frozen
                # Stored all the same: its scope may be another, or one of its records may have another id.
                kept = unscoped(context, attrs.evolve(link, decided=reasons.RESTS) if pausing else link)
                decided.links.append(_with_news(kept, sights) if resting else kept)
                continue
            outcome = decide_linked(context, link, sights, absent, shown.get(link.number), rests=pausing)
            if isinstance(outcome, PairDecision):
                _add_pair(context, decided, outcome)
            else:
                _add_ending(decided, link, outcome)
    except Exception as error:
        error.add_note(looking_at(*enumerate(link.ids if link else ())))
        raise


def decide_merged(context: Context, decided: Decided, merged: Iterable[tuple[Link, Side, Sight]]) -> None:
    """End the pairs whose record became one with that of another pair; their other record is left to a person."""
    for link, side, left_over in merged:
        decided.unlinked.append(link.number)
        if isinstance(left_over, Item):
            blockers = [(side, link.ids[side])]
            decided.parked.append(park(context, side.other, left_over, (reasons.UNIQUE_ID,), blockers=blockers))


def note_astray(decided: Decided, astray: Iterable[tuple[Link, Side]]) -> None:
    """Note the pairs that end because a record of theirs lives on as one outside the scope."""
    ending = {*decided.unlinked, *(step.ends for step in decided.steps)}
    decided.notes += [
        Note(Note.ENDED, side, link.ids[side], reasons.ASTRAY) for link, side in astray if link.number in ending
    ]


def decide_new(context: Context, decided: Decided, sorted_: Sorted) -> None:
    """Decide about every new pair."""
    for outcome in decide_first_pairings(context, _active(context, decided, sorted_)):
        if isinstance(outcome, Link):
            decided.links.append(outcome)
            decided.found_equal += 1
        else:
            _add_pair(context, decided, outcome)


def _active(context: Context, decided: Decided, sorted_: Sorted) -> Iterator[Items]:
    """Yield the new pairs that do not rest, and link the others; one by one, while their records are at hand."""
    left, right = sorted_.fit
    takes_part, paused = _taking_part(context), _pausing(context)
    for one, other in sorted_.pairs:
        try:
            items = (left[one], right[other])
            rests = not takes_part(items) or paused(None, items)
        except Exception as error:
            error.add_note(looking_at((Side.LEFT, one), (Side.RIGHT, other)))
            raise
        if rests:
            decided.links.append(_resting(context, items))
        else:
            yield items


def _resting(context: Context, items: Items) -> Link:
    """Return the link of two records that are the same and rest: nothing was agreed on, and nothing is written."""
    left, right = items
    base = NO_BASE * len(context.mapping.rules)
    members = (left.member, right.member)
    return Link((left.id, right.id), (None, None), members, (base, base), context.mapping.layout, decided=reasons.RESTS)


def decide_unmatched(
    context: Context, decided: Decided, sorted_: Sorted, unmatched: Sequence[Sequence[str]], room: int | None
) -> None:
    """Create counterparts of records without a match, as many as there is ``room`` for; park the rest."""
    for side in SIDES:
        target = side.other
        source, creates = context.profile.sides[side], context.profile.sides[target].creates
        asked = context.initial and source.initially is not always
        # What a new record on the other side may not hold whole.
        limited = [
            (rule.name, rule.lenses[side].get, rule.carries)
            for rule in context.mapping.rules
            if rule.carries and rule.direction.create[target]
        ]
        fit = sorted_.fit[side]
        for one in unmatched[side]:
            try:
                item = fit[one]
                if asked and not source.initially(item.record, context.now):
                    decided.parked.append(pass_over(context, side, item, reasons.INITIAL))
                elif not creates:
                    decided.parked.append(park(context, side, item, (reasons.NO_CREATE,)))
                elif blocked := source.blocks(item.record):
                    own = reasons.is_resolvable(blocked)  # the record's own fault, and not the other side's
                    why = blocked if own else f"{reasons.BLOCKED}:{blocked}"
                    decided.parked.append(park(context, side, item, (why,), next_run=True))
                    note = Note(Note.BLOCKED, target, "", blocked)
                    decided.notes += [] if own or note in decided.notes else [note]
                elif room is not None and room <= 0:
                    decided.parked.append(park(context, side, item, (reasons.CAPACITY,), next_run=True))
                else:
                    room = None if room is None else room - 1
                    decided.steps.append(create_step(context, target, item, reasons.NEW))
                    decided.notes += [
                        Note(Note.NOT_CARRIED, side, item.id, name)
                        for name, get, carries in limited
                        if not carries(get(item.record))
                    ]
            except Exception as error:
                error.add_note(looking_at((side, one)))
                raise


def decide_pair_again(context: Context, decided: Decided, items: Items, reason: str) -> None:
    """Decide anew about a pair without a link, whose record changed while it was to be written."""
    _add_pair(context, decided, decide_pair(context, None, items, reason))


def unscoped(context: Context, link: Link) -> Link:
    """Return a link that rests, without what it remembers of membership in a scope that is no more."""
    left, right = (link.members[side] and not context.rescoped[side] for side in SIDES)
    return attrs.evolve(link, members=(left, right))


def _with_news(link: Link, sights: Sights) -> Link:
    """Return a link that rests, without the version of a record that moved: it is read when the pair goes on."""
    left, right = (
        None if isinstance(sight, Item) and sight.version != version else version
        for sight, version in zip(sights, link.versions, strict=True)
    )
    return attrs.evolve(link, versions=(left, right))


def _taking_part(context: Context) -> Callable[[Sights], bool]:
    """Return what tells whether both records of a pair still are of a kind that is synced; else the pair rests."""
    asked = [
        (side, one.takes_part, one.counts_as_deleted)
        for side, one in zip(SIDES, context.profile.sides, strict=True)
        if one.takes_part is not everybody
    ]

    def takes_part(sights: Sights) -> bool:
        for side, is_synced, is_void in asked:
            sight = sights[side]
            if not isinstance(sight, Absence) and not (is_synced(sight.record) or is_void(sight.record)):
                return False
        return True

    return takes_part


def _pausing(context: Context) -> Callable[[Link | None, Sights], bool]:
    """Return what tells whether both records of a pair pause it.

    A record that is gone can't be asked any more. It paused the pair if that rested before, or if the one that is left
    pauses it by itself. Where its side has another scope than before, it may have, which counts as well: to delete the
    other one could not be taken back.
    """
    asked = [one.pauses for one in context.profile.sides]
    unsure = [anew and pauses is not with_its_partner for anew, pauses in zip(context.rescoped, asked, strict=True)]

    def paused(link: Link | None, sights: Sights) -> bool:
        by_itself = link is not None and link.decided == reasons.RESTS
        for sight, pauses, may_have in zip(sights, asked, unsure, strict=True):
            if isinstance(sight, Absence):
                by_itself = by_itself or may_have
            else:
                if not pauses(sight.record):
                    return False
                by_itself = by_itself or pauses is not with_its_partner
        return by_itself

    return _nothing_pauses if never in asked else paused


def rests_anew(context: Context, link: Link, side: Side, record: object) -> bool:
    """Tell whether a record pauses its pair otherwise than before, though it shows what it showed."""
    pauses = context.profile.sides[side].pauses
    return pauses not in (never, with_its_partner) and pauses(record) is not (link.decided == reasons.RESTS)


def _nothing_pauses(_link: Link | None, _sights: Sights) -> bool:
    return False


def _frozen(context: Context, sights: Sights) -> list[Parked]:
    """Return rows for the unfit records of a pair: it is frozen, nothing is written until they are mended."""
    rows = []
    for side in SIDES:
        sight = sights[side]
        if isinstance(sight, Absence):
            continue
        against = context.profile.sides[side].reasons_against(sight.record)
        if against:
            rows.append(park(context, side, sight, against, kind=ParkedKind.FROZEN, next_run=not sight.member))
    return rows


def _add_pair(context: Context, decided: Decided, decision: PairDecision) -> None:
    items = decision.items
    for lost in decision.lost:
        decided.notes.append(Note(Note.LOST, lost.side, items[lost.side].id, lost.rule))
    for rule, side in decision.not_carried:
        decided.notes.append(Note(Note.NOT_CARRIED, side.other, items[side.other].id, rule))
    for rule in decision.differs:
        decided.notes.append(Note(Note.DIFFERS, Side.LEFT, items[Side.LEFT].id, rule))
    if decision.held:
        decided.parked += _conflict(context, decision)
    if decision.steps:
        decided.steps += decision.steps
    else:
        decided.links.append(decision.link)
        decided.found_equal += not decision.held


def _conflict(context: Context, decision: PairDecision) -> list[Parked]:
    """Return a row for each record of a pair in conflict: both versions are what a person chooses between."""
    why = [f"{reasons.CONFLICT}:{rule}" for rule in decision.held]
    rows = []
    for side in SIDES:
        item: Item[object] = decision.items[side]
        other = [(side.other, decision.items[side.other].id)]
        rows.append(park(context, side, item, why, blockers=other, kind=ParkedKind.CONFLICT))
    return rows


def _add_ending(decided: Decided, link: Link, ending: Ending) -> None:
    decided.notes += [Note(Note.LOST, lost.side, ending.link.ids[lost.side], lost.rule) for lost in ending.lost]
    if ending.step:
        decided.steps.append(ending.step)
    else:
        if ending.link != link and not ending.ends:
            decided.links.append(ending.link)
        decided.parked += ending.parks
        if ending.ends:
            decided.unlinked.append(ending.link.number)
