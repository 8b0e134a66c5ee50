"""Provide what time does to address books: edits on one side, other spellings of the same, duplicates, and faults."""

from collections.abc import Callable
from enum import StrEnum
from random import Random
from unicodedata import normalize

import attrs

from tallystick.mapping import evolved
from tallystick.providers.addressbook.names import DEPARTMENTS, JOBS
from tallystick.providers.addressbook.people import company_name, one_of, phone
from tallystick.records import Contact, EmailAddress, Entry, Phone, PostalAddress
from tallystick.records.parts import NO_ADDRESS


class Fault(StrEnum):
    """What is the matter with a record."""

    DUPLICATE = "duplicate"
    """Another record of its side has the same names and an address in common."""
    LACKING = "lacking"
    """It has no first name, no last name or no address."""
    INVALID = "invalid"
    """Its only address is none."""
    SPARE_INVALID = "spare_invalid"
    """One of its addresses is none, and another one is valid."""


def respelled(random: Random, entry: Entry) -> Entry:
    """Return the same person's entry as somebody else typed it: other case, white space, or composition."""
    return one_of(random, _SPELLINGS)(entry)


def edited(random: Random, entry: Entry) -> Entry:
    """Return an entry that one side has changed, or that has something which the other one lacks."""
    return one_of(random, _EDITS)(random, entry)


def duplicate_contact(random: Random, contact: Contact) -> Contact:
    """Return a second contact of the same person."""
    first = contact.email_addresses[0]
    return attrs.evolve(
        contact,
        given_name=one_of(random, (contact.given_name, contact.given_name.upper(), f"{contact.given_name} ")),
        email_addresses=(EmailAddress(first.address.upper(), first.name),),
        mobile_phone=phone(random),
        personal_notes="",
    )


def duplicate_entry(random: Random, entry: Entry) -> Entry:
    """Return a second entry of the same person."""
    return attrs.evolve(
        entry,
        last_name=one_of(random, (entry.last_name, entry.last_name.upper(), f" {entry.last_name}")),
        emails=(entry.emails[0], f"second.{entry.emails[0]}"),
        phones=(Phone("Cell", phone(random)),),
        notes="",
    )


def lacking_contact(random: Random, contact: Contact) -> Contact:
    """Return a contact without one of the fields that a sync cannot do without; blank is without."""
    lacks = ({"given_name": ""}, {"surname": "  "}, {"surname": ""}, {"email_addresses": ()})
    return evolved(contact, one_of(random, lacks))


def lacking_entry(random: Random, entry: Entry) -> Entry:
    """Return an entry without one of the fields that a sync cannot do without; blank is without."""
    return evolved(entry, one_of(random, ({"first_name": ""}, {"last_name": " "}, {"last_name": ""}, {"emails": ()})))


def invalid_address(random: Random, number: int) -> str:
    """Return something that stands where an address should, and is none."""
    return one_of(random, _INVALID).format(number=number)


_INVALID = (
    "contact{number}.example.com",
    "contact{number}@",
    "two words{number}@example.com",
    "contact{number}@@example.org",
    "contact{number}@example.com,",
    "ask reception {number}",
    "/O=EXAMPLE/OU=SITE/CN=RECIPIENTS/CN=USER{number}",
)
_SPELLINGS: tuple[Callable[[Entry], Entry], ...] = (
    lambda entry: attrs.evolve(entry, first_name=entry.first_name.upper(), last_name=entry.last_name.upper()),
    lambda entry: attrs.evolve(entry, first_name=f" {entry.first_name}", company_name=f"{entry.company_name}  "),
    lambda entry: attrs.evolve(entry, last_name=f"{entry.last_name} ", emails=tuple(f"{e} " for e in entry.emails)),
    lambda entry: attrs.evolve(entry, emails=tuple(email.title() for email in entry.emails)),
    lambda entry: attrs.evolve(
        entry, first_name=normalize("NFD", entry.first_name), last_name=normalize("NFD", entry.last_name)
    ),
    lambda entry: attrs.evolve(entry, company_name=entry.company_name.lower(), position=entry.position.upper()),
)
_EDITS: tuple[Callable[[Random, Entry], Entry], ...] = (
    lambda random, entry: attrs.evolve(entry, position=one_of(random, JOBS)),
    lambda random, entry: attrs.evolve(entry, department=one_of(random, DEPARTMENTS), division=""),
    lambda random, entry: attrs.evolve(entry, company_name=company_name(random)),
    lambda random, entry: attrs.evolve(entry, phones=(Phone("Main", phone(random)), *entry.phones[1:])),
    lambda _, entry: attrs.evolve(entry, phones=entry.phones[:1], position=""),
    lambda _, entry: attrs.evolve(entry, address=PostalAddress("New Building 7", "London", "", "EC1A 1AA", "UK")),
    lambda _, entry: attrs.evolve(entry, address=NO_ADDRESS, middle_name=""),
    lambda _, entry: attrs.evolve(entry, emails=(*entry.emails[:2], f"new.{entry.emails[0]}")),
    lambda _, entry: attrs.evolve(entry, emails=entry.emails[:1]),
)
