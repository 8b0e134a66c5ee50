"""Provide the state in a database server: what a host needs whose workers are on many machines."""

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
from tallystick.state.sql.database import Database
from tallystick.state.sql.driver import carry
from tallystick.state.sql.engines import engine_for, parsed_url
from tallystick.state.sql.transacting import Machine

T = TypeVar("T")


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
        self._own = not isinstance(url, sa.Engine)
        parsed = url.url if isinstance(url, sa.Engine) else parsed_url(url)
        self._database = Database.at(parsed, prefix, timeout)
        self._engine = url if isinstance(url, sa.Engine) else engine_for(parsed)
        self._closed = False
        try:
            self._carry(self._database.open(checks.key_check(key)))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._database.where!r})"

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
        return self._carry(self._database.read(reading.syncs))

    def head(self, sync: str) -> Head:
        """Return the head of a sync; of one not yet known, a fresh one."""
        return self._carry(self._database.read(reading.head, sync))

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of ``commit`` or nothing, and return once the database has it.

        Raises StateMoved where the revision has moved, LeaseLost at its fence, StateUnwritable where the database
        cannot be reached or has no room, and CommitUnknown where it went away before it said whether it has it.
        """
        return self._carry(self._database.commit(sync, commit))

    def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of a sync, for a worker by name; raises LeaseHeld while another worker has it.

        The database's clock says when a lease runs out, and not ``now``.
        """
        return self._carry(self._database.write(writing.acquire, sync, worker, now, span))

    def renew(self, sync: str, fence: Fence) -> Lease:
        """Return the lease, made to last for the fence's span; raises LeaseLost where another worker has taken it."""
        return self._carry(self._database.write(writing.renew, sync, fence))

    def release(self, sync: str, token: int) -> None:
        """Give a lease back; without effect where it is another's by now."""
        self._carry(self._database.write(writing.release, sync, token))

    def lease(self, sync: str, now: datetime) -> Lease | None:
        """Return the lease that somebody has by the database's clock, None where nobody does."""
        return self._carry(self._database.write(writing.held, sync, now))

    def prune(self, sync: str, before: datetime) -> int:
        """Drop the rows of runs that ended before a time, all but the latest; return how many."""
        return self._carry(self._database.write(writing.prune, sync, before))

    def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        """Return the links of the ids that have one, in no particular order."""
        return self._carry(self._database.read(reading.links, self._database.layouts, sync, side, ids))

    def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        """Return what all other syncs of this state hold of these identities, by their links and open intents."""
        return self._carry(self._database.read(reading.claims, sync, identities))

    def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        """Yield (id, version, member) of one side of every link, to be held against a full listing."""
        return self._carry(self._database.read(reading.marks, sync, side))

    def parked(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Parked]:
        """Return the parked rows of these ids, in order of their ids."""
        return self._carry(self._database.read(reading.parked, sync, side, ids))

    def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        """Return the parked rows that hold any of the keys, in order of side and id."""
        return self._carry(self._database.read(reading.parked_sharing, sync, keys))

    def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        """Return the parked rows whose retry has fallen due, in order of side and id."""
        return self._carry(self._database.read(reading.parked_due, sync, now))

    def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        """Return all parked rows, of one kind if asked for, ordered by first seen (unknown first), side and id."""
        return self._carry(self._database.read(reading.parked_list, sync, kind))

    def batches(self, sync: str) -> Sequence[Batch]:
        """Return the batches that are not settled, oldest first."""
        return self._carry(self._database.read(reading.batches, self._database.layouts, sync))

    def unsettled(self, limit: int = 10) -> Sequence[Unsettled]:
        """Return the syncs with open intents, the one first that has had one open for longest; one statement."""
        return self._carry(self._database.read(reading.unsettled, limit))

    def runs(self, sync: str, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return the newest runs first, ``limit`` of them at most."""
        return self._carry(self._database.read(reading.runs, sync, limit))

    def _carry(self, machine: Machine[T]) -> T:
        if self._closed:
            raise self._database.is_closed()
        return carry(self._engine, machine)
