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

from collections.abc import Hashable, Sequence
from datetime import date
from typing import Final

import attrs

from tallystick.mapping import Lens
from tallystick.ports import Term
from tallystick.profiles.task_lenses import CRM_TEXT, TODO_TEXT, Times
from tallystick.reconcile import Kin, Line, Succession
from tallystick.records import CrmTask, TodoStatus, TodoTask
from tallystick.recurrence import Pattern, Recurrence, canonical_recurrence
from tallystick.recurrence.pattern_dates import falls_on
from tallystick.text import fold

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


@attrs.frozen
class TaskSeries:
    """Matching and succession of tasks, whose due days the two lenses show."""

    todo_times: Lens[TodoTask, Times]
    crm_times: Lens[CrmTask, Times]

    def todo_keys(self, task: TodoTask) -> list[Hashable]:
        """Return a To Do task's match keys."""
        return self._todo(task).keys()

    def crm_keys(self, task: CrmTask) -> list[Hashable]:
        """Return a CRM task's match keys."""
        return self._crm(task).keys()

    @property
    def succession(self) -> Succession[TodoTask, CrmTask]:
        """How recurring tasks go on."""
        return Succession(
            Line(
                lambda task: self._todo(task).terms(),
                lambda task, partner: self._todo(task).kin(self._crm(partner)),
                lambda task: self._todo(task).has_ended(),
            ),
            Line(
                lambda task: self._crm(task).terms(),
                lambda task, partner: self._crm(task).kin(self._todo(partner)),
                lambda task: self._crm(task).has_ended(),
            ),
        )

    def _todo(self, task: TodoTask) -> _Task:
        day = self.todo_times.get(task)[0]
        due = day if isinstance(day, date) else None
        return _Task(TODO_TEXT.get(task)[0], due, task.status is TodoStatus.COMPLETED, task.recurrence)

    def _crm(self, task: CrmTask) -> _Task:
        day = self.crm_times.get(task)[0]
        due = day if isinstance(day, date) else None
        return _Task(CRM_TEXT.get(task)[0], due, task.is_completed, task.recurrence)
