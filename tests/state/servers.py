"""Provide databases on the PostgreSQL server that the tests are given, and meddling with it."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

VARIABLE = "TALLYSTICK_POSTGRESQL"
RESTART = "TALLYSTICK_POSTGRESQL_RESTART"


@contextmanager
def own_database() -> Iterator[str]:
    """Make a database on the server that the variable names, and drop it at the end."""
    server = sa.make_url(os.environ[VARIABLE])
    name = f"tallystick_{secrets.token_hex(4)}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            with engine.connect() as connection:
                connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


def restarted() -> None:
    """Stop the server as a power cut would, and start it again."""
    subprocess.run([os.environ[RESTART]], check=True, timeout=60)
