"""Provide how tasks are known to be the same, and how a recurring one goes on when an occurrence of it is completed.

Two tasks that are new at the same time are the same by title and due day, or by title and pattern where they recur.
Beyond that nobody is searched for by title, but for what a service makes of a series that is in sync:

=======================================  ==========================================================================
a new task                               what it is, where a series in sync has its title
=======================================  ==========================================================================
recurs by the same pattern               the series itself, which goes on under another id
is completed, does not recur, and its    an occurrence that was completed
due day is one of the series
=======================================  ==========================================================================
"""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Final, TypeVar

import attrs

from tallystick.mapping import Lens
from tallystick.matching import Matcher
from tallystick.ports import Term
from tallystick.profiles.task_lenses import CRM_TEXT, TODO_TEXT, Times
from tallystick.reconcile import Kin, Line, Succession
from tallystick.records import CrmTask, TodoStatus, TodoTask
from tallystick.recurrence import Moment, Pattern, Recurrence, canonical_recurrence
from tallystick.recurrence.pattern_dates import falls_on
from tallystick.text import fold

S = TypeVar("S")
T = TypeVar("T")

TITLE: Final = "title"
"""The field that tasks are searched by: the first line, as far as To Do takes it."""


@attrs.frozen
class _Task:
    """What of a task of either side tells whether it belongs to a series."""

    title: str
    due: date | None
    is_completed: bool
    recurrence: Recurrence | None

    @property
    def pattern(self) -> Pattern | None:
        """The days of its series, whenever that began; None for a single task."""
        return None if self.recurrence is None else canonical_recurrence(self.recurrence).pattern

    def terms(self) -> Sequence[Term]:
        """Return what to search for: the title of what may belong to a series."""
        return (Term(TITLE, self.title),) if self.recurrence or self.is_completed else ()

    def kin(self, partner: "_Task") -> Kin | None:
        """Return what it is to the series that the other side's ``partner`` belongs to."""
        if partner.recurrence is None or fold(self.title) != fold(partner.title):
            return None
        if self.recurrence is not None:
            return Kin.HEIR if self.pattern == partner.pattern else None
        if not self.is_completed or self.due is None:
            return None
        known = self.due == partner.due or falls_on(partner.recurrence.pattern, self.due)
        return Kin.SPENT if known else None

    def has_ended(self) -> bool:
        """Tell whether no series goes on in it."""
        return self.is_completed or self.recurrence is None

    def keys(self) -> list[Hashable]:
        """Return its match keys."""
        if not self.title.strip():
            return []
        return [(fold(self.title), self.due if self.recurrence is None else self.pattern)]


def task_series(
    todo_times: Lens[TodoTask, Times], crm_times: Lens[CrmTask, Times]
) -> tuple[Matcher[TodoTask, CrmTask], Succession[TodoTask, CrmTask]]:
    """Return how tasks are matched and how recurring ones go on; their due days are what the two lenses show."""

    def todo(task: TodoTask) -> _Task:
        is_completed = task.status is TodoStatus.COMPLETED
        return _task(TODO_TEXT.get(task)[0], todo_times.get(task)[0], is_completed, task.recurrence)

    def crm(task: CrmTask) -> _Task:
        return _task(CRM_TEXT.get(task)[0], crm_times.get(task)[0], task.is_completed, task.recurrence)

    # Nothing is searched for: two tasks may well have the same title.
    matcher: Matcher[TodoTask, CrmTask] = Matcher(
        lambda task: todo(task).keys(), lambda task: crm(task).keys(), lambda _: (), lambda _: ()
    )
    return matcher, Succession(_line(todo, crm), _line(crm, todo))


def _task(title: str, day: Moment | None, is_completed: bool, recurrence: Recurrence | None) -> _Task:  # noqa: FBT001 -- one of what a task shows
    return _Task(title, day if isinstance(day, date) else None, is_completed, recurrence)


def _line(own: Callable[[S], _Task], other: Callable[[T], _Task]) -> Line[S, T]:
    return Line(
        lambda task: own(task).terms(),
        lambda task, partner: own(task).kin(other(partner)),
        lambda task: own(task).has_ended(),
    )
