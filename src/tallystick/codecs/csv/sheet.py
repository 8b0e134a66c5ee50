"""Provide the content of one CSV file: its rows, and the writing of new and changed ones among those that stay.

A row that stays is written as it was read, byte for byte; in a row that changed, only the cells whose field changed
are written anew. Columns that nobody knows are never touched.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import attrs

from tallystick.codecs.csv.dialect import LONGEST_CELL, Dialect, split_row, unquote
from tallystick.codecs.csv.forms import Form, Habits
from tallystick.codecs.csv.guard import guard, unguard
from tallystick.codecs.csv.layout import Layout
from tallystick.codecs.csv.slots import Slot
from tallystick.codecs.document import Row, digest
from tallystick.codecs.encodings import Encoding

R = TypeVar("R")
_NOT_THE_RECORDS = ("id", "modified", "birthday")


@attrs.frozen
class CsvSheet(Generic[R]):
    """The content of one CSV file. ``gaps`` are its blank lines, by the id of the row before them."""

    form: Form[R] = attrs.field(repr=False)
    layout: Layout = attrs.field(repr=False)
    dialect: Dialect
    charset: Encoding
    habits: Habits = attrs.field(repr=False)
    header: str = attrs.field(repr=False)
    rows: tuple[Row[R], ...] = attrs.field(default=(), repr=False)
    gaps: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, repr=False)
    _missing: Mapping[str, str | None] = attrs.field(init=False, repr=False)
    """Of each field without a column, the value that needs none; None where no value ever gets one."""

    @_missing.default
    def _find_missing(self) -> dict[str, str | None]:
        absent = (slot for slot in self.form.slots if slot.name not in self.layout.at)
        return {slot.name: slot.default if slot.added else None for slot in absent}

    def refusal(self, row: Row[R] | None, record: R, lists: Sequence[str]) -> str:
        """Return a code: too_many, unread, separator, encoding, nul or too_long, a colon, and a field."""
        if code := self.form.refusal(record):
            return code
        if any(self.habits.separator.strip() in name for name in lists):
            return "separator:lists"
        cells = self.form.write(record, lists, self.habits)
        if row and (field := self._unread(row, cells)):
            return f"unread:{field}"
        whole = "".join(cells)
        if self.charset.holds(whole) and "\0" not in whole and max(map(len, cells)) < LONGEST_CELL:
            return ""
        return next(filter(None, map(self._cell_refusal, self.form.slots, cells)), "")

    def fresh(self, row_id: str, record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return a new row."""
        cells = self._named(self.form.write(record, lists, self.habits))
        return self._changed(Row(row_id, record), {name: cell for name, cell in cells.items() if cell}, modified)

    def amend(self, row: Row[R], record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return ``row`` with another record and lists; only cells whose field changed are changed."""
        wanted = self._named(self.form.write(record, lists, self.habits))
        before = self._named(self.form.write(row.record, row.lists, self.habits))
        changed = self._changed(row, {name: cell for name, cell in wanted.items() if cell != before[name]}, modified)
        if changed.record == record:
            return changed
        # Cells that were written in another way than ours do not always go together with new neighbours (a street
        # of two lines in one cell, say): then all cells of the record are written.
        cells = {name: cell for name, cell in wanted.items() if name not in _NOT_THE_RECORDS or cell != before[name]}
        whole = self._changed(row, cells, modified)
        return whole if whole.record == record else changed

    def encode(self, rows: Iterable[Row[R]]) -> bytes:
        """Return the file with these rows; fields that had no column and need one get it at the end."""
        rows = list(rows)
        added = self._added(rows)
        names = [self.dialect.cell(self.layout.names[slot.name]) for slot in added]
        parts = [self._extended(self.header, names), *self._gap("", len(added))]
        for row in rows:
            parts.append(self._line(row, added))
            if self.gaps and row.id in self.gaps:
                parts += self._gap(row.id, len(added))
        text = "".join(parts)
        if not self.dialect.closed:
            text = text.removesuffix(self.dialect.line_end)
        return self.charset.encode(text)

    # --- one row ---------------------------------------------------------------------------------------------------

    def _cells(self, row: Row[R]) -> tuple[str, ...]:
        if not row.text:
            return tuple(row.cells.get(slot.name, "") for slot in self.form.slots)
        written = split_row(row.text.rstrip("\r\n"), self.dialect.delimiter)
        cells = self.layout.pick([*written, ""])
        return tuple(
            row.cells[slot.name] if slot.name in row.cells else unguard(unquote(cell))
            for slot, cell in zip(self.form.slots, cells, strict=True)
        )

    def _named(self, cells: Sequence[str]) -> dict[str, str]:
        return {slot.name: cell for slot, cell in zip(self.form.slots, cells, strict=True)}

    def _changed(self, row: Row[R], changes: Mapping[str, str], modified: datetime | None) -> Row[R]:
        """Return ``row`` with other cells, and its record as it will be read from them."""
        cells = {**row.cells, **changes}
        cells = {name: cell for name, cell in cells.items() if self._has_place(name, cell)}
        time = row.modified
        if modified is not None and changes and "modified" in self.layout.at:
            cells["modified"] = modified.isoformat()
            time = modified
        changed = attrs.evolve(row, cells=cells, modified=time)
        values = self._cells(changed)
        record, lists = self.form.read(values, self.habits)
        return attrs.evolve(changed, record=record, lists=lists, version=digest("\0".join(values[:-2])))

    def _has_place(self, name: str, cell: str) -> bool:
        """Tell whether a cell is in the file, or will be once it was given its column."""
        default = self._missing.get(name, "")
        return name not in self._missing or (default is not None and cell != default)

    def _unread(self, row: Row[R], wanted: Sequence[str]) -> str:
        """Return the date that is to be written over one that could not be read."""
        before = self.form.write(row.record, row.lists, self.habits)
        for number, slot in enumerate(self.form.slots):
            if slot.date and wanted[number] != before[number] and self.habits.dates.unread(self._cells(row)[number]):
                return slot.name
        return ""

    def _cell_refusal(self, slot: Slot, cell: str) -> str:
        if "\0" in cell:
            return f"nul:{slot.name}"
        if len(cell) >= LONGEST_CELL:
            return f"too_long:{slot.name}"
        return "" if self.charset.holds(cell) else f"encoding:{slot.name}"

    # --- writing ---------------------------------------------------------------------------------------------------

    def _added(self, rows: Sequence[Row[R]]) -> list[Slot]:
        needed = {name for row in rows for name, cell in row.cells.items() if cell and name not in self.layout.at}
        if "id" not in self.layout.at:
            needed.add("id")
        return [slot for slot in self.form.slots if slot.name in needed]

    def _line(self, row: Row[R], added: Sequence[Slot]) -> str:
        changes = dict(row.cells)
        if not row.stored:
            changes["id"] = row.id
        extra = [self.dialect.cell(guard(changes.pop(slot.name, ""))) for slot in added]
        present = {self.layout.at[name]: cell for name, cell in changes.items() if name in self.layout.at}
        if row.text and not present:
            return self._extended(row.text, extra)
        body = row.text.rstrip("\r\n")
        empty = self.dialect.cell("")
        cells = split_row(body, self.dialect.delimiter) if body else [empty] * self.layout.width
        for position, cell in present.items():
            cells[position] = self.dialect.cell(guard(cell))
        return self.dialect.delimiter.join([*cells, *extra]) + (row.text[len(body) :] or self.dialect.line_end)

    def _extended(self, text: str, extra: Sequence[str]) -> str:
        """Return a line of the file as it was read, with further cells at its end."""
        body = text.rstrip("\r\n")
        return self.dialect.delimiter.join([body, *extra]) + (text[len(body) :] or self.dialect.line_end)

    def _gap(self, after: str, added: int) -> list[str]:
        lines = self.gaps.get(after, ())
        return [self._extended(line, [""] * added) if line.strip("\r\n") else line for line in lines]
