"""Send requests to services that do what they should not, and see that it ends in bounds and in a documented error."""

import asyncio
import gzip
import importlib
import logging
import socket
import sys
import threading
import time
import tracemalloc
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import attrs
import httpx
import pytest

from tallystick.errors import (
    AuthenticationRequired,
    MalformedAnswer,
    MissingExtra,
    OutcomeUnknown,
    ProviderError,
    SettingsError,
    Unavailable,
)
from tallystick.providers.http import transport
from tallystick.providers.http.body import Body, Limits
from tallystick.providers.http.exchange import Answer, Request
from tallystick.providers.http.transport import AsyncTransport, Credentials, Transport

URL = "https://dav.example.com/"
READ = Request("GET", URL)
WRITE = Request("PUT", URL, writes=True)
SMALL = Limits(size=1000, seconds=5)
Handler = Callable[[httpx.Request], httpx.Response]


def packed(data: bytes, encoding: str = "gzip") -> httpx.Response:
    """An answer whose body is sent as it is, and said to be packed."""
    return httpx.Response(200, headers={"Content-Encoding": encoding}, stream=httpx.ByteStream(data))


def sent(handler: Handler, request: Request, credentials: Credentials = None) -> Answer:
    """Send a request both ways, and return the one answer."""
    mock = httpx.MockTransport(handler)
    with httpx.Client(transport=mock) as client:
        answer = Transport(credentials, client=client, limits=SMALL).send(request)

    async def awaited() -> Answer:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
            return await AsyncTransport(credentials, client=client, limits=SMALL).send(request)

    assert asyncio.run(awaited()) == answer
    return answer


def raised(handler: Handler, request: Request) -> type[ProviderError]:
    """Return what sending a request raises, both ways."""
    mock = httpx.MockTransport(handler)
    with httpx.Client(transport=mock) as client, pytest.raises(ProviderError) as caught:
        Transport(client=client, limits=SMALL).send(request)

    async def awaited() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
            await AsyncTransport(client=client, limits=SMALL).send(request)

    with pytest.raises(caught.type):
        asyncio.run(awaited())
    return caught.type


def test_an_answer_is_read_whole_and_unpacked() -> None:
    """Packed or not, what arrives is what the service meant."""
    assert sent(lambda _: httpx.Response(207, content=b"body"), READ).content == b"body"
    assert sent(lambda _: packed(gzip.compress(b"body")), READ).content == b"body"
    assert sent(lambda _: packed(b""), READ).content == b""
    assert sent(lambda _: httpx.Response(404, headers={"X-Name": "v"}), READ).headers["x-name"] == "v"


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(200, content=b"x" * 1001),
        lambda _: packed(gzip.compress(b"x" * 10_000_000)),
        lambda _: packed(gzip.compress(b"body")[:-6]),
        lambda _: packed(b"no gzip"),
        lambda _: packed(b"", "br"),
    ],
    ids=["large", "bomb", "broken off", "not packed", "another packing"],
)
def test_an_answer_that_cannot_be_taken_is_the_services_fault(answer: Handler) -> None:
    """A read ends in an error; a write may have arrived nevertheless, and says so."""
    assert issubclass(raised(answer, READ), MalformedAnswer)
    assert raised(answer, WRITE) is OutcomeUnknown


def test_a_bomb_is_unpacked_no_further_than_there_is_room() -> None:
    """What a few kilobytes unpack to never lies in memory."""
    limits = Limits(size=1000)
    bomb = gzip.compress(b"\0" * 50_000_000)
    tracemalloc.start()
    with pytest.raises(MalformedAnswer):
        Body("gzip", limits, monotonic() + 60).take(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 1_000_000


def test_an_answer_that_takes_too_long_is_given_up() -> None:
    """A service that sends a byte now and then holds nobody up for longer than the limit."""
    times = iter([1.0, 89.0, 91.0])
    body = Body("", Limits(), 90, lambda: next(times))
    body.take(b"a")
    body.take(b"b")

    with pytest.raises(MalformedAnswer):
        body.take(b"c")


@pytest.mark.parametrize(
    ("failure", "reading", "writing"),
    [
        (httpx.ConnectError, Unavailable, Unavailable),
        (httpx.ConnectTimeout, Unavailable, Unavailable),
        (httpx.ReadTimeout, Unavailable, OutcomeUnknown),
        (httpx.RemoteProtocolError, Unavailable, OutcomeUnknown),
        (httpx.WriteError, Unavailable, OutcomeUnknown),
    ],
)
def test_a_write_without_an_answer_is_in_doubt_unless_nothing_was_sent(
    failure: type[httpx.TransportError], reading: type[ProviderError], writing: type[ProviderError]
) -> None:
    """What was not sent need not be looked for; what was sent has to be."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise failure("broken")

    assert raised(fail, READ) is reading
    assert raised(fail, WRITE) is writing


def test_a_redirect_is_an_answer_and_never_followed() -> None:
    """Credentials follow no redirect."""
    asked: list[str] = []

    def redirect(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": "https://evil.example.net/"})

    assert sent(redirect, READ).status == 302
    assert set(asked) == {URL}


def test_the_host_gives_its_credentials_in_any_form() -> None:
    """A name and password, an authentication of httpx, or a call that is made for each request."""
    seen: list[str] = []

    def look(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200)

    tokens = iter(["Bearer one", "Bearer two"])
    sent(look, READ, lambda: next(tokens))
    basic = "Basic " + b64encode(b"ada:secret").decode()
    sent(look, READ, ("ada", "secret"))
    sent(look, READ, httpx.BasicAuth("ada", "secret"))

    assert seen == ["Bearer one", "Bearer two", basic, basic, basic, basic]


def test_a_token_that_expired_is_asked_for_once_more() -> None:
    """The host gives another one, and the request goes through, a write too; the old one is sent once."""
    seen: list[str] = []

    def look(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200 if request.headers["Authorization"] == "Bearer new" else 401)

    tokens = iter(["Bearer old", "Bearer new"] * 2)
    assert sent(look, WRITE, lambda: next(tokens)).status == 200
    assert seen == ["Bearer old", "Bearer new"] * 2


@pytest.mark.parametrize(("tokens", "asked"), [(["Bearer a", "Bearer b"], 2), (["Bearer a", "Bearer a"], 1)])
def test_a_token_that_is_not_taken_is_not_sent_for_ever(tokens: list[str], asked: int) -> None:
    """A second one is tried once, and the same one not again: then the service's 401 is the answer."""
    seen: list[str] = []

    def look(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(401)

    given = iter(tokens * 2)
    assert sent(look, READ, lambda: next(given)).status == 401
    assert len(seen) == 2 * asked
    seen.clear()
    assert sent(look, READ, ("ada", "secret")).status == 401
    assert len(seen) == 2


@contextmanager
def dripping(before: bytes, drip: bytes) -> Iterator[str]:
    """A server on this machine that begins an answer, and then sends one byte every few milliseconds, for ever."""
    over = threading.Event()

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            while not over.is_set():
                peer, _ = listening.accept()
                with peer, suppress(OSError):
                    peer.recv(65_536)
                    peer.sendall(before)
                    while not over.wait(0.01):
                        peer.sendall(drip)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        finally:
            over.set()
            with suppress(OSError):
                socket.create_connection(listening.getsockname(), 1).close()
            thread.join(10)


DRIPS = {
    "headers": (b"HTTP/1.1 200 OK\r\nX-Name: ", b"a"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"a"),
    "size of a chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a"),
}


@pytest.mark.parametrize("where", DRIPS)
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_an_answer_that_drips_is_given_up(where: str, request_: Request) -> None:
    """Whatever part of an answer comes byte by byte, its time is over when it is over, blocking and awaited."""
    limits = Limits(seconds=0.3)
    with dripping(*DRIPS[where]) as url:
        asked = attrs.evolve(request_, url=url)
        with httpx.Client(trust_env=False) as client, pytest.raises(ProviderError) as caught:
            Transport(client=client, limits=limits).send(asked)

        async def awaited() -> None:
            async with httpx.AsyncClient(trust_env=False) as client:
                await AsyncTransport(client=client, limits=limits).send(asked)

        with pytest.raises(ProviderError) as later:
            asyncio.run(asyncio.wait_for(awaited(), 20))

    for error in (caught, later):
        assert error.type is OutcomeUnknown if request_.writes else error.type in (Unavailable, MalformedAnswer)


def test_a_connection_that_is_used_again_has_the_time_of_each_request() -> None:
    """The time of an earlier request on the same connection is forgotten."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            peer, _ = listening.accept()
            with peer:
                for _ in range(2):
                    peer.recv(65_536)
                    peer.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        asked = attrs.evolve(READ, url=f"http://127.0.0.1:{listening.getsockname()[1]}/")
        with httpx.Client(trust_env=False) as client:
            short, usual = (Transport(client=client, limits=Limits(seconds=seconds)) for seconds in (0.5, 30))
            assert short.send(asked).content == b"ok"
            time.sleep(0.6)
            assert usual.send(asked).content == b"ok"
        thread.join(10)


def test_a_clients_own_credentials_count_where_none_are_given() -> None:
    """A host that has set up its client need not say it twice."""
    seen: list[str] = []

    def look(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200)

    with httpx.Client(transport=httpx.MockTransport(look), auth=("ada", "secret")) as client:
        Transport(client=client).send(READ)

    assert seen == ["Basic " + b64encode(b"ada:secret").decode()]


def test_credentials_may_be_awaited_by_an_awaited_provider_only() -> None:
    """A call that fetches a token over the network fits an event loop; elsewhere it is a mistake, and is told."""
    seen: list[str] = []

    def look(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200)

    async def token() -> str:
        await asyncio.sleep(0)
        return "Bearer token"

    async def awaited() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(look)) as client:
            await AsyncTransport(token, client=client).send(READ)

    asyncio.run(awaited())
    assert seen == ["Bearer token"]
    with httpx.Client(transport=httpx.MockTransport(look)) as client, pytest.raises(SettingsError):
        Transport(token, client=client).send(READ)


@pytest.mark.parametrize("given", ["Bearer s\u00e4cret", "Bearer s\u00e4\nX: y", "Bearer secret\r\nX: y"])
def test_a_header_that_can_t_be_sent_is_refused_and_not_shown(given: str) -> None:
    """A token that was copied wrong ends with a word to the user, and nothing was sent."""

    async def token() -> str:
        await asyncio.sleep(0)
        return given

    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
        with pytest.raises(AuthenticationRequired) as caught:
            Transport(lambda: given, client=client).send(WRITE)
        assert given not in repr(caught.value)
        assert caught.value.__cause__ is None

    async def awaited() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
            await AsyncTransport(token, client=client).send(WRITE)

    with pytest.raises(AuthenticationRequired):
        asyncio.run(awaited())


def test_no_log_and_no_error_shows_credentials(caplog: pytest.LogCaptureFixture) -> None:
    """Logs are read by people who may not sign in as somebody else."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(Unavailable) as caught:
        Transport(("ada", "a-secret")).send(Request("GET", "http://127.0.0.1:9/"))

    said = caplog.text + repr(caught.value) + repr(WRITE)
    assert "a-secret" not in said
    assert b64encode(b"ada:a-secret").decode() not in said


def test_a_transport_closes_what_it_opened_and_no_more() -> None:
    """A client that the host passed in is the host's to close."""
    own = Transport()
    own.close()
    with httpx.Client() as client:
        Transport(client=client).close()
        assert not client.is_closed

    async def awaited() -> None:
        mine = AsyncTransport()
        await mine.close()
        async with httpx.AsyncClient() as theirs:
            await AsyncTransport(client=theirs).close()
            assert not theirs.is_closed

    asyncio.run(awaited())


def test_a_wait_may_be_told_as_a_date_of_the_services_own_clock() -> None:
    """No clock of ours is needed, and a skewed one does no harm."""
    date, later = "Sun, 22 Nov 2026 08:00:00 GMT", "Sun, 22 Nov 2026 08:00:30 GMT"

    assert Answer(503, {"date": date, "retry-after": later}).retry_after == 30
    assert Answer(503, {"retry-after": "1.5"}).retry_after == 1.5
    assert Answer(503, {"retry-after": later}).retry_after is None
    assert Answer(503).retry_after is None


def test_without_httpx_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is usable without it; whoever asks for a server is told."""
    monkeypatch.setitem(sys.modules, "httpx", None)

    with pytest.raises(MissingExtra, match=r"pip install 'tallystick\[dav\]'"):
        importlib.reload(transport)
