"""Provide the looking up of attendees: an address stands for the entries that have it, else for the leads.

The directories are called ``entries`` and ``leads``; the host passes both to the sync. Which of them somebody stands in
tells what he or she is.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tallystick.reconcile import Hit, References
from tallystick.reconcile.references import Hits
from tallystick.records import Attendee, Entry, Event, Lead, Relation, RelationKind
from tallystick.text import canonical_address

ENTRIES: Final = "entries"
LEADS: Final = "leads"


def attendee_references(*directories: str, user: str = "") -> References[Event]:
    """Return how attendees are looked up in ``directories``, in this order; records of ``user`` count as own."""

    def resolved(event: Event, hits: Hits) -> Event:
        return attrs.evolve(event, attendees=tuple(known(one, hits) for one in event.attendees))

    def known(attendee: Attendee, hits: Hits) -> Attendee:
        address = canonical_address(attendee.email.address)
        found = [_relation(hit, address, user) for hit in hits.get(address, ())]
        return attrs.evolve(attendee, relations=tuple(sorted(found, key=lambda one: (one.kind, one.id))))

    return References(directories, "email", attendee_addresses, person_addresses, resolved)


def attendee_addresses(event: Event) -> Sequence[str]:
    """Return the addresses of those invited, as they are compared."""
    return [address for one in event.attendees if (address := canonical_address(one.email.address))]


def person_addresses(person: object) -> Sequence[str]:
    """Return the addresses of an entry or a lead, as they are compared."""
    if not isinstance(person, Entry | Lead):
        return ()
    return [address for one in person.emails if (address := canonical_address(one))]


def _relation(hit: Hit, address: str, user: str) -> Relation:
    person = hit.item.record
    assert isinstance(person, Entry | Lead)  # noqa: S101 - what answers is one of them
    kind = RelationKind.LEAD if hit.directory == LEADS else RelationKind.ENTRY
    name = " ".join(part for part in (person.first_name, person.last_name) if part)
    if not name and kind is RelationKind.ENTRY:
        name = person.company_name
    return Relation(kind, hit.item.id, address, name, own=bool(user) and person.owner == user)
