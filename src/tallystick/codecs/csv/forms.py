"""Provide what the two kinds of records share on their way through cells: habits of a file, lists, streets, forms."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

import attrs

from tallystick.codecs.csv.dates import DateStyle
from tallystick.codecs.csv.exports import Export
from tallystick.codecs.csv.header_map import SEPARATOR
from tallystick.codecs.csv.slots import Slot
from tallystick.codecs.document import Shape
from tallystick.records import EntryKind

R = TypeVar("R")


@attrs.frozen
class Habits:
    """How one file writes what can be written in several ways.

    ``kinds`` gives the kind of a folded word, ``words`` the word for a kind, ``labels`` the labels of the four phones
    that have none of their own, ``fields`` the fields that have a column, ``separator`` what stands between lists.
    """

    dates: DateStyle = DateStyle()
    kinds: Mapping[str, EntryKind] = attrs.field(factory=dict)
    words: Mapping[EntryKind, str] = attrs.field(factory=dict)
    labels: tuple[str, ...] = ("", "", "", "")
    fields: frozenset[str] = frozenset()
    separator: str = SEPARATOR


class BadCellError(Exception):
    """A cell that cannot be read; whoever knows the file and line says so to the caller."""

    def __init__(self, field: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.field = field
        self.what = what
        self.remedy = remedy


class Form(Protocol[R]):
    """How one kind of record is spread over cells, which come in the order of ``slots``."""

    @property
    def shape(self) -> Shape[R]:
        """What every format knows of such records."""
        ...

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The fields, and the columns that stand for them."""
        ...

    @property
    def standard(self) -> tuple[str, ...]:
        """The header that a new file gets."""
        ...

    @property
    def exports(self) -> Mapping[str, Export]:
        """The exports of other programs that are recognised by their header."""
        ...

    def read(self, cells: Sequence[str], habits: Habits) -> tuple[R, tuple[str, ...]]:
        """Return the record and its lists. Raises BadCellError."""
        ...

    def write(self, record: R, lists: Sequence[str], habits: Habits) -> tuple[str, ...]:
        """Return the cells of a record; the last two, its time and id, are empty."""
        ...

    def refusal(self, record: R) -> str:
        """Return why the cells have no room for a record, as a code; or nothing."""
        ...


@lru_cache(maxsize=1024)
def read_lists(cell: str, separator: str = SEPARATOR) -> tuple[str, ...]:
    """Return the names in a cell of lists, each once."""
    return tuple(dict.fromkeys(name for part in cell.split(separator) if (name := part.strip()))) if cell else ()


def filled(values: Sequence[str]) -> tuple[str, ...]:
    """Return ``values`` without the empty ones at the end; an empty slot before a filled one keeps its place."""
    end = len(values)
    while end and not values[end - 1]:
        end -= 1
    return tuple(values[:end])


def padded(values: Sequence[str], length: int) -> list[str]:
    """Return ``values`` with empty ones at the end, up to ``length``."""
    return [*values, *[""] * (length - len(values))]


def too_many(counts: Mapping[str, tuple[int, int]]) -> str:
    """Return the code for the first field that holds more than it may, given (held, allowed) by field."""
    return next((f"too_many:{field}" for field, (held, allowed) in counts.items() if held > allowed), "")


def read_street(*lines: str) -> str:
    """Return a street from the cells that hold its lines."""
    return "\n".join(filled(lines))


def write_street(street: str, *, columns: int) -> list[str]:
    """Return a street's lines for the cells that there are columns for; what is left over goes into the last."""
    if columns == 1:
        return padded([street], 3)
    lines = street.replace("\r\n", "\n").split("\n")
    return padded([*lines[: columns - 1], "\n".join(lines[columns - 1 :])], 3)
