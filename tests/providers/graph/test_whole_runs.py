"""Calendars and tasks of a mailbox at the simulated service, synced with a CRM: there, back, and then quiet."""

from datetime import UTC, date, datetime
from typing import Any

import attrs

import tallystick as ts
from tallystick.ports import Side
from tallystick.profiles import maximizer, zynsync
from tallystick.profiles.zynsync import Company
from tallystick.profiles.zynsync.calendar_rules import EVENTS
from tallystick.providers.memory import FakeCrm, Quirks, VirtualClock
from tallystick.records import CrmTask, TodoStatus, TodoTask
from tallystick.records.occurring import times_of_event
from tallystick.recurrence import EndDate, Instant, Pattern, Range, Recurrence, Weekday, Window, expand, utc_midnight
from tallystick.testing.graph import GraphQuirks, GraphService
from tests.behaviour.calendar_world import PARIS, TODAY, USER, appointment, at, days, event
from tests.providers.graph.test_series import CANCELLED, MOVED, NAMED, TIMED
from tests.providers.graph.worlds import mailbox


class World:
    """A mailbox at the simulated service, a CRM, and a clock for both."""

    def __init__(self, now: datetime, quirks: GraphQuirks | None = None) -> None:
        self.clock = VirtualClock(now)
        self.service = GraphService(clock=self.clock, quirks=quirks, habits=Quirks(zone=PARIS))
        self.crm = FakeCrm(clock=self.clock)
        self.state = ts.MemoryState()
        self.mailbox = mailbox(self.service)

    def run(self, left: Any, right: Any, profile: Any) -> ts.Report:  # noqa: ANN401 -- of whichever kind
        """Run once, ten minutes later."""
        self.clock.advance(600)
        directories: Any = {"entries": self.crm.entries, "leads": self.crm.leads}
        return ts.Sync(
            "s",
            left=left,
            right=right,
            profile=profile,
            state=self.state,
            clock=self.clock,
            directories=directories if profile.name != "maximizer-tasks" else None,
        ).run()


def test_appointments() -> None:
    """Events of the window come to the CRM, single ones, whole days and series, with their edits, and nothing else."""
    world = World(TODAY)
    calendar = world.service.calendar
    review = calendar.insert(event("Review", 20, body="Agenda"))
    calendar.insert(days(date(2026, 3, 24), date(2026, 3, 26)))
    series = calendar.insert(attrs.evolve(TIMED, exceptions=(NAMED,)))
    profile = maximizer.appointments(USER, zone=PARIS)

    def run() -> ts.Report:
        return world.run(world.mailbox.calendar(), world.crm.appointments, profile)

    assert run().written(Side.RIGHT) == 3
    assert run().written() == 0
    calendar.edit(review, subject="Review, again", start=at(21), end=at(21, 12))
    calendar.edit(series, exceptions=(MOVED, NAMED, CANCELLED))
    assert run().written(Side.RIGHT) == 1  # the CRM has no exceptions
    assert run().written() == 0
    calendar.expire_cursors()
    assert run().written() == 0
    shown = {one.subject: one for one in world.crm.appointments.all().values()}
    assert shown["Review, again"].start == at(21).instant()
    assert "Weekly" in shown


def test_a_calendar_there_and_back() -> None:
    """Events of both sides are made on the other, an edit of either goes across, and then nothing is written."""
    world = World(TODAY, GraphQuirks(repeated_transaction="conflict"))
    calendar, appointments = world.service.calendar, world.crm.appointments
    ours = calendar.insert(event("From the mailbox", 20))
    theirs = appointments.insert(appointment("From the CRM", 21, organizer=USER))
    profile = zynsync.calendar(Company(USER), zone=PARIS)

    def run() -> ts.Report:
        return world.run(world.mailbox.calendar(), appointments, profile)

    run()
    assert sorted(one.subject for one in calendar.all().values()) == ["From the CRM", "From the mailbox"]
    assert sorted(one.subject for one in appointments.all().values()) == ["From the CRM", "From the mailbox"]
    assert run().written() == 0
    calendar.edit(ours, subject="Renamed in the mailbox")
    appointments.edit(theirs, subject="Renamed in the CRM", location="Room 5")
    run()
    assert sorted(one.subject for one in calendar.all().values()) == ["Renamed in the CRM", "Renamed in the mailbox"]
    assert sorted(one.subject for one in appointments.all().values()) == [
        "Renamed in the CRM",
        "Renamed in the mailbox",
    ]
    assert run().written() == 0


def test_a_series_of_a_crm_that_keeps_it_in_another_zone() -> None:
    """A series that a CRM keeps in UTC arrives in a mailbox in Paris, goes by UTC, and can be given other weeks."""
    world = World(TODAY)
    world.crm = FakeCrm(clock=world.clock, support=EVENTS)
    calendar, appointments = world.service.calendar, world.crm.appointments
    mondays = Pattern.weekly((Weekday.MONDAY,), first_day_of_week=Weekday.SUNDAY)
    in_utc = Recurrence(mondays, Range(date(2026, 3, 16), EndDate(date(2026, 6, 1)), "UTC"))
    mine = calendar.insert(event("From Paris", 16, recurrence=attrs.evolve(in_utc, range=Range(date(2026, 3, 16)))))
    theirs = appointments.insert(appointment("Weekly", 16, recurrence=in_utc, organizer=USER))
    profile = zynsync.calendar(Company(USER), zone=PARIS)

    def run() -> ts.Report:
        return world.run(world.mailbox.calendar(), appointments, profile)

    assert run().errors == ()
    (made,) = (one for one in calendar.all().values() if one.subject == "Weekly")
    times = times_of_event(made)
    assert times is not None
    after = expand(times.series(), Window(date(2026, 3, 30), date(2026, 3, 31)))
    assert [one.start for one in after] == [at(30, 9, zone="UTC")]
    assert run().written() == 0
    (pair,) = (id_ for id_, one in appointments.all().items() if one.subject == "From Paris")
    appointments.edit(pair, recurrence=in_utc)
    fortnightly = attrs.evolve(in_utc, pattern=attrs.evolve(mondays, interval=2))
    appointments.edit(theirs, recurrence=fortnightly)
    assert run().errors == ()
    assert run().written() == 0
    moved = calendar.record(mine)
    assert moved.start == at(16, 9, zone="UTC")
    rules = [one.recurrence for one in calendar.all().values()]
    assert [rule.pattern.interval for rule in rules if isinstance(rule, Recurrence)] == [1, 2]


def test_tasks() -> None:
    """Tasks of a list of the sync's own and of a CRM are kept in step, recurring ones too, and then none is written."""
    world = World(datetime(2026, 1, 5, 8, tzinfo=UTC))
    tasks, todo = world.mailbox.tasks(), world.service.todo
    scope = tasks.own_scope("Maximizer", "ada/tasks")
    due = utc_midnight(date(2026, 1, 7))
    daily = Recurrence(Pattern.daily(), Range(date(2026, 1, 7)))
    theirs = world.crm.tasks.insert(CrmTask(subject="From the CRM", due=Instant(datetime(2026, 1, 8, 12, tzinfo=UTC))))

    def run() -> ts.Report:
        mine = tasks.own_scope("Maximizer", "ada/tasks")
        return world.run(tasks, world.crm.tasks, maximizer.tasks(mine, zone=PARIS))

    run()
    ours = todo.insert(TodoTask("From To Do", body="text", due=due), folder=scope.name)
    todo.insert(TodoTask("Every day", due=due, recurrence=daily), folder=scope.name)
    todo.insert(TodoTask("Somebody's own"))
    run()
    assert len(world.crm.tasks.ids()) == 3
    assert len(todo.ids()) == 4
    run()
    assert run().written() == 0
    todo.edit(ours, status=TodoStatus.COMPLETED)
    world.crm.tasks.edit(theirs, subject="Renamed")
    assert run().written() == 2
    assert run().written() == 0
    assert "Renamed" in {one.title for one in todo.all().values()}
