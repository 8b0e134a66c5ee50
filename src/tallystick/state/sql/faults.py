"""Provide what the errors of a database server mean to a host, and which of them are tried again.

The server's own texts are not passed on, since some of them quote what was to be stored; its code for the error is.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tallystick.errors import StateError, StateUnwritable, StateVersionError, TallystickError, UsageError
from tallystick.state.faults import WRONG_TYPE, Meaning, meaning_of

_LOST = Meaning(
    StateUnwritable,
    "the connection to the database was lost, or there is none",
    "see whether the server is up and can be reached; nothing was written, and the next run goes on",
)
_BUSY = Meaning(
    StateUnwritable, "another worker holds it", "try again; if none should be at work, look for one that hangs"
)
_NO_ACCESS = Meaning(
    StateUnwritable, "the database refuses access", "check the sign-in, and that it may create and change tables"
)
_NO_ROOM = Meaning(StateUnwritable, "the database has no room left for it", "make room, or allow more connections")
_TOO_BIG = Meaning(UsageError, "a text or base is too big to be kept", "keep ids below 2,000 bytes, texts below 1 GB")
_ALTERED = Meaning(StateError, "the tables are not as a state has them", "restore them from a backup")
_UNKNOWN = Meaning(StateError, "the database failed", "look into the server's log")

# By the code, or its first two characters: its class.
_MEANINGS = {
    "08": _LOST,
    "22": WRONG_TYPE,
    "23": WRONG_TYPE,
    "23505": _BUSY,
    "25": _NO_ACCESS,
    "25P03": _LOST,
    "28": _NO_ACCESS,
    "3D": _NO_ACCESS,
    "40": _BUSY,
    "42": _ALTERED,
    "42501": _NO_ACCESS,
    "53": _NO_ROOM,
    "54": _TOO_BIG,
    "55": _BUSY,
    "57": _LOST,
    "57014": _BUSY,
    "58": _NO_ROOM,
}
_AGAIN = frozenset({"40001", "40P01"})
"""The database has undone the transaction, and would take it if it came again."""

_DRIVER = frozenset({"ProgrammingError", "InterfaceError", "DataError", "NotSupportedError"})
"""What drivers raise for a value that they cannot pass on, before the database has seen it."""


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise this library's errors in the place of the database's."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        raise error_for(error, where) from None
    except (StatementError, UnicodeEncodeError, OverflowError):
        # Raised before the database has seen anything of it.
        raise _error(WRONG_TYPE, "no value for the driver", where) from None
    except SQLAlchemyError as error:
        raise _error(_UNKNOWN, type(error).__name__, where) from None


def error_for(error: DBAPIError | PoolTimeout, where: str) -> TallystickError:
    """Return this library's error for one of the database's."""
    if isinstance(error, PoolTimeout):
        return _error(_BUSY, "no connection is free", where)
    if isinstance(error.orig, sqlite3.Error):
        return _error(meaning_of(error.orig), getattr(error.orig, "sqlite_errorname", type(error.orig).__name__), where)
    code = _code(error)
    if code:
        return _error(_MEANINGS.get(code) or _MEANINGS.get(code[:2], _UNKNOWN), code, where)
    name = type(error.orig).__name__
    if error.connection_invalidated or name == "OperationalError":
        return _error(_LOST, name, where)
    return _error(WRONG_TYPE if name in _DRIVER or isinstance(error.orig, UnicodeError) else _UNKNOWN, name, where)


def is_lost(error: BaseException) -> bool:
    """Tell whether the connection is gone, and with it the answer, if one was to come."""
    return isinstance(error, DBAPIError) and (error.connection_invalidated or _code(error).startswith(("08", "57P")))


def is_to_be_repeated(error: BaseException) -> bool:
    """Tell whether the transaction was undone for another's sake: a deadlock, or one that was faster."""
    if not isinstance(error, DBAPIError):
        return False
    return _code(error) in _AGAIN or (isinstance(error, IntegrityError) and violated(error) is not None)


def violated(error: IntegrityError) -> str | None:
    """Return the name of the constraint or column that a row would have violated by its uniqueness, if it was that."""
    if isinstance(error.orig, sqlite3.IntegrityError):
        codes = (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
        return str(error.orig) if error.orig.sqlite_errorcode in codes else None
    if _code(error) != "23505":
        return None
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def not_a_state(where: str) -> StateVersionError:
    """Return the error for tables of our names that are none of ours."""
    return StateVersionError(
        "there are tables of these names, and they are no state of tallystick",
        where=where,
        remedy="give another prefix, or name another database",
    )


def _code(error: DBAPIError) -> str:
    """Return the five characters by which SQL names an error, as far as the driver tells them."""
    return getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None) or ""


def _error(meaning: Meaning, name: str, where: str) -> TallystickError:
    return meaning.error(f"{meaning.what} ({name})", where=where, remedy=meaning.remedy)
