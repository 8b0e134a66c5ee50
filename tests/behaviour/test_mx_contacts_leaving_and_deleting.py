"""Test what the Maximizer contact sync does when a contact is deleted or taken out: nothing is ever deleted by it."""

from datetime import timedelta

import pytest

from tallystick import Side
from tallystick.ports import WriteKind
from tallystick.providers.memory import Quirks
from tests.behaviour.conftest import CATEGORY, LIST, MakeWorld, World, contact, entry

QUIRKS = pytest.mark.parametrize(
    "quirks", [Quirks(), Quirks(unlist_leavers=True), Quirks(replays=True)], ids=["plain", "unlisted", "replays"]
)
CURSORS = pytest.mark.parametrize("expired", [False, True], ids=["delta", "cursors lost"])


def apart(world: World, left: str, right: str) -> bool:
    """Tell whether neither record is in the scope any more, as far as they exist."""
    return left not in world.outlook.ids("Maximizer") and right not in world.crm.ids("Clients")


def lose_cursors(world: World) -> None:
    """Let both sides forget their cursors."""
    world.outlook.expire_cursors()
    world.crm.expire_cursors()


@pytest.mark.behaviour("MX-C-15", "TS-03")
@pytest.mark.parametrize("side", list(Side), ids=lambda side: side.label)
def test_what_is_put_back_after_a_leaving_without_an_answer_is_synced_again(world: World, side: Side) -> None:
    """Whoever puts a contact or an entry back has both on their lists, although no run heard that the other left."""
    left, right = world.pair(first="Ada")
    collections, ids, lists = (world.outlook, world.crm), (left, right), ("Maximizer", "Clients")
    collections[side].leave(ids[side], lists[side])
    collections[side.other].faults.lose_reply("update")
    world.sync().run()
    assert apart(world, left, right)
    collections[side].join(ids[side], lists[side])
    world.clock.advance(600)
    world.sync().run()
    world.settled()

    assert (world.outlook.ids("Maximizer"), world.crm.ids("Clients")) == ([left], [right])


@pytest.mark.behaviour("MX-C-15", "TS-03")
def test_what_left_as_its_partner_was_deleted_may_come_back_alone(world: World) -> None:
    """No run heard that the contact left as its entry was deleted; who gives it its category back gets a new entry."""
    left, right = world.pair(first="Ada")
    world.crm.delete(right)
    world.outlook.faults.lose_reply("update")
    world.sync().run()
    world.clock.advance(600)
    world.sync().run()
    assert world.outlook.ids("Maximizer") == []
    world.outlook.join(left, "Maximizer")
    world.sync().run()
    world.settled()

    assert (len(world.outlook), len(world.crm.ids("Clients"))) == (1, 1)


@pytest.mark.behaviour("MX-C-15", "TS-20")
def test_what_left_without_an_answer_is_no_failure_any_more(world: World) -> None:
    """Applying the plan that finds out that a contact left reports nothing that failed, for nothing is left to do."""
    _, right = world.pair(first="Ada")
    world.crm.delete(right)
    world.outlook.faults.lose_reply("update")
    world.sync().run()
    report = world.sync().apply(world.sync().plan())

    assert not any(report.buckets.values())


# --- deleting ----------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("MX-C-15", "TS-06")
@QUIRKS
@CURSORS
def test_an_entry_stays_when_its_contact_is_deleted(make_world: MakeWorld, quirks: Quirks, expired: bool) -> None:
    """A contact that is deleted in Outlook is taken off the favourite list; its entry stays, on other lists too."""
    world = make_world(quirks=quirks)
    left, right = world.pair(first="Ada")
    world.pair(first="Bea")
    world.crm.join(right, "Press")
    world.run()
    shown = world.crm.record(right)
    world.outlook.delete(left)
    if expired:
        lose_cursors(world)

    report = world.run()

    assert (shown, ("Press",)) == (world.crm.record(right), world.crm.lists(right))
    assert (report.writes, world.ignored()) == ({(Side.RIGHT, WriteKind.LEAVE): 1}, {})
    assert (len(world.outlook), len(world.crm)) == (1, 2)
    world.settled()


@pytest.mark.behaviour("MX-C-15", "TS-06")
@QUIRKS
@CURSORS
@pytest.mark.parametrize("how", ["deleted", "taken off the list"])
def test_a_contact_stays_when_its_entry_goes(make_world: MakeWorld, quirks: Quirks, expired: bool, how: str) -> None:
    """An entry that is deleted or taken off the list costs its contact the category, and nothing else."""
    world = make_world(quirks=quirks)
    left, right = world.pair(first="Ada", categories=("Family", "Maximizer", "Red"))
    world.pair(first="Bea")
    if how == "deleted":
        world.crm.delete(right)
    else:
        world.crm.leave(right, "Clients")
    if expired:
        lose_cursors(world)

    report = world.run()

    assert contact("Ada", categories=("Family", "Red")) == world.outlook.record(left)
    assert (report.writes, world.ignored()) == ({(Side.LEFT, WriteKind.LEAVE): 1}, {})
    assert (2, 1 if how == "deleted" else 2) == (len(world.outlook), len(world.crm))
    world.settled()


@pytest.mark.behaviour("MX-C-15")
def test_what_is_left_over_is_not_synced_any_more(world: World) -> None:
    """The record that stays can be edited, and is neither written to nor created once more."""
    left, right = world.pair(first="Ada")
    other_left, other_right = world.pair(first="Bea")
    world.outlook.delete(left)
    world.crm.delete(other_right)
    world.run()
    world.crm.edit(right, position="Poet")
    world.outlook.edit(other_left, job_title="Poet")

    report = world.run()

    assert (report.written(), len(world.outlook), len(world.crm)) == (0, 1, 1)
    assert world.sync().status().pairs == 0
    world.settled()


@pytest.mark.behaviour("MX-C-15")
def test_both_records_deleted_is_the_end_of_the_pair(world: World) -> None:
    """Where a person deletes both records, nothing is written and nothing remembered."""
    left, right = world.pair(first="Ada")
    world.outlook.delete(left)
    world.crm.delete(right)

    report = world.run()

    assert (report.written(), world.sync().status().pairs, sum(report.buckets.values())) == (0, 0, 0)
    world.settled()


@pytest.mark.behaviour("MX-C-15")
def test_an_edit_does_not_bring_a_deleted_record_back(world: World) -> None:
    """A record that is deleted on one side and edited on the other goes out of the sync, and keeps its edit."""
    left, right = world.pair(first="Ada")
    other_left, other_right = world.pair(first="Bea")
    world.outlook.delete(left)
    world.crm.edit(right, position="Poet")
    world.crm.delete(other_right)
    world.outlook.edit(other_left, job_title="Poet")

    world.run()

    assert ([other_left], [right]) == (world.outlook.ids(), world.crm.ids())
    assert (world.crm.record(right).position, world.outlook.record(other_left).job_title) == ("Poet", "Poet")
    assert apart(world, other_left, right)
    world.settled()


@pytest.mark.behaviour("MX-C-15", "MX-C-19")
def test_a_frozen_pair_ends_like_another(world: World) -> None:
    """A deletion counts for an entry that is unfit, too: it leaves the list of ignored records with its pair."""
    left, right = world.pair(first="Ada")
    world.crm.edit(right, first_name="")
    world.run()
    assert [right] == [*world.ignored()]
    world.outlook.delete(left)

    world.run()

    assert (world.ignored(), world.sync().status().pairs) == ({}, 0)
    assert apart(world, left, right)
    world.settled()


@pytest.mark.behaviour("MX-C-15", "MX-C-07")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_person_can_put_back_what_was_left_over(world: World, side: str) -> None:
    """The record that stayed is new to the sync when a person gives it list or category again."""
    left, right = world.pair(first="Ada")
    if side == "outlook":
        world.outlook.delete(left)
    else:
        world.crm.delete(right)
    world.run()
    if side == "outlook":
        world.crm.join(right, "Clients")
    else:
        world.outlook.join(left, "Maximizer")

    world.run()

    assert (len(world.outlook.ids("Maximizer")), len(world.crm.ids("Clients"))) == (1, 1)
    world.settled()


# --- taking out --------------------------------------------------------------------------------------------------


def taken_out(world: World, side: str) -> tuple[str, str]:
    """Return the ids of a pair of which one record was taken out of category or list, and a run was made since."""
    left, right = world.pair(first="Ada", categories=("Family", "Maximizer"))
    if side == "outlook":
        world.outlook.leave(left, "Maximizer")
    else:
        world.crm.leave(right, "Clients")
    world.run()
    return left, right


@pytest.mark.behaviour("MX-C-20")
@QUIRKS
@CURSORS
def test_a_contact_taken_out_of_the_category_leaves_the_sync(
    make_world: MakeWorld, quirks: Quirks, expired: bool
) -> None:
    """A contact that loses the category loses the list, too; both records stay as they are, and nothing travels."""
    world = make_world(quirks=quirks)
    left, right = world.pair(first="Ada", categories=("Family", "Maximizer"))
    world.pair(first="Bea")
    world.outlook.leave(left, "Maximizer")
    world.outlook.edit(left, company_name="Example")
    if expired:
        lose_cursors(world)

    report = world.run()

    assert contact("Ada", categories=("Family",), company_name="Example") == world.outlook.record(left)
    assert (entry("Ada"), ()) == (world.crm.record(right), world.crm.lists(right))
    assert report.writes == {(Side.RIGHT, WriteKind.LEAVE): 1}
    world.settled()


@pytest.mark.behaviour("MX-C-20")
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_no_edit_and_no_look_up_brings_it_back(world: World, side: str) -> None:
    """What left the sync stays out after edits on both sides, lost cursors, and a fresh initial run."""
    left, right = taken_out(world, side)
    world.outlook.edit(left, job_title="Poet")
    world.crm.edit(right, department="Numbers")
    lose_cursors(world)

    report = world.run()

    assert (report.written(), world.sync().status().pairs, world.ignored()) == (0, 0, {})
    assert apart(world, left, right)
    world.settled()
    assert apart(world, left, right)


@pytest.mark.behaviour("MX-C-20", "MX-C-06")
@QUIRKS
@pytest.mark.parametrize("left_by", ["outlook", "crm"])
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_a_look_up_of_somebody_else_does_not_bring_it_back(
    make_world: MakeWorld, quirks: Quirks, left_by: str, side: str
) -> None:
    """A new record whose only match has left the sync is ignored with that reason; the match stays out for good."""
    world = make_world(quirks=quirks)
    left, right = taken_out(world, left_by)
    copy = world.outlook.insert(contact("Ada")) if side == "outlook" else world.client(entry("Ada"))

    report = world.run()

    assert ({copy: ("candidate_left_the_sync",)}, 0) == (world.ignored(), report.written())
    assert apart(world, left, right)
    world.settled()
    assert apart(world, left, right)


@pytest.mark.behaviour("MX-C-20")
@pytest.mark.parametrize("left_by", ["outlook", "crm"])
@pytest.mark.parametrize("given", ["category", "list", "both"])
def test_a_person_can_bring_it_back(world: World, left_by: str, given: str) -> None:
    """Given category or list again, the same two records are a pair again, with what was edited meanwhile."""
    left, right = taken_out(world, left_by)
    world.outlook.edit(left, job_title="Poet")
    world.crm.edit(right, department="Numbers")
    world.run()
    if given != "list":
        world.outlook.join(left, "Maximizer")
    if given != "category":
        world.crm.join(right, "Clients")

    report = world.run()

    assert (report.written(kind=WriteKind.CREATE), world.ignored()) == (0, {})
    assert ([left], [right]) == (world.outlook.ids("Maximizer"), world.crm.ids("Clients"))
    assert (world.crm.record(right).position, world.outlook.record(left).department) == ("Poet", "Numbers")
    assert world.outlook.record(left).categories == ("Family", "Maximizer")
    world.settled()


@pytest.mark.behaviour("MX-C-20")
def test_out_and_in_again_between_two_runs_is_no_leaving(world: World) -> None:
    """A contact that lost the category and has it again when the sync looks is as it was."""
    left, right = world.pair(first="Ada")
    world.outlook.leave(left, "Maximizer")
    world.outlook.join(left, "Maximizer")

    report = world.run()

    assert (report.written(), world.crm.lists(right)) == (0, ("Clients",))
    world.settled()


@pytest.mark.behaviour("MX-C-20", "MX-C-15")
def test_out_on_both_sides_is_the_end_of_the_pair(world: World) -> None:
    """Where category and list were both taken away, nothing is written, and nothing comes back by itself."""
    left, right = world.pair(first="Ada")
    world.outlook.leave(left, "Maximizer")
    world.crm.leave(right, "Clients")
    assert world.run().written() == 0
    world.outlook.edit(left, job_title="Poet")

    report = world.run()

    assert (report.written(), world.sync().status().pairs) == (0, 0)
    world.settled()
    assert apart(world, left, right)


@pytest.mark.behaviour("MX-C-20", "TS-04")
@QUIRKS
@CURSORS
@pytest.mark.parametrize("side", Side)
def test_who_was_renamed_outside_comes_back_to_the_same_partner(
    make_world: MakeWorld, quirks: Quirks, expired: bool, side: Side
) -> None:
    """Taken out on one side, renamed there, and put back: the pair it had goes on, and nobody is created anew."""
    world = make_world(quirks=quirks)
    left, right = world.pair(first="Ada")
    world.pair(first="Bea")
    mine, list_, name = (
        (world.outlook, "Maximizer", "given_name") if side is Side.LEFT else (world.crm, "Clients", "first_name")
    )
    one = (left, right)[side]
    mine.leave(one, list_)
    world.run()
    assert apart(world, left, right)
    mine.edit(one, **{name: "Augusta"})
    world.run()
    mine.join(one, list_)
    if expired:
        lose_cursors(world)
    world.run()

    assert (len(world.outlook), len(world.crm)) == (2, 2)
    assert world.sync().explain("left", left).ids == (left, right)
    assert {world.outlook.record(left).given_name, world.crm.record(right).first_name} <= {"Ada", "Augusta"}
    world.settled()


@pytest.mark.behaviour("MX-C-20", "TS-03", "TS-15")
@pytest.mark.parametrize("fault", ["no answer", "refused"])
@pytest.mark.parametrize("side", ["outlook", "crm"])
def test_who_comes_back_under_another_name_finds_the_partner_also_at_a_second_attempt(
    world: World, side: str, fault: str
) -> None:
    """Where the first attempt to put the other one back, too, fails or gets no answer, none is created instead."""
    left, right = world.pair(first="Ada")
    if side == "outlook":
        world.outlook.leave(left, CATEGORY)
    else:
        world.crm.leave(right, LIST)
    world.run()
    other = world.crm if side == "outlook" else world.outlook
    if fault == "refused":
        other.faults.refuse(lambda _: True, times=1)
    else:
        other.faults.lose_request("update")
    if side == "outlook":
        world.outlook.edit(left, surname="Byron")
        world.outlook.join(left, CATEGORY)
    else:
        world.crm.edit(right, last_name="Byron")
        world.crm.join(right, LIST)
    world.sync().run()
    for _ in range(2):
        world.clock.advance(timedelta(hours=1))
        world.run()

    assert (world.outlook.ids(), world.crm.ids()) == ([left], [right])
    assert (world.outlook.record(left).surname, world.crm.record(right).last_name) == ("Byron", "Byron")
    assert CATEGORY in world.outlook.record(left).categories
    assert LIST in world.crm.lists(right)
    world.settled()


@pytest.mark.behaviour("MX-C-20", "TS-03")
def test_what_was_put_back_may_have_to_be_put_back_again(world: World) -> None:
    """Nobody can tell a leaving that was taken back from one that never arrived: it is made, and can be taken back."""
    _, right = world.pair()
    world.outlook.leave(world.outlook.ids()[0], CATEGORY)
    world.crm.faults.lose_reply("update")
    world.sync().run()
    world.crm.join(right, LIST)
    world.clock.advance(timedelta(hours=1))
    world.run()
    assert LIST not in world.crm.lists(right)
    world.crm.join(right, LIST)
    world.run()

    assert LIST in world.crm.lists(right)
    assert world.outlook.ids(CATEGORY) == world.outlook.ids()
    world.settled()
