"""Provide the SQL of a state in SQLite: the columns of each table in the order of their rows, and the statements.

``?*`` stands for as many values as are looked up at once (:mod:`tallystick.state.lookup`). Every statement is one
constant text, so that SQLite compiles it once.
"""

# ruff: noqa: S608 -- every text is put together here, from constants only

from tallystick.ports import Side

_HEAD = (
    "revision, layout, left_extent, right_extent, left_account, right_account, left_cursor, right_cursor, enabled,"
    " initial, confirmed, links, parked"
)
_LINK_VALUES = "left_version, right_version, members, layout, left_base, right_base, decided"
_LINK = f"{_LINK_VALUES}, left_id, right_id, number"
_PARKED = "number, side, id, version, kind, reasons, keys, attempts, first_seen, last_seen, retry_at"
_BATCH = "side, at, layout, intents, bases"
_LEASE = "worker, token, until"
_RUN = "state, initial, enqueued, started, ended, synced, ignored, counts, note"
_OF_SYNC = "sync = (SELECT number FROM syncs WHERE name = ?)"


def _insert(table: str, columns: str) -> str:
    places = ", ".join("?" for _ in columns.split(","))
    return f"INSERT INTO {table} ({columns}) VALUES ({places})"


def _set(columns: str) -> str:
    return ", ".join(f"{column} = ?" for column in columns.split(", "))


# --- reading -----------------------------------------------------------------------------------------------------

SYNCS = "SELECT name FROM syncs ORDER BY name"
HEAD = f"SELECT {_HEAD} FROM syncs WHERE name = ?"
LAYOUTS = "SELECT number, name FROM layouts"
LINKS = tuple(f"SELECT {_LINK} FROM links WHERE {_OF_SYNC} AND {side.label}_id IN (?*)" for side in Side)
# Through the index of syncs: in the order of the file, where SQLite by itself would take the order of the ids.
MARKS = tuple(
    f"SELECT {side.label}_id, {side.label}_version, members & {1 << side} FROM links INDEXED BY links_of_sync"
    f" WHERE {_OF_SYNC}"
    for side in Side
)
PARKED = f"SELECT {_PARKED} FROM parked WHERE {_OF_SYNC} AND side = ? AND id IN (?*)"
PARKED_SHARING = (
    f"SELECT {_PARKED} FROM parked WHERE number IN (SELECT parked FROM parked_keys WHERE {_OF_SYNC} AND key IN (?*))"
)
PARKED_DUE = f"SELECT {_PARKED} FROM parked WHERE {_OF_SYNC} AND retry_at <= ? ORDER BY side, id"
PARKED_LIST = f"SELECT {_PARKED} FROM parked WHERE {_OF_SYNC} ORDER BY first_seen, side, id"
PARKED_LIST_KIND = f"SELECT {_PARKED} FROM parked WHERE {_OF_SYNC} AND kind = ? ORDER BY first_seen, side, id"
BATCHES = f"SELECT number, {_BATCH} FROM batches WHERE {_OF_SYNC} ORDER BY number"
RUNS = f"SELECT number, {_RUN} FROM runs WHERE {_OF_SYNC} ORDER BY number DESC LIMIT ?"

LEASE = f"SELECT {_LEASE} FROM leases WHERE sync = ?"

# --- writing -----------------------------------------------------------------------------------------------------

NUMBERED_HEAD = f"SELECT number, {_HEAD} FROM syncs WHERE name = ?"
INSERT_HEAD = _insert("syncs", f"{_HEAD}, name")
SET_HEAD = f"UPDATE syncs SET {_set(_HEAD)} WHERE number = ?"
INSERT_LAYOUT = "INSERT INTO layouts (name) VALUES (?)"
FIND_LAYOUT = "SELECT number FROM layouts WHERE name = ?"

DROP_ALL = tuple(f"DELETE FROM {table} WHERE sync = ?" for table in ("links", "parked", "parked_keys", "batches"))

DROP_LINK = "DELETE FROM links WHERE sync = ? AND number = ?"
INSERT_LINK = _insert("links", f"{_LINK_VALUES}, sync, left_id, right_id, number")
# Takes the same row as INSERT_LINK, and leaves the indexes alone: they change only where an id does.
SET_LINK = f"UPDATE links SET {_set(_LINK_VALUES)} WHERE sync = ? AND left_id = ? AND right_id = ? AND number = ?"

FIND_PARKED = "SELECT id, number, kind, keys, first_seen FROM parked WHERE sync = ? AND side = ? AND id IN (?*)"
LAST_PARKED = "SELECT COALESCE(MAX(number), 0) FROM parked"
DROP_PARKED = "DELETE FROM parked WHERE number = ?"
INSERT_PARKED = _insert("parked", f"{_PARKED}, sync")
DROP_KEY = "DELETE FROM parked_keys WHERE sync = ? AND key = ? AND parked = ?"
INSERT_KEY = "INSERT OR IGNORE INTO parked_keys (sync, key, parked) VALUES (?, ?, ?)"

DROP_BATCH = "DELETE FROM batches WHERE sync = ? AND number = ?"
INSERT_BATCH = _insert("batches", f"{_BATCH}, sync, number")
SET_BATCH = f"UPDATE batches SET {_set(_BATCH)} WHERE sync = ? AND number = ?"

INSERT_RUN = _insert("runs", f"{_RUN}, sync, number")
SET_RUN = f"UPDATE runs SET {_set(_RUN)} WHERE sync = ? AND number = ?"

SET_LEASE = "INSERT OR REPLACE INTO leases (worker, token, until, sync) VALUES (?, ?, ?, ?)"

# --- checking ----------------------------------------------------------------------------------------------------

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
