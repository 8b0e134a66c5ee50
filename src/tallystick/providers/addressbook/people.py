"""Provide one made-up person at a time: as a contact, and as the entry that a CRM has of the same person."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import TypeVar

from tallystick.providers.addressbook.names import (
    COMPANY_ENDS,
    COMPANY_STARTS,
    CULTURES,
    DEPARTMENTS,
    DOMAINS,
    JOBS,
    NOTES,
    OFFICES,
    TITLES,
    Culture,
)
from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone, PostalAddress
from tallystick.records.parts import NO_ADDRESS

T = TypeVar("T")
_BOUNDS = tuple(accumulate(culture.share for culture in CULTURES))
_FIRST_BIRTHDAY = date(1940, 1, 1)
_BIRTHDAYS = 23_000


def one_of(random: Random, values: Sequence[T]) -> T:
    """Return one of ``values``; a third of the cost of ``Random.choice``."""
    return values[int(random.random() * len(values))]


def sometimes(random: Random, share: float) -> bool:
    """Return True in a ``share`` of all cases."""
    return random.random() < share


def person(random: Random, number: int, categories: tuple[str, ...]) -> Contact:
    """Return a contact that nobody else is, since ``number`` is in its addresses."""
    culture = _culture(random)
    given, latin_given = one_of(random, culture.given)
    family, latin_family = one_of(random, culture.family)
    return Contact(
        given_name=given,
        middle_name=one_of(random, culture.given)[0] if sometimes(random, 0.15) else "",
        surname=family,
        file_as=f"{family}, {given}" if sometimes(random, 0.5) else f"{given} {family}",
        display_name=f"{given} {family}",
        company_name=company_name(random) if sometimes(random, 0.7) else "",
        job_title=one_of(random, JOBS) if sometimes(random, 0.6) else "",
        department=one_of(random, DEPARTMENTS) if sometimes(random, 0.4) else "",
        office_location=one_of(random, OFFICES) if sometimes(random, 0.2) else "",
        email_addresses=_addresses(random, f"{latin_given}.{latin_family}", number, f"{given} {family}"),
        mobile_phone=phone(random, culture) if sometimes(random, 0.6) else "",
        business_phones=tuple(phone(random, culture) for _ in range(int(random.random() * 3))),
        home_phones=(phone(random, culture),) if sometimes(random, 0.25) else (),
        business_address=_address(random, culture) if sometimes(random, 0.6) else NO_ADDRESS,
        home_address=_address(random, culture) if sometimes(random, 0.2) else NO_ADDRESS,
        categories=categories,
        title=one_of(random, TITLES) if sometimes(random, 0.2) else "",
        business_home_page=f"https://www.{one_of(random, DOMAINS)}/{number}" if sometimes(random, 0.1) else "",
        personal_notes=one_of(random, NOTES) if sometimes(random, 0.2) else "",
        birthday=_birthday(random) if sometimes(random, 0.15) else None,
    )


def counterpart(contact: Contact, kind: EntryKind) -> Entry:
    """Return the entry that a CRM has of the same person, with the same values."""
    labelled = zip(("Main", "Fax"), contact.business_phones, strict=False)
    phones = [Phone(label, number) for label, number in labelled]
    if contact.mobile_phone:
        phones.append(Phone("Cell", contact.mobile_phone))
    phones += [Phone("Home", number) for number in contact.home_phones]
    return Entry(
        kind=kind,
        first_name=contact.given_name,
        middle_name=contact.middle_name,
        last_name=contact.surname,
        company_name=contact.company_name,
        position=contact.job_title,
        department=contact.department,
        division=contact.office_location,
        emails=tuple(email.address for email in contact.email_addresses),
        phones=tuple(phones),
        address=contact.business_address,
        salutation=contact.title,
        website=contact.business_home_page,
        notes=contact.personal_notes,
        birthday=contact.birthday,
    )


def company(random: Random, number: int) -> Entry:
    """Return an entry that stands for a company."""
    culture = _culture(random)
    return Entry(
        kind=EntryKind.COMPANY,
        company_name=company_name(random),
        emails=(f"info{number}@{one_of(random, DOMAINS)}",),
        phones=(Phone("Main", phone(random, culture)),),
        address=_address(random, culture),
        website=f"https://www.{one_of(random, DOMAINS)}/",
    )


def company_name(random: Random) -> str:
    """Return the name of a company."""
    return f"{one_of(random, COMPANY_STARTS)} {one_of(random, COMPANY_ENDS)}"


def phone(random: Random, culture: Culture | None = None) -> str:
    """Return a number in one of the ways in which people write them."""
    return _with_digits(random, one_of(random, (culture or CULTURES[0]).phones))


def _culture(random: Random) -> Culture:
    place = random.random() * _BOUNDS[-1]
    return next(culture for culture, bound in zip(CULTURES, _BOUNDS, strict=True) if place < bound)


def _with_digits(random: Random, pattern: str) -> str:
    first, *others = pattern.split("#")
    return first + "".join(f"{int(random.random() * 9) + 1}{part}" for part in others)


def _addresses(random: Random, name: str, number: int, display: str) -> tuple[EmailAddress, ...]:
    addresses = [EmailAddress(f"{name}{number}@{one_of(random, DOMAINS)}", display)]
    if sometimes(random, 0.3):
        addresses.append(EmailAddress(f"{name[0]}{number}@{one_of(random, DOMAINS)}"))
        if sometimes(random, 0.2):
            addresses.append(EmailAddress(f"private{number}@{one_of(random, DOMAINS)}", f"{display} (private)"))
    return tuple(addresses)


def _address(random: Random, culture: Culture) -> PostalAddress:
    city, state, postal_code, country = one_of(random, culture.places)
    return PostalAddress(_with_digits(random, one_of(random, culture.streets)), city, state, postal_code, country)


def _birthday(random: Random) -> date:
    return _FIRST_BIRTHDAY + timedelta(days=int(random.random() * _BIRTHDAYS))
