"""Provide the tables of a state in SQLite, their version, and the way from every earlier version in any database.

The version is SQLite's ``user_version``; the ``application_id`` tells a state from any other database. To change the
tables: change TABLES to what a new file gets, and append to MIGRATIONS what makes an existing file the same.
"""

import sqlite3
from collections.abc import Iterator, Mapping

from tallystick.errors import StateVersionError

APPLICATION_ID = 0x7461_6C6C  # "tall"

# Rowid tables: a link row is wide and its ids come in no order, so WITHOUT ROWID costs twice as much to write.
# Only parked_keys, nothing but a key, is its own index.
TABLES = (
    "CREATE TABLE key_check (digest BLOB NOT NULL)",
    # One row a sync: its head. The row counts are kept here with every commit and never counted.
    """
    CREATE TABLE syncs (
        number INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        revision INTEGER NOT NULL,
        layout TEXT NOT NULL,
        left_extent TEXT NOT NULL, right_extent TEXT NOT NULL,
        left_account TEXT NOT NULL, right_account TEXT NOT NULL,
        left_cursor TEXT, right_cursor TEXT,
        enabled INTEGER NOT NULL,
        initial INTEGER NOT NULL,
        confirmed TEXT NOT NULL,
        links INTEGER NOT NULL,
        parked TEXT NOT NULL
    )
    """,
    # The name of a layout is long and shared by all links, so links hold its number.
    "CREATE TABLE layouts (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    # members: 1 where the left record is in the scope, plus 2 where the right one is. right_base is NULL where both
    # sides have the same base, decided where it is empty. Numbers are never given twice.
    """
    CREATE TABLE links (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sync INTEGER NOT NULL,
        left_id TEXT NOT NULL, right_id TEXT NOT NULL,
        left_version TEXT, right_version TEXT,
        members INTEGER NOT NULL,
        layout INTEGER NOT NULL,
        left_base BLOB NOT NULL, right_base BLOB,
        decided TEXT,
        left_identity BLOB, right_identity BLOB,
        UNIQUE (sync, left_id),
        UNIQUE (sync, right_id)
    )
    """,
    # The only look-ups beyond one sync: what others hold of an identity.
    "CREATE INDEX links_left_identity ON links (left_identity) WHERE left_identity IS NOT NULL",
    "CREATE INDEX links_right_identity ON links (right_identity) WHERE right_identity IS NOT NULL",
    # 10 bytes a link, for which a listing is compared in the order in which links lie in the file.
    "CREATE INDEX links_of_sync ON links (sync)",
    # Times are microseconds since 1970 in UTC.
    """
    CREATE TABLE parked (
        number INTEGER PRIMARY KEY,
        sync INTEGER NOT NULL,
        side INTEGER NOT NULL,
        id TEXT NOT NULL,
        version TEXT,
        kind TEXT NOT NULL,
        reasons TEXT NOT NULL,
        keys TEXT,
        attempts INTEGER NOT NULL,
        first_seen INTEGER, last_seen INTEGER, retry_at INTEGER,
        UNIQUE (sync, side, id)
    )
    """,
    "CREATE INDEX parked_waiting ON parked (sync, retry_at) WHERE retry_at IS NOT NULL",
    """
    CREATE TABLE parked_keys (
        sync INTEGER NOT NULL,
        key BLOB NOT NULL,
        parked INTEGER NOT NULL,
        PRIMARY KEY (sync, key, parked)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE batches (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sync INTEGER NOT NULL,
        side INTEGER NOT NULL,
        at INTEGER NOT NULL,
        layout INTEGER NOT NULL,
        intents TEXT NOT NULL,
        bases BLOB NOT NULL,
        claims INTEGER
    )
    """,
    "CREATE INDEX batches_of_sync ON batches (sync)",
    # Open batches whose intents claim identities: few, and none for most syncs.
    "CREATE INDEX batches_claiming ON batches (claims) WHERE claims IS NOT NULL",
    """
    CREATE TABLE runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sync INTEGER NOT NULL,
        state TEXT NOT NULL,
        initial INTEGER NOT NULL,
        enqueued INTEGER, started INTEGER, ended INTEGER,
        synced INTEGER NOT NULL,
        ignored INTEGER NOT NULL,
        counts TEXT NOT NULL,
        note TEXT NOT NULL
    )
    """,
    "CREATE INDEX runs_of_sync ON runs (sync)",
    # By name, since a sync is leased before anything was committed for it. Rows are never removed: a token that came
    # twice would let a late worker in.
    """
    CREATE TABLE leases (
        sync TEXT PRIMARY KEY,
        worker TEXT NOT NULL,
        token INTEGER NOT NULL,
        until INTEGER NOT NULL,
        span INTEGER
    ) WITHOUT ROWID
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE {prefix}leases (
            sync {text} PRIMARY KEY,
            worker {text} NOT NULL,
            token {whole} NOT NULL,
            until {whole} NOT NULL
        ){compact}
        """,
    ),
    (
        "ALTER TABLE {prefix}links ADD COLUMN left_identity {bytes}",
        "ALTER TABLE {prefix}links ADD COLUMN right_identity {bytes}",
        "CREATE INDEX {prefix}links_left_identity ON {prefix}links (left_identity) WHERE left_identity IS NOT NULL",
        "CREATE INDEX {prefix}links_right_identity ON {prefix}links (right_identity) WHERE right_identity IS NOT NULL",
        "ALTER TABLE {prefix}batches ADD COLUMN claims {whole}",
        "CREATE INDEX {prefix}batches_claiming ON {prefix}batches (claims) WHERE claims IS NOT NULL",
    ),
    ("ALTER TABLE {prefix}leases ADD COLUMN span {whole}",),
)
"""The statements that lead from version 1 to 2, from 2 to 3, and so on, in any database: each puts in its own words."""

_WORDS = {"prefix": "", "text": "TEXT", "whole": "INTEGER", "bytes": "BLOB", "compact": " WITHOUT ROWID"}


def version() -> int:
    """Return the version that this release writes."""
    return 1 + len(MIGRATIONS)


def create(connection: sqlite3.Connection, digest: bytes) -> None:
    """Make an empty database a state; within a transaction of the caller's."""
    for statement in TABLES:
        connection.execute(statement)
    connection.execute("INSERT INTO key_check (digest) VALUES (?)", (digest,))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version()}")


def migrations(found: int, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the statements that lead from a version to this release's, in a database's own words."""
    for statements in MIGRATIONS[found - 1 :]:
        yield from (statement.format_map(words) for statement in statements)


def migrate(connection: sqlite3.Connection, found: int) -> None:
    """Bring a state of an earlier version to this release's; within a transaction of the caller's."""
    for statement in migrations(found, _WORDS):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {version()}")


def check_version(found: int, where: str, what: str) -> None:
    """Raise StateVersionError for a version that this release does not know; ``what`` has it: a file, or tables."""
    if found > version():
        raise StateVersionError(
            f"the state has version {found}, and this release reads versions up to {version()}",
            where=where,
            remedy=f"update tallystick, or restore the {what} that this release wrote",
        )
