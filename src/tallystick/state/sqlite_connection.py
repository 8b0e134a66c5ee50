"""Provide a connection to a state's SQLite file, as the shared half of the states asks for it."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from tallystick.ports import Side
from tallystick.state.connection import LARGEST, LinkedTwice, chunks
from tallystick.state.packing import Row
from tallystick.state.sqlite_texts import TEXTS
from tallystick.state.statements import Statement


class SqliteConnection:
    """The statements of a state in SQLite. Who uses the file is on one machine: leases go by the workers' clock."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self.where = where
        self._connection = connection

    def rows(self, statement: Statement, *values: object) -> Sequence[Row]:
        """Return the rows that a statement answers."""
        return self._connection.execute(TEXTS[statement], values).fetchall()

    def look_up(self, statement: Statement, fixed: tuple[object, ...], values: Iterable[object]) -> list[Row]:
        """Return the rows for all ``values``."""
        rows: list[Row] = []
        for chunk in chunks(values):
            text = TEXTS[statement].replace("?*", ",".join("?" * len(chunk)))
            rows += self._connection.execute(text, (*fixed, *chunk)).fetchall()
        return rows

    def change(self, statement: Statement, row: Row) -> int:
        """Run a statement and return how many rows it has changed."""
        return self._connection.execute(TEXTS[statement], row).rowcount

    def change_each(self, statement: Statement, rows: Iterable[Row]) -> int:
        """Run a statement for every row and return how many rows it has changed in all."""
        try:
            return max(self._connection.executemany(TEXTS[statement], rows).rowcount, 0)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            raise LinkedTwice(Side.LEFT if "left_id" in str(error) else Side.RIGHT) from None

    def insert(self, statement: Statement, row: Row) -> int:
        """Insert a row and return the number that it was given."""
        return self._connection.execute(TEXTS[statement], row).lastrowid or 0

    def insert_each(self, statement: Statement, rows: Sequence[Row]) -> Sequence[int]:
        """Insert rows and return the numbers that they were given, in order."""
        return [self.insert(statement, row) for row in rows]

    def now(self, told: datetime) -> datetime:
        """Return the time as the worker has told it."""
        return told


def snapshot(connection: sqlite3.Connection, values: int = LARGEST + 1) -> AbstractContextManager[None]:
    """Let all statements within see the state as one commit left it, whatever other processes commit meanwhile.

    So many ``values`` as are looked up by one statement need nothing: a statement sees one commit's state anyway.
    """
    return _snapshot(connection) if values > LARGEST else nullcontext()


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")
