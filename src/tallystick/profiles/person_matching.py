"""Provide the matching of people: two are the same by first name, last name and at least one e-mail address."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from tallystick.ports import Term
from tallystick.records import Contact
from tallystick.text import canonical_address, fold


class Named(Protocol):
    """A person as a CRM keeps one."""

    @property
    def first_name(self) -> str: ...  # noqa: D102 -- as every record of a person has it
    @property
    def last_name(self) -> str: ...  # noqa: D102
    @property
    def emails(self) -> tuple[str, ...]: ...  # noqa: D102


def addresses_of(contact: Contact) -> tuple[str, ...]:
    """Return a contact's addresses, whether they are any or not."""
    found = contact.email_addresses
    return (found[0].address,) if len(found) == 1 else tuple([one.address for one in found])


def contact_keys(contact: Contact) -> Sequence[str]:
    """Return the match keys of a contact."""
    return _keys(contact.given_name, contact.surname, addresses_of(contact))


def person_keys(person: Named) -> Sequence[str]:
    """Return the match keys of a CRM's person."""
    return _keys(person.first_name, person.last_name, person.emails)


def address_terms(field: str, addresses: Iterable[str]) -> list[Term]:
    """Return what to search the other side for, whose name of the field is ``field``."""
    return [Term(field, address) for one in addresses if (address := canonical_address(one))]


def _keys(first: str, last: str, addresses: Sequence[str]) -> Sequence[str]:
    # One text each, since a text knows its hash; folded names hold no line ends.
    if len(addresses) == 1:
        address = canonical_address(addresses[0])
        return (f"{fold(first)}\n{fold(last)}\n{address}",) if address else ()
    name = f"{fold(first)}\n{fold(last)}\n"
    return tuple([name + address for one in addresses if (address := canonical_address(one))])
