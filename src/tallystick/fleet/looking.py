"""Provide a look at a fleet's tables from outside its workers: nothing is made, brought to a newer version or written.

A roster that is opened makes its tables, and a state that is opened brings its tables to the release that opens it. An
operator who only wants to know how a fleet stands may have another release, and no digest key; so each database is
asked in one transaction that reads, for figures and names alone. What is not there, is none of ours or of a newer
version is refused.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import tallystick.state.sql  # noqa: F401 -- first: it says what to install where SQLAlchemy is missing

# isort: split
import sqlalchemy as sa

from tallystick.errors import InputError, StateVersionError
from tallystick.fleet.roster import Lag, asked_lag
from tallystick.fleet.roster_tables import roster_tables
from tallystick.fleet.status import FleetStatus
from tallystick.ports import Unsettled
from tallystick.state import reading, schema
from tallystick.state.sql.connection import SqlConnection
from tallystick.state.sql.dialects import kind_of
from tallystick.state.sql.driver import carry
from tallystick.state.sql.engines import engine_for, parsed_url, shown
from tallystick.state.sql.faults import not_a_state
from tallystick.state.sql.tables import tables
from tallystick.state.sql.texts import prepare
from tallystick.state.sql.transacting import Transaction, again, made

T = TypeVar("T")

_HEAD = b"SQLite format 3\0"
"""What every SQLite file begins with that is not empty."""

_FILE = ""
"""What the names of the tables begin with in a state that is a file of its own."""


def look_at_fleet(
    roster: str,
    state: str | None = None,
    *,
    now: datetime,
    limit: int = 10,
    prefix: str = "tallystick_fleet_",
    state_prefix: str = "tallystick_",
) -> FleetStatus:
    """Return how a fleet stands, with ``limit`` syncs at most that have open intents.

    ``roster`` and ``state`` are URLs of databases, or paths of SQLite files. Where no state is named, one that lies
    beside the roster is looked at; where there is none, ``has_state`` is false. Raises InputError where there is no
    such file, StateVersionError for what is no roster or no state, or of a newer version, StateUnwritable where a
    database can't be reached.
    """
    lag = _asked(_located(roster, "roster"), lambda connection, where: _lag(connection, where, prefix, now))
    place = _located(roster if state is None else state, "state")
    found = _asked(place, lambda connection, where: _unsettled(connection, where, state_prefix, limit))
    if found is None and state is not None:
        remedy = "check its name, and what its tables begin with"
        raise StateVersionError("the database holds no state", where=place[1], remedy=remedy)
    return FleetStatus(now, lag, tuple(found or ()), has_state=found is not None)


def _lag(connection: sa.Connection, where: str, prefix: str, now: datetime) -> Lag:
    syncs = roster_tables(prefix).syncs
    columns = _columns(connection, syncs.name)
    if not columns:
        raise StateVersionError(
            "the database holds no roster", where=where, remedy="check its name, and what its tables begin with"
        )
    if not columns >= {"sync", "due", "claimed"}:
        raise StateVersionError(
            f"there is a table {syncs.name}, and it is no roster of tallystick",
            where=where,
            remedy="check the database's name, and what its tables begin with",
        )
    return asked_lag(connection, syncs, now)


def _unsettled(connection: sa.Connection, where: str, prefix: str, limit: int) -> list[Unsettled] | None:
    version = _version(connection, where, prefix)
    if version is None:
        return None
    found, begin = version
    schema.check_version(found, where, "tables")
    statements = prepare(tables(begin))
    return reading.unsettled(SqlConnection(connection, where, kind_of(connection.engine.url), statements), limit)


def _version(connection: sa.Connection, where: str, prefix: str) -> tuple[int, str] | None:
    """Return a state's version and what its tables begin with, None where there is no state."""
    if connection.dialect.name == "sqlite":
        application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if application == schema.APPLICATION_ID:
            return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one()), _FILE
    own = tables(prefix).state
    columns = _columns(connection, own.name)
    if not columns:
        return None
    rows = connection.execute(sa.select(own.c.version)).all() if columns == {"version", "digest"} else []
    if len(rows) != 1:
        raise not_a_state(where)
    return int(rows[0][0]), prefix


def _columns(connection: sa.Connection, table: str) -> set[str]:
    inspector = sa.inspect(connection)
    return {column["name"] for column in inspector.get_columns(table)} if inspector.has_table(table) else set()


def _asked(place: tuple[sa.URL, str], ask: Callable[[sa.Connection, str], T]) -> T:
    """Ask a database something in a transaction that reads."""
    url, where = place
    kind, engine = kind_of(url), engine_for(url)
    try:
        transaction = Transaction(kind.reading, lambda connection: ask(connection, where))
        return carry(engine, again(lambda: made(transaction), where))
    finally:
        engine.dispose()


def _located(place: str, what: str) -> tuple[sa.URL, str]:
    """Return the URL by which a database is asked, and what errors call it; ``what`` it is to hold."""
    url = parsed_url(place) if "://" in place else None
    if url is None or url.get_backend_name() == "sqlite":
        path = Path(place if url is None else url.database or "")
        return _existing(path, what), str(path)
    return url, shown(url)


def _existing(path: Path, what: str) -> sa.URL:
    """Return the URL of an SQLite file. Raises InputError where there is none, StateVersionError for other files."""
    try:
        if not path.is_file():
            found = "there is a folder and no file" if path.is_dir() else "there is no such file"
            raise InputError(found, where=str(path), remedy="check its name, or give the database's URL")
        with path.open("rb") as file:
            head = file.read(len(_HEAD))
    except OSError as error:
        found = f"the file cannot be read ({error.strerror})"
        raise InputError(found, where=str(path), remedy="check who may read it and its folder") from None
    if head and head != _HEAD:
        raise StateVersionError(
            f"the file is no {what} of tallystick, and not a database at all",
            where=str(path),
            remedy=f"name the file that holds the {what}, or give its database's URL",
        )
    # Not "ro": who may not write leaves the files of the log lying there.
    return sa.URL.create("sqlite", database=f"file:{quote(str(path.resolve()))}", query={"mode": "rw", "uri": "true"})
