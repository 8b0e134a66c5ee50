"""Maximizer tasks: recurrence, series that go on, unassignment, and edits on both sides."""

from itertools import product

import pytest

from tallystick.ports import Update
from tallystick.providers.memory import Completing
from tallystick.records import Importance, TodoStatus
from tallystick.recurrence import (
    EndDate,
    NoEnd,
    Numbered,
    Pattern,
    Range,
    Recurrence,
    Unreported,
    Weekday,
    WeekIndex,
)
from tallystick.sinks import MemorySink
from tests.behaviour.task_world import USER, Kept, TaskWorld, at, daily, on

PATTERNS = (
    Pattern.daily(3),
    Pattern.weekly([Weekday.MONDAY, Weekday.FRIDAY], first_day_of_week=Weekday.SUNDAY, interval=2),
    Pattern.absolute_monthly(31),
    Pattern.relative_monthly(WeekIndex.LAST, [Weekday.FRIDAY], interval=3),
    Pattern.absolute_yearly(2, 29),
    Pattern.relative_yearly(3, WeekIndex.FIRST, [Weekday.SUNDAY]),
)
HABITS = tuple(product(Completing, Completing))
USUAL = (
    (Completing.ADVANCE, Completing.ADVANCE),
    (Completing.ADD_NEXT, Completing.ADD_COMPLETED),
)


@pytest.mark.behaviour("MX-T-11")
@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.type.value)
def test_every_pattern_travels_both_ways(pattern: Pattern) -> None:
    """All six patterns come over with interval, days, index and month, and come back as no change."""
    world = TaskWorld().begun()
    series = Recurrence(pattern, Range(on(0), EndDate(on(4000)), "UTC"))
    world.task("From the CRM", on(0), recurrence=series)
    world.note("From To Do", on(0), recurrence=series)
    world.settle()

    assert world.left("From the CRM").recurrence == series
    assert world.right("From To Do").recurrence == series


@pytest.mark.behaviour("MX-T-11")
def test_a_count_that_is_reported_as_0_is_no_change() -> None:
    """To Do reports no number of occurrences: the CRM keeps its own, also when the pattern is edited in To Do."""
    world = TaskWorld()
    task = world.task("Water", on(0), recurrence=daily(end=Numbered(10), zone="UTC"))
    world.settle()
    (note,) = world.todo.ids()
    echoed = world.todo.record(note).recurrence
    assert echoed is not None
    assert echoed.range.end == Unreported()
    assert world.crm.record(task).recurrence == daily(end=Numbered(10), zone="UTC")

    world.todo.edit(note, recurrence=daily(interval=2, end=Unreported(), zone="UTC"))
    world.settle()
    assert world.crm.record(task).recurrence == daily(interval=2, end=Numbered(10), zone="UTC")


@pytest.mark.behaviour("MX-T-11")
def test_defaults_of_a_recurrence() -> None:
    """A series without zone is UTC's, a new one whose count To Do does not report has no end in the CRM."""
    world = TaskWorld().begun()
    world.task("Water", on(0), recurrence=daily())
    world.note("Feed", on(0), recurrence=daily(end=Numbered(3)))
    world.settle()

    assert world.left("Water").recurrence == daily(zone="UTC")
    assert world.right("Feed").recurrence == daily(end=NoEnd(), zone="UTC")


@pytest.mark.behaviour("MX-T-11")
def test_a_recurrence_is_taken_away_and_given() -> None:
    """A task that recurs no longer does so on neither side."""
    world = TaskWorld()
    task = world.task("Water", on(0), recurrence=daily())
    world.run()
    world.crm.edit(task, recurrence=None)
    world.settle()
    assert world.left("Water").recurrence is None

    world.todo.edit(world.todo.ids()[0], recurrence=daily(zone="UTC"))
    world.settle()
    assert world.crm.record(task).recurrence == daily(zone="UTC")


@pytest.mark.behaviour("MX-T-11")
def test_a_due_day_that_the_service_moves_into_the_pattern_comes_to_rest() -> None:
    """To Do moves the due day of a series to a day of its pattern; the CRM's own day stays, and nothing goes round."""
    world = TaskWorld()
    mondays = Recurrence(Pattern.weekly([Weekday.MONDAY], first_day_of_week=Weekday.SUNDAY), Range(on(1), zone="UTC"))
    task = world.task("Plan", on(1), recurrence=mondays)
    world.settle()

    assert world.due(world.left("Plan")) == on(7)
    assert world.crm.record(task).due == on(1)


@pytest.mark.behaviour("MX-T-12")
def test_an_unassigned_task_goes_from_to_do() -> None:
    """A task that is taken from the user is removed from the list, and stays in the CRM."""
    world = TaskWorld()
    task = world.task("Call", on(1), assigned_to=(USER, "grace"))
    world.run()
    world.crm.edit(task, assigned_to=("grace",))
    world.settle()

    assert world.titles() == []
    assert world.subjects() == ["Call"]
    world.crm.join(task, USER)
    world.settle()
    assert world.titles() == ["Call"]


@pytest.mark.behaviour("MX-T-12", "TS-03")
@pytest.mark.parametrize("planned", [False, True], ids=["run", "plan and apply"])
def test_a_task_that_is_given_back_after_a_removal_without_an_answer_stays(planned: bool) -> None:
    """What the sync itself has removed was deleted by nobody: the CRM keeps its task, and it is listed again."""
    world = TaskWorld()
    task = world.task("Call", on(1))
    world.run()
    world.crm.edit(task, assigned_to=())
    world.todo.faults.lose_reply("remove")
    world.sync().run()
    assert world.titles() == []
    world.crm.join(task, USER)
    sync = world.sync()
    if planned:
        sync.apply(sync.plan())
    else:
        sync.run()
    world.settle()

    assert world.subjects() == ["Call"]
    assert world.titles() == ["Call"]


@pytest.mark.behaviour("MX-T-12", "TS-14")
def test_an_edit_of_an_unassigned_task_goes_to_the_sink_first() -> None:
    """What was edited in To Do meanwhile does not reach the CRM: it is kept by the sink, and the report names it."""
    sink = Kept()
    world = TaskWorld(sink=sink)
    task = world.task("Call", on(1))
    world.run()
    world.todo.edit(world.todo.ids()[0], title="Ring", importance=Importance.HIGH)
    world.crm.edit(task, assigned_to=())
    report = world.run()

    assert world.titles() == []
    assert world.crm.record(task).subject == "Call"
    assert [loser.values for loser in sink.losers] == [{"text": ("Ring", ""), "importance": Importance.HIGH}]
    assert sorted(note.rule for note in report.notes) == ["importance", "text"]
    world.settle()


@pytest.mark.behaviour("MX-T-12", "TS-03", "TS-14")
def test_an_edit_goes_to_the_sink_also_where_its_task_was_made_without_an_answer() -> None:
    """A task that is edited before the sync knows that it was made, and taken from the user, is not lost either."""
    sink = Kept()
    world = TaskWorld(sink=sink).begun()
    task = world.task("Call", on(1))
    world.todo.faults.lose_reply("create")
    world.sync().run()
    world.todo.edit(world.todo.ids()[0], title="Ring")
    world.crm.edit(task, assigned_to=())
    report = world.run()

    assert world.titles() == []
    assert [loser.values for loser in sink.losers] == [{"text": ("Ring", "")}]
    assert [note.rule for note in report.notes] == ["text"]
    world.settle()


@pytest.mark.behaviour("MX-T-12", "TS-07")
def test_an_update_is_skipped_if_the_task_was_unassigned_meanwhile() -> None:
    """Unassigned between reading and writing: the update is not made, and the task goes from To Do."""
    sink = Kept()
    world = TaskWorld(sink=sink)
    task = world.task("Call", on(1))
    world.run()
    world.todo.edit(world.todo.ids()[0], title="Ring")

    def unassign(batch: object) -> None:
        assert isinstance(batch, (list, tuple))
        if isinstance(batch[0], Update) and world.crm.lists(task):
            world.crm.edit(task, assigned_to=())

    world.crm.faults.before("update", unassign)
    world.run()
    world.settle()

    assert world.crm.record(task).subject == "Call"
    assert world.titles() == []
    assert sink.losers


@pytest.mark.behaviour("MX-T-13", "MX-T-03")
@pytest.mark.parametrize("habits", HABITS, ids="-".join)
@pytest.mark.parametrize("who", ["todo", "crm", "both"])
def test_completing_an_occurrence_makes_no_second_series(habits: tuple[Completing, Completing], who: str) -> None:
    """Whatever a service makes of a completed occurrence: one series on each side, both on the next day."""
    world = TaskWorld(completing=habits)
    task = world.task("Water", at(0, 15), recurrence=daily())
    world.run()
    (note,) = world.todo.ids()
    if who in ("todo", "both"):
        world.todo.complete(note)
    if who in ("crm", "both"):
        world.crm.edit(task, is_completed=True)
    world.settle()

    (left,) = [each for each in world.todo.all().values() if each.recurrence]
    (right,) = [each for each in world.crm.all().values() if each.recurrence]
    assert world.due(left) == on(1)
    assert right.due == at(1, 15)
    assert (left.status, right.is_completed) == (TodoStatus.NOT_STARTED, False)
    assert world.ignored() == {}
    for collection, habit in ((world.todo, habits[0]), (world.crm, habits[1])):
        copies = len(collection) - 1
        assert copies == (
            habit is not Completing.ADVANCE and (who == "both" or (who == "todo") == (collection is world.todo))
        )


@pytest.mark.behaviour("MX-T-13")
@pytest.mark.parametrize("habit", [Completing.ADD_COMPLETED, Completing.ADD_NEXT])
def test_a_series_goes_on_under_its_new_id(habit: Completing) -> None:
    """After several completed occurrences edits still travel, in either direction."""
    world = TaskWorld(completing=(habit, habit))
    world.task("Water", on(0), recurrence=daily())
    world.run()
    for _ in range(3):
        (note,) = [one for one, each in world.todo.all().items() if each.recurrence]
        world.todo.complete(note)
        world.run()
    (note,) = [one for one, each in world.todo.all().items() if each.recurrence]
    world.todo.edit(note, body="twice")
    world.settle()
    (task,) = [one for one, each in world.crm.all().items() if each.recurrence]
    assert world.crm.record(task).subject == "Water\ntwice"
    assert world.crm.record(task).due == on(3)

    world.crm.delete(task)
    world.settle()
    assert not [each for each in world.todo.all().values() if each.recurrence]
    assert len(world.todo) == 3


@pytest.mark.behaviour("MX-T-13")
def test_several_completed_occurrences_at_once() -> None:
    """Three occurrences done between two runs leave one series."""
    world = TaskWorld(completing=(Completing.ADD_NEXT, Completing.ADVANCE))
    world.task("Water", on(0), recurrence=daily())
    world.run()
    for _ in range(3):
        (note,) = [one for one, each in world.todo.all().items() if each.recurrence]
        world.todo.complete(note)
    world.settle()

    assert world.right("Water").due == on(3)
    assert len(world.crm) == 1


@pytest.mark.behaviour("MX-T-13", "MX-T-03")
def test_a_second_series_of_the_same_name_is_told_of() -> None:
    """A person's second series with the same title and days is not created again, and is on the list of ignored."""
    world = TaskWorld()
    world.task("Water", on(0), recurrence=daily())
    world.run()
    second = world.note("Water", on(0), recurrence=daily())
    world.run()

    assert len(world.crm) == 1
    assert world.ignored() == {second: ("candidate_has_partner",)}
    world.todo.edit(second, title="Water the roses")
    world.settle()
    assert world.subjects() == ["Water", "Water the roses"]


@pytest.mark.behaviour("MX-T-13")
def test_a_completed_occurrence_that_is_reopened_is_a_task() -> None:
    """What a service left of a series is passed over until a person makes a task of it."""
    world = TaskWorld(completing=(Completing.ADD_COMPLETED, Completing.ADVANCE))
    world.task("Water", on(0), recurrence=daily())
    world.run()
    world.todo.complete(world.todo.ids()[0])
    world.run()
    (copy,) = [one for one, each in world.todo.all().items() if not each.recurrence]
    world.todo.edit(copy, status=TodoStatus.NOT_STARTED, title="Water again")
    world.settle()

    assert world.subjects() == ["Water", "Water again"]


@pytest.mark.behaviour("MX-T-13", "TS-04")
@pytest.mark.parametrize("habits", USUAL, ids="-".join)
def test_a_year_of_recurring_tasks(habits: tuple[Completing, Completing]) -> None:
    """Day by day for a year, completed on either side or both: one series each, and never anything to write twice."""
    live_a_year(TaskWorld(completing=habits))


@pytest.mark.soak
@pytest.mark.behaviour("MX-T-13", "TS-04")
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("habits", HABITS, ids="-".join)
def test_a_year_of_recurring_tasks_under_every_habit(habits: tuple[Completing, Completing], seed: int) -> None:
    """The same, whatever the services make of a completed occurrence, with feeds that repeat themselves."""
    live_a_year(TaskWorld(completing=habits, replays=True, seed=seed))


def live_a_year(world: TaskWorld) -> None:
    """Complete recurring tasks day by day, and check after each run that there is one series each."""
    weekdays = Pattern.weekly([Weekday.MONDAY, Weekday.THURSDAY], first_day_of_week=Weekday.SUNDAY)
    series = {
        "Daily": daily(),
        "Weekly": Recurrence(weekdays, Range(on(0))),
        "Monthly": Recurrence(Pattern.absolute_monthly(31), Range(on(26))),
    }
    for title, recurrence in series.items():
        world.task(title, recurrence.range.start, recurrence=recurrence)
    world.run()
    world.note("Third", on(0), recurrence=daily(interval=3))
    world.run()
    done = 0
    for day in range(365):
        world.clock.advance(86_400)
        for note, left in world.todo.all().items():
            due = world.due(left)
            if left.recurrence and due and due <= on(day) and (day + len(left.title)) % 3 != 0:
                world.todo.complete(note)
                done += 1
        for task, right in world.crm.all().items():
            if right.recurrence and right.due and world.days.day_of(right.due) <= on(day) and day % 2 == 0:
                world.crm.edit(task, is_completed=True)
                done += 1
        world.run()
        if day % 5 == 0:
            assert world.run().written() == 0, f"day {day}: a second run writes"
        for titles in (
            sorted(each.title for each in world.todo.all().values() if each.recurrence),
            sorted(each.subject for each in world.crm.all().values() if each.recurrence),
        ):
            assert titles == ["Daily", "Monthly", "Third", "Weekly"], f"day {day}"

    assert done > 400
    assert not world.sync().ignored()
    world.settle()
    for title in ("Daily", "Monthly", "Third", "Weekly"):
        (left,) = [each for each in world.todo.all().values() if each.title == title and each.recurrence]
        (right,) = [each for each in world.crm.all().values() if each.subject == title and each.recurrence]
        assert right.due
        assert world.due(left) == world.days.day_of(right.due)


@pytest.mark.behaviour("MX-T-14")
@pytest.mark.parametrize("latest", ["todo", "crm"])
def test_the_latest_of_two_edits_wins(latest: str) -> None:
    """The same field edited on both sides: the later edit stands, the other goes to the sink and is named."""
    sink = Kept()
    world = TaskWorld(sink=sink)
    task = world.task("Call", on(1))
    world.run()
    edits = {
        "todo": lambda: world.todo.edit(world.todo.ids()[0], title="todo"),
        "crm": lambda: world.crm.edit(task, subject="crm"),
    }
    for who in sorted(edits, key=lambda who: who == latest):
        edits[who]()
    world.settle()

    assert world.titles() == world.subjects() == [latest]
    assert [loser.values["text"] for loser in sink.losers] == [("crm" if latest == "todo" else "todo", "")]


@pytest.mark.behaviour("MX-T-11", "TS-04")
def test_a_day_that_the_service_moves_with_the_pattern_is_carried_back() -> None:
    """To Do moves a series to a day of its new pattern by itself: the CRM has that day after the next run."""
    world = TaskWorld()
    task = world.task("Call", at(3, 15), recurrence=daily(1))
    world.run()
    world.crm.edit(task, recurrence=daily(1, 3))
    world.run()
    world.settle()

    due = world.right().due
    assert due is not None
    assert world.due(world.left()) == world.days.day_of(due) == on(4)


@pytest.mark.behaviour("TS-12")
@pytest.mark.parametrize("lost", ["refused", "not answered"])
def test_a_task_that_could_not_be_taken_back_is_not_doubled(lost: str) -> None:
    """To Do does not remove what a run had created: neither task is taken for a new one, and undoing works later."""
    world = TaskWorld(sink=MemorySink(keeps_images=True))
    world.task("Call", on(1))
    number = world.run().run
    if lost == "refused":
        world.todo.faults.refuse(lambda _: True, times=1)
    else:
        world.todo.faults.lose_request("remove")
    world.sync().apply(world.sync().undo(number))
    world.clock.advance(3600)
    world.settle()
    assert world.titles() == world.subjects() == ["Call"]
    world.sync().apply(world.sync().undo(number))
    world.settle()

    assert (world.titles(), world.subjects()) == ([], ["Call"])


@pytest.mark.behaviour("MX-T-14")
@pytest.mark.parametrize("deleted", ["todo", "crm"])
def test_an_edit_beats_a_deletion(deleted: str) -> None:
    """Deleted on one side and edited on the other, the task is created again."""
    world = TaskWorld()
    task = world.task("Call", on(1))
    world.run()
    (note,) = world.todo.ids()
    if deleted == "todo":
        world.todo.delete(note)
        world.crm.edit(task, subject="Ring")
    else:
        world.crm.delete(task)
        world.todo.edit(note, title="Ring")
    world.settle()

    assert world.titles() == world.subjects() == ["Ring"]
    assert world.pairs() == 1
    assert world.right("Ring").assigned_to == (USER,)
