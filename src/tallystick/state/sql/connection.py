"""Provide a connection to a database server, as the shared half of the states asks for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tallystick.ports import Side
from tallystick.state import checks, packing
from tallystick.state.connection import LARGEST, LinkedTwice
from tallystick.state.packing import Row
from tallystick.state.sql.dialects import DatabaseKind
from tallystick.state.sql.faults import violated
from tallystick.state.sql.texts import CHUNK, Prepared
from tallystick.state.statements import Statement

_SIZES = (1, 16, 64, LARGEST)


class SqlConnection:
    """The statements of a state in a database server. Leases go by its clock, the same for all workers."""

    def __init__(
        self, connection: sa.Connection, where: str, kind: DatabaseKind, statements: Mapping[Statement, Prepared]
    ) -> None:
        self.where = where
        self._connection = connection
        self._kind = kind
        self._statements = statements

    def rows(self, statement: Statement, *values: object) -> Sequence[Row]:
        """Return the rows that a statement answers."""
        prepared = self._statements[statement]
        return _plain(self._connection.execute(prepared.statement, _named(prepared, values)))

    def look_up(self, statement: Statement, fixed: tuple[object, ...], values: Iterable[object]) -> list[Row]:
        """Return the rows for all ``values``."""
        prepared = self._statements[statement]
        rows: list[Row] = []
        for chunk in _chunks(values):
            rows += _plain(self._connection.execute(prepared.statement, _named(prepared, fixed) | {CHUNK: chunk}))
        return rows

    def change(self, statement: Statement, row: Row) -> int:
        """Run a statement and return how many rows it has changed."""
        prepared = self._statements[statement]
        return self._connection.execute(prepared.statement, _named(prepared, row)).rowcount

    def change_each(self, statement: Statement, rows: Iterable[Row]) -> int:
        """Run a statement for every row and return how many rows it has changed in all."""
        prepared = self._statements[statement]
        named = [_named(prepared, row) for row in rows]
        try:
            return max(self._connection.execute(prepared.statement, named).rowcount, 0)
        except IntegrityError as error:
            name = violated(error)
            for side in Side:
                if name is not None and f"links_{side.label}_id" in name.replace(".", "_"):
                    raise LinkedTwice(side) from None
            raise

    def insert(self, statement: Statement, row: Row) -> int:
        """Insert a row and return the number that it was given."""
        prepared = self._statements[statement]
        number: int = self._connection.execute(prepared.statement, _named(prepared, row)).scalar_one()
        return number

    def insert_each(self, statement: Statement, rows: Sequence[Row]) -> Sequence[int]:
        """Insert rows and return the numbers that they were given, in order."""
        prepared = self._statements[statement]
        return self._connection.execute(prepared.statement, [_named(prepared, row) for row in rows]).scalars().all()

    def now(self, told: datetime) -> datetime:
        """Return the database's own time; what a worker has ``told`` must be one, though its clock may differ."""
        checks.instant(told)
        micros: int = self._connection.execute(sa.select(self._kind.clock)).scalar_one()
        return packing.known_moment(micros)


def _chunks(values: Iterable[object]) -> Iterator[list[object]]:
    """Yield the values without repetitions, in chunks of one of four sizes, so that the texts of look-ups are few.

    What is left over of a chunk's places is filled with its last value.
    """
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), LARGEST):
        chunk = wanted[start : start + LARGEST]
        size = next(size for size in _SIZES if size >= len(chunk))
        yield chunk + chunk[-1:] * (size - len(chunk))


def _named(prepared: Prepared, row: Sequence[object]) -> dict[str, object]:
    """Return the values by the names of their places; a row may be longer than a statement has places."""
    return dict(zip(prepared.names, row, strict=False))


def _plain(result: sa.CursorResult[Any]) -> list[Row]:
    return [tuple(row) for row in result]
