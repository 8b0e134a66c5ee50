"""Provide the post between mailboxes: who is invited to a meeting has a copy of it in the own calendar.

A copy has the uid of the meeting, is not its owner's to change, and does not tell what the others answered. Mail takes
its time: nothing arrives before :meth:`PostOffice.deliver`.
"""

from collections.abc import Mapping

import attrs

from tallystick.providers.memory.collection import MemoryCollection
from tallystick.records.outlook import EmailAddress
from tallystick.records.outlook_event import Event, Response
from tallystick.text import canonical_address

Calendar = MemoryCollection[Event]


class PostOffice:
    """Calendars by the address of their mailbox."""

    def __init__(self, calendars: Mapping[str, Calendar]) -> None:
        self._calendars = {canonical_address(address): calendar for address, calendar in calendars.items()}

    def deliver(self) -> None:
        """Bring every calendar's copies up to date with the meetings as their organizers have them."""
        for sender, calendar in self._calendars.items():
            meetings = {event.uid: event for event in calendar.all().values() if event.is_organizer}
            for address, target in self._calendars.items():
                if address != sender:
                    self._bring(sender, meetings, address, target)

    def _bring(self, sender: str, meetings: Mapping[str, Event], address: str, target: Calendar) -> None:
        copies = {
            event.uid: id_
            for id_, event in target.all().items()
            if event.organizer is not None and canonical_address(event.organizer.address) == sender
        }
        for uid, event in meetings.items():
            invited = address in _addresses(event)
            if invited and uid not in copies:
                target.insert(_copy(event, sender))
            elif invited:
                kept = target.record(copies[uid])
                copy = attrs.evolve(_copy(event, sender), categories=kept.categories)
                if copy != kept:
                    target.edit(copies[uid], **attrs.asdict(copy, recurse=False))
        for uid, id_ in copies.items():
            meeting = meetings.get(uid)
            if meeting is None or address not in _addresses(meeting):
                target.delete(id_)


def _addresses(event: Event) -> set[str]:
    return {canonical_address(one.email.address) for one in event.attendees}


def _copy(event: Event, sender: str) -> Event:
    attendees = tuple(attrs.evolve(one, response=Response.NONE) for one in event.attendees)
    return attrs.evolve(
        event, attendees=attendees, organizer=EmailAddress(sender), is_organizer=False, reminder_minutes=None
    )
