"""Provide a state that lives in this process only: for trials, for tests, and as the plain reading of the contract."""

import secrets
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Self

import attrs

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
from tallystick.state import checks, leases
from tallystick.state.tables import Change, Tables

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class MemoryState:
    """What is kept between runs, of any number of syncs, kept in memory.

    Without a ``key`` it makes one of its own: nothing that was digested with it outlives it.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = secrets.token_bytes(32) if key is None else checks.checked_key(key)
        self._syncs: dict[str, Tables] = {}
        self._last: Counter[str] = Counter()
        self._leases: dict[str, Lease] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Do nothing: it is here so that a host may treat every state alike."""

    @property
    def key(self) -> bytes:
        """The host's digest key; every digest of this state is made with it."""
        return self._key

    def syncs(self) -> Sequence[str]:
        """Return the names of all syncs that something was committed for, in order."""
        with self._lock:
            return sorted(self._syncs)

    def head(self, sync: str) -> Head:
        """Return the head of a sync; of one not yet known, a fresh one."""
        with self._lock:
            return _copied(self._tables(sync).head)

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of ``commit`` or nothing; raises StateMoved where the revision has moved, LeaseLost at its fence."""
        with self._lock:
            known = self._leases.get(sync)
            bid = commit.bid
            taken = leases.taken(known, sync, bid.worker, bid.now, bid.span) if bid else None
            lease = leases.let_in(known, sync, commit.fence, last=commit.last) if commit.fence else taken
            tables = self._tables(sync)
            checks.check_revision(sync, commit, tables.head)
            checks.check_newest_run(sync, commit, max(tables.runs, default=0))
            committed = Committed(tables.head)
            if checks.moves(commit) or commit.run is not None:
                change = Change(sync, tables, commit, self._last)
                self._syncs[sync], committed = change.take()
                self._last = change.last
            if lease is not None:
                self._leases[sync] = lease
            return attrs.evolve(committed, head=_copied(committed.head), lease=taken)

    def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of a sync, for a worker by name; raises LeaseHeld while another worker has it."""
        with self._lock:
            self._leases[sync] = leases.taken(self._leases.get(sync), sync, worker, now, span)
            return self._leases[sync]

    def renew(self, sync: str, fence: Fence) -> Lease:
        """Return the lease, made to last for the fence's span; raises LeaseLost where another worker has taken it."""
        with self._lock:
            self._leases[sync] = leases.renewed(self._leases.get(sync), sync, fence)
            return self._leases[sync]

    def release(self, sync: str, token: int) -> None:
        """Give a lease back; without effect where it is another's by now."""
        with self._lock:
            lease = leases.released(self._leases.get(sync), token)
            if lease is not None:
                self._leases[sync] = lease

    def lease(self, sync: str, now: datetime) -> Lease | None:
        """Return the lease that somebody has now, None where nobody does."""
        with self._lock:
            return leases.held(self._leases.get(sync), now)

    def prune(self, sync: str, before: datetime) -> int:
        """Drop the rows of runs that ended before a time, all but the latest; return how many."""
        moment = checks.instant(before)
        with self._lock:
            runs = self._tables(sync).runs
            old = sorted(runs, reverse=True)[KEPT_RUNS:]
            dropped = [number for number in old if (ended := runs[number].ended) and ended < moment]
            for number in dropped:
                del runs[number]
            return len(dropped)

    def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        """Return the links of the ids that have one, in no particular order."""
        with self._lock:
            tables = self._tables(sync)
            known = tables.ids[side]
            return [tables.links[known[id_]] for id_ in dict.fromkeys(ids) if id_ in known]

    def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        """Return what all other syncs of this state hold of these identities, by their links and open intents."""
        wanted = {*filter(None, identities)}
        with self._lock:
            others = [(name, tables) for name, tables in self._syncs.items() if name != sync]
            found = [
                Claim(identity, name, tables.links[number].ids)
                for name, tables in others
                for identity in wanted
                for number in tables.identities.get(identity, ())
            ]
            under_way = [
                Claim(identity, name, intent.ids, under_way=True)
                for name, tables in others
                for batch in tables.batches.values()
                for intent in batch.intents
                for identity in intent.identities
                if identity in wanted
            ]
            return checks.in_order([*found, *under_way])

    def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        """Yield (id, version, member) of one side of every link, to be held against a full listing."""
        with self._lock:
            links = self._tables(sync).links.values()
            return iter([(link.ids[side], link.versions[side], link.members[side]) for link in links])

    def parked(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Parked]:
        """Return the parked rows of these ids, in order of their ids."""
        with self._lock:
            rows = self._tables(sync).parked
            return [rows[side, id_] for id_ in sorted(set(ids)) if (side, id_) in rows]

    def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        """Return the parked rows that hold any of the keys, in order of side and id."""
        with self._lock:
            tables = self._tables(sync)
            places = frozenset[tuple[Side, str]]().union(*(tables.sharing.get(key, ()) for key in keys))
            return [tables.parked[place] for place in sorted(places)]

    def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        """Return the parked rows whose retry has fallen due, in order of side and id."""
        moment = checks.instant(now)
        with self._lock:
            tables = self._tables(sync)
            due = sorted(place for place, at in tables.waiting.items() if at <= moment)
            return [tables.parked[place] for place in due]

    def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        """Return all parked rows, of one kind if asked for, ordered by first seen (unknown first), side and id."""
        with self._lock:
            rows = [row for row in self._tables(sync).parked.values() if kind is None or row.kind is kind]
            return sorted(rows, key=lambda row: (row.first_seen or _LONG_AGO, row.side, row.id))

    def batches(self, sync: str) -> Sequence[Batch]:
        """Return the batches that are not settled, oldest first."""
        with self._lock:
            batches = self._tables(sync).batches
            return [batches[number] for number in sorted(batches)]

    def unsettled(self, limit: int = 10) -> Sequence[Unsettled]:
        """Return the syncs with open intents, the one first that has had one open for longest."""
        with self._lock:
            found = [
                Unsettled(sync, min(batch.at for batch in tables.batches.values()), len(tables.batches))
                for sync, tables in self._syncs.items()
                if tables.batches
            ]
            return sorted(found, key=lambda one: (one.since, one.sync))[: max(limit, 0)]

    def runs(self, sync: str, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return the newest runs first, ``limit`` of them at most."""
        with self._lock:
            runs = self._tables(sync).runs
            newest = sorted(runs, reverse=True)[: max(limit, 0)]
            return [attrs.evolve(runs[number], counts=dict(runs[number].counts)) for number in newest]

    def _tables(self, sync: str) -> Tables:
        return self._syncs.get(sync) or Tables()


def _copied(head: Head) -> Head:
    """Return a head whose figures may be changed without changing what is kept."""
    return attrs.evolve(head, confirmed=dict(head.confirmed), parked=dict(head.parked))
