"""Cards: what they say is read, what is written is read back, and what nobody changed stays byte for byte."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codecs.document import identify
from tallystick.codecs.vcard import VcfCodec, contact_vcf, entry_vcf
from tallystick.errors import InputError, SettingsError
from tallystick.ports import Create, Remove, Scope, Status, Update
from tallystick.providers.files import open_contacts, open_entries, write_contacts
from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone, PostalAddress
from tests.codecs.strategies import CONTACTS, ENTRIES, LISTS

R = TypeVar("R")
CARDS = (
    "BEGIN:VCARD\n"
    "VERSION:3.0\n"
    "PRODID:-//Example//EN\n"
    "UID:ada\n"
    "N:Byron;Ada;Augusta;Countess;\n"
    "FN:Ada Byron\n"
    "ORG:Example\\, Inc.;Research;West\n"
    "EMAIL;TYPE=INTERNET;TYPE=WORK:ada@example.com\n"
    "item1.EMAIL;TYPE=INTERNET:ada@example.org\n"
    "item1.X-ABLabel:Club\n"
    "TEL;TYPE=CELL:+44 1\n"
    "TEL;TYPE=WORK,VOICE:+44 2\n"
    "TEL;TYPE=FAX,WORK:+44 3\n"
    "TEL;TYPE=HOME:+44 4\n"
    "ADR;TYPE=WORK:PO 7;;12 St James\\nSquare;London;;SW1;UK\n"
    "CATEGORIES:Clients,Friends\n"
    "BDAY:1815-12-10\n"
    "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEA\n"
    " wMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/\n"
    "X-SHOE-SIZE;X-UNIT=EU:38\n"
    "NOTE:A long note that is folded by the program that wrote it\\, for it goes o\n"
    " n beyond the width.\n"
    "REV:2026-03-02T09:00:00Z\n"
    "END:VCARD\n"
    "\n"
    "BEGIN:VCARD\n"
    "VERSION:3.0\n"
    "N:Babbage;Charles;;;\n"
    "FN:Charles Babbage\n"
    "BDAY:--1226\n"
    "END:VCARD\n"
)
ADA = Contact(
    given_name="Ada",
    middle_name="Augusta",
    surname="Byron",
    title="Countess",
    display_name="Ada Byron",
    company_name="Example, Inc.",
    department="Research",
    email_addresses=(EmailAddress("ada@example.com"), EmailAddress("ada@example.org")),
    mobile_phone="+44 1",
    business_phones=("+44 2",),
    home_phones=("+44 4",),
    business_address=PostalAddress("12 St James\nSquare", "London", "", "SW1", "UK"),
    categories=("Clients", "Friends"),
    personal_notes="A long note that is folded by the program that wrote it, for it goes on beyond the width.",
    birthday=date(1815, 12, 10),
)


def rewritten(codec: VcfCodec[R], data: str, **changes: object) -> str:
    """Return a file after the first record of it was changed."""
    document = codec.decode(data.encode(), "cards.vcf")
    first, *others = document.rows
    record = attrs.evolve(first.record, **changes)  # type: ignore[misc]  # R is one of the records
    assert document.refusal(first, record, first.lists) == ""
    changed = document.amend(first, record, first.lists)
    assert changed.record == record
    return document.encode([changed, *others]).decode()


def differing(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that are gone, and those that are new."""
    old, new = before.splitlines(), after.splitlines()
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_card_is_a_contact() -> None:
    """Structured values, escapes, folds, groups and types are read; the id is the UID, the lists the categories."""
    ada, charles = contact_vcf().decode(CARDS.encode(), "cards.vcf").rows

    assert (ada.id, ada.record, ada.lists) == ("ada", ADA, ("Clients", "Friends"))
    assert (ada.stored, ada.modified, ada.line) == (True, datetime(2026, 3, 2, 9, tzinfo=UTC), 1)
    assert charles.id.startswith("row-")
    assert charles.record.birthday is None


def test_a_card_is_an_entry() -> None:
    """A CRM's entry has its phones with their labels, and its division in the organisation's third part."""
    entry, _ = (row.record for row in entry_vcf().decode(CARDS.encode(), "cards.vcf").rows)

    assert entry.division == "West"
    assert entry.emails == ("ada@example.com", "ada@example.org")
    assert [(phone.label, phone.number) for phone in entry.phones] == [
        ("Cell", "+44 1"),
        ("Main", "+44 2"),
        ("Fax", "+44 3"),
        ("Home", "+44 4"),
    ]


def test_nothing_changes_in_what_stays() -> None:
    """A file that nobody edits is the same bytes, but for the ids that it lacked."""
    document = contact_vcf().decode(CARDS.encode(), "cards.vcf")

    gone, new = differing(CARDS, document.encode(document.rows).decode())

    assert gone == []
    assert new == [f"UID:{document.rows[1].id}"]
    again = contact_vcf().decode(document.encode(document.rows), "again.vcf")
    assert [(row.id, row.version) for row in again.rows] == [(row.id, row.version) for row in document.rows]


@pytest.mark.parametrize(
    ("changes", "gone", "new"),
    [
        ({"mobile_phone": "+44 9"}, ["TEL;TYPE=CELL:+44 1"], ["TEL;TYPE=CELL:+44 9"]),
        ({"business_phones": ("+44 9",)}, ["TEL;TYPE=WORK,VOICE:+44 2"], ["TEL;TYPE=WORK,VOICE:+44 9"]),
        ({"department": ""}, ["ORG:Example\\, Inc.;Research;West"], ["ORG:Example\\, Inc.;;West"]),
        ({"surname": "King"}, ["N:Byron;Ada;Augusta;Countess;"], ["N:King;Ada;Augusta;Countess;"]),
        (
            {"business_address": attrs.evolve(ADA.business_address, street="1 Mall")},
            ["ADR;TYPE=WORK:PO 7;;12 St James\\nSquare;London;;SW1;UK"],
            ["ADR;TYPE=WORK:PO 7;;1 Mall;London;;SW1;UK"],
        ),
        ({"home_phones": ()}, ["TEL;TYPE=HOME:+44 4"], []),
        ({"home_address": PostalAddress(city="Bath")}, [], ["ADR;TYPE=HOME:;;;Bath;;;"]),
        (
            {"email_addresses": (EmailAddress("ada@example.com"),)},
            ["item1.EMAIL;TYPE=INTERNET:ada@example.org", "item1.X-ABLabel:Club"],
            [],
        ),
        (
            {"email_addresses": (EmailAddress("new@example.org"), EmailAddress("ada@example.org"))},
            ["EMAIL;TYPE=INTERNET;TYPE=WORK:ada@example.com"],
            ["EMAIL;TYPE=INTERNET;TYPE=WORK:new@example.org"],
        ),
        ({"birthday": date(1816, 1, 2)}, ["BDAY:1815-12-10"], ["BDAY:1816-01-02"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_only_what_changed_is_written(changes: dict[str, object], gone: list[str], new: list[str]) -> None:
    """Parameters, groups, post office boxes, faxes, photos: all that a contact does not say stays where it is."""
    document = contact_vcf().decode(CARDS.encode(), "cards.vcf")
    ids = [f"UID:{document.rows[1].id}"]

    assert differing(CARDS, rewritten(contact_vcf(), CARDS, **changes)) == (gone, [*new, *ids])


def test_a_phone_keeps_what_it_is_called() -> None:
    """A label that a group gives stays with its number, and another one is written beside it."""
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nUID:1\nN:Byron;Ada;;;\nFN:Ada Byron\nitem1.TEL:1\nitem1.X-ABLabel:_$!<Club>!$_\n"
        "TEL;TYPE=CELL:2\nEND:VCARD\n"
    )
    (row,) = entry_vcf().decode(card.encode(), "cards.vcf").rows
    assert row.record.phones == (Phone("Club", "1"), Phone("Cell", "2"))

    number = rewritten(entry_vcf(), card, phones=(Phone("Club", "9"), Phone("Cell", "2")))
    label = rewritten(entry_vcf(), card, phones=(Phone("Club", "1"), Phone("Pub", "2")))
    swapped = rewritten(entry_vcf(), card, phones=(Phone("Cell", "2"), Phone("Club", "1")))

    assert differing(card, number) == (["item1.TEL:1"], ["ITEM1.TEL:9"])
    assert differing(card, label) == (["TEL;TYPE=CELL:2"], ["TEL;X-LABEL=Pub;TYPE=CELL:2"])
    assert differing(card, swapped) == ([], [])


def test_a_new_file_is_one_that_every_program_takes() -> None:
    """A card of version 3.0, with a name to show and a structured one, also for a company."""
    document = entry_vcf().blank()
    row = document.fresh("7", Entry(kind=EntryKind.COMPANY, company_name="Example, Inc."), ("Clients",))

    assert document.encode([row]).decode() == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nFN:Example\\, Inc.\r\nCATEGORIES:Clients\r\nKIND:org\r\n"
        "ORG:Example\\, Inc.\r\nUID:7\r\nEND:VCARD\r\n"
    )


def test_a_version_4_card_stays_one() -> None:
    """Numbers are addresses of their own there, and a new card is of the same version."""
    card = "BEGIN:VCARD\nVERSION:4.0\nFN:Ada\nTEL;VALUE=uri;TYPE=cell:tel:+44-1\nBDAY:18151210\nEND:VCARD\n"
    document = contact_vcf().decode(card.encode(), "cards.vcf")

    assert document.rows[0].record == Contact(display_name="Ada", mobile_phone="+44-1", birthday=date(1815, 12, 10))
    assert "VERSION:4.0" in document.fresh("1", Contact(), ()).text


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ("BEGIN:VCARD\nVERSION:2.1\nN:Secret\nEND:VCARD\n", "line 1"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "line 1"),
        ("BEGIN:VCARD\nVERSION:3.0\nN:Secret\n", "line 1"),
        ("N:Secret\n", "line 1"),
        ("BEGIN:VCARD\nVERSION:3.0\nSecret\nEND:VCARD\n", "line 3"),
        (CARDS + CARDS, "line 32"),
    ],
)
def test_what_is_no_card_is_refused(data: str, where: str) -> None:
    """The error names file and line, and nothing of what stands there."""
    with pytest.raises(InputError, match=where) as raised:
        contact_vcf().decode(data.encode(), "cards.vcf")

    assert "cards.vcf" in str(raised.value)
    assert "Secret" not in str(raised.value)


def test_what_cannot_be_written_is_refused() -> None:
    """A birthday that is not understood is not written over, and control characters would end a line."""
    document = contact_vcf().decode(CARDS.encode(), "cards.vcf")
    charles = document.rows[1]

    assert document.refusal(charles, attrs.evolve(charles.record, birthday=date(1791, 12, 26)), ()) == "unread:birthday"
    assert document.refusal(None, Contact(personal_notes="a\x00b"), ()) == "control:notes"


# --- laws ------------------------------------------------------------------------------------------------------------


def comes_back(codec: VcfCodec[R], records: list[tuple[R, tuple[str, ...]]]) -> None:
    """Assert that a file says what its rows say, and that its text is the same again."""
    document = codec.blank()
    kept = [(record, lists) for record, lists in records if not document.refusal(None, record, lists)]
    rows = identify([document.fresh("", record, lists) for record, lists in kept], codec.shape, "new")
    again = codec.decode(document.encode(rows), "again.vcf")
    assert [(row.id, row.record, row.lists, row.version) for row in again.rows] == [
        (row.id, row.record, row.lists, row.version) for row in rows
    ]
    assert again.encode(again.rows) == document.encode(rows)
    for row in again.rows:
        settled = again.fresh(row.id, row.record, row.lists)
        assert (settled.record, settled.lists) == (row.record, row.lists)


@pytest.mark.property
@given(st.lists(CONTACTS, max_size=2))
def test_contacts_come_back(contacts: list[Contact]) -> None:
    """A contact is read from a card as it was written, and once it was, it is written as it is."""
    comes_back(contact_vcf(), [(contact, contact.categories) for contact in contacts])


@pytest.mark.property
@given(st.lists(st.tuples(ENTRIES, LISTS), max_size=2))
def test_entries_come_back(entries: list[tuple[Entry, tuple[str, ...]]]) -> None:
    """An entry is read from a card as it was written, and once it was, it is written as it is."""
    comes_back(entry_vcf(), entries)


@pytest.mark.property
@given(contact=CONTACTS)
def test_any_edit_leaves_the_rest_alone(contact: Contact) -> None:
    """Whatever a contact becomes, lines that nobody knows stay, and the other card is as it was."""
    document = contact_vcf().decode(CARDS.encode(), "cards.vcf")
    first, second = document.rows
    if document.refusal(first, contact, contact.categories):
        return
    wanted = document.fresh("x", contact, contact.categories).record
    changed = document.amend(first, wanted, wanted.categories)
    after = document.encode([changed, second]).decode()

    assert changed.record == wanted
    for line in ("X-SHOE-SIZE;X-UNIT=EU:38", "TEL;TYPE=FAX,WORK:+44 3", "PRODID:-//Example//EN", "BDAY:--1226"):
        assert line in after.splitlines()
    assert contact_vcf().decode(after.encode(), "after.vcf").rows[0].record == wanted


@given(data=st.binary(max_size=60) | st.text(st.sampled_from('BEGIN:VCARD\nND;="\\,'), max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Whatever a file holds, it is cards or an error that names the file."""
    try:
        contact_vcf().decode(b"BEGIN:VCARD\nVERSION:3.0\n" + data + b"\nEND:VCARD\n", "hostile.vcf")
    except InputError as error:
        assert "hostile.vcf" in str(error)  # noqa: PT017 -- most bytes are refused, and some are cards


# --- as files --------------------------------------------------------------------------------------------------------


def test_cards_are_a_side_of_a_sync(tmp_path: Path) -> None:
    """A file of cards is created, listed by category, changed, and kept as a backup before it is first rewritten."""
    path = tmp_path / "cards.vcf"
    write_contacts(path, [ADA])
    side = open_contacts(path)
    scope = Scope("Clients")
    (item,) = side.changes(None, scope).items

    (made,) = side.create([Create("t1", Contact(given_name="Charles"))], scope)
    (moved,) = side.update([Update(item.id, item.version, {"mobile_phone": "+44 8"})], scope)
    (stale,) = side.remove([Remove(item.id, item.version)], scope)

    assert [one.status for one in (made, moved, stale)] == [Status.DONE, Status.DONE, Status.CHANGED]
    again = {one.id: one for one in open_contacts(path).changes(None, scope).items}
    assert again["t1"].record.categories == ("Clients",)
    assert again[item.id].record == attrs.evolve(ADA, mobile_phone="+44 8")
    assert moved.item is not None
    assert again[item.id].version == moved.item.version
    assert side.backup is not None
    assert len(open_entries(path).changes(None, Scope()).items) == 2


def test_a_header_mapping_is_for_tables(tmp_path: Path) -> None:
    """Cards have no columns, and no choice of encodings."""
    path = tmp_path / "cards.vcf"
    write_contacts(path, [])

    with pytest.raises(SettingsError):
        open_contacts(path, encoding="cp1252")
