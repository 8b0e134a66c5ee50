"""Provide what a plan would do as the rows of small tables: figures by side, never contents."""

from collections import Counter

from tallystick.reconcile.plan import Note, Plan
from tallystick.reconcile.reasons import words
from tallystick.sync.tally import NOTE_WORDS, BySide, by_side, reasons_by_side, writes_by_kind

Row = tuple[str, int, int]
"""What is counted, and how many of it on the left and on the right."""

_NOTES = {**NOTE_WORDS, Note.DIFFERS: "left as different as it is"}


def rows_of(counts: BySide) -> list[Row]:
    """Return counts a side as rows."""
    return [(said, *pair) for said, pair in counts.items()]


def writes_of(plan: Plan) -> list[Row]:
    """Return how many writes of each kind there are, those that there are."""
    return rows_of(writes_by_kind(plan.writes().items()))


def parked_of(plan: Plan) -> list[Row]:
    """Return why records are left alone, the most frequent reason first. A record may have several."""
    return rows_of(reasons_by_side(plan.parked))


def notes_of(plan: Plan) -> list[Row]:
    """Return what a person may want to know of fields, or of what can't be taken back."""
    return rows_of(by_side(Counter((_said(note), note.side) for note in plan.notes)))


def _said(note: Note) -> str:
    if note.kind == Note.NOT_UNDONE:
        return f"not taken back: {words(note.rule)}"
    if note.kind == Note.ENDED:
        return f"{note.kind}: {words(note.rule)}"
    if note.kind == Note.BLOCKED:
        return words(note.rule)
    return f"{note.rule}: {_NOTES.get(note.kind, note.kind)}"
