"""A server that does what it should not ends in a documented error, within bounds of time and memory."""

import asyncio
import time
import tracemalloc
from collections.abc import Callable

import httpx
import pytest

from tallystick.errors import MalformedAnswer, ProviderError, ScopeGone
from tallystick.ports import Absence, AbsenceReason, Create, Remove, Scope, Status, Term
from tallystick.providers.dav import CONTACTS, feed, find_collections, markup, open_dav
from tallystick.providers.dav.markup import read_xml
from tests.providers.dav.service import PATH, URL, Door, Service, answered, awaited, provider, whole
from tests.providers.dav.test_contract import contact

EVERYTHING = Scope()
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(9))
    + ']><multistatus xmlns="DAV:"><response><href>&j;</href></response></multistatus>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><multistatus xmlns="DAV:">&a;</multistatus>'
Answering = Callable[[httpx.Request], httpx.Response]


def saying(text: str) -> Answering:
    """Answer everything with a text."""
    return lambda _: httpx.Response(207, text=text)


HOSTILE: dict[str, Answering] = {
    "no XML": saying("<html>sign in"),
    "nothing": saying(""),
    "another root": saying("<a/>"),
    "JSON": lambda _: httpx.Response(207, json={"value": []}),
    "no multi-status": lambda _: httpx.Response(200, text="fine"),
    "entities": saying(BOMB),
    "a file": saying(OUTSIDE),
    "deep": saying("<a>" * 100_000 + "</a>" * 100_000),
    "wide": saying("<a>" + "<b/>" * 100_000 + "</a>"),
    "huge": lambda _: httpx.Response(207, stream=_Endless()),
    "a bad encoding": saying('<?xml version="1.0" encoding="no-such"?><a/>'),
    "no token": lambda _: answered(""),
    "an empty token": lambda _: answered("<sync-token/>"),
    "a status that is none": lambda _: answered(whole(PATH + "1.vcf", "maybe") + "<sync-token>t</sync-token>"),
    "no address": lambda _: answered("<response/><sync-token>t</sync-token>"),
    "another host": lambda _: answered(whole("https://evil.example.net/ada/people/1.vcf", "200 OK")),
    "another scheme": lambda _: answered(whole("http://dav.example.com/ada/people/1.vcf", "200 OK")),
    "another collection": lambda _: answered(whole("/bob/people/1.vcf", "200 OK")),
    "a way out": lambda _: answered(whole(PATH + "../../bob/1.vcf", "200 OK")),
    "a hidden way out": lambda _: answered(whole(PATH + "%2e%2e", "200 OK")),
    "a folder below": lambda _: answered(whole(PATH + "below/1.vcf", "200 OK")),
}


class _Endless(httpx.SyncByteStream):
    """A body without an end."""

    def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204 -- of httpx
        while True:
            yield b"<a>" * 10_000


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_ends_in_a_documented_error(name: str) -> None:
    """Whatever is answered to a reading, it is told as the server's fault, soon, and without filling the memory."""
    began = time.process_time()
    tracemalloc.start()
    side = provider(Service(intrude=HOSTILE[name]))

    for ask in (
        lambda: side.changes(None, EVERYTHING),
        lambda: side.search([Term("email", "a@b.example")], EVERYTHING),
    ):
        with pytest.raises(MalformedAnswer):
            ask()

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 300_000_000
    assert time.process_time() - began < 60


def test_xml_of_more_elements_than_any_collection_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elements are counted as they open."""
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 1000)

    assert len(read_xml(b"<a>" + b"<b/>" * 999 + b"</a>").children) == 999
    with pytest.raises(MalformedAnswer):
        read_xml(b"<a>" + b"<b/>" * 1000 + b"</a>")


def test_a_feed_of_endless_pages_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that always has one more page is given up."""
    monkeypatch.setattr(feed, "MOST_PAGES", 300)
    numbers = iter(range(1_000_000))

    def one_more(_: httpx.Request) -> httpx.Response:
        more = f"{whole(PATH, '507 Insufficient Storage')}<sync-token>t{next(numbers)}</sync-token>"
        return answered(whole(f"{PATH}{next(numbers)}.vcf", "404 Not Found") + more)

    side, cursors = provider(Service(intrude=one_more)), [""]
    with pytest.raises(MalformedAnswer):
        cursors += (side.changes(cursors[-1] or None, EVERYTHING).cursor for _ in range(1000))

    assert len(cursors) > 300
    with pytest.raises(MalformedAnswer):
        side.search([Term("email", "ada@example.com")], EVERYTHING)


@pytest.mark.parametrize("token", ["", "t0"])
def test_a_page_that_leads_nowhere_is_told(token: str) -> None:
    """A listing that is cut off and does not go on is no listing."""
    cut = answered(f"{whole(PATH, '507 Insufficient Storage')}<sync-token>{token}</sync-token>").content

    with pytest.raises(MalformedAnswer):
        provider(Service(intrude=lambda _: httpx.Response(207, content=cut))).changes(None, EVERYTHING)


def test_a_listing_that_is_cut_off_for_good_is_no_listing() -> None:
    """Where there are no tokens to go on from, a part of the etags is not taken for all of them."""
    service = Service(intrude=lambda _: answered(whole(PATH, "507 Insufficient Storage")))

    with pytest.raises(ProviderError, match="only a part"):
        provider(service, delta=False).changes(None, EVERYTHING)


def test_a_redirect_is_not_followed_once_a_collection_is_open() -> None:
    """Nothing is sent to where an answer points, on this server or another."""
    asked: list[str] = []

    def away(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(301, headers={"Location": "https://evil.example.net/"})

    side = provider(Service(intrude=away))
    with pytest.raises(ScopeGone):
        side.changes(None, EVERYTHING)
    with pytest.raises(ScopeGone):
        side.get(["1"], EVERYTHING)
    (outcome,) = side.create([Create("1a", contact(1))], EVERYTHING)

    assert outcome.status is Status.REFUSED
    assert set(asked) == {"dav.example.com"}


@pytest.mark.parametrize("where", ["https://evil.example.net/", "http://dav.example.com/", "//evil.example.net/", URL])
def test_opening_follows_redirects_within_the_server_only_and_not_for_ever(where: str) -> None:
    """A server may move a collection about; credentials stay on it."""
    asked: list[str] = []

    def away(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": where})

    with httpx.Client(transport=httpx.MockTransport(away)) as client:
        for call in (open_dav, find_collections):
            with pytest.raises(MalformedAnswer):
                call(URL, CONTACTS, ("ada", "secret"), client=client)

    assert {httpx.URL(url).host for url in asked} == {"dav.example.com"}
    assert len(asked) <= 10


def test_a_write_that_is_answered_with_nonsense_is_in_doubt() -> None:
    """It may have arrived; the next run looks."""
    side = provider(Service(intrude=_endless))

    (outcome,) = side.remove([Remove("1", '"1"')], EVERYTHING)

    assert outcome.status is Status.UNKNOWN


def _endless(request: httpx.Request) -> httpx.Response | None:
    return httpx.Response(200, stream=_Endless()) if request.method in {"PUT", "DELETE"} else None


def test_one_huge_card_hides_none_of_the_others() -> None:
    """A card that is larger than any answer may be is found by halving, and told as one that can't be shown."""
    service = Service()
    for number in range(12):
        service.put(f"{number}.vcf", card(number))
    service.put("huge.vcf", card(99).replace("END:", f"NOTE:{'x' * 5_000_000}\nEND:"))

    page = provider(service).changes(None, EVERYTHING)

    assert len(page.items) == 12
    assert page.unreadable == ["huge"]
    (found,) = provider(service).get(["huge"], EVERYTHING)
    assert found == Absence("huge", AbsenceReason.NO_ACCESS)


def card(number: int) -> str:
    """Return the text of a card."""
    return f"BEGIN:VCARD\nVERSION:3.0\nUID:{number}\nFN:Given{number}\nN:;Given{number};;;\nEND:VCARD\n"


@pytest.mark.parametrize("data", [b"", b"\0", b"<a", b"<a/><b/>", b"<a>&amp", b"<?xml version='1.0' encoding='x'?>"])
def test_what_is_no_xml_is_told_by_one_error(data: bytes) -> None:
    """No error of a parser comes through."""
    with pytest.raises(MalformedAnswer):
        read_xml(data)


def test_a_transport_that_fails_while_writing_leaves_the_rest_unsent() -> None:
    """What was sent and not answered is in doubt, and what was not sent is not."""
    service = Service()

    def broken(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("b2.vcf"):
            raise httpx.ReadTimeout("late")
        if request.url.path.endswith("c3.vcf"):
            raise httpx.ConnectError("gone")
        return None

    service.intrude = broken
    batch = [Create(token, contact(number)) for number, token in enumerate(["a1", "b2", "c3", "d4"])]
    outcomes = provider(service).create(batch, EVERYTHING)

    assert [one.status for one in outcomes] == [Status.DONE, Status.UNKNOWN, Status.THROTTLED, Status.THROTTLED]


def test_records_that_cannot_be_read_are_named() -> None:
    """Whoever runs a sync can say which cards are left alone; one that was mended or deleted is named no longer."""
    service = Service()
    for name in ("a", "b", "c"):
        service.put(f"{name}.vcf", "nonsense")
    blocking, later = provider(service), awaited(service)
    cursor = blocking.changes(None, EVERYTHING).cursor
    assert blocking.unreadable == ["a", "b", "c"]

    Door(service, CONTACTS)._keep("a", a_card())
    service.drop("b.vcf")
    blocking.changes(cursor, EVERYTHING)
    assert blocking.unreadable == ["c"]

    async def listed() -> object:
        await later.changes(None, EVERYTHING)
        return later.unreadable

    assert asyncio.run(listed()) == ["c"]


def a_card() -> bytes:
    """Return a card as it should be."""
    document = CONTACTS.codec.blank()
    return document.encode([document.fresh("a", contact(1), ())])
