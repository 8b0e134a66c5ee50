"""Provide the taking of one commit into the tables of SQLite, within a transaction that the caller begins and ends.

Every step costs by the number of changes: rows are found by number or by id, and the head's row counts follow from
what the statements say they did.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from tallystick.ports import Commit, Committed, Head, Lease, Link, RunRow, Side
from tallystick.state import checks, leases, packing, statements
from tallystick.state.parking import park


def known_lease(connection: sqlite3.Connection, sync: str) -> Lease | None:
    """Return the lease of a sync, as its last holder had it."""
    row = connection.execute(statements.LEASE, (sync,)).fetchone()
    return packing.to_lease(row) if row else None


def store_lease(connection: sqlite3.Connection, sync: str, lease: Lease) -> None:
    """Write the lease of a sync."""
    connection.execute(statements.SET_LEASE, packing.lease_row(sync, lease))


class Writing:
    """One commit on its way into the tables; ``layouts`` are the numbers of those known, ``fresh`` of those added."""

    def __init__(self, connection: sqlite3.Connection, sync: str, layouts: Mapping[str, int]) -> None:
        self.fresh: dict[str, int] = {}
        self._connection = connection
        self._name = sync
        self._layouts = dict(layouts)
        row = connection.execute(statements.NUMBERED_HEAD, (sync,)).fetchone()
        self._sync: int = row[0] if row else 0
        self._head = packing.to_head(row[1:]) if row else Head()

    def take(self, commit: Commit) -> Committed:
        """Take the commit; what it did before it raised is the caller's to roll back."""
        if commit.fence is not None:
            store_lease(
                self._connection,
                self._name,
                leases.kept(known_lease(self._connection, self._name), self._name, commit.fence),
            )
        checks.check_revision(self._name, commit, self._head)
        moves = checks.moves(commit)
        if not moves and commit.run is None:
            return Committed(self._head)
        if not self._sync:
            self._sync = self._insert(statements.INSERT_HEAD, (*packing.head_row(self._head), self._name))
        batches = self._change(commit) if moves else ()
        run = self._record(commit.run) if commit.run else 0
        return Committed(self._head, batches, run)

    def _change(self, commit: Commit) -> tuple[int, ...]:
        """Write everything but the run, and return the numbers of the batches."""
        count, kinds = self._head.links, Counter(self._head.parked)
        if commit.close_all:
            count, kinds = 0, Counter()
            for statement in statements.DROP_ALL:
                self._connection.execute(statement, (self._sync,))
        self._name_layouts(commit)
        batches = self._journal(commit)
        count += self._link(commit)
        if commit.parked or commit.cleared:
            kinds.update(park(self._connection, self._sync, commit))
        self._head = checks.next_head(self._head, commit, count, kinds)
        self._connection.execute(statements.SET_HEAD, (*packing.head_row(self._head), self._sync))
        return batches

    def _insert(self, statement: str, row: packing.Row) -> int:
        return self._connection.execute(statement, row).lastrowid or 0

    def _each(self, statement: str, rows: Iterable[packing.Row]) -> int:
        """Run the statement for every row and return how many rows of the table it changed in all."""
        return max(self._connection.executemany(statement, rows).rowcount, 0)

    def _numbers(self, numbers: Iterable[int]) -> list[packing.Row]:
        return [(self._sync, number) for number in numbers]

    def _name_layouts(self, commit: Commit) -> None:
        named = {link.layout for link in commit.links}
        named.update(batch.layout for batch in (*commit.opened, *commit.kept))
        for name in sorted(named - self._layouts.keys()):
            found = self._connection.execute(statements.FIND_LAYOUT, (name,)).fetchone()
            self.fresh[name] = found[0] if found else self._insert(statements.INSERT_LAYOUT, (name,))
        self._layouts |= self.fresh

    def _journal(self, commit: Commit) -> tuple[int, ...]:
        if commit.closed:
            self._each(statements.DROP_BATCH, self._numbers(commit.closed))
        for batch in commit.kept:
            row = packing.batch_row(self._sync, batch, self._layouts)
            if not self._connection.execute(statements.SET_BATCH, row).rowcount:
                raise checks.no_such_row(self._name, "batch")
        opened = (attrs.evolve(batch, number=0) for batch in commit.opened)
        return tuple(
            self._insert(statements.INSERT_BATCH, packing.batch_row(self._sync, batch, self._layouts))
            for batch in opened
        )

    def _link(self, commit: Commit) -> int:
        """Write the links and return by how many there are more."""
        gone = self._each(statements.DROP_LINK, self._numbers(commit.unlinked)) if commit.unlinked else 0
        replaced = {link.number: link for link in commit.links if link.number}
        new = [link for link in commit.links if not link.number]
        try:
            if replaced:
                self._replace(list(replaced.values()))
            if new:
                self._each(statements.INSERT_LINK, packing.link_rows(self._sync, new, self._layouts))
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
                raise
            side = Side.LEFT if "left_id" in str(error) else Side.RIGHT
            raise checks.linked_twice(self._name, side) from None
        return len(new) - gone

    def _replace(self, links: Sequence[Link]) -> None:
        rows = list(packing.link_rows(self._sync, links, self._layouts))
        if self._each(statements.SET_LINK, rows) == len(rows):
            return
        # Some take other ids. All leave before any comes back, so that an id may pass from one link to another.
        if self._each(statements.DROP_LINK, self._numbers(link.number for link in links)) != len(rows):
            raise checks.no_such_row(self._name, "link")
        self._each(statements.INSERT_LINK, rows)

    def _record(self, run: RunRow) -> int:
        row = packing.run_row(self._sync, run)
        if not run.number:
            return self._insert(statements.INSERT_RUN, row)
        if not self._connection.execute(statements.SET_RUN, row).rowcount:
            raise checks.no_such_row(self._name, "run")
        return run.number
