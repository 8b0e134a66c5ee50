"""TS-18: a record that lives on under another id, moved or merged, is followed wherever that id leads."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import attrs
import pytest

from tallystick import Side
from tallystick.ports import Absence, AbsenceReason, CreateSafety, Redirect
from tallystick.profiles import maximizer
from tallystick.reconcile import RemovalAction, RemovalPolicy
from tests.behaviour.conftest import CATEGORY, LIST, NAME, World, contact, entry
from tests.simulation.world import CLIENTS
from tests.simulation.world import World as Simulated

Found = Mapping[str, str | AbsenceReason]


def answering(world: World, monkeypatch: pytest.MonkeyPatch, found: Found) -> None:
    """Have the CRM answer for these ids with one redirect each, as a service does that knows one step only."""
    get = world.crm.get

    def stepwise(ids: Any, scope: Any) -> list[Any]:  # noqa: ANN401 -- the provider's
        return [_answer(one, found[one]) if one in found else get([one], scope)[0] for one in ids]

    monkeypatch.setattr(world.crm, "get", stepwise)


def _answer(one: str, said: str | AbsenceReason) -> Redirect | Absence:
    return Absence(one, said) if isinstance(said, AbsenceReason) else Redirect(one, said)


def pairs(world: World) -> list[tuple[str, str]]:
    """Return the ids of all pairs."""
    return [link.ids for link in world.state.links(NAME, Side.LEFT, world.outlook.ids())]


@pytest.mark.behaviour("TS-18")
def test_a_record_that_was_merged_twice_is_followed_step_by_step(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that was merged into one that was merged in turn goes on in the last one."""
    left, right = world.pair()
    between = world.crm.insert(entry("Bea"))
    heir = world.client(entry("Ada", position="Poet"))
    world.crm.merge(right, between)
    world.crm.merge(between, heir)
    answering(world, monkeypatch, {right: between, between: heir})

    world.run()

    assert pairs(world) == [(left, heir)]
    assert world.outlook.record(left).job_title == "Poet"
    world.settled()


@pytest.mark.behaviour("TS-18")
@pytest.mark.parametrize("circle", [True, False], ids=["in a circle", "to one out of reach"])
def test_a_record_that_leads_to_nothing_that_can_be_read_is_out_of_reach(
    world: World, monkeypatch: pytest.MonkeyPatch, circle: bool
) -> None:
    """Where an id leads in a circle, or to what the account may not read, the pair is kept and listed, and goes on."""
    left, right = world.pair()
    heir = world.client(entry("Ada", position="Poet"))
    world.crm.merge(right, heir)
    with monkeypatch.context() as patch:
        answering(world, patch, {right: heir, heir: right if circle else AbsenceReason.NO_ACCESS})
        world.crm.faults.deny(heir)
        world.run()

        assert pairs(world) == [(left, right)]
        assert CATEGORY in world.outlook.record(left).categories
        assert [(row.id, row.reasons) for row in world.sync().failed()] == [(right, ("no_access",))]
    world.crm.faults.clear()
    world.run()

    assert pairs(world) == [(left, heir)]
    assert world.sync().failed() == []
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-20")
@pytest.mark.parametrize("side", [0, 1])
def test_a_pair_that_is_frozen_or_ends_by_a_merge_leaves_no_old_id_on_a_list(world: World, side: int) -> None:
    """The list of ignored records names what is there, and no id that became another."""
    first, second = world.pair(first="Ada"), world.pair(first="Bea")
    sides = (world.outlook, world.crm)
    sides[side].edit(first[side], **({"given_name": ""} if side == 0 else {"first_name": ""}))
    world.run()
    assert [*world.ignored()] == [first[side]]
    moved = sides[side].move(first[side])
    world.run()
    assert [*world.ignored()] == [moved]

    sides[side].merge(moved, second[side])
    world.run()

    assert world.ignored() == {first[1 - side]: ("counterpart_was_merged",)}


@pytest.mark.behaviour("TS-18", "TS-20")
@pytest.mark.parametrize("side", [0, 1])
def test_what_is_left_of_a_merged_pair_is_listed_under_its_new_id(world: World, side: int) -> None:
    """Where one record of a pair was merged and the other one moved, the other one is listed, and not made anew."""
    first, second = world.pair(first="Ada"), world.pair(first="Bea")
    sides = (world.outlook, world.crm)
    sides[side].merge(first[side], second[side])
    moved = sides[1 - side].move(first[1 - side])

    world.run()

    assert world.ignored() == {moved: ("counterpart_was_merged",)}
    assert pairs(world) == [second]
    assert len(sides[side]) == 1
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-20")
def test_what_is_left_of_a_merged_pair_is_no_free_hit(world: World) -> None:
    """A new contact that matches an entry which lost its own by a merge, and moved, is listed, not paired with it."""
    first, second = world.pair(first="Ada"), world.pair(first="Bea")
    world.outlook.merge(first[0], second[0])
    moved = world.crm.move(first[1])
    newcomer = world.outlook.insert(contact("Ada"))

    world.run()

    assert world.ignored() == {moved: ("counterpart_was_merged",), newcomer: ("candidate_is_ignored",)}
    assert pairs(world) == [second]
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-20")
@pytest.mark.parametrize("moves", [False, True], ids=["where it lay", "moved since"])
@pytest.mark.parametrize("kept", [0, 1])
def test_of_two_pairs_that_were_merged_crosswise_one_is_left(world: World, kept: int, moves: bool) -> None:
    """A person kept one contact and the other entry: they are a pair, nothing is listed, and edits go on travelling."""
    made = [world.pair(first="Ada"), world.pair(first="Bea")]
    first, second = made[1 - kept], made[kept]
    world.outlook.merge(first[0], second[0])
    world.crm.merge(second[1], first[1])
    left = world.outlook.move(second[0]) if moves else second[0]

    world.run()

    assert pairs(world) == [(left, first[1])]
    assert world.ignored() == {}
    world.outlook.edit(left, job_title="Poet")
    world.run()
    assert world.crm.record(first[1]).position == "Poet"
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-20")
def test_records_that_were_merged_crosswise_are_in_one_place_each(world: World) -> None:
    """A record in which another pair goes on is not listed as what is left of a pair that ended."""
    first, second = world.pair(first="Ada"), world.pair(first="Bea")
    world.outlook.merge(first[0], second[0])
    world.crm.merge(second[1], first[1])
    heir = world.crm.move(first[1])

    world.run()

    assert pairs(world) == [(second[0], heir)]
    assert world.ignored() == {}
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-01")
def test_of_many_that_became_one_new_record_the_same_one_goes_on_in_any_process(world: World) -> None:
    """Which pair goes on does not depend on the order in which a feed's ids are held."""
    made = [world.pair(first=name) for name in ("Ada", "Bea", "Cid", "Dot", "Eve", "Fay", "Gus", "Hal")]
    heir = world.client(entry("Ina"))
    for _, right in made:
        world.crm.merge(right, heir)

    world.run()

    assert pairs(world) == [(min(made, key=lambda pair: pair[1])[0], heir)]
    assert len(world.ignored()) == len(made) - 1


@pytest.mark.behaviour("TS-18")
def test_an_heir_outside_the_list_ends_its_pair_with_a_note(world: World) -> None:
    """Merged into an entry that is on no list, an entry has left the list; the report says why its pair ended."""
    left, right = world.pair()
    heir = world.crm.insert(entry("Ada"))
    world.crm.merge(right, heir)

    report = world.run()

    assert pairs(world) == []
    assert CATEGORY not in world.outlook.record(left).categories
    assert [(note.kind, note.side, note.id) for note in report.notes] == [("pair ended", Side.RIGHT, heir)]
    assert world.crm.lists(heir) == ()
    world.settled()
    world.crm.join(heir, LIST)
    world.run()
    assert pairs(world) == [(left, heir)]


@pytest.mark.behaviour("TS-18", "MX-C-20")
def test_what_a_person_took_out_stays_out_under_another_id(world: World) -> None:
    """An entry that left the list is remembered when its id changes: no look-up for another contact brings it back."""
    left, right = world.pair()
    world.crm.leave(right, LIST)
    world.run()
    moved = world.crm.move(right)
    world.run()
    world.outlook.insert(contact())

    world.run()

    assert world.crm.lists(moved) == ()
    assert len(world.crm) == 1
    world.outlook.edit(left, categories=(CATEGORY,), given_name="Augusta")
    world.run()
    assert pairs(world) == [(left, moved)]


@pytest.mark.behaviour("TS-18", "ZS-16")
def test_a_remembered_record_is_not_taken_for_a_new_one_under_another_id() -> None:
    """A contact whose entry was deleted for good gets no second one when it is moved to another folder."""
    profile = maximizer.contacts(favourite_list=CLIENTS)
    tombstone = RemovalPolicy(deleted=RemovalAction.TOMBSTONE)
    other = Simulated(profile=attrs.evolve(profile, right=attrs.evolve(profile.right, removal=tombstone)))
    other.insert(0, 1)
    other.quiet()
    other.crm.entries.delete(other.the(1, 1))
    other.quiet()
    other.outlook.contacts.move(other.the(0, 1))

    other.quiet()

    assert len(other.crm.entries) == 0


@pytest.mark.behaviour("TS-18")
def test_what_a_merge_left_behind_is_not_made_anew_under_another_id(world: World) -> None:
    """A contact that lost its entry by a merge stays listed when it is moved, and the merged entry is not made anew."""
    first, second = world.pair(first="Ada"), world.pair(first="Bea")
    world.crm.merge(first[1], second[1])
    world.run()
    moved = world.outlook.move(first[0])

    world.run()

    assert world.ignored() == {moved: ("counterpart_was_merged",)}
    assert len(world.crm) == 1
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-15")
def test_a_pair_whose_write_is_to_be_tried_again_is_followed(world: World) -> None:
    """An entry that moved while its last edit was refused on the other side goes on, and the edit arrives."""
    left, right = world.pair()
    world.crm.edit(right, position="Poet")
    world.outlook.faults.refuse(left)
    world.run()
    world.outlook.faults.clear()
    moved = world.crm.move(right)
    world.clock.advance(timedelta(days=1))

    world.run()

    assert pairs(world) == [(left, moved)]
    assert world.outlook.record(left).job_title == "Poet"
    assert world.ignored() == {}
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-15")
@pytest.mark.parametrize("write", ["update", "leave"])
@pytest.mark.parametrize("moves", [1, 2], ids=["one side", "both sides"])
def test_a_pair_is_followed_also_where_its_write_is_refused(world: World, write: str, moves: int) -> None:
    """An entry that moved, and was edited or taken off the list, is still the contact's when that can be written."""
    left, right = world.pair()
    moved = world.crm.move(right)
    if moves > 1:
        left = world.outlook.move(left)
    if write == "update":
        world.crm.edit(moved, position="Poet", first_name="Augusta")
    else:
        world.crm.leave(moved, LIST)
    world.outlook.faults.refuse(left)
    world.run()
    assert pairs(world) == [(left, moved)]
    world.outlook.faults.clear()
    world.clock.advance(timedelta(days=1))

    world.run()

    assert pairs(world) == ([(left, moved)] if write == "update" else [])
    assert world.outlook.record(left).job_title == ("Poet" if write == "update" else "")
    assert (CATEGORY in world.outlook.record(left).categories) is (write == "update")
    assert (len(world.outlook), len(world.crm), world.ignored()) == (1, 1, {})
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-03")
def test_an_update_without_an_answer_is_known_in_what_its_record_became(world: World) -> None:
    """Our own write is no edit of a person's in the CRM: what was edited in Outlook since does not conflict with it."""
    left, right = world.pair(job_title="First")
    world.outlook.edit(left, job_title="Second")
    world.crm.faults.lose_reply("update")
    world.sync().run()
    heir = world.client(world.crm.record(right))
    world.crm.merge(right, heir)
    world.outlook.edit(left, job_title="Third")
    world.crm.touch(heir)
    world.clock.advance(timedelta(hours=1))

    report = world.run()
    second = world.run()

    assert [*report.notes, *second.notes] == []
    assert pairs(world) == [(left, heir)]
    assert (world.outlook.record(left).job_title, world.crm.record(heir).position) == ("Third", "Third")
    world.settled()


@pytest.mark.behaviour("TS-18", "TS-03")
def test_a_create_without_an_answer_is_known_under_another_id() -> None:
    """An entry that was moved and renamed before anybody knew that it was created is not created once more."""
    other = Simulated(safety=CreateSafety.CLIENT_ID)
    other.insert(0, 1)
    other.crm.entries.faults.lose_reply("create")
    other.run()
    moved = other.crm.entries.move(other.the(1, 1))
    other.crm.entries.edit(moved, last_name="Renamed", emails=("renamed@example.com",))
    other.clock.advance(3600)

    other.quiet()

    assert other.crm.entries.ids() == [moved]
    assert [record.surname for record in other.outlook.contacts.all().values()] == ["Renamed"]


@pytest.mark.behaviour("TS-18", "TS-03")
@pytest.mark.parametrize("lag", [0, 60], ids=["known at once", "in doubt for a while"])
@pytest.mark.parametrize("side", [0, 1])
def test_what_a_pair_goes_on_in_may_have_a_counterpart_that_nobody_knows_of_yet(side: int, lag: int) -> None:
    """A create and an update got no answer, and their records were merged: one pair goes on, and the sync with it."""
    other = Simulated(safety=CreateSafety.SEARCHABLE_TAG, lag=lag)
    sides = (other.outlook.contacts, other.crm.entries)
    other.insert(0, 1)
    other.quiet()
    first = other.the(side, 1)
    heir = other.insert(side, 2)
    other.write(1 - side, 1, 0, "edited")
    sides[1 - side].faults.lose_reply("create")
    sides[side].faults.lose_reply("update")
    other.clock.advance(600)
    other.run()
    sides[side].merge(first, heir)

    other.run()
    other.quiet()

    (link,) = other.links()
    left_over = sides[1 - side].ids()
    left_over.remove(link.ids[1 - side])
    assert link.ids[side] == heir
    assert [(row.side, row.id, row.reasons) for row in other.sync().ignored()] == [
        (1 - side, *left_over, ("counterpart_was_merged",))
    ]


@pytest.mark.behaviour("TS-18", "TS-03")
@pytest.mark.parametrize("side", [0, 1])
def test_two_records_of_writes_without_an_answer_may_have_become_one(side: int) -> None:
    """Both were created, or both were updated, and a person merged them into one: one pair goes on in it."""
    for created in (True, False):
        other = Simulated(safety=CreateSafety.CLIENT_ID)
        collection = (other.outlook.contacts, other.crm.entries)[side]
        for person in (1, 2):
            other.insert(1 - side, person)
        if not created:
            other.quiet()
            for person in (1, 2):
                other.write(1 - side, person, 0, "edited")
        collection.faults.lose_reply("create" if created else "update")
        other.run()
        first, second = other.the(side, 1), other.the(side, 2)
        heir = second if created else other.insert(side, 3)
        for one in {first, second} - {heir}:
            collection.merge(one, heir)

        other.quiet()

        assert [link.ids[side] for link in other.links()].count(heir) == 1


@pytest.mark.behaviour("TS-18", "TS-03")
@pytest.mark.parametrize("planned", [False, True], ids=["run", "plan and apply"])
@pytest.mark.parametrize("write", ["create", "update", "first update"])
@pytest.mark.parametrize("side", [0, 1])
def test_a_record_that_moves_while_a_write_is_in_doubt_is_nobody_new(side: int, write: str, planned: bool) -> None:
    """A record that is left alone while a write is in doubt is left alone under its new id, too: none is doubled."""
    other = Simulated(profile=attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), look_up=False))
    collections = (other.outlook.contacts, other.crm.entries)
    other.insert(side, 1)
    if write == "update":
        other.quiet()
        other.write(side, 1, 0, "edited")
    elif write == "first update":
        other.insert(1 - side, 1)
        other.write(side, 1, 0, "edited")
    collections[1 - side].faults.delay_request("create" if write == "create" else "update", 60)
    other.run()
    collections[side].move(other.the(side, 1))
    other.clock.advance(10)
    if planned:
        sync = other.sync()
        sync.apply(sync.plan())
    else:
        other.run()
    other.quiet()

    other.check()
    assert [len(each) for each in collections] == [1, 1]


@pytest.mark.behaviour("TS-18", "TS-03", "TS-01")
@pytest.mark.parametrize("side", [0, 1])
def test_a_record_that_moves_before_its_counterpart_is_found_is_nobody_new_to_a_plan(side: int) -> None:
    """A plan that finds a counterpart that was created makes no second one for what its record became."""
    other = Simulated(profile=attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), look_up=False))
    collections = (other.outlook.contacts, other.crm.entries)
    other.insert(side, 1)
    collections[1 - side].faults.lose_reply("create")
    other.run()
    collections[side].move(other.the(side, 1))
    other.clock.advance(600)
    sync = other.sync()
    sync.apply(sync.plan())
    other.quiet()

    other.check()
    assert [len(each) for each in collections] == [1, 1]


@pytest.mark.behaviour("TS-18", "TS-15")
@pytest.mark.parametrize("lists", ["what changed", "all"])
@pytest.mark.parametrize("side", [0, 1])
def test_a_record_that_moves_before_its_write_is_tried_again_is_nobody_new(side: int, lists: str) -> None:
    """A pair whose write got no answer, and is not to be tried again yet, goes on under another id; none is doubled."""
    other = Simulated(profile=attrs.evolve(maximizer.contacts(favourite_list=CLIENTS), look_up=False))
    collections = (other.outlook.contacts, other.crm.entries)
    other.insert(side, 1)
    other.quiet()
    other.write(side, 1, 0, "edited")
    collections[1 - side].faults.lose_request("update")
    other.run()
    other.clock.advance(180)
    other.run()
    collections[side].move(other.the(side, 1))
    if lists == "all":
        collections[side].expire_cursors()
    other.run()
    other.quiet()

    other.check()
    assert [len(each) for each in collections] == [1, 1]
