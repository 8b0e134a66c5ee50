"""Laws that hold for every record and every file."""

import csv
import io
import json
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codecs.csv import OUTLOOK_HEADER, OUTLOOK_WEB_HEADER, contact_csv, entry_csv
from tallystick.codecs.csv.dialect import Dialect, Quoting, split_row, unquote
from tallystick.codecs.csv.guard import guard, unguard
from tallystick.codecs.document import Codec, Document, identify
from tallystick.codecs.jsonl import JsonLinesCodec
from tallystick.codecs.shapes import CONTACT, ENTRY
from tallystick.errors import InputError
from tallystick.records import Contact, Entry
from tests.codecs.strategies import CONTACTS, ENTRIES, LISTS, TEXTS

R = TypeVar("R")
pytestmark = pytest.mark.property


def _comes_back(codec: Codec[R], records: list[tuple[R, tuple[str, ...]]]) -> None:
    document = codec.blank()
    rows = identify([document.fresh("", record, lists) for record, lists in records], codec.shape, "new")
    again = codec.decode(document.encode(rows), "again")
    assert [(row.id, row.record, row.lists, row.version) for row in again.rows] == [
        (row.id, record, lists, row.version) for row, (record, lists) in zip(rows, records, strict=True)
    ]
    assert all(row.stored for row in again.rows)
    assert again.encode(again.rows) == document.encode(rows)


@given(st.lists(CONTACTS, max_size=3))
def test_contacts_come_back_from_csv(contacts: list[Contact]) -> None:
    """Whatever a contact holds, it is read from a CSV file as it was written."""
    _comes_back(contact_csv(), [(contact, contact.categories) for contact in contacts])


@given(st.lists(st.tuples(ENTRIES, LISTS), max_size=3))
def test_entries_come_back_from_csv(entries: list[tuple[Entry, tuple[str, ...]]]) -> None:
    """Whatever an entry holds, it is read from a CSV file as it was written."""
    _comes_back(entry_csv(), entries)


@given(st.lists(CONTACTS, max_size=3))
def test_contacts_come_back_from_json_lines(contacts: list[Contact]) -> None:
    """Whatever a contact holds, it is read from JSON lines as it was written."""
    _comes_back(JsonLinesCodec(CONTACT), [(contact, contact.categories) for contact in contacts])


@given(st.lists(st.tuples(ENTRIES, LISTS), max_size=3))
def test_entries_come_back_from_json_lines(entries: list[tuple[Entry, tuple[str, ...]]]) -> None:
    """Whatever an entry holds, it is read from JSON lines as it was written."""
    _comes_back(JsonLinesCodec(ENTRY), entries)


@given(
    header=st.sampled_from([OUTLOOK_HEADER, OUTLOOK_WEB_HEADER, ("First Name", "Last Name", "E-mail Address")]),
    spare=st.lists(TEXTS, min_size=2, max_size=2),
    delimiter=st.sampled_from([",", ";", "\t"]),
    line_end=st.sampled_from(["\r\n", "\n"]),
    quoting=st.sampled_from(Quoting),
    before=st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=2, max_size=4),
    contact=CONTACTS,
)
def test_an_edit_touches_nothing_else(
    header: tuple[str, ...],
    spare: list[str],
    delimiter: str,
    line_end: str,
    quoting: Quoting,
    before: list[list[str]],
    contact: Contact,
) -> None:
    """When one contact changes, all other rows and every unknown column stay as they were."""
    columns = ["Shoe Size", *header, "Favourite Colour"]
    dialect = Dialect(delimiter, line_end, quoting)
    lines = [dialect.row(columns)]
    for first, last, address in before:
        cells = dict.fromkeys(columns, "") | {"First Name": first, "Last Name": last, "E-mail Address": address}
        lines.append(dialect.row([*(cells | {"Shoe Size": spare[0] or "x", "Favourite Colour": spare[1]}).values()]))
    data = "".join(f"{line}{line_end}" for line in lines).encode()
    sheet = contact_csv().decode(data, "before.csv")
    changed = sheet.amend(sheet.rows[0], contact, contact.categories)
    again = contact_csv().decode(sheet.encode([changed, *sheet.rows[1:]]), "after.csv")
    assert again.rows[0].record == changed.record == contact
    assert [row.record for row in again.rows[1:]] == [row.record for row in sheet.rows[1:]]
    assert [row.id for row in again.rows] == [row.id for row in sheet.rows]
    for old, new in zip(sheet.rows[1:], again.rows[1:], strict=True):
        assert new.text.startswith(old.text.removesuffix(line_end))
    table = list(csv.reader(io.StringIO(sheet.encode([changed]).decode(), newline=""), delimiter=delimiter))
    assert table[0][: len(columns)] == columns
    assert (table[1][0], table[1][len(columns) - 1]) == (spare[0] or "x", spare[1])


def _decoded(codec: Codec[R], data: bytes) -> Document[R] | None:
    """Return what the bytes hold, or None if they are refused as they should be."""
    try:
        return codec.decode(data, "hostile.txt")
    except InputError as error:
        if "hostile.txt" not in str(error):
            raise
        return None


HOSTILE = st.one_of(
    st.binary(max_size=60),
    st.text(st.sampled_from("\"',;\t\r\n=a\ufeff\u2028"), max_size=40).map(str.encode),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(max_size=40).map(lambda text: text.encode("utf-16", "surrogatepass")),
)


@given(
    st.sampled_from([b"", b"First Name,Last Name,E-mail Address\r\n", b'"First Name";"Last Name";"E-mail Address"']),
    HOSTILE,
)
def test_hostile_bytes_in_csv(header: bytes, tail: bytes) -> None:
    """Whatever bytes a CSV file holds, it is read, and can be written again, or the library says what is wrong."""
    sheet = _decoded(contact_csv(), header + tail)
    if sheet is None:
        return
    again = contact_csv().decode(sheet.encode(sheet.rows), "again.csv")
    assert [(row.id, row.record, row.version) for row in again.rows] == [
        (row.id, row.record, row.version) for row in sheet.rows
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "record", "lists", "first_name", "emails", "phones", "x"]), inner)
    ),
    max_leaves=8,
)


@given(HOSTILE | JSON.map(lambda value: json.dumps(value).encode()))
def test_hostile_bytes_in_json_lines(data: bytes) -> None:
    """Whatever bytes a file of JSON lines holds, it is read, or the library says what is wrong."""
    lines = _decoded(JsonLinesCodec(ENTRY), data)
    if lines is None:
        return
    again = JsonLinesCodec(ENTRY).decode(lines.encode(lines.rows), "again.jsonl")
    assert [(row.id, row.record) for row in again.rows] == [(row.id, row.record) for row in lines.rows]


@given(st.text(), st.sampled_from("'=+-@\t\r\n\uff1d"))
def test_the_guard_loses_nothing(text: str, first: str) -> None:
    """A text that was guarded against being run as a formula is read as it was."""
    for value in (text, first + text, f"'{first}{text}"):
        assert unguard(guard(value)) == value


@given(st.lists(TEXTS, min_size=2, max_size=6), st.sampled_from([",", ";", "\t"]))
def test_rows_are_split_as_they_are_read(cells: list[str], delimiter: str) -> None:
    """Splitting a row into its cells as written agrees with reading them."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="").writerow(cells)
    text = buffer.getvalue()
    assert list(map(unquote, split_row(text, delimiter))) == cells
