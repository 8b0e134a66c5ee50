"""Provide the taking of one commit into the tables of a database, within a transaction that the caller begins and ends.

Every step costs by the number of changes: rows are found by number or by id, and the head's row counts follow from
what the statements say they did.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tallystick.ports import KEPT_RUNS, Commit, Committed, Fence, Head, Lease, Link, RunRow
from tallystick.state import checks, leases, packing
from tallystick.state.connection import Connection, LinkedTwice
from tallystick.state.faults import readable
from tallystick.state.parking import park
from tallystick.state.statements import DROP_ALL, Statement


def acquire(connection: Connection, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
    """Return the lease of a sync, for a worker by name; raise LeaseHeld while another worker has it."""
    known = _lease(connection, sync)
    lease = leases.taken(known, sync, worker, connection.now(now), span)
    connection.change(Statement.SET_LEASE if known else Statement.INSERT_LEASE, packing.lease_row(sync, lease))
    return lease


def renew(connection: Connection, sync: str, fence: Fence) -> Lease:
    """Return the lease, made to last for the fence's span; raise LeaseLost where another worker has taken it."""
    known = _lease(connection, sync)
    lease = leases.renewed(known, sync, _told(connection, fence))
    connection.change(Statement.SET_LEASE, packing.lease_row(sync, lease))
    return lease


def _told(connection: Connection, fence: Fence) -> Fence:
    """Return what a commit shows of its lease, by the clock that leases go by."""
    now = connection.now(fence.now)
    return fence if now is fence.now else Fence(fence.token, now, fence.span)


def release(connection: Connection, sync: str, token: int) -> None:
    """Give a lease back; without effect where it is another's by now."""
    lease = leases.released(_lease(connection, sync), token)
    if lease is not None:
        connection.change(Statement.SET_LEASE, packing.lease_row(sync, lease))


def held(connection: Connection, sync: str, now: datetime) -> Lease | None:
    """Return the lease that somebody has now, None where nobody does."""
    return leases.held(_lease(connection, sync), connection.now(now))


def _lease(connection: Connection, sync: str) -> Lease | None:
    """Return the lease of a sync as its last holder had it; nobody else changes it within this transaction."""
    rows = connection.rows(Statement.LEASE, sync)
    return packing.to_lease(rows[0]) if rows else None


def prune(connection: Connection, sync: str, before: datetime) -> int:
    """Drop the rows of runs that ended before a time, all but the latest; return how many."""
    moment = packing.micros(before)
    heads = connection.rows(Statement.NUMBERED_HEAD, sync)
    latest = connection.rows(Statement.RUNS, sync, KEPT_RUNS)
    if not heads or len(latest) < KEPT_RUNS:
        return 0
    return connection.change(Statement.PRUNE_RUNS, (heads[0][0], latest[-1][0], moment))


class Writing:
    """One commit on its way into the tables; ``layouts`` are the numbers of those known, ``fresh`` of those added."""

    def __init__(self, connection: Connection, sync: str, layouts: Mapping[str, int]) -> None:
        self.fresh: dict[str, int] = {}
        self._connection = connection
        self._name = sync
        self._layouts = dict(layouts)
        self._sync = 0
        self._head: Head

    def take(self, commit: Commit) -> Committed:
        """Take the commit; what it did before it raised is the caller's to roll back."""
        bid = commit.bid
        lease = acquire(self._connection, self._name, bid.worker, bid.now, bid.span) if bid else None
        if commit.fence is not None:
            self._pass(commit.fence, last=commit.last)
        rows = self._connection.rows(Statement.NUMBERED_HEAD, self._name)
        with readable(self._connection.where):
            self._sync, self._head = (rows[0][0], packing.to_head(rows[0][1:])) if rows else (0, Head())
        checks.check_revision(self._name, commit, self._head)
        if commit.newest_run is not None:
            newest = self._connection.rows(Statement.RUNS, self._name, 1)
            checks.check_newest_run(self._name, commit, newest[0][0] if newest else 0)
        moves = checks.moves(commit)
        if not moves and commit.run is None:
            return Committed(self._head, lease=lease)
        if not self._sync:
            row = (*packing.head_row(self._head), self._name)
            self._sync = self._connection.insert(Statement.INSERT_HEAD, row)
        batches = self._change(commit) if moves else ()
        run = self._record(commit.run) if commit.run else 0
        return Committed(self._head, batches, run, lease)

    def _pass(self, fence: Fence, *, last: bool) -> None:
        """Be let in under a lease, and renew it or give it back."""
        known = _lease(self._connection, self._name)
        lease = leases.let_in(known, self._name, _told(self._connection, fence), last=last)
        self._connection.change(Statement.SET_LEASE, packing.lease_row(self._name, lease))

    def _change(self, commit: Commit) -> tuple[int, ...]:
        """Write everything but the run, and return the numbers of the batches."""
        count, kinds = self._head.links, Counter(self._head.parked)
        if commit.close_all:
            count, kinds = 0, Counter()
            for statement in DROP_ALL:
                self._connection.change(statement, (self._sync,))
        self._name_layouts(commit)
        batches = self._journal(commit)
        count += self._link(commit)
        if commit.parked or commit.cleared:
            with readable(self._connection.where):
                kinds.update(park(self._connection, self._name, self._sync, commit))
        self._head = checks.next_head(self._head, commit, count, kinds)
        self._connection.change(Statement.SET_HEAD, (*packing.head_row(self._head), self._sync))
        return batches

    def _numbers(self, numbers: Iterable[int]) -> list[packing.Row]:
        return [(self._sync, number) for number in numbers]

    def _name_layouts(self, commit: Commit) -> None:
        named = {link.layout for link in commit.links}
        named.update(batch.layout for batch in (*commit.opened, *commit.kept))
        for name in sorted(named - self._layouts.keys()):
            found = self._connection.rows(Statement.FIND_LAYOUT, name)
            self.fresh[name] = found[0][0] if found else self._connection.insert(Statement.INSERT_LAYOUT, (name,))
        self._layouts |= self.fresh

    def _journal(self, commit: Commit) -> tuple[int, ...]:
        if commit.closed:
            self._connection.change_each(Statement.DROP_BATCH, self._numbers(commit.closed))
        for batch in commit.kept:
            row = packing.batch_row(self._sync, batch, self._layouts)
            if not self._connection.change(Statement.SET_BATCH, (*row, batch.number)):
                raise checks.no_such_row(self._name, "batch")
        return tuple(
            self._connection.insert(Statement.INSERT_BATCH, packing.batch_row(self._sync, batch, self._layouts))
            for batch in commit.opened
        )

    def _link(self, commit: Commit) -> int:
        """Write the links and return by how many there are more."""
        gone = 0
        if commit.unlinked:
            gone = self._connection.change_each(Statement.DROP_LINK, self._numbers(dict.fromkeys(commit.unlinked)))
        replaced = {link.number: link for link in commit.links if link.number}
        new = [link for link in commit.links if not link.number]
        try:
            if replaced:
                self._replace(list(replaced.values()))
            if new:
                self._insert(new)
        except LinkedTwice as error:
            raise checks.linked_twice(self._name, error.side) from None
        return len(new) - gone

    def _insert(self, links: Sequence[Link]) -> None:
        if {link.identities for link in links} == {packing.NOBODY}:
            rows = packing.plain_link_rows(self._sync, links, self._layouts)
            self._connection.change_each(Statement.INSERT_LINK, rows)
        else:
            rows = packing.link_rows(self._sync, links, self._layouts)
            self._connection.change_each(Statement.INSERT_IDENTIFIED_LINK, rows)

    def _replace(self, links: Sequence[Link]) -> None:
        rows = list(packing.link_rows(self._sync, links, self._layouts))
        if self._connection.change_each(Statement.SET_LINK, rows) == len(rows):
            return
        # Some take other ids. All leave before any comes back, so that an id may pass from one link to another.
        gone = self._connection.change_each(Statement.DROP_LINK, self._numbers(link.number for link in links))
        if gone != len(rows):
            raise checks.no_such_row(self._name, "link")
        self._connection.change_each(Statement.RETURN_LINK, rows)

    def _record(self, run: RunRow) -> int:
        row = packing.run_row(self._sync, run)
        if not run.number:
            return self._connection.insert(Statement.INSERT_RUN, row)
        if not self._connection.change(Statement.SET_RUN, (*row, run.number)):
            raise checks.no_such_row(self._name, "run")
        return run.number
