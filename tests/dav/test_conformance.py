"""The providers of address books and calendars hold the published contract on servers of other people's making."""

from datetime import date, datetime, time
from typing import Any

import attrs
import pytest

from tallystick.ports import Scope, Term
from tallystick.providers.dav import (
    CONTACTS,
    ENTRIES,
    EVENTS,
    TODO_TASKS,
    Collection,
    DavKind,
    DavProvider,
    Transport,
    open_dav,
    open_dav_async,
)
from tallystick.records import Contact, EmailAddress, Entry, Event, TodoStatus, TodoTask
from tallystick.recurrence import WallTime
from tallystick.testing import AsyncProviderContract, ProviderContract, Results, Samples, Verdict
from tests.dav.doors import Door
from tests.dav.servers import Server

pytestmark = pytest.mark.dav
CATEGORY = "Maximizer"


def contact(number: int) -> Contact:
    """Return one of many different contacts."""
    mail = (EmailAddress(f"p{number}@example.com"),)
    return Contact(given_name=f"Given{number}", surname=f"Family{number}", email_addresses=mail)


def event(number: int) -> Event:
    """Return one of many different events."""
    day = date(2026, 3, 1 + number % 28)
    start, end = (WallTime(datetime.combine(day, time(hour)), "Europe/Berlin") for hour in (9, 10))
    return Event(subject=f"Meeting {number}", start=start, end=end)


def shown_contact(record: Contact) -> object:
    """Return what a card keeps as it is; a name to show is made where there is none, and lists are the door's own."""
    return attrs.evolve(record, display_name="", categories=())


def shown_event(record: Event) -> object:
    """Return what a calendar keeps as it is; its lists are the door's own, and the UID is the name it was put under."""
    return attrs.evolve(record, categories=(), uid="")


CONTACT_SAMPLES = Samples(
    record=contact,
    edit={"company_name": "Example Ltd", "job_title": "Captain"},
    other_edit={"surname": "Renamed"},
    terms=lambda record: [Term("email", record.email_addresses[0].address)],
    scope=Scope(CATEGORY),
    shown=shown_contact,
)
EVENT_SAMPLES = Samples(
    record=event,
    edit={"location": "Room 1"},
    other_edit={"body": "Agenda"},
    terms=lambda record: [Term("subject", record.subject)],
    scope=Scope(CATEGORY),
    shown=shown_event,
)
ENTRY_SAMPLES = Samples(
    record=lambda number: Entry(
        first_name=f"Given{number}", last_name=f"Family{number}", emails=(f"p{number}@example.com",)
    ),
    edit={"company_name": "Example Ltd"},
    other_edit={"last_name": "Renamed"},
    terms=lambda record: [Term("email", record.emails[0])],
    scope=Scope(CATEGORY),
)
TODO_SAMPLES = Samples(
    record=lambda number: TodoTask(title=f"Call {number}"),
    edit={"body": "Ask about the offer"},
    other_edit={"status": TodoStatus.IN_PROGRESS},
    terms=lambda record: [Term("title", record.title)],
    scope=Scope(CATEGORY),
    shown=lambda record: attrs.evolve(record, categories=(), created=None),
)
KINDS: dict[str, tuple[DavKind[Any], Samples[Any]]] = {
    "contacts": (CONTACTS, CONTACT_SAMPLES),
    "entries": (ENTRIES, ENTRY_SAMPLES),
    "events": (EVENTS, EVENT_SAMPLES),
    "tasks": (TODO_TASKS, TODO_SAMPLES),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_blocking_provider_holds_the_contract(server: Server, kind: str) -> None:
    """Every promise holds for cards, entries, events and tasks, and none is left untried."""
    dav, samples = KINDS[kind]

    def make() -> tuple[Any, Any]:
        url = server.made(calendar=bool(dav.component))
        return open_dav(url, dav, server.credentials), Door(server, url, dav, CATEGORY)

    _require_all(ProviderContract(make, samples).check())


def test_an_awaited_provider_holds_the_contract(server: Server) -> None:
    """Every promise holds where it is awaited, too."""

    async def make() -> tuple[Any, Any]:
        url = server.made()
        return await open_dav_async(url, CONTACTS, server.credentials), Door(server, url, CONTACTS, CATEGORY)

    _require_all(AsyncProviderContract(make, CONTACT_SAMPLES).check())


def test_a_service_without_sync_collection_holds_the_contract(server: Server) -> None:
    """Where nobody says what changed, all etags are listed, and the same promises hold but for those of deltas."""

    def make() -> tuple[Any, Any]:
        url = server.made()
        transport = Transport(server.credentials)
        return DavProvider(Collection(url, delta=False), CONTACTS, transport), Door(server, url, CONTACTS, CATEGORY)

    results = ProviderContract(make, CONTACT_SAMPLES).check()

    results.require()
    assert [finding for finding in results.findings if finding.verdict is Verdict.HELD][38:], results.table()


def _require_all(results: Results) -> None:
    results.require()
    untried = {finding.check for finding in results.findings if finding.verdict is Verdict.UNTRIED}
    assert untried == {"no foreign token is found"}, "records are found by their ids, which are the tokens"
