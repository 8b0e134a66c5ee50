"""A file as a side of a sync: creating, changing, removing, joining and leaving."""

import json
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from tallystick.codecs.csv import entry_csv
from tallystick.errors import Unavailable
from tallystick.ports import Create, Item, Outcome, Remove, Scope, Status, Term, Update
from tallystick.providers.files import FileProvider, open_contacts, open_entries
from tallystick.records import Contact, EmailAddress, Entry, EntryKind

ENTRIES = """Id,First Name,Last Name,Email1,Shoe Size,Favorite Lists
1,Ada,Byron,a@example.com,38,Clients;VIP
2,Bob,Hill,b@example.com,44,
"""
CONTACTS = """First Name,Last Name,E-mail Address,Categories
Ada,Byron,a@example.com,Friends
Bob,Hill,b@example.com,
"""
CLIENTS = Scope("Clients")
WHOLE = Scope()
NOW = datetime(2026, 2, 3, tzinfo=UTC)


class Clock:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Return always the same instant."""
        return NOW

    def sleep(self, seconds: float) -> None:
        """Do not wait."""


@pytest.fixture
def entries(tmp_path: Path) -> FileProvider[Entry]:
    """Return an opened file of entries."""
    path = tmp_path / "crm.csv"
    path.write_text(ENTRIES)
    return open_entries(path)


@pytest.fixture
def contacts(tmp_path: Path) -> FileProvider[Contact]:
    """Return an opened file of contacts, which has no ids yet."""
    path = tmp_path / "outlook.csv"
    path.write_text(CONTACTS)
    return open_contacts(path)


def version(provider: FileProvider[Entry], row_id: str) -> str | None:
    """Return the present version of a row."""
    (found,) = provider.get([row_id], WHOLE)
    assert isinstance(found, Item)
    return found.version


def test_fields_are_set(entries: FileProvider[Entry]) -> None:
    """An update changes its fields and nothing else in the file."""
    (outcome,) = entries.update([Update("1", version(entries, "1"), {"last_name": "King"})], CLIENTS)
    assert outcome.status is Status.DONE
    assert outcome.item is not None
    assert outcome.item.record.last_name == "King"
    assert outcome.item.member
    assert entries.path.read_text() == ENTRIES.replace("Byron", "King")
    assert open_entries(entries.path).get(["1"], CLIENTS) == [outcome.item]


def test_a_write_that_changes_nothing_leaves_the_file_alone(entries: FileProvider[Entry]) -> None:
    """Setting what is there already is done without touching the file."""
    before = entries.path.stat()
    (outcome,) = entries.update([Update("1", None, {"last_name": "Byron"}, member=True)], CLIENTS)
    assert outcome.status is Status.DONE
    assert entries.path.stat() == before
    assert entries.backup is None


def test_versions_are_checked_against_the_file_as_it_is(entries: FileProvider[Entry]) -> None:
    """An update that rests on another version is answered as changed, one without a row as gone; the rest is done."""
    old = version(entries, "1")
    entries.path.write_text(ENTRIES.replace("Ada", "Adele"))
    outcomes = entries.update(
        [
            Update("1", old, {"last_name": "King"}),
            Update("9", None, {"last_name": "King"}),
            Update("2", None, {"last_name": "Dale"}),
        ],
        CLIENTS,
    )
    assert [outcome.status for outcome in outcomes] == [Status.CHANGED, Status.GONE, Status.DONE]
    assert entries.path.read_text() == ENTRIES.replace("Ada", "Adele").replace("Hill", "Dale")


def test_a_second_write_to_a_row_rests_on_the_first(entries: FileProvider[Entry]) -> None:
    """Of two updates in one batch that rest on the same version, the second is answered as changed."""
    old = version(entries, "1")
    writes = [Update("1", old, {"last_name": "King"}), Update("1", old, {"last_name": "Queen"})]
    assert [outcome.status for outcome in entries.update(writes, CLIENTS)] == [Status.DONE, Status.CHANGED]


def test_rows_are_created_once(entries: FileProvider[Entry]) -> None:
    """A new row stands under its token, and a repeat is answered with the first, also by another process."""
    write = Create("t1", Entry(first_name="Cid", emails=("c@example.com",)))
    (first,) = entries.create([write], CLIENTS)
    assert first.item is not None
    assert (first.item.id, first.item.token, first.item.member) == ("t1", "t1", True)
    assert entries.path.read_text() == ENTRIES + "t1,Cid,,c@example.com,,Clients\n"
    again = open_entries(entries.path)
    assert again.create([write, write], CLIENTS) == [first, first]
    assert again.search([Term(Term.TOKEN, "t1")], CLIENTS) == [first.item]


def test_a_row_can_be_created_outside_the_scope(entries: FileProvider[Entry]) -> None:
    """A row that is to be no member is on no list."""
    (outcome,) = entries.create([Create("t1", Entry(first_name="Cid"), member=False)], CLIENTS)
    assert outcome.item is not None
    assert not outcome.item.member
    assert entries.path.read_text() == ENTRIES + "t1,Cid,,,,\n"


def test_a_create_needs_a_token(entries: FileProvider[Entry]) -> None:
    """Without a token a create cannot be recognised, and is refused."""
    assert entries.create([Create("", Entry())], CLIENTS) == [Outcome(Status.REFUSED, code="no_token")]


def test_rows_are_removed(entries: FileProvider[Entry]) -> None:
    """A row is removed if it still has the version that the write rests on."""
    writes = [Remove("1", "another"), Remove("9", None), Remove("2", version(entries, "2"))]
    outcomes = entries.remove(writes, CLIENTS)
    assert [outcome.status for outcome in outcomes] == [Status.CHANGED, Status.GONE, Status.DONE]
    assert entries.path.read_text() == "".join(ENTRIES.splitlines(keepends=True)[:2])


def test_lists_are_joined_and_left(entries: FileProvider[Entry]) -> None:
    """Joining and leaving a list changes that list alone."""
    outcomes = entries.update([Update("1", None, {}, member=False), Update("2", None, {}, member=True)], CLIENTS)
    assert [outcome.item.member for outcome in outcomes if outcome.item] == [False, True]
    assert entries.path.read_text() == ENTRIES.replace("Clients;VIP", "VIP").replace("44,", "44,Clients")


def test_categories_are_joined_and_left(contacts: FileProvider[Contact]) -> None:
    """A contact's other categories stay when it joins or leaves one, and when they are set besides."""
    ada, bob = (item.id for item in contacts.changes(None, WHOLE).items)
    scope = Scope("Maximizer")
    (outcome,) = contacts.update([Update(ada, None, {"job_title": "Countess"}, member=True)], scope)
    assert outcome.item is not None
    assert outcome.item.record.categories == ("Friends", "Maximizer")
    (outcome,) = contacts.update([Update(bob, None, {"categories": ("VIP", "maximizer")}, member=False)], scope)
    assert outcome.item is not None
    assert outcome.item.record.categories == ("VIP",)
    new = Contact(given_name="Cid", categories=("Friends",))
    (outcome,) = contacts.create([Create("t1", new)], scope)
    assert outcome.item is not None
    assert outcome.item.record.categories == ("Friends", "Maximizer")


def test_the_whole_file_cannot_be_joined_or_left(entries: FileProvider[Entry]) -> None:
    """Without a named list, joining and leaving are done and change nothing."""
    outcomes = entries.update([Update("1", None, {}, member=False), Update("2", None, {}, member=True)], WHOLE)
    assert [outcome.status for outcome in outcomes] == [Status.DONE, Status.DONE]
    assert entries.path.read_text() == ENTRIES


def test_the_first_rewrite_stores_all_ids(contacts: FileProvider[Contact]) -> None:
    """Once the file is rewritten, names and addresses may change without a row becoming another one."""
    ada, bob = (item.id for item in contacts.changes(None, WHOLE).items)
    contacts.update([Update(bob, None, {"surname": "Dale"})], WHOLE)
    assert contacts.path.read_text().splitlines() == [
        "First Name,Last Name,E-mail Address,Categories,Tallystick ID",
        f"Ada,Byron,a@example.com,Friends,{ada}",
        f"Bob,Dale,b@example.com,,{bob}",
    ]
    again = open_contacts(contacts.path)
    assert again.capabilities.stable_ids
    assert again.changes(None, WHOLE) == contacts.changes(None, WHOLE)
    contacts.update([Update(ada, None, {"surname": "King"})], WHOLE)
    assert [item.id for item in open_contacts(contacts.path).changes(None, WHOLE).items] == [ada, bob]


def test_versions_survive_the_storing_of_ids(contacts: FileProvider[Contact]) -> None:
    """A row that did not change keeps its version when the file is rewritten, so that later writes still hold."""
    before = {item.id: item.version for item in contacts.changes(None, WHOLE).items}
    contacts.create([Create("t1", Contact(given_name="Cid", nick_name="C"))], WHOLE)
    after = {item.id: item.version for item in open_contacts(contacts.path).changes(None, WHOLE).items}
    assert {row_id: after[row_id] for row_id in before} == before


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"shoe_size": 44}, "unknown_field:shoe_size"),
        ({"last_name": 7}, "invalid:last_name"),
        ({"emails": ["a@example.com"]}, "invalid:emails"),
        ({"kind": "company"}, "invalid:kind"),
        ({"birthday": "1980-01-31"}, "invalid:birthday"),
        ({"emails": ("a",) * 4}, "too_many:emails"),
        ({"last_name": "\0"}, "nul:last_name"),
    ],
    ids=["unknown", "number", "list", "text", "date", "many", "nul"],
)
def test_what_cannot_be_written_is_refused(entries: FileProvider[Entry], fields: dict[str, object], code: str) -> None:
    """A write that the file has no room for is refused with the field, and the file stays as it is."""
    assert entries.update([Update("1", None, fields)], CLIENTS) == [Outcome(Status.REFUSED, code=code)]
    assert entries.path.read_text() == ENTRIES


def test_a_create_that_does_not_fit_is_refused(contacts: FileProvider[Contact]) -> None:
    """A new contact with more addresses than there are columns is refused."""
    contact = Contact(email_addresses=(EmailAddress("a"),) * 4)
    (outcome,) = contacts.create([Create("t1", contact)], WHOLE)
    assert (outcome.status, outcome.code) == (Status.REFUSED, "too_many:email_addresses")


def test_a_kind_can_be_changed(entries: FileProvider[Entry]) -> None:
    """A kind is set as what it is, and birthdays as dates."""
    fields = {"kind": EntryKind.COMPANY, "birthday": NOW.date()}
    (outcome,) = entries.update([Update("1", None, fields)], CLIENTS)
    assert outcome.item is not None
    assert (outcome.item.record.kind, outcome.item.record.birthday) == (EntryKind.COMPANY, NOW.date())


def test_the_time_of_a_write(tmp_path: Path) -> None:
    """With a clock, rows that are written get its time where the file has a column for it."""
    path = tmp_path / "crm.csv"
    path.write_text("Id,First Name,Last Name,Email1,Modified\n1,Ada,Byron,,\n2,Bob,Hill,,\n")
    provider = open_entries(path, clock=Clock())
    provider.update([Update("1", None, {"last_name": "King"})], WHOLE)
    provider.create([Create("3", Entry(first_name="Cid"))], WHOLE)
    assert [item.modified for item in open_entries(path).changes(None, WHOLE).items] == [NOW, None, NOW]


def test_json_lines_are_written(tmp_path: Path) -> None:
    """A file of JSON lines is a side of a sync like any other."""
    path = tmp_path / "crm.jsonl"
    path.write_text('{"id":"1","record":{"first_name":"Ada"},"lists":["VIP"]}\n{"record":{"first_name":"Bob"}}\n')
    provider = open_entries(path)
    provider.update([Update("1", version(provider, "1"), {"last_name": "Byron"}, member=True)], CLIENTS)
    provider.create([Create("t1", Entry(first_name="Cid"))], CLIENTS)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["record"]["first_name"], line.get("lists")) for line in lines] == [
        ("Ada", ["VIP", "Clients"]),
        ("Bob", None),
        ("Cid", ["Clients"]),
    ]
    assert open_entries(path).changes(None, WHOLE) == provider.changes(None, WHOLE)


def test_a_file_may_not_outgrow_its_limit(tmp_path: Path) -> None:
    """A write that would make the file too large to be read again is refused, and the file stays as it is."""
    path = tmp_path / "crm.csv"
    path.write_text(ENTRIES)
    provider = open_entries(path, max_bytes=len(ENTRIES) + 20)
    with pytest.raises(Unavailable, match="the file would have"):
        provider.create([Create("t1", Entry(notes="x" * 100))], WHOLE)
    assert path.read_text() == ENTRIES


def test_a_mapped_file_is_written_under_its_own_names(tmp_path: Path) -> None:
    """A codec with a header mapping can be given to a provider directly."""
    from tallystick.codecs.csv import HeaderMap

    path = tmp_path / "crm.csv"
    path.write_text("Nr,Vorname,Last Name,Email1\n1,Ada,Byron,\n")
    provider = FileProvider(path, entry_csv(HeaderMap({"Nr": "id", "Vorname": "first_name"})))
    provider.update([Update("1", None, {"first_name": "Adele"})], WHOLE)
    assert path.read_text() == "Nr,Vorname,Last Name,Email1\n1,Adele,Byron,\n"


def test_records_do_not_change_behind_a_readers_back(entries: FileProvider[Entry]) -> None:
    """An item that was handed out stays as it was when the row is written."""
    (item,) = entries.search([Term("last_name", "Byron")], WHOLE)
    copy = attrs.evolve(item)
    entries.update([Update("1", None, {"last_name": "King"})], WHOLE)
    assert item == copy
