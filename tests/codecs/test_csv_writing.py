"""Writing CSV files: what changes, and everything that must not."""

from datetime import UTC, datetime

import attrs
import pytest

from tallystick.codecs.csv import CRM_HEADER, OUTLOOK_HEADER, OUTLOOK_WEB_HEADER, HeaderMap, contact_csv, entry_csv
from tallystick.codecs.csv.dialect import LONGEST_CELL
from tallystick.records import Contact, EmailAddress, Entry, EntryKind, Phone, PostalAddress

SHORT = "First Name,Last Name,E-mail Address"
ADA = Contact(given_name="Ada", surname="Byron", email_addresses=(EmailAddress("a@example.com"),))


def rewritten(text: str, header: HeaderMap | None = None, **fields: object) -> str:
    """Return a contact file after its first row was changed."""
    sheet = contact_csv(header).decode(text.encode(), "outlook.csv")
    first, *others = sheet.rows
    record = attrs.evolve(first.record, **fields)  # type: ignore[arg-type]
    return sheet.encode([sheet.amend(first, record, record.categories), *others]).decode()


def test_ids_are_added_and_the_rest_stays_byte_for_byte() -> None:
    """The first rewrite adds a last column with ids, and leaves every other byte as it was."""
    text = f'\ufeff{SHORT}\r\n"Ada",Byron,"a@example.com"\r\n\r\n=Bob,"Hi""ll",\r\n,,\r\n'
    found = contact_csv().decode(text.encode(), "outlook.csv")
    ids = [row.id for row in found.rows]
    assert found.encode(found.rows).decode() == (
        f'\ufeff{SHORT},Tallystick ID\r\n"Ada",Byron,"a@example.com",{ids[0]}\r\n\r\n=Bob,"Hi""ll",,{ids[1]}\r\n,,,\r\n'
    )


def test_a_file_with_ids_is_written_as_it_was_read() -> None:
    """A file that has its ids, and in which nothing changes, stays the same to the byte."""
    text = f'{SHORT},Tallystick ID\n"Ada",Byron, a@example.com,7\n\nBob,"Hi""ll","b;@example.com",8'
    sheet = contact_csv().decode(text.encode(), "outlook.csv")
    assert sheet.encode(sheet.rows).decode() == text


def test_only_the_changed_cell_is_written() -> None:
    """In a changed row, cells whose field did not change keep their text and their quotes."""
    text = f'Fax,{SHORT},Job Title,Tallystick ID\n"1" ,"=Ada",Byron,a@example.com ,Buyer,7\n'.replace('"1" ', '"1"')
    assert rewritten(text, job_title='Head, "Sales"') == text.replace("Buyer", '"Head, ""Sales"""')


def test_all_cells_are_quoted_where_the_file_does_so() -> None:
    """New cells are quoted as the file quotes its own."""
    text = '"First Name","Last Name","E-mail Address","Tallystick ID"\r\n"Ada","Byron","","7"\r\n'
    assert rewritten(text, surname="King") == text.replace("Byron", "King")
    sheet = contact_csv().decode(text.encode(), "outlook.csv")
    new = sheet.fresh("8", Contact(given_name="Bob"), ())
    assert sheet.encode([*sheet.rows, new]).decode() == text + '"Bob","","","8"\r\n'


def test_filled_cells_are_quoted_where_the_file_does_so() -> None:
    """A file that quotes what is filled and leaves the rest bare is continued in that way."""
    text = '"First Name","Last Name","E-mail Address","Tallystick ID"\n"Ada",,"a@example.com","7"\n'
    sheet = contact_csv().decode(text.encode(), "outlook.csv")
    new = sheet.fresh("8", Contact(given_name="Bob"), ())
    assert sheet.encode([*sheet.rows, new]).decode() == text + '"Bob",,,"8"\n'


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", ""), ("utf-8", "\ufeff"), ("utf-16-le", "\ufeff"), ("utf-16-be", "\ufeff")]
)
def test_encoding_and_byte_order_mark_are_kept(encoding: str, mark: str) -> None:
    """A file is written in the encoding in which it was read, with the byte order mark if it had one."""
    data = f"{mark}{SHORT},Tallystick ID\nZoë,Γεωργίου,a@example.com,7\n".encode(encoding)
    sheet = contact_csv().decode(data, "outlook.csv")
    changed = sheet.amend(sheet.rows[0], attrs.evolve(sheet.rows[0].record, surname="Åström"), ())
    assert sheet.encode([changed]) == data.decode(encoding).replace("Γεωργίου", "Åström").encode(encoding)


def test_windows_1252_is_kept() -> None:
    """A file in Outlook's Windows encoding is written in it again, and refuses what it cannot hold."""
    data = f"{SHORT},Tallystick ID\r\nZoë,Groß – €,a@example.com,7\r\n".encode("cp1252")
    sheet = contact_csv().decode(data, "outlook.csv")
    assert (sheet.charset.name, sheet.charset.assumed) == ("cp1252", True)
    first = sheet.rows[0]
    assert first.record.surname == "Groß – €"
    changed = sheet.amend(first, attrs.evolve(first.record, given_name="Søren"), ())
    assert sheet.encode([changed]) == data.replace("Zoë".encode("cp1252"), "Søren".encode("cp1252"))
    assert sheet.refusal(first, attrs.evolve(first.record, surname="Γεωργίου"), ()) == "encoding:surname"


def test_a_value_without_a_column_gets_one() -> None:
    """A field that the file has no column for gets one at the end, before the id, under its standard name."""
    text = rewritten(f"{SHORT}\nAda,Byron,a@example.com\nBob,Hill,\n", file_as="Byron, Ada", categories=("Maximizer",))
    header, ada, bob = text.splitlines()
    assert header == f"{SHORT},File As,Categories,Tallystick ID"
    assert ada.startswith('Ada,Byron,a@example.com,"Byron, Ada",Maximizer,row-')
    assert bob.startswith("Bob,Hill,,,,row-")


def test_streets_use_the_columns_that_there_are() -> None:
    """The lines of a street go to three columns where there are three, and into one cell where there is one."""
    address = PostalAddress("a\nb\nc\nd", "Leeds")
    for header, cells in ((OUTLOOK_HEADER, 3), (OUTLOOK_WEB_HEADER, 1)):
        sheet = contact_csv().decode((",".join(header) + "\n").encode(), "outlook.csv")
        row = sheet.fresh("7", attrs.evolve(ADA, business_address=address), ())
        data = sheet.encode([row])
        (again,) = contact_csv().decode(data, "outlook.csv").rows
        assert again.record == row.record
        assert sum(name.startswith("business_street") for name, cell in row.cells.items() if cell) == cells


def test_a_street_in_one_cell_is_spread_once_it_changes() -> None:
    """A street of two lines in one cell stays there until it changes, and never loses a line."""
    header = f"{SHORT},Business Street,Business Street 2,Business City,Tallystick ID"
    text = f'{header}\nAda,Byron,a@example.com,"1 Mill Lane\nFloor 3",,Leeds,7\n'
    assert rewritten(text, job_title="x").startswith(header)
    moved = rewritten(text, business_address=PostalAddress("1 Mill Lane\nFloor 4", "Leeds"))
    assert moved == f"{header}\nAda,Byron,a@example.com,1 Mill Lane,Floor 4,Leeds,7\n"


def test_the_type_of_an_address_follows_it() -> None:
    """Outlook's column with the type of an address is kept right, and never added."""
    header = f"{SHORT},E-mail Type,E-mail 2 Address,Tallystick ID"
    text = f"{header}\nAda,Byron,/o=Site/cn=ada,EX,,7\n"
    emails = (EmailAddress("a@example.com"), EmailAddress("b@example.com"))
    assert rewritten(text, email_addresses=emails) == f"{header}\nAda,Byron,a@example.com,SMTP,b@example.com,7\n"


def test_formulas_are_guarded_in_what_is_written() -> None:
    """A text that a spreadsheet would run is written with an apostrophe, and a plain phone number is not."""
    text = f"{SHORT},Mobile Phone,Notes,Tallystick ID\nAda,Byron,a@example.com,,=kept,7\n"
    written = rewritten(text, given_name="=cmd()", surname="@x", mobile_phone="+49 30 1234-5")
    assert written.splitlines()[1] == "'=cmd(),'@x,a@example.com,+49 30 1234-5,=kept,7"
    again = contact_csv().decode(written.encode(), "outlook.csv").rows[0].record
    assert (again.given_name, again.surname, again.personal_notes) == ("=cmd()", "@x", "=kept")


def test_the_time_of_change_is_written_where_there_is_a_column() -> None:
    """A row that is written gets its time in the column Modified, if the file has one and a clock is given."""
    text = "First Name,Last Name,Email1,Modified,Id\nAda,Byron,,2020-01-01T00:00:00Z,7\nBob,Hill,,,8\n"
    sheet = entry_csv().decode(text.encode(), "crm.csv")
    now = datetime(2026, 2, 3, tzinfo=UTC)
    changed = sheet.amend(sheet.rows[0], attrs.evolve(sheet.rows[0].record, last_name="King"), (), now)
    assert changed.modified == now
    again = entry_csv().decode(sheet.encode([changed, sheet.rows[1]]), "crm.csv")
    assert [row.modified for row in again.rows] == [now, None]
    untimed = sheet.amend(sheet.rows[0], attrs.evolve(sheet.rows[0].record, last_name="King"), ())
    assert untimed.modified == sheet.rows[0].modified


def test_amending_twice_adds_up() -> None:
    """A row that is changed twice before it is written holds both changes."""
    sheet = contact_csv().decode(f"{SHORT}\nAda,Byron,a@example.com\n".encode(), "outlook.csv")
    once = sheet.amend(sheet.rows[0], attrs.evolve(sheet.rows[0].record, nick_name="Countess"), ())
    twice = sheet.amend(once, attrs.evolve(once.record, surname="King"), ())
    (again,) = contact_csv().decode(sheet.encode([twice]), "outlook.csv").rows
    assert (again.record.surname, again.record.nick_name) == ("King", "Countess")
    assert again.version == twice.version
    back = sheet.amend(twice, sheet.rows[0].record, ())
    assert b"Nickname" not in sheet.encode([back])


def test_a_kind_gets_a_column_when_it_says_something() -> None:
    """In a file without kinds, only an entry that is no individual brings the column."""
    sheet = entry_csv().decode(b"First Name,Last Name,Email1\nAda,Byron,\n", "crm.csv")
    plain = sheet.fresh("8", Entry(first_name="Bob"), ())
    assert b"Kind" not in sheet.encode([*sheet.rows, plain])
    company = sheet.fresh("9", Entry(kind=EntryKind.COMPANY), ("VIP",))
    again = entry_csv().decode(sheet.encode([*sheet.rows, plain, company]), "crm.csv")
    assert [row.record.kind for row in again.rows] == [EntryKind.INDIVIDUAL, EntryKind.INDIVIDUAL, EntryKind.COMPANY]
    assert [row.version for row in again.rows][1:] == [plain.version, company.version]
    assert again.rows[2].lists == ("VIP",)


def test_labels_of_phones_stay_beside_their_numbers() -> None:
    """A changed number stays under its label, and an empty slot stays empty."""
    text = "First Name,Last Name,Email1,Phone1 Label,Phone1,Phone2 Label,Phone2,Id\nAda,Byron,,,,Cell,2,7\n"
    sheet = entry_csv().decode(text.encode(), "crm.csv")
    phones = (Phone("", ""), Phone("Cell", "22"))
    changed = sheet.amend(sheet.rows[0], attrs.evolve(sheet.rows[0].record, phones=phones), ())
    assert sheet.encode([changed]).decode() == text.replace(",2,7", ",22,7")


def test_what_has_no_room_is_refused() -> None:
    """A record that does not fit is refused with the field that is to blame."""
    sheet = contact_csv().blank()

    def refusal(**fields: object) -> str:
        record = attrs.evolve(ADA, **fields)  # type: ignore[arg-type]
        return sheet.refusal(None, record, record.categories)

    assert refusal() == ""
    assert refusal(email_addresses=(EmailAddress("x"),) * 4) == "too_many:email_addresses"
    assert refusal(business_phones=("1",) * 3) == "too_many:business_phones"
    assert refusal(home_phones=("1",) * 3) == "too_many:home_phones"
    assert refusal(categories=("a;b",)) == "separator:lists"
    assert refusal(surname="a\0b") == "nul:surname"
    assert refusal(surname="\ud800") == "encoding:surname"
    assert refusal(personal_notes="x" * LONGEST_CELL) == "too_long:personal_notes"
    entries = entry_csv().blank()
    assert entries.refusal(None, Entry(emails=("x",) * 4), ()) == "too_many:emails"
    assert entries.refusal(None, Entry(phones=(Phone("x", "1"),) * 5), ()) == "too_many:phones"


def test_a_new_file_has_the_standard_header() -> None:
    """A new file has the columns that Outlook or the CRM expects, and the one for the id."""
    assert contact_csv().blank().layout.header == (*OUTLOOK_HEADER, "Tallystick ID")
    assert entry_csv().blank().layout.header == CRM_HEADER
    assert contact_csv().blank().encode([]).startswith(b'\xef\xbb\xbf"Title","First Name"')


def test_a_new_file_follows_a_header_mapping() -> None:
    """A new file is written under the integrator's column names."""
    header = HeaderMap({"Vorname": "given_name", "User 4": "id"})
    sheet = contact_csv(header).blank()
    assert "Vorname" in sheet.layout.header
    assert "First Name" not in sheet.layout.header
    row = sheet.fresh("7", ADA, ())
    (again,) = contact_csv(header).decode(sheet.encode([row]), "new.csv").rows
    assert (again.id, again.record) == ("7", ADA)
