"""Provide the small world with tasks in it: To Do's own list on the left, the user's CRM tasks on the right.

A task is known by the first word of its title; its body is the text that users write. Every fourth one recurs.
"""

# ruff: noqa: ANN401 - these take whatever they are given

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs

from tallystick import Profile
from tallystick.profiles import maximizer
from tallystick.providers.memory import MemoryCollection, Quirks
from tallystick.records import CrmTask, Importance, TodoStatus, TodoTask
from tallystick.recurrence import Instant, LocalDays, Pattern, Range, Recurrence
from tests.simulation.world import World, person_of

USER = "ada"
ZONE = "Australia/Lord_Howe"
DAYS = LocalDays.of(ZONE)
DUE = date(2026, 1, 7)
TURNS, DUE_TURN = 5, 3
"""How many things of a task beside its text can be changed, and which of them is its due day."""
_RECURS = Recurrence(Pattern.daily(2), Range(DUE, zone="UTC"))
_PRIORITIES = ("LOW", "MED", "HI", "odd")
_STATUSES = ("Not started", "Waiting", "odd")


class TaskWorld(World):
    """Tasks on both sides. As the sync's own list begins empty, a world is begun by a run of nothing."""

    def __init__(self, *, quirks: Quirks | None = None, **settings: Any) -> None:
        super().__init__(quirks=attrs.evolve(quirks or Quirks(), zone=ZONE), **settings)

    def usual_profile(self) -> Profile[TodoTask, CrmTask]:
        """Return the task sync."""
        scope = self.outlook.tasks.own_scope("Maximizer", "simulated")
        self.scopes = (scope.name or "", USER)
        return maximizer.tasks(scope, USER, zone=ZONE)

    @property
    def sides(self) -> tuple[MemoryCollection[Any], MemoryCollection[Any]]:
        """Both collections, by side."""
        return (self.outlook.tasks, self.crm.tasks)

    def begun(self) -> "TaskWorld":
        """Return this world after its first run."""
        self.run()
        return self

    def insert(self, side: int, person: int, **fields: Any) -> str:
        """Add a task of the user's."""
        recurrence = _RECURS if self.recurs(person) else None
        if side == 0:
            made: dict[str, Any] = {"title": self.known_as(person), "due": DAYS.midnight(DUE), **fields}
            return self.outlook.tasks.insert(TodoTask(recurrence=recurrence, **made), lists=(self.scopes[0],))
        made = {"subject": self.known_as(person), "due": Instant(datetime(2026, 1, 7, 9, tzinfo=UTC)), **fields}
        return self.crm.tasks.insert(CrmTask(recurrence=recurrence, assigned_to=(USER,), **made))

    def recurs(self, person: int) -> bool:
        """Tell whether a task is made as a series."""
        return person % 4 == 3

    def known_as(self, person: int) -> str:
        """Return the first word of a task's title."""
        return f"Task{person}"

    def saying(self, side: int, person: int, field: int, text: str) -> dict[str, Any]:
        """Return the fields to set so that the body says something; the title stays as it is."""
        del field
        if side == 0:
            return {"body": text}
        found = self.find(1, person)
        first = self.crm.tasks.record(found[0]).subject.partition("\n")[0] if found else self.known_as(person)
        return {"subject": f"{first}\n{text}"}

    def texts_of(self, record: object) -> tuple[str, ...]:
        """Return the one text that a task has."""
        if isinstance(record, TodoTask):
            return (record.body,)
        assert isinstance(record, CrmTask)
        return (record.subject.partition("\n")[2],)

    def renamed(self, side: int, person: int, number: int) -> dict[str, Any]:
        """Return the fields to set so that a task has another title."""
        title = f"{self.known_as(person)} the {number}th"
        if side == 0:
            return {"title": title}
        body = self.crm.tasks.record(self.the(1, person)).subject.partition("\n")[2]
        return {"subject": f"{title}\n{body}"}

    def copies(self, side: int) -> set[str]:
        """Return the ids of completed occurrences: the series goes on without them."""
        return {
            one
            for one, record in self.sides[side].all().items()
            if self.recurs(int(person_of(record).removeprefix("Task"))) and _is_done(record)
        }

    def turn(self, side: int, one: str, extra: int) -> None:
        """Change something of a task beside its text: status, importance, due day, alarm, completion."""
        record = self.sides[side].record(one)
        what, how = extra % TURNS, extra // TURNS
        day = DUE + timedelta(days=how if record.recurrence is None else 2 * how)  # a series has every other day
        at = Instant(datetime(2026, 1, 1, how % 24, tzinfo=UTC))
        if isinstance(record, TodoTask):
            changes: tuple[dict[str, Any], ...] = (
                {"status": TodoStatus.COMPLETED},
                {"status": list(TodoStatus)[how % 5]},
                {"importance": list(Importance)[how % 3]},
                {"due": DAYS.midnight(day)},
                {"is_reminder_on": bool(how % 2), "reminder": at},
            )
        else:
            changes = (
                {"is_completed": not record.is_completed},
                {"status": _STATUSES[how % 3]},
                {"priority": _PRIORITIES[how % 4]},
                {"due": DAYS.same_time(day, record.due)},
                {"alarm": at if how % 2 else None},
            )
        self.sides[side].edit(one, **changes[what])

    def check(self, *, linked: bool = True, equal: bool = True) -> None:
        """Check what must hold once the world is quiet: what both sides can say of a task, both say."""
        super().check(linked=linked, equal=equal)
        for link in self.links():
            if self.rests(link):
                continue
            left, right = (collection.record(one) for collection, one in zip(self.sides, link.ids, strict=True))
            for rule in self.profile.mapping:
                one, other = rule.left.get(left), rule.right.get(right)
                if rule.name == "recurrence":
                    assert (one is None) == (other is None)
                elif rule.name != "due_and_alarm":
                    assert one == other, f"a pair differs in {rule.name}"
                else:
                    assert one[0] == other[0], "a pair differs in its due day"  # type: ignore[index]  # slots


def _is_done(record: TodoTask | CrmTask) -> bool:
    done = record.status is TodoStatus.COMPLETED if isinstance(record, TodoTask) else record.is_completed
    return done and record.recurrence is None
