"""Provide the same state in PostgreSQL for hosts under an event loop: every request to the server is awaited.

What is asked and in which transactions is the blocking state's; only the driver that carries it is another.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Self, TypeVar

import sqlalchemy as sa

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
from tallystick.state import checks, reading, writing
from tallystick.state.sql.async_driver import carry_async
from tallystick.state.sql.async_engines import AsyncEngine, async_engine_for, checked_driver
from tallystick.state.sql.database import Database
from tallystick.state.sql.engines import parsed_url
from tallystick.state.sql.transacting import Machine

T = TypeVar("T")


class AsyncSqlState:
    """What :class:`SqlState` keeps, in the same tables, awaited; the two may share a database.

    ``key``, ``prefix`` and ``timeout`` are what they are there. Its first call opens it, or ``async with`` does, which
    closes it at its end. It belongs to one event loop, any task of which may use it. An SQLAlchemy ``AsyncEngine`` may
    be given instead of a URL; it stays the host's to dispose of. What is cancelled is taken whole or not at all.
    """

    def __init__(
        self, url: str | sa.URL | AsyncEngine, *, key: bytes, prefix: str = "tallystick_", timeout: float = 5.0
    ) -> None:
        self._key = checks.checked_key(key)
        self._own = not isinstance(url, AsyncEngine)
        parsed = checked_driver(url.url if isinstance(url, AsyncEngine) else parsed_url(url))
        self._database = Database.at(parsed, prefix, timeout)
        self._engine = url if isinstance(url, AsyncEngine) else async_engine_for(parsed)
        self._opened = self._closed = False

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._database.where!r})"

    async def close(self) -> None:
        """Close the connections that are the state's own. Closing it twice does no harm."""
        self._closed = True
        if self._own:
            await self._engine.dispose()

    @property
    def key(self) -> bytes:
        """The host's digest key; every digest of this state is made with it."""
        return self._key

    async def syncs(self) -> Sequence[str]:
        """Return the names of all syncs that something was committed for, in order."""
        return await self._carry(self._database.read(reading.syncs))

    async def head(self, sync: str) -> Head:
        """Return the head of a sync; of one not yet known, a fresh one."""
        return await self._carry(self._database.read(reading.head, sync))

    async def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of ``commit`` or nothing, and return once the database has it.

        Raises StateMoved where the revision has moved, LeaseLost at its fence, StateUnwritable where the database
        cannot be reached or has no room, and CommitUnknown where it went away before it said whether it has it.
        """
        return await self._carry(self._database.commit(sync, commit))

    async def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of a sync, for a worker by name; raises LeaseHeld while another worker has it.

        The database's clock says when a lease runs out, and not ``now``.
        """
        return await self._carry(self._database.write(writing.acquire, sync, worker, now, span))

    async def renew(self, sync: str, fence: Fence) -> Lease:
        """Return the lease, made to last for the fence's span; raises LeaseLost where another worker has taken it."""
        return await self._carry(self._database.write(writing.renew, sync, fence))

    async def release(self, sync: str, token: int) -> None:
        """Give a lease back; without effect where it is another's by now."""
        await self._carry(self._database.write(writing.release, sync, token))

    async def lease(self, sync: str, now: datetime) -> Lease | None:
        """Return the lease that somebody has by the database's clock, None where nobody does."""
        return await self._carry(self._database.write(writing.held, sync, now))

    async def prune(self, sync: str, before: datetime) -> int:
        """Drop the rows of runs that ended before a time, all but the latest; return how many."""
        return await self._carry(self._database.write(writing.prune, sync, before))

    async def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        """Return the links of the ids that have one, in no particular order."""
        return await self._carry(self._database.read(reading.links, self._database.layouts, sync, side, ids))

    async def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        """Return what all other syncs of this state hold of these identities, by their links and open intents."""
        return await self._carry(self._database.read(reading.claims, sync, identities))

    async def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        """Return (id, version, member) of one side of every link, to be held against a full listing."""
        return await self._carry(self._database.read(reading.marks, sync, side))

    async def parked(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Parked]:
        """Return the parked rows of these ids, in order of their ids."""
        return await self._carry(self._database.read(reading.parked, sync, side, ids))

    async def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        """Return the parked rows that hold any of the keys, in order of side and id."""
        return await self._carry(self._database.read(reading.parked_sharing, sync, keys))

    async def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        """Return the parked rows whose retry has fallen due, in order of side and id."""
        return await self._carry(self._database.read(reading.parked_due, sync, now))

    async def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        """Return all parked rows, of one kind if asked for, ordered by first seen (unknown first), side and id."""
        return await self._carry(self._database.read(reading.parked_list, sync, kind))

    async def batches(self, sync: str) -> Sequence[Batch]:
        """Return the batches that are not settled, oldest first."""
        return await self._carry(self._database.read(reading.batches, self._database.layouts, sync))

    async def unsettled(self, limit: int = 10) -> Sequence[Unsettled]:
        """Return the syncs with open intents, the one first that has had one open for longest; one statement."""
        return await self._carry(self._database.read(reading.unsettled, limit))

    async def runs(self, sync: str, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return the newest runs first, ``limit`` of them at most."""
        return await self._carry(self._database.read(reading.runs, sync, limit))

    async def _open(self) -> None:
        """Open the state, unless that was done; two tasks may do it at once, as two workers may."""
        if self._closed:
            raise self._database.is_closed()
        if not self._opened:
            await carry_async(self._engine, self._database.open(checks.key_check(self._key)))
            self._opened = True

    async def _carry(self, machine: Machine[T]) -> T:
        await self._open()
        return await carry_async(self._engine, machine)
