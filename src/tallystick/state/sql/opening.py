"""Provide the opening of a state in a database server: whether it is there and ours, and which of our versions it has.

Tables that are not ours, are of a newer version, or were written with another key are left exactly as they were found.
"""

import hmac

import sqlalchemy as sa

from tallystick.errors import StateKeyError, StateVersionError
from tallystick.state import schema
from tallystick.state.sql.dialects import DatabaseKind
from tallystick.state.sql.faults import not_a_state
from tallystick.state.sql.tables import Tables
from tallystick.state.sql.transacting import Machine, Transaction, made

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE {prefix}leases (
            sync {text} PRIMARY KEY,
            worker {text} NOT NULL,
            token BIGINT NOT NULL,
            until BIGINT NOT NULL
        )
        """,
    ),
    (
        "ALTER TABLE {prefix}links ADD COLUMN left_identity {bytes}",
        "ALTER TABLE {prefix}links ADD COLUMN right_identity {bytes}",
        "CREATE INDEX {prefix}links_left_identity ON {prefix}links (left_identity) WHERE left_identity IS NOT NULL",
        "CREATE INDEX {prefix}links_right_identity ON {prefix}links (right_identity) WHERE right_identity IS NOT NULL",
        "ALTER TABLE {prefix}batches ADD COLUMN claims BIGINT",
        "CREATE INDEX {prefix}batches_claiming ON {prefix}batches (claims) WHERE claims IS NOT NULL",
    ),
    ("ALTER TABLE {prefix}leases ADD COLUMN span BIGINT",),
)
"""The statements that lead from version 1 to 2, and so on; the versions are those of a state in SQLite."""

_TYPES = {
    "postgresql": {"text": 'TEXT COLLATE "C"', "bytes": "BYTEA"},
    "sqlite": {"text": "TEXT", "bytes": "BLOB"},
}


def prepare(kind: DatabaseKind, tables: Tables, digest: bytes, where: str, writing: str) -> Machine[None]:
    """Make the tables, or bring them to this version, where need be; ``digest`` is the check value of the key.

    ``writing`` begins the transaction that does it.
    """
    found = yield from made(Transaction(kind.reading, lambda connection: _identify(connection, tables, digest, where)))
    if found == schema.version():
        return

    def change(connection: sa.Connection) -> None:
        if kind.guarding:
            connection.exec_driver_sql(kind.guarding.format(name=tables.state.name))
        # Another worker may have done it meanwhile.
        found = _identify(connection, tables, digest, where)
        if found == 0:
            tables.metadata.create_all(connection, checkfirst=False)
            connection.execute(sa.insert(tables.state).values(version=schema.version(), digest=digest))
        elif found < schema.version():
            _migrate(connection, tables, found)

    yield from made(Transaction(writing, change))


def _migrate(connection: sa.Connection, tables: Tables, found: int) -> None:
    prefix = tables.state.name.removesuffix("state")
    for statements in MIGRATIONS[found - 1 :]:
        for statement in statements:
            connection.exec_driver_sql(statement.format(prefix=prefix, **_TYPES[connection.dialect.name]))
    connection.execute(sa.update(tables.state).values(version=schema.version()))


def _identify(connection: sa.Connection, tables: Tables, digest: bytes, where: str) -> int:
    """Return the version found, 0 where there is nothing; raise where it is not a state that we can use."""
    inspector = sa.inspect(connection)
    there = {*inspector.get_table_names()}
    if tables.state.name not in there:
        if there & tables.metadata.tables.keys():
            raise not_a_state(where)
        return 0
    if {column["name"] for column in inspector.get_columns(tables.state.name)} != {"version", "digest"}:
        raise not_a_state(where)
    rows = connection.execute(sa.select(tables.state.c.version, tables.state.c.digest)).all()
    if len(rows) != 1 or rows[0][0] < 1:
        raise not_a_state(where)
    found, stored = rows[0]
    if found > schema.version():
        raise StateVersionError(
            f"the state has version {found}, and this release reads versions up to {schema.version()}",
            where=where,
            remedy="update tallystick, or restore the tables that this release wrote",
        )
    if not hmac.compare_digest(stored, digest):
        raise StateKeyError(
            "the digest key is not the one that this state was written with",
            where=where,
            remedy="give the key that it was written with; a state cannot be moved to another key",
        )
    return int(found)
