"""Provide the state in one SQLite file: what a host needs where one machine runs its syncs.

Every commit is one transaction, and every read ends before it returns, so that other threads and processes never
wait for longer than a commit takes. Two processes may hold the same file: of two commits that rest on one revision,
the second is refused.
"""

import os
import threading
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, Self, TypeVar

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
from tallystick.state.faults import translated
from tallystick.state.sqlite_connection import SqliteConnection
from tallystick.state.writing import Writing

P = ParamSpec("P")
T = TypeVar("T")


class SqliteState:
    """What is kept between runs, of any number of syncs, kept in the SQLite file at ``path``.

    ``key`` is the host's digest key, the same for as long as the file lives. ``timeout`` is how many seconds a commit
    waits for another process. Use it in a ``with`` statement, or close it; any thread may use it.
    """

    _connection: SqliteConnection | None = None

    def __init__(self, path: str | os.PathLike[str], *, key: bytes, timeout: float = 5.0) -> None:
        self._key = checks.checked_key(key)
        self._path = checks.checked_path(path)
        self._lock = threading.Lock()
        self._layouts = reading.Layouts()
        with translated(self._path):
            connection = opening.connect(self._path, checks.key_check(key), timeout)
        self._connection = SqliteConnection(connection, self._path)

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
        return self._read(reading.syncs)

    def head(self, sync: str) -> Head:
        """Return the head of a sync; of one not yet known, a fresh one."""
        return self._read(reading.head, sync)

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of ``commit`` or nothing, and return once the disk has it.

        A commit that only settles batches, or only tells that a run goes on, may still be lost with the power: the
        intents are on the disk, and the next run settles them anew. Raises StateMoved where the revision has moved,
        LeaseLost at its fence, StateUnwritable where there is no room or no access.
        """

        def take(connection: SqliteConnection) -> tuple[Committed, dict[str, int]]:
            change = Writing(connection, sync, self._layouts.numbers)
            return change.take(commit), change.fresh

        committed, fresh = self._transaction(take, full=not _may_be_lost(commit))
        self._layouts.add(fresh)
        return committed

    def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of a sync, for a worker by name; raises LeaseHeld while another worker has it.

        Whoever uses the file is on one machine, so that their own clock says when a lease has run out. It need not
        wait for the disk: who holds it is gone with the power as well.
        """
        return self._write(writing.acquire, sync, worker, now, span)

    def renew(self, sync: str, fence: Fence) -> Lease:
        """Return the lease, made to last for the fence's span; raises LeaseLost where another worker has taken it."""
        return self._write(writing.renew, sync, fence)

    def release(self, sync: str, token: int) -> None:
        """Give a lease back; without effect where it is another's by now."""
        self._write(writing.release, sync, token)

    def lease(self, sync: str, now: datetime) -> Lease | None:
        """Return the lease that somebody has now, None where nobody does."""
        return self._write(writing.held, sync, now)

    def prune(self, sync: str, before: datetime) -> int:
        """Drop the rows of runs that ended before a time, all but the latest; return how many."""
        return self._write(writing.prune, sync, before)

    def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        """Return the links of the ids that have one, in no particular order."""
        return self._read(reading.links, self._layouts, sync, side, ids)

    def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        """Return what all other syncs of this file hold of these identities, by their links and open intents."""
        return self._read(_claims, sync, identities)

    def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        """Yield (id, version, member) of one side of every link, to be held against a full listing."""
        return self._read(reading.marks, sync, side)

    def parked(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Parked]:
        """Return the parked rows of these ids, in order of their ids."""
        return self._read(reading.parked, sync, side, ids)

    def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        """Return the parked rows that hold any of the keys, in order of side and id."""
        return self._read(reading.parked_sharing, sync, keys)

    def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        """Return the parked rows whose retry has fallen due, in order of side and id."""
        return self._read(reading.parked_due, sync, now)

    def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        """Return all parked rows, of one kind if asked for, ordered by first seen (unknown first), side and id."""
        return self._read(reading.parked_list, sync, kind)

    def batches(self, sync: str) -> Sequence[Batch]:
        """Return the batches that are not settled, oldest first."""
        return self._read(reading.batches, self._layouts, sync)

    def unsettled(self, limit: int = 10) -> Sequence[Unsettled]:
        """Return the syncs with open intents, the one first that has had one open for longest; one statement."""
        return self._read(reading.unsettled, limit)

    def runs(self, sync: str, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return the newest runs first, ``limit`` of them at most."""
        return self._read(reading.runs, sync, limit)

    def check(self) -> Sequence[str]:
        """Return what is wrong with the file, nothing if it is sound. It reads all of it, which takes a while."""
        return self._read(SqliteConnection.faults)

    def _read(self, ask: Callable[Concatenate[SqliteConnection, P], T], *args: P.args, **options: P.kwargs) -> T:
        """Ask something, with the connection for oneself and its errors translated."""
        with self._lock, translated(self._path):
            return ask(self._opened(), *args, **options)

    def _write(self, change: Callable[Concatenate[SqliteConnection, P], T], *args: P.args, **options: P.kwargs) -> T:
        """Make a change in a transaction that need not wait for the disk."""
        return self._transaction(lambda connection: change(connection, *args, **options), full=False)

    def _transaction(self, work: Callable[[SqliteConnection], T], *, full: bool) -> T:
        """Do some work in a transaction; ``full``: it waits for the disk at its end."""
        with self._lock, translated(self._path):
            return self._opened().transaction(work, full=full)

    def _opened(self) -> SqliteConnection:
        if self._connection is None:
            raise UsageError("the state is closed", where=self._path, remedy="use it within its with statement")
        return self._connection


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


def _claims(connection: SqliteConnection, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
    with connection.snapshot():
        return reading.claims(connection, sync, identities)
