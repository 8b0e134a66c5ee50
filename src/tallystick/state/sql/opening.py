"""Provide the opening of a state in a database server: whether it is there and ours, and which of our versions it has.

Tables that are not ours, are of a newer version, or were written with another key are left exactly as they were found.
"""

import sqlalchemy as sa

from tallystick.state import checks, schema
from tallystick.state.sql.dialects import DatabaseKind
from tallystick.state.sql.faults import not_a_state
from tallystick.state.sql.tables import Tables
from tallystick.state.sql.transacting import Machine, Transaction, made

_WORDS = {
    "postgresql": {"text": 'TEXT COLLATE "C"', "whole": "BIGINT", "bytes": "BYTEA", "compact": ""},
    "sqlite": {"text": "TEXT", "whole": "BIGINT", "bytes": "BLOB", "compact": ""},
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
    for statement in schema.migrations(found, {"prefix": prefix, **_WORDS[connection.dialect.name]}):
        connection.exec_driver_sql(statement)
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
    schema.check_version(found, where, "tables")
    checks.check_same_key(stored, digest, where)
    return int(found)
