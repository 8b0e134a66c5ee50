"""Provide the sending of requests with httpx, blocking and awaited; both are thin, and read answers within bounds.

What may happen, and what is raised:

* nothing was sent (no connection): Unavailable
* no answer came, or none that can be read, to a request that writes: OutcomeUnknown
* the same, to one that only reads: Unavailable, or MalformedAnswer where the answer is at fault

Redirects are never followed: they are answers, and who asked decides. Credentials are asked from the host for each
request and kept nowhere; no error and no log of this library shows them. Where the service does not take what a call
gave (401), the call is made once more, and the request sent again if it gives something else: a token may have expired
on its way. An answer has a time in all, from the request to its end, however it drips.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from inspect import isawaitable, iscoroutine
from time import monotonic
from typing import Any, Final, Union

import attrs

from tallystick.errors import (
    AuthenticationRequired,
    MalformedAnswer,
    MissingExtra,
    OutcomeUnknown,
    SettingsError,
    Unavailable,
)
from tallystick.providers.http.body import USUAL_LIMITS, Body, Limits
from tallystick.providers.http.exchange import Answer, Request

try:
    import httpx
except ImportError:
    raise MissingExtra("a provider over HTTP needs httpx", remedy="pip install 'tallystick[dav]'") from None

from tallystick.providers.http.deadline import trace, until

Credentials = Union[tuple[str, str], httpx.Auth, Callable[[], str], Callable[[], Awaitable[str]], None]  # noqa: UP007 -- a value, with a name for it
"""A name and password; any authentication of httpx; or a call that gives the header Authorization ("Bearer …")."""

Client = httpx.Client
AsyncClient = httpx.AsyncClient
_CONNECT_SECONDS: Final = 10.0
_UNAUTHORIZED: Final = 401
_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


@attrs.frozen
class Arriving:
    """An answer whose body has yet to be read."""

    response: httpx.Response = attrs.field(repr=False)
    body: Body = attrs.field(repr=False)
    end: float

    @property
    def status(self) -> int:
        """The status."""
        return self.response.status_code

    def whole(self, content: bytes) -> Answer:
        """Return the answer, with what was read of it."""
        headers = {name.lower(): value for name, value in self.response.headers.items()}
        return Answer(self.status, headers, content)

    def pieces(self) -> Iterator[bytes]:
        """Yield the body, where it is read by blocking."""
        parts = iter((self.response.content,)) if self.response.is_stream_consumed else self.response.iter_raw()
        while True:
            with until(self.end):
                part = next(parts, None)
            if part is None:
                break
            yield self.body.take(part)
        self.body.ended()

    async def pieces_async(self) -> AsyncIterator[bytes]:
        """Yield the body, where it is awaited."""
        if self.response.is_stream_consumed:
            yield self.body.take(self.response.content)
        else:
            parts = aiter(self.response.aiter_raw())
            while True:
                async with asyncio.timeout(self.end - monotonic()):
                    part = await anext(parts, None)
                if part is None:
                    break
                yield self.body.take(part)
        self.body.ended()


class Transport:
    """Sends requests and waits for the answers."""

    def __init__(
        self, credentials: Credentials = None, *, client: httpx.Client | None = None, limits: Limits = USUAL_LIMITS
    ) -> None:
        _require(client, httpx.Client)
        self._client = client or httpx.Client()
        self._owned = client is None
        self._who = _Who(credentials, self._client.auth)
        self._limits = limits

    def send(self, request: Request) -> Answer:
        """Return the answer. Raises Unavailable, MalformedAnswer, OutcomeUnknown."""
        with self.opened(request) as answer:
            return answer.whole(b"".join(answer.pieces()))

    @contextmanager
    def opened(self, request: Request, limits: Limits | None = None) -> Iterator[Arriving]:
        """Send a request, and give its answer while it arrives. What is raised is as with :meth:`send`."""
        limits = limits or self._limits
        header = self._header()
        with _told(request):
            response, end = self._begun(request, header, limits)
            try:
                if response.status_code == _UNAUTHORIZED and header and (other := self._header()) != header:
                    response.close()
                    response, end = self._begun(request, other, limits)
                yield Arriving(response, _body(response, limits, end), end)
            finally:
                response.close()

    def _begun(self, request: Request, header: str, limits: Limits) -> tuple[httpx.Response, float]:
        end = monotonic() + limits.seconds
        made = _made(self._client, request, header, limits, {"trace": trace})
        with until(end):
            return self._client.send(made, auth=self._who.auth, stream=True, follow_redirects=False), end

    def _header(self) -> str:
        value = self._who.call() if self._who.call else ""
        if isawaitable(value):
            if iscoroutine(value):
                value.close()
            remedy = "give a call that returns the text itself"
            raise SettingsError("a blocking provider can't await its credentials", where="credentials", remedy=remedy)
        return _sendable(value)

    def without_credentials(self) -> "Transport":
        """Return a transport over the same connections that sends no credentials."""
        return Transport(lambda: "", client=self._client, limits=self._limits)

    def close(self) -> None:
        """Close the connections, unless they are the host's."""
        if self._owned:
            self._client.close()


class AsyncTransport:
    """Sends requests and awaits the answers."""

    def __init__(
        self, credentials: Credentials = None, *, client: httpx.AsyncClient | None = None, limits: Limits = USUAL_LIMITS
    ) -> None:
        _require(client, httpx.AsyncClient)
        self._client = client or httpx.AsyncClient()
        self._owned = client is None
        self._who = _Who(credentials, self._client.auth)
        self._limits = limits

    async def send(self, request: Request) -> Answer:
        """Return the answer. Raises Unavailable, MalformedAnswer, OutcomeUnknown."""
        async with self.opened(request) as answer:
            return answer.whole(b"".join([piece async for piece in answer.pieces_async()]))

    @asynccontextmanager
    async def opened(self, request: Request, limits: Limits | None = None) -> AsyncIterator[Arriving]:
        """Send a request, and give its answer while it arrives. What is raised is as with :meth:`send`."""
        limits = limits or self._limits
        header = await self._header()
        with _told(request):
            response, end = await self._begun(request, header, limits)
            try:
                if response.status_code == _UNAUTHORIZED and header and (other := await self._header()) != header:
                    await response.aclose()
                    response, end = await self._begun(request, other, limits)
                yield Arriving(response, _body(response, limits, end), end)
            finally:
                await response.aclose()

    async def _begun(self, request: Request, header: str, limits: Limits) -> tuple[httpx.Response, float]:
        end = monotonic() + limits.seconds
        made = _made(self._client, request, header, limits)
        async with asyncio.timeout(limits.seconds):
            return await self._client.send(made, auth=self._who.auth, stream=True, follow_redirects=False), end

    async def _header(self) -> str:
        value = self._who.call() if self._who.call else ""
        return _sendable(await value if isawaitable(value) else value)

    def without_credentials(self) -> "AsyncTransport":
        """Return a transport over the same connections that sends no credentials."""
        return AsyncTransport(lambda: "", client=self._client, limits=self._limits)

    async def close(self) -> None:
        """Close the connections, unless they are the host's."""
        if self._owned:
            await self._client.aclose()


def _require(client: object, kind: type) -> None:
    """Raise SettingsError for a client of the other kind: its requests would be sent, and their answers not read."""
    if client is not None and not isinstance(client, kind):
        what = f"a {type(client).__name__} in the place of an httpx.{kind.__name__}"
        raise SettingsError(what, where="client", remedy=f"give an httpx.{kind.__name__}, or none")


class _Who:
    """Who is asking: ``call`` gives a header, where the host gives one; else ``auth`` is httpx's."""

    def __init__(self, credentials: Credentials, usual: httpx.Auth | None) -> None:
        self.call: Callable[[], str | Awaitable[str]] | None = None
        self.auth: httpx.Auth | None = usual
        if isinstance(credentials, httpx.Auth):
            self.auth = credentials
        elif isinstance(credentials, tuple):
            self.auth = httpx.BasicAuth(*credentials)
        elif credentials is not None:
            self.call, self.auth = credentials, None


def _sendable(value: object) -> str:
    """Return the header that a host gave. Raises AuthenticationRequired for what can be none; it is not shown."""
    if not value:
        return ""
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return value
    remedy = "return the text of the header Authorization, on one line and in ASCII"
    raise AuthenticationRequired("what the host gave can't be sent", where="credentials", remedy=remedy)


def _made(
    client: httpx.Client | httpx.AsyncClient,
    request: Request,
    header: str,
    limits: Limits,
    extensions: dict[str, Any] | None = None,
) -> httpx.Request:
    headers = {"Accept-Encoding": "gzip", **request.headers, **({"Authorization": header} if header else {})}
    timeout = httpx.Timeout(min(limits.silence, limits.seconds), connect=min(_CONNECT_SECONDS, limits.seconds))
    return client.build_request(
        request.method,
        request.url,
        headers=headers,
        content=request.content,
        timeout=timeout,
        extensions=extensions,
    )


def _body(response: httpx.Response, limits: Limits, end: float) -> Body:
    # A mock of the host's own may give an answer that is whole, and unpacked.
    return Body("" if response.is_stream_consumed else response.headers.get("content-encoding", ""), limits, end)


@contextmanager
def _told(request: Request) -> Iterator[None]:
    """Say of what httpx raises, and of answers that can't be read, what the host has to know."""
    try:
        yield
    except _NOT_SENT as error:
        raise Unavailable(f"the service can't be reached ({type(error).__name__})", remedy=_AGAIN) from None
    except (httpx.TransportError, httpx.StreamError, httpx.DecodingError, TimeoutError) as error:
        what = f"the service gave no answer ({type(error).__name__})"
        if request.writes:
            raise OutcomeUnknown(what, remedy="the next run looks what became of it") from None
        raise Unavailable(what, remedy=_AGAIN) from None
    except MalformedAnswer as error:
        if request.writes:
            raise OutcomeUnknown(error.what, where=error.where, remedy=error.remedy) from None
        raise


_AGAIN: Final = "the next run tries again"
