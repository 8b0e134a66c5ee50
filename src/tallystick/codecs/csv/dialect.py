"""Provide how a file separates, quotes and ends what it holds, and the splitting of one row into its cells as written.

The standard library's reader takes files apart, since nothing in Python is faster; what it gives no longer shows how
a cell was quoted. Rows are therefore kept as text, and only a row that changes is split here.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache

import attrs

from tallystick.errors import InputError

DELIMITERS = (",", ";", "\t")
LONGEST_CELL = 131_072
"""In characters. It is what the standard library's reader takes; that limit is the process's, and is left alone."""
_MOSTLY = 0.9
_TOO_LONG = f"a cell is longer than {LONGEST_CELL:,} characters"
_CLOSE = "most often a closing quote is missing: look for it in this row"
_LINE_ENDS = re.compile("\r\n|\n|\r")


class Quoting(StrEnum):
    """Which cells a file puts in quotes."""

    ALL = "all"
    FILLED = "filled"
    NEEDED = "needed"


@attrs.frozen
class Dialect:
    """How a file is written."""

    delimiter: str = ","
    line_end: str = "\r\n"
    quoting: Quoting = Quoting.NEEDED
    closed: bool = True
    """The last line has a line end too."""

    def cell(self, value: str) -> str:
        """Return one cell as it is written."""
        if self.quoting is Quoting.ALL or (value and (self.quoting is Quoting.FILLED or self._needs_quotes(value))):
            doubled = value.replace('"', '""')
            return f'"{doubled}"'
        return value

    def row(self, values: Sequence[str]) -> str:
        """Return one row as it is written, without its line end."""
        return self.delimiter.join(map(self.cell, values))

    def _needs_quotes(self, value: str) -> bool:
        return value != value.strip() or any(char in value for char in (self.delimiter, '"', "\n", "\r"))


def read_rows(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield each row's first line, its cells, and its text with the line end. Raises InputError for a broken row."""
    taken: list[str] = []
    reader = csv.reader(_feed(text, taken), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            row = taken[0] if len(taken) == 1 else "".join(taken)
            if len(row) > LONGEST_CELL and max(map(len, cells)) > LONGEST_CELL:  # where the host has raised the limit
                raise InputError(_TOO_LONG, where=f"{name}, line {line}", remedy=_CLOSE)
            yield line, cells, row
            taken.clear()
            line = reader.line_num + 1
    except csv.Error as error:
        what, remedy = _explained(str(error))
        raise InputError(what, where=f"{name}, line {line}", remedy=remedy) from None


def split_row(text: str, delimiter: str) -> list[str]:
    """Return the cells of one row as they are written, quotes included; ``text`` has no line end."""
    return _cells(delimiter).findall(text)


def unquote(cell: str) -> str:
    """Return what a cell as written means."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def line_end_of(text: str) -> str:
    """Return the line end that a text has first, CRLF if it has none."""
    found = _LINE_ENDS.search(text)
    return found[0] if found else "\r\n"


def detect_quoting(rows: Sequence[Sequence[str]]) -> Quoting:
    """Return which cells are quoted, going by rows of cells as they are written."""
    filled = [cell for row in rows for cell in row if cell not in ("", '""')]
    empty = [cell for row in rows for cell in row if cell in ("", '""')]
    if not filled or sum(cell.startswith('"') for cell in filled) < _MOSTLY * len(filled):
        return Quoting.NEEDED
    return Quoting.ALL if sum(map(bool, empty)) >= _MOSTLY * len(empty) else Quoting.FILLED


@cache
def _cells(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf'(?:\A|{delimiter})("[^"]*(?:""[^"]*)*"|[^{delimiter}]*)')


def _feed(text: str, taken: list[str]) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):  # CR alone ends a line too, and line ends are kept
        taken.append(line)
        yield line


def _explained(error: str) -> tuple[str, str]:
    if "field larger than field limit" in error:
        return _TOO_LONG, _CLOSE
    if "unexpected end of data" in error:
        return "a quote is opened in this row and never closed", 'close it; a quote inside quotes is written twice: ""'
    return "a closing quote is followed by something else", 'a quote inside quotes must be written twice: ""'
