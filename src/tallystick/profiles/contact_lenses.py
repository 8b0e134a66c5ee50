"""Provide lenses onto what contacts and address-book entries share beyond plain fields: e-mail, telephone, names.

Each keeps what the shared value cannot say: display names of addresses, addresses that are no addresses, telephone
numbers under labels of a person's own, and everything there is no room for.
"""

from collections.abc import Mapping, Sequence
from operator import attrgetter

import attrs

from tallystick.mapping import Lens, derived
from tallystick.profiles.person_matching import addresses_of
from tallystick.records import Contact, EmailAddress, Entry, Phone, PostalAddress
from tallystick.records.parts import NO_ADDRESS
from tallystick.text import canonical_address, clean, digits, fold

MOST_EMAILS = 3
MOST_BUSINESS_PHONES = 2
MOST_PHONES = 4
_NO_PHONE = Phone("", "")
_NO_PARTS = ("",) * 5
_PARTS = attrgetter("street", "city", "state", "postal_code", "country")


def canonical_postal(address: PostalAddress) -> tuple[str, ...]:
    """Return a postal address as it is compared: parts trimmed, and no parts at all where all are empty."""
    if address is NO_ADDRESS:
        return ()
    parts = _PARTS(address)
    whole = "".join(parts)
    is_plain = whole.isascii() and "\r" not in whole  # which is to be stripped only, at a third of the cost
    cleaned = tuple(map(str.strip if is_plain else clean, parts))
    return () if cleaned == _NO_PARTS else cleaned


# --- e-mail ------------------------------------------------------------------------------------------------------


def _put_contact_emails(contact: Contact, wanted: tuple[str, ...]) -> Mapping[str, object]:
    added = _by_canonical_form(wanted)
    if not contact.email_addresses:
        return {"email_addresses": tuple([EmailAddress(address) for address in list(added.values())[:MOST_EMAILS]])}
    present = {key for one in contact.email_addresses if (key := canonical_address(one.address))}
    if present == added.keys():
        return {"email_addresses": contact.email_addresses}
    # An address that is none is not kept: the service refuses every write that holds one.
    kept = [one for one in contact.email_addresses if canonical_address(one.address) in added]
    for one in kept:
        added.pop(canonical_address(one.address), None)
    room = max(MOST_EMAILS - len(kept), 0)
    return {"email_addresses": (*kept, *(EmailAddress(address) for address in list(added.values())[:room]))}


CONTACT_EMAILS: Lens[Contact, tuple[str, ...]] = Lens(addresses_of, _put_contact_emails, ("email_addresses",))
"""The addresses of an Outlook contact, at most 3; those that are none have no canonical form, and do not count."""


def _by_canonical_form(addresses: Sequence[str]) -> dict[str, str]:
    """Return the addresses that are some by their canonical forms."""
    return {key: address for address in addresses if (key := canonical_address(address))}


def _entry_emails(entry: Entry) -> tuple[str, ...]:
    return entry.emails


def _put_entry_emails(entry: Entry, wanted: tuple[str, ...]) -> Mapping[str, object]:
    added = _by_canonical_form(wanted)
    if not entry.emails:
        return {"emails": tuple(added.values())[:MOST_EMAILS]}
    slots = [one if not (key := canonical_address(one)) or key in added else "" for one in entry.emails]
    for one in slots:
        added.pop(canonical_address(one), None)
    for address in added.values():
        if "" in slots:
            slots[slots.index("")] = address
        elif len(slots) < MOST_EMAILS:
            slots.append(address)
    while slots and not slots[-1]:
        slots.pop()
    return {"emails": tuple(slots)}


ENTRY_EMAILS: Lens[Entry, tuple[str, ...]] = Lens(_entry_emails, _put_entry_emails, ("emails",))
"""The addresses of an entry; invalid ones do not count, and stay in their slots."""


# --- telephones --------------------------------------------------------------------------------------------------


def _contact_phones(contact: Contact) -> tuple[str, ...]:
    business, home = contact.business_phones, contact.home_phones
    return (
        contact.mobile_phone,
        business[0] if business else "",
        business[1] if len(business) > 1 else "",
        home[0] if home else "",
    )


def _put_contact_phones(contact: Contact, wanted: tuple[str, ...]) -> Mapping[str, object]:
    present = _contact_phones(contact)
    numbers = {digits(one) for one in {*present, *contact.business_phones, *contact.home_phones} if one}
    mobile, first, second, home = _filled(present, wanted, numbers)
    business, homes = contact.business_phones, contact.home_phones
    # A mailbox has no empty places in these lists, so that a list that is written closes up.
    if (first, second) != present[1:3]:
        business = tuple(one for one in (first, second, *business[MOST_BUSINESS_PHONES:]) if one)
    if home != present[3]:
        homes = tuple(one for one in (home, *homes[1:]) if one)
    return {"mobile_phone": mobile, "business_phones": business, "home_phones": homes}


def _filled(present: Sequence[str], wanted: Sequence[str], numbers: set[str]) -> list[str]:
    """Return the slots to be written: a number that is there already, under whatever label, is not added twice."""
    made: list[str] = []
    for old, new in zip(present, wanted, strict=True):
        if not new:
            made.append(new)
        elif not old and digits(new) in numbers:
            made.append(old)
        else:
            made.append(new)
            numbers.add(digits(new))
    return made


CONTACT_PHONES: Lens[Contact, tuple[str, ...]] = Lens(
    _contact_phones, _put_contact_phones, ("mobile_phone", "business_phones", "home_phones")
)
"""Mobile, first and second business, and home number of an Outlook contact."""


def entry_phones(labels: Sequence[Sequence[str]]) -> Lens[Entry, tuple[str, ...]]:
    """Return the lens onto an entry's numbers by label.

    ``labels`` names, for each place of the value, the labels that count for it; the first is given to a new number.
    Other labels are neither read nor made.
    """
    spelled = {label: at for at, names in enumerate(labels) for label in names}
    places = {fold(label): at for label, at in spelled.items()}
    given = [names[0] for names in labels]
    nothing = ("",) * len(given)

    def get(entry: Entry) -> tuple[str, ...]:
        found = [*nothing]
        for phone in entry.phones:
            number, label = phone.number, phone.label
            at = spelled[label] if label in spelled else places.get(fold(label))
            if number and at is not None and not found[at]:
                found[at] = number
        return tuple(found)

    def put(entry: Entry, wanted: tuple[str, ...]) -> Mapping[str, object]:
        if not entry.phones:
            made = [
                Phone(label, one) if one else _NO_PHONE
                for label, one in zip(given, _filled(nothing, wanted, set()), strict=True)
            ]
            return {"phones": _trimmed(made)}
        present = get(entry)
        numbers = {digits(phone.number) for phone in entry.phones if phone.number}
        phones = list(entry.phones)
        for at, number in enumerate(_filled(present, wanted, numbers)):
            if number != present[at]:
                held = [slot for slot, phone in enumerate(phones) if places.get(fold(phone.label)) == at]
                slot = next((slot for slot in held if phones[slot].number == present[at]), None)
                if slot is None:
                    _add(phones, at, Phone(given[at], number))
                else:
                    phones[slot] = attrs.evolve(phones[slot], number=number)
        return {"phones": _trimmed(phones)}

    return Lens(get, put, ("phones",))


def _add(phones: list[Phone], at: int, phone: Phone) -> None:
    """Put a number into the slot that is its own in a new entry, or else into any free one; without room, nowhere."""
    phones += [_NO_PHONE] * (at + 1 - len(phones))
    free = [slot for slot, one in enumerate(phones) if one == _NO_PHONE]
    if free:
        phones[at if at in free else free[0]] = phone
    elif len(phones) < MOST_PHONES:
        phones.append(phone)


def _trimmed(phones: list[Phone]) -> tuple[Phone, ...]:
    while phones and phones[-1] == _NO_PHONE:
        phones.pop()
    return tuple(phones)


# --- names -------------------------------------------------------------------------------------------------------


def _full_name(entry: Entry) -> str:
    return " ".join(f"{entry.first_name} {entry.last_name}".split())  # a blank more or less is no other name


FULL_NAME: Lens[Entry, str] = derived(_full_name)
"""First and last name of an entry in one text; it is derived, and never written."""
