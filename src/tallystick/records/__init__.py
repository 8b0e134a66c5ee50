"""Provide the models of both sides' records: plain frozen values, whose reprs show no contents."""

from typing import TYPE_CHECKING

from tallystick.records.activity import Activity as Activity
from tallystick.records.activity import Origin as Origin
from tallystick.records.appointment import Appointment as Appointment
from tallystick.records.appointment import Priority as Priority
from tallystick.records.crm import Entry as Entry
from tallystick.records.crm import EntryKind as EntryKind
from tallystick.records.crm import Lead as Lead
from tallystick.records.crm import Phone as Phone
from tallystick.records.crm_task import CrmTask as CrmTask
from tallystick.records.message import ARCHIVE as ARCHIVE
from tallystick.records.message import DELETED_ITEMS as DELETED_ITEMS
from tallystick.records.message import DRAFTS as DRAFTS
from tallystick.records.message import INBOX as INBOX
from tallystick.records.message import JUNK_EMAIL as JUNK_EMAIL
from tallystick.records.message import SENT_ITEMS as SENT_ITEMS
from tallystick.records.message import Attachment as Attachment
from tallystick.records.message import MailFolder as MailFolder
from tallystick.records.message import Message as Message
from tallystick.records.occurrence import OccurrenceChange as OccurrenceChange
from tallystick.records.outlook import Contact as Contact
from tallystick.records.outlook import EmailAddress as EmailAddress
from tallystick.records.outlook_event import Attendee as Attendee
from tallystick.records.outlook_event import AttendeeType as AttendeeType
from tallystick.records.outlook_event import BodyType as BodyType
from tallystick.records.outlook_event import Event as Event
from tallystick.records.outlook_event import Importance as Importance
from tallystick.records.outlook_event import Response as Response
from tallystick.records.outlook_event import Sensitivity as Sensitivity
from tallystick.records.outlook_event import ShowAs as ShowAs
from tallystick.records.parts import PostalAddress as PostalAddress
from tallystick.records.people import person_addresses as person_addresses
from tallystick.records.people import relation_to as relation_to
from tallystick.records.person import Account as Account
from tallystick.records.person import Person as Person
from tallystick.records.relation import Relation as Relation
from tallystick.records.relation import RelationKind as RelationKind
from tallystick.records.todo import TodoStatus as TodoStatus
from tallystick.records.todo import TodoTask as TodoTask

if TYPE_CHECKING:
    from tallystick.records.json import record_converter as record_converter
    from tallystick.records.json import structured as structured
else:
    from tallystick.deferred import deferred

    # The way to JSON needs a library that is slow to import.
    __getattr__, __dir__ = deferred(
        __name__, {"record_converter": "tallystick.records.json", "structured": "tallystick.records.json"}
    )
    del deferred
