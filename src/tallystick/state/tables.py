"""Provide the tables of one sync as they are kept in memory, and what a commit makes of them.

A commit first builds its changes beside the rows, and puts them in only when nothing can fail any more. Its cost
follows the number of changes, as it does with a database.
"""

from collections import Counter
from datetime import datetime
from typing import Generic, TypeVar

import attrs

from tallystick.ports import Batch, Commit, Committed, Head, Link, Parked, ParkedKind, RunRow, Side
from tallystick.state import checks

K = TypeVar("K")
V = TypeVar("V")
Place = tuple[Side, str]


@attrs.frozen
class Tables:
    """Everything kept of one sync.

    ``ids`` finds links by id, ``identities`` by identity, ``sharing`` parked rows by key, and ``waiting`` those that
    have a retry.
    """

    head: Head = attrs.field(factory=Head)
    links: dict[int, Link] = attrs.field(factory=dict)
    ids: tuple[dict[str, int], dict[str, int]] = attrs.field(factory=lambda: ({}, {}))
    identities: dict[bytes, frozenset[int]] = attrs.field(factory=dict)
    parked: dict[Place, Parked] = attrs.field(factory=dict)
    sharing: dict[bytes, frozenset[Place]] = attrs.field(factory=dict)
    waiting: dict[Place, datetime] = attrs.field(factory=dict)
    batches: dict[int, Batch] = attrs.field(factory=dict)
    runs: dict[int, RunRow] = attrs.field(factory=dict)


class Draft(Generic[K, V]):
    """A table and what a commit changes of it; ``empty`` leaves the rows of before behind."""

    def __init__(self, rows: dict[K, V], *, empty: bool) -> None:
        self._rows: dict[K, V] = {} if empty else rows
        self._changes: dict[K, V | None] = {}

    def get(self, key: K) -> V | None:
        """Return the row as it would be after the commit."""
        return self._changes[key] if key in self._changes else self._rows.get(key)

    def put(self, key: K, value: V) -> None:
        """Add or replace a row."""
        self._changes[key] = value

    def drop(self, key: K) -> None:
        """Remove a row, if it is there."""
        self._changes[key] = None

    def take(self) -> dict[K, V]:
        """Put the changes in and return the table."""
        for key, value in self._changes.items():
            if value is None:
                self._rows.pop(key, None)
            else:
                self._rows[key] = value
        return self._rows


class Change:
    """One commit on its way into the tables of one sync; ``last`` holds the last number given of each kind."""

    def __init__(self, sync: str, tables: Tables, commit: Commit, last: Counter[str]) -> None:
        empty = commit.close_all
        self.last: Counter[str] = last.copy()
        self._sync = sync
        self._commit = commit
        self._head = tables.head
        self._links = Draft(tables.links, empty=empty)
        self._ids = (Draft(tables.ids[0], empty=empty), Draft(tables.ids[1], empty=empty))
        self._identities = Draft(tables.identities, empty=empty)
        self._parked = Draft(tables.parked, empty=empty)
        self._sharing = Draft(tables.sharing, empty=empty)
        self._waiting = Draft(tables.waiting, empty=empty)
        self._batches = Draft(tables.batches, empty=empty)
        self._runs = Draft(tables.runs, empty=False)
        self._count = 0 if empty else tables.head.links
        self._kinds: Counter[ParkedKind] = Counter({} if empty else tables.head.parked)

    def take(self) -> tuple[Tables, Committed]:
        """Return the tables after the commit, and the answer to it."""
        batches = self._journal()
        self._link()
        self._park()
        run = self._record()
        head = checks.next_head(self._head, self._commit, self._count, self._kinds)
        # From here on nothing can fail.
        tables = Tables(
            head=head,
            links=self._links.take(),
            ids=(self._ids[0].take(), self._ids[1].take()),
            identities=self._identities.take(),
            parked=self._parked.take(),
            sharing=self._sharing.take(),
            waiting=self._waiting.take(),
            batches=self._batches.take(),
            runs=self._runs.take(),
        )
        return tables, Committed(head, batches, run)

    def _next(self, kind: str) -> int:
        self.last[kind] += 1
        return self.last[kind]

    def _journal(self) -> tuple[int, ...]:
        for number in self._commit.closed:
            self._batches.drop(number)
        for batch in self._commit.kept:
            if self._batches.get(batch.number) is None:
                raise checks.no_such_row(self._sync, "batch")
            self._batches.put(batch.number, attrs.evolve(batch, at=checks.instant(batch.at)))
        numbers = tuple(self._next("batch") for _ in self._commit.opened)
        for number, batch in zip(numbers, self._commit.opened, strict=True):
            self._batches.put(number, attrs.evolve(batch, at=checks.instant(batch.at), number=number))
        return numbers

    def _link(self) -> None:
        for number in self._commit.unlinked:
            self._unlink(number)
        replaced = {link.number: link for link in self._commit.links if link.number}
        # All leave before any comes back, so that an id may pass from one link to another.
        for number in replaced:
            if not self._unlink(number):
                raise checks.no_such_row(self._sync, "link")
        new = [attrs.evolve(link, number=self._next("link")) for link in self._commit.links if not link.number]
        for link in [*replaced.values(), *new]:
            self._count += 1
            self._links.put(link.number, link)
            for side in Side:
                if self._ids[side].get(link.ids[side]) is not None:
                    raise checks.linked_twice(self._sync, side)
                self._ids[side].put(link.ids[side], link.number)
            for identity in filter(None, link.identities):
                self._identities.put(identity, (self._identities.get(identity) or frozenset()) | {link.number})

    def _unlink(self, number: int) -> bool:
        link = self._links.get(number)
        if link is None:
            return False
        self._count -= 1
        self._links.drop(number)
        for side in Side:
            self._ids[side].drop(link.ids[side])
        for identity in filter(None, link.identities):
            others = (self._identities.get(identity) or frozenset()) - {number}
            if others:
                self._identities.put(identity, others)
            else:
                self._identities.drop(identity)
        return True

    def _park(self) -> None:
        for place in self._commit.cleared:
            self._clear(place)
        for row in self._commit.parked:
            place = (row.side, row.id)
            known = self._clear(place)
            kept = attrs.evolve(
                row,
                first_seen=checks.earlier(checks.utc(row.first_seen), known.first_seen if known else None),
                last_seen=checks.utc(row.last_seen),
                retry_at=checks.utc(row.retry_at),
            )
            self._kinds[row.kind] += 1
            self._parked.put(place, kept)
            if kept.retry_at is not None:
                self._waiting.put(place, kept.retry_at)
            for key in row.keys:
                self._sharing.put(key, (self._sharing.get(key) or frozenset()) | {place})

    def _clear(self, place: Place) -> Parked | None:
        row = self._parked.get(place)
        if row is None:
            return None
        self._kinds[row.kind] -= 1
        self._parked.drop(place)
        self._waiting.drop(place)
        for key in row.keys:
            others = (self._sharing.get(key) or frozenset()) - {place}
            if others:
                self._sharing.put(key, others)
            else:
                self._sharing.drop(key)
        return row

    def _record(self) -> int:
        run = self._commit.run
        if run is None:
            return 0
        if run.number and self._runs.get(run.number) is None:
            raise checks.no_such_row(self._sync, "run")
        number = run.number or self._next("run")
        kept = attrs.evolve(
            run,
            number=number,
            enqueued=checks.utc(run.enqueued),
            started=checks.utc(run.started),
            ended=checks.utc(run.ended),
            counts=dict(run.counts),
        )
        self._runs.put(number, kept)
        return number
