"""Provide the codec of CSV files: bytes to a sheet, whatever its encoding, its delimiter and the order of columns."""

from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

import attrs

from tallystick.codecs.csv.dates import detect_dates
from tallystick.codecs.csv.dialect import Dialect, Quoting, detect_quoting, line_end_of, read_rows, split_row
from tallystick.codecs.csv.exports import recognised
from tallystick.codecs.csv.forms import BadCellError, Form, Habits
from tallystick.codecs.csv.guard import unguard
from tallystick.codecs.csv.header_map import PHONES, HeaderMap
from tallystick.codecs.csv.layout import Layout, detect_delimiter, find_layout, standard_header
from tallystick.codecs.csv.sheet import CsvSheet
from tallystick.codecs.document import Row, Shape, digest, identify, read_instant
from tallystick.codecs.encodings import Encoding, checked, read_text
from tallystick.errors import InputError
from tallystick.text import fold

R = TypeVar("R")
_SAMPLE = 200


class _Picked(NamedTuple):
    """A row whose cells have been put in the order of the form's fields."""

    line: int
    cells: tuple[str, ...]
    text: str


@attrs.frozen
class CsvCodec(Generic[R]):
    """CSV files of one kind of record; ``told`` is the encoding that the caller says they have."""

    form: Form[R]
    header: HeaderMap = attrs.field(factory=HeaderMap)
    told: str | None = attrs.field(default=None, converter=checked)

    @property
    def shape(self) -> Shape[R]:
        """What every format knows of such records."""
        return self.form.shape

    def decode(self, data: bytes, name: str) -> CsvSheet[R]:
        """Read a file's bytes. Raises InputError, naming file, line and column, for what cannot be read."""
        text, charset = read_text(data, name, self.told)
        if not text.strip():
            raise InputError("the file is empty", where=name, remedy="it needs a header line at least")
        line_end = line_end_of(text)
        delimiter = detect_delimiter(text.partition(line_end)[0], self.form.slots, self.header)
        lines = read_rows(text, delimiter, name)
        _, header, header_text = next(lines)
        given = self._given(header)
        layout = find_layout(header, self.form.slots, given, f"{name}, line 1")
        picked, gaps = _pick(lines, layout, name)
        habits = self._habits(layout, picked, given)
        rows = identify([self._row(row, habits, layout, name) for row in picked], self.shape, name)
        return CsvSheet(
            self.form,
            layout,
            Dialect(delimiter, line_end, _quoting(header_text, picked, delimiter), text.endswith(("\n", "\r"))),
            charset,
            habits,
            header_text,
            rows,
            {rows[place - 1].id if place else "": tuple(texts) for place, texts in gaps.items()},
        )

    def blank(self) -> CsvSheet[R]:
        """Return an empty file with the standard header, as Outlook and spreadsheets open it best."""
        dialect = Dialect(quoting=Quoting.ALL)
        columns = standard_header(self.form.standard, self.form.slots, self.header)
        layout = find_layout(columns, self.form.slots, self.header, "standard header")
        text = dialect.row(columns) + dialect.line_end
        charset = Encoding(mark=b"\xef\xbb\xbf")
        return CsvSheet(self.form, layout, dialect, charset, self._habits(layout, (), self.header), text)

    def _given(self, header: Sequence[str]) -> HeaderMap:
        """Return the caller's mapping; that of an export which is recognised where he gives none."""
        found = None if self.header != HeaderMap() else recognised(header, tuple(self.form.exports.values()))
        return found or self.header

    def _habits(self, layout: Layout, rows: Sequence[_Picked], given: HeaderMap) -> Habits:
        dates = [number for number, slot in enumerate(self.form.slots) if slot.date]
        cells = [cell for row in rows for number in dates if (cell := row.cells[number])]
        return Habits(
            detect_dates(cells, given.dates),
            {fold(word): kind for word, kind in given.kinds.items()},
            {kind: word for word, kind in given.kinds.items()},
            tuple(given.phone_labels.get(phone, "") for phone in PHONES),
            frozenset(layout.at),
            given.separator,
        )

    def _row(self, row: _Picked, habits: Habits, layout: Layout, name: str) -> Row[R]:
        cells = row.cells
        try:
            record, lists = self.form.read(cells, habits)
        except BadCellError as bad:
            where = f"{name}, line {row.line}, column {layout.names[bad.field]!r}"
            raise InputError(bad.what, where=where, remedy=bad.remedy) from None
        row_id = cells[-1].strip()
        version = digest("\0".join(cells[:-2]))
        modified = read_instant(cells[-2]) if cells[-2] else None
        return Row(row_id, record, lists, version, modified, row.line, bool(row_id), row.text)


def _pick(
    lines: Iterator[tuple[int, list[str], str]], layout: Layout, name: str
) -> tuple[list[_Picked], dict[int, list[str]]]:
    """Return the rows, and the blank lines by the number of rows before them."""
    picked: list[_Picked] = []
    gaps: dict[int, list[str]] = {}
    width = layout.width
    for line, cells, text in lines:
        if len(cells) != width or not cells[0].strip():
            if not any(map(str.strip, cells)):
                gaps.setdefault(len(picked), []).append(text)
                continue
            if len(cells) != width:
                raise _uneven(len(cells), width, f"{name}, line {line}")
        cells.append("")
        values = layout.pick(cells)
        picked.append(_Picked(line, tuple(map(unguard, values)) if "'" in text else values, text))
    return picked, gaps


def _uneven(found: int, width: int, where: str) -> InputError:
    few = "a line break or a quote that does not belong there" if found < width else "a delimiter inside a text"
    remedy = f"most often it is {few}: put the text in quotes"
    return InputError(f"the row has {found} cells, and the header {width}", where=where, remedy=remedy)


def _quoting(header: str, rows: Sequence[_Picked], delimiter: str) -> Quoting:
    texts = [row.text for row in rows[:_SAMPLE]] or [header]
    return detect_quoting([split_row(text.rstrip("\r\n"), delimiter) for text in texts])
