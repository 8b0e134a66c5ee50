"""Test that the Maximizer contact sync takes in what was ignored as soon as a person has mended it."""

from typing import Any

import pytest

from tallystick.providers.memory import MemoryCollection
from tallystick.records import EmailAddress
from tests.behaviour.conftest import CATEGORY, LIST, World, contact, entry

ADDRESS = (EmailAddress("ada@example.com"),)


def is_synced(world: World, first: str = "Ada", count: int = 1) -> bool:
    """Tell whether so many people of that name are on both sides, and nobody is ignored."""
    left = [one for one in world.outlook.all("Maximizer").values() if one.given_name == first]
    right = [one for one in world.crm.all("Clients").values() if one.first_name == first]
    return (count, count, {}) == (len(left), len(right), world.ignored())


@pytest.mark.behaviour("MX-C-17")
@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ({"surname": ""}, {"surname": "Lovelace"}),
        ({"email_addresses": ()}, {"email_addresses": ADDRESS}),
        ({"email_addresses": (EmailAddress("ada"),)}, {"email_addresses": ADDRESS}),
    ],
    ids=["name", "address", "valid address"],
)
def test_a_mended_contact_is_picked_up(world: World, broken: dict[str, Any], mended: dict[str, Any]) -> None:
    """A contact that lacked something is synced by the next run after a person has filled it in."""
    left = world.outlook.insert(contact("Ada"))
    world.outlook.edit(left, **broken)
    world.run()
    assert [left] == [*world.ignored()]

    world.outlook.edit(left, **mended)
    report = world.run()

    assert (report.synced, report.ignored) == (1, 0)
    assert is_synced(world)
    world.settled()


@pytest.mark.behaviour("MX-C-17")
def test_a_mended_entry_is_picked_up(world: World) -> None:
    """An entry that lacked everything keeps its reasons up to date, and is synced when nothing is lacking."""
    right = world.client(entry("", "", "ada@"))
    world.run()
    world.crm.edit(right, first_name="Ada", last_name="Lovelace")
    world.run()
    assert {right: ("invalid:email",)} == world.ignored()

    world.crm.edit(right, emails=("ada@example.com",))
    world.run()

    assert is_synced(world)
    world.settled()


@pytest.mark.behaviour("MX-C-17")
@pytest.mark.parametrize("how", ["deleted", "renamed", "out of scope", "made unfit"])
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_duplicate_whose_twin_is_gone_is_picked_up(world: World, side: str, how: str) -> None:
    """A duplicate that nobody touched is synced once its twin was deleted, renamed, taken out or emptied."""
    here: MemoryCollection[Any]
    if side == "outlook":
        _, twin = (world.outlook.insert(contact("Ada")) for _ in range(2))
        name, scope, here = "surname", "Maximizer", world.outlook
    else:
        _, twin = (world.client(entry("Ada")) for _ in range(2))
        name, scope, here = "last_name", "Clients", world.crm
    world.run()
    assert len(world.ignored()) == 2

    if how == "deleted":
        here.delete(twin)
    elif how == "out of scope":
        here.leave(twin, scope)
    else:
        here.edit(twin, **{name: "Byron" if how == "renamed" else ""})
    world.run()

    assert {"made unfit": [("missing:last_name",)]}.get(how, []) == [*world.ignored().values()]
    names = ["Byron", "Lovelace"] if how == "renamed" else ["Lovelace"]
    if how != "out of scope":
        assert names == sorted(one.last_name for one in world.crm.all("Clients").values() if one.last_name)
        assert names == sorted(one.surname for one in world.outlook.all("Maximizer").values() if one.surname)
    world.settled()


@pytest.mark.behaviour("MX-C-17")
def test_a_chain_that_loses_its_middle_is_no_chain(world: World) -> None:
    """When the middle of a chain of duplicates is deleted, the two ends are two people, and both are synced."""
    world.outlook.insert(contact("Ada", "Lovelace", "a@example.com"))
    middle = world.outlook.insert(contact("Ada", "Lovelace", "a@example.com", "b@example.com"))
    world.outlook.insert(contact("Ada", "Lovelace", "b@example.com"))
    world.run()
    assert len(world.ignored()) == 3
    world.outlook.delete(middle)

    world.run()

    assert is_synced(world, count=2)
    world.settled()


@pytest.mark.behaviour("MX-C-17")
def test_of_three_duplicates_two_remain_duplicates(world: World) -> None:
    """When one of three duplicates is deleted, the other two are still each other's."""
    first, second, third = (world.outlook.insert(contact("Ada")) for _ in range(3))
    world.run()
    world.outlook.delete(third)

    report = world.run()

    assert ({first, second}, 0) == (set(world.ignored()), report.written())
    world.settled()


@pytest.mark.behaviour("MX-C-17", "MX-C-04")
def test_the_counterpart_of_mended_duplicates_is_paired(world: World) -> None:
    """The entry that two contacts stood for is paired with the one that remains."""
    first, twin = (world.outlook.insert(contact("Ada")) for _ in range(2))
    right = world.client(entry("Ada"))
    world.run()
    assert len(world.ignored()) == 3
    world.outlook.delete(twin)

    world.run()

    assert ([first], [right]) == (world.outlook.ids(), world.crm.ids())
    assert is_synced(world)
    world.settled()


@pytest.mark.behaviour("MX-C-17", "MX-C-06")
@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_several_hits_in_outlook_that_become_one_are_paired(world: World, how: str) -> None:
    """An entry that matched two contacts outside the category is paired once one of them is gone or mended."""
    first, second = (world.outlook.insert(contact("Ada", categories=())) for _ in range(2))
    world.client(entry("Ada"))
    world.run()
    assert len(world.ignored()) == 1
    if how == "deleted":
        world.outlook.delete(second)
    else:
        world.outlook.edit(second, surname="Byron")

    world.run()

    assert [first] == world.outlook.ids("Maximizer")
    assert is_synced(world)
    world.settled()


@pytest.mark.behaviour("MX-C-17", "MX-C-06")
@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_several_hits_in_the_crm_that_become_one_are_paired(world: World, how: str) -> None:
    """A contact that matched two entries beside the list is paired once one of them is gone or mended."""
    world.outlook.insert(contact("Ada"))
    first, second = (world.crm.insert(entry("Ada")) for _ in range(2))
    world.run()
    assert len(world.ignored()) == 1
    if how == "deleted":
        world.crm.delete(second)
    else:
        world.crm.edit(second, last_name="Byron")

    world.run()

    assert [first] == world.crm.ids("Clients")
    assert is_synced(world)
    world.settled()


@pytest.mark.behaviour("MX-C-17", "MX-C-06")
def test_a_hit_that_one_claim_is_withdrawn_from_is_paired(world: World) -> None:
    """Of two contacts that matched one entry, the one that remains is paired with it."""
    first = world.outlook.insert(contact("Ada", "Lovelace", "a@example.com"))
    second = world.outlook.insert(contact("Ada", "Lovelace", "b@example.com"))
    right = world.crm.insert(entry("Ada", "Lovelace", "a@example.com", "b@example.com"))
    world.run()
    assert len(world.ignored()) == 2
    world.outlook.delete(second)

    world.run()

    assert ([first], [right]) == (world.outlook.ids(), world.crm.ids("Clients"))
    world.settled()


@pytest.mark.behaviour("MX-C-17", "MX-C-08")
@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_a_copy_of_somebody_in_sync_is_picked_up_when_the_pair_is_mended(world: World, how: str) -> None:
    """A copy that was ignored because its match had a partner is synced when the partner is deleted or renamed."""
    left, right = world.pair(first="Ada")
    copy = world.outlook.insert(contact("Ada"))
    world.run()
    assert [copy] == [*world.ignored()]
    if how == "deleted":
        world.outlook.delete(left)
        world.run()
    else:
        world.outlook.edit(left, surname="Byron")
        world.run()

    world.run()

    assert is_synced(world, count=1 if how == "deleted" else 2)
    assert right in world.crm.ids("Clients")
    world.settled()


@pytest.mark.behaviour("MX-C-17")
def test_an_ignored_record_that_is_deleted_leaves_the_list(world: World) -> None:
    """Ignored records that are deleted or taken out of the scope are listed no longer."""
    left = world.outlook.insert(contact("", "Lovelace"))
    other = world.outlook.insert(contact("Bea", ""))
    right = world.client(entry("Cleo", ""))
    world.run()
    assert len(world.ignored()) == 3
    world.outlook.delete(left)
    world.outlook.leave(other, "Maximizer")
    world.crm.leave(right, "Clients")

    report = world.run()

    assert (world.ignored(), report.ignored) == ({}, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-02", "MX-C-17", "MX-C-20", "TS-20")
@pytest.mark.parametrize("listed", [True, False], ids=["on the list", "off the list"])
def test_a_former_partner_that_is_unfit_is_mended_first(world: World, listed: bool) -> None:
    """A contact that comes back is not paired with its old entry while that is ignored, and is once it is mended."""
    left, right = world.pair()
    world.crm.leave(right, LIST)
    world.run()
    world.crm.edit(right, first_name="")
    if listed:
        world.crm.join(right, LIST)
    world.outlook.edit(left, categories=(CATEGORY,))

    world.run()

    assert world.ignored()[left] == ("candidate_is_ignored",)
    assert world.sync().status().pairs == 0
    world.crm.edit(right, first_name="Ada")
    world.run()
    assert (world.ignored(), world.sync().status().pairs, len(world.crm)) == ({}, 1, 1)
    world.settled()
