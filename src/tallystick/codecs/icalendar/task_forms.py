"""Provide the forms of tasks in calendar files: To Do's and a CRM's, each said by one VTODO.

=====================  ======================================================================================
property               says
=====================  ======================================================================================
SUMMARY, DESCRIPTION   title and body; the subject's first line and the other lines
DUE                    the due day, or the due instant
STATUS                 NEEDS-ACTION, IN-PROCESS, COMPLETED
PRIORITY               1 to 4 is high, 6 to 9 low, all else normal
COMPLETED              when it was completed; of a day, its midnight in UTC
RRULE                  the recurrence, from DTSTART on
VALARM                 the reminder: the first alarm that goes off at an instant
CATEGORIES             a To Do task's categories, a CRM task's category
X-TALLYSTICK-…         LIST, STATUS, PRIORITY, ENDS, ZONE: what iCalendar has no word for
=====================  ======================================================================================

A word of ours counts only beside the plain one that it was written with, so that an edit by another program wins. A
rule that no pattern says stays in the file, and is not read. Floating times count as their days.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Final

import attrs

from tallystick.codecs.document import Shape
from tallystick.codecs.icalendar.alarms import instant_alarm, read_instant_alarm
from tallystick.codecs.icalendar.component import Component, Properties
from tallystick.codecs.icalendar.forms import ComponentSet, NotExpressed, Said, Written
from tallystick.codecs.icalendar.series import not_expressed, read_series, series_properties
from tallystick.codecs.icalendar.times import instant_property, read_instant, read_start, start_property
from tallystick.codecs.icalendar.values import (
    integer_property,
    read_integer,
    read_text,
    read_texts,
    read_word,
    text_property,
    texts_property,
)
from tallystick.codecs.icalendar.zones import CalendarZones
from tallystick.codecs.shapes import CRM_TASK, TODO_TASK
from tallystick.records import CrmTask, Importance, TodoStatus, TodoTask
from tallystick.recurrence import (
    Instant,
    Moment,
    NoEnd,
    NotExpressible,
    Recurrence,
    Series,
    Unreported,
    WallTime,
    first_date,
    to_pattern,
    utc_midnight,
)
from tallystick.recurrence.ranges import UNREPORTED
from tallystick.recurrence.times import day_of
from tallystick.text import first_line

_LIST: Final = "X-TALLYSTICK-LIST"
_STATUS: Final = "X-TALLYSTICK-STATUS"
_PRIORITY: Final = "X-TALLYSTICK-PRIORITY"
_ENDS: Final = "X-TALLYSTICK-ENDS"
_ZONE: Final = "X-TALLYSTICK-ZONE"
_UNREPORTED: Final = "unreported"
_HIGH, _NORMAL, _LOW, _LOWEST = 1, 5, 6, 9
_STATUSES: Final[Mapping[TodoStatus, str]] = {
    TodoStatus.NOT_STARTED: "NEEDS-ACTION",
    TodoStatus.IN_PROGRESS: "IN-PROCESS",
    TodoStatus.COMPLETED: "COMPLETED",
    TodoStatus.WAITING_ON_OTHERS: "IN-PROCESS",
    TodoStatus.DEFERRED: "NEEDS-ACTION",
}
_PLAIN: Final = {"IN-PROCESS": TodoStatus.IN_PROGRESS, "COMPLETED": TodoStatus.COMPLETED}
_PRIORITIES: Final = {"HI": _HIGH, "MED": _NORMAL, "LOW": _LOWEST}


@attrs.frozen
class _TaskForm:
    """What both kinds of tasks have in common."""

    component: str = "VTODO"
    stale: Mapping[str, tuple[str, ...]] = attrs.field(factory=lambda: {"STATUS": ("PERCENT-COMPLETE",)})
    units: tuple[tuple[str, ...], ...] = (("DTSTART", "DUE"),)

    def not_expressed(self, found: ComponentSet) -> tuple[NotExpressed, ...]:
        """Return what of a series no record says."""
        return not_expressed(found)

    def refusal(self, record: TodoTask | CrmTask) -> str:
        """Return why a task cannot be written."""
        recurrence = record.recurrence
        return "invalid:recurrence" if recurrence is not None and first_date(recurrence) is None else ""


@attrs.frozen
class TodoTaskForm(_TaskForm):
    """How a To Do task is said by a VTODO. A reminder that is off is none; ``created`` and ``start`` are not said."""

    shape: Shape[TodoTask] = TODO_TASK

    def read(self, found: ComponentSet, zones: CalendarZones) -> tuple[TodoTask, tuple[str, ...]]:
        """Return the task that a component says, and its lists."""
        main = found.main
        due = _due(main, zones)
        reminder = read_instant_alarm(main, zones)
        task = TodoTask(
            read_text(main.first("SUMMARY")),
            read_text(main.first("DESCRIPTION")),
            _todo_status(main),
            _importance(main),
            utc_midnight(due) if due is not None and not isinstance(due, Instant) else due,
            reminder is not None,
            reminder,
            read_instant(main.first("COMPLETED"), zones),
            _recurrence(found, zones, due),
            read_texts(main.lines("CATEGORIES")),
        )
        return task, read_texts(main.lines(_LIST))

    def write(self, record: TodoTask, lists: Sequence[str], zones: CalendarZones) -> Written:
        """Return what a task says."""
        plain = _STATUSES[record.status]
        importance = {Importance.HIGH: _HIGH, Importance.LOW: _LOWEST}.get(record.importance)
        due = record.due
        shown: Moment | None = due.utc.date() if due is not None and due.utc.time() == time.min else due
        properties: Properties = {
            **_text(record.title, record.body),
            "STATUS": text_property("STATUS", plain),
            _STATUS: text_property(
                _STATUS, "" if _PLAIN.get(plain, TodoStatus.NOT_STARTED) is record.status else record.status
            ),
            "PRIORITY": integer_property("PRIORITY", importance),
            "COMPLETED": (instant_property("COMPLETED", record.completed),) if record.completed else (),
            "CATEGORIES": texts_property("CATEGORIES", record.categories),
            _LIST: texts_property(_LIST, tuple(lists)),
            **_dated(shown, record.recurrence, zones),
        }
        return Written(Said(properties, instant_alarm(record.reminder if record.is_reminder_on else None)))


@attrs.frozen
class CrmTaskForm(_TaskForm):
    """How a CRM's task is said by a VTODO. Its lists are the users whom it is assigned to."""

    shape: Shape[CrmTask] = CRM_TASK

    def read(self, found: ComponentSet, zones: CalendarZones) -> tuple[CrmTask, tuple[str, ...]]:
        """Return the task that a component says, and its users."""
        main = found.main
        users = read_texts(main.lines(_LIST))
        due, completed = _due(main, zones), read_instant(main.first("COMPLETED"), zones)
        title, body = read_text(main.first("SUMMARY")), read_text(main.first("DESCRIPTION"))
        categories = read_texts(main.lines("CATEGORIES"))
        task = CrmTask(
            f"{title}\n{body}" if body else title,
            due,
            read_instant_alarm(main, zones),
            read_word(main.first("STATUS")) == "COMPLETED",
            _crm_status(main),
            _crm_priority(main),
            completed.utc.date() if completed else None,
            _recurrence(found, zones, due),
            users,
            categories[0] if categories else "",
        )
        return task, users

    def write(self, record: CrmTask, lists: Sequence[str], zones: CalendarZones) -> Written:
        """Return what a task says."""
        day, priority = record.completion_date, _PRIORITIES.get(record.priority)
        title, body = first_line(record.subject)
        properties: Properties = {
            **_text(title, body),
            "STATUS": text_property("STATUS", "COMPLETED" if record.is_completed else "NEEDS-ACTION"),
            _STATUS: text_property(_STATUS, record.status),
            "PRIORITY": integer_property("PRIORITY", priority),
            _PRIORITY: text_property(_PRIORITY, "" if priority else record.priority),
            "COMPLETED": (instant_property("COMPLETED", datetime.combine(day, time.min, UTC)),) if day else (),
            "CATEGORIES": texts_property("CATEGORIES", (record.category,) if record.category else ()),
            _LIST: texts_property(_LIST, tuple(lists)),
            **_dated(record.due, record.recurrence, zones),
        }
        return Written(Said(properties, instant_alarm(record.alarm)))


# --- what both say -----------------------------------------------------------------------------------------------


def _text(title: str, body: str) -> Properties:
    return {"SUMMARY": text_property("SUMMARY", title), "DESCRIPTION": text_property("DESCRIPTION", body)}


def _todo_status(component: Component) -> TodoStatus:
    plain, ours = read_word(component.first("STATUS")), read_text(component.first(_STATUS))
    beside = next((one for one, name in _STATUSES.items() if one == ours and name == plain), None)
    return beside or _PLAIN.get(plain, TodoStatus.NOT_STARTED)


def _crm_status(component: Component) -> str:
    plain, ours = read_word(component.first("STATUS")), read_text(component.first(_STATUS))
    return "In progress" if plain == "IN-PROCESS" else ours


def _importance(component: Component) -> Importance:
    number = read_integer(component.first("PRIORITY")) or _NORMAL
    if number < _NORMAL:
        return Importance.HIGH
    return Importance.LOW if number >= _LOW else Importance.NORMAL


def _crm_priority(component: Component) -> str:
    number = read_integer(component.first("PRIORITY"))
    if not number:
        return read_text(component.first(_PRIORITY))
    return "HI" if number < _NORMAL else "LOW" if number >= _LOW else "MED"


def _due(component: Component, zones: CalendarZones) -> Moment | None:
    line = component.first("DUE")
    if line is None:
        return None
    start = read_start(line, zones)
    return start.instant() if isinstance(start, WallTime) and start.zone is not None else day_of(start)


def _dated(due: Moment | None, recurrence: Recurrence | None, zones: CalendarZones) -> Properties:
    """Return the due moment, and the series with a start of the same kind."""
    shown = (instant_property("DUE", due),) if isinstance(due, Instant) else ()
    properties: Properties = {"DUE": shown or ((start_property("DUE", due, zones),) if due is not None else ())}  # type: ignore[arg-type]  # a day
    if recurrence is None:
        return properties
    first = recurrence.range.start
    at = (
        WallTime(datetime.combine(first, due.utc.time().replace(microsecond=0)), "UTC")
        if isinstance(due, Instant)
        else first
    )
    ends = _UNREPORTED if isinstance(recurrence.range.end, Unreported) else ""
    return {
        **properties,
        **series_properties(Series(at, (_ruled(recurrence),)), zones),
        _ENDS: text_property(_ENDS, ends),
        _ZONE: text_property(_ZONE, recurrence.range.zone or ""),
    }


def _ruled(recurrence: Recurrence) -> Recurrence:
    """Return what a rule can say of a recurrence: no zone of its own, and where its end was not reported, none."""
    range_ = recurrence.range
    end = NoEnd() if isinstance(range_.end, Unreported) else range_.end
    return attrs.evolve(recurrence, range=attrs.evolve(range_, end=end, zone=None))


def _recurrence(found: ComponentSet, zones: CalendarZones, due: Moment | None) -> Recurrence | None:
    """Return the recurrence of a task; None where it has none, or one that no pattern says."""
    main = found.main
    if main.first("RRULE") is None or (due is None and main.first("DTSTART") is None):
        return None
    start = WallTime(due.utc.replace(tzinfo=None), "UTC") if isinstance(due, Instant) else due
    translated = to_pattern(read_series(found, zones, start))
    if isinstance(translated, NotExpressible):
        return None
    (recurrence,) = translated.value.rules
    assert isinstance(recurrence, Recurrence)  # noqa: S101 -- what to_pattern is for; for the type checker
    zone = read_text(main.first(_ZONE)) or None
    unreported = read_text(main.first(_ENDS)) == _UNREPORTED and isinstance(recurrence.range.end, NoEnd)
    end = UNREPORTED if unreported else recurrence.range.end
    return attrs.evolve(recurrence, range=attrs.evolve(recurrence.range, end=end, zone=zone))
