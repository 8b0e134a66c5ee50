"""Provide a CRM's address-book entries in cells."""

from collections.abc import Mapping, Sequence

import attrs

from tallystick.codecs.csv.exports import ENTRY_EXPORTS, Export
from tallystick.codecs.csv.forms import BadCellError, Habits, filled, padded, read_lists, too_many
from tallystick.codecs.csv.slots import ENTRY_SLOTS, EntryCells, Slot
from tallystick.codecs.csv.standard import CRM_HEADER
from tallystick.codecs.document import Shape
from tallystick.codecs.shapes import ENTRY
from tallystick.records import Entry, EntryKind, Phone, PostalAddress
from tallystick.records.parts import NO_ADDRESS
from tallystick.text import fold

_EMAILS = 3
_PHONES = 4
_PHONE_CELLS = slice(EntryCells._fields.index("phone_1_label"), EntryCells._fields.index("phone_4") + 1)
_ADDRESS_CELLS = slice(EntryCells._fields.index("address_street"), EntryCells._fields.index("address_country") + 1)


@attrs.frozen
class EntryForm:
    """How an entry is spread over the cells of a CRM's address book."""

    shape: Shape[Entry] = ENTRY
    slots: tuple[Slot, ...] = ENTRY_SLOTS
    standard: tuple[str, ...] = CRM_HEADER
    exports: Mapping[str, Export] = attrs.field(factory=lambda: ENTRY_EXPORTS, repr=False)

    def read(self, cells: Sequence[str], habits: Habits) -> tuple[Entry, tuple[str, ...]]:
        """Return the entry and its favourite lists."""
        row = EntryCells(*cells)
        entry = Entry(
            kind=_read_kind(row.kind, habits.kinds),
            first_name=row.first_name,
            middle_name=row.middle_name,
            last_name=row.last_name,
            company_name=row.company_name,
            position=row.position,
            department=row.department,
            division=row.division,
            emails=filled((row.email_1, row.email_2, row.email_3)),
            phones=_read_phones(row[_PHONE_CELLS], habits.labels),
            address=PostalAddress(*row[_ADDRESS_CELLS]) if any(row[_ADDRESS_CELLS]) else NO_ADDRESS,
            salutation=row.salutation,
            website=row.website,
            notes=row.notes,
            birthday=habits.dates.read(row.birthday),
        )
        return entry, read_lists(row.favorite_lists, habits.separator)

    def write(self, record: Entry, lists: Sequence[str], habits: Habits) -> tuple[str, ...]:
        """Return the cells of an entry."""
        address = record.address
        cells = (
            habits.words.get(record.kind, record.kind.value.title()),
            record.first_name,
            record.middle_name,
            record.last_name,
            record.company_name,
            record.position,
            record.department,
            record.division,
            *padded(record.emails, _EMAILS),
            *_write_phones(record.phones, habits.labels),
            *(address.street, address.city, address.state, address.postal_code, address.country),
            record.salutation,
            record.website,
            record.notes,
            habits.dates.write(record.birthday),
            habits.separator.join(lists),
        )
        return EntryCells(*cells)

    def refusal(self, record: Entry) -> str:
        """Refuse what has more values than there are cells."""
        return too_many({"emails": (len(record.emails), _EMAILS), "phones": (len(record.phones), _PHONES)})


def _read_kind(cell: str, kinds: Mapping[str, EntryKind]) -> EntryKind:
    word = fold(cell)
    if not word:
        return EntryKind.INDIVIDUAL
    if word in kinds:
        return kinds[word]
    try:
        return EntryKind(word)
    except ValueError:
        known = ", ".join(kind.value.title() for kind in EntryKind)
        remedy = f"write one of {known}, or say in the header mapping what the word means"
        raise BadCellError("kind", "a kind of entry that is not known", remedy) from None


def _read_phones(cells: Sequence[str], labels: Sequence[str]) -> tuple[Phone, ...]:
    if not any(cells):
        return ()
    pairs = zip(cells[::2], cells[1::2], labels, strict=True)
    phones = [Phone(label or (default if number else ""), number) for label, number, default in pairs]
    while not (phones[-1].label or phones[-1].number):
        phones.pop()
    return tuple(phones)


def _write_phones(phones: Sequence[Phone], labels: Sequence[str]) -> list[str]:
    own = zip(phones, labels, strict=False)
    cells = [part for phone, default in own for part in ("" if phone.label == default else phone.label, phone.number)]
    return padded(cells, 2 * _PHONES)
