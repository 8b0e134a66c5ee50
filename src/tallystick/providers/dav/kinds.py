"""Provide what a collection may hold, and how it is called there: cards, events, and tasks.

===================  ==========================  ==============================================================
kind                 record                      in the collection
===================  ==========================  ==============================================================
``CONTACTS``         Outlook's contact           an address book's cards (vCard 3.0 or 4.0)
``ENTRIES``          a CRM's entry               the same
``EVENTS``           Outlook's event             a calendar's VEVENTs; :func:`events_of` for somebody's calendar
``TODO_TASKS``       Outlook's To Do task        a calendar's VTODOs
``CRM_TASKS``        a CRM's task                the same
===================  ==========================  ==============================================================
"""

from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.document import Codec
from tallystick.codecs.icalendar import CrmTaskForm, IcsCodec, TodoTaskForm, event_ics
from tallystick.codecs.vcard import contact_vcf, entry_vcf
from tallystick.providers.dav.names import CALDAV, CARDDAV
from tallystick.records import Contact, CrmTask, Entry, Event, TodoTask

R = TypeVar("R")


@attrs.frozen
class DavKind(Generic[R]):
    """One kind of record in collections: its codec, and the protocol's names for it.

    ``component`` is what a calendar must be able to hold; empty for an address book.
    """

    codec: Codec[R] = attrs.field(repr=False)
    component: str = ""

    @property
    def namespace(self) -> str:
        """The protocol's own names are in it."""
        return CALDAV if self.component else CARDDAV

    @property
    def collection(self) -> str:
        """The type of a collection that holds such records."""
        return f"{self.namespace}calendar" if self.component else f"{self.namespace}addressbook"

    @property
    def data(self) -> str:
        """The property that holds a record's text."""
        return f"{self.namespace}calendar-data" if self.component else f"{self.namespace}address-data"

    @property
    def multiget(self) -> str:
        """The report that returns many records at once."""
        return f"{self.collection}-multiget"

    @property
    def home(self) -> str:
        """The property of a person that says where such collections lie."""
        return f"{self.collection}-home-set"

    @property
    def well_known(self) -> str:
        """Where a service says where to begin."""
        return "/.well-known/caldav" if self.component else "/.well-known/carddav"

    @property
    def suffix(self) -> str:
        """How the names of records end."""
        return ".ics" if self.component else ".vcf"

    @property
    def content_type(self) -> str:
        """The type of a record's text."""
        return "text/calendar; charset=utf-8" if self.component else "text/vcard; charset=utf-8"


def events_of(owner: str) -> DavKind[Event]:
    """Return the kind of events in somebody's calendar, by mail address: those that others organize are not theirs."""
    return DavKind(event_ics(owner=owner), "VEVENT")


CONTACTS: Final[DavKind[Contact]] = DavKind(contact_vcf())
ENTRIES: Final[DavKind[Entry]] = DavKind(entry_vcf())
EVENTS: Final[DavKind[Event]] = DavKind(event_ics(), "VEVENT")
TODO_TASKS: Final[DavKind[TodoTask]] = DavKind(IcsCodec(TodoTaskForm()), "VTODO")
CRM_TASKS: Final[DavKind[CrmTask]] = DavKind(IcsCodec(CrmTaskForm()), "VTODO")
