"""Provide tallies: how many of what, by side. Plans, runs and reports are shown to people as these figures."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from tallystick.ports import Parked, ParkedKind, RunRow, Side, WriteKind
from tallystick.reconcile.plan import Note
from tallystick.reconcile.reasons import words
from tallystick.sync.standing import Listed

BySide = dict[str, tuple[int, int]]
"""A count a side, left first, by what is counted."""

NOTE_WORDS: Final[Mapping[str, str]] = {
    Note.LOST: "changed on both sides; one of the two stands",
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
    return by_side(counts)


def by_side(counts: Mapping[tuple[str, Side], int]) -> BySide:
    """Return what is counted with its counts a side, the most frequent first."""
    totals: Counter[str] = Counter()
    for (said, _), count in counts.items():
        totals[said] += count
    return {
        said: (counts.get((said, Side.LEFT), 0), counts.get((said, Side.RIGHT), 0)) for said, _ in totals.most_common()
    }


def written(run: RunRow, side: Side) -> int:
    """Return how many writes a run did on one side."""
    return sum(count for name, count in run.counts.items() if name.startswith(f"{side.label}."))


def written_by_kind(run: RunRow) -> BySide:
    """Return how many writes of each kind a run did, those that there are."""
    counted = (((side, kind), run.counts.get(f"{side.label}.{kind}", 0)) for side in Side for kind in WriteKind)
    return writes_by_kind(counted)


def notes_by_field(notes: Iterable[Note]) -> dict[str, dict[str, int]]:
    """Return, by what is to be said of a field, how often it is to be said of which."""
    found: dict[str, Counter[str]] = {}
    for note in notes:
        found.setdefault(NOTE_WORDS.get(note.kind, note.kind), Counter())[note.rule] += 1
    return {said: dict(counts.most_common()) for said, counts in found.items()}
