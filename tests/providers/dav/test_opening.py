"""Find the collections of a person, and open one by its address."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest

from tallystick.errors import AuthenticationRequired, CursorExpired, ProviderError, ScopeGone, SettingsError
from tallystick.ports import Item, Scope, Window
from tallystick.providers.dav import (
    CONTACTS,
    EVENTS,
    TODO_TASKS,
    events_of,
    find_collections,
    find_collections_async,
    open_dav,
    open_dav_async,
)
from tests.providers.dav.service import Door, Service, answered, provider
from tests.providers.dav.test_contract import SAMPLES, event

HOST = "https://dav.example.com"
REPORTS = (
    "<supported-report-set><supported-report><report><sync-collection/></report></supported-report>"
    "</supported-report-set>"
)
BOOK = "<resourcetype><collection/><C:addressbook/></resourcetype><displayname>People</displayname>"
CALENDAR = "<resourcetype><collection/><L:calendar/></resourcetype><displayname>Work</displayname>"
EVENTS_ONLY = '<L:supported-calendar-component-set><L:comp name="VEVENT"/></L:supported-calendar-component-set>'
PAGES: Mapping[str, str] = {
    "/": "",
    "/people/ada/": "<C:addressbook-home-set><href>/books/</href></C:addressbook-home-set>"
    "<L:calendar-home-set><href>/calendars/</href></L:calendar-home-set>",
    "/books/a/": BOOK + REPORTS,
    "/books/b/": BOOK,
    "/books/none/": "<resourcetype><collection/></resourcetype>",
    "/calendars/work/": CALENDAR + EVENTS_ONLY + "<sync-token>1</sync-token>",
    "/calendars/all/": CALENDAR,
}


def server(request: httpx.Request) -> httpx.Response:
    """Answer for a few people, as servers do: the way begins at a well-known place."""
    path = request.url.path
    if path.startswith("/.well-known/"):
        return httpx.Response(301, headers={"Location": "/begin/"})
    if path == "/begin/":
        return said({path: "<current-user-principal><href>/people/ada/</href></current-user-principal>"})
    if path in {"/books/", "/calendars/"}:
        return said({each: props for each, props in PAGES.items() if each.startswith(path)})
    return said({path: PAGES[path]}) if path in PAGES else httpx.Response(404)


def said(pages: Mapping[str, str]) -> httpx.Response:
    """Return a multi-status of properties."""
    ok = "<status>HTTP/1.1 200 OK</status>"
    parts = (f"<href>{path}</href><propstat><prop>{one}</prop>{ok}</propstat>" for path, one in pages.items())
    return answered("".join(f"<response>{part}</response>" for part in parts))


def client(handler: object = server) -> httpx.Client:
    """Return a client of the server."""
    return httpx.Client(transport=httpx.MockTransport(handler))  # type: ignore[arg-type]


def test_collections_are_found_from_any_address_of_the_server() -> None:
    """Neither the person's page nor the collections have to be known."""
    books = find_collections(HOST, CONTACTS, client=client())
    events = find_collections(f"{HOST}/people/ada/", EVENTS, client=client())
    tasks = find_collections(HOST, TODO_TASKS, client=client())

    assert [(one.url, one.name, one.delta) for one in books] == [
        (f"{HOST}/books/a/", "People", True),
        (f"{HOST}/books/b/", "People", False),
    ]
    assert [(one.url, one.delta) for one in events] == [
        (f"{HOST}/calendars/work/", True),
        (f"{HOST}/calendars/all/", False),
    ]
    assert [one.url for one in tasks] == [f"{HOST}/calendars/all/"]


def test_a_collection_is_opened_by_its_address_with_or_without_a_slash() -> None:
    """What it can do is asked, and declared."""
    with open_dav(f"{HOST}/books/a", CONTACTS, client=client()) as book:
        assert book.capabilities.delta
        assert book.account == f"{HOST}/books/a/"
        assert "People" in repr(book)
    assert not open_dav(f"{HOST}/books/b/", CONTACTS, client=client()).capabilities.delta


def test_both_can_be_awaited() -> None:
    """The same answers, under an event loop."""

    async def awaited() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(server)) as mine:
            found = await find_collections_async(HOST, CONTACTS, client=mine)
            async with await open_dav_async(found[0].url, CONTACTS, client=mine) as book:
                assert book.account == f"{HOST}/books/a/"
                assert "People" in repr(book)
            with pytest.raises(ScopeGone):
                await open_dav_async(f"{HOST}/no/", CONTACTS, client=mine)

    asyncio.run(awaited())


@pytest.mark.parametrize("path", ["/books/none/", "/calendars/work/"])
def test_what_is_no_address_book_is_not_opened_as_one(path: str) -> None:
    """A slip is told at once, and nothing is written into somebody's calendar."""
    with pytest.raises(SettingsError, match="holds no cards"):
        open_dav(f"{HOST}{path}", CONTACTS, client=client())


def test_a_collection_that_is_not_there_is_told() -> None:
    """So is a sign-in that fails, and a server that does not say whose collections there are."""
    with pytest.raises(ScopeGone):
        open_dav(f"{HOST}/books/no/", CONTACTS, client=client())
    with pytest.raises(AuthenticationRequired):
        find_collections(HOST, CONTACTS, client=client(lambda _: httpx.Response(401)))
    with pytest.raises(ProviderError, match="does not say"):
        find_collections(HOST, CONTACTS, client=client(lambda _: httpx.Response(404)))


def test_an_address_is_looked_at_before_anything_is_sent() -> None:
    """Passwords in addresses, and addresses without encryption, go nowhere."""
    for url in ("https://ada:secret@dav.example.com/", "http://dav.example.com/"):
        with pytest.raises(SettingsError):
            open_dav(url, CONTACTS)
    assert open_dav("http://dav.example.com/books/a/", CONTACTS, client=client(), allow_http=True)


def test_events_of_somebody_else_are_known_by_their_organizer() -> None:
    """Of a meeting that another called, a copy is not one's own."""
    service = Service(suffix=".ics", data="L:calendar-data")
    id_ = Door(service, EVENTS).insert(event(1), member=False)
    name = f"{id_}.ics"
    service.put(name, service.texts[name].replace("SUMMARY", "ORGANIZER:mailto:bob@example.com\r\nSUMMARY"))

    (mine,) = provider(service, events_of("ada@example.com")).get([id_], Scope())

    assert isinstance(mine, Item)
    assert not mine.record.is_organizer


def test_a_window_shows_what_lies_in_it_and_lets_go_of_what_leaves() -> None:
    """An event that was moved out of the days is unlisted; it is still there for whoever asks by its id."""
    service = Service(suffix=".ics", data="L:calendar-data")
    door, side = Door(service, EVENTS), provider(service, EVENTS)
    one, other = door.insert(event(1), member=False), door.insert(event(20), member=False)
    window = Scope(window=Window(event(1).start.local.date(), event(10).start.local.date()))  # type: ignore[union-attr]

    first = side.changes(None, window)
    door.edit(one, {"start": event(15).start, "end": event(15).end})
    later = side.changes(first.cursor, window)

    assert [item.id for item in first.items] == [one]
    assert (later.items, later.unlisted) == ([], [one])
    assert [item.id for item in side.get([other], window)] == [other]
    with pytest.raises(CursorExpired):
        side.changes(first.cursor, Scope())
    with pytest.raises(SettingsError):
        provider(Service()).changes(None, window)
    with pytest.raises(CursorExpired):
        side.changes("no cursor", window)


def test_a_search_asks_for_what_such_records_have() -> None:
    """All kinds are found by what they are known by."""
    for kind, samples in SAMPLES.values():
        service = Service(".ics", "L:calendar-data") if kind.component else Service()
        id_ = Door(service, kind).insert(samples.record(3), member=False)
        found = provider(service, kind).search(samples.terms(samples.record(3)), Scope())

        assert [one.id for one in found] == [id_]
