"""Maximizer tasks: text, due day, priority, status, completion and alarm, and what of them never travels back."""

import pytest

from tallystick.ports import Side
from tallystick.profiles.maximizer import TaskTables
from tallystick.reconcile import Note
from tallystick.records import CrmTask, Importance, TodoStatus, TodoTask
from tests.behaviour.task_world import TODAY, USER, TaskWorld, at, on

LONG = "x" * 250 + " and much more"


@pytest.mark.behaviour("MX-T-05")
def test_the_first_line_is_the_title() -> None:
    """The subject's first line is the title, its other lines are the body."""
    world = TaskWorld()
    world.task("Call Grace\nabout the compiler\n\nsoon", on(1))
    world.settle()

    assert world.left("Call Grace").body == "about the compiler\n\nsoon"


@pytest.mark.behaviour("MX-T-05")
def test_a_long_first_line_goes_on_in_the_body() -> None:
    """What exceeds 255 characters is the body's first line, and reads as no change in later runs."""
    world = TaskWorld()
    task = world.task(f"{LONG}\nrest", on(1))
    world.settle()
    (shown,) = world.todo.all().values()
    assert (shown.title, shown.body) == (LONG[:255], f"{LONG[255:]}\nrest")
    assert world.crm.record(task).subject == f"{LONG}\nrest"

    world.todo.edit(world.todo.ids()[0], body=f"{LONG[255:]}\nrest and more")
    world.settle()
    assert world.crm.record(task).subject == f"{LONG}\nrest and more"


@pytest.mark.behaviour("MX-T-05")
def test_a_title_is_never_cut_inside_a_character() -> None:
    """An accent stays with its letter where the title ends."""
    world = TaskWorld()
    world.task("x" * 254 + "e\u0301nd", on(1))
    world.settle()

    (shown,) = world.todo.all().values()
    assert (shown.title, shown.body) == ("x" * 254, "e\u0301nd")


@pytest.mark.behaviour("MX-T-05")
def test_title_and_body_become_the_subjects_lines() -> None:
    """A task of To Do is a subject of title and body lines."""
    world = TaskWorld().begun()
    world.note("Call Grace", on(1), body="about\nthe compiler")
    world.settle()

    assert world.subjects() == ["Call Grace\nabout\nthe compiler"]


@pytest.mark.behaviour("MX-T-05")
def test_an_emptied_title_is_a_point() -> None:
    """A title that is emptied on a task in sync becomes a point in the CRM, and stays empty in To Do."""
    world = TaskWorld()
    task = world.task("Call\nGrace", on(1))
    world.run()
    (note,) = world.todo.ids()
    world.todo.edit(note, title="")
    world.settle()
    assert world.crm.record(task).subject == ".\nGrace"
    assert world.todo.record(note).title == ""

    world.crm.edit(task, subject=".\nGrace Hopper")
    world.settle()
    assert (world.todo.record(note).title, world.todo.record(note).body) == ("", "Grace Hopper")


@pytest.mark.behaviour("MX-T-05", "MX-T-14")
def test_edits_of_title_and_body_on_both_sides_are_both_kept() -> None:
    """A title edited here and a body edited there do not meet."""
    world = TaskWorld()
    task = world.task("Call\nGrace", on(1))
    world.run()
    world.todo.edit(world.todo.ids()[0], title="Ring")
    world.crm.edit(task, subject="Call\nGrace Hopper")
    world.settle()

    assert world.subjects() == ["Ring\nGrace Hopper"]
    assert world.left("Ring").body == "Grace Hopper"


@pytest.mark.behaviour("MX-T-06")
@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Pacific/Kiritimati", 3), ("Europe/Berlin", 2), ("UTC", 2), ("America/New_York", 2), ("Pacific/Pago_Pago", 2)],
)
def test_a_due_time_is_a_day_in_the_users_zone(zone: str, shown: int) -> None:
    """Noon in UTC is the same day nearly everywhere, and tomorrow in Kiritimati; back it is no change."""
    world = TaskWorld(zone=zone)
    task = world.task("Call", at(2, 12))
    world.settle()

    assert world.due(world.left()) == on(shown)
    assert world.crm.record(task).due == at(2, 12)


@pytest.mark.behaviour("MX-T-06")
def test_another_time_of_day_is_no_change() -> None:
    """An edit of the time alone writes nothing; the time is kept when the day is changed in To Do."""
    world = TaskWorld()
    task = world.task("Call", at(2, 15))
    world.run()
    world.crm.edit(task, due=at(2, 18, 30))
    assert world.run().written() == 0

    world.todo.edit(world.todo.ids()[0], due=world.days.midnight(on(4)))
    world.settle()
    assert world.crm.record(task).due == at(4, 18, 30)


@pytest.mark.behaviour("MX-T-06")
def test_a_day_that_a_person_sets_comes_as_a_midnight() -> None:
    """To Do answers the UTC instant of the person's midnight: the CRM gets the day that the person meant."""
    for zone in ("Pacific/Kiritimati", "Asia/Tokyo", "Pacific/Honolulu"):
        world = TaskWorld(zone=zone).begun()
        world.note("Call", on(3))
        world.settle()
        assert world.right().due == on(3), zone


@pytest.mark.behaviour("MX-T-06")
def test_a_missing_due_day_is_the_day_after_the_reminder() -> None:
    """Without due day the reminder's day and one more counts, and the day never travels back."""
    world = TaskWorld().begun()
    note = world.note(is_reminder_on=True, reminder=at(3, 15))
    world.settle()
    assert world.right().due == on(4)
    assert world.todo.record(note).due is None

    world.todo.edit(note, reminder=at(7, 15))
    world.settle()
    assert world.right().due == on(8)
    assert world.todo.record(note).due is None


@pytest.mark.behaviour("MX-T-06")
def test_the_reminders_own_day_is_a_policy() -> None:
    """An integrator may take the day of the reminder itself."""
    world = TaskWorld(days_after_reminder=0).begun()
    world.note(is_reminder_on=True, reminder=at(3, 15))
    world.run()

    assert world.right().due == on(3)


@pytest.mark.behaviour("MX-T-06")
def test_without_reminder_the_day_of_creation_counts() -> None:
    """A task with neither is due when it was made; a day that is set in the CRM does travel."""
    world = TaskWorld().begun()
    note = world.note(reminder=at(3, 15))
    world.settle()
    assert world.right().due == TODAY
    assert world.todo.record(note).due is None

    world.crm.edit(world.crm.ids()[0], due=on(9))
    world.settle()
    assert world.due(world.left()) == on(9)


@pytest.mark.behaviour("MX-T-07")
@pytest.mark.parametrize(
    ("priority", "importance"),
    [("HI", Importance.HIGH), ("MED", Importance.NORMAL), ("LOW", Importance.LOW), ("hoch", Importance.NORMAL)],
)
def test_priorities_are_importances(priority: str, importance: Importance) -> None:
    """The three known priorities are the three importances; any other one is normal, and is kept."""
    world = TaskWorld()
    task = world.task("Call", on(1), priority=priority)
    world.settle()
    assert world.left().importance is importance

    world.todo.edit(world.todo.ids()[0], title="Ring")
    world.settle()
    assert world.crm.record(task).priority == priority


@pytest.mark.behaviour("MX-T-07")
def test_an_importance_is_a_priority() -> None:
    """An edited importance replaces a custom priority; one that was never set is MED."""
    world = TaskWorld()
    task = world.task("Call", on(1), priority="hoch")
    world.run()
    world.todo.edit(world.todo.ids()[0], importance=Importance.LOW)
    world.note("Water", on(1))
    world.settle()

    assert world.crm.record(task).priority == "LOW"
    assert world.right("Water").priority == "MED"


STATUSES = [
    ("Not started", TodoStatus.NOT_STARTED),
    ("In progress", TodoStatus.IN_PROGRESS),
    ("Completed", TodoStatus.COMPLETED),
    ("Waiting", TodoStatus.WAITING_ON_OTHERS),
    ("Deferred", TodoStatus.DEFERRED),
    ("Sleeping", TodoStatus.NOT_STARTED),
]


@pytest.mark.behaviour("MX-T-08")
@pytest.mark.parametrize(("name", "status"), STATUSES)
def test_a_crms_status_is_mapped_by_name(name: str, status: TodoStatus) -> None:
    """A status goes by its name, another one is not started, and is kept when that comes back."""
    world = TaskWorld()
    task = world.task("Call", on(1), status=name)
    world.settle()
    assert world.left().status is status

    world.todo.edit(world.todo.ids()[0], title="Ring")
    world.settle()
    assert world.crm.record(task).status == name


@pytest.mark.behaviour("MX-T-08")
def test_the_mark_of_completion_wins() -> None:
    """A completed CRM task is completed whatever its status; completing in To Do sets the mark, and no status."""
    world = TaskWorld()
    world.task("Call", on(1), is_completed=True, status="In progress")
    task = world.task("Water", on(1), status="Waiting")
    world.settle()
    assert world.left("Call").status is TodoStatus.COMPLETED
    assert world.right("Call").status == "In progress"

    (note,) = [one for one, each in world.todo.all().items() if each.title == "Water"]
    world.todo.complete(note)
    world.settle()
    assert (world.crm.record(task).is_completed, world.crm.record(task).status) == (True, "")

    world.todo.edit(note, status=TodoStatus.DEFERRED)
    world.settle()
    assert (world.crm.record(task).is_completed, world.crm.record(task).status) == (False, "Deferred")


@pytest.mark.behaviour("MX-T-08")
@pytest.mark.parametrize(("name", "status"), STATUSES[:-1])
def test_a_status_of_to_do_is_a_status_by_name(name: str, status: TodoStatus) -> None:
    """A new task that is not begun is so by its name, too; only what is completed has the mark, and no status."""
    world = TaskWorld().begun()
    world.note("New", on(1), status=status)
    task = world.task("Known", on(1), status="Waiting" if status is TodoStatus.DEFERRED else "Deferred")
    world.run()
    (known,) = [one for one, each in world.todo.all().items() if each.title == "Known"]
    world.todo.edit(known, status=status)
    world.settle()

    done = status is TodoStatus.COMPLETED
    expected = (done, "" if done else name)
    assert (world.right("New").is_completed, world.right("New").status) == expected
    assert (world.crm.record(task).is_completed, world.crm.record(task).status) == expected


@pytest.mark.behaviour("MX-T-08")
def test_the_names_can_be_replaced() -> None:
    """A CRM in another language has its own table."""
    names = {status: f"<{status}>" for status in TodoStatus}
    world = TaskWorld(tables=TaskTables(statuses=names))
    world.task("Call", on(1), status="<inProgress>")
    world.run()

    assert world.left().status is TodoStatus.IN_PROGRESS


@pytest.mark.behaviour("MX-T-09")
def test_the_day_of_completion_travels() -> None:
    """Completed on either side, a task has the same day of completion on both; reopened it has none."""
    world = TaskWorld()
    one, other = world.task("Call", on(1)), world.task("Water", on(1))
    world.run()
    (call,) = [note for note, each in world.todo.all().items() if each.title == "Call"]
    world.clock.advance(86_400 * 2)
    world.todo.complete(call)
    world.crm.edit(other, is_completed=True, completion_date=on(1))
    world.settle()
    completed = world.left("Water").completed
    assert world.crm.record(one).completion_date == on(2)
    assert completed is not None
    assert world.days.shown_day(completed) == on(1)

    world.todo.edit(call, status=TodoStatus.NOT_STARTED)
    world.settle()
    assert world.crm.record(one).completion_date is None


@pytest.mark.behaviour("MX-T-10")
def test_an_alarm_is_a_reminder() -> None:
    """An alarm is a reminder that is on; without one it is off, and off it is no alarm."""
    world = TaskWorld()
    task = world.task("Call", at(2, 15), alarm=at(2, 14))
    world.task("Water", on(1))
    world.settle()
    assert (world.left().is_reminder_on, world.left().reminder) == (True, at(2, 14))
    assert not world.left("Water").is_reminder_on

    (note,) = [one for one, each in world.todo.all().items() if each.title == "Call"]
    world.todo.edit(note, is_reminder_on=False)
    world.settle()
    assert world.crm.record(task).alarm is None
    world.crm.edit(task, alarm=at(1, 9))
    world.settle()
    assert (world.left().is_reminder_on, world.left().reminder) == (True, at(1, 9))


@pytest.mark.behaviour("MX-T-10")
def test_an_alarm_after_the_due_time_is_moved_to_it() -> None:
    """The CRM takes no alarm after the due time: it is moved there, reported, and never moves To Do's own."""
    world = TaskWorld()
    task = world.task("Call", at(2, 15))
    world.run()
    (note,) = world.todo.ids()
    world.todo.edit(note, is_reminder_on=True, reminder=at(3, 9))
    report = world.run()
    assert world.crm.record(task).alarm == at(2, 15)
    assert [(one.kind, one.side, one.rule) for one in report.notes] == [(Note.NOT_CARRIED, Side.LEFT, "due_and_alarm")]

    world.settle()
    assert world.todo.record(note).reminder == at(3, 9)


@pytest.mark.behaviour("MX-T-10")
def test_a_whole_day_lasts_until_its_end() -> None:
    """A task that is due on a day has that day for its alarm: up to the last minute in the user's zone."""
    world = TaskWorld().begun()
    world.note("Morning", on(2), is_reminder_on=True, reminder=at(2, 14))
    world.note("Late", on(2), is_reminder_on=True, reminder=at(4, 14))
    world.settle()

    assert world.right("Morning").alarm == at(2, 14)
    assert world.right("Late").alarm == at(3, 4, 59)


@pytest.mark.behaviour("MX-T-12")
def test_new_tasks_are_assigned_to_the_user() -> None:
    """What comes from To Do is the user's."""
    world = TaskWorld().begun()
    world.note("Call", on(1))
    world.run()

    assert world.right().assigned_to == (USER,)


def test_records_of_tasks_show_no_contents() -> None:
    """A task can be logged without telling what it says."""
    assert "secret" not in repr(TodoTask("secret"))
    assert "secret" not in repr(CrmTask("secret"))
