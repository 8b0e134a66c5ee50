"""Provide the state in one SQLite file: what a host needs where one machine runs its syncs.

Every commit is one transaction, and every read ends before it returns, so that other threads and processes never
wait for longer than a commit takes. Two processes may hold the same file: of two commits that rest on one revision,
the second is refused.
"""

import os
import sqlite3
import threading
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Self

from tallystick.errors import UsageError
from tallystick.ports import (
    KEPT_RUNS,
    Batch,
    Claim,
    Commit,
    Committed,
    Fence,
    Head,
    Lease,
    Link,
    Parked,
    ParkedKind,
    RunRow,
    Side,
    Unsettled,
)
from tallystick.state import checks, opening, reading, writing
from tallystick.state.faults import is_damage, translated
from tallystick.state.sqlite_connection import SqliteConnection, snapshot
from tallystick.state.sqlite_texts import AMISS, SOUND
from tallystick.state.writing import Writing


class SqliteState:
    """What is kept between runs, of any number of syncs, kept in the SQLite file at ``path``.

    ``key`` is the host's digest key, the same for as long as the file lives. ``timeout`` is how many seconds a commit
    waits for another process. Use it in a ``with`` statement, or close it; any thread may use it.
    """

    _connection: sqlite3.Connection | None = None

    def __init__(self, path: str | os.PathLike[str], *, key: bytes, timeout: float = 5.0) -> None:
        self._key = checks.checked_key(key)
        self._path = checks.checked_path(path)
        self._lock = threading.Lock()
        self._layouts = reading.Layouts()
        self._full = True
        with translated(self._path):
            self._connection = opening.connect(self._path, checks.key_check(key), timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __del__(self) -> None:
        if self._connection is not None:
            warnings.warn(f"{self!r} was not closed", ResourceWarning, stacklevel=1, source=self)
            self._connection.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._path!r})"

    def close(self) -> None:
        """Close the file. Closing it twice does no harm."""
        with self._lock, translated(self._path):
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    @property
    def key(self) -> bytes:
        """The host's digest key; every digest of this state is made with it."""
        return self._key

    def syncs(self) -> Sequence[str]:
        """Return the names of all syncs that something was committed for, in order."""
        with self._open() as connection:
            return reading.syncs(self._asked(connection))

    def head(self, sync: str) -> Head:
        """Return the head of a sync; of one not yet known, a fresh one."""
        with self._open() as connection:
            return reading.head(self._asked(connection), sync)

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of ``commit`` or nothing, and return once the disk has it.

        A commit that only settles batches, or only tells that a run goes on, may still be lost with the power: the
        intents are on the disk, and the next run settles them anew. Raises StateMoved where the revision has moved,
        LeaseLost at its fence, StateUnwritable where there is no room or no access.
        """
        with self._transaction(full=not _may_be_lost(commit)) as connection:
            change = Writing(connection, sync, self._layouts.numbers)
            committed = change.take(commit)
        self._layouts.add(change.fresh)
        return committed

    def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of a sync, for a worker by name; raises LeaseHeld while another worker has it.

        Whoever uses the file is on one machine, so that their own clock says when a lease has run out. It need not
        wait for the disk: who holds it is gone with the power as well.
        """
        with self._transaction(full=False) as connection:
            return writing.acquire(connection, sync, worker, now, span)

    def renew(self, sync: str, fence: Fence) -> Lease:
        """Return the lease, made to last for the fence's span; raises LeaseLost where another worker has taken it."""
        with self._transaction(full=False) as connection:
            return writing.renew(connection, sync, fence)

    def release(self, sync: str, token: int) -> None:
        """Give a lease back; without effect where it is another's by now."""
        with self._transaction(full=False) as connection:
            writing.release(connection, sync, token)

    def lease(self, sync: str, now: datetime) -> Lease | None:
        """Return the lease that somebody has now, None where nobody does."""
        with self._transaction(full=False) as connection:
            return writing.held(connection, sync, now)

    def prune(self, sync: str, before: datetime) -> int:
        """Drop the rows of runs that ended before a time, all but the latest; return how many."""
        with self._transaction(full=False) as connection:
            return writing.prune(connection, sync, before)

    def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        """Return the links of the ids that have one, in no particular order."""
        with self._open() as connection, snapshot(connection, len(ids)):
            return reading.links(self._asked(connection), self._layouts, sync, side, ids)

    def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        """Return what all other syncs of this file hold of these identities, by their links and open intents."""
        with self._open() as connection, snapshot(connection):
            return reading.claims(self._asked(connection), sync, identities)

    def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        """Yield (id, version, member) of one side of every link, to be held against a full listing."""
        with self._open() as connection:
            return reading.marks(self._asked(connection), sync, side)

    def parked(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Parked]:
        """Return the parked rows of these ids, in order of their ids."""
        with self._open() as connection, snapshot(connection, len(ids)):
            return reading.parked(self._asked(connection), sync, side, ids)

    def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        """Return the parked rows that hold any of the keys, in order of side and id."""
        with self._open() as connection, snapshot(connection, len(keys)):
            return reading.parked_sharing(self._asked(connection), sync, keys)

    def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        """Return the parked rows whose retry has fallen due, in order of side and id."""
        with self._open() as connection:
            return reading.parked_due(self._asked(connection), sync, now)

    def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        """Return all parked rows, of one kind if asked for, ordered by first seen (unknown first), side and id."""
        with self._open() as connection:
            return reading.parked_list(self._asked(connection), sync, kind)

    def batches(self, sync: str) -> Sequence[Batch]:
        """Return the batches that are not settled, oldest first."""
        with self._open() as connection:
            return reading.batches(self._asked(connection), self._layouts, sync)

    def unsettled(self, limit: int = 10) -> Sequence[Unsettled]:
        """Return the syncs with open intents, the one first that has had one open for longest; one statement."""
        with self._open() as connection:
            return reading.unsettled(self._asked(connection), limit)

    def runs(self, sync: str, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return the newest runs first, ``limit`` of them at most."""
        with self._open() as connection:
            return reading.runs(self._asked(connection), sync, limit)

    def check(self) -> Sequence[str]:
        """Return what is wrong with the file, nothing if it is sound. It reads all of it, which takes a while."""
        with self._open() as connection:
            try:
                with snapshot(connection):
                    faults = [line for (line,) in connection.execute(SOUND) if line != "ok"]
                    return faults or [fault for (fault,) in connection.execute(AMISS)]
            except sqlite3.Error as error:
                # Damage can be such that looking for it fails.
                if not is_damage(error):
                    raise
                return ["the file is damaged"]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Have the connection for oneself, and its errors translated."""
        with self._lock, translated(self._path):
            if self._connection is None:
                raise UsageError("the state is closed", where=self._path, remedy="use it within its with statement")
            yield self._connection

    def _asked(self, connection: sqlite3.Connection) -> SqliteConnection:
        return SqliteConnection(connection, self._path)

    @contextmanager
    def _transaction(self, *, full: bool) -> Iterator[SqliteConnection]:
        """Have a transaction to write in; ``full``: it waits for the disk at its end."""
        with self._open() as connection:
            self._sync_disk(connection, full=full)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._asked(connection)
                connection.execute("COMMIT")
            except BaseException:
                # Some errors, a full disk among them, have ended the transaction already.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _sync_disk(self, connection: sqlite3.Connection, *, full: bool) -> None:
        """Set whether the next commit waits for the disk; SQLite allows it between transactions only."""
        if full is not self._full:
            connection.execute("PRAGMA synchronous = FULL" if full else "PRAGMA synchronous = NORMAL")
            self._full = full


def _may_be_lost(commit: Commit) -> bool:
    """Tell whether the next run would do again all that the commit does, should the power fail.

    The batches that it settles would be in doubt again, and what became of them be found out. The end of a run is
    never lost, and whatever came before it neither: plans are saved that rest on the revision at that time, and a
    revision must not come a second time with another content.
    """
    if commit.run is not None and commit.run.ended is not None:
        return False
    if not checks.moves(commit):
        return True
    settles = bool(commit.closed or commit.kept) and not commit.opened
    return settles and not commit.close_all and commit.head.keys() <= {"cursors"}
