"""Provide the two shapes of records that files hold today: Outlook's contacts and a CRM's entries."""

import attrs

from tallystick.codecs.document import Shape
from tallystick.records import Contact, Entry


def _with_categories(contact: Contact, lists: tuple[str, ...]) -> Contact:
    return contact if lists == contact.categories else attrs.evolve(contact, categories=lists)


CONTACT = Shape(
    kind=Contact,
    first_name=lambda contact: contact.given_name,
    last_name=lambda contact: contact.surname,
    addresses=lambda contact: [email.address for email in contact.email_addresses],
    own_lists=lambda contact: contact.categories,
    listed=_with_categories,
)
ENTRY = Shape(
    kind=Entry,
    first_name=lambda entry: entry.first_name,
    last_name=lambda entry: entry.last_name,
    addresses=lambda entry: entry.emails,
    own_lists=lambda _: None,
    listed=lambda entry, _: entry,
)
