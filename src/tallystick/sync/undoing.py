"""Provide the plan that takes a run back, from the images that the host's sink keeps of its writes. Reads only.

The writes of a run to one record are taken together. Each record is read as it is now; what can be taken back is a
step (:mod:`tallystick.reconcile.undo`), everything else is left out and listed. The plan goes the way of every plan:
guards, conditional writes, journal, recovery. Its run is a run, whose images are kept, too: it can be undone itself.
"""

from collections.abc import Iterable, Sequence

import attrs

from tallystick.errors import UnknownRecord, UsageError
from tallystick.mapping import evolved
from tallystick.matching import index_keys
from tallystick.ports import SIDES, Absence, Image, Item, Side, Term
from tallystick.reconcile import reasons
from tallystick.reconcile.deciding import Decided
from tallystick.reconcile.plan import Note, Plan
from tallystick.reconcile.step import Step
from tallystick.reconcile.undo import Written, after_both, undo
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.claiming import had_elsewhere, spared
from tallystick.sync.imaging import record_of
from tallystick.sync.planning import planned_apart
from tallystick.sync.setup import Setup

Sight = Item[object] | Absence


def undoing(setup: Setup, run: int) -> Call[Plan]:
    """Return the plan that takes a run back; what can't be taken back is in its notes."""
    if not setup.keeps_images:
        raise UsageError(
            "there is nothing to undo a run with: the sync has no sink that keeps images",
            where=setup.sync,
            remedy="give it one, such as SqliteSink(path, keeps_images=True), before a run that may have to be undone",
        )
    images = yield from calls.images(setup.sync, run)
    if not images:
        raise UnknownRecord(f"no writes of run {run} are kept", where=setup.sync, remedy="choose one from the history")
    head = yield from calls.head(setup.sync)
    context = setup.context(head, (yield from calls.now()), initial=False)
    doubted = yield from _doubted(setup)
    images = yield from _named(setup, images)
    decided = Decided()
    steps: list[Step] = []
    undone: dict[str, Written] = {}
    for side in SIDES:
        written = _together(setup, [image for image in images if image.side is side])
        ids = [one.id for one in written]
        found = yield from setup.get(side, ids)
        sights: dict[str, Sight] = {sight.id: sight for sight in found if isinstance(sight, Item | Absence)}
        links = {link.ids[side]: link for link in (yield from calls.links(setup.sync, side, ids))}
        for one in written:
            if one.id in doubted[side]:
                made: Step | str = reasons.IN_DOUBT
            else:
                made = undo(context, run, one, sights.get(one.id), links.get(one.id))
            if isinstance(made, Step) and made.stands_alone and (yield from _matched(setup, made)):
                made = reasons.MATCHED
            if isinstance(made, Step):
                steps.append(made)
                undone[made.id] = one
            elif made:
                decided.notes.append(Note(Note.NOT_UNDONE, side, one.id, made))
    back = [(step, undone[step.id].source) for step in steps if step.stands_alone]
    held = (yield from spared(setup, context, steps)) | (yield from had_elsewhere(setup, context, back))
    decided.notes += [
        Note(Note.NOT_UNDONE, step.side, undone[step.id].id, reasons.ELSEWHERE) for step in steps if step.id in held
    ]
    decided.steps += _paired([one for one in steps if one.id not in held])
    return planned_apart(setup, context, head, decided, undoes=run).plan


def _doubted(setup: Setup) -> Call[tuple[set[str], set[str]]]:
    found: tuple[set[str], set[str]] = (set(), set())
    for batch in (yield from calls.batches(setup.sync)):
        for intent in batch.intents:
            for side in SIDES:
                found[side].add(intent.ids[side])
    return found


def _named(setup: Setup, images: Sequence[Image]) -> Call[list[Image]]:
    """Find the ids of creates that got no answer by the pairs that a later run made of them; leave out the others."""
    named = [image for image in images if image.id]
    for side in SIDES:
        nameless = [image for image in images if not image.id and image.side is side and not image.settled]
        sources = [image.source for image in nameless if image.source]
        links = {link.ids[side.other]: link for link in (yield from calls.links(setup.sync, side.other, sources))}
        named += [attrs.evolve(image, id=links[image.source].ids[side]) for image in nameless if image.source in links]
    return named


def _together(setup: Setup, images: Iterable[Image]) -> list[Written]:
    """Take the writes to one record together: as the first found it, and as the last left it."""
    taken: dict[str, Written] = {}
    for image in images:
        after = record_of(setup, image, image.after)
        known = taken.get(image.id)
        if known is None:
            before = record_of(setup, image, image.before)
            taken[image.id] = Written(image.side, image.id, image.source, before, after, image.members, image.fields)
        else:
            fields = tuple(dict.fromkeys((*known.fields, *image.fields)))
            members = (known.members[0], image.members[1])
            taken[image.id] = attrs.evolve(known, after=after, members=members, fields=fields)
    return [one for one in taken.values() if (one.before, one.members[0]) != (one.after, one.members[1])]


def _matched(setup: Setup, step: Step) -> Call[bool]:
    """Tell whether a record that is to come back has been made again by somebody meanwhile."""
    matcher = setup.profile.matcher
    side = step.side
    keys_of = matcher.keys[side]
    # The matcher says how to search this side for a record of the other; the keys of both are the same.
    hits = yield from setup.search(side, _terms(setup, step))
    index = index_keys((one, keys_of(item.record)) for one, item in hits.items())
    return any(index.owners(key) for key in keys_of(step.record))


def _terms(setup: Setup, step: Step) -> list[Term]:
    """Return what to search a record's own side for: the other side's record that it makes has the same keys."""
    mapping, matcher, side = setup.mapping, setup.profile.matcher, step.side
    other = side.other
    blank = setup.profile.sides[other].blank
    counterpart = evolved(blank, mapping.fields[other](step.record, blank))
    terms_of = matcher.search_left if side is Side.LEFT else matcher.search_right
    return list(terms_of(counterpart))


def _paired(steps: Sequence[Step]) -> list[Step]:
    """Have the second of two steps of one pair wait for the first; a pair that ends has no base to be kept."""
    ended = {step.ends for step in steps if step.ends}
    made: list[Step] = []
    first: dict[tuple[str, str], int] = {}
    for step in steps:
        if step.after is None or step.after.number in ended:
            made.append(attrs.evolve(step, after=None, moved=()))
        elif step.ids in first:
            at = first[step.ids]
            made[at], second = after_both(made[at], step)
            made.append(second)
        else:
            first[step.ids] = len(made)
            made.append(step)
    return made
