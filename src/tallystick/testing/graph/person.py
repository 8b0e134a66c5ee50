"""Provide what a person does to simulated objects at their own screen, past whatever a client does: records, by id."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from tallystick.codecs.graph import GraphCodec
from tallystick.testing.graph.drawer import Drawer, Row
from tallystick.testing.graph.exchange import Body

R = TypeVar("R")


class Hands(Generic[R]):
    """Objects of one kind, as records. Whoever provides a kind says what the service makes of a body."""

    def __init__(self, codec: GraphCodec[R], drawer: Drawer, folder: str) -> None:
        self._codec, self._objects, self._home = codec, drawer, folder

    def create(self, folder: str, body: Body) -> Row:
        """Make an object of a body."""
        raise NotImplementedError

    def change(self, row: Row, body: Body) -> None:
        """Set properties of an object."""
        raise NotImplementedError

    def insert(self, record: R, *, folder: str | None = None) -> str:
        """Add a record and return its id."""
        return self.create(folder or self._home, self._codec.create(record)).id

    def edit(self, id_: str, **fields: object) -> None:
        """Set fields of a record."""
        row = self._objects.find(id_)
        self.change(row, self._codec.patch(self.record(id_), fields))

    def delete(self, id_: str) -> None:
        """Delete a record."""
        self._objects.drop(self._objects.find(id_))

    def move(self, id_: str, folder: str) -> None:
        """Put a record into another folder; its id changes, unless clients ask for ids that stay."""
        self._objects.move(self._objects.find(id_), folder)

    def record(self, id_: str) -> R:
        """Return a record as it is now."""
        return self._codec.read(self._objects.shown(self._objects.find(id_)))

    def ids(self) -> list[str]:
        """Return the ids of all records."""
        return list(self._objects.rows)

    def all(self) -> Mapping[str, R]:
        """Return all records by id."""
        return {id_: self.record(id_) for id_ in self.ids()}

    def expire_cursors(self) -> None:
        """Forget every token of a feed that was given."""
        self._objects.generation += 1
