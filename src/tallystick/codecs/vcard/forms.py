"""Provide how a contact and an entry are said by a card.

=====================  ==========================================  =========================================
property               contact                                     entry
=====================  ==========================================  =========================================
N                      surname, given name, middle name, title,    last name, first name, middle name,
                       generation                                  salutation
FN                     display name                                written, not read
NICKNAME               nick name
ORG                    company, department                         company, department, division
TITLE                  job title                                   position
EMAIL                  e-mail addresses                            e-mail addresses
TEL                    CELL: mobile; HOME; WORK, and no type:      all, with their label
                       business. FAX and PAGER are left alone
ADR                    WORK: business; HOME; no type: other        the first one of WORK or no type
URL, NOTE, BDAY        home page, notes, birthday                  website, notes, birthday
CATEGORIES             categories                                  lists
=====================  ==========================================  =========================================
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.document import Shape
from tallystick.codecs.icalendar.component import Component
from tallystick.codecs.icalendar.lines import ContentLine
from tallystick.codecs.icalendar.values import escaped, read_texts, unescaped
from tallystick.codecs.shapes import CONTACT, ENTRY
from tallystick.codecs.vcard.slots import (
    Parts,
    Slot,
    Values,
    labels_of,
    parts_of,
    read_components,
    types_of,
    write_components,
)
from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone, PostalAddress
from tallystick.records.parts import NO_ADDRESS

R = TypeVar("R")
_NO_VOICE: Final = frozenset({"FAX", "PAGER", "MODEM", "VIDEO", "TEXT", "TEXTPHONE", "BBS", "PCS", "ISDN", "CAR"})
_BIRTHDAY: Final = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:[T ].*)?", re.DOTALL)
_LABEL: Final = "X-LABEL"
"""A parameter with a phone's own label, where no type says the same."""
_LABELS: Final[Mapping[str, str]] = {"CELL": "Cell", "FAX": "Fax", "PAGER": "Pager", "HOME": "Home", "WORK": "Main"}
_STREET_TO_COUNTRY: Final = (2, 3, 4, 5, 6)
_ADDRESS_LEAST: Final = 7
_NAME_LEAST: Final = 5


@attrs.frozen
class CardForm(Generic[R]):
    """How one kind of record is said by the slots of a card; ``write`` is also given the lists that it is in."""

    shape: Shape[R]
    slots: Mapping[str, Slot]
    build: Callable[[Values], R]
    write: Callable[[R, Sequence[str]], Values]

    def read(self, card: Component) -> tuple[R, tuple[str, ...]]:
        """Return the record that a card says, and the lists that it is in."""
        labels = labels_of(card)
        values = {
            key: tuple(parts_of(slot, line, labels) for line in slot.claimed(card)) for key, slot in self.slots.items()
        }
        return self.build(values), values["lists"][0] if values["lists"] else ()


# --- slots -----------------------------------------------------------------------------------------------------------


def _read_text(line: ContentLine) -> Parts:
    return (unescaped(line.value),)


def _write_text(parts: Parts, _: str) -> str:
    return escaped(parts[0])


def _text(name: str) -> Slot:
    return Slot(name, _read_text, _write_text, most=1)


def _structured(name: str, places: Sequence[int], least: int) -> Slot:
    return Slot(
        name,
        lambda line: read_components(line, *places),
        lambda parts, over: write_components(parts, places, over, least),
        most=1,
    )


def _address(kind: str, fits: Callable[[frozenset[str]], bool]) -> Slot:
    return attrs.evolve(
        _structured("ADR", _STREET_TO_COUNTRY, _ADDRESS_LEAST),
        fits=lambda line: fits(types_of(line)),
        parameters=lambda _: (("TYPE", kind),) if kind else (),
    )


def _number(line: ContentLine) -> str:
    return unescaped(line.value).removeprefix("tel:").strip()


def _phone(kind: str, fits: Callable[[frozenset[str]], bool], most: int | None = None) -> Slot:
    return Slot(
        "TEL",
        lambda line: (_number(line),),
        _write_text,
        fits=lambda line: bool(_number(line)) and fits(types_of(line)),
        parameters=lambda _: (("TYPE", kind),),
        most=most,
    )


def _is_voice(types: frozenset[str]) -> bool:
    return not types & _NO_VOICE


def _label_of(line: ContentLine) -> str:
    types = types_of(line)
    return line.parameter(_LABEL) or next((label for kind, label in _LABELS.items() if kind in types), "")


def _label_parameters(parts: Parts) -> tuple[tuple[str, str], ...]:
    kind = next((kind for kind, label in _LABELS.items() if label == parts[1]), "")
    if kind:
        return (("TYPE", kind),)
    return ((_LABEL, parts[1]),) if parts[1] else ()


def _write_lists(parts: Parts, _: str) -> str:
    return ",".join(map(escaped, parts))


LISTS: Final = Slot("CATEGORIES", lambda line: read_texts([line]), _write_lists)
BIRTHDAY: Final = Slot("BDAY", lambda line: (_iso(line.value),), lambda parts, _: parts[0], most=1)
EMAILS: Final = Slot(
    "EMAIL",
    lambda line: (unescaped(line.value).strip(), line.parameter("X-CN")),
    _write_text,
    fits=lambda line: bool(line.value.strip()),
    parameters=lambda parts: (("X-CN", parts[1]),) if parts[1] else (),
    label="X-CN",
)


def _iso(value: str) -> str:
    """Return a birthday as 1980-01-31; as it is where it is none that is known whole."""
    found = read_birthday(value)
    return value if found is None else found.isoformat()


def read_birthday(value: str) -> date | None:
    """Return a birthday; None for one without its year, or in words."""
    found = _BIRTHDAY.fullmatch(value.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _first(values: Values, key: str) -> str:
    found = values.get(key, ())
    return found[0][0] if found else ""


def _all(values: Values, key: str) -> tuple[str, ...]:
    return tuple(parts[0] for parts in values.get(key, ()))


def _parts(values: Values, key: str, count: int) -> Parts:
    found = values.get(key, ())
    return found[0] if found else ("",) * count


def _postal(values: Values, key: str) -> PostalAddress:
    read = PostalAddress(*_parts(values, key, 5))
    return NO_ADDRESS if read == NO_ADDRESS else read


def _birthday(values: Values) -> date | None:
    return read_birthday(_first(values, "birthday"))


def _said(parts: Parts) -> tuple[Parts, ...]:
    return (parts,) if any(parts) else ()


def _postal_parts(address: PostalAddress) -> tuple[Parts, ...]:
    return _said((address.street, address.city, address.state, address.postal_code, address.country))


def _birthday_parts(birthday: date | None) -> tuple[Parts, ...]:
    return () if birthday is None else ((birthday.isoformat(),),)


# --- contacts --------------------------------------------------------------------------------------------------------


def _build_contact(values: Values) -> Contact:
    surname, given_name, middle_name, title, generation = _parts(values, "name", 5)
    company_name, department = _parts(values, "org", 2)
    text = partial(_first, values)
    return Contact(
        given_name=given_name,
        middle_name=middle_name,
        surname=surname,
        file_as=text("file_as"),
        display_name=text("shown"),
        company_name=company_name,
        job_title=text("position"),
        department=department,
        office_location=text("office"),
        email_addresses=tuple(EmailAddress(address, name) for address, name in values.get("emails", ())),
        mobile_phone=text("mobile"),
        business_phones=_all(values, "work_phones"),
        home_phones=_all(values, "home_phones"),
        business_address=_postal(values, "work"),
        home_address=_postal(values, "home"),
        other_address=_postal(values, "other"),
        categories=values["lists"][0] if values.get("lists") else (),
        title=title,
        nick_name=text("nick"),
        generation=generation,
        business_home_page=text("website"),
        personal_notes=text("notes"),
        birthday=_birthday(values),
    )


def _write_contact(contact: Contact, lists: Sequence[str]) -> Values:
    names = (contact.surname, contact.given_name, contact.middle_name, contact.title, contact.generation)
    email = contact.email_addresses[0].address if contact.email_addresses else ""
    texts = {
        "shown": contact.display_name or _full_name(*names[1::-1], contact.company_name, email),
        "file_as": contact.file_as,
        "position": contact.job_title,
        "office": contact.office_location,
        "mobile": contact.mobile_phone,
        "nick": contact.nick_name,
        "website": contact.business_home_page,
        "notes": contact.personal_notes,
    }
    return {
        **{key: _said((text,)) for key, text in texts.items()},
        "name": (names,),
        "org": _said((contact.company_name, contact.department)),
        "emails": tuple((one.address, one.name) for one in contact.email_addresses if one.address),
        "work_phones": tuple((number,) for number in contact.business_phones if number),
        "home_phones": tuple((number,) for number in contact.home_phones if number),
        "work": _postal_parts(contact.business_address),
        "home": _postal_parts(contact.home_address),
        "other": _postal_parts(contact.other_address),
        "birthday": _birthday_parts(contact.birthday),
        "lists": _said(tuple(lists)),
    }


def _full_name(given: str, family: str, *others: str) -> str:
    """Return what a card without a name to show is called: it has to be called something."""
    return " ".join(filter(None, (given, family))) or next(filter(None, others), "")


_SHARED: Final[Mapping[str, Slot]] = {
    "shown": _text("FN"),
    "position": _text("TITLE"),
    "emails": EMAILS,
    "website": _text("URL"),
    "notes": _text("NOTE"),
    "birthday": BIRTHDAY,
    "lists": LISTS,
}
CONTACT_CARD: Final[CardForm[Contact]] = CardForm(
    CONTACT,
    MappingProxyType(
        {
            "name": _structured("N", (0, 1, 2, 3, 4), _NAME_LEAST),
            **_SHARED,
            "org": _structured("ORG", (0, 1), 1),
            "nick": _text("NICKNAME"),
            "file_as": _text("X-EVOLUTION-FILE-AS"),
            "office": _text("X-OFFICE-LOCATION"),
            "mobile": _phone("CELL", lambda types: _is_voice(types) and "CELL" in types, 1),
            "work_phones": _phone("WORK", lambda types: _is_voice(types) and not types & {"CELL", "HOME"}),
            "home_phones": _phone("HOME", lambda types: _is_voice(types) and "HOME" in types and "CELL" not in types),
            "work": _address("WORK", lambda types: "WORK" in types),
            "home": _address("HOME", lambda types: "HOME" in types and "WORK" not in types),
            "other": _address("", lambda types: not types & {"HOME", "WORK"}),
        }
    ),
    _build_contact,
    _write_contact,
)
"""Contacts."""


# --- entries ---------------------------------------------------------------------------------------------------------


def _build_entry(values: Values) -> Entry:
    last_name, first_name, middle_name, salutation = _parts(values, "name", 4)
    company_name, department, division = _parts(values, "org", 3)
    text = partial(_first, values)
    return Entry(
        kind=_kind(text("kind")),
        first_name=first_name,
        middle_name=middle_name,
        last_name=last_name,
        company_name=company_name,
        position=text("position"),
        department=department,
        division=division,
        emails=_all(values, "emails"),
        phones=tuple(Phone(label, number) for number, label in values.get("phones", ())),
        address=_postal(values, "address"),
        salutation=salutation,
        website=text("website"),
        notes=text("notes"),
        birthday=_birthday(values),
    )


def _kind(word: str) -> EntryKind:
    folded = word.strip().casefold()
    if folded in ("org", "organization"):
        return EntryKind.COMPANY
    return EntryKind.CONTACT if folded == "x-contact" else EntryKind.INDIVIDUAL


def _write_entry(entry: Entry, lists: Sequence[str]) -> Values:
    kinds = {EntryKind.COMPANY: "org", EntryKind.CONTACT: "x-contact", EntryKind.INDIVIDUAL: ""}
    email = entry.emails[0] if entry.emails else ""
    texts = {
        "kind": kinds[entry.kind],
        "shown": _full_name(entry.first_name, entry.last_name, entry.company_name, email),
        "position": entry.position,
        "website": entry.website,
        "notes": entry.notes,
    }
    return {
        **{key: _said((text,)) for key, text in texts.items()},
        "name": ((entry.last_name, entry.first_name, entry.middle_name, entry.salutation),),
        "org": _said((entry.company_name, entry.department, entry.division)),
        "emails": tuple((address, "") for address in entry.emails if address),
        "phones": tuple((phone.number, phone.label) for phone in entry.phones if phone.number),
        "address": _postal_parts(entry.address),
        "birthday": _birthday_parts(entry.birthday),
        "lists": _said(tuple(lists)),
    }


ENTRY_CARD: Final[CardForm[Entry]] = CardForm(
    ENTRY,
    MappingProxyType(
        {
            "name": _structured("N", (0, 1, 2, 3), _NAME_LEAST),
            **_SHARED,
            "emails": attrs.evolve(EMAILS, read=lambda line: (unescaped(line.value).strip(), "")),
            "kind": _text("KIND"),
            "org": _structured("ORG", (0, 1, 2), 1),
            "phones": Slot(
                "TEL",
                lambda line: (_number(line), _label_of(line)),
                _write_text,
                fits=lambda line: bool(_number(line)),
                parameters=_label_parameters,
                label=_LABEL,
            ),
            "address": _address("WORK", lambda types: "HOME" not in types or "WORK" in types),
        }
    ),
    _build_entry,
    _write_entry,
)
"""A CRM's entries."""
