"""Provide the reading half of the states in a database: what is asked of the tables, and what the rows mean.

The names of layouts are long and few: links and batches hold their numbers, and :class:`Layouts` remembers the names.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tallystick.ports import Batch, Claim, Head, Link, Parked, ParkedKind, RunRow, Side, Unsettled
from tallystick.state import checks, packing
from tallystick.state.connection import Connection
from tallystick.state.faults import readable
from tallystick.state.statements import CLAIMS, LINKS, MARKS, Statement

_ANY = datetime.min.replace(tzinfo=UTC)


class Layouts:
    """The names of layouts by number, as far as they were needed; a number never gets another name."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers by name."""
        return {name: number for number, name in self.names.items()}

    def learn(self, connection: Connection, numbers: set[int]) -> None:
        """Read the names of layouts, if there are any that another worker has added."""
        if not numbers <= self.names.keys():
            self.names.update((number, name) for number, name in connection.rows(Statement.LAYOUTS))

    def add(self, numbers: dict[str, int]) -> None:
        """Take up the layouts that a commit has added."""
        self.names.update((number, name) for name, number in numbers.items())


def syncs(connection: Connection) -> list[str]:
    """Return the names of all syncs, in order."""
    return sorted(name for (name,) in connection.rows(Statement.SYNCS))


def head(connection: Connection, sync: str) -> Head:
    """Return the head of a sync; of one not yet known, a fresh one."""
    rows = connection.rows(Statement.HEAD, sync)
    with readable(connection.where):
        return packing.to_head(rows[0]) if rows else Head()


def links(connection: Connection, layouts: Layouts, sync: str, side: Side, ids: Sequence[str]) -> list[Link]:
    """Return the links of the ids that have one, in no particular order."""
    rows = connection.look_up(LINKS[side], (sync,), ids)
    layouts.learn(connection, {row[packing.LINK_LAYOUT] for row in rows})
    with readable(connection.where):
        return packing.to_links(rows, layouts.names)


def claims(connection: Connection, sync: str, identities: Sequence[bytes]) -> list[Claim]:
    """Return what all other syncs hold of these identities, by their links and open intents."""
    wanted = {*filter(None, identities)}
    rows = [row for statement in CLAIMS for row in connection.look_up(statement, (sync,), sorted(wanted))]
    with readable(connection.where):
        found = [Claim(identity, name, (left, right)) for identity, name, left, right in rows]
        under_way = [claim for row in connection.rows(Statement.CLAIMING, sync) for claim in packing.to_claims(row)]
    return checks.in_order([*found, *(claim for claim in under_way if claim.identity in wanted)])


def marks(connection: Connection, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
    """Return (id, version, member) of one side of every link."""
    rows = connection.rows(MARKS[side], sync)
    if not rows:
        return ()
    ids, versions, members = zip(*rows, strict=True)
    return zip(ids, versions, map(bool, members), strict=True)


def parked(connection: Connection, sync: str, side: Side, ids: Sequence[str]) -> list[Parked]:
    """Return the parked rows of these ids, in order of their ids."""
    rows = connection.look_up(Statement.PARKED, (sync, int(side)), ids)
    return _parked(connection, [row[:-1] for row in rows])


def parked_sharing(connection: Connection, sync: str, keys: Sequence[bytes]) -> list[Parked]:
    """Return the parked rows that hold any of the keys, in order of side and id."""
    return _parked(connection, set(connection.look_up(Statement.PARKED_SHARING, (sync,), keys)))


def parked_due(connection: Connection, sync: str, now: datetime) -> list[Parked]:
    """Return the parked rows whose retry has fallen due, in order of side and id."""
    return _parked(connection, connection.rows(Statement.PARKED_DUE, sync, packing.micros(now)))


def parked_list(connection: Connection, sync: str, kind: ParkedKind | None) -> list[Parked]:
    """Return all parked rows, of one kind if asked for, ordered by first seen (unknown first), side and id."""
    if kind is None:
        rows = connection.rows(Statement.PARKED_LIST, sync)
    else:
        rows = connection.rows(Statement.PARKED_LIST_KIND, sync, kind.value)
    return sorted(_parked(connection, rows), key=lambda row: (row.first_seen is not None, row.first_seen or _ANY))


def batches(connection: Connection, layouts: Layouts, sync: str) -> list[Batch]:
    """Return the batches that are not settled, oldest first."""
    rows = connection.rows(Statement.BATCHES, sync)
    layouts.learn(connection, {row[packing.BATCH_LAYOUT] for row in rows})
    with readable(connection.where):
        return [packing.to_batch(row, layouts.names) for row in rows]


def unsettled(connection: Connection, limit: int) -> list[Unsettled]:
    """Return the syncs whose batches are not settled, the one first whose oldest is open for longest."""
    rows = connection.rows(Statement.UNSETTLED, max(limit, 0))
    with readable(connection.where):
        return [Unsettled(sync, packing.known_moment(since), batches) for sync, since, batches in rows]


def runs(connection: Connection, sync: str, limit: int) -> list[RunRow]:
    """Return the newest runs first, ``limit`` of them at most."""
    rows = connection.rows(Statement.RUNS, sync, max(limit, 0))
    with readable(connection.where):
        return [packing.to_run(row) for row in rows]


def _parked(connection: Connection, rows: Iterable[packing.Row]) -> list[Parked]:
    """Return the rows in order of side and id."""
    with readable(connection.where):
        return sorted((packing.to_parked(row) for row in rows), key=lambda row: (row.side, row.id))
