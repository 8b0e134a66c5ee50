"""Provide mailboxes at a simulated service, samples for the provider's contract, and what of them has to arrive."""

from typing import Any

import attrs
import httpx

from tallystick.ports import Scope, Term
from tallystick.providers.graph import AsyncMailbox, Mailbox
from tallystick.records import Contact, EmailAddress
from tallystick.testing import Samples
from tallystick.testing.graph import GraphDoor, GraphQuirks, GraphService
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
    edit={"company_name": "Example & Søn", "business_phones": ("+44 20 5550100",)},
    other_edit={"job_title": "Head of Everything"},
    terms=lambda record: [Term("email", record.email_addresses[0].address)],
    scope=Scope(CATEGORY),
    shown=_arriving,
)


def contact_door(service: GraphService) -> GraphDoor[Contact]:
    """Return the back door to the contacts of a service."""
    return GraphDoor(service.contacts, CATEGORY)
