"""Provide Outlook's contacts in cells."""

from collections.abc import Mapping, Sequence

import attrs

from tallystick.codecs.csv.exports import CONTACT_EXPORTS, Export
from tallystick.codecs.csv.forms import (
    Habits,
    filled,
    padded,
    read_lists,
    read_street,
    too_many,
    write_street,
)
from tallystick.codecs.csv.slots import CONTACT_SLOTS, ContactCells, Slot
from tallystick.codecs.csv.standard import OUTLOOK_HEADER
from tallystick.codecs.document import Shape
from tallystick.codecs.shapes import CONTACT
from tallystick.records import Contact, EmailAddress, PostalAddress
from tallystick.records.parts import NO_ADDRESS

_EMAILS = 3
_PHONES = 2
_BUSINESS, _HOME, _OTHER = (
    slice(ContactCells._fields.index(f"{prefix}_street"), ContactCells._fields.index(f"{prefix}_country") + 1)
    for prefix in ("business", "home", "other")
)


@attrs.frozen
class ContactForm:
    """How a contact is spread over the cells of an Outlook export."""

    shape: Shape[Contact] = CONTACT
    slots: tuple[Slot, ...] = CONTACT_SLOTS
    standard: tuple[str, ...] = OUTLOOK_HEADER
    exports: Mapping[str, Export] = attrs.field(factory=lambda: CONTACT_EXPORTS, repr=False)

    def read(self, cells: Sequence[str], habits: Habits) -> tuple[Contact, tuple[str, ...]]:
        """Return the contact, and its categories as its lists."""
        row = ContactCells(*cells)
        lists = read_lists(row.categories, habits.separator)
        contact = Contact(
            given_name=row.given_name,
            middle_name=row.middle_name,
            surname=row.surname,
            file_as=row.file_as,
            display_name=row.display_name,
            company_name=row.company_name,
            job_title=row.job_title,
            department=row.department,
            office_location=row.office_location,
            email_addresses=_read_emails(row),
            mobile_phone=row.mobile_phone,
            business_phones=filled((row.business_phone_1, row.business_phone_2)),
            home_phones=filled((row.home_phone_1, row.home_phone_2)),
            business_address=_read_address(row[_BUSINESS]),
            home_address=_read_address(row[_HOME]),
            other_address=_read_address(row[_OTHER]),
            categories=lists,
            title=row.title,
            nick_name=row.nick_name,
            generation=row.generation,
            business_home_page=row.business_home_page,
            personal_notes=row.personal_notes,
            birthday=habits.dates.read(row.birthday),
        )
        return contact, lists

    def write(self, record: Contact, lists: Sequence[str], habits: Habits) -> tuple[str, ...]:
        """Return the cells of a contact; its categories are its lists."""
        cells = (
            record.title,
            record.given_name,
            record.middle_name,
            record.surname,
            record.generation,
            record.nick_name,
            record.file_as,
            record.display_name,
            record.company_name,
            record.department,
            record.job_title,
            record.office_location,
            *_write_emails(record.email_addresses),
            *padded(record.business_phones, _PHONES),
            *padded(record.home_phones, _PHONES),
            record.mobile_phone,
            *_write_address(record.business_address, "business", habits),
            *_write_address(record.home_address, "home", habits),
            *_write_address(record.other_address, "other", habits),
            record.business_home_page,
            record.personal_notes,
            habits.dates.write(record.birthday),
            habits.separator.join(lists),
        )
        return ContactCells(*cells)

    def refusal(self, record: Contact) -> str:
        """Refuse what has more values than there are cells."""
        return too_many(
            {
                "email_addresses": (len(record.email_addresses), _EMAILS),
                "business_phones": (len(record.business_phones), _PHONES),
                "home_phones": (len(record.home_phones), _PHONES),
            }
        )


def _read_emails(row: ContactCells) -> tuple[EmailAddress, ...]:
    if not (row.email_2 or row.email_3 or row.email_2_name or row.email_3_name):
        return (EmailAddress(row.email_1, row.email_1_name),) if row.email_1 or row.email_1_name else ()
    emails = [
        EmailAddress(row.email_1, row.email_1_name),
        EmailAddress(row.email_2, row.email_2_name),
        EmailAddress(row.email_3, row.email_3_name),
    ]
    return tuple(emails if row.email_3 or row.email_3_name else emails[:2])


def _write_emails(emails: Sequence[EmailAddress]) -> list[str]:
    cells = [part for email in emails for part in (email.address, _type(email.address), email.name)]
    return padded(cells, 3 * _EMAILS)


def _type(address: str) -> str:
    if not address:
        return ""
    return "EX" if address.lower().startswith("/o=") else "SMTP"


def _read_address(cells: Sequence[str]) -> PostalAddress:
    if not any(cells):
        return NO_ADDRESS
    street, street_2, street_3, *rest = cells
    return PostalAddress(read_street(street, street_2, street_3), *rest)


def _write_address(address: PostalAddress, prefix: str, habits: Habits) -> list[str]:
    columns = 1 + sum(f"{prefix}_street_{number}" in habits.fields for number in (2, 3))
    street = write_street(address.street, columns=columns)
    return [*street, address.city, address.state, address.postal_code, address.country]
