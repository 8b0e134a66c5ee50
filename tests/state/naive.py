"""Provide a slow and obvious state: lists that are copied whole for every commit and searched from end to end."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from itertools import count

import attrs

from tallystick.errors import LeaseHeld, LeaseLost, StateError, StateMoved
from tallystick.ports import (
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

SET_RIGHT = timedelta(minutes=1)


@attrs.define
class Rows:
    """Everything of one sync."""

    head: Head = attrs.field(factory=Head)
    links: list[Link] = attrs.field(factory=list)
    parked: list[Parked] = attrs.field(factory=list)
    batches: list[Batch] = attrs.field(factory=list)
    runs: list[RunRow] = attrs.field(factory=list)


class NaiveState:
    """The commits of a state, as the contract tells them."""

    def __init__(self) -> None:
        self.syncs: dict[str, Rows] = {}
        self.numbers = count(1)
        self.leases: dict[str, Lease] = {}

    def rows(self, sync: str) -> Rows:
        """Return the rows of a sync."""
        return self.syncs.get(sync) or Rows()

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of the commit or nothing."""
        rows = deepcopy(self.rows(sync))
        lease = self.under(sync, commit.fence) if commit.fence else None
        if lease and commit.fence and lease.until <= commit.fence.now:
            raise LeaseLost("late")
        bid = commit.bid
        taken = self.taken(sync, bid.worker, bid.now, bid.span) if bid else None
        if commit.revision not in {None, rows.head.revision}:
            raise StateMoved("moved")
        if commit.newest_run not in {None, max((run.number for run in rows.runs), default=0)}:
            raise StateMoved("another run")
        commit = attrs.evolve(commit, newest_run=None, bid=None)
        if commit == Commit(commit.revision, fence=commit.fence):
            self.lease(sync, taken, commit.fence)
            return Committed(rows.head, lease=taken)
        if commit.close_all:
            rows.links, rows.parked, rows.batches = [], [], []
        batches = self._journal(rows, commit)
        self._link(rows, commit)
        _park(rows, commit)
        run = self._record(rows, commit.run)
        moved = commit != Commit(commit.revision, run=commit.run, fence=commit.fence)
        kinds = [row.kind for row in rows.parked]
        rows.head = attrs.evolve(
            rows.head,
            **commit.head,  # type: ignore[arg-type]
            revision=rows.head.revision + moved,
            links=len(rows.links),
            parked={kind: kinds.count(kind) for kind in set(kinds)},
        )
        self.syncs[sync] = rows
        self.lease(sync, taken, commit.fence)
        return Committed(rows.head, batches, run, taken)

    def lease(self, sync: str, taken: Lease | None, fence: Fence | None) -> None:
        """Keep the lease that a commit has taken, or renew the one that it shows."""
        if taken:
            self.leases[sync] = taken
        self.renew(sync, fence)

    def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> None:
        """Give the lease to the worker, if nobody else has it."""
        self.leases[sync] = self.taken(sync, worker, now, span)

    def taken(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease that the worker would be given."""
        known = self.leases.get(sync)
        if known and known.worker != worker and now < known.until <= now + (known.span or timedelta(0)) + SET_RIGHT:
            raise LeaseHeld("held", worker=known.worker, until=known.until)
        return Lease(worker, next(self.numbers), now + span, span)

    def renew(self, sync: str, fence: Fence | None) -> None:
        """Make the lease last, if it is still the one of the fence."""
        if fence:
            lease = self.under(sync, fence)
            until = fence.now + fence.span
            if lease.until <= until or lease.until > fence.now + (lease.span or timedelta(0)) + SET_RIGHT:
                self.leases[sync] = attrs.evolve(lease, until=until, span=fence.span)

    def release(self, sync: str, token: int) -> None:
        """Give the lease back, if it is still the one of the token."""
        if sync in self.leases and self.leases[sync].token == token:
            del self.leases[sync]

    def under(self, sync: str, fence: Fence) -> Lease:
        """Return the lease that a fence shows."""
        known = self.leases.get(sync)
        if not known or known.token != fence.token:
            raise LeaseLost("another's")
        return known

    def _journal(self, rows: Rows, commit: Commit) -> tuple[int, ...]:
        rows.batches = [batch for batch in rows.batches if batch.number not in commit.closed]
        for kept in commit.kept:
            numbers = [batch.number for batch in rows.batches]
            if kept.number not in numbers:
                raise StateError("no such batch")
            rows.batches[numbers.index(kept.number)] = kept
        opened = [attrs.evolve(batch, number=next(self.numbers)) for batch in commit.opened]
        rows.batches += opened
        return tuple(batch.number for batch in opened)

    def _link(self, rows: Rows, commit: Commit) -> None:
        rows.links = [link for link in rows.links if link.number not in commit.unlinked]
        for link in commit.links:
            if link.number:
                if link.number not in [old.number for old in rows.links]:
                    raise StateError("no such link")
                rows.links = [old for old in rows.links if old.number != link.number]
            rows.links.append(link if link.number else attrs.evolve(link, number=next(self.numbers)))
        for side in Side:
            ids = [link.ids[side] for link in rows.links]
            if len(ids) != len(set(ids)):
                raise StateError("linked twice")

    def _record(self, rows: Rows, run: RunRow | None) -> int:
        if run is None:
            return 0
        if not run.number:
            rows.runs.append(attrs.evolve(run, number=next(self.numbers)))
            return rows.runs[-1].number
        numbers = [old.number for old in rows.runs]
        if run.number not in numbers:
            raise StateError("no such run")
        rows.runs[numbers.index(run.number)] = run
        return run.number


def _park(rows: Rows, commit: Commit) -> None:
    rows.parked = [row for row in rows.parked if (row.side, row.id) not in commit.cleared]
    for row in commit.parked:
        known = [old for old in rows.parked if (old.side, old.id) == (row.side, row.id)]
        times = [time for time in (row.first_seen, *(old.first_seen for old in known)) if time]
        rows.parked = [old for old in rows.parked if old not in known]
        rows.parked.append(attrs.evolve(row, first_seen=min(times, default=None)))


def kinds(rows: Rows, kind: ParkedKind | None) -> list[Parked]:
    """Return the parked rows of a kind, or all, in the order of a list."""
    chosen = [row for row in rows.parked if kind is None or row.kind == kind]
    return sorted(chosen, key=lambda row: (bool(row.first_seen), row.first_seen or 0, row.side, row.id))


def claims(naive: NaiveState, sync: str, identities: Sequence[bytes]) -> list[Claim]:
    """Return what all other syncs hold of the identities."""
    found: list[Claim] = []
    for name, rows in naive.syncs.items():
        open_ = [intent for batch in rows.batches for intent in batch.intents]
        for identity in identities:
            if name != sync:
                found += [Claim(identity, name, link.ids) for link in rows.links if identity in link.identities]
                found += [Claim(identity, name, one.ids, under_way=True) for one in open_ if identity in one.identities]
    return sorted(set(found), key=lambda claim: (claim.sync, claim.ids, claim.under_way, claim.identity))
