"""A file as a side of a sync: listing, reading by id, searching, scopes."""

from pathlib import Path

import pytest

from tallystick.errors import CursorExpired, InputError, SettingsError, Unavailable, UsageError
from tallystick.ports import Absence, AbsenceReason, CreateSafety, Item, Provider, Scope, Term, Window
from tallystick.providers.files import FileProvider, open_contacts, open_entries, read_header_map
from tallystick.records import Contact, Entry

CONTACTS = """First Name,Last Name,E-mail Address,E-mail 2 Address,Categories
Ada,Byron,a@example.com,A2@example.com,Maximizer;Friends
Bob,Hill,b@example.com,,
ada ,BYRON,other@example.com,,maximizer
"""
ENTRIES = """Id,Kind,First Name,Last Name,Email1,Favorite Lists
1,Individual,Ada,Byron,a@example.com,Clients
2,Company,,,info@example.com,VIP
"""
CLIENTS = Scope("Clients")
WHOLE = Scope()


@pytest.fixture
def contacts(tmp_path: Path) -> FileProvider[Contact]:
    """Return an opened file of contacts."""
    path = tmp_path / "outlook.csv"
    path.write_text(CONTACTS)
    return open_contacts(path)


@pytest.fixture
def entries(tmp_path: Path) -> FileProvider[Entry]:
    """Return an opened file of entries."""
    path = tmp_path / "crm.csv"
    path.write_text(ENTRIES)
    return open_entries(path)


def test_it_is_a_provider(entries: FileProvider[Entry]) -> None:
    """A file has what a sync asks of a side, and says what it can do."""
    provider: Provider[Entry] = entries
    able = provider.capabilities
    assert (able.delta, able.conditional_writes, able.scopes) == (False, True, True)
    assert (able.create_safety, able.token_in_listings) == (CreateSafety.UNIQUE_KEY, True)
    assert able.batch_size == able.read_size == 100_000
    assert able.stable_ids


def test_ids_from_content_are_not_stable(contacts: FileProvider[Contact]) -> None:
    """A file without ids does not promise that they stay, since they follow names and addresses."""
    assert not contacts.capabilities.stable_ids


def test_the_account_is_the_name_of_the_file(contacts: FileProvider[Contact]) -> None:
    """The account survives a move of the folder."""
    assert contacts.account == "outlook.csv"
    assert repr(contacts) == f"<FileProvider {str(contacts.path)!r}, 3 records>"
    assert contacts.encoding == "utf-8"


def test_scopes_are_the_categories_and_lists_in_use(
    contacts: FileProvider[Contact], entries: FileProvider[Entry]
) -> None:
    """What can be chosen from is what some row names."""
    assert contacts.scopes() == ["Friends", "Maximizer", "maximizer"]
    assert entries.scopes() == ["Clients", "VIP"]


def test_a_scope_lists_its_members(entries: FileProvider[Entry], contacts: FileProvider[Contact]) -> None:
    """Only members of the scope are listed, on one page that is complete; case does not matter."""
    page = entries.changes(None, CLIENTS)
    assert [(item.id, item.member, item.token) for item in page.items] == [("1", True, "1")]
    assert page.complete
    assert [item.record.surname for item in contacts.changes(None, Scope("MAXIMIZER")).items] == ["Byron", "BYRON"]


def test_the_whole_file_is_a_scope(entries: FileProvider[Entry]) -> None:
    """Without a name, the scope is the whole file and every row a member."""
    assert [(item.id, item.member) for item in entries.changes(None, WHOLE).items] == [("1", True), ("2", True)]


def test_a_file_has_no_deltas(entries: FileProvider[Entry]) -> None:
    """Asked what changed since, a file answers that it must be listed anew."""
    page = entries.changes(None, WHOLE)
    with pytest.raises(CursorExpired):
        entries.changes(page.cursor, WHOLE)


def test_a_file_has_no_window(entries: FileProvider[Entry]) -> None:
    """Contacts cannot be listed by time."""
    from datetime import date

    with pytest.raises(SettingsError):
        entries.changes(None, Scope(window=Window(date(2026, 1, 1), date(2026, 1, 2))))


def test_records_are_read_by_id(entries: FileProvider[Entry]) -> None:
    """An id is answered with its record, member or not, and an unknown one as deleted."""
    found = entries.get(["2", "9", "1"], CLIENTS)
    assert [type(one) for one in found] == [Item, Absence, Item]
    assert found[1] == Absence("9", AbsenceReason.DELETED)
    assert isinstance(found[0], Item)
    assert (found[0].id, found[0].member) == ("2", False)


@pytest.mark.parametrize(
    ("field", "value", "names"),
    [
        ("email", " A@EXAMPLE.com", ["Byron"]),
        ("email_addresses", "a2@example.com", ["Byron"]),
        ("email", "nobody@example.com", []),
        ("email", "", []),
        ("first_name", "ADA", ["Byron", "BYRON"]),
        ("surname", "hill", ["Hill"]),
        ("last_name", "  ", []),
    ],
)
def test_records_are_found(contacts: FileProvider[Contact], field: str, value: str, names: list[str]) -> None:
    """Names and addresses are found whatever their case and spacing, and nothing finds the empty ones."""
    items = contacts.search([Term(field, value)], CLIENTS)
    assert [item.record.surname for item in items] == names
    assert not any(item.member for item in items)


def test_each_record_is_found_once(contacts: FileProvider[Contact]) -> None:
    """A record that several terms fit comes once, and a token finds the record made with it."""
    one = contacts.changes(None, WHOLE).items[1]
    terms = [Term("email", "b@example.com"), Term("last_name", "Hill"), Term(Term.TOKEN, one.id), Term(Term.TOKEN, "x")]
    assert contacts.search(terms, WHOLE) == [one]


def test_a_field_that_cannot_be_searched(contacts: FileProvider[Contact]) -> None:
    """Searching by another field is the caller's mistake."""
    with pytest.raises(UsageError, match="cannot be searched by 'shoe_size'"):
        contacts.search([Term("shoe_size", "9")], WHOLE)


# --- changes from outside --------------------------------------------------------------------------------------------


def test_a_file_that_somebody_edits_is_read_again(entries: FileProvider[Entry]) -> None:
    """What a person saves is seen by the next request."""
    version = entries.changes(None, WHOLE).items[0].version
    entries.path.write_text(ENTRIES.replace("Ada", "Adele"))
    (item,) = entries.search([Term("first_name", "adele")], WHOLE)
    assert item.id == "1"
    assert item.version != version
    entries.path.touch()
    assert entries.get(["1"], WHOLE) == [item]


def test_a_file_that_is_broken_later_is_out_of_order(entries: FileProvider[Entry]) -> None:
    """A file that cannot be read any more ends this run with the reason, and the next run tries again."""
    entries.path.write_text("Id,First Name\n")
    with pytest.raises(Unavailable, match="no column 'Last Name'"):
        entries.scopes()
    entries.path.unlink()
    with pytest.raises(Unavailable, match="there is no such file"):
        entries.get(["1"], WHOLE)
    entries.path.write_text(ENTRIES)
    assert entries.scopes() == ["Clients", "VIP"]


# --- opening ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["crm.xlsx", "crm", "crm.csv.bak", ".csv"])
def test_only_known_kinds_of_files_are_opened(tmp_path: Path, name: str) -> None:
    """A file of another kind is refused with what is supported."""
    with pytest.raises(InputError, match=r"ends in \.csv or \.jsonl"):
        open_entries(tmp_path / name)


@pytest.mark.parametrize("name", ["crm.csv", "crm.jsonl"])
def test_an_absent_file(tmp_path: Path, name: str) -> None:
    """A file that is not there is named."""
    with pytest.raises(InputError, match=f"{name}: there is no such file"):
        open_contacts(tmp_path / name)


def test_what_is_no_file(tmp_path: Path) -> None:
    """A folder is refused."""
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match="not a plain file"):
        open_contacts(tmp_path / "folder.csv")


def test_a_file_behind_a_file(tmp_path: Path) -> None:
    """A path that leads through a plain file cannot be read."""
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="the file cannot be read"):
        open_contacts(tmp_path / "file" / "crm.csv")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """A file beyond the limit is not read at all."""
    path = tmp_path / "crm.csv"
    path.write_text(ENTRIES)
    with pytest.raises(InputError, match=f"the file has {len(ENTRIES)} bytes, and 20 are the most"):
        open_entries(path, max_bytes=20)


def test_encodings_and_mappings_are_for_csv(tmp_path: Path) -> None:
    """JSON lines have one encoding and no columns."""
    with pytest.raises(SettingsError):
        open_entries(tmp_path / "crm.jsonl", encoding="cp1252")


def test_a_header_mapping_from_a_file(tmp_path: Path) -> None:
    """A file with columns of its own is opened with a mapping from a JSON file."""
    (tmp_path / "map.json").write_text('{"columns": {"Vorname": "first_name", "Name": "last_name", "Mail": "email_1"}}')
    (tmp_path / "crm.csv").write_bytes("Vorname;Name;Mail\nΜαρία;Γ;m@example.com\n".encode("cp1253"))
    header = read_header_map(tmp_path / "map.json")
    provider = open_entries(tmp_path / "crm.csv", header=header, encoding="cp1253")
    assert provider.changes(None, WHOLE).items[0].record.first_name == "Μαρία"
    with pytest.raises(InputError, match=r"map2\.json: there is no such file"):
        read_header_map(tmp_path / "map2.json")
