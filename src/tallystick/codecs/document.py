"""Provide what all file formats share: rows, documents, codecs, and the ids of rows that have none.

A codec reads bytes into a :class:`Document`. A document never changes: amending one of its rows gives another row,
and :meth:`Document.encode` writes whatever rows it is given. Rows that nobody amended are written as they were read.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar, runtime_checkable

import attrs

from tallystick.codecs.encodings import Encoding
from tallystick.errors import InputError
from tallystick.ports import Window
from tallystick.text import fold, fold_address

R = TypeVar("R")
NO_CELLS: Mapping[str, str] = MappingProxyType({})


def _no_lists(_record: object) -> None:
    """Tell of no lists: they are kept apart from the record."""


def _unlisted(record: R, _lists: tuple[str, ...]) -> R:
    """Return the record as it is."""
    return record


@attrs.frozen
class Shape(Generic[R]):
    """What every format has to know of one kind of record: its names, its addresses, and where its lists are kept.

    ``names`` are the texts that a record is known by, each under the fields that it is searched by.

    ``own_lists`` returns the lists that a record holds itself (a contact's categories), or None where lists are kept
    apart from records; ``listed`` returns the record with other lists, if it holds its own. ``lies_in`` tells whether
    a record takes place within a window of days; None where such records have no time.
    """

    kind: type[R]
    names: Mapping[tuple[str, ...], Callable[[R], str]]
    addresses: Callable[[R], Sequence[str]]
    own_lists: Callable[[R], tuple[str, ...] | None] = _no_lists
    listed: Callable[[R, tuple[str, ...]], R] = _unlisted
    lies_in: Callable[[R, Window], bool] | None = None


@attrs.frozen
class Row(Generic[R]):
    """One record as a document holds it.

    ``lists`` are the categories or lists that it is in, ``version`` a digest of the record and its lists, ``line``
    where it begins in the file. ``stored`` tells that the file itself holds the id. ``text`` is the row as it was
    read (empty for a new one) and ``cells`` what a writer has to put over it, by field.
    """

    id: str
    record: R = attrs.field(repr=False)
    lists: tuple[str, ...] = attrs.field(default=(), repr=False)
    version: str = ""
    modified: datetime | None = None
    line: int = 0
    stored: bool = False
    text: str = attrs.field(default="", repr=False)
    cells: Mapping[str, str] = attrs.field(default=NO_CELLS, repr=False)


class Document(Protocol[R]):
    """The content of one file."""

    @property
    def rows(self) -> Sequence[Row[R]]:
        """The rows as they were read."""
        ...

    @property
    def charset(self) -> Encoding:
        """The encoding that the file has and keeps."""
        ...

    def refusal(self, row: Row[R] | None, record: R, lists: Sequence[str]) -> str:
        """Return why ``record`` cannot be written in place of ``row`` (or as a new one), as a code; or nothing."""
        ...

    def fresh(self, row_id: str, record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return a new row, with the record as this format will read it back."""
        ...

    def amend(self, row: Row[R], record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return ``row`` with another record and lists; what the record does not speak of stays as it is."""
        ...

    def encode(self, rows: Iterable[Row[R]]) -> bytes:
        """Return the file's bytes with these rows, each of them with its id."""
        ...


@runtime_checkable
class LeavesOut(Protocol):
    """A document whose rows say what no record can."""

    @property
    def left_out(self) -> Mapping[str, Sequence[str]]:
        """The names of properties that are in no record, by the row's id. They stay in the file."""
        ...


@runtime_checkable
class SetsAside(Protocol):
    """A document that holds what no record can be made of."""

    @property
    def unreadable(self) -> Sequence[str]:
        """The ids of it. It stays in the file."""
        ...


def unreadable_in(document: Document[R]) -> frozenset[str]:
    """Return the ids of what a document holds and no record can be made of."""
    return frozenset(document.unreadable if isinstance(document, SetsAside) else ())


class Codec(Protocol[R]):
    """One file format for one kind of record."""

    @property
    def shape(self) -> Shape[R]:
        """What the format knows of its records."""
        ...

    def decode(self, data: bytes, name: str) -> Document[R]:
        """Read a file's bytes; ``name`` is the file's in errors. Raises InputError."""
        ...

    def blank(self) -> Document[R]:
        """Return a document without rows, as the format writes it best."""
        ...


def read_instant(text: str) -> datetime | None:
    """Return an ISO time with its zone; None for anything else: without a zone nobody knows when it was."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else None


def digest(text: str) -> str:
    """Return a short digest of ``text``, the same in every process."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def identify(rows: Sequence[Row[R]], shape: Shape[R], name: str) -> tuple[Row[R], ...]:
    """Return the rows, each with an id; those that have none get one from their names and addresses.

    The same names and addresses give the same ids on every reading, and a number tells their bearers apart, so that
    a file without ids can be read again and again. Raises InputError where two rows hold one id.
    """
    lines: dict[str, int] = {}
    for row in rows:
        if row.id and lines.setdefault(row.id, row.line) != row.line:
            raise InputError(
                f"the row has the same id as the row in line {lines[row.id]}",
                where=f"{name}, line {row.line}",
                remedy="leave the id empty in one of them; it will be given a new one",
            )
    if len(lines) == len(rows):
        return tuple(rows)
    taken = set(lines)
    return tuple(row if row.id else _named(row, shape, taken) for row in rows)


def _named(row: Row[R], shape: Shape[R], taken: set[str]) -> Row[R]:
    record = row.record
    addresses = sorted(fold_address(address) for address in shape.addresses(record) if address.strip())
    stem = digest("\0".join([*(fold(name(record)) for name in shape.names.values()), *addresses]))
    number = 1
    while f"row-{stem}-{number}" in taken:
        number += 1
    taken.add(f"row-{stem}-{number}")
    return attrs.evolve(row, id=f"row-{stem}-{number}")
