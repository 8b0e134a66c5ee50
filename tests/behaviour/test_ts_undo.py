"""TS-12: the writes of a run can be taken back by a plan, where the sync was told to keep the values."""

# ruff: noqa: ANN401 - these take whatever they are given

from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import pytest

from tallystick import Plan, Report, Side, dump_plan, load_plan
from tallystick.errors import GuardTripped, StalePlan, Unavailable, UnknownRecord, UsageError
from tallystick.ports import RunState, WriteKind
from tallystick.profiles import maximizer
from tallystick.reconcile import Guards, Limit, RemovalAction, RemovalPolicy
from tallystick.reconcile.plan import Note
from tallystick.sinks import MemorySink, SqliteSink
from tests.simulation.crash import Crash, Fuse
from tests.simulation.mutants import deleting
from tests.simulation.world import CATEGORY, CLIENTS, NAME, World, contact


def keeping(**more: Any) -> World:
    """Return a world with two pairs at rest, whose sink keeps images."""
    world = World(**more)
    world.sink = MemorySink(keeps_images=True)
    for person in (1, 2):
        world.insert(0, person, company_name=f"c{person}", job_title="old", file_as="kept")
    world.quiet()
    return world


def removing(**more: Any) -> World:
    """Return the same, where a deleted record's counterpart is deleted, too."""
    return keeping(profile=deleting(edit_beats_removal=True), **more)


def run(world: World) -> Report:
    """Run when the next run is due."""
    world.clock.advance(600)
    return world.run()


def taken_back(world: World, number: int) -> Report:
    """Take a run back, by a plan that was saved and loaded."""
    plan = load_plan(dump_plan(world.sync().undo(number)), world.profile)
    report = world.sync().apply(plan)
    world.reports.append(report)
    return report


def not_undone(plan: Plan) -> list[tuple[str, str]]:
    """Return what the plan leaves out, and why."""
    return [(note.id, note.rule) for note in plan.notes if note.kind == Note.NOT_UNDONE]


def shown(world: World) -> list[dict[str, Any]]:
    """Return all records of both sides by id."""
    return [collection.all() for collection in world.sides]


def rests(world: World) -> bool:
    """Tell whether further runs write nothing, also once every record was touched."""
    before = (world.written(), shown(world))
    world.quiet()
    world.touch_all()
    world.quiet()
    return (world.written(), shown(world)) == before


@pytest.mark.behaviour("TS-12")
@pytest.mark.parametrize("side", [0, 1])
def test_an_edit_that_was_carried_is_taken_back_and_not_carried_again(side: int) -> None:
    """The overwritten values are there again, the edit itself stays where it was made, and later runs leave both."""
    world = keeping()
    other = 1 - side
    before = shown(world)[other]
    world.write(side, 1, 0, "edited")
    world.write(side, 2, 1, "edited")
    report = run(world)
    assert shown(world)[other] != before

    done = taken_back(world, report.run)

    assert done.state is RunState.COMPLETE
    assert done.written(Side(other), WriteKind.UPDATE) == 2
    assert shown(world)[other] == before
    assert rests(world)
    world.write(side, 1, 1, "later")
    run(world)
    assert "later" in {getattr(one, ("job_title", "position")[other]) for one in shown(world)[other].values()}
    assert "edited" not in {one.company_name for one in shown(world)[other].values()}


@pytest.mark.behaviour("TS-12")
def test_after_undoing_an_edit_of_the_same_field_travels_again() -> None:
    """That the sides agreed to differ ends with the next edit."""
    world = keeping()
    world.write(0, 1, 0, "edited")
    taken_back(world, run(world).run)
    world.write(0, 1, 0, "edited once more")
    run(world)

    assert world.crm.entries.record(world.the(1, 1)).company_name == "edited once more"


@pytest.mark.behaviour("TS-12")
def test_an_edit_of_the_other_side_that_was_made_before_undoing_is_carried() -> None:
    """What a person wrote after the run and before the undoing is not lost in it."""
    world = keeping()
    world.write(0, 1, 0, "edited")
    number = run(world).run
    world.write(0, 1, 0, "edited since")
    taken_back(world, number)
    run(world)

    assert world.crm.entries.record(world.the(1, 1)).company_name == "edited since"


@pytest.mark.behaviour("TS-12")
@pytest.mark.parametrize("remove", [False, True], ids=["added", "removed"])
def test_addresses_that_were_added_or_removed_are_given_back_and_stay(remove: bool) -> None:
    """A set of which only some elements are taken back stays so, whatever else of the pair is edited."""
    world = keeping()
    one, there = world.the(0, 1), world.the(1, 1)
    addresses = world.outlook.contacts.record(one).email_addresses
    more = (*addresses, attrs.evolve(addresses[0], address="second@example.com"))
    world.outlook.contacts.edit(one, email_addresses=more)
    if remove:
        run(world)
        world.outlook.contacts.edit(one, email_addresses=addresses)
    before = shown(world)
    taken_back(world, run(world).run)

    assert [record.emails for record in shown(world)[1].values()] == [record.emails for record in before[1].values()]
    assert rests(world)
    world.outlook.contacts.edit(one, company_name="later")
    run(world)
    assert world.crm.entries.record(there).company_name == "later"
    assert len(world.crm.entries.record(there).emails) == (2 if remove else 1)
    assert len(world.outlook.contacts.record(one).email_addresses) == (1 if remove else 2)


@pytest.mark.behaviour("TS-12")
def test_a_record_that_was_created_is_removed_again_and_its_source_is_not_taken_for_a_new_one() -> None:
    """By a profile that deletes, a created record goes; its source stays, and gets no other counterpart."""
    world = removing()
    world.insert(0, 3)
    report = run(world)
    taken_back(world, report.run)

    assert (len(world.outlook.contacts), len(world.crm.entries)) == (3, 2)
    assert rests(world)


@pytest.mark.behaviour("TS-12")
def test_a_record_that_was_created_leaves_the_list_where_nothing_is_ever_deleted() -> None:
    """By a profile that only takes out of lists, a created record leaves the list, and both stay."""
    world = keeping()
    world.insert(0, 3)
    taken_back(world, run(world).run)

    assert (len(world.outlook.contacts), len(world.crm.entries)) == (3, 3)
    assert len(world.crm.entries.ids(CLIENTS)) == 2
    assert len(world.outlook.contacts.ids(CATEGORY)) == 3
    assert rests(world)


@pytest.mark.behaviour("TS-12")
def test_where_the_profile_removes_nothing_a_create_is_left_out_and_listed() -> None:
    """A profile that ends pairs without a write has no way back from a create; the plan says so."""
    profile = maximizer.contacts(favourite_list=CLIENTS)
    tombstone = RemovalPolicy(deleted=RemovalAction.TOMBSTONE)
    world = keeping(profile=attrs.evolve(profile, left=attrs.evolve(profile.left, removal=tombstone)))
    world.insert(0, 3)
    number = run(world).run
    plan = world.sync().undo(number)

    assert plan.steps == ()
    assert not_undone(plan) == [(world.the(1, 3), "removal_policy")]
    assert "1 not undone: removal_policy" in plan.summary()


@pytest.mark.behaviour("TS-12")
def test_a_record_that_was_removed_is_created_again_and_stands_alone() -> None:
    """A removal is taken back whole, also in what no rule knows; whoever was deleted by a person stays so."""
    world = removing()
    world.crm.entries.edit(world.the(1, 1), website="unmapped.example.com")
    run(world)
    before = world.crm.entries.record(world.the(1, 1))
    world.outlook.contacts.delete(world.the(0, 1))
    number = run(world).run
    assert not world.find(1, 1)
    taken_back(world, number)

    assert world.crm.entries.record(world.the(1, 1)) == before
    assert not world.find(0, 1)
    assert rests(world)


@pytest.mark.behaviour("TS-12")
def test_a_removed_record_that_somebody_made_again_is_not_doubled() -> None:
    """Where a person has entered the removed record anew, it is left out and listed."""
    world = removing()
    world.outlook.contacts.delete(world.the(0, 1))
    number = run(world).run
    world.insert(1, 1)
    plan = world.sync().undo(number)

    assert plan.steps == ()
    assert [why for _, why in not_undone(plan)] == ["matched_since"]


@pytest.mark.behaviour("TS-12")
def test_leaving_and_joining_are_taken_back_by_their_opposite() -> None:
    """A record that was taken out of its list is put back, without pulling the other one in."""
    world = keeping()
    world.outlook.contacts.leave(world.the(0, 1), CATEGORY)
    number = run(world).run
    assert len(world.crm.entries.ids(CLIENTS)) == 1
    taken_back(world, number)
    assert len(world.crm.entries.ids(CLIENTS)) == 2
    assert len(world.outlook.contacts.ids(CATEGORY)) == 1
    assert rests(world)

    world.crm.entries.insert(world.crm.entries.record(world.the(1, 2)), lists=())
    world = keeping()
    world.outlook.contacts.insert(contact(8, company_name="", job_title="has a title"))
    world.insert(1, 8, company_name="has a company")
    number = run(world).run
    joined = world.the(0, 8)
    assert joined in world.outlook.contacts.ids(CATEGORY)
    taken_back(world, number)
    assert joined not in world.outlook.contacts.ids(CATEGORY)
    assert world.outlook.contacts.record(joined).company_name == ""
    assert world.crm.entries.record(world.the(1, 8)).position == ""
    assert rests(world)


@pytest.mark.behaviour("TS-12")
def test_what_has_changed_since_is_left_out_and_listed_and_the_rest_is_taken_back() -> None:
    """A record whose written fields were edited since is somebody's; the plan names it and why."""
    world = keeping()
    world.write(0, 1, 0, "edited")
    world.write(0, 2, 0, "edited")
    number = run(world).run
    world.write(1, 1, 0, "a person's")
    world.crm.entries.touch(world.the(1, 2))
    plan = world.sync().undo(number)

    assert [step.target for step in plan.steps] == [world.the(1, 2)]
    assert not_undone(plan) == [(world.the(1, 1), "changed_since")]
    assert "taken back" in plan.summary()
    world.sync().apply(plan)
    assert [record.company_name for record in shown(world)[1].values()] == ["a person's", "c2"]


@pytest.mark.behaviour("TS-12")
def test_an_edit_made_while_it_is_taken_back_is_not_overwritten() -> None:
    """The plan to take back is refused or left undone where a record changes at the last moment."""
    world = keeping()
    world.write(0, 1, 0, "edited")
    plan = world.sync().undo(run(world).run)
    world.write(1, 1, 0, "a person's")
    with pytest.raises(StalePlan):
        world.sync().apply(plan)

    world = keeping()
    world.write(0, 1, 0, "edited")
    plan = world.sync().undo(run(world).run)
    world.crm.entries.faults.before("update", lambda _: world.write(1, 1, 0, "a person's"))
    report = world.sync().apply(plan)
    assert [failure.reason for failure in report.errors] == ["changed_meanwhile"]
    assert world.crm.entries.record(world.the(1, 1)).company_name == "a person's"
    world.crm.entries.faults.clear()
    world.quiet()
    world.check()


@pytest.mark.behaviour("TS-12")
@pytest.mark.parametrize("trouble", ["refused", "changed", "unavailable"])
def test_what_was_not_taken_back_is_said_to_be_a_persons_to_take_back(trouble: str) -> None:
    """The note doesn't promise that a run tries it again: it says to undo the run again, which does the rest."""
    world = keeping()
    world.write(0, 1, 0, "edited")
    number = run(world).run
    faults, there = world.crm.entries.faults, world.the(1, 1)
    if trouble == "refused":
        faults.refuse(there)
    elif trouble == "changed":
        faults.before("update", lambda _: world.crm.entries.edit(there, department="a person's"))
    else:
        faults.fail("update", Unavailable("down", remedy="wait"), None)
    plan = world.sync().undo(number)

    said = world.sync().apply(plan).note

    why = {"refused": "1 record failed (refused:refused)", "changed": "1 record failed (changed_meanwhile)"}
    rest = f"; no run does the rest: undo run {number} again, or change what is left by hand"
    assert said == why.get(trouble, "right side: down -- wait") + rest
    faults.clear()
    world.quiet()
    assert world.crm.entries.record(there).company_name == "edited"
    assert taken_back(world, number).note == ""
    assert world.crm.entries.record(there).company_name == "c1"


@pytest.mark.behaviour("TS-12")
def test_a_whole_first_run_asks_before_it_is_taken_back() -> None:
    """Guards hold for taking back as for any plan; a confirmation lets a fresh one go ahead."""
    world = World()
    world.sink = MemorySink(keeps_images=True)
    world.profile = attrs.evolve(world.profile, guards=Guards(removals=Limit(0, 2)))
    for person in range(4):
        world.insert(0, person)
    first = world.run()
    plan = world.sync().undo(first.run)
    assert [figure.name for figure in plan.stops] == ["right.removals"]
    assert "guards" in world.sync().apply(plan).note

    world.sync().confirm(plan)
    report = world.sync().apply(world.sync().undo(first.run))
    assert report.written(Side.RIGHT, WriteKind.LEAVE) == 4
    assert GuardTripped.code == "guard"
    assert rests(world)


@pytest.mark.behaviour("TS-12")
def test_taking_back_can_be_taken_back_and_twice_is_once() -> None:
    """An undoing is a run with images of its own."""
    world = keeping()
    world.write(0, 1, 0, "edited")
    first = run(world)
    after = shown(world)
    second = taken_back(world, first.run)
    assert not_undone(world.sync().undo(first.run)) == [(world.the(1, 1), "changed_since")]
    taken_back(world, second.run)

    assert shown(world) == after
    assert rests(world)


@pytest.mark.behaviour("TS-12")
def test_without_kept_values_nothing_can_be_taken_back() -> None:
    """A sync whose sink keeps no images says so, and a run that is not known is named."""
    world = World()
    world.insert(0, 1)
    number = world.run().run
    with pytest.raises(UsageError, match="no sink that keeps images"):
        world.sync().undo(number)
    world.sink = MemorySink(keeps_images=True)
    with pytest.raises(UnknownRecord, match="no writes of run 99"):
        world.sync().undo(99)


@pytest.mark.behaviour("TS-12")
def test_a_write_without_an_answer_is_left_out_until_it_is_known() -> None:
    """What is in doubt is not taken back; once the next run has found it, it can be."""
    world = keeping()
    world.write(0, 1, 0, "edited")
    world.crm.entries.faults.lose_reply("update")
    first = run(world)
    assert [why for _, why in not_undone(world.sync().undo(first.run))] == ["in_doubt"]
    world.quiet()
    taken_back(world, first.run)

    assert world.crm.entries.record(world.the(1, 1)).company_name == "c1"
    assert rests(world)


@pytest.mark.behaviour("TS-12", "TS-05")
def test_what_came_back_without_an_answer_makes_no_later_plan_stale() -> None:
    """A side that can only be listed lists what an undoing brought back: plans that create can be applied."""
    world = removing(delta=False)
    world.outlook.contacts.delete(world.the(0, 1))
    number = run(world).run
    world.crm.entries.faults.lose_reply("create")
    taken_back(world, number)
    world.insert(0, 3)

    report = world.sync().apply(world.sync().plan())

    assert report.written(Side.RIGHT, WriteKind.CREATE) == 1


def everything_written(world: World) -> int:
    """Have one run create, edit, remove, and write both sides of a pair; return its number."""
    world.insert(0, 5, company_name="new")
    world.write(0, 1, 0, "left")
    world.write(1, 1, 1, "right")
    world.outlook.contacts.delete(world.the(0, 2))
    return run(world).run


@pytest.mark.behaviour("TS-12", "TS-03")
@pytest.mark.parametrize("flavour", ["before", "after", "lost", "unsent"])
def test_a_crash_while_taking_back_loses_nothing_and_doubles_nothing(flavour: Any) -> None:
    """Whatever request of an undoing dies, the next runs come to rest with every record there at most once."""
    counting = Fuse()
    clean = removing()
    number = everything_written(clean)
    clean.sync(counting).apply(clean.sync().undo(number))
    tried = 0
    for at, request in enumerate(counting.trace, 1):
        if flavour in ("lost", "unsent") and request.split(".")[1] not in ("create", "update", "remove"):
            continue
        for gap in (1.0, 600.0):
            world = removing()
            number = everything_written(world)
            plan = world.sync().undo(number)
            tried += 1
            with suppress(Crash):
                world.sync(Fuse(at, flavour)).apply(plan)
            world.clock.advance(gap)
            world.run()
            world.quiet()
            world.check(linked=False, equal=False)
            assert world.find(0, 5), (at, request)
            assert world.find(0, 1), (at, request)
            assert world.find(1, 1), (at, request)
            assert not world.find(0, 2), (at, request)
    assert tried >= 8


@pytest.mark.behaviour("TS-12")
def test_a_sink_in_a_file_keeps_images_over_a_restart(tmp_path: Path) -> None:
    """A run can be taken back by a process that did not make it."""
    world = World()
    for person in (1, 2):
        world.insert(0, person, company_name="old", categories=(CATEGORY, "other"))
    with SqliteSink(tmp_path / "kept.db", keeps_images=True) as sink:
        world.sink = sink
        world.quiet()
        world.write(0, 1, 0, "edited")
        number = run(world).run
    with SqliteSink(tmp_path / "kept.db", keeps_images=True) as sink:
        world.sink = sink
        taken_back(world, number)
        assert {record.company_name for record in shown(world)[1].values()} == {"old"}
        assert rests(world)
        sink.forget(NAME)
        with pytest.raises(UnknownRecord):
            world.sync().undo(number)
