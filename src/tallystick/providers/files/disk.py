"""Provide the reading of a whole file, and its replacement in one step: it is either as it was or as it shall be.

The new content is written into a temporary file beside the old one, made durable, and renamed over it. Whatever goes
wrong before the rename, a full disk, a missing right or an interrupt, the file is untouched and the temporary one
is removed. Where the process itself is killed it stays; a later writing removes it.
"""

import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import attrs

from tallystick.errors import InputError, Unavailable

LARGEST_FILE = 256 * 1024 * 1024
"""In bytes."""
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_OWNER_ONLY = 0o600
_MOST_BACKUPS = 10_000
_ABANDONED = 3_600
"""In seconds: nobody writes a file for so long. Whoever does sees the rename fail, and finds the file as it was."""


@attrs.frozen
class Stamp:
    """What tells cheaply that a file has been written since: its size, its time and its place on the disk."""

    size: int
    time: int
    place: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Stamp":
        """Return the stamp of a file of which the system gave this status."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


def resolved(path: str | Path) -> Path:
    """Return the file that a path leads to, whatever it is. Raises InputError for one that leads nowhere."""
    try:
        return Path(path).resolve()
    except (OSError, RuntimeError, ValueError):  # the second of a loop of links, the third of no path at all
        remedy = "check its links and its length"
        raise InputError("a path that leads nowhere", where=str(path), remedy=remedy) from None


def is_folder(path: Path) -> bool:
    """Tell whether a path is that of a folder. Raises InputError where that can't be found out."""
    with _explained(path):
        return path.is_dir()


def stamp(path: Path) -> Stamp:
    """Return the stamp of a file. Raises InputError where there is none."""
    with _explained(path):
        return Stamp.of(path.stat())


def read_file(path: Path, largest: int) -> tuple[bytes, Stamp]:
    """Return a file's content. Raises InputError for a file that is absent, unreadable, too large, or no file."""
    with _explained(path):
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError("not a plain file", where=str(path), remedy="name the file itself")
        if status.st_size > largest:
            what = f"the file has {status.st_size:,} bytes, and {largest:,} are the most"
            raise InputError(what, where=str(path), remedy="split it, or allow more with max_bytes")
        with path.open("rb") as file:
            data = file.read(largest + 1)
            return data, Stamp.of(os.fstat(file.fileno()))


def replace_file(path: Path, data: bytes, known: bytes) -> Stamp | None:
    """Give a file new content, if it still holds what is ``known``; return None if it does not.

    Raises Unavailable, with the file as it was, where there is no room or no right to write.
    """
    with _unwritable(path):
        mode = stat.S_IMODE(path.stat().st_mode)
        # The rename asks for the folder's rights alone, and would take a file away from whoever protected it.
        if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with _temporary(path, data, mode) as temporary:
            # Asked as late as can be: what somebody saved while we were computing must not be written over.
            if path.read_bytes() != known:
                return None
            temporary.replace(path)
        _flush_folder(path.parent)
        return Stamp.of(path.stat())


def create_file(path: Path, data: bytes) -> None:
    """Make a new file. Raises Unavailable where there is one already, no room, or no right to write."""
    with _unwritable(path):
        with path.open("xb") as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                path.unlink()
                raise
        _flush_folder(path.parent)


def back_up(path: Path, data: bytes) -> Path:
    """Keep ``data``, the file's present content, beside it: ``NAME.bak``, or ``NAME.bak.1`` and so on.

    A backup that holds the same content already is enough; one with other content is never written over.
    """
    for number in range(_MOST_BACKUPS):
        backup = path.with_name(f"{path.name}.bak{f'.{number}' if number else ''}")
        if not backup.exists():
            with _unwritable(path):
                mode = stat.S_IMODE(path.stat().st_mode)
            return _kept(path, backup, data, mode)
        with suppress(OSError):
            if backup.stat().st_size == len(data) and backup.read_bytes() == data:
                return backup
    raise Unavailable("there are too many backups", where=str(path), remedy=f"remove some of {path.name}.bak.*")


def _kept(path: Path, backup: Path, data: bytes, mode: int) -> Path:
    with _unwritable(path):
        with _temporary(backup, data, mode) as temporary:
            temporary.replace(backup)
        _flush_folder(path.parent)
    return backup


@contextmanager
def _temporary(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    """Yield a durable file beside ``path`` that holds ``data``; it is gone afterwards unless it was renamed."""
    # Named before it is made: an interrupt may come between its making and the next line, and must not leave it behind.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with os.fdopen(os.open(temporary, _NEW_FILE, _OWNER_ONLY), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            now = os.fstat(file.fileno()).st_mtime
        temporary.chmod(mode)
        _remove_abandoned(path, now)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _remove_abandoned(path: Path, now: float) -> None:
    """Remove what writings of ``path`` or its backup left behind that were killed; ``now`` is by the disk's clock."""
    ours = re.compile(rf"\.{re.escape(path.name)}(\.bak(\.\d+)?)?\.[0-9a-f]{{16}}\.tmp")
    with suppress(OSError):  # it does no harm, and another writing tries again
        for file in path.parent.iterdir():
            status = file.lstat() if ours.fullmatch(file.name) else None
            if status and stat.S_ISREG(status.st_mode) and now - status.st_mtime > _ABANDONED:
                file.unlink()


def _flush_folder(folder: Path) -> None:
    """Make a rename durable; where folders cannot be flushed (Windows), the system sees to it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise InputError("there is no such file", where=str(path), remedy="check its name and folder") from None
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise InputError(what, where=str(path), remedy="check who may read it, and that no program holds it") from None


@contextmanager
def _unwritable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"the file cannot be written ({error.strerror}); it is as it was"
        remedy = "make room, check who may write it and its folder, and close programs that hold it; then run again"
        raise Unavailable(what, where=str(path), remedy=remedy) from None
