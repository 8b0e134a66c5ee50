"""Provide the layout of one file: which of its columns stands for which field, found in its header line."""

import csv
from collections.abc import Callable, Container, Mapping, Sequence
from operator import itemgetter

import attrs

from tallystick.codecs.csv.dialect import DELIMITERS
from tallystick.codecs.csv.header_map import HeaderMap
from tallystick.codecs.csv.slots import Slot
from tallystick.errors import InputError
from tallystick.text import fold

_MAPPING = "give a header mapping that names its columns, or export the file with its standard header"


@attrs.frozen
class Layout:
    """The columns of one file.

    ``at`` gives the position of each field that has a column, ``names`` what the column of each field is called or
    would be. ``pick`` takes the fields out of a row's cells, to which one empty cell was appended.
    """

    header: tuple[str, ...]
    at: Mapping[str, int]
    names: Mapping[str, str]
    pick: Callable[[Sequence[str]], tuple[str, ...]] = attrs.field(repr=False)

    @property
    def width(self) -> int:
        """How many cells each row has."""
        return len(self.header)


def detect_delimiter(line: str, slots: Sequence[Slot], given: HeaderMap) -> str:
    """Return the delimiter under which a header line holds the most columns that are known, a comma in doubt."""
    known = _column_fields(slots, given)

    def recognised(delimiter: str) -> int:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(fold(cell) in known for cell in cells)

    return max(DELIMITERS, key=recognised)


def find_layout(header: Sequence[str], slots: Sequence[Slot], given: HeaderMap, where: str) -> Layout:
    """Return the layout of a file with this header. Raises InputError for a column that is missing or there twice."""
    known = _column_fields(slots, given)
    at: dict[str, int] = {}
    names = _names(slots, given)
    for position, column in enumerate(header):
        field = known.get(fold(column))
        if field is None:
            continue
        if field in at:
            raise InputError(
                f"columns {at[field] + 1} and {position + 1} both stand for {names[field]!r}",
                where=where,
                remedy="rename or remove one of them",
            )
        at[field] = position
        names[field] = column.strip()
    _refuse_missing(at, slots, names, len(header), where)
    return Layout(tuple(header), at, names, itemgetter(*(at.get(slot.name, -1) for slot in slots)))


def standard_header(columns: Sequence[str], slots: Sequence[Slot], given: HeaderMap) -> tuple[str, ...]:
    """Return the standard columns under the names that a mapping gives them, and with the one that holds the id."""
    fields = {column: slot.name for slot in slots for column in slot.columns}
    names = _names(slots, given)
    known = [names[fields[column]] if column in fields else column for column in columns]
    return tuple(dict.fromkeys([*known, *given.columns, names["id"]]))


def _column_fields(slots: Sequence[Slot], given: HeaderMap) -> dict[str, str]:
    """Return the field of each column's name, folded."""
    fields = {slot.name for slot in slots}
    own = {fold(column): field for column, field in given.columns.items()}
    if foreign := next((field for field in own.values() if field not in fields), None):
        raise InputError(f"the field {foreign!r} belongs to the other kind of file", where=given.name)
    if len(set(own.values())) != len(given.columns):
        remedy = "name each column and each field once"
        raise InputError("two columns for one field, or one column twice", where=given.name, remedy=remedy)
    renamed = set(own.values())
    standard = {fold(name): slot.name for slot in slots if slot.name not in renamed for name in _free(slot, own)}
    return {**standard, **own}


def _names(slots: Sequence[Slot], given: HeaderMap) -> dict[str, str]:
    """Return what each field's column is called."""
    own = {fold(column) for column in given.columns}
    standard = {slot.name: _free(slot, own)[0] for slot in slots}
    return {**standard, **{field: column for column, field in given.columns.items()}}


def _free(slot: Slot, own: Container[str]) -> tuple[str, ...]:
    """Return the standard names of a field's column that a mapping has not given to another; at least one."""
    return tuple(name for name in slot.columns if fold(name) not in own) or (slot.name,)


def _refuse_missing(
    at: Mapping[str, int], slots: Sequence[Slot], names: Mapping[str, str], width: int, where: str
) -> None:
    missing = [names[slot.name] for slot in slots if slot.mandatory and slot.name not in at]
    if not missing:
        return
    found = ", ".join(names[field] for field in at) or "none"
    # Only columns that are known are named: where the header is missing altogether, the first line is somebody's data.
    raise InputError(
        f"no column {' and no column '.join(map(repr, missing))}; of {width} columns these are known: {found}",
        where=where,
        remedy=_MAPPING,
    )
