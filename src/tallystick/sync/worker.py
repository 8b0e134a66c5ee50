"""Provide the names of workers, by which another process can tell that one of them is dead.

A name is that of the host, the process id, the place in which that id means something (this boot, this namespace of
ids), the time at which the process began, and something random. Dead is only who can be proved so: a process of the
same host and place whose id nobody has, or somebody who began at another time, or one that only waits to be buried.
Of anybody else, of names that a host has given, and where the system does not tell (it does on Linux), nothing is
known: such a lease has to run out.
"""

import os
import secrets
import socket
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

_PROC = Path("/proc")
_STATE, _THREADS, _BEGAN = 0, 17, 19
"""Where a process's state, its number of threads and its beginning stand, after its name."""

_UNKNOWN = "-"
_PARTS = 5


def worker_name() -> str:
    """Return a name that no other run has, and that tells a person where to look."""
    return f"{socket.gethostname()}/{_process()}/{secrets.token_hex(2)}"


@lru_cache(maxsize=1)
def _process() -> str:
    """Return the id, place and beginning of this process, which never change."""
    pid = os.getpid()
    stat = _stat(pid)
    return f"{pid}/{_place() or _UNKNOWN}/{stat[_BEGAN] if stat else _UNKNOWN}"


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_process.cache_clear)


def worker_is_gone(worker: str) -> bool:
    """Tell whether the process that gave itself this name is proved to be dead; False wherever that is not known."""
    parts = worker.rsplit("/", _PARTS - 1)
    if len(parts) != _PARTS:
        return False
    host, pid, place, began, _ = parts
    known = began.isdecimal() and pid.isdecimal() and int(pid) > 0
    if not known or host != socket.gethostname() or place != _place():
        return False
    return _is_dead(int(pid), began)


def _is_dead(pid: int, began: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass  # somebody else's process is there; who it is, is told below
    stat = _stat(pid)
    if not stat:
        return False
    buried = stat[_STATE] in ("Z", "X") and int(stat[_THREADS]) <= 1
    return buried or stat[_BEGAN] != began


def _place() -> str:
    """Return what tells this boot and this namespace of process ids from all others; empty where it can't be told."""
    try:
        if os.readlink(_PROC / "self") != str(os.getpid()):  # noqa: PTH115 - a Path would be made of it
            return ""
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = (_PROC / "self/ns/pid").stat().st_ino
    except (OSError, ValueError):
        return ""
    return blake2b(f"{boot}:{namespace}".encode(), digest_size=4).hexdigest()


def _stat(pid: int) -> list[str]:
    """Return what the system tells of a process after its name, which may hold anything; empty where it does not."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    fields = text.rpartition(")")[2].split()
    return fields if len(fields) > _BEGAN else []
