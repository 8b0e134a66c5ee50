"""Maximizer tasks: the sync's own list, what a first run takes, and what later runs do."""

from datetime import timedelta

import pytest

from tallystick.errors import ScopeGone
from tallystick.ports import RunState, Scope
from tallystick.providers.memory import FakeOutlook
from tallystick.records import TodoTask
from tests.behaviour.task_world import NAME, USER, TaskWorld, at, on


@pytest.mark.behaviour("MX-T-01")
def test_the_sync_makes_a_list_of_its_own() -> None:
    """The list is called Maximizer, or the first of Maximizer (2), (3) … that is free."""
    tasks = FakeOutlook().tasks
    first = tasks.own_scope("Maximizer", "one")
    assert tasks.titles()[first.name or ""] == "Maximizer"

    tasks.make_list("maximizer (2)")
    third = tasks.own_scope("Maximizer", "another")
    assert tasks.titles()[third.name or ""] == "Maximizer (3)"
    assert tasks.own_scope("Maximizer", "another") == third


@pytest.mark.behaviour("MX-T-01")
def test_a_list_that_is_there_can_not_be_chosen() -> None:
    """There is nothing to choose from, and a list of that name which a person made stays the person's."""
    world = TaskWorld()
    persons = world.todo.make_list("Maximizer")
    assert world.sync().scopes("left") == []
    assert world.scope().name != persons

    world.todo.insert(TodoTask("Private"), lists=[persons])
    world.task("Call")
    world.settle()
    assert world.todo.all(persons).keys() & world.todo.all(world.list.name).keys() == set()
    assert world.subjects() == ["Call"]


@pytest.mark.behaviour("MX-T-01")
def test_a_renamed_list_stays_the_syncs_own() -> None:
    """The list is known by its id: called something else it is still the one, also to a sync that begins afresh."""
    world = TaskWorld()
    world.task("Call")
    world.run()
    world.todo.rename_list(world.list.name or "", "My work")
    known = world.list

    assert world.scope() == known
    assert world.afresh().written() == 0
    assert world.titles() == ["Call"]


@pytest.mark.behaviour("MX-T-01")
def test_a_list_that_is_gone_is_made_anew_and_filled() -> None:
    """Deleting the list deletes no CRM task: a new list is made, and the tasks are on it, old and done ones as well."""
    world = TaskWorld()
    old, done = world.task("Old", on(-10)), world.task("Done", on(3))
    world.task("Water", on(1))
    world.run()
    world.note("From To Do", on(2))
    world.run()
    world.crm.edit(done, is_completed=True)
    world.clock.advance(timedelta(days=40))
    world.run()
    world.todo.delete_list(world.list.name or "")

    report = world.run()
    assert report.state is RunState.PROBLEM
    assert "own_scope" in report.note
    assert len(world.crm) == 4

    gone = world.list
    assert world.scope() != gone
    world.settle()
    assert world.titles() == ["Done", "From To Do", "Old", "Water"]
    assert len(world.crm) == 4
    assert world.pairs() == 4
    assert old in world.crm


@pytest.mark.behaviour("MX-T-01")
def test_a_sync_whose_state_was_lost_uses_its_list_again() -> None:
    """A fresh state finds the list by its mark, and pairs what is on it instead of making it twice."""
    world = TaskWorld()
    world.task("Call", at(1))
    world.task("Water", on(2))
    world.run()
    again = TaskWorld()
    again.todo, again.crm, again.clock, again.list = world.todo, world.crm, world.clock, Scope()
    again.scope()

    again.settle()
    assert again.list == world.list
    assert again.titles() == ["Call", "Water"]
    assert again.pairs() == 2


@pytest.mark.behaviour("MX-T-01")
def test_a_gone_list_is_never_an_empty_one() -> None:
    """Asking for a list that is gone is an error, so that nobody takes its tasks for deleted."""
    world = TaskWorld()
    world.todo.delete_list(world.list.name or "")

    with pytest.raises(ScopeGone):
        world.todo.changes(None, world.list)


@pytest.mark.behaviour("MX-T-02")
def test_a_first_run_takes_what_is_to_be_done() -> None:
    """Undone tasks of the last fourteen days come over, and all tasks from today on, done or not."""
    world = TaskWorld()
    for day in (-15, -14, -1, 0, 20):
        world.task(f"open {day}", on(day))
        world.task(f"done {day}", on(day), is_completed=True)
    world.settle()

    assert world.titles() == ["done 0", "done 20", "open -1", "open -14", "open 0", "open 20"]
    assert not world.sync().ignored()


@pytest.mark.behaviour("MX-T-02")
def test_today_is_the_users_own_day() -> None:
    """A task that is due last night in the user's zone is overdue, also where it is today in UTC."""
    world = TaskWorld(overdue=timedelta(0))
    world.task("last night", at(0, 4, 30))
    world.task("this morning", at(0, 5, 30))
    world.run()

    assert world.titles() == ["this morning"]


@pytest.mark.behaviour("MX-T-02", "MX-T-03")
def test_what_a_first_run_passed_over_comes_when_it_changes() -> None:
    """An old task stays out until somebody edits it, also where the cursors are lost in between."""
    world = TaskWorld()
    old = world.task("Old", on(-100))
    world.settle()
    assert world.titles() == []

    world.crm.edit(old, priority="HI")
    world.settle()
    assert world.titles() == ["Old"]


@pytest.mark.behaviour("MX-T-02")
def test_what_a_first_run_finds_on_the_list_is_left_as_it_is() -> None:
    """A task that was on the list before is neither changed nor sent to the CRM."""
    world = TaskWorld()
    one = world.note("Mine", on(1))
    before = world.todo.item(one)
    world.settle()

    assert world.todo.item(one) == before
    assert world.subjects() == []


@pytest.mark.behaviour("MX-T-03")
def test_new_tasks_travel_both_ways() -> None:
    """A task that is new on one side is created on the other."""
    world = TaskWorld().begun()
    world.task("From the CRM", on(-100))
    world.note("From To Do", on(1))
    world.settle()

    assert world.titles() == ["From To Do", "From the CRM"]
    assert world.subjects() == ["From To Do", "From the CRM"]


@pytest.mark.behaviour("MX-T-03")
def test_two_tasks_may_have_the_same_title() -> None:
    """A second task of the same title and day is a task of its own."""
    world = TaskWorld().begun()
    world.task("Call", on(1))
    world.settle()
    world.task("Call", on(1))
    world.note("Call", on(2))
    world.settle()
    world.note("Call", on(1))
    world.settle()

    assert world.titles() == ["Call"] * 4
    assert world.subjects() == ["Call"] * 4


@pytest.mark.behaviour("MX-T-03")
def test_edits_travel_both_ways() -> None:
    """An edit on either side updates the task on the other."""
    world = TaskWorld()
    task = world.task("Call", on(1))
    world.run()
    (note,) = world.todo.ids()

    world.todo.edit(note, title="Call Grace")
    world.run()
    assert world.crm.record(task).subject == "Call Grace"
    world.crm.edit(task, priority="HI")
    world.settle()
    assert world.todo.record(note).importance == "high"


@pytest.mark.behaviour("MX-T-03")
@pytest.mark.parametrize("side", ["todo", "crm"])
def test_a_deleted_task_is_deleted_on_the_other_side(side: str) -> None:
    """Whoever deletes a task that is in sync deletes it on both sides."""
    world = TaskWorld()
    world.task("Call", on(1))
    world.task("Water", on(1))
    world.run()
    deleting = getattr(world, side)
    deleting.delete(deleting.ids()[0])
    world.settle()

    assert world.titles() == world.subjects() == ["Water"]


@pytest.mark.behaviour("MX-T-03")
def test_a_task_that_is_moved_to_another_list_counts_as_deleted() -> None:
    """Its id is gone and nothing leads to the new one; moved back, it is a new task."""
    world = TaskWorld()
    world.task("Call", on(1))
    world.run()
    other = world.todo.make_list("Other")
    moved = world.todo.move_to(world.todo.ids()[0], other)
    world.settle()
    assert world.subjects() == []

    world.todo.move_to(moved, world.list.name or "")
    world.settle()
    assert world.subjects() == ["Call"]


@pytest.mark.behaviour("MX-T-04")
def test_tasks_without_a_title_are_ignored() -> None:
    """A blank subject or title is a reason, and mended the task counts as created."""
    world = TaskWorld().begun()
    task, note = world.task(" \n", on(1)), world.note("  ", on(1))
    world.run()
    assert world.ignored() == {task: ("missing:subject",), note: ("missing:title",)}
    assert (world.titles(), world.subjects()) == (["  "], [" \n"])

    world.crm.edit(task, subject="Call")
    world.todo.edit(note, title="Water")
    world.settle()
    assert world.ignored() == {}
    assert world.titles() == world.subjects() == ["Call", "Water"]


@pytest.mark.behaviour("MX-T-04")
def test_only_the_users_own_tasks_take_part() -> None:
    """Somebody else's task is not synced, and counts as created once it is assigned to the user."""
    world = TaskWorld()
    task = world.task("Call", on(1), assigned_to=("grace",))
    world.settle()
    assert world.titles() == []

    world.crm.edit(task, assigned_to=("grace", USER))
    world.settle()
    assert world.titles() == ["Call"]
    assert world.crm.record(task).assigned_to == ("grace", USER)


@pytest.mark.behaviour("MX-T-04")
def test_a_crm_task_that_loses_its_subject_waits() -> None:
    """A pair whose CRM task has no subject any more stays, and nothing is written until it is mended."""
    world = TaskWorld()
    task = world.task("Call", on(1))
    world.run()
    world.crm.edit(task, subject=" ")
    world.todo.edit(world.todo.ids()[0], body="text")
    assert world.run().written() == 0
    assert world.ignored() == {task: ("missing:subject",)}

    world.crm.edit(task, subject="Call Grace")
    world.settle()
    assert world.right().subject == "Call Grace\ntext"
    assert world.state.links(NAME, 0, world.todo.ids())  # type: ignore[arg-type]  # a side by its number
