"""The reference page of CSV files says what the code does."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tallystick.codecs.csv import CRM_HEADER, OUTLOOK_HEADER, OUTLOOK_WEB_HEADER, HeaderMap
from tallystick.codecs.csv.contacts import ContactForm
from tallystick.codecs.csv.dialect import LONGEST_CELL
from tallystick.codecs.csv.entries import EntryForm
from tallystick.codecs.csv.slots import CONTACT_SLOTS, ENTRY_SLOTS, ContactCells, EntryCells, Slot
from tallystick.providers.files.disk import LARGEST_FILE

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "csv.md"


def table(slots: Sequence[Slot], headers: dict[str, Sequence[str]]) -> str:
    """Return the table of a header's columns as the page shows it."""
    titles = ["column", "field", *headers]
    lines = [titles, ["---"] * len(titles)]
    for slot in slots:
        columns = " or ".join(slot.columns) + (" (mandatory)" if slot.mandatory else "")
        known = ["yes" if set(slot.columns) & set(header) else "" for header in headers.values()]
        lines.append([columns, f"`{slot.name}`", *known])
    return "".join(re.sub(r"\|  (?=\|)", "| ", f"| {' | '.join(line)} |\n") for line in lines)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("contacts", table(CONTACT_SLOTS, {"Windows": OUTLOOK_HEADER, "web": OUTLOOK_WEB_HEADER})),
        ("entries", table(ENTRY_SLOTS, {})),
    ],
    ids=["contacts", "entries"],
)
def test_the_tables_are_those_of_the_code(name: str, expected: str) -> None:
    """The page lists exactly the columns and fields that are known."""
    found = re.search(rf"<!-- {name} -->\n\n?(.*?)\n?<!-- end -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    assert found[1] == expected


def test_the_example_of_a_mapping_can_be_used() -> None:
    """The mapping that the page shows is a mapping."""
    (example,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert HeaderMap.from_json(example).columns["Vorname"] == "first_name"


def test_the_limits_are_those_of_the_code() -> None:
    """The page tells the limits that hold."""
    text = PAGE.read_text(encoding="utf-8")
    assert f"{LARGEST_FILE // 1024 // 1024} MiB" in text
    assert f"{LONGEST_CELL:,} characters" in text


@pytest.mark.parametrize("form", [ContactForm(), EntryForm()], ids=["contacts", "entries"])
def test_fields_and_cells_come_in_one_order(form: ContactForm | EntryForm) -> None:
    """The columns of a form, and the cells that it reads and writes, are the same in the same order."""
    fields = ContactCells._fields if isinstance(form, ContactForm) else EntryCells._fields
    assert tuple(slot.name for slot in form.slots) == fields
    assert fields[-2:] == ("modified", "id")


def test_the_crm_header_has_a_column_for_every_field() -> None:
    """A new CRM file has room for everything that an entry can hold."""
    assert {slot.columns[0] for slot in ENTRY_SLOTS} == set(CRM_HEADER)
