"""The providers of address books and calendars hold the published contract, whatever ways the server has."""

from datetime import date, datetime, time
from typing import Any

import attrs
import pytest

from tallystick.ports import Scope, Term
from tallystick.providers.dav import CONTACTS, ENTRIES, EVENTS, TODO_TASKS, DavKind
from tallystick.records import Contact, EmailAddress, Entry, Event, TodoStatus, TodoTask
from tallystick.recurrence import WallTime
from tallystick.testing import AsyncProviderContract, ProviderContract, Samples, Verdict
from tests.providers.dav.service import Door, Service, awaited, provider

SCOPE = Scope("Maximizer")
TROUBLE = {
    "a throttled reading",
    "a reading that fails",
    "a reading while signed out",
    "a throttled write",
    "a write that fails",
    "a write without an answer",
}
UNTRIED = {"no foreign token is found", "a bad create spares others", "times are those of edits", *TROUBLE}
"""Records are found by their ids, which are the tokens."""


def contact(number: int) -> Contact:
    """Return one of many different contacts."""
    mail = (EmailAddress(f"p{number}@example.com"),)
    return Contact(given_name=f"Given{number}", surname=f"Family{number}", email_addresses=mail)


def event(number: int) -> Event:
    """Return one of many different events."""
    day = date(2026, 3, 1 + number % 28)
    start, end = (WallTime(datetime.combine(day, time(hour)), "Europe/Berlin") for hour in (9, 10))
    return Event(subject=f"Meeting {number}", start=start, end=end)


def entry(number: int) -> Entry:
    """Return one of many different entries."""
    return Entry(first_name=f"Given{number}", last_name=f"Family{number}", emails=(f"p{number}@example.com",))


# What a card or calendar keeps as it is: a name to show is made where there is none, the UID is that of the place, and
# the lists are the door's own.
CONTACT_SAMPLES: Samples[Any] = Samples(
    record=contact,
    edit={"company_name": "Å" * 200, "job_title": "Captain"},
    other_edit={"surname": "Renamed"},
    terms=lambda record: [Term("email", record.email_addresses[0].address)],
    scope=SCOPE,
    shown=lambda record: attrs.evolve(record, display_name="", categories=()),
)
SAMPLES: dict[str, tuple[DavKind[Any], Samples[Any]]] = {
    "contacts": (CONTACTS, CONTACT_SAMPLES),
    "entries": (
        ENTRIES,
        Samples(
            record=entry,
            edit={"company_name": "Å" * 200},
            other_edit={"last_name": "Renamed"},
            terms=lambda record: [Term("email", record.emails[0])],
            scope=SCOPE,
        ),
    ),
    "events": (
        EVENTS,
        Samples(
            record=event,
            edit={"location": "Room 1"},
            other_edit={"body": "Å" * 200},
            terms=lambda record: [Term("subject", record.subject)],
            scope=SCOPE,
            shown=lambda record: attrs.evolve(record, categories=(), uid=""),
        ),
    ),
    "to do tasks": (
        TODO_TASKS,
        Samples(
            record=lambda number: TodoTask(title=f"Call {number}"),
            edit={"body": "Å" * 200},
            other_edit={"status": TodoStatus.IN_PROGRESS},
            terms=lambda record: [Term("title", record.title)],
            scope=SCOPE,
            shown=lambda record: attrs.evolve(record, categories=(), created=None),
        ),
    ),
}


def service_of(kind: DavKind[Any], **switches: Any) -> Service:  # noqa: ANN401 -- switches
    """Return a service that holds records of a kind."""
    if kind.component:
        return Service(".ics", "L:calendar-data", **switches)
    return Service(**switches)


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_blocking_provider_holds_the_contract(kind: str) -> None:
    """Every promise is tried on cards, entries, events and tasks, and holds."""
    dav, samples = SAMPLES[kind]

    def make() -> tuple[Any, Any]:
        service = service_of(dav, page=3)
        return provider(service, dav), Door(service, dav)

    results = ProviderContract(make, samples).check()
    results.require()
    assert {one.check for one in results.findings if one.verdict is Verdict.UNTRIED} == UNTRIED


def test_an_awaited_provider_holds_the_contract() -> None:
    """Every promise holds where it is awaited, too."""

    async def make() -> tuple[Any, Any]:
        service = Service()
        return awaited(service), Door(service, CONTACTS)

    AsyncProviderContract(make, CONTACT_SAMPLES).check().require()


@pytest.mark.parametrize(
    "switches",
    [{"page": 2}, {"etags": False}, {"weak": True}, {"silent": True}, {"limited": True}, {"listed_etags": False}],
    ids=lambda switches: next(iter(switches)),
)
def test_the_contract_holds_whatever_ways_the_server_has(switches: dict[str, Any]) -> None:
    """Short pages, no etag after a write or none at all, weak ones, answers that leave out what is missing."""

    def make() -> tuple[Any, Any]:
        service = service_of(CONTACTS, **switches)
        return provider(service), Door(service, CONTACTS)

    ProviderContract(make, CONTACT_SAMPLES).check().require()


def test_a_server_without_sync_collection_holds_the_contract() -> None:
    """Where nobody says what changed, all etags are listed, and the promises hold but for those of deltas."""

    def make() -> tuple[Any, Any]:
        service = Service()
        return provider(service, delta=False), Door(service, CONTACTS)

    ProviderContract(make, CONTACT_SAMPLES).check().require()
