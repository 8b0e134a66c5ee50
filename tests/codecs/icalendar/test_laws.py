"""Laws that hold for every note and every calendar."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codecs.icalendar import IcsDocument
from tallystick.codecs.icalendar.lines import cut
from tallystick.recurrence import canonical
from tests.codecs.icalendar import strategies as some
from tests.codecs.icalendar.notes import NOTES, Note

pytestmark = pytest.mark.property


def reads_back(document: IcsDocument[Note], data: bytes) -> None:
    """Assert that what was written is read, and would be written the same."""
    again = NOTES.decode(data, "again")
    assert again.encode(again.rows) == data
    assert again.zones.defined >= document.zones.defined


@given(st.lists(some.NOTES, max_size=3))
def test_notes_come_back(notes: list[Note]) -> None:
    """Whatever notes hold, they are read from a calendar as they were written, and written the same again."""
    document = NOTES.blank()
    rows = [document.fresh(str(number), note, note.categories) for number, note in enumerate(notes)]
    written = document.encode(rows)
    again = NOTES.decode(written, "again")
    assert [(row.id, row.record, row.lists, row.version) for row in again.rows] == [
        (row.id, row.record, row.lists, row.version) for row in rows
    ]
    assert [some.plain(row.record) for row in rows] == [some.plain(note) for note in notes]
    assert [canonical(row.record.series) for row in rows] == [canonical(note.series) for note in notes]
    reads_back(document, written)


@given(some.NOTES, some.NOTES)
def test_a_note_becomes_another(before: Note, after: Note) -> None:
    """Any note can be changed into any other, and back; what is kept is what is read."""
    document = NOTES.blank()
    row = document.fresh("1", before, before.categories)
    kept = NOTES.decode(document.encode([row]), "file")
    (first,) = kept.rows
    changed = kept.amend(first, after, after.categories)
    (read,) = NOTES.decode(kept.encode([changed]), "again").rows
    assert (read.record, read.lists, read.version) == (changed.record, changed.lists, changed.version)
    assert some.plain(read.record) == some.plain(after)
    assert canonical(read.record.series) == canonical(after.series)
    back = kept.amend(changed, first.record, first.lists)
    assert (back.record, back.lists) == (first.record, first.lists)


@given(some.foreign())
def test_what_nobody_changes_stays(data: bytes) -> None:
    """A calendar of any making is written byte for byte as it was read, and a row that goes takes nothing with it."""
    document = NOTES.decode(data, "work.ics")
    assert document.encode(document.rows) == data
    lines = list(cut(data.decode(), "x"))
    begin, end = (
        [place for place, line in enumerate(lines) if (line.name, line.value) == (word, "VEVENT")][1]
        for word in ("BEGIN", "END")
    )
    left = "".join(line.text for line in (*lines[:begin], *lines[end + 1 :]))
    assert document.encode(document.rows[:1]).decode() == left


@given(some.foreign(), some.TEXTS.filter(bool), st.integers(0, 1))
def test_an_edit_touches_nothing_else(data: bytes, place: str, number: int) -> None:
    """When one property changes, all that stood before and after it stays, byte for byte."""
    document = NOTES.decode(data, "work.ics")
    rows = list(document.rows)
    rows[number] = document.amend(rows[number], attrs.evolve(rows[number].record, place=place), ())
    assert rows[number].record.place == place
    before, after = ([line.text for line in cut(item.decode(), "x")] for item in (data, document.encode(rows)))
    here = [number for number, line in enumerate(cut(data.decode(), "x")) if line.name == "LOCATION"]
    changed = [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    assert changed == here[number : number + 1]
