"""Provide contacts as Graph has them (resource type *contact*).

A listing has thousands of them, so that their texts are taken and checked all at once; only what is not as usual is
looked at key by key.
"""

from collections.abc import Callable, Iterable
from operator import attrgetter, itemgetter
from typing import Final

from tallystick.codecs.graph.codec import Body, GraphCodec, Group, text_group, texts_group
from tallystick.codecs.graph.values import Json, day, inner, objects, text, texts
from tallystick.records import Contact, EmailAddress, PostalAddress
from tallystick.records.parts import NO_ADDRESS

_Getter = Callable[[Json], tuple[str | None, ...]]
_TEXTS: Final = {
    "given_name": "givenName",
    "middle_name": "middleName",
    "surname": "surname",
    "file_as": "fileAs",
    "display_name": "displayName",
    "company_name": "companyName",
    "job_title": "jobTitle",
    "department": "department",
    "office_location": "officeLocation",
    "mobile_phone": "mobilePhone",
    "title": "title",
    "nick_name": "nickName",
    "generation": "generation",
    "business_home_page": "businessHomePage",
    "personal_notes": "personalNotes",
}
_KEYS: Final = tuple(_TEXTS.values())
_ALL_TEXTS: Final = itemgetter(*_KEYS)
_ADDRESS_KEYS: Final = ("street", "city", "state", "postalCode", "countryOrRegion")
_ALL_PARTS: Final = itemgetter(*_ADDRESS_KEYS)
_BIRTHDAY: Final = "T11:59:00Z"
"""The time of day that the service gives to birthdays, whatever it was sent."""


def _read(data: Json, _: Iterable[str]) -> Contact:
    (
        given_name,
        middle_name,
        surname,
        file_as,
        display_name,
        company_name,
        job_title,
        department,
        office_location,
        mobile_phone,
        title,
        nick_name,
        generation,
        business_home_page,
        personal_notes,
    ) = _checked(data, _ALL_TEXTS, _KEYS)
    return Contact(
        given_name or "",
        middle_name or "",
        surname or "",
        file_as or "",
        display_name or "",
        company_name or "",
        job_title or "",
        department or "",
        office_location or "",
        _emails(data) if data.get("emailAddresses") else (),
        mobile_phone or "",
        texts(data, "businessPhones"),
        texts(data, "homePhones"),
        _address(data, "businessAddress") if data.get("businessAddress") else NO_ADDRESS,
        _address(data, "homeAddress") if data.get("homeAddress") else NO_ADDRESS,
        _address(data, "otherAddress") if data.get("otherAddress") else NO_ADDRESS,
        texts(data, "categories"),
        title or "",
        nick_name or "",
        generation or "",
        business_home_page or "",
        personal_notes or "",
        day(data, "birthday") if data.get("birthday") else None,
    )


def _checked(data: Json, all_at_once: _Getter, keys: tuple[str, ...]) -> tuple[str | None, ...]:
    """Return the texts of these keys, at the price of one look-up each where all of them are there."""
    try:
        found: tuple[str | None, ...] = all_at_once(data)
        "".join(filter(None, found))  # what says something has to be a text
    except (KeyError, TypeError):
        return tuple(text(data, key) for key in keys)
    return found


def _emails(data: Json) -> tuple[EmailAddress, ...]:
    found = []
    for one in objects(data, "emailAddresses"):
        address, name = text(one, "address"), text(one, "name")
        if address or name:
            found.append(EmailAddress(address, name))
    return tuple(found)


def _address(data: Json, key: str) -> PostalAddress:
    street, city, state, postal_code, country = _checked(inner(data, key), _ALL_PARTS, _ADDRESS_KEYS)
    if not (street or city or state or postal_code or country):
        return NO_ADDRESS
    return PostalAddress(street or "", city or "", state or "", postal_code or "", country or "")


def _write_emails(contact: Contact, _: Json) -> Body:
    emails = [email for email in contact.email_addresses if email.address or email.name]
    return {"emailAddresses": [{"address": email.address or None, "name": email.name or None} for email in emails]}


def _write_birthday(contact: Contact, _: Json) -> Body:
    birthday = contact.birthday
    return {"birthday": None if birthday is None else f"{birthday.isoformat()}{_BIRTHDAY}"}


def _address_group(field: str, key: str) -> Group[Contact]:
    get = attrgetter(field)

    def write(contact: Contact, _: Json) -> Body:
        address: PostalAddress = get(contact)
        parts = (address.street, address.city, address.state, address.postal_code, address.country)
        return {key: {part: value or None for part, value in zip(_ADDRESS_KEYS, parts, strict=True)}}

    return Group((field,), write)


CONTACTS: Final = GraphCodec(
    "contact",
    Contact,
    _read,
    (
        *(text_group(field, key) for field, key in _TEXTS.items()),
        Group(("email_addresses",), _write_emails),
        texts_group("business_phones", "businessPhones"),
        texts_group("home_phones", "homePhones"),
        _address_group("business_address", "businessAddress"),
        _address_group("home_address", "homeAddress"),
        _address_group("other_address", "otherAddress"),
        texts_group("categories", "categories"),
        Group(("birthday",), _write_birthday),
    ),
)
"""Contacts."""
