"""Whatever stands in for the service, a provider ends in a documented error, within bounds, and gives nothing away."""

import gzip
import itertools
import json
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest

from tallystick.errors import (
    AuthenticationRequired,
    CursorExpired,
    MalformedAnswer,
    OutcomeUnknown,
    ProviderError,
    SettingsError,
    Throttled,
    Unavailable,
)
from tallystick.ports import Create, Page, Remove, Scope, Status, Term, Update
from tallystick.providers.graph import GraphProvider, Mailbox
from tallystick.providers.graph.cursor import MOST_EMPTY
from tallystick.providers.graph.wire import Wire, bearer
from tallystick.records import Contact
from tests.providers.graph.worlds import contact

SECRET = "eyJ-a-secret-token"
ROOT = "https://graph.microsoft.com/v1.0"
Handler = Callable[[httpx.Request], httpx.Response]


def contacts(handler: Handler, **options: Any) -> GraphProvider[Contact]:  # noqa: ANN401 -- a mailbox's own
    """Return the contacts of a service that answers as it likes."""
    client = httpx.Client(transport=httpx.MockTransport(handler))
    return Mailbox("graph/ada", lambda: SECRET, client=client, **options).contacts()


def saying(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Handler:
    """Return a service that says one thing to everybody."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _: httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))


def page(*rows: object, link: str = "", **more: object) -> dict[str, object]:
    """Return a page that leads on, or whatever is said instead."""
    return {"value": list(rows), **({"@odata.nextLink": link} if link else {}), **more}


def listed(provider: GraphProvider[Contact]) -> Page[Contact]:
    """Read a feed to its end."""
    found = provider.changes(None, Scope())
    while not found.complete:
        found = provider.changes(found.cursor, Scope())
    return found


BODIES: dict[str, object] = {
    "no JSON": b"<html>sign in</html>",
    "no object": [],
    "deep": b'{"value":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "no list": {"value": {"id": "x"}},
    "rows that are none": page("a", 1),
    "row without an id": page({"givenName": "Ada"}),
    "id of another type": page({"id": 5}),
    "names of another type": page({"id": "a", "createdDateTime": "", "givenName": {"a": 1}}, link=f"{ROOT}/me"),
    "link of another type": {"value": [], "@odata.nextLink": ["x"]},
    "neither link": page(),
    "elsewhere": page(link="https://graph.microsoft.com.example.net/v1.0/me/contacts"),
    "another scheme": page(link="http://graph.microsoft.com/v1.0/me/contacts"),
    "another port": page(link="https://graph.microsoft.com:8443/v1.0/me/contacts"),
    "another user": page(link="https://someone@graph.microsoft.com/v1.0/me/contacts"),
    "above the root": page(link=f"{ROOT}/../beta/me/contacts"),
    "beside the root": page(link="https://graph.microsoft.com/beta/me/contacts"),
    "no address": page(link="//[broken"),
    "line breaks": page(link=f"{ROOT}/me\r\nHost: example.net"),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_page_is_malformed(name: str) -> None:
    """A body that is no page, or leads elsewhere, is refused, and nothing of it is repeated."""
    with pytest.raises(MalformedAnswer) as caught:
        contacts(saying(BODIES[name])).changes(None, Scope())

    assert "example.net" not in str(caught.value)
    assert "Ada" not in str(caught.value)


def test_a_huge_body_is_not_read_to_its_end() -> None:
    """A body without end is given up at its cap."""
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        for _ in itertools.count():
            sent += 1
            yield b" " * 1_000_000

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return endless()

    with pytest.raises(MalformedAnswer, match="bytes"):
        contacts(lambda _: httpx.Response(200, stream=Endless())).changes(None, Scope())

    assert sent <= 70


def test_a_small_body_that_unpacks_to_a_huge_one_is_refused() -> None:
    """A packed body counts as what it unpacks to."""
    bomb = gzip.compress(b" " * 200_000_000)

    with pytest.raises(MalformedAnswer, match="bytes"):
        contacts(saying(bomb, headers={"Content-Encoding": "gzip"})).changes(None, Scope())


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(b"nonsense", "gzip"), (gzip.compress(b"{}" * 999)[:-9], "gzip"), (b"x", "br")],
    ids=["nonsense", "cut off", "another way"],
)
def test_a_body_that_cannot_be_unpacked_is_refused(body: bytes, encoding: str) -> None:
    """A body that is packed badly, cut off, or packed in a way that nobody asked for is no answer."""
    with pytest.raises(MalformedAnswer):
        contacts(saying(body, headers={"Content-Encoding": encoding})).changes(None, Scope())


def test_a_packed_body_is_read() -> None:
    """A body may come packed as it was asked for."""
    body = gzip.compress(json.dumps({"value": [], "@odata.deltaLink": f"{ROOT}/me/contacts/delta?x"}).encode())

    assert contacts(saying(body, headers={"Content-Encoding": "gzip"})).changes(None, Scope()).complete


def test_a_body_that_never_ends_is_given_up() -> None:
    """A body that drips in is waited for as long as a request may take, and no longer."""

    class Dripping(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            return itertools.repeat(b" ")

    with pytest.raises(MalformedAnswer, match="does not come to its end"):
        contacts(lambda _: httpx.Response(200, stream=Dripping()), seconds=0.05).changes(None, Scope())


@pytest.mark.parametrize("circle", [1, 2, 7, 50])
def test_pages_that_lead_in_a_circle_end(circle: int) -> None:
    """Links that come back to where they were are found out."""
    asked = itertools.count(1)

    def handler(_: httpx.Request) -> httpx.Response:
        number = next(asked)
        row = {"id": f"id{number}", "createdDateTime": "2026-01-01T00:00:00Z"}
        return httpx.Response(
            200, stream=httpx.ByteStream(json.dumps(page(row, link=f"{ROOT}/{number % circle}")).encode())
        )

    with pytest.raises(MalformedAnswer, match="circle"):
        listed(contacts(handler))

    assert next(asked) < 5 * circle + 5


def test_empty_pages_without_end_end() -> None:
    """Pages without rows, each leading to a new one, are given up."""
    asked = itertools.count(1)

    def handler(_: httpx.Request) -> httpx.Response:
        link = f"{ROOT}/me/contacts/delta?{next(asked)}"
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(page(link=link)).encode()))

    with pytest.raises(MalformedAnswer, match="do not come to an end"):
        listed(contacts(handler))

    assert next(asked) <= MOST_EMPTY + 3


def test_searches_without_end_end() -> None:
    """A search whose pages lead on for ever is given up."""
    asked = itertools.count(1)

    def handler(_: httpx.Request) -> httpx.Response:
        body = page(link=f"{ROOT}/me/contacts?{next(asked)}")
        answer = {"responses": [{"id": "0", "status": 200, "body": body}]}
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(answer).encode()))

    with pytest.raises(MalformedAnswer, match="do not come to an end"):
        contacts(handler).search([Term("email", "ada@example.com")], Scope())

    assert next(asked) < 300


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirections_are_not_followed(status: int) -> None:
    """A redirection is refused, and the token goes to the service alone."""
    hosts = []

    def handler(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return httpx.Response(status, headers={"Location": "https://example.net/"}, stream=httpx.ByteStream(b""))

    with pytest.raises(MalformedAnswer, match="redirection"):
        contacts(handler).changes(None, Scope())
    with pytest.raises(OutcomeUnknown):
        contacts(handler).remove([Remove("a", None)], Scope())

    assert set(hosts) == {"graph.microsoft.com"}


WAITS = {"1.5": 1.5, "0": 0.0, "-3": None, "nan": None, "soon": None, "1e99": 86_400.0, "": None}


@pytest.mark.parametrize("said", WAITS)
def test_waits_make_sense(said: str) -> None:
    """A wait is seconds, with a fraction or not; what makes no sense is no wait, and nobody waits for days."""
    with pytest.raises(Throttled) as caught:
        contacts(saying({}, 429, {"Retry-After": said})).changes(None, Scope())

    assert caught.value.retry_after == WAITS[said]


def test_a_wait_that_is_a_date_counts_from_the_services_clock() -> None:
    """A date to wait for is measured by the clock of whoever gave it."""
    dates = {"Retry-After": "Mon, 05 Jan 2026 08:00:30 GMT", "Date": "Mon, 05 Jan 2026 08:00:00 GMT"}

    with pytest.raises(Throttled) as caught:
        contacts(saying({}, 429, dates)).changes(None, Scope())

    assert caught.value.retry_after == 30


PARTS: dict[str, object] = {
    "none": [],
    "of another id": [{"id": "7", "status": 200, "body": {}}],
    "without a status": [{"id": "0"}],
    "of a status that is none": [{"id": "0", "status": "fine"}, {"id": "1", "status": 99_999}],
    "redirected": [{"id": "0", "status": 302}, {"id": "1", "status": 302}],
    "bodies that are none": [{"id": "0", "status": 201, "body": "x"}, {"id": "1", "status": 201, "body": 5}],
    "not objects": ["0", None],
}


@pytest.mark.parametrize("parts", PARTS)
def test_parts_of_a_batch_that_are_no_answers_leave_writes_in_doubt(parts: str) -> None:
    """A write whose part of the answer can't be read is in doubt, and no other error hides that."""
    provider = contacts(saying({"responses": PARTS[parts]}))
    batch = [Create(f"token{number}", contact(number)) for number in range(2)]

    assert [one.status for one in provider.create(batch, Scope())] == [Status.UNKNOWN] * 2


@pytest.mark.parametrize("body", [b"no JSON", b"[]", b'{"responses": 5}'])
def test_answers_to_writes_that_are_none_leave_them_in_doubt(body: bytes) -> None:
    """What can't be read after something was sent is no reason to say that nothing was written."""
    with pytest.raises(OutcomeUnknown):
        contacts(saying(body)).create([Create(f"token{number}", contact(number)) for number in range(2)], Scope())


TRANSPORT_ERRORS = {
    httpx.ConnectError: (Unavailable, Unavailable),
    httpx.ConnectTimeout: (Unavailable, Unavailable),
    httpx.ReadTimeout: (Unavailable, OutcomeUnknown),
    httpx.WriteError: (Unavailable, OutcomeUnknown),
    httpx.RemoteProtocolError: (Unavailable, OutcomeUnknown),
}


@pytest.mark.parametrize("kind", TRANSPORT_ERRORS, ids=lambda kind: kind.__name__)
def test_no_answer(kind: type[httpx.TransportError]) -> None:
    """A write without an answer is in doubt, unless there was no connection; a reading is tried again."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise kind(f"bad {SECRET}", request=request)

    reading, writing = TRANSPORT_ERRORS[kind]
    with pytest.raises(reading) as read:
        contacts(handler).changes(None, Scope())
    with pytest.raises(writing):
        contacts(handler).remove([Remove("a", None)], Scope())

    assert SECRET not in "".join(traceback.format_exception(read.value))


@pytest.mark.parametrize("token", ["", "two words", "line\r\nbreak", "ü", "x" * 60_000, None, 5])
def test_what_is_no_token_is_not_sent_nor_shown(token: object) -> None:
    """What the host gives in place of a token is refused before it is sent, and not repeated."""
    with pytest.raises(AuthenticationRequired) as caught:
        bearer(token)

    assert str(token) not in str(caught.value) or not token


def test_the_token_is_in_no_log_repr_or_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """The token goes into one header of a request, and nowhere else; names and addresses go into no log."""
    caplog.set_level(logging.DEBUG)
    mailbox = Mailbox("graph/ada", lambda: SECRET, client=httpx.Client(transport=httpx.MockTransport(saying({}, 401))))
    provider = mailbox.contacts()
    shown = [repr(mailbox), repr(provider), repr(vars(provider))]
    with pytest.raises(AuthenticationRequired) as caught:
        provider.changes(None, Scope())
    shown += traceback.format_exception(caught.value)
    with pytest.raises(ProviderError) as searched:
        provider.search([Term("email", "ada@example.com")], Scope())
    shown += traceback.format_exception(searched.value)

    assert SECRET not in "".join([*shown, caplog.text])
    assert "example.com" not in caplog.text
    assert "$batch" in caplog.text


@pytest.mark.parametrize(
    "cursor", ["", "x", "[]", '["/me", "another", true, 0, 0, ""]', '{"a": 1}', "[1,2,3,4,5,6]", "5"]
)
def test_a_cursor_of_something_else_has_expired(cursor: str) -> None:
    """A cursor that was not given for what is listed is no cursor, and asks the service for nothing."""
    with pytest.raises(CursorExpired):
        contacts(saying({}, 500)).changes(cursor, Scope())


@pytest.mark.parametrize("root", ["", "graph.microsoft.com", "ftp://x/v1.0", "https://me@x/v1.0", "https://x/v1.0?y=1"])
def test_a_root_that_is_none_is_refused(root: str) -> None:
    """A root is an address of a service."""
    with pytest.raises(SettingsError):
        Wire(root)


def test_the_token_goes_over_no_line_that_others_read() -> None:
    """A root without encryption is one on this machine, or none."""
    assert Wire("http://localhost:8000/v1.0").root == "http://localhost:8000/v1.0"
    with pytest.raises(SettingsError, match="without encryption -- use https://"):
        Mailbox("ada", lambda: SECRET, root="http://graph.microsoft.com/v1.0")


def test_writes_that_none_was_taken_of_raise_the_reason() -> None:
    """Where the sign-in is over, a batch ends in that, and in no outcome."""
    for status, error in ((401, AuthenticationRequired), (429, Throttled)):
        with pytest.raises(error):
            contacts(saying({}, status)).remove([Remove("a", None)], Scope())
    (outcome,) = contacts(saying({}, 500)).update([Update("a", None, {"surname": "Byron"})], Scope())

    assert outcome.status is Status.UNKNOWN
