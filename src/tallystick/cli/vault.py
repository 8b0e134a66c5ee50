"""Provide the vault: a state's file together with its key. Only :meth:`Vault.create` makes files."""

from pathlib import Path

import attrs

from tallystick import MemoryState, SqliteState
from tallystick.cli.keys import VARIABLE, Key, find_key, keep_key, key_file_of, new_key
from tallystick.errors import InputError, StateKeyError, UsageError


@attrs.frozen
class Vault:
    """A state at ``path``. ``key`` is its key, ``kept`` whether the key is on the disk or in somebody's hands."""

    path: Path
    key: Key
    exists: bool
    kept: bool

    @classmethod
    def at(cls, path: Path, key_file: Path | None) -> "Vault":
        """Find what there is. Raises InputError or StateKeyError; nothing is opened yet."""
        try:
            if path.is_dir():
                raise InputError("the state is a folder", where=str(path), remedy="name a file in it")
            if path.exists() and not path.is_file():
                raise InputError("the state is no plain file", where=str(path), remedy="name a file")
            exists = path.exists() and path.stat().st_size > 0
            key = find_key(path, key_file)
        except OSError as error:
            what = f"the state cannot be looked for ({error.strerror})"
            raise InputError(what, where=str(path), remedy="check who may read its folder") from None
        if key is None and exists:
            beside = key_file_of(path).name
            raise StateKeyError(
                "there is no key for this state",
                where=str(path),
                remedy=f"put {beside} back beside it, or give its key with --key-file or {VARIABLE}",
            )
        return cls(path, key or new_key(path), exists, key is not None)

    @classmethod
    def existing(cls, path: Path, key_file: Path | None) -> "Vault":
        """Find a state that must be there. Raises InputError where it is not."""
        vault = cls.at(path, key_file)
        if not vault.exists:
            raise InputError("there is no such state", where=str(path), remedy="check its name, or sync first")
        return vault

    def open(self) -> SqliteState:
        """Open the state that exists. Raises StateError."""
        try:
            return SqliteState(self.path, key=self.key.value)
        except StateKeyError as error:
            remedy = f"the key came from {self.key.source}; give the one that the state was written with"
            raise StateKeyError(error.what, where=error.where, remedy=remedy) from None

    def look(self) -> SqliteState | MemoryState:
        """Open the state to look at it; one that does not exist yet is an empty one in memory."""
        return self.open() if self.exists else MemoryState(self.key.value)

    def create(self) -> SqliteState:
        """Make the state, after its key where that is new. A key without a state is not left behind."""
        if self.kept:
            return self.open()
        beside = key_file_of(self.path)
        keep_key(self.key, beside)
        try:
            return self.open()
        except BaseException:
            if not self.path.exists():
                beside.unlink()
            raise


def choose_sync(state: SqliteState, path: Path, name: str | None) -> str:
    """Return the name of the sync that is meant: the only one, unless one is named. Raises UsageError."""
    names = state.syncs()
    if name is not None and name in names:
        return name
    known = ", ".join(map(repr, names))
    if name is not None:
        remedy = f"it holds {known}" if names else "sync first"
        raise UsageError(f"the state holds no sync {name!r}", where=str(path), remedy=remedy)
    if not names:
        raise UsageError("the state holds no sync yet", where=str(path), remedy="sync first")
    if len(names) > 1:
        raise UsageError("the state holds several syncs", where=str(path), remedy=f"choose with --sync: {known}")
    return names[0]


def choose_new_sync(state: SqliteState | MemoryState, path: Path, name: str | None, derived: str) -> str:
    """Return the name under which two files are synced, and refuse to begin a second sync by accident."""
    names = state.syncs()
    if not name and names and derived not in names:
        known = ", ".join(map(repr, names))
        raise UsageError(
            f"the state holds no sync of these files, but {known}",
            where=str(path),
            remedy="give renamed files their names back; or begin another sync in this state with --sync NAME;"
            " or name another state",
        )
    return name or derived
