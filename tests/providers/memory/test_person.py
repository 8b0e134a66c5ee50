"""Test that a collection can be used like a person's mailbox."""

from datetime import timedelta

import pytest

from tallystick.errors import UnknownRecord, UsageError
from tallystick.ports import Absence, AbsenceReason, Redirect, Scope
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.records import Contact, EmailAddress, Entry, Phone

EVERYTHING = Scope()
CLIENTS = Scope("Clients")


def test_insert_edit_delete() -> None:
    """What a person adds, changes and deletes is there, is changed, and is gone."""
    crm = FakeCrm()
    kept = crm.entries.insert(Entry(first_name="Ada"))
    deleted = crm.entries.insert(Entry(first_name="Bob"))

    crm.entries.edit(kept, first_name="Eda", emails=("eda@example.com",))
    crm.entries.delete(deleted)

    assert {kept: Entry(first_name="Eda", emails=("eda@example.com",))} == crm.entries.all()
    assert len(crm.entries) == 1
    assert [kept] == crm.entries.ids()
    assert kept in crm.entries
    assert deleted not in crm.entries


def test_what_is_not_there() -> None:
    """Naming a record that does not exist is an error that names the id."""
    entries = FakeCrm().entries

    for ask in (entries.record, entries.delete, entries.edit, entries.touch, entries.lists, entries.move):
        with pytest.raises(UnknownRecord, match="e9"):
            ask("e9")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"nickname": "A"}, "unknown_field:nickname"),
        ({"emails": ["a@example.com"]}, "invalid_value:emails"),
        ({"first_name": None}, "invalid_value:first_name"),
        ({"emails": ("a@x.de", "b@x.de", "c@x.de", "d@x.de")}, "too_many:emails"),
    ],
)
def test_edit_refused(fields: dict[str, object], code: str) -> None:
    """A person cannot enter what the service has no room for."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry(first_name="Ada"))

    with pytest.raises(UsageError, match=code):
        entries.edit(id_, **fields)
    assert Entry(first_name="Ada") == entries.record(id_)


def test_insert_refused() -> None:
    """A contact with more than two business phones does not fit in a mailbox."""
    with pytest.raises(UsageError, match="too_many:business_phones"):
        FakeOutlook().contacts.insert(Contact(business_phones=("1", "2", "3")))


def test_a_person_may_type_anything() -> None:
    """Addresses that are none can be typed in by a person, on either side."""
    outlook, crm = FakeOutlook(), FakeCrm()

    contact = outlook.contacts.insert(Contact(email_addresses=(EmailAddress("nobody at home"),)))
    entry = crm.entries.insert(Entry(emails=("nobody at home",), phones=(Phone("Main", "call me"),)))

    assert outlook.contacts.record(contact).email_addresses[0].address == crm.entries.record(entry).emails[0]


def test_every_action_gives_a_version_and_a_time() -> None:
    """Each action gives the record a version never seen before, and a later time."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry())
    seen = [entries.item(id_)]

    entries.edit(id_, first_name="Ada")
    seen.append(entries.item(id_))
    entries.join(id_, "Clients")
    seen.append(entries.item(id_))
    entries.leave(id_, "Clients")
    seen.append(entries.item(id_))
    entries.touch(id_)
    seen.append(entries.item(id_))

    assert len({item.version for item in seen}) == len(seen)
    times = [item.modified for item in seen if item.modified]
    assert times == sorted(set(times))
    assert timedelta(seconds=4) == times[-1] - times[0]


def test_fakes_may_share_a_clock() -> None:
    """With a shared clock the later of two edits on two sides has the later time."""
    clock = VirtualClock()
    outlook, crm = FakeOutlook(clock=clock), FakeCrm(clock=clock)
    entry = crm.entries.insert(Entry())
    contact = outlook.contacts.insert(Contact())

    earlier, later = crm.entries.item(entry).modified, outlook.contacts.item(contact).modified

    assert earlier is not None
    assert later is not None
    assert earlier < later == clock.now()


def test_lists_stand_beside_the_record() -> None:
    """A favourite list is joined and left without a change of the entry itself."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry(first_name="Ada"), lists=("Clients", "Friends"))
    entries.insert(Entry(first_name="Bob"))

    entries.leave(id_, "Friends")
    entries.join(id_, "Press")

    assert entries.lists(id_) == ("Clients", "Press")
    assert {id_: Entry(first_name="Ada")} == entries.all("Clients")
    assert entries.ids("Friends") == []
    assert entries.scopes() == ["Clients", "Friends", "Press"]


def test_joining_twice_changes_nothing_but_the_version() -> None:
    """Joining what one belongs to, or leaving what one does not, leaves the lists as they are."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry(), lists=("Clients",))

    entries.join(id_, "Clients")
    entries.leave(id_, "Friends")

    assert entries.lists(id_) == ("Clients",)


def test_categories_stand_in_the_record() -> None:
    """A category is joined and left in the contact, and its other categories are kept."""
    contacts = FakeOutlook().contacts
    id_ = contacts.insert(Contact(categories=("Red", "Blue")))

    contacts.join(id_, "Clients")
    contacts.leave(id_, "Red")

    assert contacts.record(id_).categories == ("Blue", "Clients")
    assert contacts.lists(id_) == ("Blue", "Clients")
    assert contacts.item(id_, CLIENTS).member
    assert not contacts.item(id_, Scope("Red")).member

    contacts.edit(id_, categories=())
    assert not contacts.item(id_, CLIENTS).member
    assert contacts.item(id_, EVERYTHING).member


def test_inserting_with_lists_gives_categories() -> None:
    """Inserting a contact into scopes writes them into its categories."""
    contacts = FakeOutlook().contacts

    id_ = contacts.insert(Contact(categories=("Red",)), lists=("Clients", "Red"))

    assert contacts.record(id_).categories == ("Red", "Clients")


def test_scopes_can_be_declared() -> None:
    """A favourite list that nobody is on yet can be chosen all the same."""
    entries = FakeCrm().entries

    entries.declare("Empty")

    assert entries.scopes() == ["Empty"]
    assert entries.all("Empty") == {}


def test_load() -> None:
    """Many records can be added at once, at one instant, to lists as well."""
    outlook, crm = FakeOutlook(), FakeCrm()

    contacts = outlook.contacts.load([Contact(given_name="Ada", categories=("Red",)), Contact()], lists=("Clients",))
    entries = crm.entries.load((Entry() for _ in range(3)), lists=("Clients",))

    assert outlook.contacts.record(contacts[0]).categories == ("Red", "Clients")
    assert entries == crm.entries.ids("Clients")
    assert len({crm.entries.item(id_).modified for id_ in entries}) == 1
    assert len({crm.entries.item(id_).version for id_ in entries}) == 3


def test_moved_record() -> None:
    """A record that was moved has another id, and the old one leads to it."""
    entries = FakeCrm().entries
    old = entries.insert(Entry(first_name="Ada"), lists=("Clients",))
    between = entries.move(old)

    new = entries.move(between)

    assert {new: Entry(first_name="Ada")} == entries.all("Clients")
    assert [Redirect(old, new), Redirect(between, new)] == entries.get([old, between], CLIENTS)


def test_merged_record() -> None:
    """Of two merged records one is left, and the other's id leads to it until that one is deleted too."""
    entries = FakeCrm().entries
    loser, winner = entries.insert(Entry()), entries.insert(Entry())

    entries.merge(loser, into=winner)
    assert [Redirect(loser, winner)] == entries.get([loser], EVERYTHING)

    entries.delete(winner)
    assert [Absence(loser, AbsenceReason.DELETED)] == entries.get([loser], EVERYTHING)


def test_merging_with_itself() -> None:
    """A record cannot be merged into itself, and stays."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry())

    with pytest.raises(UsageError, match="itself"):
        entries.merge(id_, into=id_)
    assert len(entries) == 1


def test_repr_shows_no_contents() -> None:
    """A collection shows its account and size, and nothing that a person wrote."""
    entries = FakeCrm().entries
    entries.insert(Entry(first_name="Ada"))

    assert repr(entries) == "<MemoryCollection 'crm', 1 records>"


def test_account_can_be_changed() -> None:
    """Signing in with another account is one assignment."""
    outlook, crm = FakeOutlook("ada"), FakeCrm(account="bob")
    assert (outlook.contacts.account, crm.entries.account) == ("ada", "bob")

    outlook.account = crm.account = "carol"

    assert outlook.account == outlook.contacts.account == crm.account == crm.entries.account == "carol"


def test_ids_differ_by_case_alone() -> None:
    """A mailbox has ids that are the same but for capitals, and none twice."""
    contacts = FakeOutlook().contacts
    ids = contacts.load(Contact() for _ in range(6000))

    assert len(set(ids)) == 6000
    assert len({id_.lower() for id_ in ids}) < 6000
