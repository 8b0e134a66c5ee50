"""Provide a sink in a SQLite file, apart from the state, since it holds contents and the state never does.

A commit is on the disk before it returns. What is erased is overwritten in the file. Values are kept as JSON.
"""

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

import attrs

from tallystick.errors import StateUnwritable, StateVersionError
from tallystick.ports import Image, Loser, Side
from tallystick.records import record_converter

APPLICATION_ID = 0x7461_6C73  # "tals"
_TABLES = (
    """
    CREATE TABLE losers (
        number INTEGER PRIMARY KEY,
        sync TEXT NOT NULL, side INTEGER NOT NULL, id TEXT NOT NULL, version TEXT,
        "values" TEXT NOT NULL,
        UNIQUE (sync, side, id, version, "values")
    )
    """,
    """
    CREATE TABLE images (
        number INTEGER PRIMARY KEY,
        sync TEXT NOT NULL, run INTEGER NOT NULL, write TEXT NOT NULL,
        side INTEGER NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL,
        fields TEXT NOT NULL,
        before TEXT, after TEXT,
        members INTEGER NOT NULL, settled INTEGER NOT NULL,
        UNIQUE (sync, run, write)
    )
    """,
    "CREATE INDEX images_of_record ON images (sync, side, id)",
)
_VERSION = 1
_BITS = 63
_KEEP_LOSER = 'INSERT OR IGNORE INTO losers (sync, side, id, version, "values") VALUES (?, ?, ?, ?, ?)'
_KEEP_IMAGE = """
    INSERT INTO images (sync, run, write, side, id, source, fields, before, after, members, settled)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (sync, run, write) DO UPDATE SET id = excluded.id, before = excluded.before, after = excluded.after,
        fields = excluded.fields, members = excluded.members, settled = excluded.settled
"""


class SqliteSink:
    """Losers, and images where it is told so, in one SQLite file. It holds contents: keep it as you keep those.

    Args:
        path: The file; it is made if there is none, for its owner alone.
        keeps_images: Whether to keep every record as a run found it and left it, so that the run can be undone.
        timeout: How many seconds to wait for another process.

    Raises:
        StateUnwritable: The file cannot be opened or written.
        StateVersionError: The file is something else, or of a newer release.
    """

    def __init__(self, path: str | os.PathLike[str], *, keeps_images: bool = False, timeout: float = 10.0) -> None:
        self.keeps_images = keeps_images
        self._path = str(path)
        self._lock = threading.Lock()
        _make(self._path)
        with _told(self._path):
            self._connection = sqlite3.connect(
                self._path, timeout=timeout, isolation_level=None, check_same_thread=False
            )
        try:
            with _told(self._path):
                _prepare(self._connection, self._path)
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<SqliteSink {self._path!r}>"

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def keep(self, losers: Sequence[Loser]) -> None:
        """Keep losers, each once."""
        self._write(
            _KEEP_LOSER,
            [(one.sync, int(one.side), one.id, one.version or "", _values_out(one.values)) for one in losers],
        )

    def losers(self, sync: str) -> Sequence[Loser]:
        """Return the losers of a sync, oldest first; their values as JSON has them, tuples where it has lists."""
        with self._lock, _told(self._path):
            rows = self._connection.execute(
                'SELECT side, id, version, "values" FROM losers WHERE sync = ? ORDER BY number', (sync,)
            ).fetchall()
        return [Loser(sync, Side(side), id_, version or None, _values_in(text)) for side, id_, version, text in rows]

    def keep_images(self, images: Sequence[Image]) -> None:
        """Keep images; one of the same write replaces the one before."""
        self._write(_KEEP_IMAGE, [_image_row(image) for image in images])

    def images(self, sync: str, run: int) -> Sequence[Image]:
        """Return the images of a run in order."""
        if run.bit_length() > _BITS:
            return []  # SQLite has no such number
        with self._lock, _told(self._path):
            rows = self._connection.execute(
                "SELECT sync, run, write, side, id, source, fields, before, after, members, settled"
                " FROM images WHERE sync = ? AND run = ? ORDER BY number",
                (sync, run),
            ).fetchall()
        return [_to_image(row) for row in rows]

    def forget(self, sync: str, side: Side | None = None, id: str = "") -> None:  # noqa: A002 - the protocol's word
        """Erase what is kept of a record, or of the sync; the file holds none of it afterwards."""
        with self._lock, _told(self._path):
            execute = self._connection.execute
            execute("BEGIN IMMEDIATE")
            try:
                if side is None:
                    execute("DELETE FROM losers WHERE sync = ?", (sync,))
                    execute("DELETE FROM images WHERE sync = ?", (sync,))
                else:
                    where = (sync, int(side), id)
                    execute("DELETE FROM losers WHERE sync = ? AND side = ? AND id = ?", where)
                    execute("DELETE FROM images WHERE sync = ? AND side = ? AND id = ?", where)
                    execute("DELETE FROM images WHERE sync = ? AND side = ? AND source = ?", (sync, 1 - side, id))
                execute("COMMIT")
            except BaseException:
                execute("ROLLBACK")
                raise
            execute("PRAGMA wal_checkpoint(TRUNCATE)")
            execute("VACUUM")
            execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        with self._lock, _told(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                self._connection.executemany(statement, rows)
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise


def _make(path: str) -> None:
    """Make the file where there is none: SQLite would let everybody read it, and gives its journals the same rights."""
    if path == ":memory:" or path.startswith("file:"):  # which SQLite may take for an address, not for a name
        return
    with suppress(OSError):  # it is there, or SQLite tells why it can't be
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Tell of SQLite's errors in the library's own words; theirs may hold values."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise StateVersionError(
                "the file is no sink, and not a database at all", where=path, remedy="name another file"
            ) from None
        raise StateUnwritable(
            f"the sink cannot be used ({error.sqlite_errorname if hasattr(error, 'sqlite_errorname') else 'SQLite'})",
            where=path,
            remedy="nothing is overwritten without it: see to the file, the disk and the rights, and run again",
        ) from None


def _prepare(connection: sqlite3.Connection, path: str) -> None:
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and (found, version) != (APPLICATION_ID, _VERSION):
        raise StateVersionError(
            "the file is no sink, or of a newer release", where=path, remedy="name another file, or upgrade"
        )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    if tables:
        return
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES:
        connection.execute(statement.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def _values_out(values: Mapping[str, object]) -> str:
    converter = record_converter()
    made = {name: converter.unstructure(value) for name, value in values.items()}
    return json.dumps(made, ensure_ascii=True, sort_keys=True, default=str)


def _values_in(text: str) -> dict[str, object]:
    return {name: _plain(value) for name, value in json.loads(text).items()}


def _plain(value: object) -> object:
    return tuple(_plain(one) for one in value) if isinstance(value, list) else value


def _image_row(image: Image) -> tuple[Any, ...]:
    given = attrs.asdict(image, recurse=False)
    given["side"] = int(image.side)
    given["fields"] = json.dumps(image.fields)
    given["members"] = image.members[0] + 2 * image.members[1]
    given["settled"] = int(image.settled)
    return tuple(given.values())


def _to_image(row: tuple[Any, ...]) -> Image:
    sync, run, write, side, id_, source, fields, before, after, members, settled = row
    both = (bool(members & 1), bool(members & 2))
    names = tuple(json.loads(fields))
    return Image(sync, run, write, Side(side), id_, source, names, before, after, both, bool(settled))
