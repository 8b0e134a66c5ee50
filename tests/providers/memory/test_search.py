"""Test the search, which goes beyond the scope and follows every change."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import UsageError
from tallystick.ports import Create, Scope, Term
from tallystick.providers.memory import FakeCrm, FakeOutlook
from tallystick.records import Contact, EmailAddress, Entry, Phone
from tallystick.text import fold

EVERYTHING = Scope()
CLIENTS = Scope("Clients")


def found(crm: FakeCrm, field: str, value: str) -> list[str]:
    """Return the ids of the entries that one term finds."""
    return [item.id for item in crm.entries.search([Term(field, value)], EVERYTHING)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", " ADA@Example.com "),
        ("email_addresses", "second@example.com"),
        ("first_name", "ada"),
        ("last_name", "LOVELACE"),
        ("given_name", "Ada"),
        ("surname", "  lovelace"),
        ("company_name", "analytical   engines"),
        ("categories", "red"),
        ("business_phones", "1"),
    ],
)
def test_contacts_are_found(field: str, value: str) -> None:
    """A contact is found by any address, by its names in the words of either side, and by every text in it."""
    contacts = FakeOutlook().contacts
    contacts.insert(Contact(given_name="Bob", surname="Babbage"))
    id_ = contacts.insert(
        Contact(
            given_name="Ada",
            surname="Lovelace",
            company_name="Analytical Engines",
            email_addresses=(EmailAddress("ada@example.com"), EmailAddress("second@example.com")),
            business_phones=("1",),
            categories=("Red",),
        )
    )

    assert [id_] == [item.id for item in contacts.search([Term(field, value)], EVERYTHING)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "THIRD@example.com"),
        ("first_name", "Jürgen"),
        ("last_name", "STRASSE"),
        ("phones", "0049 30 1234"),
        ("kind", "individual"),
        ("birthday", "1815-12-10"),
    ],
)
def test_entries_are_found(field: str, value: str) -> None:
    """An entry is found by any slot's address, by names in any spelling, and by the digits of a number."""
    crm = FakeCrm()
    id_ = crm.entries.insert(
        Entry(
            first_name="JÜRGEN",
            last_name="Straße",
            emails=("", "second@example.com", "third@example.com"),
            phones=(Phone("Main", "+49 (30) 12-34"),),
            birthday=date(1815, 12, 10),
        )
    )

    assert [id_] == found(crm, field, value)


def test_search_goes_beyond_the_scope() -> None:
    """A search shows whoever fits, and tells who belongs to the list."""
    entries = FakeCrm().entries
    inside = entries.insert(Entry(last_name="Lovelace"), lists=("Clients",))
    outside = entries.insert(Entry(last_name="lovelace"))

    items = entries.search([Term("last_name", "Lovelace")], CLIENTS)

    assert {inside: True, outside: False} == {item.id: item.member for item in items}


def test_each_hit_comes_once() -> None:
    """A record that several terms fit is shown once."""
    entries = FakeCrm().entries
    id_ = entries.insert(Entry(first_name="Ada", last_name="Lovelace"))

    items = entries.search(
        [Term("first_name", "ada"), Term("last_name", "lovelace"), Term("last_name", "nobody")], EVERYTHING
    )

    assert [id_] == [item.id for item in items]


def test_search_follows_changes() -> None:
    """A search finds what was edited under its new values, and nothing under its old ones or after its end."""
    crm = FakeCrm()
    first, second, third = (crm.entries.insert(Entry(last_name="Old", emails=("x@example.com",))) for _ in range(3))
    assert [first, second, third] == found(crm, "last_name", "old") == found(crm, "email", "x@example.com")

    crm.entries.edit(second, last_name="New", emails=())
    crm.entries.join(third, "Clients")
    crm.entries.delete(first)
    new = crm.entries.insert(Entry(last_name="Old"))

    assert [third, new] == found(crm, "last_name", "old")
    assert [second] == found(crm, "last_name", "new")
    assert [third] == found(crm, "email", "x@example.com")
    for id_ in (second, third, new):
        crm.entries.delete(id_)
    assert (
        found(crm, "last_name", "new") == found(crm, "last_name", "old") == found(crm, "email", "x@example.com") == []
    )


def test_the_same_address_twice() -> None:
    """A record that holds one address twice is found once, and not at all when it is gone."""
    crm = FakeCrm()
    id_ = crm.entries.insert(Entry(emails=("x@example.com", "X@example.com")))
    assert found(crm, "email", "x@example.com") == [id_]

    crm.entries.edit(id_, emails=("x@example.com", "y@example.com", "y@example.com"))
    assert found(crm, "email", "x@example.com") == [id_]
    crm.entries.delete(id_)
    assert found(crm, "email", "x@example.com") == []


def test_an_empty_value_finds_nobody() -> None:
    """A search for nothing does not find everybody who lacks it."""
    crm = FakeCrm()
    crm.entries.insert(Entry())

    assert found(crm, "last_name", " ") == []


def test_unknown_field() -> None:
    """Searching by a field that does not exist is a mistake that is told, with the fields there are."""
    with pytest.raises(UsageError, match=r"'nickname'.*last_name"):
        FakeCrm().entries.search([Term("nickname", "A")], EVERYTHING)


def test_found_by_token() -> None:
    """A record is found by the token that it was created with, and the hit carries it."""
    crm = FakeCrm()
    crm.entries.create([Create("t1", Entry()), Create("t2", Entry())], EVERYTHING)
    crm.entries.edit("e2", first_name="Ada")

    items = crm.entries.search([Term(Term.TOKEN, "t2"), Term(Term.TOKEN, "t3")], EVERYTHING)

    assert [(item.id, item.token) for item in items] == [("e2", "t2")]


@pytest.mark.property
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from(["Ada", "ADA", "ada ", "Bob", ""]), st.booleans()), max_size=30
    )
)
def test_the_index_equals_a_look_at_every_record(steps: list[tuple[int, str, bool]]) -> None:
    """After any edits and removals a search finds what reading every single record would find."""
    crm = FakeCrm()
    for number, name, removes in steps:
        ids = crm.entries.ids()
        if number >= len(ids):
            crm.entries.insert(Entry(first_name=name))
        elif removes:
            crm.entries.delete(ids[number])
        else:
            crm.entries.edit(ids[number], first_name=name)
        for value in ("ada", "bob"):
            expected = {id_ for id_, entry in crm.entries.all().items() if fold(entry.first_name) == value}
            assert expected == set(found(crm, "first_name", value))
