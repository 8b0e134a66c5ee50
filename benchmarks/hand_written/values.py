"""Provide what the job by hand knows of one contact: its values, their digests, how it is written.

The values of a contact and of an entry are tuples of eleven, in the order of NAMES. An entry of a base is the keyed
digest of one of them, packed as the library packs it, so that both can be held against each other.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from world import SECRET

from tallystick.mapping.base import hasher
from tallystick.profiles.maximizer.contact_sync import CONTACT_RULES
from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone, PostalAddress
from tallystick.text import canonical_address, clean, digits, fold

Values = tuple[Any, ...]
Entries = list[bytes]
Fields = dict[str, object]

NAMES = (
    *("first_name", "middle_name", "last_name", "company", "position", "department", "division"),
    *("emails", "phones", "address", "file_as"),
)
EMAILS, PHONES, ADDRESS, FILE_AS = range(7, 11)
FIELDS = (
    (
        *("given_name", "middle_name", "surname", "company_name", "job_title", "department", "office_location"),
        *("", "", "business_address", ""),
    ),
    (
        *("first_name", "middle_name", "last_name", "company_name", "position", "department", "division"),
        *("", "", "address", ""),
    ),
)
"""The fields of the values that are one field, by side."""

EMPTY, NO_BASE = b"\0", b"\xff"
_BLANK = bytes(8)
_MOST_EMAILS = 3
_MEMO = 4096
_NOTHING: tuple[str, ...] = ()
_LABELS = ("Cell", "Main", "Fax", "Home")
_PLACES = {"Cell": 0, "Mobile": 0, "Main": 1, "Fax": 2, "Home": 3}
_FOLDED = {fold(label): at for label, at in _PLACES.items()}
_NO_PHONE, _NO_ADDRESS = Phone("", ""), Contact().business_address
_NO_PHONES, _NO_PARTS, _NO_NUMBER = ("",) * 4, ("",) * 5, b"\4" + _BLANK * 4
_PARTS = attrgetter("street", "city", "state", "postal_code", "country")
_START = [hasher(SECRET, name).copy for name in NAMES]
_EMAIL, _PHONE, _POSTAL = (_START[at] for at in (EMAILS, PHONES, ADDRESS))


# --- reading -----------------------------------------------------------------------------------------------------


def contact_values(contact: Contact) -> Values:
    """Return the values of a contact."""
    emails = contact.email_addresses
    return (
        contact.given_name,
        contact.middle_name,
        contact.surname,
        contact.company_name,
        contact.job_title,
        contact.department,
        contact.office_location,
        (emails[0].address,) if len(emails) == 1 else tuple([one.address for one in emails]),
        contact_phones(contact.mobile_phone, contact.business_phones, contact.home_phones),
        contact.business_address,
        contact.file_as,
    )


def entry_values(entry: Entry) -> Values:
    """Return the values of an entry."""
    first, last = entry.first_name, entry.last_name
    return (
        first,
        entry.middle_name,
        last,
        entry.company_name,
        entry.position,
        entry.department,
        entry.division,
        entry.emails,
        entry_phones(entry.phones) if entry.phones else _NO_PHONES,
        entry.address,
        full_name(first, last),
    )


def full_name(first: str, last: str) -> str:
    """Return what the contact of an entry is filed as, unless it is filed already."""
    return " ".join(f"{first} {last}".split())


def contact_phones(mobile_phone: str, business_phones: Sequence[str], home_phones: Sequence[str]) -> tuple[str, ...]:
    """Return the four numbers of a contact."""
    first = business_phones[0] if business_phones else ""
    second = business_phones[1] if len(business_phones) > 1 else ""
    return mobile_phone, first, second, home_phones[0] if home_phones else ""


def entry_phones(phones: Sequence[Phone]) -> tuple[str, ...]:
    """Return the four numbers of an entry, by label."""
    found = [*_NO_PHONES]
    for phone in phones:
        number, label = phone.number, phone.label
        at = _PLACES[label] if label in _PLACES else _FOLDED.get(fold(label))
        if number and at is not None and not found[at]:
            found[at] = number
    return tuple(found)


def differing(values: Values, others: Values) -> list[int]:
    """Return the places at which values differ; most that do are filed otherwise, and else the same."""
    if values[:FILE_AS] == others[:FILE_AS]:
        return [] if values[FILE_AS] == others[FILE_AS] else [FILE_AS]
    return [at for at, (one, other) in enumerate(zip(values, others, strict=True)) if one is not other and one != other]


READ: tuple[Callable[[Any], Values], Callable[[Any], Values]] = (contact_values, entry_values)
"""What reads the values of a record, by side."""


# --- digests -----------------------------------------------------------------------------------------------------


class _Texts(dict[str, bytes]):
    """The digests of the texts of one rule, each made once; no more than so many are remembered."""

    def __init__(self, start: "Callable[[], blake2b]") -> None:
        self._start = start

    def __missing__(self, text: str) -> bytes:
        plain, digest = clean(text), EMPTY
        if plain:
            made = self._start()
            made.update(plain.encode())
            digest = b"\1" + made.digest()
        if len(self) < _MEMO:
            self[text] = digest
        return digest


def _emails(addresses: Sequence[str]) -> bytes:
    """Return the entry of addresses that are folded already."""
    if len(addresses) == 1:
        made = _EMAIL()
        made.update(addresses[0].encode())
        return b"\1" + made.digest()
    return packed({_emails((one,))[1:] for one in addresses})


def packed(found: set[bytes]) -> bytes:
    """Return the entry of a set of digests."""
    return bytes((len(found),)) + b"".join(sorted(found))


def unpacked(entry: bytes) -> set[bytes]:
    """Return the digests that are packed in an entry."""
    return {entry[at : at + 8] for at in range(1, len(entry), 8)}


def _phones(numbers: Sequence[str]) -> bytes:
    if numbers == _NO_PHONES:
        return EMPTY
    made = b"\4"
    for number in numbers:
        if number and (plain := digits(number)):
            one = _PHONE()
            one.update(plain.encode())
            made += one.digest()
        else:
            made += _BLANK
    return made if made != _NO_NUMBER else EMPTY


def _postal(address: PostalAddress) -> bytes:
    if address is _NO_ADDRESS:
        return EMPTY
    parts = _PARTS(address)
    whole = "".join(parts)
    cleaned = tuple(map(str.strip if whole.isascii() and "\r" not in whole else clean, parts))
    if cleaned == _NO_PARTS:
        return EMPTY
    made = _POSTAL()
    made.update(repr(cleaned).encode())
    return b"\1" + made.digest()


class Digests:
    """What makes the entries of values, for as long as a plan is made."""

    def __init__(self) -> None:
        self._texts = [_Texts(start) for start in _START]
        self.of: list[Callable[[Any], bytes]] = [one.__getitem__ for one in self._texts]
        """What makes the entry of a value, by its place; of e-mail addresses those that are some, folded."""
        self.of[EMAILS:FILE_AS] = _emails, _phones, _postal

    def all(self, values: Values, addresses: Sequence[str]) -> Entries:
        """Return the entries of all values, of which the addresses are folded already."""
        first, middle, last, company, position, department, division, _, numbers, address, file_as = values
        firsts, middles, lasts, companies, positions, departments, divisions, *_, files = self._texts
        return [
            firsts[first],
            middles[middle],
            lasts[last],
            companies[company],
            positions[position],
            departments[department],
            divisions[division],
            _emails(addresses),
            _phones(numbers),
            _postal(address),
            files[file_as],
        ]


# --- writing -----------------------------------------------------------------------------------------------------


def folded(addresses: Sequence[str]) -> Sequence[str]:
    """Return the addresses that are some, as they are compared."""
    if len(addresses) == 1:
        one = canonical_address(addresses[0])
        return (one,) if one else ()
    return [one for address in addresses if (one := canonical_address(address))]


def new_contact(values: Values) -> Contact:
    """Return a contact with the values of an entry."""
    first, middle, last, company, position, department, division, emails, numbers, address, file_as = values
    mobile, business, home = "", _NOTHING, _NOTHING
    if numbers != _NO_PHONES:
        mobile, one, two, three = _filled(_NO_PHONES, numbers, set())
        business = tuple([number for number in (one, two) if number])
        home = (three,) if three else _NOTHING
    kept = tuple([EmailAddress(one) for one in _valid(emails)])
    names = first, middle, last, file_as, "", company, position, department, division
    return Contact(*names, kept, mobile, business, home, address)


def new_entry(values: Values) -> Entry:
    """Return an entry with the values of a contact."""
    first, middle, last, company, position, department, division, emails, numbers, address, _ = values
    phones: tuple[Phone, ...] = ()
    if numbers != _NO_PHONES:
        phones = _trimmed(
            [
                Phone(label, number) if number else _NO_PHONE
                for label, number in zip(_LABELS, _filled(_NO_PHONES, numbers, set()), strict=True)
            ]
        )
    names = first, middle, last, company, position, department, division
    return Entry(EntryKind.INDIVIDUAL, *names, _valid(emails), phones, address)


def _valid(emails: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses that are some, each once."""
    if len(emails) == 1 and canonical_address(emails[0]):
        return emails
    return tuple({one: email for email in emails if (one := canonical_address(email))}.values())[:_MOST_EMAILS]


def united(emails: Sequence[str], others: Sequence[str], addresses: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of a side, folded ``addresses``, with those of the other that it lacks; nothing if none."""
    found: dict[str, str] = {}
    for email in others:
        one = canonical_address(email)
        if one and one not in addresses:
            found.setdefault(one, email)
    return (*emails, *found.values()) if found else ()


def completed(numbers: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return the numbers of one side with those of the other in the places that are empty; nothing if none."""
    filled = [other if not digits(one) and digits(other) else one for one, other in zip(numbers, others, strict=True)]
    return tuple(filled) if filled != [*numbers] else ()


def put(record: Any, side: int, at: int, wanted: tuple[str, ...]) -> tuple[Fields, tuple[str, ...]]:  # noqa: ANN401 - of either side
    """Return the fields that give a record addresses or numbers, and which it shows then.

    Where there is room for them among those that are there, the profile's own lens says: it is seldom asked.
    """
    made: Mapping[str, Any] = CONTACT_RULES[at].lenses[side].put(record, wanted)
    fields = {name: value for name, value in made.items() if value != getattr(record, name)}
    if at == PHONES:
        return fields, entry_phones(made["phones"]) if side else contact_phones(**made)
    return fields, made["emails"] if side else tuple([one.address for one in made["email_addresses"]])


def _filled(present: Sequence[str], wanted: Sequence[str], known: set[str]) -> list[str]:
    """Return the four places as they are written: a number that is there already is not added twice."""
    made: list[str] = []
    for old, new in zip(present, wanted, strict=True):
        if new and not old and digits(new) in known:
            made.append(old)
        else:
            made.append(new)
            if new:
                known.add(digits(new))
    return made


def _trimmed(phones: list[Phone]) -> tuple[Phone, ...]:
    while phones and phones[-1] == _NO_PHONE:
        phones.pop()
    return tuple(phones)
