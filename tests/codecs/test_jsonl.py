"""JSON lines: strict reading, and lines that stay as they were."""

import json
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codecs.jsonl import LONGEST_LINE, JsonLinesCodec
from tallystick.codecs.shapes import CONTACT, CRM_TASK, ENTRY, TODO_TASK
from tallystick.errors import InputError
from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone
from tests.property.task_strategies import CRM_TASKS, TODO_TASKS


def complaint(line: str) -> str:
    """Return what is said of a file whose second line cannot be read."""
    with pytest.raises(InputError) as caught:
        JsonLinesCodec(ENTRY).decode(f'{{"record": {{}}}}\n{line}\n'.encode(), "crm.jsonl")
    assert str(caught.value).startswith("crm.jsonl, line 2: ")
    return str(caught.value)


def test_a_line_is_a_record() -> None:
    """A line holds an id, a record and its lists; what is empty may be left out."""
    line = (
        '{"id": "7", "record": {"kind": "contact", "first_name": "Ada", "emails": ["", "a@example.com"],'
        ' "phones": [{"label": "Main", "number": "1"}], "birthday": "1980-01-31"}, "lists": ["VIP", "VIP"]}'
    )
    (row,) = JsonLinesCodec(ENTRY).decode(f"\n{line}\r\n\n".encode(), "crm.jsonl").rows
    assert (row.id, row.lists, row.line, row.stored) == ("7", ("VIP",), 2, True)
    assert row.record.kind is EntryKind.CONTACT
    assert row.record == Entry(
        kind=EntryKind.CONTACT,
        first_name="Ada",
        emails=("", "a@example.com"),
        phones=(Phone("Main", "1"),),
        birthday=date(1980, 1, 31),
    )


def test_lists_of_a_contact_are_its_categories() -> None:
    """A contact's lists are read from its categories, and lists beside it must not say otherwise."""
    line = '{"record": {"categories": ["Maximizer"]}, "lists": ["Maximizer"]}'
    assert JsonLinesCodec(CONTACT).decode(line.encode(), "o.jsonl").rows[0].lists == ("Maximizer",)
    with pytest.raises(InputError, match=r"o\.jsonl, line 1: the lists of this kind of record are part of it"):
        JsonLinesCodec(CONTACT).decode(line.replace('"lists": ["M', '"lists": ["m').encode(), "o.jsonl")


def test_lines_that_stay_are_written_as_they_were() -> None:
    """Only a changed record's line is written anew, and lines without an id get theirs."""
    lines = ['{ "record": {"first_name":"Ada"},"id":"7" }', '{"record": {"first_name": "Bob"}}']
    document = JsonLinesCodec(ENTRY).decode("\n".join(lines).encode(), "crm.jsonl")
    first, second = document.rows
    changed = document.amend(second, attrs.evolve(second.record, last_name="Hill"), ("VIP",))
    written = document.encode([first, changed]).decode().splitlines()
    assert written[0] == lines[0]
    assert json.loads(written[1]) == {
        "id": second.id,
        "record": {"kind": "individual", "first_name": "Bob", "last_name": "Hill"},
        "lists": ["VIP"],
    }
    assert document.encode([second]).decode() == (
        f'{{"id": "{second.id}", "record": {{"kind": "individual", "first_name": "Bob"}}}}\n'
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_are_kept(end: str) -> None:
    """A file that a program of Windows wrote, with CRLF, keeps its line ends; a line that is added has them, too."""
    data = "".join(f'{{"id": "{number}", "record": {{"first_name": "Ada"}}}}{end}' for number in range(2)).encode()
    document = JsonLinesCodec(ENTRY).decode(data, "crm.jsonl")
    assert document.encode(document.rows) == data
    added = document.encode([*document.rows, document.fresh("7", Entry(first_name="Bob"), ())])
    assert added.startswith(data)
    assert added.count(end.encode()) == added.count(b"\n") == 3


def test_byte_order_mark() -> None:
    """A byte order mark is kept; any other encoding than UTF-8 is refused."""
    data = '\ufeff{"id": "7", "record": {"first_name": "Zoë"}}\n'.encode()
    document = JsonLinesCodec(ENTRY).decode(data, "crm.jsonl")
    assert document.encode(document.rows) == data
    assert document.charset.name == "utf-8"
    with pytest.raises(InputError, match="JSON lines are always UTF-8"):
        JsonLinesCodec(ENTRY).decode(data.decode().encode("utf-16-le"), "crm.jsonl")
    with pytest.raises(InputError, match=r"crm\.jsonl, line 1: bytes that are no utf-8"):
        JsonLinesCodec(ENTRY).decode("Zoë".encode("cp1252"), "crm.jsonl")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "7",
        '"text"',
        '{"id": "7", "id": "8", "record": {}}',
        '{"record": {"first_name": "a", "first_name": "b"}}',
        '{"record": {}, "x": NaN}',
        '{"record": {}, "x": 1e999}',
        '{"record": ' + "[" * 100_000,
        '{"record": ' + "[" * 30 + "]" * 30 + "}",
        '{"record": {}, "x": ' + "9" * 5000 + "}",
        '{"record": {}, "more": 1}',
        '{"id": 7, "record": {}}',
        '{"id": "7"}',
        '{"record": []}',
        '{"record": {}, "lists": "VIP"}',
        '{"record": {}, "lists": [7]}',
        '{"record": {"first_name": 7}}',
        '{"record": {"first_name": 7, "notes": "\\u00e9"}}',
        '{"record": {"first_name": null}}',
        '{"record": {"emails": "a@example.com"}}',
        '{"record": {"emails": {"a": "b"}}}',
        '{"record": {"phones": [{"label": "Main"}]}}',
        '{"record": {"phones": [{"label": "Main", "number": "1", "x": ""}]}}',
        '{"record": {"kind": "piglet"}}',
        '{"record": {"birthday": "1980-1-31"}}',
        '{"record": {"birthday": "19800131"}}',
        '{"record": {"given_name": "x"}}',
        '{"record": {"first_name": "\\ud800"}}',
        '{"record": {"\\udfff": "x"}}',
        '{"record": {"notes": "' + "x" * LONGEST_LINE + '"}}',
    ],
    ids=map(str, range(30)),
)
def test_what_is_not_strictly_a_record_is_refused(line: str) -> None:
    """Anything but one well-formed record of known fields is refused with its line and a remedy."""
    assert " -- write it as" in complaint(line)


def test_errors_name_the_field_and_no_value() -> None:
    """The field at fault is named, and what stands in it is not repeated."""
    said = complaint('{"record": {"birthday": "canary"}}')
    assert "the field birthday does not fit" in said
    assert "canary" not in said
    assert "canary" not in complaint('{"record": {"canary": "x"}}')


def test_ids_that_come_twice_are_refused() -> None:
    """Two lines with one id are an error that names both."""
    line = '{"id": "7", "record": {}}\n'
    with pytest.raises(InputError, match=r"crm.jsonl, line 2: .* line 1"):
        JsonLinesCodec(ENTRY).decode((line * 2).encode(), "crm.jsonl")


def test_what_cannot_be_written_is_refused() -> None:
    """Half a character and a record beyond the longest line are refused."""
    document = JsonLinesCodec(CONTACT).blank()
    assert document.refusal(None, Contact(surname="\ud800"), ()) == "encoding:record"
    assert document.refusal(None, Contact(personal_notes="x" * LONGEST_LINE), ()) == "too_long:record"
    assert document.refusal(None, Contact(email_addresses=(EmailAddress("x"),) * 9), ()) == ""


@pytest.mark.property
@given(
    st.lists(
        st.one_of(
            TODO_TASKS.map(lambda task: (JsonLinesCodec(TODO_TASK), task)),
            CRM_TASKS.map(lambda task: (JsonLinesCodec(CRM_TASK), task)),
        ),
        max_size=3,
    )
)
def test_tasks_come_back_as_they_were_written(tasks: list[Any]) -> None:
    """What is written of a task is read back, times, recurrence and all."""
    for codec, task in tasks:
        blank = codec.blank()
        lists = codec.shape.own_lists(task) or ()
        (row,) = codec.decode(blank.encode([blank.fresh("7", task, lists)]), "tasks.jsonl").rows

        assert row.record == task


def test_an_instant_may_be_spelled_in_any_offset() -> None:
    """Z, another offset and UTC's own are the same instant; a word that a list does not have is refused."""
    line = '{{"record": {{"title": "Call", "due": "{}", "status": "{}"}}}}'
    rows = [
        JsonLinesCodec(TODO_TASK).decode(line.format(due, "inProgress").encode(), "todo.jsonl").rows[0].record.due
        for due in ("2026-03-02T05:00:00Z", "2026-03-02T00:00:00-05:00", "2026-03-02T05:00:00+00:00")
    ]
    assert rows[0] == rows[1] == rows[2]
    with pytest.raises(InputError, match="status does not fit"):
        JsonLinesCodec(TODO_TASK).decode(line.format("2026-03-02T05:00:00Z", "sleeping").encode(), "todo.jsonl")
