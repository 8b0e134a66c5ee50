"""Provide the two transports, on httpx: one HTTP request sent, and its response read whole, within bounds.

===========================  ======================================================================================
redirections                 are not followed
a body                       is read up to a size, unpacked too, and for as long as a request may take in all
no connection                nothing was sent: Unavailable
no answer, half an answer    OutcomeUnknown if something was to be written, else Unavailable
===========================  ======================================================================================

httpx logs the address of each request. What is asked by address holds ids and nothing else; see :class:`~.asks.Ask`.
"""

from typing import Final

import httpx

from tallystick.errors import OutcomeUnknown, ProviderError, Unavailable
from tallystick.providers.graph.wire import WireRequest, WireResponse
from tallystick.providers.http.body import Body, Limits

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
        body = Body(response.headers.get("content-encoding", ""), Limits(most, seconds))
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
        body = Body(response.headers.get("content-encoding", ""), Limits(most, seconds))
        async for chunk in response.aiter_raw():
            body.take(chunk)
        return WireResponse(response.status_code, dict(response.headers), body.whole())


def _headers(request: WireRequest, authorization: str) -> dict[str, str]:
    return {**request.headers, "Accept-Encoding": "gzip", "Authorization": authorization}
