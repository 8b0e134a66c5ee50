"""Provide the looking up of attendees: an address stands for the entries that have it, else for the leads.

The directories are called ``entries`` and ``leads``; the host passes both to the sync. Which of them somebody stands in
tells what he or she is.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from tallystick.reconcile import Hit, References
from tallystick.reconcile.references import Hits
from tallystick.records import Attendee, Entry, Event, Lead, Relation, person_addresses, relation_to
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


def _relation(hit: Hit, address: str, user: str) -> Relation:
    person = hit.item.record
    assert isinstance(person, Entry | Lead)  # noqa: S101 - what answers is one of them
    return relation_to(person, hit.item.id, address, user, is_lead=hit.directory == LEADS)
