"""Exports of Google, Salesforce and HubSpot are read as they are, and written back with nothing else changed."""

from datetime import date

import attrs
import pytest

from tallystick.codecs.csv import HeaderMap, contact_csv, entry_csv
from tallystick.codecs.csv.exports import CONTACT_EXPORTS, ENTRY_EXPORTS
from tallystick.records import Contact, EmailAddress, Entry, Phone, PostalAddress

GOOGLE = (
    "First Name,Middle Name,Last Name,Name Prefix,Nickname,File As,Organization Name,Organization Title,"
    "Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,"
    "Phone 1 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,Website 1 - Value\n"
    "Ada,Augusta,Byron,Lady,A,,Example,Engineer,Research,1815-12-10,note,https://example.com/p,"
    "* myContacts ::: Clients,Work,ada@example.com,Mobile,+44 1,Home,12 St James,London,example.com\n"
)
OLD_GOOGLE = (
    "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value\n"
    "Ada Byron,Ada,Byron,Clients,*,ada@example.com,Work,+44 2\n"
)
OBJECTS = (
    '"Id","AccountId","LastName","FirstName","Salutation","MailingStreet","MailingCity","Phone","MobilePhone","Email",'
    '"Birthdate","OwnerId"\n"0035g00000AbCdE","0015g","Byron","Ada","Ms.","12 St James","London","+44 2","+44 1",'
    '"ada@example.com","1815-12-10","0055g"\n'
)
REPORT = (
    "Contact ID,First Name,Last Name,Account Name,Title,Email,Phone,Mailing Zip/Postal Code\n"
    "0035g,Ada,Byron,Example,Engineer,ada@example.com,+44 2,SW1\n"
)
LABELS = (
    "Contact ID,First Name,Last Name,Account Name,Title,Email,Business Phone,Mobile Phone,Contact Description\n"
    "0035g,Ada,Byron,Example,Engineer,ada@example.com,+44 2,+44 1,note\n"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,City,Contact owner,Job Title\n"
    "51,Ada,Byron,ada@example.com,+44 2,+44 1,London,Grace,Engineer\n"
)


def test_googles_contacts_are_contacts() -> None:
    """Names, organisation, addresses and labels are read; phones, whose kind stands beside them, stay."""
    (row,) = contact_csv().decode(GOOGLE.encode(), "contacts.csv").rows

    assert row.lists == ("* myContacts", "Clients")
    assert row.record == Contact(
        given_name="Ada",
        middle_name="Augusta",
        surname="Byron",
        title="Lady",
        nick_name="A",
        company_name="Example",
        job_title="Engineer",
        department="Research",
        email_addresses=(EmailAddress("ada@example.com"),),
        categories=("* myContacts", "Clients"),
        business_home_page="example.com",
        personal_notes="note",
        birthday=date(1815, 12, 10),
    )


def test_googles_contacts_are_entries() -> None:
    """An entry has each phone with its label, and an address."""
    (row,) = entry_csv().decode(GOOGLE.encode(), "contacts.csv").rows

    assert row.record.phones == (Phone("Mobile", "+44 1"),)
    assert row.record.address == PostalAddress("12 St James", "London")
    assert row.lists == ("* myContacts", "Clients")


@pytest.mark.parametrize("codec", [contact_csv(), entry_csv()], ids=["contacts", "entries"])
def test_googles_older_header_is_known(codec: object) -> None:
    """Exports from before 2024 have other names for the same."""
    (row,) = codec.decode(OLD_GOOGLE.encode(), "contacts.csv").rows  # type: ignore[attr-defined]  # one of two codecs

    assert row.lists == ("Clients",)
    assert "Byron" in (getattr(row.record, "surname", ""), getattr(row.record, "last_name", ""))


@pytest.mark.parametrize(
    ("data", "row_id", "phones"),
    [
        (OBJECTS, "0035g00000AbCdE", (Phone("Cell", "+44 1"), Phone("Main", "+44 2"))),
        (REPORT, "0035g", (Phone("", ""), Phone("Main", "+44 2"))),
        (LABELS, "0035g", (Phone("Cell", "+44 1"), Phone("Main", "+44 2"))),
        (HUBSPOT, "51", (Phone("Cell", "+44 1"), Phone("Main", "+44 2"))),
    ],
    ids=["objects", "report", "labels", "hubspot"],
)
def test_a_crms_export_is_known(data: str, row_id: str, phones: tuple[Phone, ...]) -> None:
    """Ids are the CRM's own, and a phone's column says what it is."""
    (row,) = entry_csv().decode(data.encode(), "crm.csv").rows

    assert (row.id, row.record.last_name, row.record.emails) == (row_id, "Byron", ("ada@example.com",))
    assert [phone.number for phone in row.record.phones] == [phone.number for phone in phones]
    assert row.record.phones[-1] == phones[-1]


@pytest.mark.parametrize("data", [GOOGLE, OLD_GOOGLE, OBJECTS, REPORT, LABELS, HUBSPOT])
def test_an_edit_changes_one_cell(data: str) -> None:
    """Whatever else an export holds, it is there afterwards."""
    sheet = entry_csv().decode(data.encode(), "crm.csv")
    (row,) = sheet.rows
    entry: Entry = attrs.evolve(row.record, last_name="King")
    written = sheet.encode([sheet.amend(row, entry, row.lists)]).decode()

    before, after = data.splitlines()[1], written.splitlines()[1]
    assert after.startswith(before.replace("Byron", "King", 1) if data is not OLD_GOOGLE else "Ada Byron,Ada,King,")


def test_a_mapping_of_ones_own_goes_before() -> None:
    """Who names columns gets those, and no guess."""
    own = HeaderMap({"Email": "email_2", "Contact owner": "email_1"})
    (row,) = entry_csv(own).decode(HUBSPOT.encode(), "crm.csv").rows

    assert row.record.emails == ("Grace", "ada@example.com")
    assert row.record.phones == ()


def test_a_list_whose_name_holds_the_separator_is_refused() -> None:
    """It would come back as two."""
    sheet = entry_csv().decode(GOOGLE.encode(), "contacts.csv")

    assert sheet.refusal(sheet.rows[0], sheet.rows[0].record, ("a:::b",)) == "separator:lists"
    assert sheet.refusal(sheet.rows[0], sheet.rows[0].record, ("a;b",)) == ""


def test_a_separator_can_be_given() -> None:
    """Files of one's own may have another one, which is no blank."""
    assert HeaderMap.from_json('{"separator": "|"}').separator == "|"
    with pytest.raises(Exception, match="separator"):
        HeaderMap.from_json('{"separator": " "}')


@pytest.mark.parametrize("exports", [CONTACT_EXPORTS, ENTRY_EXPORTS], ids=["contacts", "entries"])
def test_each_export_can_be_told(exports: dict[str, object]) -> None:
    """What an export is recognised by are columns that its mapping or the standard header knows."""
    codec = contact_csv() if exports is CONTACT_EXPORTS else entry_csv()
    for name, export in exports.items():
        text = ",".join(dict.fromkeys([*export.signature, *export.header.columns]))  # type: ignore[attr-defined]  # an Export
        layout = codec.decode(f"{text}\n".encode(), name).layout
        assert len(layout.at) >= len(export.header.columns)  # type: ignore[attr-defined]  # the same
