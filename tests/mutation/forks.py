"""Provide forks: work done in processes of their own, several at once, which know all that was imported before.

What a fork says comes as lines of JSON. However the caller ends, its forks end with it.
"""

import json
import os
import selectors
import signal
import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[], Iterator[object]]


def in_forks(works: Iterable[tuple[T, Work]], most: int = 1) -> Generator[tuple[T, list[Any], int], None, None]:
    """Return, of each work as it ends, what it is about, what it said, and the status with which its fork ended.

    A work is taken only when there is room for it: so many run at once.
    """
    rest = iter(works)
    running: dict[int, tuple[T, int, bytearray]] = {}
    with selectors.DefaultSelector() as ready:
        try:
            while True:
                while len(running) < most and (work := next(rest, None)) is not None:
                    pid, pipe = _started(work[1])
                    running[pipe] = (work[0], pid, bytearray())
                    ready.register(pipe, selectors.EVENT_READ)
                if not running:
                    return
                for key, _ in ready.select():
                    about, pid, heard = running[key.fd]
                    if more := os.read(key.fd, 1 << 16):
                        heard += more
                        continue
                    ready.unregister(key.fd)
                    del running[key.fd]
                    os.close(key.fd)
                    yield about, [json.loads(line) for line in heard.splitlines()], os.waitpid(pid, 0)[1]
        finally:
            for _, pid, _ in running.values():
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _started(work: Work) -> tuple[int, int]:
    """Return the number of a new fork, and the pipe on which it speaks."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    status = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(reading)
        with os.fdopen(writing, "w") as pipe, Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)  # not 2: a fault of the work itself must be seen
            for said in work():
                pipe.write(json.dumps(said) + "\n")
                pipe.flush()
        status = 0
    except BaseException:  # noqa: BLE001 - the process ends here
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)
