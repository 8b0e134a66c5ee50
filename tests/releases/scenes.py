"""Provide one scene of each kind of sync: what is there before a run, and what persons do after it.

Scenes are made the same in every process and by every release, so that a state which an earlier one wrote fits them.
A scene is never changed once a release has been made with it; another one is added.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs

from tallystick import Profile, Sync
from tallystick.ports import State
from tallystick.profiles import maximizer, zynsync
from tallystick.profiles.zynsync import Company
from tallystick.profiles.zynsync.calendar_rules import EVENTS, MOST_DESCRIPTION
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.records import Appointment, Attendee, Contact, CrmTask, EmailAddress, Entry, Event, TodoTask
from tallystick.recurrence import Instant, NoEnd, Pattern, Range, Recurrence, WallTime

KEY = bytes(range(32))
NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
ZONE = "Europe/Paris"


@attrs.frozen
class Scene:
    """Two sides with what is on them, their profile, and what persons do once a run was made."""

    left: Any
    right: Any
    profile: Profile[Any, Any]
    clock: VirtualClock
    later: Callable[[], object]
    directories: Mapping[str, Any] = attrs.field(factory=dict)

    def sync(self, state: State) -> Sync[Any, Any]:
        """Return the sync of both sides."""
        return Sync(
            "kept",
            left=self.left,
            right=self.right,
            profile=self.profile,
            state=state,
            clock=self.clock,
            worker="the only one",
            directories=self.directories,
        )


def _sides() -> tuple[FakeOutlook, FakeCrm, VirtualClock]:
    clock = VirtualClock(NOW)
    return FakeOutlook(clock=clock), FakeCrm(clock=clock), clock


def contacts() -> Scene:
    """Three that pair, one that is new on each side, one that is unfit; then an edit on either side and a newcomer."""
    outlook, crm, clock = _sides()

    def person(number: int, **fields: Any) -> Contact:  # noqa: ANN401 -- a contact's
        mail = (EmailAddress(f"p{number}@example.com"),)
        named = {"given_name": f"Given{number}", "surname": f"Family{number}", "categories": ("Maximizer",)}
        return Contact(**{**named, "email_addresses": mail, **fields})

    ids = [outlook.contacts.insert(person(number, company_name="Mill Works")) for number in (1, 2, 3, 4)]
    outlook.contacts.insert(person(5, given_name="", surname=""))
    entries = [
        crm.entries.insert(
            Entry(first_name=f"Given{number}", last_name=f"Family{number}", emails=(f"p{number}@example.com",)),
            lists=("Clients",),
        )
        for number in (2, 3, 6)
    ]

    def later() -> None:
        outlook.contacts.edit(ids[0], job_title="Engineer", mobile_phone="+33 1 23 45 67 89")
        crm.entries.edit(entries[0], position="Director")
        outlook.contacts.insert(person(7))

    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients")
    return Scene(outlook.contacts, crm.entries, profile, clock, later)


def tasks() -> Scene:
    """A dated task on each side, one without a day and a series; then one is done and another renamed."""
    outlook, crm, clock = _sides()
    scope = outlook.tasks.own_scope("Maximizer", "kept")
    midnight = Instant(datetime(2026, 3, 19, 23, tzinfo=UTC))
    todo = outlook.tasks.insert(TodoTask("Call the mill", due=midnight), lists=(scope.name or "",))
    outlook.tasks.insert(TodoTask("Some day"), lists=(scope.name or "",))
    daily = Recurrence(Pattern.daily(2), Range(date(2026, 3, 20), NoEnd()))
    crm.tasks.insert(CrmTask("Water the plants", date(2026, 3, 20), assigned_to=("u1",), recurrence=daily))
    task = crm.tasks.insert(CrmTask("Write the offer", date(2026, 3, 21), assigned_to=("u1",)))

    def later() -> None:
        crm.tasks.edit(task, subject="Write the new offer")
        outlook.tasks.edit(todo, title="Call the old mill")

    return Scene(outlook.tasks, crm.tasks, maximizer.tasks(scope, "u1", zone=ZONE), clock, later)


def _meeting(outlook: FakeOutlook) -> tuple[str, str]:
    start = WallTime(datetime(2026, 3, 20, 10), ZONE)  # noqa: DTZ001 - a clock on the wall
    end = WallTime(datetime(2026, 3, 20, 11), ZONE)  # noqa: DTZ001 - the same
    guest = (Attendee(EmailAddress("p1@example.com")),)
    weekly = Recurrence(Pattern.daily(7), Range(date(2026, 3, 20), NoEnd(), ZONE))
    one = outlook.calendar.insert(Event("Review", start, end, body="About the mill", attendees=guest))
    outlook.calendar.insert(Event("Fair", date(2026, 3, 25), date(2026, 3, 27)))
    return one, outlook.calendar.insert(Event("Standing", start, end, recurrence=weekly))


def appointments() -> Scene:
    """A meeting with a guest, whole days and a series, one way to the CRM; then the meeting moves."""
    outlook, crm, clock = _sides()
    crm.entries.insert(Entry(first_name="Given1", last_name="Family1", emails=("p1@example.com",)))
    one, _ = _meeting(outlook)

    def later() -> None:
        outlook.calendar.edit(one, subject="Review of the year")

    known = {"entries": crm.entries, "leads": crm.leads}
    profile = maximizer.appointments("u1", zone=ZONE)
    return Scene(outlook.calendar, crm.appointments, profile, clock, later, known)


def calendar() -> Scene:
    """The same mailbox and an appointment of the CRM's own, both ways; then the appointment moves."""
    clock = VirtualClock(NOW)
    outlook = FakeOutlook(clock=clock)
    crm = FakeCrm(clock=clock, support=EVENTS, longest_description=MOST_DESCRIPTION)
    _meeting(outlook)
    at = datetime(2026, 3, 23, 13, tzinfo=UTC)
    one = crm.appointments.insert(Appointment("Visit", Instant(at), Instant(at + timedelta(hours=1))))

    def later() -> None:
        crm.appointments.edit(one, subject="Visit to the mill")

    known = {"entries": crm.entries, "leads": crm.leads}
    return Scene(outlook.calendar, crm.appointments, zynsync.calendar(Company("u1"), zone=ZONE), clock, later, known)


SCENES: Mapping[str, Callable[[], Scene]] = {
    "contacts": contacts,
    "tasks": tasks,
    "appointments": appointments,
    "calendar": calendar,
}
