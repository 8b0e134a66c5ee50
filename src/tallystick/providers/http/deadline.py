"""Provide the end of a request's time, for clients that block: a service that drips bytes holds nobody up.

A client's own timeout counts anew with each byte. So connections are taken note of as they are made (httpx says so to
a *trace*), and wait no longer from then on than the request that uses them has time. A connection that a host's client
has made for its own purposes before is bounded by silence alone.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any, Final

import httpx

_END: ContextVar[float | None] = ContextVar("tallystick_request_end", default=None)
_MADE: Final = (".connect_tcp.complete", ".connect_unix_socket.complete", ".start_tls.complete")


@contextmanager
def until(end: float) -> Iterator[None]:
    """Give whatever is read within this until a moment of the monotonic clock, and no longer."""
    before = _END.set(end)
    try:
        yield
    finally:
        _END.reset(before)


def trace(event: str, info: Mapping[str, Any]) -> None:
    """Take note of a connection that was made."""
    if event.endswith(_MADE):
        stream = info["return_value"]
        stream.read = _timed(stream.read)


def _timed(read: Callable[..., bytes]) -> Callable[..., bytes]:
    def reading(max_bytes: int, timeout: float | None = None) -> bytes:
        end = _END.get()
        if end is None:
            return read(max_bytes, timeout)
        left = end - monotonic()
        if left <= 0:
            raise httpx.ReadTimeout("the time of the request is over")
        return read(max_bytes, left if timeout is None else min(timeout, left))

    return reading
