"""Provide Maximizer's task sync.

To Do's tasks of the sync's own list on the left, CRM tasks that are assigned to the user on the right, both ways. A
task that goes on one side goes on the other, unless it was edited there meanwhile; one that is unassigned goes from
To Do whatever was edited. A first run only fills the list: with what is to be done from today on, and what was left
undone in the two weeks before.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar, Final

import attrs

from tallystick.mapping import Rule, attribute_of, rule, slots
from tallystick.ports import Scope, Side
from tallystick.profiles.canonical_forms import unchanged
from tallystick.profiles.fitness import missing
from tallystick.profiles.maximizer.task_series import task_series
from tallystick.profiles.task_lenses import (
    CRM_COMPLETED,
    CRM_TEXT,
    DEFAULT_ZONE,
    TODO_RECURRENCE,
    TODO_TEXT,
    canonical_moment,
    canonical_repetition,
    crm_priority,
    crm_recurrence,
    crm_status,
    crm_times,
    todo_completed,
    todo_times,
)
from tallystick.profiles.usual_settings import pair_capacity, run_hours, run_interval, task_zone
from tallystick.reconcile import (
    ConflictPolicy,
    Duplicates,
    Guards,
    Hours,
    LoserFate,
    Profile,
    RemovalAction,
    RemovalPolicy,
    SideProfile,
    Winner,
)
from tallystick.records import CrmTask, Importance, TodoStatus, TodoTask
from tallystick.recurrence import MAXIMIZER_TASKS, Instant, LocalDays, Support
from tallystick.settings import Within, setting
from tallystick.text import clean

STATUSES: Final[Mapping[TodoStatus, str]] = MappingProxyType(
    {
        TodoStatus.NOT_STARTED: "Not started",
        TodoStatus.IN_PROGRESS: "In progress",
        TodoStatus.COMPLETED: "Completed",
        TodoStatus.WAITING_ON_OTHERS: "Waiting",
        TodoStatus.DEFERRED: "Deferred",
    }
)
"""The CRM's names of how far a task is."""

PRIORITIES: Final[Mapping[Importance, str]] = MappingProxyType(
    {Importance.HIGH: "HI", Importance.NORMAL: "MED", Importance.LOW: "LOW"}
)
"""The CRM's names of how important a task is; whatever else it has there counts as normal, and is kept."""


@attrs.frozen
class TaskTables:
    """What a CRM calls the states of a task, and which recurrences it holds; a customer may have changed all of it."""

    statuses: Mapping[TodoStatus, str] = STATUSES
    priorities: Mapping[Importance, str] = PRIORITIES
    support: Support = MAXIMIZER_TASKS


DEFAULT_TABLES: Final = TaskTables()


def task_rules(
    days: LocalDays, tables: TaskTables = DEFAULT_TABLES, *, days_after_reminder: int = 1
) -> tuple[Rule[TodoTask, CrmTask], ...]:
    """Return the field table of the task sync, for a user who lives by ``days``."""
    return (
        slots("text", TODO_TEXT, CRM_TEXT, clean),
        slots("due_and_alarm", todo_times(days, days_after_reminder), crm_times(days), canonical_moment),
        rule("status", attribute_of("status", TodoStatus), crm_status(tables.statuses), unchanged),
        rule("importance", attribute_of("importance", Importance), crm_priority(tables.priorities), unchanged),
        rule("completed_on", todo_completed(days), CRM_COMPLETED, unchanged),
        rule("recurrence", TODO_RECURRENCE, crm_recurrence(tables.support), canonical_repetition),
    )


@attrs.frozen(kw_only=True)
class TaskSettings:
    """The settings of the task sync."""

    name: ClassVar[str] = "maximizer-tasks"

    zone: str = task_zone()
    overdue: timedelta = setting(
        timedelta(days=14),
        "how far back a first run looks for what was left undone",
        checks=(Within(timedelta(0), timedelta(days=3650)),),
    )
    days_after_reminder: int = setting(
        1, "how many days after its reminder a task without a due day is due", checks=(Within(0, 365),)
    )
    capacity: int | None = pair_capacity(None)
    interval: timedelta = run_interval(timedelta(minutes=10))
    hours: Hours = run_hours()

    def profile(
        self, task_list: Scope | None = None, user: str | None = None, tables: TaskTables = DEFAULT_TABLES
    ) -> Profile[TodoTask, CrmTask]:
        """Return the profile of these settings, for the sync's own list and the user that the CRM's tasks are for."""
        days = LocalDays.of(self.zone)
        rules = task_rules(days, tables, days_after_reminder=self.days_after_reminder)
        matcher, succession = task_series(todo_times(days, self.days_after_reminder), crm_times(days))

        def initially(task: CrmTask, now: datetime) -> bool:
            today = days.day_of(Instant(now))
            due = None if task.due is None else days.day_of(task.due)
            return due is None or due >= today or (due >= today - self.overdue and not task.is_completed)

        return Profile(
            self.name,
            SideProfile(
                TodoTask(),
                task_list or Scope(),
                reasons_against_new=lambda task: missing(title=task.title),
                initially=lambda _task, _now: False,
                removal=RemovalPolicy(
                    deleted=RemovalAction.DELETE,
                    out_of_scope=RemovalAction.TOMBSTONE,
                    rescoped=RemovalAction.RECREATE,
                ),
            ),
            SideProfile(
                CrmTask(
                    priority=tables.priorities[Importance.NORMAL],
                    status=tables.statuses.get(TodoStatus.NOT_STARTED, ""),
                ),
                Scope(user),
                reasons_against=lambda task: missing(subject=task.subject),
                initially=initially,
                removal=RemovalPolicy(deleted=RemovalAction.DELETE, out_of_scope=RemovalAction.WITHDRAW),
            ),
            rules,
            matcher,
            ConflictPolicy(Winner.LATEST, LoserFate.DROP, tie=Side.RIGHT),
            duplicates=Duplicates.NEVER,
            look_up=False,
            guards=Guards(capacity=self.capacity),
            interval=self.interval,
            hours=self.hours,
            succession=succession,
        )


def tasks(
    task_list: Scope | None = None,
    user: str | None = None,
    *,
    zone: str = DEFAULT_ZONE,
    overdue: timedelta = timedelta(days=14),
    days_after_reminder: int = 1,
    tables: TaskTables = DEFAULT_TABLES,
    capacity: int | None = None,
    interval: timedelta = timedelta(minutes=10),
) -> Profile[TodoTask, CrmTask]:
    """Return the profile of the task sync.

    ``task_list`` is the sync's own list, as the mailbox gave it; ``user`` is whom the CRM's tasks are assigned to; None
    for all tasks of a side. ``zone`` is where the user lives, by whose days dates go. ``overdue`` is how far back a
    first run looks for what was left undone. A To Do task without due day is due so many ``days_after_reminder``.
    ``tables`` say what the CRM calls and holds things. ``capacity`` is the number of pairs it may hold. Raises
    InvalidSettings.
    """
    settings = TaskSettings(
        zone=zone,
        overdue=overdue,
        days_after_reminder=days_after_reminder,
        capacity=capacity,
        interval=interval,
    )
    return settings.profile(task_list, user, tables)
