"""Provide a shelf: rows by id, and the log of everything that happened to them.

The log holds one entry for each write, in order. An entry that a later one made stale is emptied, so every row stands
in the log exactly once, at the place of its last change. Two things follow, and the whole feed rests on them: reading
the log from the start up to now lists the collection, and reading it from any place up to now tells what changed
since. A row that is changed while somebody reads moves behind the reader's end, into the next delta.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

from tallystick.ports.item import Term
from tallystick.providers.memory.index import Index
from tallystick.providers.memory.row import Gone, Row
from tallystick.providers.memory.shape import Shape

R = TypeVar("R")


class Shelf(Generic[R]):
    """Rows by id, their log and their index. ``stale`` keeps emptied log entries by place, where it is asked for."""

    def __init__(self, shape: Shape[R], *, keep_stale: bool = False) -> None:
        self.rows: dict[str, Row[R]] = {}
        self.log: list[Row[R] | Gone | None] = []
        self.stale: dict[int, Row[R]] = {}
        self.moved: dict[str, str] = {}
        self._keep_stale = keep_stale
        self._index: Index[R] = Index(shape)

    def put(self, row: Row[R]) -> None:
        """Take in one write, the next in the log."""
        id_ = row.item.id
        old = self.rows.get(id_)
        if old is not None:
            self._retire(old)
        elif self.moved:
            self.moved.pop(id_, None)
        self.rows[id_] = row
        self.log.append(row)
        self._index.replace(id_, old, row)

    def drop(self, gone: Gone) -> None:
        """Take in that a record is gone, the next in the log."""
        old = self.rows.pop(gone.id)
        self._retire(old)
        self.log.append(gone)
        self._index.replace(gone.id, old, None)
        if gone.moved_to is not None:
            self.moved[gone.id] = gone.moved_to

    def find(self, terms: Iterable[Term]) -> list[Row[R]]:
        """Return the rows that any of the terms fits, each once."""
        found = {id_: None for term in terms for id_ in self._index.find(term, self.rows.values())}
        return [self.rows[id_] for id_ in found]

    def moved_to(self, id_: str) -> str | None:
        """Return the id under which a record lives on, however often it moved, or None."""
        target = self.moved.get(id_)
        while target in self.moved:
            target = self.moved[target]
        return target if target in self.rows else None

    def _retire(self, old: Row[R]) -> None:
        self.log[old.sequence] = None
        if self._keep_stale:
            self.stale[old.sequence] = old
