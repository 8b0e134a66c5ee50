"""Test what becomes of a sync's writes."""

from datetime import timedelta

import attrs
import pytest

from tallystick.errors import UsageError
from tallystick.ports import Capabilities, Create, CreateSafety, Item, Remove, Scope, Status, Term, Update, WriteKind
from tallystick.providers.memory import (
    CRM_CAPABILITIES,
    FakeCrm,
    FakeOutlook,
    InvalidAddresses,
    MemoryCollection,
    Quirks,
    Shape,
    full_display_name,
)
from tallystick.records import Contact, EmailAddress, Entry, Phone

EVERYTHING = Scope()
CLIENTS = Scope("Clients")


def crm_with(**changes: object) -> FakeCrm:
    """Return a CRM whose capabilities differ from the usual ones in ``changes``."""
    return FakeCrm(capabilities=attrs.evolve(CRM_CAPABILITIES, **changes))  # type: ignore[arg-type]


class TestCreate:
    """Creating records."""

    def test_creates_members(self) -> None:
        """A created record is in the list unless it is not to be, and the answer shows it."""
        entries = FakeCrm().entries

        inside, outside = entries.create(
            [Create("t1", Entry(first_name="Ada")), Create("t2", Entry(), member=False)], CLIENTS
        )

        assert (Status.DONE, entries.item("e1", CLIENTS)) == (inside.status, inside.item)
        assert outside.item is not None
        assert not outside.item.member
        assert {"e1": Entry(first_name="Ada")} == entries.all("Clients")

    def test_creates_with_a_category(self) -> None:
        """A contact that is created into the category has it, besides its own."""
        contacts = FakeOutlook().contacts

        (outcome,) = contacts.create([Create("t1", Contact(categories=("Red",)))], CLIENTS)

        assert outcome.item is not None
        assert outcome.item.record.categories == ("Red", "Clients")
        assert outcome.item.member

    @pytest.mark.parametrize(
        ("contact", "code"),
        [
            (Contact(email_addresses=(EmailAddress("ok@example.com"), EmailAddress("A@msn.com,"))), "invalid_email"),
            (Contact(email_addresses=(EmailAddress("a@example.com"),) * 4), "too_many:email_addresses"),
            (Contact(business_phones=("1", "2", "3")), "too_many:business_phones"),
            (Contact(home_phones=("1", "2", "3")), "too_many:home_phones"),
        ],
    )
    def test_outlook_refuses(self, contact: Contact, code: str) -> None:
        """Outlook refuses invalid addresses, a fourth address and a third phone, and takes the rest of the batch."""
        contacts = FakeOutlook().contacts

        refused, taken = contacts.create([Create("t1", contact), Create("t2", Contact())], EVERYTHING)

        assert (Status.REFUSED, code, None) == (refused.status, refused.code, refused.item)
        assert Status.DONE is taken.status
        assert len(contacts) == 1

    @pytest.mark.parametrize(
        ("entry", "code"),
        [
            (Entry(emails=("a@example.com",) * 4), "too_many:emails"),
            (Entry(phones=(Phone("Main", "1"),) * 5), "too_many:phones"),
            (Entry(emails=("none",) * 3, phones=(Phone("Main", "1"),) * 4), ""),
        ],
    )
    def test_crm_refuses(self, entry: Entry, code: str) -> None:
        """A CRM has room for three addresses, valid or not, and four phones."""
        (outcome,) = FakeCrm().entries.create([Create("t1", entry)], EVERYTHING)

        assert ((Status.REFUSED if code else Status.DONE), code) == (outcome.status, outcome.code)

    def test_client_id(self) -> None:
        """Where we choose the id, the token is the id, and the second create is refused."""
        entries = crm_with(create_safety=CreateSafety.CLIENT_ID).entries
        create = Create("t1", Entry())

        first, second = entries.create([create, create], EVERYTHING)

        assert first.item is not None
        assert first.item.id == "t1"
        assert (second.status, second.code) == (Status.REFUSED, "exists")
        assert entries.writes == {WriteKind.CREATE: 1}

    def test_an_id_that_moved_may_be_taken_again(self) -> None:
        """Where we choose the id, one that redirected names the new record once it was created again."""
        entries = crm_with(create_safety=CreateSafety.CLIENT_ID).entries
        entries.create([Create("t1", Entry())], EVERYTHING)
        entries.move("t1")

        entries.create([Create("t1", Entry(first_name="Ada"))], EVERYTHING)

        (found,) = entries.get(["t1"], EVERYTHING)
        assert isinstance(found, Item)
        assert found.record.first_name == "Ada"

    @pytest.mark.parametrize("safety", [CreateSafety.UNIQUE_KEY, CreateSafety.SERVER_TOKEN])
    def test_known_token(self, safety: CreateSafety) -> None:
        """Where the service knows the token, the second create is answered with the first and counts for nothing."""
        entries = crm_with(create_safety=safety).entries

        first, second = entries.create([Create("t1", Entry(first_name="A")), Create("t1", Entry())], EVERYTHING)

        assert first == second
        assert first.item is not None
        assert first.item.record == Entry(first_name="A")
        assert (len(entries), entries.writes) == (1, {WriteKind.CREATE: 1})

    @pytest.mark.parametrize(
        ("safety", "status"), [(CreateSafety.UNIQUE_KEY, Status.DONE), (CreateSafety.SERVER_TOKEN, Status.GONE)]
    )
    def test_known_token_of_a_deleted_record(self, safety: CreateSafety, status: Status) -> None:
        """A unique key is free again when its record was deleted; a remembered request stays answered."""
        entries = crm_with(create_safety=safety).entries
        entries.create([Create("t1", Entry())], EVERYTHING)
        entries.delete("e1")

        (outcome,) = entries.create([Create("t1", Entry())], EVERYTHING)

        assert status is outcome.status
        assert (status is Status.DONE) == len(entries)

    @pytest.mark.parametrize(
        ("safety", "hits"), [(CreateSafety.SEARCHABLE_TAG, ["e1", "e2"]), (CreateSafety.NATURAL_KEY, [])]
    )
    def test_unknown_token(self, safety: CreateSafety, hits: list[str]) -> None:
        """Where the service does not look at the token, the second create makes a second record."""
        entries = crm_with(create_safety=safety).entries
        create = Create("t1", Entry())

        entries.create([create, create], EVERYTHING)

        assert len(entries) == 2
        assert hits == [item.id for item in entries.search([Term(Term.TOKEN, "t1")], EVERYTHING)]

    @pytest.mark.parametrize("shown", [True, False])
    def test_token_in_listings(self, shown: bool) -> None:
        """Items carry the token that they were created with where the service can return it."""
        entries = crm_with(token_in_listings=shown).entries
        entries.create([Create("t1", Entry())], EVERYTHING)
        entries.insert(Entry())

        assert [("t1" if shown else None), None] == [item.token for item in entries.changes(None, EVERYTHING).items]


class TestUpdate:
    """Changing records."""

    def test_sets_only_the_fields_given(self) -> None:
        """An update sets its fields, keeps the others, and answers with the record as it then is."""
        entries = FakeCrm().entries
        id_ = entries.insert(Entry(first_name="Ada", notes="kept"))

        (outcome,) = entries.update([Update(id_, entries.item(id_).version, {"first_name": "Eda"})], CLIENTS)

        assert Status.DONE is outcome.status
        assert outcome.item == entries.item(id_, CLIENTS)
        assert Entry(first_name="Eda", notes="kept") == entries.record(id_)

    def test_joins_and_leaves(self) -> None:
        """Membership is set by the same write as fields, and other lists are kept."""
        entries = FakeCrm().entries
        joins, leaves = entries.insert(Entry()), entries.insert(Entry(), lists=("Clients", "Friends"))

        outcomes = entries.update(
            [Update(joins, None, {"first_name": "Ada"}, member=True), Update(leaves, None, {}, member=False)], CLIENTS
        )

        assert [outcome.item.member for outcome in outcomes if outcome.item] == [True, False]
        assert [entries.lists(joins), entries.lists(leaves)] == [("Clients",), ("Friends",)]
        assert entries.writes == {WriteKind.JOIN: 1, WriteKind.LEAVE: 1}

    def test_joins_a_category(self) -> None:
        """Joining a category adds it to the contact's others, and leaving takes it out of them."""
        contacts = FakeOutlook().contacts
        id_ = contacts.insert(Contact(categories=("Red",)))

        contacts.update([Update(id_, None, {}, member=True)], CLIENTS)
        assert contacts.record(id_).categories == ("Red", "Clients")

        contacts.update([Update(id_, None, {}, member=False)], CLIENTS)
        assert contacts.record(id_).categories == ("Red",)

    def test_the_whole_collection_cannot_be_left(self) -> None:
        """Where everything is a member, nothing can leave, and joining is nothing special."""
        entries = FakeCrm().entries
        id_ = entries.insert(Entry())

        leaves, joins = entries.update(
            [Update(id_, None, {}, member=False), Update(id_, None, {}, member=True)], EVERYTHING
        )

        assert (leaves.status, leaves.code) == (Status.REFUSED, "no_scope")
        assert Status.DONE is joins.status

    def test_changed_meanwhile(self) -> None:
        """A write that rests on an older state is turned away, and what a person did stands."""
        entries = FakeCrm().entries
        id_ = entries.insert(Entry())
        version = entries.item(id_).version
        entries.edit(id_, first_name="by hand")

        (updated,) = entries.update([Update(id_, version, {"first_name": "by sync"})], EVERYTHING)
        (removed,) = entries.remove([Remove(id_, version)], EVERYTHING)

        assert Status.CHANGED is updated.status is removed.status
        assert entries.record(id_).first_name == "by hand"
        assert not entries.writes

    def test_without_conditional_writes(self) -> None:
        """A service that does not look at versions lets the later write win."""
        entries = crm_with(conditional_writes=False).entries
        id_ = entries.insert(Entry())

        (outcome,) = entries.update([Update(id_, "any", {"first_name": "by sync"})], EVERYTHING)

        assert Status.DONE is outcome.status
        assert entries.record(id_).first_name == "by sync"

    def test_gone(self) -> None:
        """A write to a record that was deleted says that it is gone."""
        entries = FakeCrm().entries
        id_ = entries.insert(Entry())
        entries.delete(id_)

        (updated,) = entries.update([Update(id_, "v1", {})], EVERYTHING)
        (removed,) = entries.remove([Remove(id_, "v1")], EVERYTHING)

        assert Status.GONE is updated.status is removed.status

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"nickname": "A"}, "unknown_field:nickname"),
            ({"birthday": "1815-12-10"}, "invalid_value:birthday"),
            ({"surname": "L", "email_addresses": (EmailAddress("none"),)}, "invalid_email"),
            ({"business_phones": ("1", "2", "3")}, "too_many:business_phones"),
        ],
    )
    def test_refused(self, fields: dict[str, object], code: str) -> None:
        """A write that the service cannot take is refused with a code that shows no value, and nothing changes."""
        contacts = FakeOutlook().contacts
        id_ = contacts.insert(Contact(surname="K"))

        (outcome,) = contacts.update([Update(id_, None, fields)], EVERYTHING)

        assert (Status.REFUSED, code) == (outcome.status, outcome.code)
        assert Contact(surname="K") == contacts.record(id_)

    def test_other_fields_of_a_contact_with_an_invalid_address(self) -> None:
        """A contact in which a person typed an invalid address can be changed elsewhere."""
        contacts = FakeOutlook().contacts
        id_ = contacts.insert(Contact(email_addresses=(EmailAddress("none"),)))

        (outcome,) = contacts.update([Update(id_, None, {"surname": "L"})], EVERYTHING)

        assert Status.DONE is outcome.status


def test_remove() -> None:
    """A removed record is gone, and the answer shows no item."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry())

    (outcome,) = entries.remove([Remove(id_, entries.item(id_).version)], EVERYTHING)

    assert (outcome.status, outcome.item) == (Status.DONE, None)
    assert len(entries) == 0
    assert entries.writes == {WriteKind.REMOVE: 1}


def test_only_the_syncs_own_work_is_counted() -> None:
    """Requests and writes of the sync are counted; a person's actions and refused writes are not."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry(), lists=("Clients",))
    entries.edit(id_, first_name="Ada")

    entries.changes(None, CLIENTS)
    entries.get([id_], CLIENTS)
    entries.search([Term("email", "a@example.com")], CLIENTS)
    entries.create([Create("t1", Entry()), Create("t2", Entry(emails=("",) * 4))], CLIENTS)
    entries.update([Update(id_, None, {"notes": "n"})], CLIENTS)
    entries.remove([Remove("nobody", None)], CLIENTS)

    assert entries.calls == {"changes": 1, "get": 1, "search": 1, "create": 1, "update": 1, "remove": 1}
    assert ("create", 2) in entries.requests
    assert entries.writes == {WriteKind.CREATE: 1, WriteKind.UPDATE: 1}


def test_requests_keep_to_the_declared_size() -> None:
    """A request with more in it than declared is a mistake of the sync, and nothing of it is done."""
    outlook = FakeOutlook()

    with pytest.raises(UsageError, match="21 in one request, where 20"):
        outlook.contacts.create([Create(f"t{number}", Contact()) for number in range(21)], EVERYTHING)
    with pytest.raises(UsageError, match="get: 21"):
        outlook.contacts.get(["x"] * 21, EVERYTHING)
    assert len(outlook.contacts) == 0


@pytest.mark.parametrize(("invalid_addresses", "status"), [("refuse", Status.REFUSED), ("drop", Status.DONE)])
def test_invalid_addresses(invalid_addresses: InvalidAddresses, status: Status) -> None:
    """Some mailboxes refuse an invalid address; others take it and show only its display name afterwards."""
    contacts = FakeOutlook(invalid_addresses=invalid_addresses).contacts
    addresses = (EmailAddress("A@msn.com,", "Ada"), EmailAddress("none"), EmailAddress("ok@example.com"))

    (outcome,) = contacts.create([Create("t1", Contact(email_addresses=addresses))], EVERYTHING)

    assert status is outcome.status
    if outcome.item is not None:
        shown = (EmailAddress("", "Ada"), EmailAddress("ok@example.com"))
        assert shown == outcome.item.record.email_addresses
        (updated,) = contacts.update([Update(outcome.item.id, None, {"surname": "L"})], EVERYTHING)
        assert updated.item is not None
        assert shown == updated.item.record.email_addresses


def test_valid_addresses_are_left_alone() -> None:
    """A mailbox that drops invalid addresses keeps a contact that has none as it is."""
    contact = Contact(email_addresses=(EmailAddress("ok@example.com"),))

    (outcome,) = FakeOutlook(invalid_addresses="drop").contacts.create([Create("t1", contact)], EVERYTHING)

    assert outcome.item is not None
    assert outcome.item.record is contact


def test_a_service_may_rewrite_what_it_is_given() -> None:
    """What the service makes of a record is what it answers with, and what it shows from then on."""
    contacts = FakeOutlook().contacts
    assert contacts.rewrite is None
    contacts.rewrite = full_display_name

    (created,) = contacts.create([Create("t1", Contact(given_name="Ada", surname="King"))], EVERYTHING)
    assert created.item is not None
    assert created.item.record.display_name == "Ada King"

    (updated,) = contacts.update([Update(created.item.id, None, {"middle_name": "L."})], EVERYTHING)
    assert updated.item is not None
    assert updated.item.record.display_name == "Ada L. King"


@attrs.frozen
class Note:
    """A record with one field, of a shape of its own."""

    text: str = ""


def test_other_records() -> None:
    """A collection holds records of any shape that consists of fields."""
    notes = MemoryCollection(Shape(Note), capabilities=Capabilities(), quirks=Quirks())
    id_ = notes.insert(Note("a"), lists=("Mine",))

    notes.edit(id_, text="b")

    assert id_ == "1"
    assert Note("b") == notes.record(id_)
    assert notes.account == "memory"
    assert notes.capabilities.visibility_lag == timedelta(0)
    assert [id_] == [item.id for item in notes.search([Term("text", "B")], EVERYTHING)]
