"""Provide the sending of requests with httpx, blocking and awaited; both are thin, and read answers within bounds.

What may happen, and what is raised:

* nothing was sent (no connection): Unavailable
* no answer came, or none that can be read, to a request that writes: OutcomeUnknown
* the same, to one that only reads: Unavailable, or MalformedAnswer where the answer is at fault

Redirects are never followed: they are answers, and who asked decides. Credentials are asked from the host for each
request and kept nowhere; no error and no log of this library shows them.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from inspect import isawaitable, iscoroutine
from typing import Final, Union

from tallystick.errors import MalformedAnswer, MissingExtra, OutcomeUnknown, SettingsError, Unavailable
from tallystick.providers.http.body import USUAL_LIMITS, Body, Limits
from tallystick.providers.http.exchange import Answer, Request

try:
    import httpx
except ImportError:
    raise MissingExtra("a provider over HTTP needs httpx", remedy="pip install 'tallystick[dav]'") from None

Credentials = Union[tuple[str, str], httpx.Auth, Callable[[], str], Callable[[], Awaitable[str]], None]  # noqa: UP007 -- a value, with a name for it
"""A name and password; any authentication of httpx; or a call that gives the header Authorization ("Bearer …")."""

Client = httpx.Client
AsyncClient = httpx.AsyncClient
_CONNECT_SECONDS: Final = 10.0
_READ_SECONDS: Final = 30.0
_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class Transport:
    """Sends requests and waits for the answers."""

    def __init__(
        self, credentials: Credentials = None, *, client: httpx.Client | None = None, limits: Limits = USUAL_LIMITS
    ) -> None:
        self._client = client or httpx.Client(timeout=_timeout())
        self._owned = client is None
        self._auth = _auth(credentials) or self._client.auth
        self._limits = limits

    def send(self, request: Request) -> Answer:
        """Return the answer. Raises Unavailable, MalformedAnswer, OutcomeUnknown."""
        with _told(request):
            made = _made(self._client, request)
            response = self._client.send(made, auth=self._auth, stream=True, follow_redirects=False)
            try:
                body = _body(response, self._limits)
                for part in () if response.is_stream_consumed else response.iter_raw():
                    body.take(part)
                return _answer(response, body)
            finally:
                response.close()

    def close(self) -> None:
        """Close the connections, unless they are the host's."""
        if self._owned:
            self._client.close()


class AsyncTransport:
    """Sends requests and awaits the answers."""

    def __init__(
        self, credentials: Credentials = None, *, client: httpx.AsyncClient | None = None, limits: Limits = USUAL_LIMITS
    ) -> None:
        self._client = client or httpx.AsyncClient(timeout=_timeout())
        self._owned = client is None
        self._auth = _auth(credentials) or self._client.auth
        self._limits = limits

    async def send(self, request: Request) -> Answer:
        """Return the answer. Raises Unavailable, MalformedAnswer, OutcomeUnknown."""
        with _told(request):
            made = _made(self._client, request)
            response = await self._client.send(made, auth=self._auth, stream=True, follow_redirects=False)
            try:
                body = _body(response, self._limits)
                if not response.is_stream_consumed:
                    async for part in response.aiter_raw():
                        body.take(part)
                return _answer(response, body)
            finally:
                await response.aclose()

    async def close(self) -> None:
        """Close the connections, unless they are the host's."""
        if self._owned:
            await self._client.aclose()


class _HostsHeader(httpx.Auth):
    """The header Authorization as the host gives it, asked for anew with each request."""

    def __init__(self, given: Callable[[], str] | Callable[[], Awaitable[str]]) -> None:
        self._given = given

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        value = self._given()
        if isawaitable(value):
            if iscoroutine(value):
                value.close()
            remedy = "give a call that returns the text itself"
            raise SettingsError("a blocking provider can't await its credentials", where="credentials", remedy=remedy)
        request.headers["Authorization"] = str(value)
        yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        value = self._given()
        request.headers["Authorization"] = await value if isawaitable(value) else str(value)
        yield request


def _auth(credentials: Credentials) -> httpx.Auth | None:
    if credentials is None or isinstance(credentials, httpx.Auth):
        return credentials
    if isinstance(credentials, tuple):
        return httpx.BasicAuth(*credentials)
    return _HostsHeader(credentials)


def _timeout() -> httpx.Timeout:
    return httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)


def _made(client: httpx.Client | httpx.AsyncClient, request: Request) -> httpx.Request:
    headers = {"Accept-Encoding": "gzip", **request.headers}
    return client.build_request(request.method, request.url, headers=headers, content=request.content)


def _body(response: httpx.Response, limits: Limits) -> Body:
    if not response.is_stream_consumed:
        return Body(response.headers.get("content-encoding", ""), limits)
    # A mock of the host's own may give an answer that is whole, and unpacked.
    body = Body("", limits)
    body.take(response.content)
    return body


def _answer(response: httpx.Response, body: Body) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, body.whole())


@contextmanager
def _told(request: Request) -> Iterator[None]:
    """Say of what httpx raises, and of answers that can't be read, what the host has to know."""
    try:
        yield
    except _NOT_SENT as error:
        raise Unavailable(f"the service can't be reached ({type(error).__name__})") from None
    except (httpx.TransportError, httpx.StreamError, httpx.DecodingError) as error:
        if request.writes:
            raise OutcomeUnknown(f"no answer to a write ({type(error).__name__})") from None
        raise Unavailable(f"no answer from the service ({type(error).__name__})") from None
    except MalformedAnswer as error:
        if request.writes:
            raise OutcomeUnknown(error.what) from None
        raise
