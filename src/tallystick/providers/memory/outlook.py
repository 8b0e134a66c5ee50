"""Provide a mailbox that behaves as Outlook does behind Microsoft Graph, as far as a sync of contacts can tell.

At most three e-mail addresses and two numbers each for business and home. Categories stand in the contact, and the
feed is that of the folder: it tells of every change, in the category or not. Ids differ by case alone. Ten items
make a page and twenty requests a batch. An address that is none is refused; some mailboxes take it and never show it
again, which is ``invalid_addresses="drop"``. A person may have typed anything.
"""

from typing import Literal

import attrs

from tallystick.ports.capabilities import Capabilities, CreateSafety
from tallystick.ports.clock import Clock
from tallystick.providers.memory.calendar import calendar_shape
from tallystick.providers.memory.collection import MemoryCollection, Ways
from tallystick.providers.memory.mail import Mailbox
from tallystick.providers.memory.membership import Categories
from tallystick.providers.memory.outlook_ids import mint_id
from tallystick.providers.memory.quirks import Quirks
from tallystick.providers.memory.shape import SearchField, Shape
from tallystick.providers.memory.todo import TodoLists
from tallystick.records.outlook import Contact, EmailAddress
from tallystick.records.outlook_event import Event
from tallystick.text import fold_address, is_address

InvalidAddresses = Literal["refuse", "drop"]

OUTLOOK_CAPABILITIES = Capabilities(create_safety=CreateSafety.SEARCHABLE_TAG, batch_size=20, read_size=20)
"""Deltas, versions, a tag in an extended property that can be searched for, and the twenty requests of a $batch."""

_MOST_ADDRESSES = 3
_MOST_PHONES = 2


class FakeOutlook:
    """A mailbox: ``contacts``, ``calendar`` and ``mail``, whose scopes are categories, and ``tasks`` with its lists.

    Args:
        account: The name of the account.
        clock: Gives each write its time; share one :class:`VirtualClock` among fakes whose times are compared.
        page_size: Items on a page of a feed, 1 to 1000.
        seed: Decides the disorder of the feed, where ``quirks`` ask for any.
        quirks: What the service does beyond the plain.
        capabilities: What the mailbox declares of itself, and keeps to.
        invalid_addresses: Whether a write with an address that is none is refused, or the address dropped silently.
    """

    def __init__(
        self,
        account: str = "outlook",
        *,
        clock: Clock | None = None,
        page_size: int = 10,
        seed: int = 0,
        quirks: Quirks | None = None,
        capabilities: Capabilities = OUTLOOK_CAPABILITIES,
        invalid_addresses: InvalidAddresses = "refuse",
    ) -> None:
        ways = Ways(account=account, clock=clock, page_size=page_size, seed=seed, quirks=quirks or Quirks())
        shape = contact_shape(invalid_addresses)
        self.contacts: MemoryCollection[Contact] = MemoryCollection(
            shape, membership=Categories(shape), capabilities=capabilities, **ways
        )
        if invalid_addresses == "drop":
            self.contacts.rewrite = without_invalid_addresses
        self.tasks: TodoLists = TodoLists(capabilities=capabilities, **ways)
        self.mail: Mailbox = Mailbox(
            capabilities=attrs.evolve(capabilities, notifies_people=True, stable_ids=False), **ways
        )
        events = calendar_shape(f"uid-{account}")
        self.calendar: MemoryCollection[Event] = MemoryCollection(
            events,
            membership=Categories(events),
            capabilities=attrs.evolve(capabilities, notifies_people=True),
            **ways,
        )

    @property
    def account(self) -> str:
        """The name of the account; setting it is signing in with another one."""
        return self.contacts.account

    @account.setter
    def account(self, account: str) -> None:
        self.contacts.account = self.calendar.account = account
        self.tasks.account = self.mail.account = account


def contact_shape(invalid_addresses: InvalidAddresses = "refuse") -> Shape[Contact]:
    """Return what a mailbox knows of contacts."""
    addresses = SearchField[Contact](lambda contact: [each.address for each in contact.email_addresses], fold_address)
    return Shape(
        Contact,
        searches={
            "email": addresses,
            "email_addresses": addresses,
            "first_name": SearchField(lambda contact: (contact.given_name,)),
            "last_name": SearchField(lambda contact: (contact.surname,)),
        },
        holds=_too_many,
        checks={"email_addresses": _invalid_address} if invalid_addresses == "refuse" else {},
        mint=mint_id,
    )


def without_invalid_addresses(contact: Contact) -> Contact:
    """Return ``contact`` as a mailbox shows it that took invalid addresses: of each, only the display name is left."""
    addresses = contact.email_addresses
    if all(is_address(each.address) for each in addresses):
        return contact
    shown = (each if is_address(each.address) else EmailAddress("", each.name) for each in addresses)
    return attrs.evolve(contact, email_addresses=tuple(each for each in shown if each.address or each.name))


def full_display_name(contact: Contact) -> Contact:
    """Return ``contact`` with the display name that the service makes of its names, for ``contacts.rewrite``."""
    names = (contact.given_name, contact.middle_name, contact.surname)
    return attrs.evolve(contact, display_name=" ".join(name for name in names if name))


def _too_many(contact: Contact) -> str:
    if len(contact.email_addresses) > _MOST_ADDRESSES:
        return "too_many:email_addresses"
    if len(contact.business_phones) > _MOST_PHONES:
        return "too_many:business_phones"
    return "too_many:home_phones" if len(contact.home_phones) > _MOST_PHONES else ""


def _invalid_address(contact: Contact) -> str:
    return "" if all(is_address(each.address) for each in contact.email_addresses) else "invalid_email"
