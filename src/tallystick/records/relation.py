"""Provide the relation: a person whom a CRM knows, as an appointment or an attendee refers to him or her."""

from enum import StrEnum

import attrs


class RelationKind(StrEnum):
    """What a related record is."""

    ENTRY = "entry"
    """An entry of the address book: a contact, an individual, a company."""
    LEAD = "lead"
    USER = "user"
    """Another user of the CRM, who takes part."""


@attrs.frozen(repr=False)
class Relation:
    """One person by the id of the record, with the address and name that the CRM has.

    ``own`` tells whether the record belongs to the user of the sync.
    """

    kind: RelationKind
    id: str
    address: str = ""
    name: str = ""
    own: bool = False
