"""Provide what a CRM's people are to others: their addresses, and how a record refers to one of them."""

from collections.abc import Sequence

from tallystick.records.crm import Entry, Lead
from tallystick.records.relation import Relation, RelationKind
from tallystick.text import canonical_address


def person_addresses(person: object) -> Sequence[str]:
    """Return the addresses of an entry or a lead as they are compared, the first being its own, the others further."""
    if not isinstance(person, Entry | Lead):
        return ()
    return [address for one in person.emails if (address := canonical_address(one))]


def relation_to(
    person: Entry | Lead, id_: str, address: str, user: str = "", *, is_lead: bool | None = None
) -> Relation:
    """Return how a record refers to a person, found by an address; records that belong to ``user`` count as own.

    ``is_lead`` says what the person is where the class does not: a file of leads may hold entries.
    """
    own = bool(user) and person.owner == user
    name = " ".join(part for part in (person.first_name, person.last_name) if part)
    if isinstance(person, Lead) if is_lead is None else is_lead:
        return Relation(RelationKind.LEAD, id_, address, name, own=own)
    return Relation(RelationKind.ENTRY, id_, address, name or person.company_name, own=own)
