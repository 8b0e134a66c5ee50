"""Provide a small world of tasks: To Do, a CRM, a state, one clock for all, and the sync between them.

The user lives in New York, and every run of the sync is audited: the report's figures must equal what the fakes saw.
"""

# ruff: noqa: ANN401 - these take a task's fields

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs

from tallystick import MemoryState, Report, Side, Sync
from tallystick.ports import Loser, Scope, Sink, WriteKind
from tallystick.profiles import maximizer
from tallystick.providers.memory import (
    Completing,
    FakeCrm,
    FakeOutlook,
    MemoryCollection,
    Quirks,
    TodoLists,
    VirtualClock,
)
from tallystick.records import CrmTask, TodoTask
from tallystick.recurrence import Instant, LocalDays, Pattern, Range, Recurrence

NAME = "ada@example.com/tasks"
USER = "ada"
ZONE = "America/New_York"
DAYS = LocalDays.of(ZONE)
TODAY = date(2026, 1, 5)
"""The day on which each world begins."""


def at(day: int, hour: int = 12, minute: int = 0) -> Instant:
    """Return an instant so many days from today, in UTC."""
    moment = datetime(TODAY.year, TODAY.month, TODAY.day, hour, minute, tzinfo=UTC)
    return Instant(moment + timedelta(days=day))


def on(day: int) -> date:
    """Return the day so many days from today."""
    return TODAY + timedelta(days=day)


def daily(day: int = 0, interval: int = 1, **range_: Any) -> Recurrence:
    """Return a daily recurrence from a day on."""
    return Recurrence(Pattern.daily(interval), Range(on(day), **range_))


@attrs.define
class Kept:
    """A sink that keeps what it is given."""

    losers: list[Loser] = attrs.field(factory=list)

    def keep(self, losers: Any) -> None:
        """Keep them."""
        self.losers += losers


class TaskWorld:
    """To Do on the left, CRM tasks on the right. ``todo`` and ``crm`` can be used like a person does."""

    def __init__(
        self,
        *,
        zone: str = ZONE,
        completing: tuple[Completing, Completing] = (Completing.ADVANCE, Completing.ADVANCE),
        replays: bool = False,
        seed: int = 0,
        sink: Sink | None = None,
        **settings: Any,
    ) -> None:
        self.clock = VirtualClock()
        left, right = (Quirks(zone=zone, completing=each, replays=replays) for each in completing)
        self.todo: TodoLists = FakeOutlook(clock=self.clock, quirks=left, seed=seed).tasks
        self.crm: MemoryCollection[CrmTask] = FakeCrm(clock=self.clock, quirks=right, seed=seed + 1).tasks
        self.days = LocalDays.of(zone)
        self.state = MemoryState()
        self.sink = sink
        self.settings = {"zone": zone, **settings}
        self.list = self.scope()

    # --- what persons do ---------------------------------------------------------------------------------------------

    def task(self, subject: str = "Call", due: Instant | date | None = None, **fields: Any) -> str:
        """Insert a CRM task of the user's, due today unless told otherwise."""
        fields.setdefault("assigned_to", (USER,))
        return self.crm.insert(CrmTask(subject, TODAY if due is None else due, **fields))

    def note(self, title: str = "Call", due: date | None = None, **fields: Any) -> str:
        """Insert a task on the sync's own list, due on a day that the person sets."""
        fields["due"] = None if due is None else self.days.midnight(due)
        return self.todo.insert(TodoTask(title, **fields), lists=(self.list.name or "",))

    def begun(self) -> "TaskWorld":
        """Return this world after its first run."""
        self.run()
        return self

    # --- the sync ----------------------------------------------------------------------------------------------------

    def scope(self) -> Scope:
        """Ask for the sync's own list, as a host does before each run."""
        self.list = self.todo.own_scope("Maximizer", NAME)
        return self.list

    def sync(self) -> Sync[TodoTask, CrmTask]:
        """Return the sync, made anew as after a restart."""
        profile = maximizer.tasks(self.list, USER, **self.settings)
        return Sync(
            NAME, left=self.todo, right=self.crm, profile=profile, state=self.state, sink=self.sink, clock=self.clock
        )

    def run(self) -> Report:
        """Run once, audit the report, and return it."""
        before = self.written()
        report = self.sync().run()
        assert self.written() - before == +Counter(report.writes)
        rows = self.state.parked_list(NAME)
        alone = sum(not self.state.links(NAME, row.side, [row.id]) for row in rows)
        assert self.pairs() + alone == sum(report.buckets.values()), "each pair and each record alone is in one bucket"
        return report

    def settle(self) -> None:
        """Run, and assert that nothing is left to do: for a further run, after lost cursors, after a fresh start."""
        self.run()
        shown = self.shown()
        self.run()
        assert shown == self.shown(), "a further run is not quiet"
        for side in (self.todo, self.crm):
            side.expire_cursors()
        self.run()
        assert shown == self.shown(), "a run after lost cursors is not quiet"
        self.afresh()
        assert shown == self.shown(), "a fresh initial run is not quiet"

    def afresh(self) -> Report:
        """Switch the sync off and on again, and run."""
        self.sync().disable()
        self.sync().enable()
        return self.run()

    # --- what is there -----------------------------------------------------------------------------------------------

    def pairs(self) -> int:
        """Return how many pairs there are."""
        return self.sync().status().pairs

    def written(self) -> Counter[tuple[Side, WriteKind]]:
        """Return how many of the sync's writes took effect, as both fakes counted them."""
        sides = ((Side.LEFT, self.todo.writes), (Side.RIGHT, self.crm.writes))
        return Counter({(side, kind): count for side, writes in sides for kind, count in writes.items()})

    def shown(self) -> object:
        """Return everything that both sides hold, down to the versions."""
        return (
            {one: self.todo.item(one) for one in self.todo.ids()},
            {one: self.crm.item(one) for one in self.crm.ids()},
        )

    def left(self, title: str = "Call") -> TodoTask:
        """Return the one task of a title on the sync's own list."""
        (found,) = [task for task in self.todo.all(self.list.name).values() if task.title == title]
        return found

    def right(self, subject: str = "Call") -> CrmTask:
        """Return the one CRM task whose subject begins so."""
        (found,) = [task for task in self.crm.all().values() if task.subject.startswith(subject)]
        return found

    def titles(self) -> list[str]:
        """Return the titles on the sync's own list, in order."""
        return sorted(task.title for task in self.todo.all(self.list.name).values())

    def subjects(self) -> list[str]:
        """Return the subjects of all CRM tasks, in order."""
        return sorted(task.subject for task in self.crm.all().values())

    def ignored(self) -> dict[str, tuple[str, ...]]:
        """Return the reasons of every ignored record by id."""
        return {row.id: row.reasons for row in self.sync().ignored()}

    def due(self, task: TodoTask) -> date | None:
        """Return the day that a To Do task shows."""
        return None if task.due is None else self.days.shown_day(task.due)
