"""Provide Oracle CX Sales' task sync: tasks of a To Do list on the left, a CRM's tasks on the right, both ways.

What is synced is what a saved search finds; a task that leaves it stays on both sides and is synced no more. Tasks are
the same by title and due day. What is deleted on one side is deleted on the other. The CRM's tasks do not recur: a
recurring one of the list is left alone, and listed.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import ClassVar, Final

import attrs

from tallystick.mapping import Rule, attribute_of, rule, slots
from tallystick.matching import Matcher
from tallystick.ports import Scope
from tallystick.profiles.canonical_forms import unchanged
from tallystick.profiles.cx_sales.resolution import Resolution, conflict_policy
from tallystick.profiles.cx_sales.searches import MY_TASKS, TASKS, SavedSearch
from tallystick.profiles.fitness import missing
from tallystick.profiles.removals import removal_policy
from tallystick.profiles.task_lenses import (
    CRM_COMPLETED,
    CRM_TEXT,
    TODO_TEXT,
    canonical_moment,
    crm_priority,
    crm_status,
    crm_times,
    todo_completed,
    todo_times,
)
from tallystick.profiles.usual_settings import run_hours, run_interval, task_zone
from tallystick.reconcile import (
    Duplicates,
    Hours,
    Profile,
    SideProfile,
)
from tallystick.reconcile.profile import with_its_partner
from tallystick.records import CrmTask, Importance, TodoStatus, TodoTask
from tallystick.recurrence import LocalDays
from tallystick.settings import fingerprint, setting
from tallystick.text import clean, fold

STATUSES: Final[Mapping[TodoStatus, str]] = MappingProxyType(
    {
        TodoStatus.NOT_STARTED: "Not started",
        TodoStatus.IN_PROGRESS: "In progress",
        TodoStatus.COMPLETED: "Complete",
        TodoStatus.WAITING_ON_OTHERS: "On hold",
        TodoStatus.DEFERRED: "Canceled",
    }
)
"""The CRM's names of how far a task is."""

PRIORITIES: Final[Mapping[Importance, str]] = MappingProxyType(
    {Importance.HIGH: "1", Importance.NORMAL: "2", Importance.LOW: "3"}
)
"""The CRM's names of how important a task is."""

_DAYS_AFTER_REMINDER: Final = 1


@attrs.frozen(kw_only=True)
class TaskSettings:
    """The settings of the task sync."""

    name: ClassVar[str] = "cx-sales-tasks"

    enabled: bool = setting(default=True, words="whether the sync runs at all; an administrator may lock it")
    search: SavedSearch = setting(MY_TASKS, "the saved search that finds what is synced", extent=True)
    resolution: Resolution = setting(Resolution.CRM_WINS, "whose version stands where both sides changed the same")
    whole_record: bool = setting(default=False, words="whether the winner's whole record stands, not only the fields")
    deletes: bool = setting(default=True, words="whether what is deleted on one side is deleted on the other")
    zone: str = task_zone()
    interval: timedelta = run_interval(timedelta(minutes=30))
    hours: Hours = run_hours()

    def profile(self, user: str, task_list: Scope | None = None) -> Profile[TodoTask, CrmTask]:
        """Return the profile of these settings, for the user whom the CRM knows by the id ``user``.

        ``task_list`` is the list that is synced, None for all tasks. Raises SettingsError for a search by a field that
        there is not.
        """
        found = self.search.matcher(TASKS, user)
        days = LocalDays.of(self.zone)
        removal = removal_policy(deletes=self.deletes)
        return Profile(
            self.name,
            SideProfile(
                TodoTask(), task_list or Scope(), reasons_against=_todo_lacks, removal=removal, pauses=with_its_partner
            ),
            SideProfile(
                CrmTask(priority=PRIORITIES[Importance.NORMAL], assigned_to=(user,)),
                reasons_against=lambda task: missing(subject=task.subject),
                removal=removal,
                version=fingerprint(self),
                admits=found,
                pauses=lambda task: not found(task),
            ),
            task_rules(days),
            _matcher(days),
            conflict_policy(self.resolution, whole_record=self.whole_record),
            duplicates=Duplicates.NEVER,
            look_up=False,
            enabled=self.enabled,
            interval=self.interval,
            hours=self.hours,
        )


def task_rules(days: LocalDays) -> tuple[Rule[TodoTask, CrmTask], ...]:
    """Return the field table, for a user who lives by ``days``."""
    return (
        slots("text", TODO_TEXT, CRM_TEXT, clean),
        slots("due_and_alarm", todo_times(days, _DAYS_AFTER_REMINDER), crm_times(days), canonical_moment),
        rule("status", attribute_of("status", TodoStatus), crm_status(STATUSES), unchanged),
        rule("importance", attribute_of("importance", Importance), crm_priority(PRIORITIES), unchanged),
        rule("completed_on", todo_completed(days), CRM_COMPLETED, unchanged),
    )


def _todo_lacks(task: TodoTask) -> Sequence[str]:
    return [*missing(title=task.title), *(() if task.recurrence is None else ("unsupported_recurrence:tasks",))]


def _matcher(days: LocalDays) -> Matcher[TodoTask, CrmTask]:
    """Return the matcher: title and due day. Nothing is searched for, since two tasks may well be called the same."""
    todo, crm = todo_times(days, _DAYS_AFTER_REMINDER), crm_times(days)

    def todo_keys(task: TodoTask) -> list[Hashable]:
        return [(fold(TODO_TEXT.get(task)[0]), canonical_moment(todo.get(task)[0]))]

    def crm_keys(task: CrmTask) -> list[Hashable]:
        return [(fold(CRM_TEXT.get(task)[0]), canonical_moment(crm.get(task)[0]))]

    return Matcher(todo_keys, crm_keys, lambda _: (), lambda _: ())
