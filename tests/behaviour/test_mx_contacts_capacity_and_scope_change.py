"""Test how many pairs the Maximizer contact sync may hold, and what happens after a change of favourite list."""

from datetime import timedelta

import pytest

from tallystick import Side
from tallystick.ports import RunState, WriteKind
from tallystick.profiles import maximizer
from tallystick.records import EntryKind
from tests.behaviour.conftest import World, contact, entry

# --- capacity ----------------------------------------------------------------------------------------------------


def fill(world: World, count: int) -> list[str]:
    """Insert so many contacts and return their ids."""
    return world.outlook.load([contact(f"N{at}") for at in range(count)])


@pytest.mark.behaviour("MX-C-16")
def test_the_capacity_is_twenty_thousand_pairs() -> None:
    """Unless told otherwise, the profile holds up to 20,000 pairs."""
    assert maximizer.contacts().guards.capacity == 20_000


@pytest.mark.behaviour("MX-C-16")
def test_a_first_run_up_to_the_capacity_goes_through(world: World) -> None:
    """As many pairs as the sync may hold are synced, counted over both sides and those that match already."""
    fill(world, 2)
    world.client(entry("N1"))
    world.client(entry("Ada"))

    report = world.run(capacity=3)

    assert (report.state, report.note, report.synced) == (RunState.COMPLETE, "", 3)
    world.settled(capacity=3)


@pytest.mark.behaviour("MX-C-16")
def test_a_first_run_beyond_the_capacity_stops_before_any_write(world: World) -> None:
    """A first run that would hold more pairs than it may writes nothing, and its note has the figures."""
    fill(world, 3)
    world.client(entry("N1"))
    world.client(entry("Ada"))

    report = world.run(capacity=3)

    assert (report.state, report.written(), world.sync().status().pairs) == (RunState.PROBLEM, 0, 0)
    assert {("capacity", 4, 3)} == {(one.name, one.planned, one.allowed) for one in report.figures if one.stops}
    assert "4" in report.note
    assert "3" in report.note
    assert report.note == world.sync().history(1)[0].note
    assert world.run(capacity=3).note == report.note

    assert world.run(capacity=4).state == RunState.COMPLETE
    world.settled(capacity=4)


@pytest.mark.behaviour("MX-C-16")
def test_ignored_records_and_companies_do_not_count(world: World) -> None:
    """Only pairs count against the capacity: unfit records, duplicates and companies take no room."""
    fill(world, 2)
    world.outlook.load([contact(""), contact("Twin", "_"), contact("Twin", "_")])
    world.client(entry("Ada", kind=EntryKind.COMPANY))
    world.client(entry("", kind=EntryKind.CONTACT))

    report = world.run(capacity=2)

    assert (report.state, report.synced, report.ignored) == (RunState.COMPLETE, 2, 4)
    world.settled(capacity=2)


@pytest.mark.behaviour("MX-C-16")
def test_a_later_run_leaves_new_ones_out_and_serves_the_others(world: World) -> None:
    """Beyond the capacity the pairs go on being served, and new records are listed with the reason."""
    first, *_ = fill(world, 2)
    world.run(capacity=3)
    new = {*world.outlook.load([contact("Ada"), contact("Bea")]), world.client(entry("Cleo"))}
    world.outlook.edit(first, job_title="Poet")

    report = world.run(capacity=3)

    assert (report.state, world.sync().status().pairs) == (RunState.PROBLEM, 3)
    assert [one.position for one in world.crm.all().values() if one.position] == ["Poet"]
    left_out = world.ignored()
    assert (2, {("capacity",)}) == (len(left_out), set(left_out.values()))
    assert left_out.keys() < new
    assert "2" in report.note
    assert "3" in report.note
    world.settled(capacity=3)


@pytest.mark.behaviour("MX-C-16")
def test_new_pairs_of_both_sides_are_left_out_too(world: World) -> None:
    """Beyond the capacity, two new records that match each other are not paired either, and both are listed."""
    fill(world, 2)
    world.run(capacity=2)
    ids = {world.outlook.insert(contact("Ada")), world.client(entry("Ada"))}

    report = world.run(capacity=2)

    assert (dict.fromkeys(ids, ("capacity",)), 0) == (world.ignored(), report.written())
    assert (report.state, world.sync().status().pairs) == (RunState.PROBLEM, 2)
    world.settled(capacity=2)


@pytest.mark.behaviour("MX-C-16")
def test_a_hit_beyond_the_capacity_is_not_put_on_the_list(world: World) -> None:
    """Beyond the capacity, an entry that a look-up finds is left beside the list."""
    fill(world, 2)
    world.run(capacity=2)
    right = world.crm.insert(entry("Ada"))
    left = world.outlook.insert(contact("Ada"))

    report = world.run(capacity=2)

    assert ({left: ("capacity",)}, 0, ()) == (world.ignored(), report.written(), world.crm.lists(right))
    world.settled(capacity=2)


@pytest.mark.behaviour("MX-C-16")
def test_the_problem_lasts_as_long_as_records_are_left_out(world: World) -> None:
    """A run that finds the same records still left out tells of the problem again, with the figures."""
    fill(world, 2)
    world.run(capacity=2)
    world.outlook.insert(contact("Ada"))
    world.run(capacity=2)

    report = world.run(capacity=2)

    assert (report.state, report.ignored) == (RunState.PROBLEM, 1)
    assert "2" in report.note


@pytest.mark.behaviour("MX-C-16")
def test_each_record_that_is_left_out_is_counted_once(world: World) -> None:
    """The note names as many records as the list does, also when one of old is looked at again, and the capacity."""
    first, *_ = fill(world, 2)
    world.run(capacity=2)
    left = world.outlook.insert(contact("Ada"))
    world.run(capacity=2)

    world.client(entry("Ada"))
    with_match = world.run(capacity=2)
    world.outlook.edit(left, job_title="Poet")
    edited = world.run(capacity=2)
    world.outlook.delete(first)
    with_room = world.run(capacity=2)

    assert len(world.ignored()) == 2
    assert with_match.note.startswith("2 new records left out: the sync holds 2 pairs of at most 2")
    assert edited.note.startswith("2 new records left out: the sync holds 2 pairs of at most 2")
    assert with_room.note.startswith("2 new records left out: the sync holds 1 pair of at most 2")


@pytest.mark.behaviour("MX-C-16")
@pytest.mark.parametrize("how", ["deleted", "taken out", "made unfit"])
def test_a_record_that_was_left_out_and_is_gone_is_no_problem(world: World, how: str) -> None:
    """Where the last record that waited for room needs none any more, the run that sees it is complete."""
    fill(world, 2)
    world.run(capacity=2)
    left = world.outlook.insert(contact("Ada"))
    world.run(capacity=2)
    if how == "deleted":
        world.outlook.delete(left)
    elif how == "taken out":
        world.outlook.leave(left, "Maximizer")
    else:
        world.outlook.edit(left, surname="")

    report = world.run(capacity=2)

    assert (report.state, report.note) == (RunState.COMPLETE, "")
    assert list(world.ignored().values()) == ([("missing:last_name",)] if how == "made unfit" else [])


@pytest.mark.behaviour("MX-C-16", "MX-C-17")
@pytest.mark.parametrize("how", ["capacity raised", "pair ended"])
def test_what_was_left_out_is_taken_in_when_there_is_room(world: World, how: str) -> None:
    """Records that were left out are picked up by the run that has room for them, though nobody edited them."""
    first, *_ = fill(world, 2)
    world.run(capacity=2)
    world.outlook.insert(contact("Ada"))
    world.run(capacity=2)
    capacity = 3 if how == "capacity raised" else 2
    if how == "pair ended":
        world.outlook.delete(first)
        world.run(capacity=capacity)

    report = world.run(capacity=capacity)

    assert (report.state, world.ignored()) == (RunState.COMPLETE, {})
    assert "Ada" in {one.first_name for one in world.crm.all("Clients").values()}
    world.settled(capacity=capacity)


# --- another favourite list --------------------------------------------------------------------------------------


def moved(world: World) -> dict[str, list[str]]:
    """Make three pairs and two further entries of the list to be chosen; return the ids of entries by list."""
    fill(world, 3)
    world.run()
    first, *_ = world.crm.ids("Clients")
    world.crm.join(first, "Prospects")
    world.crm.insert(entry("Dora"), lists=["Prospects"])
    return {"Clients": world.crm.ids("Clients"), "Prospects": world.crm.ids("Prospects")}


@pytest.mark.behaviour("MX-C-21", "TS-01")
def test_the_plan_shows_a_change_of_list_first(world: World) -> None:
    """Before anything is written, the plan shows who would be put on the new list, and that nothing else happens."""
    moved(world)
    shown = world.shown()

    plan = world.sync(favourite_list="Prospects").plan()

    assert plan.writes() == {(Side.RIGHT, WriteKind.JOIN): 2, (Side.LEFT, WriteKind.CREATE): 1}
    assert "join 2" in plan.summary()
    assert plan.initial
    assert shown == world.shown()
    report = world.sync(favourite_list="Prospects").apply(plan)
    assert plan.writes() == report.writes
    world.settled(favourite_list="Prospects")


@pytest.mark.behaviour("MX-C-21", "MX-O-03")
def test_the_contacts_are_put_on_the_new_list(world: World) -> None:
    """After a change of list all pairs are on the new one, still on the old one, and unchanged."""
    lists = moved(world)
    left, right = world.outlook.all(), world.crm.all()

    report = world.run(favourite_list="Prospects")

    assert lists["Clients"] == world.crm.ids("Clients")
    assert {*lists["Clients"], *lists["Prospects"]} == {*world.crm.ids("Prospects")}
    assert left.items() <= world.outlook.all().items()
    assert right == world.crm.all()
    assert (report.state, world.ignored(), world.sync().status().pairs) == (RunState.COMPLETE, {}, 4)
    world.settled(favourite_list="Prospects")


@pytest.mark.behaviour("MX-C-21")
def test_only_the_new_list_counts_after_the_change(world: World) -> None:
    """Taken off the old list, an entry stays in the sync; taken off the new one, it costs the contact its category."""
    moved(world)
    world.run(favourite_list="Prospects")
    stays, goes, _ = world.crm.ids("Clients")
    world.crm.leave(stays, "Clients")
    world.crm.leave(goes, "Prospects")

    report = world.run(favourite_list="Prospects")

    assert report.writes == {(Side.LEFT, WriteKind.LEAVE): 1}
    assert 3 == world.sync().status().pairs == len(world.outlook.ids("Maximizer"))
    assert goes in world.crm.ids("Clients")
    world.settled(favourite_list="Prospects")


@pytest.mark.behaviour("MX-C-21", "MX-C-20")
def test_what_left_the_sync_is_not_put_on_the_new_list(world: World) -> None:
    """A pair that a person took out stays out after a change of list."""
    left, right = world.pair(first="Ada")
    world.outlook.leave(left, "Maximizer")
    world.run()

    report = world.run(favourite_list="Prospects")

    assert (report.written(), world.crm.lists(right)) == (0, ())
    world.settled(favourite_list="Prospects")


@pytest.mark.behaviour("MX-C-21", "MX-C-15")
def test_what_goes_together_with_the_change_of_list_is_carried_too(world: World) -> None:
    """Records deleted, taken out or edited before the first run with the new list are treated as ever."""
    ada, bea, cleo = (world.pair(first=name) for name in ("Ada", "Bea", "Cleo"))
    dora = world.pair(first="Dora")
    world.outlook.delete(ada[0])
    world.outlook.leave(bea[0], "Maximizer")
    world.crm.delete(cleo[1])
    world.outlook.edit(dora[0], job_title="Poet")

    world.run(favourite_list="Prospects")

    assert [dora[0]] == world.outlook.ids("Maximizer")
    assert {bea[0], cleo[0], dora[0]} == {*world.outlook.ids()}
    assert [dora[1]] == world.crm.ids("Prospects")
    assert {ada[1], bea[1], dora[1]} == {*world.crm.ids()} == {*world.crm.ids("Clients")}
    assert world.crm.record(dora[1]).position == "Poet"
    world.settled(favourite_list="Prospects")


@pytest.mark.behaviour("MX-C-21", "MX-C-19")
@pytest.mark.parametrize("lost_cursors", [False, True], ids=["delta", "cursors lost"])
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_pair_that_is_unfit_at_the_change_of_list_is_not_torn_apart(
    world: World, side: str, lost_cursors: bool
) -> None:
    """A pair that is unfit when the list changes stays a pair, and is on the new list once it is mended."""
    left, right = world.pair(first="Ada")
    if side == "outlook":
        world.outlook.edit(left, surname="")
    else:
        world.crm.edit(right, last_name="")
    world.run()
    world.run(favourite_list="Prospects")
    if lost_cursors:
        world.outlook.expire_cursors()
        world.crm.expire_cursors()
    world.run(favourite_list="Prospects")
    assert world.outlook.record(left).categories == ("Maximizer",)
    assert 1 == len(world.ignored()) == world.sync().status().pairs

    if side == "outlook":
        world.outlook.edit(left, surname="Lovelace")
    else:
        world.crm.edit(right, last_name="Lovelace")
    world.run(favourite_list="Prospects")

    assert (world.ignored(), world.outlook.record(left).categories) == ({}, ("Maximizer",))
    assert world.crm.lists(right) == ("Clients", "Prospects")
    world.settled(favourite_list="Prospects")


@pytest.mark.behaviour("MX-C-21", "TS-15")
def test_an_entry_that_the_new_list_refuses_for_now_is_not_torn_apart(world: World) -> None:
    """Where the CRM refuses to put an entry on the new list, its contact keeps the category, and it is tried again."""
    left, right = world.pair(first="Ada")
    world.crm.faults.refuse(right, times=1)
    report = world.run(favourite_list="Prospects")
    assert report.state == RunState.WARNING
    world.clock.advance(timedelta(days=2))

    world.run(favourite_list="Prospects")

    assert world.outlook.record(left).categories == ("Maximizer",)
    assert world.crm.lists(right) == ("Clients", "Prospects")
    world.settled(favourite_list="Prospects")
