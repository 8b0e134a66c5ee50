"""Header mappings: an integrator's own columns and words."""

import json

import pytest

from tallystick.codecs.csv import HeaderMap, contact_csv, entry_csv
from tallystick.errors import InputError
from tallystick.records import Contact, Entry, EntryKind, Phone

GERMAN = HeaderMap.from_json(
    json.dumps(
        {
            "columns": {
                "Nr": "id",
                "Art": "kind",
                "Vorname": "first_name",
                "Nachname": "last_name",
                "E-Mail": "email_1",
                "Telefon": "phone_1",
                "Mobil": "phone_2",
            },
            "kinds": {"GmbH": "company", "Person": "individual"},
            "phone_labels": {"phone_1": "Main", "phone_2": "Cell"},
            "dates": "dmy",
        }
    )
)
TEXT = "Nr;Art;Vorname;Nachname;E-Mail;Telefon;Mobil;Notes\n7;GmbH;Ada;Byron;a@example.com;1;;x\n"


def test_own_columns_and_words() -> None:
    """A CRM's own file is read and written under the names and words of its mapping."""
    sheet = entry_csv(GERMAN).decode(TEXT.encode(), "crm.csv")
    (row,) = sheet.rows
    assert row.id == "7"
    assert row.record == Entry(
        kind=EntryKind.COMPANY,
        first_name="Ada",
        last_name="Byron",
        emails=("a@example.com",),
        phones=(Phone("Main", "1"),),
        notes="x",
    )
    new = sheet.fresh("8", Entry(first_name="Bob", phones=(Phone("Main", "3"), Phone("Cell", "4"))), ())
    firm = sheet.fresh("9", Entry(kind=EntryKind.COMPANY), ())
    assert sheet.encode([row, new, firm]).decode() == TEXT + "8;Person;Bob;;;3;4;\n9;GmbH;;;;;;\n"


def test_a_label_of_its_own_gets_a_column() -> None:
    """A phone under another label than the mapping's keeps that label in a column of its own."""
    sheet = entry_csv(GERMAN).decode(TEXT.encode(), "crm.csv")
    new = sheet.fresh("8", Entry(phones=(Phone("Fax", "3"),)), ())
    again = entry_csv(GERMAN).decode(sheet.encode([*sheet.rows, new]), "crm.csv")
    assert again.layout.header[-1] == "Phone1 Label"
    assert [row.record.phones for row in again.rows] == [(Phone("Main", "1"),), (Phone("Fax", "3"),)]


def test_a_standard_name_can_stand_for_another_field() -> None:
    """A column may be given to another field, and the field that had its name gets a name of its own."""
    header = HeaderMap({"Company": "department", "Department": "job_title"})
    text = "First Name,Last Name,E-mail Address,Company,Department\nAda,Byron,,Sales,Buyer\n"
    sheet = contact_csv(header).decode(text.encode(), "outlook.csv")
    assert (sheet.rows[0].record.department, sheet.rows[0].record.job_title) == ("Sales", "Buyer")
    new = sheet.fresh("8", Contact(company_name="Blue Mill", department="Sales"), ())
    again = contact_csv(header).decode(sheet.encode([new]), "outlook.csv")
    assert again.layout.header[-2] == "company_name"
    assert again.rows[0].record == new.record


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "is no JSON object"),
        ("{", "is no JSON object"),
        ('{"columns": {"A": "id"}, "columns": {}}', "is no JSON object"),
        ("[" * 50_000, "is no JSON object"),
        (" " * 100_001, "more than 100,000 characters"),
        ('{"column": {}}', "'column' is no part of a header mapping -- did you mean columns?"),
        ('{"columns": {"Vorname": "firstname"}}', "'firstname' is no field -- did you mean first_name?"),
        ('{"columns": {"Vorname": 7}}', "columns must be an object that gives a text for each name"),
        ('{"columns": []}', "columns must be an object"),
        ('{"kinds": {"Firma": "firm"}}', "'firm' is no kind -- known are individual, contact, company"),
        ('{"phone_labels": {"phone_5": "x"}}', "'phone_5' is no phone field"),
        ('{"dates": "american"}', "dates must be one of ymd, mdy, dmy"),
        ('{"dates": ["ymd"]}', "dates must be one of ymd, mdy, dmy"),
    ],
    ids=map(str, range(13)),
)
def test_mappings_that_cannot_be_used(text: str, said: str) -> None:
    """A mapping with a mistake is refused with its name and what to write instead."""
    with pytest.raises(InputError) as caught:
        HeaderMap.from_json(text, "map.json")
    assert str(caught.value).startswith("map.json: ")
    assert said in str(caught.value)


def test_a_mapping_for_the_other_side() -> None:
    """A mapping with fields of contacts cannot be used for entries."""
    with pytest.raises(InputError, match="the field 'surname' belongs to the other kind of file"):
        entry_csv(HeaderMap({"Name": "surname"})).decode(b"Name\nx\n", "crm.csv")


@pytest.mark.parametrize("columns", [{"A": "surname", "B": "surname"}, {"A": "surname", " a": "given_name"}])
def test_a_mapping_that_contradicts_itself(columns: dict[str, str]) -> None:
    """Two columns for one field, or one column under two spellings, are refused."""
    with pytest.raises(InputError, match="name each column and each field once"):
        contact_csv(HeaderMap(columns)).decode(b"A,B\nx,y\n", "outlook.csv")


def test_a_mapped_column_that_is_missing() -> None:
    """Where a mandatory column of the mapping is not in the file, it is named as the mapping names it."""
    with pytest.raises(InputError, match="no column 'Vorname'"):
        entry_csv(GERMAN).decode(b"Nachname;E-Mail\n", "crm.csv")
