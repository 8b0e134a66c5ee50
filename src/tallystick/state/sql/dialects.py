"""Provide what differs between the databases that a state may lie in, where SQLAlchemy leaves it to us.

A further database is one more entry here, once the tests of the states have passed on it. Others are refused: one that
compares ids without regard to case, or that cannot lock a row, would lose pairs without a word.
"""

import attrs
from sqlalchemy import URL, ColumnElement, literal_column

from tallystick.errors import SettingsError


@attrs.frozen
class DatabaseKind:
    """How one kind of database begins a transaction, and tells the time in microseconds since 1970.

    ``writing`` holds a place for the milliseconds to wait for other workers. ``guarding`` keeps a second creator away
    while the tables are made; empty where ``writing`` does that by itself.
    """

    writing: str
    reading: str
    clock: ColumnElement[int]
    guarding: str = ""

    def writing_within(self, seconds: float) -> str:
        """Return ``writing`` for a transaction that waits so long for other workers."""
        return self.writing.format(milliseconds=round(seconds * 1000))


# Each row is locked before it rests on anything, so that READ COMMITTED is enough. A worker that was stopped within
# a transaction must not keep its locks for ever, and what was acknowledged must be on the disk.
_POSTGRESQL = DatabaseKind(
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = {milliseconds};"
    " SET LOCAL idle_in_transaction_session_timeout = 60000; SET LOCAL synchronous_commit = on",
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    literal_column("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)"),
    "SELECT pg_advisory_xact_lock(1952541804, hashtext('{name}'))",
)
_SQLITE = DatabaseKind(
    "BEGIN IMMEDIATE",
    "BEGIN",
    literal_column("CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)"),
)
_KINDS = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}


def kind_of(url: URL) -> DatabaseKind:
    """Return what is known of the database that a URL names; raise SettingsError for one that is not among them."""
    name = url.get_backend_name()
    if name == "sqlite" and url.database in (None, "", ":memory:"):
        raise SettingsError("a database in memory is another one for each connection", remedy="use MemoryState")
    if name not in _KINDS:
        raise SettingsError(
            f"a state cannot be kept in {name}", remedy=f"use one of {', '.join(sorted(_KINDS))}, which are tested"
        )
    return _KINDS[name]
