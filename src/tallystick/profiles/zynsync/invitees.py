"""Provide the lenses of invitees: people whom the CRM knows, as a mailbox invites them and as a CRM relates them.

The shared value is a set of relations. An attendee is one of them if a lead or a contact has the address; attendees
whom the CRM does not know are no part of it, and stay. A CRM relates one lead, or else up to fifty contacts, or, where
activities are not shared, one person at all: the first by leads before contacts, own records before others', address.
Other users of the CRM are invited when an event is created for them, and are never related: each has a copy.
"""

from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

import attrs

from tallystick.profiles.canonical_forms import said_relation
from tallystick.profiles.meeting_lenses import is_private_event
from tallystick.records import Appointment, Attendee, EmailAddress, Event, Relation, RelationKind, Response
from tallystick.text import canonical_address, is_address

MOST_CONTACTS: Final = 50
Relations = tuple[Relation, ...]
Responses = tuple[tuple[str, str], ...] | None
"""Who answered what, by the ids of people; None where that may not be seen."""
_RANKS: Final = MappingProxyType({Response.NONE: -2, Response.NOT_RESPONDED: -1})
"""What is no answer; every other response is one."""


@attrs.frozen
class Company:
    """The user of a sync within the CRM: the user's id, and whether several people may be related to an event."""

    user: str
    shares_activities: bool = True

    def chosen(self, relations: Iterable[Relation]) -> Relations:
        """Return those of the relations for which the CRM has room."""
        ranked = sorted(relations, key=_rank)
        leads = [one for one in ranked if one.kind is RelationKind.LEAD]
        if leads or not self.shares_activities:
            return tuple((leads or ranked)[:1])
        return tuple(ranked[:MOST_CONTACTS])

    def belongs(self, appointment: Appointment) -> bool:
        """Tell whether an appointment is the user's, or one that the user takes part in."""
        if appointment.organizer in ("", self.user):
            return True
        return any(one.kind is RelationKind.USER and one.id == self.user for one in appointment.relations)

    def has_alone(self, appointment: Appointment) -> bool:
        """Tell whether an appointment is the user's, and no other user takes part in it."""
        others = any(one.kind is RelationKind.USER and one.id != self.user for one in appointment.relations)
        return appointment.organizer in ("", self.user) and not others

    def relates_somebody(self, appointment: Appointment) -> bool:
        """Tell whether an appointment has anybody beside its organizer."""
        caller = appointment.organizer or self.user
        return any(one.kind is not RelationKind.USER or one.id != caller for one in appointment.relations)

    def appointment_people(self, appointment: Appointment) -> Relations:
        """Return the people of an appointment who can be invited."""
        return tuple(one for one in appointment.relations if _can_be_invited(one) and not self._is_self(one))

    def put_people(self, appointment: Appointment, wanted: Relations) -> Mapping[str, object]:
        """Return the appointment's relations: those that can't be invited, users, and whom there is room for."""
        kept = [one for one in appointment.relations if one.kind is RelationKind.USER or not _can_be_invited(one)]
        people = self.chosen(one for one in wanted if one.kind is not RelationKind.USER)
        known = {said_relation(one): one for one in appointment.relations}
        return {"relations": (*kept, *(known.get(said_relation(one), one) for one in people))}

    def _is_self(self, relation: Relation) -> bool:
        return relation.kind is RelationKind.USER and relation.id == self.user


def is_organizer(event: Event, attendee: Attendee) -> bool:
    """Tell whether an attendee is who called the event: some calendars list that person, too."""
    if attendee.response is Response.ORGANIZER:
        return True
    caller = canonical_address(event.organizer.address) if event.organizer else ""
    return bool(caller) and canonical_address(attendee.email.address) == caller


def event_people(event: Event) -> Relations:
    """Return the people invited whom the CRM knows, each once."""
    found = {said_relation(person): person for one in event.attendees if (person := _person(one))}
    return tuple(found.values())


def put_attendees(event: Event, wanted: Relations) -> Mapping[str, object]:
    """Return the attendees: those whom the CRM does not know, and who is wanted."""
    keys = {said_relation(one) for one in wanted}
    kept = [one for one in event.attendees if (person := _person(one)) is None or said_relation(person) in keys]
    there = {said_relation(person) for one in kept if (person := _person(one))}
    addresses = {canonical_address(one.email.address) for one in kept}
    new = [
        Attendee(EmailAddress(one.address, one.name), relations=() if one.kind is RelationKind.USER else (one,))
        for one in wanted
        if said_relation(one) not in there
        and canonical_address(one.address) not in addresses
        and is_address(one.address)
    ]
    return {"attendees": (*kept, *new)}


def said_person(relation: Relation) -> Hashable:
    """Return a person as he or she is compared; other users do not count."""
    return () if relation.kind is RelationKind.USER else said_relation(relation)


def event_responses(event: Event) -> Responses:
    """Return what people answered, where the mailbox's owner may see it: as the organizer. A private one shows none.

    Who was invited under two addresses, as services add one's main address to an alias, answered under one of them.
    """
    if not event.is_organizer:
        return None
    if is_private_event(event):
        return ()
    answers: dict[str, Response] = {}
    for one in sorted(event.attendees, key=lambda one: _RANKS.get(one.response, 0)):
        if person := _person(one):
            answers[person.id] = one.response
    return tuple(sorted((known, answer.value) for known, answer in answers.items() if answer is not Response.NONE))


def put_responses(_: Appointment, responses: Responses) -> Mapping[str, object]:
    """Return the responses; those that are there stay where none may be seen."""
    return {} if responses is None else {"responses": responses}


def said_responses(responses: Responses) -> Hashable:
    """Return responses as they are compared: those that may not be seen are none."""
    return responses or ()


def _person(attendee: Attendee) -> Relation | None:
    return min(attendee.relations, key=_rank, default=None)


def _rank(relation: Relation) -> tuple[bool, bool, str, str]:
    return (relation.kind is not RelationKind.LEAD, not relation.own, relation.address, relation.id)


def _can_be_invited(relation: Relation) -> bool:
    return is_address(relation.address)
