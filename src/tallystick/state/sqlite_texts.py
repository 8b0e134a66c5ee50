"""Provide the texts of the statements in SQLite's words, each one constant, so that SQLite compiles it once.

``?*`` stands for as many values as are looked up at once (:mod:`.sqlite_connection`).
"""

# ruff: noqa: S608 -- every text is put together here, from constants only

from collections.abc import Sequence

from tallystick.ports import Side
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

_NAMED = "{0} JOIN syncs ON syncs.number = {0}.sync"
_OF_SYNC = "sync = (SELECT number FROM syncs WHERE name = ?)"


def _select(columns: Sequence[str], table: str, where: str) -> str:
    return f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"


def _insert(table: str, *columns: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"


def _update(table: str, columns: Sequence[str], *where: str) -> str:
    return f"UPDATE {table} SET {_places(columns, ', ')} WHERE {_places(where, ' AND ')}"


def _delete(table: str, *where: str) -> str:
    return f"DELETE FROM {table} WHERE {_places(where, ' AND ')}"


def _places(columns: Sequence[str], between: str) -> str:
    return between.join(f"{column} = ?" for column in columns)


def _links(side: Side) -> str:
    return _select(LINK, "links", f"{_OF_SYNC} AND {side.label}_id IN (?*)")


def _claims(side: Side) -> str:
    identity = f"{side.label}_identity"
    columns = [identity, "syncs.name", "left_id", "right_id"]
    return _select(columns, _NAMED.format("links"), f"syncs.name != ? AND {identity} IN (?*)")


def _marks(side: Side) -> str:
    """Go through the index of syncs: in the order of the file, where SQLite by itself would take that of the ids."""
    columns = [f"{side.label}_id", f"{side.label}_version", f"members & {1 << side}"]
    return _select(columns, "links INDEXED BY links_of_sync", _OF_SYNC)


TEXTS: dict[Statement, str] = {
    Statement.SYNCS: "SELECT name FROM syncs",
    Statement.HEAD: _select(HEAD, "syncs", "name = ?"),
    Statement.LAYOUTS: "SELECT number, name FROM layouts",
    **{LINKS[side]: _links(side) for side in Side},
    **{MARKS[side]: _marks(side) for side in Side},
    **{CLAIMS[side]: _claims(side) for side in Side},
    Statement.CLAIMING: _select(
        ["syncs.name", "intents"], _NAMED.format("batches"), "claims IS NOT NULL AND syncs.name != ?"
    ),
    Statement.PARKED: _select([*PARKED_VALUES, "number"], "parked", f"{_OF_SYNC} AND side = ? AND id IN (?*)"),
    Statement.PARKED_SHARING: _select(
        PARKED_VALUES, "parked", f"number IN (SELECT parked FROM parked_keys WHERE {_OF_SYNC} AND key IN (?*))"
    ),
    Statement.PARKED_DUE: _select(PARKED_VALUES, "parked", f"{_OF_SYNC} AND retry_at <= ?"),
    Statement.PARKED_LIST: _select(PARKED_VALUES, "parked", _OF_SYNC),
    Statement.PARKED_LIST_KIND: _select(PARKED_VALUES, "parked", f"{_OF_SYNC} AND kind = ?"),
    Statement.BATCHES: _select(["number", *BATCH], "batches", f"{_OF_SYNC} ORDER BY number"),
    Statement.UNSETTLED: (
        f"SELECT syncs.name, MIN(at) AS since, COUNT(*) FROM {_NAMED.format('batches')}"
        " GROUP BY syncs.name ORDER BY since, syncs.name LIMIT ?"
    ),
    Statement.RUNS: _select(["number", *RUN], "runs", f"{_OF_SYNC} ORDER BY number DESC LIMIT ?"),
    Statement.LEASE: _select(LEASE, "leases", "sync = ?"),
    Statement.INSERT_LEASE: _insert("leases", *LEASE, "sync"),
    Statement.SET_LEASE: _update("leases", LEASE, "sync"),
    Statement.NUMBERED_HEAD: _select(["number", *HEAD], "syncs", "name = ?"),
    Statement.INSERT_HEAD: _insert("syncs", *HEAD, "name"),
    Statement.SET_HEAD: _update("syncs", HEAD, "number"),
    Statement.FIND_LAYOUT: "SELECT number FROM layouts WHERE name = ?",
    Statement.INSERT_LAYOUT: _insert("layouts", "name"),
    Statement.DROP_LINKS: _delete("links", "sync"),
    Statement.DROP_ALL_PARKED: _delete("parked", "sync"),
    Statement.DROP_KEYS: _delete("parked_keys", "sync"),
    Statement.DROP_BATCHES: _delete("batches", "sync"),
    Statement.DROP_LINK: _delete("links", "sync", "number"),
    # Fewer values than a link has: to hand SQLite one that is None takes longer than one that is there.
    Statement.INSERT_LINK: _insert("links", *LINK_FACTS, "sync", "left_id", "right_id"),
    Statement.INSERT_IDENTIFIED_LINK: _insert("links", *LINK_VALUES, "sync", "left_id", "right_id", "number"),
    Statement.RETURN_LINK: _insert("links", *LINK_VALUES, "sync", "left_id", "right_id", "number"),
    Statement.SET_LINK: _update("links", LINK_VALUES, "sync", "left_id", "right_id", "number"),
    Statement.SET_PARKED: _update("parked", PARKED_VALUES[PARKED_PLACE:], "number"),
    Statement.DROP_PARKED: _delete("parked", "number"),
    Statement.INSERT_PARKED: _insert("parked", *PARKED_VALUES, "sync"),
    Statement.DROP_KEY: _delete("parked_keys", "sync", "key", "parked"),
    Statement.INSERT_KEY: _insert("parked_keys", "sync", "key", "parked"),
    Statement.DROP_BATCH: _delete("batches", "sync", "number"),
    Statement.INSERT_BATCH: _insert("batches", *BATCH, "sync"),
    Statement.SET_BATCH: _update("batches", BATCH, "sync", "number"),
    Statement.INSERT_RUN: _insert("runs", *RUN, "sync"),
    Statement.SET_RUN: _update("runs", RUN, "sync", "number"),
    Statement.PRUNE_RUNS: "DELETE FROM runs WHERE sync = ? AND number < ? AND ended < ?",
}

SOUND = "PRAGMA integrity_check"
AMISS = """
SELECT name || ': the head does not count its links right' FROM syncs
WHERE links != (SELECT COUNT(*) FROM links WHERE sync = syncs.number)
UNION ALL
SELECT DISTINCT name || ': there are keys of parked rows that are not there' FROM syncs
JOIN parked_keys ON parked_keys.sync = syncs.number
WHERE parked_keys.parked NOT IN (SELECT number FROM parked WHERE parked.sync = syncs.number)
UNION ALL
SELECT name || ': the head does not count its parked rows right' FROM syncs
WHERE parked != (
    SELECT json_group_object(kind, rows)
    FROM (SELECT kind, COUNT(*) AS rows FROM parked WHERE sync = syncs.number GROUP BY kind ORDER BY kind)
)
"""
