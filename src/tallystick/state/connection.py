"""Provide what the shared half of the states in a database asks of a connection, within one transaction of it.

Statements are named (:mod:`.statements`), rows go by position; nothing here or above knows which database it is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from tallystick.ports import Side
from tallystick.state.packing import Row
from tallystick.state.statements import Statement

LARGEST = 500
"""How many values are looked up at once at most."""


class LinkedTwice(Exception):
    """An id of this side would be in two links."""

    def __init__(self, side: Side) -> None:
        super().__init__(side.label)
        self.side = side


class Connection(Protocol):
    """One connection, and the transaction that goes on."""

    @property
    def where(self) -> str:
        """What to call the state in errors."""
        ...

    def rows(self, statement: Statement, *values: object) -> Sequence[Row]:
        """Return the rows that a statement answers."""
        ...

    def look_up(self, statement: Statement, fixed: tuple[object, ...], values: Iterable[object]) -> list[Row]:
        """Return the rows for all ``values``, in chunks. A row that fits values of several chunks comes with each."""
        ...

    def change(self, statement: Statement, row: Row) -> int:
        """Run a statement and return how many rows it has changed."""
        ...

    def change_each(self, statement: Statement, rows: Iterable[Row]) -> int:
        """Run a statement for every row and return how many rows it has changed in all.

        Raises LinkedTwice where an id would be in two links.
        """
        ...

    def insert(self, statement: Statement, row: Row) -> int:
        """Insert a row and return the number that it was given."""
        ...

    def insert_each(self, statement: Statement, rows: Sequence[Row]) -> Sequence[int]:
        """Insert rows and return the numbers that they were given, in order."""
        ...

    def now(self, told: datetime) -> datetime:
        """Return the time that leases go by: the database's own, or as the worker has ``told`` it."""
        ...
