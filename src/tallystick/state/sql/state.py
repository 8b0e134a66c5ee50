"""Provide the state in a database server: what a host needs whose workers are on many machines.

Every commit is one transaction. It locks the lease and the head of its sync first, so that commits of one sync go one
after another, and those of different syncs side by side; deadlocks and races are tried again. Each leaves a mark at
its sync: where the connection is lost before the answer, the mark tells whether the commit was taken.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tallystick.errors import CommitUnknown, SettingsError, UsageError
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
)
from tallystick.state import checks, reading, writing
from tallystick.state.sql import opening
from tallystick.state.sql.connection import SqlConnection, transaction
from tallystick.state.sql.dialects import kind_of
from tallystick.state.sql.engines import engine_for, parsed_url, shown
from tallystick.state.sql.faults import is_lost, is_to_be_repeated, translated
from tallystick.state.sql.tables import tables
from tallystick.state.sql.texts import prepare
from tallystick.state.writing import Writing

T = TypeVar("T")

_ATTEMPTS = 5
_PAUSE = 0.1
_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,30}")


class SqlState:
    """What is kept between runs, of any number of syncs, in tables of the database that ``url`` names.

    ``key`` is the host's digest key, the same for as long as the tables live. Their names begin with ``prefix``.
    ``timeout`` is how many seconds a commit waits for another worker's. Use it in a ``with`` statement, or close it;
    any thread may use it. A SQLAlchemy ``Engine`` may be given instead of a URL; it stays the host's to dispose of.
    """

    def __init__(
        self, url: str | sa.URL | sa.Engine, *, key: bytes, prefix: str = "tallystick_", timeout: float = 5.0
    ) -> None:
        self._key = checks.checked_key(key)
        if not _PREFIX.fullmatch(prefix):
            raise SettingsError(
                f"{prefix!r} cannot begin the name of a table", remedy="give small letters, digits and underscores"
            )
        self._own = not isinstance(url, sa.Engine)
        parsed = url.url if isinstance(url, sa.Engine) else parsed_url(url)
        self._where = shown(parsed)
        self._kind = kind_of(parsed)
        self._engine = url if isinstance(url, sa.Engine) else engine_for(parsed)
        self._closed = False
        self._timeout = timeout
        self._writing = self._kind.writing.format(milliseconds=round(timeout * 1000))
        self._tables = tables(prefix)
        self._statements = prepare(self._tables)
        self._layouts = reading.Layouts()
        try:
            with translated(self._where):
                opening.prepare(self._engine, self._kind, self._tables, checks.key_check(key), self._where, timeout)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._where!r})"

    def close(self) -> None:
        """Close the connections that are the state's own. Closing it twice does no harm."""
        self._closed = True
        if self._own:
            self._engine.dispose()

    @property
    def key(self) -> bytes:
        """The host's digest key; every digest of this state is made with it."""
        return self._key

    def syncs(self) -> Sequence[str]:
        """Return the names of all syncs that something was committed for, in order."""
        return self._read(reading.syncs)

    def head(self, sync: str) -> Head:
        """Return the head of a sync; of one not yet known, a fresh one."""
        return self._read(partial(reading.head, sync=sync))

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of ``commit`` or nothing, and return once the database has it.

        Raises StateMoved where the revision has moved, LeaseLost at its fence, StateUnwritable where the database
        cannot be reached or has no room, and CommitUnknown where it went away before it said whether it has it.
        """
        changes: list[Writing] = []

        def take(connection: SqlConnection) -> Committed:
            changes.append(Writing(connection, sync, self._layouts.numbers))
            return changes[-1].take(commit)

        committed = self._write(take, sync)
        self._layouts.add(changes[-1].fresh)
        return committed

    def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of a sync, for a worker by name; raises LeaseHeld while another worker has it.

        The database's clock says when a lease runs out, and not ``now``.
        """
        return self._write(partial(writing.acquire, sync=sync, worker=worker, now=now, span=span))

    def renew(self, sync: str, fence: Fence) -> Lease:
        """Return the lease, made to last for the fence's span; raises LeaseLost where another worker has taken it."""
        return self._write(partial(writing.renew, sync=sync, fence=fence))

    def release(self, sync: str, token: int) -> None:
        """Give a lease back; without effect where it is another's by now."""
        self._write(partial(writing.release, sync=sync, token=token))

    def lease(self, sync: str, now: datetime) -> Lease | None:
        """Return the lease that somebody has by the database's clock, None where nobody does."""
        return self._write(partial(writing.held, sync=sync, now=now))

    def prune(self, sync: str, before: datetime) -> int:
        """Drop the rows of runs that ended before a time, all but the latest; return how many."""
        return self._write(partial(writing.prune, sync=sync, before=before))

    def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        """Return the links of the ids that have one, in no particular order."""
        return self._read(partial(reading.links, layouts=self._layouts, sync=sync, side=side, ids=ids))

    def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        """Return what all other syncs of this state hold of these identities, by their links and open intents."""
        return self._read(partial(reading.claims, sync=sync, identities=identities))

    def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        """Yield (id, version, member) of one side of every link, to be held against a full listing."""
        return self._read(partial(reading.marks, sync=sync, side=side))

    def parked(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Parked]:
        """Return the parked rows of these ids, in order of their ids."""
        return self._read(partial(reading.parked, sync=sync, side=side, ids=ids))

    def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        """Return the parked rows that hold any of the keys, in order of side and id."""
        return self._read(partial(reading.parked_sharing, sync=sync, keys=keys))

    def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        """Return the parked rows whose retry has fallen due, in order of side and id."""
        return self._read(partial(reading.parked_due, sync=sync, now=now))

    def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        """Return all parked rows, of one kind if asked for, ordered by first seen (unknown first), side and id."""
        return self._read(partial(reading.parked_list, sync=sync, kind=kind))

    def batches(self, sync: str) -> Sequence[Batch]:
        """Return the batches that are not settled, oldest first."""
        return self._read(partial(reading.batches, layouts=self._layouts, sync=sync))

    def runs(self, sync: str, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return the newest runs first, ``limit`` of them at most."""
        return self._read(partial(reading.runs, sync=sync, limit=limit))

    def _read(self, ask: Callable[[SqlConnection], T]) -> T:
        """Ask something within a transaction that sees the state as one commit left it."""

        def once() -> T:
            try:
                with transaction(self._engine, self._kind.reading) as connection:
                    answer = ask(self._asked(connection))
                    connection.exec_driver_sql("COMMIT")
                    return answer
            except DBAPIError as error:
                raise (_Undone(error) if is_lost(error) else error) from None

        return self._again(once)

    def _write(self, change: Callable[[SqlConnection], T], marked: str = "") -> T:
        """Make a change in one transaction; ``marked`` is the sync at which it leaves a mark.

        What leaves none may be made twice without harm.
        """

        def once() -> T:
            mark = secrets.token_hex(8)
            answers: list[T] = []
            try:
                with transaction(self._engine, self._writing) as connection:
                    answer = change(self._asked(connection))
                    if marked:
                        syncs = self._tables.syncs
                        connection.execute(sa.update(syncs).values(mark=mark).where(syncs.c.name == marked))
                    answers.append(answer)
                    connection.exec_driver_sql("COMMIT")
            except DBAPIError as error:
                if answers and marked and is_lost(error):
                    if self._was_taken(marked, mark):
                        return answers[0]
                elif not is_lost(error) and not is_to_be_repeated(error):
                    raise
                raise _Undone(error) from None
            return answers[0]

        return self._again(once)

    def _again(self, once: Callable[[], T]) -> T:
        """Do something, again where it was undone for another's sake or never arrived, a bounded number of times."""
        if self._closed:
            raise UsageError("the state is closed", where=self._where, remedy="use it within its with statement")
        with translated(self._where):
            for _ in range(_ATTEMPTS - 1):
                with suppress(_Undone):
                    return once()
            try:
                return once()
            except _Undone as undone:
                raise undone.error from None

    def _was_taken(self, sync: str, mark: str) -> bool:
        """Find out whether a commit was taken whose answer was lost.

        Its transaction may still go on: reading waits for the lock that it holds. Raises CommitUnknown where the
        database does not come back in time.
        """
        syncs = self._tables.syncs
        asked = sa.select(syncs.c.mark).where(syncs.c.name == sync).with_for_update()
        until = time.monotonic() + self._timeout
        while True:
            try:
                with transaction(self._engine, self._writing) as connection:
                    found = connection.execute(asked).scalar_one_or_none()
                    connection.exec_driver_sql("COMMIT")
            except DBAPIError:
                if time.monotonic() >= until:
                    raise CommitUnknown(
                        "the database went away before it said whether it has taken a commit",
                        where=f"{self._where}, {sync}",
                        remedy="see whether the server is up; the next run goes on from what it finds",
                    ) from None
                time.sleep(_PAUSE)
            else:
                return bool(found == mark)

    def _asked(self, connection: sa.Connection) -> SqlConnection:
        return SqlConnection(connection, self._where, self._kind, self._statements)


class _Undone(Exception):
    """A transaction was not taken, and may be made again."""

    def __init__(self, error: DBAPIError) -> None:
        super().__init__()
        self.error = error
