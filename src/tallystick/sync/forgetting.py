"""Provide the forgetting: what is kept of one record and its counterpart, or of a whole sync, is erased.

Of a record: its pair, what is listed of it, the journal's intents about it, its id in the notes of runs, and what the
sink keeps of it, where the sink can forget. The records themselves are not touched, and a run that sees them again
takes them for new ones. Of a sync: all of that at once, and the cursors; the figures of its runs stay.
"""

from collections.abc import Iterable, Sequence

import attrs

from tallystick.ports import SIDES, Batch, Commit, RunRow, Side
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.settling import unmarked, unmarked_throughout
from tallystick.sync.setup import Setup

_MOST_RUNS = 100_000
_GONE = "(forgotten)"
Ids = tuple[tuple[str, ...], tuple[str, ...]]


@attrs.frozen
class Forgotten:
    """What was erased: pairs, rows of the standing lists, and open intents. ``sink`` says whether the sink was told."""

    pairs: int
    listed: int
    intents: int
    sink: bool


def forgetting(setup: Setup, side: Side, one: str, *, sink: bool) -> Call[Forgotten]:
    """Erase what is kept of the record ``one`` of ``side``, and of its counterpart."""
    head = yield from calls.head(setup.sync)
    links = yield from calls.links(setup.sync, side, [one])
    ids = _ids(side, one, [link.ids for link in links])
    listed = []
    for each in SIDES:
        listed += [(each, row.id) for row in (yield from calls.parked(setup.sync, each, ids[each]))]
    closed, kept, intents = _without(ids, (yield from calls.batches(setup.sync)))
    numbers = [link.number for link in links]
    yield from calls.commit(
        setup.sync, Commit(head.revision, unlinked=numbers, cleared=listed, closed=closed, kept=kept)
    )
    yield from _clean_notes(setup, ids)
    if sink:
        for each in SIDES:
            for known in ids[each]:
                yield from calls.forget(setup.sync, each, known)
    return Forgotten(len(links), len(listed), intents, sink)


def forgetting_all(setup: Setup, *, sink: bool) -> Call[Forgotten]:
    """Erase everything that is kept of the sync but the figures of its runs."""
    head = yield from calls.head(setup.sync)
    intents = sum(len(batch.intents) for batch in (yield from calls.batches(setup.sync)))
    blank = {"layout": "", "extents": ("", ""), "accounts": ("", ""), "cursors": (None, None), "initial": True}
    yield from calls.commit(setup.sync, Commit(head.revision, close_all=True, head={**blank, "confirmed": {}}))
    for row in (yield from calls.runs(setup.sync, _MOST_RUNS)):
        gone = attrs.evolve(unmarked_throughout(row), note=_GONE if row.note else "")
        if gone != row:
            yield from calls.commit(setup.sync, Commit(run=gone))
    if sink:
        yield from calls.forget(setup.sync)
    return Forgotten(head.links, sum(head.parked.values()), intents, sink)


def _ids(side: Side, one: str, pairs: Iterable[tuple[str, str]]) -> Ids:
    other = tuple(pair[side.other] for pair in pairs)
    return ((one,), other) if side is Side.LEFT else (other, (one,))


def _without(ids: Ids, batches: Sequence[Batch]) -> tuple[list[int], list[Batch], int]:
    """Return the batches that are about these records only, the rest of those that are so in part, and how many."""
    closed, kept, gone = [], [], 0
    for batch in batches:
        rest = tuple(intent for intent in batch.intents if not any(intent.ids[side] in ids[side] for side in SIDES))
        gone += len(batch.intents) - len(rest)
        if not rest:
            closed.append(batch.number)
        elif len(rest) < len(batch.intents):
            kept.append(attrs.evolve(batch, intents=rest))
    return closed, kept, gone


def _clean_notes(setup: Setup, ids: Ids) -> Call[None]:
    rows: Sequence[RunRow] = yield from calls.runs(setup.sync, _MOST_RUNS)
    for row in rows:
        gone = row
        for side in SIDES:
            for one in ids[side]:
                note = gone.note.replace(f"{side.label}:{one}", _GONE)
                gone = attrs.evolve(unmarked(setup, gone, side, one), note=note)
        if gone != row:
            yield from calls.commit(setup.sync, Commit(run=gone))
