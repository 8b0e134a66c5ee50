"""Provide the two transports, on httpx: one HTTP request sent, and its response read whole, within bounds.

===========================  ======================================================================================
redirections                 are not followed
a body                       is read up to a size, unpacked too, and for as long as a request may take in all
no connection                nothing was sent: Unavailable
no answer, half an answer    OutcomeUnknown if something was to be written, else Unavailable
===========================  ======================================================================================

httpx logs the address of each request. What is asked by address holds ids and nothing else; see :class:`~.asks.Ask`.
"""

import time
import zlib
from collections.abc import Mapping
from typing import Final

import httpx

from tallystick.errors import MalformedAnswer, OutcomeUnknown, ProviderError, Unavailable
from tallystick.providers.graph.wire import WireRequest, WireResponse

_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
FAILURES: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError)
"""What httpx raises of its own where a request fails."""


def failure(error: BaseException, *, writes: bool) -> ProviderError:
    """Return what a failure of the transport means. The error's own text is not repeated."""
    kind = type(error).__name__
    if writes and not isinstance(error, _NOT_SENT):
        return OutcomeUnknown(f"the service gave no answer ({kind})", remedy="the next run looks what became of it")
    return Unavailable(f"the service gave no answer ({kind})", remedy="the next run tries again")


def send(client: httpx.Client, request: WireRequest, authorization: str, *, most: int, seconds: float) -> WireResponse:
    """Send one request and return its response. Raises what httpx raises, and MalformedAnswer."""
    with client.stream(
        request.method,
        request.url,
        headers=_headers(request, authorization),
        content=request.content or None,
        follow_redirects=False,
        timeout=seconds,
    ) as response:
        body = _Reading(response.headers, most, seconds)
        for chunk in response.iter_raw():
            body.take(chunk)
        return WireResponse(response.status_code, dict(response.headers), body.whole())


async def send_async(
    client: httpx.AsyncClient, request: WireRequest, authorization: str, *, most: int, seconds: float
) -> WireResponse:
    """Send one request and return its response, as :func:`send` does."""
    async with client.stream(
        request.method,
        request.url,
        headers=_headers(request, authorization),
        content=request.content or None,
        follow_redirects=False,
        timeout=seconds,
    ) as response:
        body = _Reading(response.headers, most, seconds)
        async for chunk in response.aiter_raw():
            body.take(chunk)
        return WireResponse(response.status_code, dict(response.headers), body.whole())


def _headers(request: WireRequest, authorization: str) -> dict[str, str]:
    return {**request.headers, "Accept-Encoding": "gzip", "Authorization": authorization}


class _Reading:
    """A body that arrives piece by piece, within its bounds."""

    def __init__(self, headers: Mapping[str, str], most: int, seconds: float) -> None:
        self._most, self._ends, self._parts, self._size = most, time.monotonic() + seconds, list[bytes](), 0
        encoding = headers.get("content-encoding", "identity").strip().casefold()
        if encoding not in ("identity", "", "gzip"):
            raise MalformedAnswer("packed in a way that was not asked for", where="answer", remedy="ask again")
        self._unpacker = zlib.decompressobj(wbits=31) if encoding == "gzip" else None

    def take(self, chunk: bytes) -> None:
        """Take a piece. Raises MalformedAnswer where the body is too large or unreadable, or takes too long."""
        if time.monotonic() > self._ends:
            raise MalformedAnswer("a body that does not come to its end", where="answer", remedy="ask again")
        if self._unpacker is not None:
            try:
                chunk = self._unpacker.decompress(chunk, self._most - self._size + 1)
            except zlib.error:
                raise MalformedAnswer("a body that cannot be unpacked", where="answer", remedy="ask again") from None
        self._size += len(chunk)
        if self._size > self._most:
            what = f"a body of more than {self._most:,} bytes"
            raise MalformedAnswer(what, where="answer", remedy="ask for smaller pages")
        self._parts.append(chunk)

    def whole(self) -> bytes:
        """Return the body. Raises MalformedAnswer where a packed one ended too soon."""
        if self._unpacker is not None and self._size and not self._unpacker.eof:
            raise MalformedAnswer("a body that was cut off", where="answer", remedy="ask again")
        return b"".join(self._parts)
