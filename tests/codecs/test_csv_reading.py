"""Reading CSV files as Outlook, CRMs and spreadsheets write them."""

from datetime import UTC, date, datetime

import pytest

from tallystick.codecs.csv import (
    CRM_HEADER,
    OUTLOOK_HEADER,
    OUTLOOK_WEB_HEADER,
    CsvSheet,
    HeaderMap,
    contact_csv,
    entry_csv,
)
from tallystick.codecs.csv.dialect import Quoting
from tallystick.errors import InputError
from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone, PostalAddress

SHORT = "First Name,Last Name,E-mail Address"


def contacts(text: str | bytes, header: HeaderMap | None = None, encoding: str | None = None) -> CsvSheet[Contact]:
    """Read a contact file."""
    data = text.encode() if isinstance(text, str) else text
    return contact_csv(header, encoding).decode(data, "outlook.csv")


def entries(text: str, header: HeaderMap | None = None) -> CsvSheet[Entry]:
    """Read an entry file."""
    return entry_csv(header).decode(text.encode(), "crm.csv")


def row(header: tuple[str, ...], quoted: bool, **cells: str) -> str:
    """Return a file of one row, given cells by column with _ for a blank."""
    values = {name.replace("_", " "): cell for name, cell in cells.items()}
    values = {"E-mail" + name[5:] if name.startswith("Email ") else name: cell for name, cell in values.items()}
    assert set(values) <= set(header)
    lines = [header, [values.get(column, "") for column in header]]
    return "".join(",".join(f'"{cell}"' if quoted else cell for cell in line) + "\r\n" for line in lines)


def test_what_outlook_on_windows_exports() -> None:
    """A contact exported by Outlook on Windows is read with all its addresses, phones, notes and categories."""
    text = row(
        OUTLOOK_HEADER,
        quoted=True,
        Title="Dr",
        First_Name="Zoë",
        Middle_Name="M",
        Last_Name="Groß",
        Suffix="Jr",
        Company="Blue Bridge Ltd",
        Department="Sales",
        Job_Title="Buyer",
        Office_Location="2nd floor",
        Business_Street="1 Mill Lane",
        Business_Street_2="Floor 3",
        Business_City="Leeds",
        Business_State="WY",
        Business_Postal_Code="LS1",
        Home_City="York",
        Business_Phone="+44 20 7946 0001",
        Business_Phone_2="+44 20 7946 0002",
        Home_Phone="030 1",
        Home_Phone_2="030 2",
        Mobile_Phone="0171",
        Birthday="1980-01-31",
        Categories="Maximizer;Friends",
        Email_Address="z@example.com",
        Email_Type="SMTP",
        Email_Display_Name="Zoë Groß",
        Email_2_Address="zoe@example.org",
        Email_3_Address="z3@example.net",
        Email_3_Display_Name="home",
        Notes='first line\r\nsaid ""hello""\r\n\r\nlast line',
        Web_Page="https://example.com",
    )
    sheet = contacts(text)
    assert sheet.rows[0].record == Contact(
        given_name="Zoë",
        middle_name="M",
        surname="Groß",
        company_name="Blue Bridge Ltd",
        job_title="Buyer",
        department="Sales",
        office_location="2nd floor",
        email_addresses=(
            EmailAddress("z@example.com", "Zoë Groß"),
            EmailAddress("zoe@example.org"),
            EmailAddress("z3@example.net", "home"),
        ),
        mobile_phone="0171",
        business_phones=("+44 20 7946 0001", "+44 20 7946 0002"),
        home_phones=("030 1", "030 2"),
        business_address=PostalAddress("1 Mill Lane\nFloor 3", "Leeds", "WY", "LS1", ""),
        home_address=PostalAddress(city="York"),
        categories=("Maximizer", "Friends"),
        title="Dr",
        generation="Jr",
        business_home_page="https://example.com",
        personal_notes='first line\r\nsaid "hello"\r\n\r\nlast line',
        birthday=date(1980, 1, 31),
    )
    assert sheet.rows[0].lists == ("Maximizer", "Friends")
    assert sheet.dialect.quoting is Quoting.ALL


def test_what_outlook_on_the_web_exports() -> None:
    """A contact exported by Outlook on the web, whose columns are others in another order, is read too."""
    text = row(
        OUTLOOK_WEB_HEADER,
        quoted=False,
        First_Name="Ada",
        Last_Name="Byron",
        Nickname="Countess",
        Email_Address="ada@example.com",
        Business_Street="1 Mill Lane",
    )
    record = contacts(text).rows[0].record
    assert (record.given_name, record.nick_name, record.surname) == ("Ada", "Countess", "Byron")
    assert record.business_address.street == "1 Mill Lane"
    assert record.email_addresses == (EmailAddress("ada@example.com"),)


def test_what_a_crm_exports() -> None:
    """An entry of a CRM is read with its kind, labelled phones and favourite lists."""
    cells = {
        "Id": "17",
        "Kind": "Contact",
        "First Name": "Ada",
        "Last Name": "Byron",
        "Email1": "ada@example.com",
        "Email3": "a3@example.com",
        "Phone1 Label": "Main",
        "Phone1": "1",
        "Phone3 Label": "Cell",
        "Phone3": "3",
        "Address City": "Leeds",
        "Favorite Lists": "Clients; VIP;;Clients",
        "Modified": "2026-02-03T04:05:06Z",
    }
    text = ",".join(CRM_HEADER) + "\n" + ",".join(cells.get(column, "") for column in CRM_HEADER) + "\n"
    (found,) = entries(text).rows
    assert found.record == Entry(
        kind=EntryKind.CONTACT,
        first_name="Ada",
        last_name="Byron",
        emails=("ada@example.com", "", "a3@example.com"),
        phones=(Phone("Main", "1"), Phone("", ""), Phone("Cell", "3")),
        address=PostalAddress(city="Leeds"),
    )
    assert (found.id, found.stored, found.lists) == ("17", True, ("Clients", "VIP"))
    assert found.modified == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("modified", ["", "yesterday", "2026-02-03T04:05:06", "2026-02-03"])
def test_a_time_without_a_zone_is_no_time(modified: str) -> None:
    """A time of change that does not say its zone is left out, since nobody knows when it was."""
    text = f"First Name,Last Name,Email1,Modified\nAda,Byron,a@example.com,{modified}\n"
    assert entries(text).rows[0].modified is None


@pytest.mark.parametrize("kind", ["", "individual", "INDIVIDUAL", " Individual "])
def test_kinds_are_read_in_any_case(kind: str) -> None:
    """A kind may be written in any case, and an empty one is an individual."""
    text = f"Kind,First Name,Last Name,Email1\n{kind},Ada,Byron,a@example.com\n"
    assert entries(text).rows[0].record.kind is EntryKind.INDIVIDUAL


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, line_end: str) -> None:
    """Commas, semicolons and tabs are told apart by the header, and any line end will do."""
    lines = [SHORT.replace(",", delimiter), f'Ada{delimiter}"Byron{delimiter}\nKing"{delimiter}a@example.com', ""]
    sheet = contacts(line_end.join(lines))
    assert sheet.rows[0].record.surname == f"Byron{delimiter}\nKing"
    assert (sheet.dialect.delimiter, sheet.dialect.line_end) == (delimiter, line_end)


def test_header_names_in_any_case_and_spacing() -> None:
    """Column names count whatever their case and the blanks around them."""
    record = contacts("FIRST NAME, last  name ,e-mail address\nAda,Byron,a@example.com\n").rows[0].record
    assert (record.given_name, record.surname) == ("Ada", "Byron")


def test_blank_lines_are_passed_over() -> None:
    """Blank lines, and rows of nothing but delimiters, are no records."""
    sheet = contacts(f"{SHORT}\n\n,,\nAda,Byron,a@example.com\n\n , ,\nBob,Hill,b@example.com\n   \n")
    assert [found.record.given_name for found in sheet.rows] == ["Ada", "Bob"]
    assert [found.line for found in sheet.rows] == [4, 7]


def test_a_header_alone_is_a_file_without_records() -> None:
    """A file that holds its header and nothing else is read as empty."""
    assert contacts(SHORT).rows == ()


# --- ids -------------------------------------------------------------------------------------------------------------


def test_rows_without_ids_get_the_same_ids_again() -> None:
    """An untouched file gives the same ids on every reading, and namesakes different ones."""
    text = f"{SHORT}\nAda,Byron,a@example.com\nADA, byron,A@EXAMPLE.com\nBob,Hill,\n"
    first, second = contacts(text), contacts(text)
    assert [found.id for found in first.rows] == [found.id for found in second.rows]
    stem = first.rows[0].id.removesuffix("-1")
    assert first.rows[1].id == f"{stem}-2"
    assert len({found.id for found in first.rows}) == 3


def test_a_copied_row_gets_an_id_of_its_own() -> None:
    """Somebody who copies a row and clears its id makes a second record, not a clash."""
    made = contacts(f"{SHORT}\nAda,Byron,a@example.com\n").rows[0].id
    text = f"{SHORT},Tallystick ID\nAda,Byron,a@example.com,\nAda,Byron,a@example.com,{made}\n"
    assert contacts(text).rows[0].id not in ("", made)


def test_an_id_that_comes_twice_is_refused() -> None:
    """Two rows with one id are an error that names both lines."""
    with pytest.raises(InputError, match=r"crm.csv, line 4: .* line 2 --"):
        entries("Id,First Name,Last Name,Email1\n7,Ada,Byron,\n8,Bob,Hill,\n7,Cid,Reed,\n")


def test_versions_follow_content() -> None:
    """A row's version changes with its content and its lists, and with nothing else."""

    def version(text: str) -> str:
        return contacts(f"{SHORT},Categories,Fax,Tallystick ID\n{text}\n").rows[0].version

    assert version("Ada,Byron,a@example.com,X,1,") == version("Ada,Byron,a@example.com,X,2,id7")
    assert version("Ada,Byron,a@example.com,X,1,") != version("Ada,Byron,a@example.com,Y,1,")
    assert version("Ada,Byron,a@example.com,X,1,") != version("Ada,Byrons,a@example.com,X,1,")
