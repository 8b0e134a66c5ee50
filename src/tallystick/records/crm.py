"""Provide a CRM's records in neutral words; each CRM's own names for them live in its codec or profile.

Membership in lists is no part of a record: it belongs to the item, since a CRM keeps lists apart from their entries.
Reprs show no contents.
"""

from datetime import date
from enum import StrEnum

import attrs

from tallystick.making import quickly_made
from tallystick.records.parts import NO_ADDRESS, PostalAddress


class EntryKind(StrEnum):
    """What an address-book entry stands for."""

    INDIVIDUAL = "individual"
    """A person of his or her own."""
    CONTACT = "contact"
    """A person who belongs to a company entry."""
    COMPANY = "company"


@attrs.frozen(repr=False)
class Phone:
    """One number under its label (Main, Fax, Cell, Home, or whatever a person made)."""

    label: str
    number: str


@quickly_made
@attrs.frozen(repr=False)
class Entry:
    """An entry of a CRM's address book.

    ``emails`` are the slots Email1, Email2, Email3 in order, ``phones`` the slots Phone1 to Phone4; an empty slot
    before a filled one is an empty string or number. ``address`` is the primary one.
    """

    kind: EntryKind = EntryKind.INDIVIDUAL
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    company_name: str = ""
    position: str = ""
    department: str = ""
    division: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    address: PostalAddress = NO_ADDRESS
    salutation: str = ""
    website: str = ""
    notes: str = ""
    birthday: date | None = None
    owner: str = ""


@attrs.frozen(repr=False)
class Lead:
    """Somebody who may become a customer, and has no entry yet. ``owner`` is the id of the user it belongs to."""

    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    emails: tuple[str, ...] = ()
    owner: str = ""
