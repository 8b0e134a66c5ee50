"""Provide what SQLite's errors mean to a host: which file, what is wrong with it, and what to do about it.

SQLite's own texts are not passed on, since some of them quote what was stored; its name for the error is.
"""

import sqlite3
from typing import NamedTuple

from tallystick.errors import StateError, StateUnwritable, StateVersionError, TallystickError, UsageError


class Meaning(NamedTuple):
    """What an error of a database means: this library's error for it, what happened, and what to do about it."""

    error: type[TallystickError]
    what: str
    remedy: str


_BUSY = Meaning(
    StateUnwritable,
    "another process holds it",
    "try again when that process has committed; if none should be at work, look for one that hangs",
)
_NO_ACCESS = Meaning(
    StateUnwritable,
    "it cannot be opened for writing",
    "make sure that its folder exists, and that this process may write the file and create others beside it",
)
_DAMAGED = Meaning(
    StateError,
    "the file is damaged",
    "restore it from a backup, or move it away: without it, the next run is an initial one",
)
WRONG_TYPE = Meaning(
    UsageError, "a value cannot be kept: it is missing, or of the wrong type", "give what the types ask"
)
_MEANINGS = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _NO_ACCESS,
    sqlite3.SQLITE_CANTOPEN: _NO_ACCESS,
    sqlite3.SQLITE_PERM: _NO_ACCESS,
    sqlite3.SQLITE_AUTH: _NO_ACCESS,
    sqlite3.SQLITE_FULL: Meaning(StateUnwritable, "there is no room left for it", "make room on its disk"),
    sqlite3.SQLITE_IOERR: Meaning(StateUnwritable, "the disk does not answer as it should", "look after its disk"),
    sqlite3.SQLITE_NOTADB: Meaning(
        StateVersionError, "the file is no state of tallystick, and not a database at all", "name another file"
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_TOOBIG: Meaning(UsageError, "a text or base is too big to be kept", "keep texts below 1 GB"),
    sqlite3.SQLITE_CONSTRAINT: WRONG_TYPE,
}
_UNKNOWN = Meaning(StateError, "SQLite failed", "run check() on it")
_PRIMARY = 0xFF  # the bits of an extended code that say what kind of error it is


class _About:
    """A block about one state, by its path: a generator for each question would cost as much as the question."""

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass


class translated(_About):  # noqa: N801 -- it reads as a function
    """Raise this library's errors in the place of SQLite's."""

    __slots__ = ()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        if isinstance(error, sqlite3.Error):
            meaning = meaning_of(error)
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            raise meaning.error(f"{meaning.what} ({name})", where=self._path, remedy=meaning.remedy) from None
        if isinstance(error, UnicodeEncodeError | OverflowError):
            raise UsageError(
                "a value cannot be kept: a text that is not valid Unicode, or a number beyond 64 bits", where=self._path
            ) from None


def meaning_of(error: sqlite3.Error) -> Meaning:
    """Return what one of SQLite's errors means."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return _MEANINGS.get(code & _PRIMARY, _UNKNOWN)
    # Raised by Python's own part: a value that it cannot pass on, or a text that it cannot read.
    return WRONG_TYPE if isinstance(error, sqlite3.ProgrammingError | sqlite3.InterfaceError) else _DAMAGED


class readable(_About):  # noqa: N801 -- as above
    """Raise StateError where rows do not hold what a state writes into them."""

    __slots__ = ()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and isinstance(error, ValueError | LookupError | TypeError | OverflowError):
            raise StateError(_DAMAGED.what, where=self._path, remedy=_DAMAGED.remedy) from None


def is_busy(error: sqlite3.Error) -> bool:
    """Tell whether the error only says that another process was faster."""
    return meaning_of(error) is _BUSY


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether the error says that the file is damaged."""
    return meaning_of(error) is _DAMAGED
