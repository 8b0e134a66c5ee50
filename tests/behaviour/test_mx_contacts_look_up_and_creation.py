"""Test how the Maximizer contact sync looks for the people of one side on the other, and creates those it finds not."""

from datetime import timedelta

import pytest

from tallystick import Side
from tallystick.ports import WriteKind
from tallystick.records import EntryKind
from tests.behaviour.conftest import CATEGORY, LIST, World, contact, emails, entry

# --- looking up in a first run -----------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-06")
def test_an_entry_beside_the_list_is_found_and_put_on_it(world: World) -> None:
    """A contact without a match on the list is searched for in the whole CRM; what is found is paired and listed."""
    left = world.outlook.insert(contact("Ada", company_name="Example"))
    right = world.crm.insert(entry("Ada", position="Poet"), lists=["Press"])

    report = world.run()

    assert [right] == world.crm.ids()
    assert world.crm.lists(right) == ("Press", "Clients")
    assert world.crm.record(right).company_name == "Example"
    assert world.outlook.record(left).job_title == "Poet"
    assert (
        report.synced,
        report.written(Side.RIGHT, WriteKind.JOIN),
        report.written(kind=WriteKind.CREATE),
    ) == (1, 1, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-06")
def test_a_contact_outside_the_category_is_found_and_given_it(world: World) -> None:
    """An entry without a match in the category is searched for in all of Outlook; the hit keeps its categories."""
    left = world.outlook.insert(contact("Ada", categories=("Family", "Red")))
    world.client(entry("Ada", position="Poet"))

    report = world.run()

    assert [left] == world.outlook.ids()
    assert world.outlook.record(left).categories == ("Family", "Red", "Maximizer")
    assert world.outlook.record(left).job_title == "Poet"
    assert (report.synced, report.written(Side.LEFT, WriteKind.JOIN)) == (1, 1)
    assert report.written(kind=WriteKind.CREATE) == 0
    world.settled()


@pytest.mark.behaviour("MX-C-06")
def test_a_hit_is_paired_for_good(world: World) -> None:
    """Edits travel between a contact and the entry that a look-up found."""
    left = world.outlook.insert(contact("Ada"))
    right = world.crm.insert(entry("Ada"))
    world.run()

    world.outlook.edit(left, job_title="Poet")
    world.crm.edit(right, department="Numbers")
    world.run()

    assert (world.crm.record(right).position, world.outlook.record(left).department) == ("Poet", "Numbers")
    world.settled()


@pytest.mark.behaviour("MX-C-06")
def test_a_hit_needs_the_names_too(world: World) -> None:
    """An entry with the address but another name is no hit: it stays unlisted, and a new entry is created."""
    other = world.crm.insert(entry("Bea", "Smith", "office@example.com"))
    world.outlook.insert(contact("Ada", "Lovelace", "office@example.com"))

    world.run()

    assert world.crm.lists(other) == ()
    assert [one.first_name for one in world.crm.all("Clients").values()] == ["Ada"]
    world.settled()


@pytest.mark.behaviour("MX-C-06")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_several_hits_are_not_guessed_at(world: World, side: str) -> None:
    """A record that several records of the other side match is ignored with that reason, and they stay as they are."""
    if side == "outlook":
        one = world.outlook.insert(contact("Ada"))
        for _ in range(2):
            world.crm.insert(entry("Ada"))
    else:
        one = world.client(entry("Ada"))
        for _ in range(2):
            world.outlook.insert(contact("Ada", categories=()))

    report = world.run()

    assert ({one: ("several_candidates",)}, 0) == (world.ignored(), report.written())
    world.settled()


@pytest.mark.behaviour("MX-C-06")
def test_several_hits_by_different_addresses_are_not_guessed_at(world: World) -> None:
    """A contact of which each address finds another entry is ignored, the one on the list and the one beside it."""
    left = world.outlook.insert(contact("Ada", "Lovelace", "a@example.com", "b@example.com"))
    world.crm.insert(entry("Ada", "Lovelace", "a@example.com"))
    world.crm.insert(entry("Ada", "Lovelace", "b@example.com"))

    report = world.run()

    assert ({left: ("several_candidates",)}, 0) == (world.ignored(), report.written())
    world.settled()


@pytest.mark.behaviour("MX-C-06")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_hit_that_two_claim_is_left_alone(world: World, side: str) -> None:
    """A record beyond the scope that two records of the other side match by different addresses is paired with none."""
    if side == "outlook":
        ids = {world.outlook.insert(contact("Ada", "Lovelace", f"{one}@example.com")) for one in "ab"}
        world.crm.insert(entry("Ada", "Lovelace", "a@example.com", "b@example.com"))
    else:
        ids = {world.client(entry("Ada", "Lovelace", f"{one}@example.com")) for one in "ab"}
        world.outlook.insert(contact("Ada", "Lovelace", "a@example.com", "b@example.com", categories=()))

    report = world.run()

    assert (dict.fromkeys(ids, ("candidate_claimed_twice",)), 0) == (world.ignored(), report.written())
    world.settled()


@pytest.mark.behaviour("MX-C-06")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_hit_that_has_a_partner_is_not_taken_away(world: World, side: str) -> None:
    """In a fresh initial run too, a record whose only match is in sync with another one is ignored with that reason."""
    world.pair(first="Ada")
    world.sync().disable()
    copy = world.outlook.insert(contact("Ada")) if side == "outlook" else world.client(entry("Ada"))
    world.sync().enable()

    report = world.run()

    assert ({copy: ("candidate_has_partner",)}, 0) == (world.ignored(), report.written())
    world.settled()


@pytest.mark.behaviour("MX-C-06")
def test_a_hit_that_is_ignored_is_not_paired(world: World) -> None:
    """A contact whose only match is ignored as a duplicate is ignored itself, and not created once more."""
    world.client(entry("Ada", "Lovelace", "a@example.com", "b@example.com"))
    world.client(entry("Ada", "Lovelace", "a@example.com"))
    world.run()
    left = world.outlook.insert(contact("Ada", "Lovelace", "b@example.com"))

    report = world.run()

    assert (report.ignored, report.written()) == (3, 0)
    assert left in world.ignored()
    world.settled()


# --- creating ----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-07")
def test_a_contact_without_a_match_becomes_an_individual_on_the_list(world: World) -> None:
    """An Outlook contact that nobody matches is created in the CRM as an individual on the favourite list."""
    world.outlook.insert(contact("Ada", categories=("Family", "Maximizer"), company_name="Example"))

    report = world.run()

    (right,) = world.crm.ids()
    made = world.crm.record(right)
    assert (made.kind, made.first_name, made.last_name) == (EntryKind.INDIVIDUAL, "Ada", "Lovelace")
    assert (made.emails, made.company_name) == (("ada@example.com",), "Example")
    assert world.crm.lists(right) == ("Clients",)
    assert report.writes == {(Side.RIGHT, WriteKind.CREATE): 1}
    world.settled()


@pytest.mark.behaviour("MX-C-07")
@pytest.mark.parametrize("kind", [EntryKind.INDIVIDUAL, EntryKind.CONTACT])
def test_an_entry_without_a_match_becomes_a_contact_of_the_category(world: World, kind: EntryKind) -> None:
    """A CRM entry that nobody matches is created in Outlook, in the category."""
    right = world.crm.insert(entry("Ada", kind=kind, position="Poet"), lists=["Press", "Clients"])

    report = world.run()

    (made,) = world.outlook.all().values()
    assert (made.given_name, made.surname, emails(made)) == ("Ada", "Lovelace", ["ada@example.com"])
    assert (made.job_title, made.categories) == ("Poet", ("Maximizer",))
    assert world.crm.lists(right) == ("Press", "Clients")
    assert report.writes == {(Side.LEFT, WriteKind.CREATE): 1}
    world.settled()


# --- later runs --------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-08")
def test_a_later_run_reads_only_what_changed(world: World) -> None:
    """Of many contacts in sync, a later run reads the one that changed and its counterpart, and nothing else."""
    world.outlook.load([contact(f"N{at}") for at in range(60)])
    world.run()
    world.settled()
    world.run()
    one = world.outlook.ids()[7]
    world.outlook.edit(one, job_title="Poet")
    world.outlook.requests.clear()
    world.crm.requests.clear()

    report = world.run()

    assert report.written() == 1
    assert world.outlook.requests == [("changes", 1)]
    assert world.crm.requests == [("changes", 1), ("get", 1), ("update", 1)]


@pytest.mark.behaviour("MX-C-08")
def test_a_quiet_run_asks_for_changes_and_nothing_else(world: World) -> None:
    """Where nothing happened, a later run asks each side once, also with ignored records on the list."""
    world.outlook.load([contact(f"N{at}") for at in range(30)])
    world.outlook.load([contact(""), contact("Twin", "_"), contact("Twin", "_")])
    world.run()
    world.run()
    world.outlook.requests.clear()
    world.crm.requests.clear()

    report = world.run()

    assert (report.ignored, report.written()) == (3, 0)
    assert [("changes", 1)] == world.outlook.requests == world.crm.requests


@pytest.mark.behaviour("MX-C-08")
@pytest.mark.parametrize("look_up", [True, False], ids=["looked up", "left out by policy"])
def test_new_records_of_later_runs_are_looked_up(world: World, look_up: bool) -> None:
    """A record that is new in a later run is searched for on the other side first, unless the policy leaves it out."""
    world.run(look_up=look_up)
    bea = world.crm.insert(entry("Bea"))
    cleo = world.outlook.insert(contact("Cleo", categories=()))
    world.run(look_up=look_up)
    world.outlook.insert(contact("Bea"))
    world.client(entry("Cleo"))

    report = world.run(look_up=look_up)

    assert (0 if look_up else 2) == report.written(kind=WriteKind.CREATE)
    assert look_up == ("Clients" in world.crm.lists(bea))
    assert look_up == ("Maximizer" in world.outlook.record(cleo).categories)
    world.settled(look_up=look_up)


@pytest.mark.behaviour("MX-C-08")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_new_copy_of_somebody_in_sync_is_a_duplicate(world: World, side: str) -> None:
    """A record that is new in a later run, and whose match has a partner, is ignored as a duplicate."""
    world.pair(first="Ada")
    copy = world.outlook.insert(contact("Ada")) if side == "outlook" else world.client(entry("Ada"))

    report = world.run()

    assert ({copy: ("candidate_has_partner",)}, 1, 0) == (world.ignored(), report.ignored, report.written())
    world.settled()


@pytest.mark.behaviour("MX-C-08", "TS-03")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_new_copy_of_somebody_waits_while_a_write_to_the_match_is_in_doubt(world: World, side: str) -> None:
    """While nobody knows whether a write has arrived, a copy of its record is not created on the other side."""
    left, right = world.pair(first="Ada")
    world.settled()
    if side == "outlook":
        world.outlook.edit(left, job_title="Poet")
        world.crm.faults.lose_request("update")
    else:
        world.crm.edit(right, position="Poet")
        world.outlook.faults.lose_request("update")
    world.sync().run()
    copy = world.outlook.insert(contact("Ada")) if side == "outlook" else world.client(entry("Ada"))
    waiting = world.sync().run()
    world.clock.advance(timedelta(hours=1))
    world.run()

    assert (waiting.written(), waiting.ignored) == (0, 0)
    assert world.ignored() == {copy: ("candidate_has_partner",)}
    assert (len(world.outlook), len(world.crm)) == ((2, 1) if side == "outlook" else (1, 2))
    world.settled()


@pytest.mark.behaviour("MX-C-08")
def test_duplicates_within_a_side_are_not_searched_for_later(world: World) -> None:
    """Two new contacts of a later run that are alike, and match nobody, are both created."""
    world.run()
    for _ in range(2):
        world.outlook.insert(contact("Ada"))

    report = world.run()

    assert (world.ignored(), len(world.crm.ids("Clients")), report.synced) == ({}, 2, 2)
    world.settled()


@pytest.mark.behaviour("MX-C-08")
def test_the_same_person_new_on_both_sides_is_paired(world: World) -> None:
    """Somebody who was added on both sides between two runs is one person."""
    world.run()
    world.outlook.insert(contact("Ada"))
    world.client(entry("ada"))

    world.run()

    assert (len(world.outlook), len(world.crm), world.ignored()) == (1, 1, {})
    world.settled()


@pytest.mark.behaviour("MX-C-06", "TS-03", "TS-15")
@pytest.mark.parametrize("fault", ["no answer", "refused"])
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_who_was_found_in_the_first_run_is_not_created_at_a_second_attempt(world: World, side: str, fault: str) -> None:
    """Where nobody is looked up after the first run, those that it found are known when its write is made again."""
    other = world.crm if side == "outlook" else world.outlook
    if side == "outlook":
        world.outlook.insert(contact("Ada"))
        world.crm.insert(entry("Ada"))
    else:
        world.client(entry("Ada"))
        world.outlook.insert(contact("Ada", categories=()))
    if fault == "refused":
        other.faults.refuse(lambda _: True, times=1)
    else:
        other.faults.lose_request("update")
    world.sync(look_up=False).run()
    for _ in range(2):
        world.clock.advance(timedelta(hours=1))
        world.run(look_up=False)

    assert (len(world.outlook), len(world.crm)) == (1, 1)
    assert (world.outlook.ids(CATEGORY), world.crm.ids(LIST)) == (world.outlook.ids(), world.crm.ids())
    world.settled(look_up=False)
