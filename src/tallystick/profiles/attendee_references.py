"""Provide the looking up of attendees: an address stands for the entries that have it, else for the leads.

The directories are called ``entries`` and ``leads``; the host passes both to the sync.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tallystick.ports import Item
from tallystick.reconcile import Hit, References
from tallystick.reconcile.references import Hits
from tallystick.records import Attendee, Entry, Event, Lead, Relation, RelationKind
from tallystick.text import canonical_address

ENTRIES: Final = "entries"
LEADS: Final = "leads"


def attendee_references(*directories: str, user: str = "") -> References[Event]:
    """Return how attendees are looked up in ``directories``, in this order; records of ``user`` count as own."""

    def relation(hit: Hit, address: str) -> Relation:
        return _relation(hit.item, address, user)

    def resolved(event: Event, hits: Hits) -> Event:
        return attrs.evolve(event, attendees=tuple(known(one, hits) for one in event.attendees))

    def known(attendee: Attendee, hits: Hits) -> Attendee:
        address = canonical_address(attendee.email.address)
        found = sorted((relation(hit, address) for hit in hits.get(address, ())), key=lambda one: (one.kind, one.id))
        return attrs.evolve(attendee, relations=tuple(found))

    return References(directories, "email", attendee_addresses, person_addresses, resolved)


def attendee_addresses(event: Event) -> Sequence[str]:
    """Return the addresses of those invited, as they are compared."""
    return [address for one in event.attendees if (address := canonical_address(one.email.address))]


def person_addresses(person: object) -> Sequence[str]:
    """Return the addresses of an entry or a lead, as they are compared."""
    if not isinstance(person, Entry | Lead):
        return ()
    return [address for one in person.emails if (address := canonical_address(one))]


def _relation(item: Item[object], address: str, user: str) -> Relation:
    person = item.record
    if isinstance(person, Lead):
        name = " ".join(part for part in (person.first_name, person.last_name) if part)
        return Relation(RelationKind.LEAD, item.id, address, name, own=bool(user) and person.owner == user)
    assert isinstance(person, Entry)  # noqa: S101 - what answers is an entry or a lead
    name = " ".join(part for part in (person.first_name, person.last_name) if part) or person.company_name
    return Relation(RelationKind.ENTRY, item.id, address, name, own=bool(user) and person.owner == user)
