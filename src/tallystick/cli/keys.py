"""Provide the digest key of a state: found where somebody keeps it, or made once and kept beside the state.

Everything that a state remembers of contents is digested with this key. Without it a state cannot be read, and with
another one it refuses to be.
"""

import os
import secrets
from pathlib import Path

import attrs

from tallystick.errors import InputError, StateUnwritable
from tallystick.state.checks import LONGEST_KEY

VARIABLE = "TALLYSTICK_KEY"
_SHORTEST = 16
_LONGEST_FILE = 4096


@attrs.frozen
class Key:
    """A digest key and where it comes from, in words for a person."""

    value: bytes = attrs.field(repr=False)
    source: str


def key_file_of(state: Path) -> Path:
    """Return the key file that belongs to a state unless another place is named."""
    return state.with_name(f"{state.name}.key")


def find_key(state: Path, given: Path | None) -> Key | None:
    """Return the key: from the file that was named, else the environment, else the file beside the state; or None.

    Raises InputError for a key that is none.
    """
    if given is not None:
        return Key(_read(given), str(given))
    text = os.environ.get(VARIABLE)
    if text:
        where = f"the environment variable {VARIABLE}"
        return Key(_key(text, where), where)
    beside = key_file_of(state)
    return Key(_read(beside), str(beside)) if beside.exists() else None


def new_key(state: Path) -> Key:
    """Return a new key. Nothing is written yet."""
    return Key(secrets.token_bytes(32), str(key_file_of(state)))


def keep_key(key: Key, path: Path) -> None:
    """Write a key into a new file that nobody else may read. Raises StateUnwritable where that cannot be done."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(f"{key.value.hex()}\n")
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink()
            raise
    except FileExistsError:
        remedy = "run it again: the state and its key may be another sync's that began at the same time"
        raise StateUnwritable("the key file has been made meanwhile", where=str(path), remedy=remedy) from None
    except OSError as error:
        raise StateUnwritable(
            f"the key file cannot be written ({error.strerror})",
            where=str(path),
            remedy=f"name a state in a folder that you may write, or give a key with --key-file or {VARIABLE}",
        ) from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST_FILE + 1)
        text = data.decode("utf-8")
    except FileNotFoundError:
        raise InputError("there is no such key file", where=str(path), remedy="check its name and folder") from None
    except OSError as error:
        what = f"the key file cannot be read ({error.strerror})"
        raise InputError(what, where=str(path), remedy="check who may read it") from None
    except UnicodeDecodeError:
        raise InputError("the key file is no text", where=str(path), remedy="write the key in hex") from None
    return _key(text, str(path))


def _key(text: str, where: str) -> bytes:
    """Return the bytes that a text means: hex where it is hex of a whole key, else the text itself."""
    plain = text.strip()
    try:
        key = bytes.fromhex(plain)
    except ValueError:
        key = b""
    if len(key) < _SHORTEST:
        key = plain.encode("utf-8", "surrogateescape")
    if len(key) > LONGEST_KEY:
        remedy = f"give the file with the key: {LONGEST_KEY} characters, or {2 * LONGEST_KEY} hex digits, at most"
        raise InputError(f"the key is too long: {len(key)} bytes", where=where, remedy=remedy)
    if len(key) < _SHORTEST:
        remedy = "give at least 16 characters or 32 hex digits; `openssl rand -hex 32` makes a good one"
        raise InputError("the key is too short", where=where, remedy=remedy)
    return key
