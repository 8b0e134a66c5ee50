"""Provide the link after a write: as it was planned, with the target's part taken from what the provider answered.

A provider may show something else than was written: it trims, rounds, drops. What it shows is what both sides agreed
on, so that the next run takes it for no edit; a value that was not taken at all is named, for the report.

* A first half whose second half follows has an old base where the second one still has to write. After the second it is
  as was planned there, also where that one had nothing to write after all; but of what both wrote the first one's
  answer counts as well, lest what a provider dropped be taken for what a person removed.
* A create that was answered with the record of an earlier one agrees on what is as was planned only: whatever else
  that record holds, a person may have edited it since.
* What was not written and is another in the answer is news: a person's edit in between, where a service compares no
  versions, or what the service itself made of another field. It keeps its base and has no version, so that the next run
  looks at it.
"""

from collections.abc import Mapping, Sequence

import attrs

from tallystick.mapping import Shape, evolved
from tallystick.mapping.base import BLANK_SLOT, NO_BASE, digests, pack_agreed, unpack
from tallystick.mapping.evolve import shows_same
from tallystick.ports import SIDES, Item, Link, Side, WriteKind
from tallystick.reconcile.context import Context
from tallystick.reconcile.step import Step

FirstHalf = tuple[str | None, tuple[int, ...], Mapping[int, bytes]]
"""Of a first half: the version that its record has since, None where that holds news, the numbers of the rules that
wait for the second, and what the record shows since of those that were written in it, and not taken as planned."""
NO_HALF: FirstHalf = (None, (), {})
_LEFT = Side.LEFT


@attrs.define
class Made:
    """A write that was done: its step, the link that the plan wanted ``after`` it, and the item that came back.

    ``repeated`` says that the create was answered with a record that was there before. ``first`` is the link of the
    first half where this is the second, and ``half`` what else is known of that one.
    """

    step: Step
    after: Link
    item: Item[object]
    repeated: bool
    first: Link | None = None
    half: FirstHalf = NO_HALF


def completed(context: Context, made: Made) -> tuple[Link, Sequence[str], bool]:
    """Return the link after a write, the names of the rules that were not taken, and whether the answer shows news."""
    step, after, item, first = made.step, made.after, made.item, made.first
    side = step.side
    there = after.versions[side.other]
    if first is not None and there is not None:
        there = made.half[0]
    base, not_taken, news = _base(context, made)
    settled = step.kind is WriteKind.CREATE or (after.versions[side] is not None and not news)
    if made.repeated and base != after.base:
        settled = False  # whatever it holds beside what was planned is still to be looked at
    version = item.version if settled else None
    # A record that was written lies where the plan said; whether it is on the list, the provider says.
    member = item.member and after.members[side]
    identities = after.identities
    if context.profile.realm is not None:
        identity = context.identity(side, item.id, item.record)
        identities = (identity, identities[1]) if side is _LEFT else (identities[0], identity)
    if side is _LEFT:
        ids, versions, members = (item.id, after.ids[1]), (version, there), (member, after.members[1])
    else:
        ids, versions, members = (after.ids[0], item.id), (there, version), (after.members[0], member)
    number = after.number if first is None else first.number
    return Link(ids, versions, members, base, after.layout, number, after.decided, identities), not_taken, news


def first_half(context: Context, made: Made, *, news: bool) -> FirstHalf:
    """Return what the second half of a pair's writes has to know of the first; ``news`` is what came of that one."""
    step = made.step
    written: Mapping[int, bytes] = {}
    if step.waiting and not (step.entries and shows_same(made.item.record, step.planned)):
        shown = _shown(context, step, made.item.record)
        written = {at: shown[at] for at in step.moved if not step.entries or shown[at] != step.entries[at]}
    return (None if news else made.item.version, step.waiting, written)


def intended_base(
    context: Context, step: Step, after: Link, first: Link | None, half: FirstHalf
) -> tuple[bytes, bytes]:
    """Return what both sides agree on after a write that is taken as planned, where the first half's was not."""
    planned = context.mapping.rebased(after.base, after.layout)[step.side]
    unseen = Item(step.target, None, step.planned)
    return _answered(context, Made(step, after, unseen, repeated=False, first=first, half=half), planned)[0]


def _base(context: Context, made: Made) -> tuple[tuple[bytes, bytes], Sequence[str], bool]:
    """Return the base, the names of the rules that were not taken, and whether the answer shows news."""
    step, base, side = made.step, made.after.base, made.step.side
    shown = _shown(context, step, made.item.record)
    packed = b"".join(shown)
    if packed == base[side] and made.first is None:
        return base, (), False
    if step.kind is WriteKind.CREATE and context.mapping.agree(shown, unpack(base[side])):
        return ((packed, base[1]) if side is _LEFT else (base[0], packed)), (), False
    return _answered(context, made, shown)


def _shown(context: Context, step: Step, record: object) -> list[bytes]:
    """Return the base entries of a record that a provider answered with; as planned, they are known."""
    entries = context.mapping.entries
    if not step.entries:
        return entries.shown[step.side](record)
    known = list(step.entries)
    if record is step.planned or shows_same(record, step.planned):
        return known
    return entries.after[step.side](step.planned, record, known)


def _sent(context: Context, made: Made) -> Sequence[bytes]:
    """Return the base entries of a record as it was to become; a saved plan has only what was written."""
    step = made.step
    return step.entries or context.mapping.entries.shown[step.side](evolved(made.item.record, step.fields))


def _answered(context: Context, made: Made, answered: Sequence[bytes]) -> tuple[tuple[bytes, bytes], list[str], bool]:
    step, after, side, mapping = made.step, made.after, made.step.side, context.mapping
    entries = mapping.rebased(after.base, after.layout)
    planned = (list(entries[0]), list(entries[1]))
    wanted = planned[side]
    earlier = mapping.rebased(made.first.base, made.first.layout) if made.first else None
    _, waiting, there = made.half
    create = step.kind is WriteKind.CREATE
    sent = _sent(context, made) if step.waiting else ()
    not_taken: list[str] = []
    news = False
    for at, rule in enumerate(mapping.rules):
        # Half-way, what waits for the other side still has its old base: that says nothing of this write.
        halfway = at in step.waiting
        written = rule.direction.create[side] if create else at in step.moved
        if written and not _holds(rule.shape, answered[at], sent[at] if halfway else wanted[at]):
            not_taken.append(rule.name)
        if made.repeated and answered[at] != wanted[at]:
            entries[0][at] = entries[1][at] = NO_BASE
        elif halfway and (rule.shape is Shape.SLOTS or rule.key is not None):
            # Some of its slots or keys came here and some are to go there: taken as agreed on, those would never go.
            if rule.key is not None and rule.name in not_taken:
                entries[0][at] = entries[1][at] = NO_BASE  # what was dropped here would read as removed
        elif create or at in step.moved:
            entries[side][at] = answered[at]
            entries[side.other][at] = there.get(at, entries[side.other][at])
            if rule.shape is Shape.ELEMENTS:
                shown = (entries[0][at], entries[1][at])
                entries[0][at], entries[1][at] = pack_agreed(shown, (planned[0][at], planned[1][at]))
        else:
            news = news or not (halfway or answered[at] == wanted[at])
            if earlier and at not in waiting:
                for one in SIDES if rule.shape is Shape.ELEMENTS else (side.other,):
                    entries[one][at] = earlier[one][at]
    return (b"".join(entries[0]), b"".join(entries[1])), not_taken, news


def _holds(shape: Shape, shown: bytes, wanted: bytes) -> bool:
    if shape is Shape.VALUE:
        return shown == wanted
    return set(digests(wanted)) <= {*digests(shown), BLANK_SLOT}
