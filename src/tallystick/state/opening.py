"""Provide the opening of a state's file: what it is, whether it is ours, and which of our versions it has.

A file that is not ours, is of a newer version, or was written with another key is left exactly as it was found.
"""

import sqlite3
import time

from tallystick.errors import StateVersionError
from tallystick.state import checks, schema
from tallystick.state.faults import is_busy
from tallystick.state.sqlite_connection import snapshot

_CACHE_KIB = 64 * 1024
_LONGEST_LOG = 16 * 1024 * 1024
_PAUSE = 0.01


def connect(path: str, digest: bytes, timeout: float) -> sqlite3.Connection:
    """Return a connection to the state at ``path``, created or migrated where need be.

    ``digest`` is the check value of the key; ``timeout`` how many seconds to wait for another process.
    """
    # Transactions are begun and ended by hand, and a lock of the state's lets one thread in at a time.
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, path, digest, timeout)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: str, digest: bytes, timeout: float) -> None:
    with snapshot(connection):
        found = _identify(connection, path, digest)
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    connection.execute(f"PRAGMA journal_size_limit = {_LONGEST_LOG}")
    # macOS answers before the disk has the data, unless it is asked for more.
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA synchronous = FULL")
    _keep_log(connection, timeout)
    if found == schema.version():
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it meanwhile.
        found = _identify(connection, path, digest)
        if found == 0:
            schema.create(connection, digest)
        else:
            schema.migrate(connection, found)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _identify(connection: sqlite3.Connection, path: str, digest: bytes) -> int:
    """Return the version found, 0 of a new file; raise where it is not a state that we can use.

    It only reads, and within a transaction: another process may be making the file.
    """
    (tables,) = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if (found, application, tables) == (0, 0, 0):
        return 0
    if application != schema.APPLICATION_ID or found < 1:
        raise StateVersionError(
            f"the file is no state of tallystick: a database of another kind (application {application:#x}, version"
            f" {found}, {tables} tables and indexes)",
            where=path,
            remedy="name another file",
        )
    schema.check_version(found, path, "file")
    stored = connection.execute("SELECT digest FROM key_check").fetchone()
    checks.check_same_key(stored[0] if stored else b"", digest, path)
    return int(found)


def _keep_log(connection: sqlite3.Connection, timeout: float) -> None:
    """Switch to a write-ahead log, under which reading and writing do not wait for each other.

    SQLite does not wait for other processes here, as it does elsewhere. Where the file system has no shared memory
    the log stays what it was, which is slower and just as safe.
    """
    until = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.Error as error:
            if not is_busy(error) or time.monotonic() >= until:
                raise
            time.sleep(_PAUSE)
        else:
            return
