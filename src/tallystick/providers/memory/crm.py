"""Provide a CRM's address book as far as a sync of contacts can tell.

Entries have room for three e-mail addresses, valid or not, and four numbers under labels. Favourite lists are kept
beside the entries, and the feed of a list tells of what is, or was, on it. An entry's page can be opened for editing.
"""

import attrs

from tallystick.ports.capabilities import Capabilities, CreateSafety
from tallystick.ports.clock import Clock
from tallystick.providers.memory.activities import Activities
from tallystick.providers.memory.appointments import MOST_DESCRIPTION, appointment_shape
from tallystick.providers.memory.collection import MemoryCollection, Ways
from tallystick.providers.memory.crm_tasks import CRM_TASK_CAPABILITIES, crm_task_shape
from tallystick.providers.memory.membership import Categories
from tallystick.providers.memory.quirks import Quirks
from tallystick.providers.memory.shape import SearchField, Shape
from tallystick.records.appointment import Appointment
from tallystick.records.crm import Entry, Lead
from tallystick.records.crm_task import CrmTask
from tallystick.recurrence import MAXIMIZER_APPOINTMENTS, Support
from tallystick.text import digits, fold_address

CRM_CAPABILITIES = Capabilities(
    create_safety=CreateSafety.SEARCHABLE_TAG,
    batch_size=100,
    read_size=100,
    record_url="https://crm.example/entries/{id}",
)
"""Deltas, versions, a custom field for the tag that can be searched for, and a hundred to a request."""

APPOINTMENT_URL = "https://crm.example/appointments/{id}"
ACTIVITY_URL = "https://crm.example/activities/{id}"

_MOST_EMAILS = 3
_MOST_PHONES = 4


class FakeCrm:
    """A CRM: the ``entries`` of its address book, ``leads`` and ``appointments``, whose scopes are favourite lists.

    The scopes of its ``tasks`` are users; ``activities`` are its e-mails.

    Args:
        account: The name of the account.
        clock: Gives each write its time; share one :class:`VirtualClock` among fakes whose times are compared.
        page_size: Items on a page of a feed, 1 to 1000.
        seed: Decides the disorder of the feed, where ``quirks`` ask for any.
        quirks: What the service does beyond the plain.
        capabilities: What the CRM declares of itself, and keeps to.
        support: The recurrences that its appointments can have.
        longest_description: How many characters their descriptions can have.
    """

    def __init__(
        self,
        account: str = "crm",
        *,
        clock: Clock | None = None,
        page_size: int = 10,
        seed: int = 0,
        quirks: Quirks | None = None,
        capabilities: Capabilities = CRM_CAPABILITIES,
        support: Support = MAXIMIZER_APPOINTMENTS,
        longest_description: int = MOST_DESCRIPTION,
    ) -> None:
        quirks = quirks or Quirks()
        ways = Ways(account=account, clock=clock, page_size=page_size, seed=seed, quirks=quirks)
        self.entries: MemoryCollection[Entry] = MemoryCollection(entry_shape(), capabilities=capabilities, **ways)
        task_shape = crm_task_shape(quirks)
        self.tasks: MemoryCollection[CrmTask] = MemoryCollection(
            task_shape,
            membership=Categories(task_shape, "assigned_to"),
            capabilities=attrs.evolve(capabilities, record_url=CRM_TASK_CAPABILITIES.record_url),
            **ways,
        )
        self.leads: MemoryCollection[Lead] = MemoryCollection(
            lead_shape(), account=account, capabilities=capabilities, clock=clock
        )
        self.appointments: MemoryCollection[Appointment] = MemoryCollection(
            appointment_shape(support, longest_description),
            capabilities=attrs.evolve(capabilities, record_url=APPOINTMENT_URL),
            **ways,
        )
        self.activities: Activities = Activities(
            capabilities=attrs.evolve(capabilities, record_url=ACTIVITY_URL), **ways
        )

    @property
    def account(self) -> str:
        """The name of the account; setting it is signing in with another one."""
        return self.entries.account

    @account.setter
    def account(self, account: str) -> None:
        self.entries.account = self.tasks.account = account
        self.leads.account = self.appointments.account = self.activities.account = account


def lead_shape() -> Shape[Lead]:
    """Return what a CRM knows of leads."""
    addresses = SearchField[Lead](lambda lead: lead.emails, fold_address)
    return Shape(Lead, searches={"email": addresses, "emails": addresses}, mint=lambda number: f"l{number}")


def entry_shape() -> Shape[Entry]:
    """Return what an address book knows of entries."""
    addresses = SearchField[Entry](lambda entry: entry.emails, fold_address)
    return Shape(
        Entry,
        searches={
            "email": addresses,
            "emails": addresses,
            "phones": SearchField(lambda entry: [phone.number for phone in entry.phones], digits),
        },
        holds=_too_many,
        mint=lambda number: f"e{number}",
    )


def _too_many(entry: Entry) -> str:
    if len(entry.emails) > _MOST_EMAILS:
        return "too_many:emails"
    return "too_many:phones" if len(entry.phones) > _MOST_PHONES else ""
