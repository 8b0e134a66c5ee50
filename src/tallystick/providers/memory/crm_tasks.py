"""Provide a CRM's tasks as far as a sync of tasks can tell.

Whom a task is assigned to stands in the task, and users are the scopes. A task needs a due date, and an alarm after it
is refused. Completing one sets its completion date; what becomes of a recurring one is one of three habits.
"""

from datetime import date, datetime, timedelta

import attrs

from tallystick.ports.capabilities import Capabilities, CreateSafety
from tallystick.providers.memory.quirks import Completing, Quirks
from tallystick.providers.memory.recurring import day_from, settled
from tallystick.providers.memory.shape import SearchField, Shape
from tallystick.records import CrmTask
from tallystick.recurrence import Instant, LocalDays
from tallystick.text import cut, first_line

CRM_TASK_CAPABILITIES = Capabilities(
    create_safety=CreateSafety.SEARCHABLE_TAG,
    batch_size=100,
    read_size=100,
    record_url="https://crm.example/tasks/{id}",
)
"""Deltas, versions, a custom field for the tag that can be searched for, and a hundred to a request."""

_LONGEST_TITLE = 255


def crm_task_shape(quirks: Quirks) -> Shape[CrmTask]:
    """Return what a CRM knows of tasks, and makes of them."""
    days = LocalDays.of(quirks.zone)

    def refused_alarm(task: CrmTask) -> str:
        late = task.alarm and task.due and task.alarm > days.last_moment(task.due)
        return "alarm_after_due" if late else ""

    def settles(task: CrmTask, at: datetime) -> tuple[CrmTask, ...]:
        return _settled(_dated(task, days.day_of(Instant(at))), days, quirks.completing)

    return Shape(
        CrmTask,
        searches={"title": SearchField(lambda task: (_title(task),))},
        holds=lambda task: "" if task.due else "missing:due",
        checks={"alarm": refused_alarm, "due": refused_alarm},
        mint=lambda number: f"t{number}",
        settles=settles,
    )


def _title(task: CrmTask) -> str:
    """Return what a task is searched by: its first line, as far as other systems show it."""
    return cut(first_line(task.subject)[0], _LONGEST_TITLE)


def _dated(task: CrmTask, today: date) -> CrmTask:
    on = (task.completion_date or today) if task.is_completed else None
    return task if on == task.completion_date else attrs.evolve(task, completion_date=on)


def _settled(task: CrmTask, days: LocalDays, completing: Completing) -> tuple[CrmTask, ...]:
    if task.recurrence is None or task.due is None or not task.is_completed:
        return (task,)
    day = days.day_of(task.due)
    following = day_from(task.recurrence, day + timedelta(days=1))
    onward = None
    if following is not None:
        onward = attrs.evolve(
            task,
            is_completed=False,
            status="",
            completion_date=None,
            due=days.same_time(following, task.due),
            alarm=task.alarm and Instant(task.alarm.utc + (following - day)),
        )
    return settled(task, completing, alone=lambda done: attrs.evolve(done, recurrence=None), onward=onward)
