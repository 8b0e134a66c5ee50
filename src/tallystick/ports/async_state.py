"""Provide the protocols of a state, sink and clock that are awaited; each method promises what its namesake does."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from tallystick.ports.history import RunRow
from tallystick.ports.journal import Batch
from tallystick.ports.lease import Fence, Lease
from tallystick.ports.link import Claim, Link, Parked, ParkedKind
from tallystick.ports.side import Side
from tallystick.ports.sink import Loser
from tallystick.ports.state import Commit, Committed, Head


class AsyncState(Protocol):
    """What is kept between runs, where keeping is awaited: see :class:`tallystick.ports.State`.

    A commit that is cancelled must still be taken whole or not at all.
    """

    @property
    def key(self) -> bytes:
        """The host's digest key."""
        ...

    async def syncs(self) -> Sequence[str]:
        """Return the names of all syncs known."""
        ...

    async def head(self, sync: str) -> Head:
        """Return the head of a sync."""
        ...

    async def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of ``commit`` or nothing."""
        ...

    async def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of a sync."""
        ...

    async def renew(self, sync: str, fence: Fence) -> Lease:
        """Return the lease, made to last longer."""
        ...

    async def release(self, sync: str, token: int) -> None:
        """Give a lease back."""
        ...

    async def lease(self, sync: str, now: datetime) -> Lease | None:
        """Return the lease that somebody has now, None where nobody does."""
        ...

    async def prune(self, sync: str, before: datetime) -> int:
        """Drop the history of runs that ended before an instant; return how many went."""
        ...

    async def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        """Return the links of the ids that have one."""
        ...

    async def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        """Return what all other syncs of this state hold of these identities."""
        ...

    async def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        """Return (id, version, member) of one side of every link."""
        ...

    async def parked(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Parked]:
        """Return the parked rows of these ids."""
        ...

    async def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        """Return the parked rows that hold any of the keys."""
        ...

    async def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        """Return the parked rows whose retry has fallen due."""
        ...

    async def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        """Return all parked rows, of one kind if asked for."""
        ...

    async def batches(self, sync: str) -> Sequence[Batch]:
        """Return the batches that are not settled, oldest first."""
        ...

    async def runs(self, sync: str, limit: int = 50) -> Sequence[RunRow]:
        """Return the newest runs first."""
        ...


class AsyncSink(Protocol):
    """Where losers go, where keeping is awaited; one that keeps images has the awaited methods of an ImageSink, too."""

    async def keep(self, losers: Sequence[Loser]) -> None:
        """Make the losers durable, then return."""
        ...


class AsyncClock(Protocol):
    """The time, and an awaited way to let some of it pass."""

    def now(self) -> datetime:
        """Return the present instant, with a zone."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds``."""
        ...
