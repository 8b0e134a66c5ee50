"""Provide what a plan would do as the rows of small tables: figures by side, never contents."""

from collections import Counter

from tallystick.ports import ParkedKind, Side, WriteKind
from tallystick.reconcile.plan import Note, Plan
from tallystick.reconcile.reasons import words

Row = tuple[str, int, int]
"""What is counted, and how many of it on the left and on the right."""

_KINDS = {
    Note.LOST: "differs on both sides; the value that loses is not kept",
    Note.NOT_CARRIED: "not carried over: the other side has no room for all of it",
    Note.DIFFERS: "left as different as it is",
}


def writes_of(plan: Plan) -> list[Row]:
    """Return how many writes of each kind there are, those that there are."""
    counts = plan.writes()
    rows = [(kind.value, counts[Side.LEFT, kind], counts[Side.RIGHT, kind]) for kind in WriteKind]
    return [row for row in rows if any(row[1:])]


def parked_of(plan: Plan) -> list[Row]:
    """Return why records are left alone, the most frequent reason first. A record may have several."""
    counts: Counter[tuple[str, Side]] = Counter()
    for row in plan.parked:
        if row.kind is not ParkedKind.LEFT:
            counts.update((words(reason), row.side) for reason in row.reasons)
    return _by_side(counts)


def notes_of(plan: Plan) -> list[Row]:
    """Return what a person may want to know of fields, or of what can't be taken back."""
    return _by_side(Counter((_said(note), note.side) for note in plan.notes))


def _said(note: Note) -> str:
    if note.kind == Note.NOT_UNDONE:
        return f"not taken back: {words(note.rule)}"
    if note.kind == Note.BLOCKED:
        return words(note.rule)
    return f"{note.rule}: {_KINDS.get(note.kind, note.kind)}"


def _by_side(counts: Counter[tuple[str, Side]]) -> list[Row]:
    totals: Counter[str] = Counter()
    for (said, _), count in counts.items():
        totals[said] += count
    return [(said, counts[said, Side.LEFT], counts[said, Side.RIGHT]) for said, _ in totals.most_common()]
