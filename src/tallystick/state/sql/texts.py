"""Provide the statements in SQLAlchemy's words, for any database that it speaks to."""

from collections.abc import Sequence
from typing import Any

import attrs
from sqlalchemy import ColumnElement, Executable, Table, bindparam, delete, func, insert, select, update

from tallystick.ports import Side
from tallystick.state.sql.tables import Tables
from tallystick.state.statements import (
    BATCH,
    CLAIMS,
    HEAD,
    LEASE,
    LINK,
    LINK_FACTS,
    LINK_VALUES,
    LINKS,
    MARKS,
    PARKED_PLACE,
    PARKED_VALUES,
    RUN,
    Statement,
)

PLACES = [f"p{number}" for number in range(32)]
CHUNK = "chunk"
"""The name of the place for the values of a look-up."""


@attrs.frozen
class Prepared:
    """A statement, and the names of its places in the order of a row."""

    statement: Executable
    names: Sequence[str]


def prepare(tables: Tables) -> dict[Statement, Prepared]:
    """Return all statements on these tables."""
    return {**_links(tables), **_parked(tables), **_reading(tables), **_writing(tables), **_dropping(tables)}


def _links(tables: Tables) -> dict[Statement, Prepared]:
    links, syncs = tables.links, tables.syncs
    found: dict[Statement, Prepared] = {}
    for side in Side:
        own, identity = links.c[f"{side.label}_id"], links.c[f"{side.label}_identity"]
        marks = select(own, links.c[f"{side.label}_version"], links.c.members.bitwise_and(1 << side))
        claims = select(identity, syncs.c.name, links.c.left_id, links.c.right_id).where(*_of_others(tables, links))
        found[LINKS[side]] = _asking(select(*_columns(links, LINK)).where(_of_sync(tables, links), _within(own)), 1)
        found[MARKS[side]] = _asking(marks.where(_of_sync(tables, links)), 1)
        found[CLAIMS[side]] = _asking(claims.where(_within(identity)), 1)
    return found


def _parked(tables: Tables) -> dict[Statement, Prepared]:
    parked, keys = tables.parked, tables.parked_keys
    of_sync, of_side = _of_sync(tables, parked), _is(parked, "side", 1)
    sharing = select(keys.c.parked).where(_of_sync(tables, keys), _within(keys.c.key))
    of_parked = select(*_columns(parked, PARKED_VALUES)).where
    numbered = select(*_columns(parked, [*PARKED_VALUES, "number"])).where
    return {
        Statement.PARKED: _asking(numbered(of_sync, of_side, _within(parked.c.id)), 2),
        Statement.PARKED_SHARING: _asking(of_parked(parked.c.number.in_(sharing)), 1),
        Statement.PARKED_DUE: _asking(of_parked(of_sync, parked.c.retry_at <= _place(parked.c.retry_at, 1)), 2),
        Statement.PARKED_LIST: _asking(of_parked(of_sync), 1),
        Statement.PARKED_LIST_KIND: _asking(of_parked(of_sync, _is(parked, "kind", 1)), 2),
    }


def _reading(tables: Tables) -> dict[Statement, Prepared]:
    syncs, batches, runs = tables.syncs, tables.batches, tables.runs
    claiming = select(syncs.c.name, batches.c.intents).where(*_of_others(tables, batches))
    unsettled = (
        select(syncs.c.name, func.min(batches.c.at).label("since"), func.count())
        .where(batches.c.sync == syncs.c.number)
        .group_by(syncs.c.name)
        .order_by("since", syncs.c.name)
    )
    newest = select(*_columns(runs, ["number", *RUN])).where(_of_sync(tables, runs)).order_by(runs.c.number.desc())
    lease = select(*_columns(tables.leases, LEASE)).where(_is(tables.leases, "sync", 0))
    numbered = select(*_columns(syncs, ["number", *HEAD])).where(_is(syncs, "name", 0))
    return {
        Statement.SYNCS: _asking(select(syncs.c.name), 0),
        Statement.HEAD: _asking(select(*_columns(syncs, HEAD)).where(_is(syncs, "name", 0)), 1),
        Statement.LAYOUTS: _asking(select(*_columns(tables.layouts, ["number", "name"])), 0),
        Statement.CLAIMING: _asking(claiming.where(batches.c.claims.is_not(None)), 1),
        Statement.BATCHES: _asking(
            select(*_columns(batches, ["number", *BATCH])).where(_of_sync(tables, batches)).order_by(batches.c.number),
            1,
        ),
        Statement.UNSETTLED: _asking(unsettled.limit(bindparam(PLACES[0])), 1),
        Statement.RUNS: _asking(newest.limit(bindparam(PLACES[1])), 2),
        Statement.LEASE: _asking(lease.with_for_update(), 1),
        Statement.NUMBERED_HEAD: _asking(numbered.with_for_update(), 1),
        Statement.FIND_LAYOUT: _asking(select(tables.layouts.c.number).where(_is(tables.layouts, "name", 0)), 1),
    }


def _writing(tables: Tables) -> dict[Statement, Prepared]:
    ids = ("sync", "left_id", "right_id")
    return {
        Statement.INSERT_LEASE: _inserting(tables.leases, *LEASE, "sync"),
        Statement.SET_LEASE: _setting(tables.leases, LEASE, "sync"),
        Statement.INSERT_HEAD: _inserting(tables.syncs, *HEAD, "name", numbered=True),
        Statement.SET_HEAD: _setting(tables.syncs, HEAD, "number"),
        Statement.INSERT_LAYOUT: _inserting(tables.layouts, "name", numbered=True),
        Statement.INSERT_LINK: _inserting(tables.links, *LINK_FACTS, *ids),
        Statement.INSERT_IDENTIFIED_LINK: _inserting(tables.links, *LINK_VALUES, *ids),
        Statement.RETURN_LINK: _inserting(tables.links, *LINK_VALUES, *ids, "number"),
        Statement.SET_LINK: _setting(tables.links, LINK_VALUES, "sync", "left_id", "right_id", "number"),
        Statement.SET_PARKED: _setting(tables.parked, PARKED_VALUES[PARKED_PLACE:], "number"),
        Statement.INSERT_PARKED: _inserting(tables.parked, *PARKED_VALUES, "sync", numbered=True),
        Statement.INSERT_KEY: _inserting(tables.parked_keys, "sync", "key", "parked"),
        Statement.INSERT_BATCH: _inserting(tables.batches, *BATCH, "sync", numbered=True),
        Statement.SET_BATCH: _setting(tables.batches, BATCH, "sync", "number"),
        Statement.INSERT_RUN: _inserting(tables.runs, *RUN, "sync", numbered=True),
        Statement.SET_RUN: _setting(tables.runs, RUN, "sync", "number"),
    }


def _dropping(tables: Tables) -> dict[Statement, Prepared]:
    return {
        Statement.DROP_LINKS: _deleting(tables.links, "sync"),
        Statement.DROP_ALL_PARKED: _deleting(tables.parked, "sync"),
        Statement.DROP_KEYS: _deleting(tables.parked_keys, "sync"),
        Statement.DROP_BATCHES: _deleting(tables.batches, "sync"),
        Statement.DROP_LINK: _deleting(tables.links, "sync", "number"),
        Statement.DROP_PARKED: _deleting(tables.parked, "number"),
        Statement.DROP_KEY: _deleting(tables.parked_keys, "sync", "key", "parked"),
        Statement.DROP_BATCH: _deleting(tables.batches, "sync", "number"),
        Statement.PRUNE_RUNS: _asking(
            delete(tables.runs).where(
                _is(tables.runs, "sync", 0),
                tables.runs.c.number < _place(tables.runs.c.number, 1),
                tables.runs.c.ended < _place(tables.runs.c.ended, 2),
            ),
            3,
        ),
    }


def _place(column: ColumnElement[Any], number: int) -> ColumnElement[Any]:
    return bindparam(PLACES[number], type_=column.type)


def _is(table: Table, column: str, number: int) -> ColumnElement[bool]:
    return table.c[column] == _place(table.c[column], number)


def _within(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.in_(bindparam(CHUNK, type_=column.type, expanding=True))


def _columns(table: Table, names: Sequence[str]) -> list[ColumnElement[Any]]:
    return [table.c[name] for name in names]


def _of_sync(tables: Tables, table: Table) -> ColumnElement[bool]:
    """Return that rows are of the sync that is named first."""
    syncs = tables.syncs
    return table.c.sync == select(syncs.c.number).where(_is(syncs, "name", 0)).scalar_subquery()


def _of_others(tables: Tables, table: Table) -> tuple[ColumnElement[bool], ...]:
    """Return that rows are of any sync but the one that is named first."""
    syncs = tables.syncs
    return table.c.sync == syncs.c.number, syncs.c.name != _place(syncs.c.name, 0)


def _asking(statement: Executable, places: int) -> Prepared:
    return Prepared(statement, PLACES[:places])


def _inserting(table: Table, *names: str, numbered: bool = False) -> Prepared:
    statement = insert(table)
    if numbered:
        return Prepared(statement.returning(table.c.number, sort_by_parameter_order=True), names)
    return Prepared(statement, names)


def _setting(table: Table, columns: Sequence[str], *where: str) -> Prepared:
    values = {name: _place(table.c[name], at) for at, name in enumerate(columns)}
    conditions = [_is(table, name, at) for at, name in enumerate(where, len(columns))]
    return Prepared(update(table).values(values).where(*conditions), PLACES[: len(columns) + len(where)])


def _deleting(table: Table, *where: str) -> Prepared:
    conditions = [_is(table, name, at) for at, name in enumerate(where)]
    return Prepared(delete(table).where(*conditions), PLACES[: len(where)])
