"""Provide tallies: how many of what, by side. Plans and reports are shown and handed out as these figures."""

from collections import Counter
from collections.abc import Iterable

from tallystick.ports import Parked, ParkedKind, Side, WriteKind
from tallystick.reconcile.plan import Note
from tallystick.reconcile.reasons import words
from tallystick.sync import Listed

BySide = dict[str, tuple[int, int]]
"""A count a side, left first, by what is counted."""

_KINDS = {
    Note.LOST: "differs on both sides; the value that loses is not kept",
    Note.NOT_CARRIED: "not carried over: the other side has no room for all of it",
}


def writes_by_kind(writes: Iterable[tuple[tuple[Side, WriteKind], int]]) -> BySide:
    """Return how many writes of each kind, those that there are."""
    found = dict(writes)
    counts = {kind.value: (found.get((Side.LEFT, kind), 0), found.get((Side.RIGHT, kind), 0)) for kind in WriteKind}
    return {kind: pair for kind, pair in counts.items() if any(pair)}


def reasons_by_side(rows: Iterable[Parked | Listed]) -> BySide:
    """Return how many records have each reason, in words, the most frequent first. A record may have several."""
    counts: Counter[tuple[str, Side]] = Counter()
    for row in rows:
        if row.kind is not ParkedKind.LEFT:
            counts.update((words(reason), row.side) for reason in row.reasons)
    totals: Counter[str] = Counter()
    for (said, _), count in counts.items():
        totals[said] += count
    return {said: (counts[said, Side.LEFT], counts[said, Side.RIGHT]) for said, _ in totals.most_common()}


def notes_by_field(notes: Iterable[Note]) -> dict[str, dict[str, int]]:
    """Return, by what is to be said of a field, how often it is to be said of which."""
    found: dict[str, Counter[str]] = {}
    for note in notes:
        found.setdefault(_KINDS.get(note.kind, note.kind), Counter())[note.rule] += 1
    return {said: dict(counts.most_common()) for said, counts in found.items()}
