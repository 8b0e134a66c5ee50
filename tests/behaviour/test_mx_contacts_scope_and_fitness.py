"""Test which contacts and entries the Maximizer contact sync looks at, and which of them are fit for it."""

from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Side, Sync
from tallystick.ports import RunState, WriteKind
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook
from tallystick.records import Contact, EmailAddress, EntryKind
from tests.behaviour.conftest import World, contact, emails, entry

# --- scope -------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-01")
def test_only_category_and_favourite_list_are_in_scope(world: World) -> None:
    """Contacts outside the category and entries beside the favourite list are left where they are."""
    world.outlook.insert(contact("Ada", categories=("Family", "Maximizer")))
    world.outlook.insert(contact("Bea", categories=("Family",)))
    world.outlook.insert(contact("Cleo", categories=()))
    world.client(entry("Dora"))
    world.crm.insert(entry("Edda"), lists=["Press"])
    world.crm.insert(entry("Fay"))

    report = world.run()

    assert {"Ada", "Dora"} == {one.given_name for one in world.outlook.all("Maximizer").values()}
    assert {"Ada", "Dora"} == {one.first_name for one in world.crm.all("Clients").values()}
    assert (len(world.outlook), len(world.crm)) == (4, 4)
    assert (report.synced, report.ignored) == (2, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-01")
def test_another_category_and_list_can_be_chosen(world: World) -> None:
    """The profile names category and list, and nothing of the usual ones is touched then."""
    world.outlook.insert(contact("Ada"))
    world.outlook.insert(contact("Bea", categories=("Work",)))
    world.client(entry("Cleo"))
    dora = world.crm.insert(entry("Dora"), lists=["Press"])
    chosen = {"category": "Work", "favourite_list": "Press"}

    world.run(**chosen)

    assert {"Bea", "Dora"} == {one.given_name for one in world.outlook.all("Work").values()}
    assert {"Bea", "Dora"} == {one.first_name for one in world.crm.all("Press").values()}
    assert [name for one in world.crm.ids() for name in world.crm.lists(one) if name != "Press"] == ["Clients"]
    assert world.crm.lists(dora) == ("Press",)
    world.settled(**chosen)


@pytest.mark.behaviour("MX-C-01")
def test_what_is_out_of_scope_is_never_listed(world: World) -> None:
    """A contact outside the category is not written about, however unfit it is and however often it is edited."""
    outside = world.outlook.insert(contact("", "", categories=()))
    world.run()
    world.outlook.edit(outside, company_name="Example")

    report = world.run()

    assert (world.ignored(), report.written(), sum(report.buckets.values())) == ({}, 0, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-01")
def test_a_record_that_enters_the_scope_later_is_taken_in(world: World) -> None:
    """A contact given the category, and an entry put on the list, are new to the sync from then on."""
    ada = world.outlook.insert(contact("Ada", categories=("Family",)))
    bea = world.crm.insert(entry("Bea"))
    world.run()

    world.outlook.join(ada, "Maximizer")
    world.crm.join(bea, "Clients")
    world.run()

    assert {"Ada", "Bea"} == {one.given_name for one in world.outlook.all("Maximizer").values()}
    assert {"Ada", "Bea"} == {one.first_name for one in world.crm.all("Clients").values()}
    world.settled()


# --- fitness -----------------------------------------------------------------------------------------------------

LACKING = [
    pytest.param({"first": ""}, {"missing:first_name"}, id="no first name"),
    pytest.param({"last": ""}, {"missing:last_name"}, id="no last name"),
    pytest.param({"first": " \t"}, {"missing:first_name"}, id="a blank first name"),
    pytest.param({"last": "\N{NO-BREAK SPACE}"}, {"missing:last_name"}, id="a blank last name"),
    pytest.param({"addresses": ()}, {"missing:email"}, id="no address"),
    pytest.param({"addresses": ("", "  ")}, {"missing:email"}, id="blank addresses"),
    pytest.param({"addresses": ("ada at example.com", "ada@")}, {"invalid:email"}, id="no valid address"),
    pytest.param(
        {"first": "", "last": " ", "addresses": ()},
        {"missing:first_name", "missing:last_name", "missing:email"},
        id="nothing at all",
    ),
]


@pytest.mark.behaviour("MX-C-02")
@pytest.mark.parametrize(("given", "reasons"), LACKING)
def test_an_unfit_contact_is_ignored_with_every_reason(world: World, given: dict[str, Any], reasons: set[str]) -> None:
    """An Outlook contact that lacks a mandatory field is not synced, and each lack is told."""
    named = {"first": "Ada", "last": "Lovelace", "addresses": ("ada@example.com",)} | given
    addresses = tuple(EmailAddress(one) for one in named["addresses"])
    ada = world.outlook.insert(contact(named["first"], named["last"], email_addresses=addresses))

    report = world.run()

    assert {ada: reasons} == {one: set(why) for one, why in world.ignored().items()}
    assert (report.state, report.ignored, report.written()) == (RunState.COMPLETE, 1, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-02")
@pytest.mark.parametrize(("given", "reasons"), LACKING)
def test_an_unfit_entry_is_ignored_with_every_reason(world: World, given: dict[str, Any], reasons: set[str]) -> None:
    """A CRM entry that lacks a mandatory field is not synced, and each lack is told."""
    named = {"first": "Ada", "last": "Lovelace", "addresses": ("ada@example.com",)} | given
    ada = world.client(entry(named["first"], named["last"], emails=named["addresses"]))

    report = world.run()

    assert {ada: reasons} == {one: set(why) for one, why in world.ignored().items()}
    assert (report.state, report.ignored, report.written()) == (RunState.COMPLETE, 1, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-02")
def test_dummies_are_values_like_others(world: World) -> None:
    """Names and addresses that a person filled in as dummies make a record fit, and travel as they are."""
    world.outlook.insert(contact("Ada", "_", "missing@email.com"))
    world.client(entry("_", "Byron", "missing@email.com"))

    world.run()

    assert sorted(f"{one.first_name} {one.last_name}" for one in world.crm.all().values()) == ["Ada _", "_ Byron"]
    assert [emails(one) for one in world.outlook.all("Maximizer").values()] == [["missing@email.com"]] * 2
    assert world.ignored() == {}
    world.settled()


@pytest.mark.behaviour("MX-C-02")
def test_an_address_shared_by_different_people_joins_and_doubles_nobody(world: World) -> None:
    """Whoever has the same address under another name is somebody else: nobody is paired by it, ignored or doubled."""
    shared = "missing@email.com"
    ada = world.outlook.insert(contact("Ada", "Lovelace", shared))
    world.outlook.insert(contact("Bea", "Lovelace", shared))
    world.outlook.insert(contact("Ada", "Byron", shared))
    world.crm.insert(entry("Bea", "Smith", shared))
    world.client(entry("Ada", "Lovelace", shared))
    world.client(entry("Cleo", "Lovelace", shared))

    report = world.run()

    people = ["Ada Byron", "Ada Lovelace", "Bea Lovelace", "Cleo Lovelace"]
    assert people == sorted(f"{one.given_name} {one.surname}" for one in world.outlook.all().values())
    assert people == sorted(f"{one.first_name} {one.last_name}" for one in world.crm.all("Clients").values())
    assert (report.written(Side.LEFT, WriteKind.CREATE), report.written(Side.RIGHT, WriteKind.CREATE)) == (1, 2)
    assert world.ignored() == {}

    world.outlook.edit(ada, job_title="Countess")
    world.run()
    assert [one.position for one in world.crm.all().values() if one.position] == ["Countess"]
    world.settled()


# --- kinds of entries --------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-03")
@pytest.mark.parametrize("kind", [EntryKind.INDIVIDUAL, EntryKind.CONTACT])
def test_people_take_part_and_keep_their_kind(world: World, kind: EntryKind) -> None:
    """An individual, and a contact of a company, are synced both ways and stay what they are."""
    right = world.client(entry("Ada", kind=kind, position="Poet"))
    world.run()
    (left,) = world.outlook.ids("Maximizer")
    assert world.outlook.record(left).job_title == "Poet"

    world.outlook.edit(left, job_title="Analyst")
    world.run()

    assert (kind, "Analyst") == (world.crm.record(right).kind, world.crm.record(right).position)
    world.settled()


@pytest.mark.behaviour("MX-C-03")
def test_companies_are_not_processed(world: World) -> None:
    """A company on the list is neither created in Outlook nor listed as ignored, fit or not."""
    world.client(entry("Ada", "Lovelace", kind=EntryKind.COMPANY))
    world.client(entry("", "", kind=EntryKind.COMPANY, emails=(), company_name="Example"))

    report = world.run()

    assert (len(world.outlook), report.written(), report.ignored, sum(report.buckets.values())) == (0, 0, 0, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-03", "MX-C-06")
@pytest.mark.parametrize("lists", [["Clients"], []], ids=["on the list", "beside it"])
def test_a_company_is_no_hit(world: World, lists: list[str]) -> None:
    """A contact whose names and address stand in a company's entry gets an individual of its own."""
    company = world.crm.insert(entry("Ada", "Lovelace", kind=EntryKind.COMPANY), lists=lists)
    before = world.crm.item(company)
    world.outlook.insert(contact("Ada", "Lovelace"))

    world.run()

    assert before == world.crm.item(company)
    assert [one.kind for id_, one in world.crm.all("Clients").items() if id_ != company] == [EntryKind.INDIVIDUAL]
    assert world.ignored() == {}
    world.settled()


@pytest.mark.behaviour("MX-C-03")
def test_an_ignored_entry_that_becomes_a_company_leaves_the_list_of_ignored(world: World) -> None:
    """Once an unfit entry is a company, it is no longer listed as ignored."""
    unfit = world.client(entry("", "", company_name="Example"))
    world.run()
    assert [unfit] == [*world.ignored()]

    world.crm.edit(unfit, kind=EntryKind.COMPANY)
    report = world.run()

    assert (world.ignored(), report.ignored) == ({}, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-03")
def test_a_company_that_becomes_a_person_is_taken_in(world: World) -> None:
    """An entry whose kind was wrong is synced as soon as it is an individual."""
    ada = world.client(entry("Ada", kind=EntryKind.COMPANY))
    world.run()

    world.crm.edit(ada, kind=EntryKind.INDIVIDUAL)
    world.run()

    assert [one.given_name for one in world.outlook.all("Maximizer").values()] == ["Ada"]
    world.settled()


@pytest.mark.behaviour("MX-C-03")
def test_a_synced_entry_that_becomes_a_company_is_no_longer_processed(world: World) -> None:
    """Nothing travels between a contact and an entry that has become a company, and neither is listed as ignored."""
    left, right = world.pair(first="Ada")
    world.crm.edit(right, kind=EntryKind.COMPANY, company_name="Example")
    world.run()
    world.outlook.edit(left, job_title="Poet")

    report = world.run()

    assert (world.outlook.record(left).company_name, world.crm.record(right).position) == ("", "")
    assert (world.ignored(), report.written()) == ({}, 0)
    world.settled()


@pytest.mark.parametrize("which", ["reasons_against", "reasons_against_new"])
def test_a_profile_may_be_given_further_reasons_against_a_contact(which: str) -> None:
    """Whoever puts reasons of their own beside the profile's keeps out what these speak against."""
    usual = maximizer.contacts()

    def private(one: Contact) -> list[str]:
        return [*usual.left.reasons_against(one), *(["private:job_title"] if one.job_title == "private" else [])]

    given: dict[str, Any] = {which: private}
    profile = attrs.evolve(usual, left=attrs.evolve(usual.left, **given))
    outlook, crm = FakeOutlook(), FakeCrm()
    kept = outlook.contacts.insert(contact("Ada", job_title="private"))
    outlook.contacts.insert(contact("Bea"))
    sync = Sync("ada", left=outlook.contacts, right=crm.entries, profile=profile, state=MemoryState(bytes(32)))

    assert sync.run().ignored == 1
    assert [(row.id, row.reasons) for row in sync.ignored()] == [(kept, ("private:job_title",))]
    assert [one.first_name for one in crm.entries.all().values()] == ["Bea"]
