"""Provide mailboxes at a simulated service, samples for the provider's contract, and what of them has to arrive."""

from datetime import date, datetime, time, timedelta
from typing import Any

import attrs
import httpx

from tallystick.ports import Scope, Term
from tallystick.ports.item import Window
from tallystick.providers.graph import AsyncMailbox, Mailbox
from tallystick.records import DRAFTS, Contact, EmailAddress, Event, Message, TodoTask
from tallystick.recurrence import WallTime, utc_midnight
from tallystick.testing import Samples
from tallystick.testing.graph import GraphDoor, GraphQuirks, GraphService, TodoDoor
from tallystick.testing.graph.bridge import transport

ACCOUNT, CATEGORY = "graph/ada", "Clients"


def mailbox(service: GraphService, **options: Any) -> Mailbox:  # noqa: ANN401 -- a mailbox's own
    """Return a mailbox of the service, for providers that block."""
    client = httpx.Client(transport=transport(service))
    return Mailbox(ACCOUNT, lambda: service.token, client=client, **{"page_size": 3, **options})


def async_mailbox(service: GraphService, **options: Any) -> AsyncMailbox:  # noqa: ANN401 -- a mailbox's own
    """Return a mailbox of the service, for providers that are awaited."""

    async def token() -> str:
        return service.token

    client = httpx.AsyncClient(transport=httpx.ASGITransport(service))
    return AsyncMailbox(ACCOUNT, token, client=client, **{"page_size": 3, **options})


def served(quirks: GraphQuirks | None = None) -> GraphService:
    """Return a service whose mailbox has the category of the samples."""
    service = GraphService(quirks=quirks)
    service.add_category(CATEGORY)
    return service


def contact(number: int) -> Contact:
    """Return one of many different contacts."""
    mail = (EmailAddress(f"p{number}@example.com", f"Given{number}"),)
    return Contact(given_name=f"Given{number}", surname=f"O'Family {number}", email_addresses=mail)


def _arriving(record: Contact) -> object:
    """Return what the service keeps as it is: it makes the display name, and puts the categories in."""
    return attrs.evolve(record, display_name="", categories=())


CONTACT_SAMPLES = Samples(
    contact,
    edit={"company_name": "Example & Søn" * 16, "business_phones": ("+44 20 5550100",)},
    other_edit={"job_title": "Head of Everything"},
    terms=lambda record: [Term("email", record.email_addresses[0].address)],
    scope=Scope(CATEGORY),
    shown=_arriving,
)


def contact_door(service: GraphService) -> GraphDoor[Contact]:
    """Return the back door to the contacts of a service."""
    return GraphDoor(service.contacts, CATEGORY)


# --- events ----------------------------------------------------------------------------------------------------------

WINDOW = Window(date(2026, 1, 1), date(2026, 12, 31), "Europe/Copenhagen")


def event(number: int) -> Event:
    """Return one of many different events."""
    start = datetime.combine(date(2026, 3, 2), time(9)) + timedelta(days=number)
    zone = "Romance Standard Time"
    return Event(
        f"It's meeting {number}",
        start=WallTime(start, zone),
        end=WallTime(start + timedelta(hours=1), zone),
        body="Agenda",
    )


def _event_arriving(record: Event) -> object:
    """Return what the service keeps as it is: it makes the uid, and HTML of texts."""
    return record.subject, record.start, record.end, record.location, record.recurrence, record.exceptions


EVENT_SAMPLES = Samples(
    event,
    edit={"location": "Room 5"},
    other_edit={"reminder_minutes": 45},
    terms=lambda record: [Term("subject", record.subject)],
    scope=Scope(CATEGORY, WINDOW),
    shown=_event_arriving,
)


def event_door(service: GraphService) -> GraphDoor[Event]:
    """Return the back door to the calendar of a service."""
    return GraphDoor(service.calendar, CATEGORY)


# --- tasks -----------------------------------------------------------------------------------------------------------


def task(number: int) -> TodoTask:
    """Return one of many different tasks."""
    return TodoTask(f"Task {number}, it's due", body="What to do", due=utc_midnight(date(2026, 5, 1)))


def task_samples(service: GraphService) -> Samples[TodoTask]:
    """Return samples for the list Tasks."""
    return Samples(
        task,
        edit={"body": "What else to do"},
        other_edit={"due": utc_midnight(date(2026, 6, 2))},
        terms=lambda record: [Term("title", record.title)],
        scope=Scope(service.todo.default),
        shown=lambda record: (record.title, record.body, record.due, record.status, record.recurrence),
    )


def task_door(service: GraphService) -> TodoDoor:
    """Return the back door to the tasks of a service."""
    return TodoDoor(service.todo)


# --- messages --------------------------------------------------------------------------------------------------------


def draft(number: int) -> Message:
    """Return one of many different drafts, which a program may change too."""
    return Message(
        f"It's letter {number}",
        "What to say",
        to=(EmailAddress(f"p{number}@example.com", f"P{number}"),),
        message_id=f"<{number}.o'clock@mail.example>",
        folder=DRAFTS,
        is_draft=True,
        in_reply_to="<first@mail.example>",
        references=("<root@mail.example>", "<first@mail.example>"),
    )


def _message_arriving(record: Message) -> object:
    """Return what the service keeps as it is: it sets sender and times, and puts the categories in."""
    reply = record.in_reply_to, record.references
    return record.subject, record.body, record.to, record.message_id, record.folder, record.is_read, reply


MESSAGE_SAMPLES = Samples(
    draft,
    edit={"subject": "Another subject"},
    other_edit={"is_read": True},
    terms=lambda record: [Term("message_id", record.message_id)],
    scope=Scope(CATEGORY),
    shown=_message_arriving,
)


def message_door(service: GraphService) -> GraphDoor[Message]:
    """Return the back door to the messages of a service."""
    return GraphDoor(service.mail, CATEGORY)
