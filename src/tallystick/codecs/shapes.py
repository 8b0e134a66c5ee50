"""Provide the shapes of records that files hold: people, events and appointments, and tasks of either side."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import attrs

from tallystick.codecs.document import Shape
from tallystick.records import Activity, Appointment, Contact, CrmTask, Entry, Event, Message, Person, TodoTask
from tallystick.records.days import came_in
from tallystick.records.occurring import appointment_lies_in, event_lies_in
from tallystick.text import cut, first_line

_LONGEST_TITLE: Final = 255
C = TypeVar("C", Contact, Event, Message)


def _with_categories(record: C, lists: tuple[str, ...]) -> C:
    return record if lists == record.categories else attrs.evolve(record, categories=lists)


def _assigned(task: CrmTask, lists: tuple[str, ...]) -> CrmTask:
    return task if lists == task.assigned_to else attrs.evolve(task, assigned_to=lists)


def _title(text: str) -> str:
    """Return the line that a task is known by, as far as a title goes."""
    return cut(first_line(text)[0], _LONGEST_TITLE)


_PERSON_NAMES: Final[Mapping[tuple[str, ...], Callable[[Entry | Person], str]]] = {
    ("first_name", "given_name"): lambda person: person.first_name,
    ("last_name", "surname"): lambda person: person.last_name,
}

CONTACT = Shape(
    kind=Contact,
    names={
        ("first_name", "given_name"): lambda contact: contact.given_name,
        ("last_name", "surname"): lambda contact: contact.surname,
    },
    addresses=lambda contact: [email.address for email in contact.email_addresses],
    own_lists=lambda contact: contact.categories,
    listed=_with_categories,
)
ENTRY = Shape(
    kind=Entry,
    names=_PERSON_NAMES,
    addresses=lambda entry: entry.emails,
)
EVENT = Shape(
    kind=Event,
    names={("subject",): lambda event: event.subject, ("start",): lambda event: str(event.start)},
    addresses=lambda event: [attendee.email.address for attendee in event.attendees],
    own_lists=lambda event: event.categories,
    listed=_with_categories,
    lies_in=event_lies_in,
)
APPOINTMENT = Shape(
    kind=Appointment,
    names={("subject",): lambda one: one.subject, ("start",): lambda one: str(one.start)},
    addresses=lambda one: [relation.address for relation in one.relations],
    lies_in=appointment_lies_in,
)
PERSON = Shape(
    kind=Person,
    names=_PERSON_NAMES,
    addresses=lambda person: person.emails,
)
TODO_TASK = Shape(
    kind=TodoTask,
    names={("title",): lambda task: _title(task.title)},
    addresses=lambda _: (),
)
CRM_TASK = Shape(
    kind=CrmTask,
    names={("title", "subject"): lambda task: _title(task.subject)},
    addresses=lambda _: (),
    own_lists=lambda task: task.assigned_to,
    listed=_assigned,
)
MESSAGE = Shape(
    kind=Message,
    names={
        ("message_id",): lambda message: message.message_id,
        ("sent",): lambda message: message.sent.utc.isoformat() if message.sent else "",
        ("folder",): lambda message: message.folder,
    },
    addresses=lambda message: [message.sender.address] if message.sender else [],
    own_lists=lambda message: message.categories,
    listed=_with_categories,
    lies_in=came_in,
)
ACTIVITY = Shape(
    kind=Activity,
    names={("message_id",): lambda one: one.message_id, ("subject",): lambda one: one.subject},
    addresses=lambda one: [one.sender],
    lies_in=came_in,
)
