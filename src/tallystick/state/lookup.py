"""Provide look-ups of many values in few statements, of few different texts.

The texts differ by the number of places in ``IN (...)`` only, and that is one of four: SQLite compiles each text
once and keeps it. What is left over of the last statement's places is filled with its last value.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

LARGEST = 500
_SIZES = (1, 8, 64, LARGEST)


def look_up(
    connection: sqlite3.Connection, statement: str, fixed: tuple[object, ...], values: Iterable[object]
) -> list[tuple[Any, ...]]:
    """Return the rows of ``statement`` for all ``values``, which stand at the ``?*`` in it, after the ``fixed`` ones.

    A row that fits values of different chunks comes once for each chunk.
    """
    wanted = list(dict.fromkeys(values))
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(wanted), LARGEST):
        chunk = wanted[start : start + LARGEST]
        size = next(size for size in _SIZES if size >= len(chunk))
        text = statement.replace("?*", ",".join("?" * size))
        rows += connection.execute(text, (*fixed, *chunk, *chunk[-1:] * (size - len(chunk)))).fetchall()
    return rows


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let all statements within see the state as one commit left it, whatever other processes commit meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")
