"""Provide the writing of parked rows and of their keys, for one commit into the tables of a database."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from tallystick.mapping import evolved
from tallystick.ports import Commit, Parked, ParkedKind, Side
from tallystick.state import checks, packing
from tallystick.state.connection import Connection
from tallystick.state.statements import PARKED_PLACE, Statement

Place = tuple[Side, str]


class _Known(NamedTuple):
    """What has to be known of a row that is replaced or cleared."""

    number: int
    kind: ParkedKind
    keys: tuple[bytes, ...]
    first_seen: datetime | None


def park(connection: Connection, name: str, sync: int, commit: Commit) -> Counter[ParkedKind]:
    """Clear and write parked rows of a sync; return by how many there are more, or fewer, of each kind."""
    known = _known(connection, name, commit)
    rows = _seen(commit, known)
    more = Counter(row.kind for row in rows.values())
    more.subtract(row.kind for row in known.values())
    _drop(connection, sync, [row for place, row in known.items() if place not in rows])
    _replace(connection, sync, [(row, rows.pop(place)) for place, row in known.items() if place in rows])
    _insert(connection, sync, list(rows.values()))
    return more


def _known(connection: Connection, name: str, commit: Commit) -> dict[Place, _Known]:
    """Return the rows that the commit clears or replaces."""
    ids: tuple[list[str], list[str]] = ([], [])
    for side, id_ in commit.cleared:
        ids[side].append(id_)
    for row in commit.parked:
        ids[row.side].append(row.id)
    return {
        (side, id_): _Known(number, packing.KINDS[kind], packing.to_keys(keys), packing.to_moment(first_seen))
        for side in Side
        for _, id_, _, kind, _, keys, _, first_seen, _, _, number in connection.look_up(
            Statement.PARKED, (name, int(side)), ids[side]
        )
    }


def _seen(commit: Commit, known: dict[Place, _Known]) -> dict[Place, Parked]:
    """Return the rows to write, one a record, with the time at which each was first seen."""
    first = {place: row.first_seen for place, row in known.items()}
    for place in commit.cleared:
        # Cleared and parked in one commit: seen for the first time again.
        first.pop(place, None)
    rows: dict[Place, Parked] = {}
    for row in commit.parked:
        place = (row.side, row.id)
        seen = first[place] = checks.earlier(checks.utc(row.first_seen), first.get(place))
        rows[place] = row if seen == row.first_seen else evolved(row, {"first_seen": seen})
    return rows


def _drop(connection: Connection, sync: int, rows: Sequence[_Known]) -> None:
    _change_keys(connection, Statement.DROP_KEY, [(sync, key, row.number) for row in rows for key in {*row.keys}])
    if rows:
        connection.change_each(Statement.DROP_PARKED, [(row.number,) for row in rows])


def _replace(connection: Connection, sync: int, rows: Sequence[tuple[_Known, Parked]]) -> None:
    """Write rows over those that are there: most say again what they said, so that no key comes or goes."""
    if not rows:
        return
    gone = [(sync, key, known.number) for known, row in rows for key in {*known.keys} - {*row.keys}]
    added = [(sync, key, known.number) for known, row in rows for key in {*row.keys} - {*known.keys}]
    _change_keys(connection, Statement.DROP_KEY, gone)
    values = [packing.parked_row(sync, row)[PARKED_PLACE:-1] for _, row in rows]
    numbers = [known.number for known, _ in rows]
    connection.change_each(Statement.SET_PARKED, [(*row, one) for row, one in zip(values, numbers, strict=True)])
    _change_keys(connection, Statement.INSERT_KEY, added)


def _insert(connection: Connection, sync: int, parked: list[Parked]) -> None:
    if not parked:
        return
    numbers = connection.insert_each(Statement.INSERT_PARKED, [packing.parked_row(sync, row) for row in parked])
    numbered = zip(numbers, parked, strict=True)
    keys = [(sync, key, number) for number, row in numbered for key in {*row.keys}]
    _change_keys(connection, Statement.INSERT_KEY, keys)


def _change_keys(connection: Connection, statement: Statement, keys: list[packing.Row]) -> None:
    if keys:
        connection.change_each(statement, keys)
