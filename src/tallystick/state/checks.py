"""Provide what every state asks of its key and of a commit, and the head that follows from one.

Nothing here stores anything. A state that keeps to these functions refuses the same commits with the same errors as
the others, and moves its revision at the same time.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from tallystick.errors import SettingsError, StateError, StateKeyError, StateMoved, UsageError
from tallystick.mapping import evolved
from tallystick.ports import Claim, Commit, Head, ParkedKind, Side

SHORTEST_KEY = 16
LONGEST_KEY = 64  # what blake2b takes


def checked_key(key: bytes) -> bytes:
    """Return the digest key, or raise SettingsError where it is none that digests can be trusted with."""
    if not isinstance(key, bytes):
        raise SettingsError(
            f"the digest key is {type(key).__name__}, not bytes", remedy="keep 32 random bytes where secrets are kept"
        )
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise SettingsError(
            f"the digest key has {len(key)} bytes, not {SHORTEST_KEY} to {LONGEST_KEY}",
            remedy="make one with secrets.token_bytes(32), once, and keep it where secrets are kept",
        )
    return key


def checked_path(path: str | os.PathLike[str]) -> str:
    """Return the path of a state's file, or raise SettingsError where it can name none."""
    try:
        name = os.fsdecode(path)
    except TypeError:
        raise SettingsError(f"a {type(path).__name__} names no file", remedy="give its path") from None
    if name in {"", ":memory:"} or "\0" in name:
        raise SettingsError(f"{name!r} names no file", remedy="name a file, or use MemoryState")
    return name


def key_check(key: bytes) -> bytes:
    """Return what is stored of the key, so that another key is recognised and this one cannot be read back."""
    return hashlib.blake2b(b"tallystick state", key=key, digest_size=16, person=b"key check").digest()


def check_same_key(stored: bytes, digest: bytes, where: str) -> None:
    """Raise StateKeyError where a state was written with another key than the one whose check value is ``digest``."""
    if not hmac.compare_digest(stored, digest):
        raise StateKeyError(
            "the digest key is not the one that this state was written with",
            where=where,
            remedy="give the key that it was written with; a state cannot be moved to another key",
        )


def instant(moment: datetime) -> datetime:
    """Return ``moment`` in UTC, as it is kept; a time without a zone names no instant and is refused."""
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise UsageError("a time without a zone cannot be kept", remedy="give every time with a zone, best in UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise UsageError("a time outside the years 1 to 9999 in UTC cannot be kept") from None


def utc(moment: datetime | None) -> datetime | None:
    """Return ``moment`` in UTC, or None where there is none."""
    return None if moment is None else instant(moment)


def earlier(moment: datetime | None, known: datetime | None) -> datetime | None:
    """Return the earlier of two times, either of which may not be known: a record was first seen once only."""
    if moment is None or known is None:
        return moment or known
    return min(moment, known)


def moves(commit: Commit) -> bool:
    """Tell whether the commit moves the revision: whether it holds anything but a run's row."""
    return commit.close_all or any(
        (
            commit.head,
            commit.links,
            commit.unlinked,
            commit.parked,
            commit.cleared,
            commit.opened,
            commit.closed,
            commit.kept,
        )
    )


def check_revision(sync: str, commit: Commit, head: Head) -> None:
    """Raise StateMoved where another run has committed since the revision that the commit rests on."""
    if commit.revision is not None and commit.revision != head.revision:
        raise StateMoved(
            f"another run has committed: revision {commit.revision} was expected and {head.revision} found",
            where=sync,
            remedy="start again from the state as it is now",
        )


def check_newest_run(sync: str, commit: Commit, newest: int) -> None:
    """Raise StateMoved where the newest run is another than the one that the commit rests on."""
    if commit.newest_run not in (None, newest):
        raise StateMoved(
            f"another run was recorded: {commit.newest_run} was expected to be the newest, and {newest} was found",
            where=sync,
            remedy="start again from the history as it is now",
        )


def next_head(head: Head, commit: Commit, links: int, parked: Mapping[ParkedKind, int]) -> Head:
    """Return the head after ``commit``, with the row counts given; the values of the commit's head are checked."""
    given: dict[str, Any] = dict(commit.head)
    for name, value in given.items():
        if name not in _FITS:
            raise UsageError(
                f"the head has no value {name!r} that a commit could set", remedy=f"set {', '.join(_FITS)}"
            )
        if not _FITS[name](value):
            raise UsageError(f"the head's {name!r} was given a value of the wrong type")
    given.setdefault("confirmed", head.confirmed)
    given["confirmed"] = dict(given["confirmed"])
    counts = {kind: count for kind, count in parked.items() if count}
    return evolved(head, {**given, "revision": head.revision + moves(commit), "links": links, "parked": counts})


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """Return claims each once, in an order that is the same in every state."""
    return sorted(set(claims), key=lambda claim: (claim.sync, claim.ids, claim.under_way, claim.identity))


def linked_twice(sync: str, side: Side) -> StateError:
    """Return the error for a link with an id that another link has."""
    return StateError(
        "an id would be in two links; nothing was written",
        where=f"{sync}, {side.label}",
        remedy="read the links of these ids anew, and pair them again",
    )


def no_such_row(sync: str, what: str) -> StateError:
    """Return the error for a link, batch or run that is to be replaced and is not there."""
    return StateError(
        f"a {what} that is to be replaced is not there; nothing was written",
        where=sync,
        remedy=f"give 0 as the number of a new {what}",
    )


def _is_pair(*kinds: type) -> Callable[[object], bool]:
    return lambda value: (
        isinstance(value, tuple) and len(value) == len(Side) and all(isinstance(v, kinds) for v in value)
    )


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind)


def _are_figures(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(k, str) and isinstance(v, int) for k, v in value.items())


_FITS: dict[str, Callable[[object], bool]] = {
    "layout": _is(str),
    "extents": _is_pair(str),
    "accounts": _is_pair(str),
    "cursors": _is_pair(str, type(None)),
    "enabled": _is(bool),
    "initial": _is(bool),
    "confirmed": _are_figures,
}
