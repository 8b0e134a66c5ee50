"""Provide a disk that remembers what was written and what was synced, and what a power cut may leave of it.

SQLite's files are written through it by APSW, to which a state's statements are passed on as they are. Up to its last
sync a file is what it was; of what came after, each sector may have arrived or not, in any order.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import apsw
import attrs

SECTOR = 512
Kept = Literal["nothing", "everything", "some"]
"""What arrives of what was not synced: nothing, everything, or some sectors, in any order."""


@attrs.frozen
class Written:
    """Bytes that were written to a file, or its new length where ``data`` is None."""

    file: str
    offset: int
    data: bytes | None


@attrs.frozen
class Synced:
    """A file whose bytes are on the disk."""

    file: str


@attrs.frozen
class Removed:
    """A file that was removed; for good once anything is synced, as file systems write down what they are told."""

    file: str


@attrs.frozen
class Answered:
    """A commit that has returned: the revision that it made, and whether it may not be lost."""

    revision: int
    durable: bool


Happened = Written | Synced | Removed | Answered


class Disk:
    """The file system as SQLite sees it; ``log`` is all that happened, in order."""

    def __init__(self) -> None:
        self.log: list[Happened] = []
        self.name = f"disk-{id(self)}"
        self._vfs = _Vfs(self)

    def connect(self, path: str, synchronous: str | None) -> "ApswConnection":
        """Return a connection to a file of this disk; ``synchronous`` overrides what a state asks for."""
        return ApswConnection(apsw.Connection(path, vfs=self.name), synchronous)

    def after_cut(self, at: int, kept: Kept, rng: random.Random) -> dict[str, bytes]:
        """Return the files as a power cut before event number ``at`` may leave them."""
        files = _Files()
        for event in self.log[:at]:
            files.take(event)
        files.cut(kept, rng)
        return {Path(file).name: bytes(data) for file, data in files.synced.items()}


@attrs.define
class _Files:
    """What is on the disk for sure, and what was written or removed since."""

    synced: dict[str, bytearray] = attrs.field(factory=dict)
    pending: dict[str, list[Written]] = attrs.field(factory=dict)
    removed: set[str] = attrs.field(factory=set)

    def take(self, event: Happened) -> None:
        if isinstance(event, Written):
            self.pending.setdefault(event.file, []).append(event)
        elif isinstance(event, Removed):
            self.removed.add(event.file)
            self.pending.pop(event.file, None)
        elif isinstance(event, Synced):
            self._remove(*self.removed)
            self.removed.clear()
            self._write(event.file, self.pending.pop(event.file, []))

    def cut(self, kept: Kept, rng: random.Random) -> None:
        likely = {"nothing": 0.0, "some": 0.5, "everything": 1.0}[kept]
        self._remove(*(file for file in sorted(self.removed) if rng.random() < likely))
        for file, writes in self.pending.items():
            self._write(file, _arriving(writes, kept, rng))

    def _remove(self, *files: str) -> None:
        for file in files:
            self.synced.pop(file, None)

    def _write(self, file: str, writes: Sequence[Written]) -> None:
        for write in writes:
            _put(self.synced.setdefault(file, bytearray()), write)


def _arriving(writes: Sequence[Written], kept: Kept, rng: random.Random) -> list[Written]:
    if kept != "some":
        return [] if kept == "nothing" else [*writes]
    torn = [part for write in writes for part in _sectors(write) if rng.random() < 1 / 2]
    rng.shuffle(torn)
    return torn


def _sectors(write: Written) -> Iterator[Written]:
    if write.data is None:
        yield write
        return
    at = 0
    while at < len(write.data):
        size = SECTOR - (write.offset + at) % SECTOR
        yield Written(write.file, write.offset + at, write.data[at : at + size])
        at += size


def _put(file: bytearray, write: Written) -> None:
    if write.data is None:
        del file[write.offset :]
        return
    file.extend(bytes(max(write.offset + len(write.data) - len(file), 0)))
    file[write.offset : write.offset + len(write.data)] = write.data


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__(disk.name, "")
        self._disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802, ANN401 -- APSW's
        return _File(self._disk, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._disk.log.append(Removed(filename))
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:  # noqa: ANN401 -- APSW's
        super().__init__("", name, flags)
        self._disk = disk
        self._name: str = name.filename() if isinstance(name, apsw.URIFilename) else name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.log.append(Written(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.log.append(Written(self._name, newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.log.append(Synced(self._name))
        super().xSync(flags)


@attrs.frozen
class _Answer:
    """What is asked of a cursor of the standard library."""

    rows: list[tuple[Any, ...]]
    rowcount: int
    lastrowid: int

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self.rows[0] if self.rows else None


class ApswConnection:
    """As much of the standard library's connection as a state uses."""

    def __init__(self, connection: apsw.Connection, synchronous: str | None) -> None:
        self._connection = connection
        self._synchronous = synchronous
        # Soon enough that the log is written back, and begun anew, several times.
        connection.execute("PRAGMA wal_autocheckpoint = 20")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction goes on."""
        return self._connection.in_transaction

    def execute(self, statement: str, values: Sequence[Any] = ()) -> _Answer:
        """Run a statement."""
        if self._synchronous and statement.startswith("PRAGMA synchronous"):
            statement = f"PRAGMA synchronous = {self._synchronous}"
        rows = self._connection.execute(statement, values).fetchall()
        return _Answer(rows, self._connection.changes(), self._connection.last_insert_rowid())

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> _Answer:
        """Run a statement for each row."""
        before = self._connection.total_changes()
        self._connection.executemany(statement, rows)
        return _Answer([], self._connection.total_changes() - before, 0)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
