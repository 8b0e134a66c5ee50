"""Provide a connection to a state's SQLite file, as the shared half of the states asks for it."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache
from typing import Self, TypeVar

from tallystick.ports import Side
from tallystick.state.connection import LARGEST, LinkedTwice
from tallystick.state.faults import is_damage
from tallystick.state.packing import Row
from tallystick.state.sqlite_texts import AMISS, SOUND, TEXTS
from tallystick.state.statements import Statement

T = TypeVar("T")

_FEW = 16


class SqliteConnection:
    """The statements of a state in SQLite. Who uses the file is on one machine: leases go by the workers' clock."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self.where = where
        self._connection = connection
        self._full = True

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def transaction(self, work: Callable[[Self], T], *, full: bool) -> T:
        """Do some work in a transaction that writes; ``full``: it waits for the disk at its end."""
        if full is not self._full:
            # SQLite allows it between transactions only.
            self._connection.execute("PRAGMA synchronous = FULL" if full else "PRAGMA synchronous = NORMAL")
            self._full = full
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            done = work(self)
            self._connection.execute("COMMIT")
        except BaseException:
            # Some errors, a full disk among them, have ended the transaction already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return done

    def snapshot(self) -> AbstractContextManager[None]:
        """Let all statements within see the state as one commit left it, whatever other processes commit meanwhile."""
        return snapshot(self._connection)

    def rows(self, statement: Statement, *values: object) -> Sequence[Row]:
        """Return the rows that a statement answers."""
        return self._connection.execute(TEXTS[statement], values).fetchall()

    def look_up(self, statement: Statement, fixed: tuple[object, ...], values: Iterable[object]) -> list[Row]:
        """Return the rows for all ``values``."""
        looked_up = list(_chunks(values))
        if len(looked_up) > 1 and not self._connection.in_transaction:
            with self.snapshot():
                return self._look_up(statement, fixed, looked_up)
        return self._look_up(statement, fixed, looked_up)

    def _look_up(self, statement: Statement, fixed: tuple[object, ...], chunks: Iterable[list[object]]) -> list[Row]:
        rows: list[Row] = []
        for chunk in chunks:
            rows += self._connection.execute(_text(statement, len(chunk)), (*fixed, *chunk)).fetchall()
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

    def faults(self) -> Sequence[str]:
        """Return what is wrong with the file, nothing if it is sound."""
        try:
            with self.snapshot():
                faults = [line for (line,) in self._connection.execute(SOUND) if line != "ok"]
                return faults or [fault for (fault,) in self._connection.execute(AMISS)]
        except sqlite3.Error as error:
            # Damage can be such that looking for it fails.
            if not is_damage(error):
                raise
            return ["the file is damaged"]


def _chunks(values: Iterable[object]) -> Iterator[list[object]]:
    """Yield the values without repetitions, in chunks of one of three sizes, so that the texts of look-ups are few.

    Nothing is sent anywhere: some chunks of a few take no longer than one of many that they would not fill. What is
    left over of the last one's places is filled with its last value.
    """
    wanted = list(dict.fromkeys(values))
    if len(wanted) == 1:
        yield wanted
        return
    rest = len(wanted) - len(wanted) % LARGEST
    for start in range(0, rest, LARGEST):
        yield wanted[start : start + LARGEST]
    for start in range(rest, len(wanted), _FEW):
        chunk = wanted[start : start + _FEW]
        yield chunk + chunk[-1:] * (_FEW - len(chunk))


@cache
def _text(statement: Statement, places: int) -> str:
    """Return the text of a statement that looks so many values up."""
    return TEXTS[statement].replace("?*", ",".join("?" * places))


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all statements within see the state as one commit left it, whatever other processes commit meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")
