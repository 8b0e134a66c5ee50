"""Provide the lenses of tasks: how To Do's tasks and a CRM's show text, days, status, priority and recurrence.

==================  =========================================  =======================================================
shared value        To Do shows it as                          a CRM shows it as
==================  =========================================  =======================================================
text: title, body   title and body; an empty title is "."      the subject's first line and the other lines
due day, alarm      due day, reminder while it is on           due moment by its day, alarm
status              status                                     the mark of completion, else the status by its name
importance          importance                                 priority by its name
completed on        completed, by its day                      completion date
recurrence          recurrence                                 recurrence
==================  =========================================  =======================================================

A title holds 255 characters; what is longer goes on in the body's first line. What a value cannot say stays when it is
put: a long first line, a time of day, a custom priority, a count that was not reported.
"""

from collections.abc import Hashable, Mapping
from datetime import date, timedelta
from operator import attrgetter
from typing import Final

import attrs

from tallystick.mapping import Lens
from tallystick.records import CrmTask, Importance, TodoStatus, TodoTask
from tallystick.recurrence import (
    GRAPH,
    Instant,
    LocalDays,
    Moment,
    NoEnd,
    NotExpressible,
    Range,
    Recurrence,
    Support,
    Unreported,
    canonical_recurrence,
    fit,
    keep_unreported,
    utc_midnight,
)
from tallystick.recurrence.zones import keep_name
from tallystick.text import clean, cut, first_line, fold, one_line_end

LONGEST_TITLE: Final = 255
NO_TITLE: Final = "."
"""What stands for an empty title."""

DEFAULT_ZONE: Final = "UTC"

Fields = Mapping[str, object]

# --- text --------------------------------------------------------------------------------------------------------


def _shared_text(first: str, rest: str) -> tuple[str, str]:
    """Return title and body, the overflow of the first line being the first line of the body."""
    title = cut(first, LONGEST_TITLE)
    return title, "\n".join(part for part in (first[len(title) :], rest) if part)


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(map(_equal, one, other))


def _equal(one: str, other: str) -> bool:
    return clean(one) == clean(other)


def _todo_text(task: TodoTask) -> tuple[str, str]:
    return _shared_text(" ".join(one_line_end(task.title).split("\n")).strip() or NO_TITLE, one_line_end(task.body))


def _put_todo_text(task: TodoTask, wanted: tuple[str, ...]) -> Fields:
    title, body = wanted
    present = _todo_text(task)
    if not _equal(task.title.strip() or NO_TITLE, present[0]):
        # A title that is too long: neither part stands for itself.
        return {} if _same(present, wanted) else {"title": title, "body": body}
    return {
        "title": task.title if _equal(present[0], title) else title,
        "body": task.body if _equal(present[1], body) else body,
    }


TODO_TEXT: Lens[TodoTask, tuple[str, ...]] = Lens(_todo_text, _put_todo_text, ("title", "body"))
"""Title and body of a To Do task."""


def _crm_text(task: CrmTask) -> tuple[str, str]:
    return _shared_text(*first_line(task.subject))


def _put_crm_text(task: CrmTask, wanted: tuple[str, ...]) -> Fields:
    present = _crm_text(task)
    if _same(present, wanted):
        return {}
    title, body = wanted[0].strip() or NO_TITLE, wanted[1]
    made = attrs.evolve(task, subject="\n".join(part for part in (title, body) if part))
    first, _ = first_line(task.subject)
    if len(first) > len(present[0]) and _equal(title, present[0]):
        joined = attrs.evolve(task, subject=_joined(first, body))
        made = joined if _same(_crm_text(joined), wanted) else made
    return {"subject": made.subject}


def _joined(first: str, body: str) -> str:
    """Return a subject whose long first line is one line again, with the overflow that the body begins with."""
    title = cut(first, LONGEST_TITLE)
    overflow, _, rest = body.partition("\n")
    line = first if _equal(overflow, first[len(title) :]) else title + overflow
    return "\n".join(part for part in (line, rest) if part)


CRM_TEXT: Lens[CrmTask, tuple[str, ...]] = Lens(_crm_text, _put_crm_text, ("subject",))
"""First line and further lines of a CRM task's subject."""

# --- due day and alarm -------------------------------------------------------------------------------------------

Times = tuple[Moment | None, ...]
"""The due day, and the instant of the alarm."""


def canonical_moment(moment: Moment | None) -> Hashable:
    """Return a day as it is, and an instant to the second."""
    return Instant(moment.utc.replace(microsecond=0)) if isinstance(moment, Instant) else moment


def todo_times(days: LocalDays, days_after_reminder: int) -> Lens[TodoTask, Times]:
    """Return the lens onto due day and reminder.

    A task without a due day shows the day of its reminder, and so many days on, or else the day it was created. A day
    that only stands in for the due day is what the task shows anyway, so that it is never written into it.
    """

    def due(task: TodoTask) -> date | None:
        if task.due is not None:
            return days.shown_day(task.due)
        if task.is_reminder_on and task.reminder is not None:
            return _later(days.day_of(task.reminder), days_after_reminder)
        return None if task.created is None else days.day_of(task.created)

    def get(task: TodoTask) -> Times:
        return (due(task), task.reminder if task.is_reminder_on else None)

    def put(task: TodoTask, wanted: Times) -> Fields:
        day, alarm = wanted
        fields: dict[str, object] = {"is_reminder_on": alarm is not None}
        if alarm is not None:
            fields["reminder"] = alarm
        if day != due(task):
            fields["due"] = None if day is None else utc_midnight(days.day_of(day))
        return fields

    return Lens(get, put, ("due", "is_reminder_on", "reminder"))


def _later(day: date, by: int) -> date:
    try:
        return day + timedelta(days=by)
    except OverflowError:
        return day


def crm_times(days: LocalDays) -> Lens[CrmTask, Times]:
    """Return the lens onto the day of the due moment and the alarm.

    Another day keeps the time of day. An alarm after the due moment is moved to it; a whole day lasts until its end.
    """

    def get(task: CrmTask) -> Times:
        return (None if task.due is None else days.day_of(task.due), task.alarm)

    def put(task: CrmTask, wanted: Times) -> Fields:
        day, alarm = wanted
        due = task.due
        if day != get(task)[0]:
            due = None if day is None else days.same_time(days.day_of(day), task.due)
        at = alarm if isinstance(alarm, Instant) else None
        if at is not None and due is not None and (due, at) != (task.due, task.alarm):
            at = min(at, days.last_moment(due))
        return {"due": due, "alarm": at}

    return Lens(get, put, ("due", "alarm"))


# --- status, priority, completion ----------------------------------------------------------------------------------


def crm_status(names: Mapping[TodoStatus, str]) -> Lens[CrmTask, TodoStatus]:
    """Return the lens onto how far a CRM's task is.

    The mark of completion wins; a status that has no name here counts as not started.
    """
    known = {fold(name): status for status, name in names.items()}

    def get(task: CrmTask) -> TodoStatus:
        return TodoStatus.COMPLETED if task.is_completed else known.get(fold(task.status), TodoStatus.NOT_STARTED)

    def put(task: CrmTask, wanted: TodoStatus) -> Fields:
        if wanted is get(task):
            return {}
        if wanted is TodoStatus.COMPLETED:
            return {"is_completed": True, "status": ""}
        return {"is_completed": False, "status": names[wanted]}

    return Lens(get, put, ("is_completed", "status"))


def crm_priority(names: Mapping[Importance, str]) -> Lens[CrmTask, Importance]:
    """Return the lens onto a CRM's priority. One without a name is a normal one."""
    known = {fold(name): importance for importance, name in names.items()}

    def get(task: CrmTask) -> Importance:
        return known.get(fold(task.priority), Importance.NORMAL)

    def put(task: CrmTask, wanted: Importance) -> Fields:
        return {} if wanted is get(task) else {"priority": names[wanted]}

    return Lens(get, put, ("priority",))


def todo_completed(days: LocalDays) -> Lens[TodoTask, date | None]:
    """Return the lens onto the day on which a To Do task was completed."""

    def get(task: TodoTask) -> date | None:
        return None if task.completed is None else days.shown_day(task.completed)

    def put(task: TodoTask, wanted: date | None) -> Fields:
        if wanted == get(task):
            return {}
        return {"completed": None if wanted is None else utc_midnight(wanted)}

    return Lens(get, put, ("completed",))


CRM_COMPLETED: Lens[CrmTask, date | None] = Lens(
    attrgetter("completion_date"),
    lambda _task, wanted: {"completion_date": wanted},
    ("completion_date",),
    "completion_date",
)
"""The day on which a CRM's task was completed."""


# --- recurrence ----------------------------------------------------------------------------------------------------


def canonical_repetition(recurrence: Recurrence | None) -> Hashable:
    """Return a recurrence in its one spelling, its days counted in UTC where it names no zone."""
    if recurrence is None:
        return None
    zone = recurrence.range.zone or DEFAULT_ZONE
    return canonical_recurrence(attrs.evolve(recurrence, range=attrs.evolve(recurrence.range, zone=zone)))


def _fitted(present: Recurrence | None, wanted: Recurrence | None, support: Support) -> Fields:
    """Return the field to write: the nearest that the side can hold, nothing where it can hold nothing like it."""
    if canonical_repetition(present) == canonical_repetition(wanted):
        return {}
    if wanted is None:
        return {"recurrence": None}
    known = present.range if present is not None else None
    range_ = keep_unreported(wanted.range, known)
    end = NoEnd() if isinstance(range_.end, Unreported) else range_.end
    zone = keep_name(known.zone if known else None, range_.zone or DEFAULT_ZONE)
    fitted = fit(Recurrence(wanted.pattern, Range(range_.start, end, zone)), support)
    return {} if isinstance(fitted, NotExpressible) else {"recurrence": fitted.value}


TODO_RECURRENCE: Lens[TodoTask, Recurrence | None] = Lens(
    attrgetter("recurrence"), lambda task, wanted: _fitted(task.recurrence, wanted, GRAPH), ("recurrence",)
)
"""The recurrence of a To Do task."""


def crm_recurrence(support: Support) -> Lens[CrmTask, Recurrence | None]:
    """Return the lens onto a CRM's recurrence, of which ``support`` says what it holds.

    A number of occurrences that To Do does not report is the one that the CRM has, and no end where it has none.
    """

    def put(task: CrmTask, wanted: Recurrence | None) -> Fields:
        return _fitted(task.recurrence, wanted, support)

    return Lens(attrgetter("recurrence"), put, ("recurrence",))
