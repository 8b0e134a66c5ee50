"""Provide Outlook's tasks, in the words of Microsoft Graph v1.0 (resource type todoTask, *Microsoft To Do*).

What the service says as dateTimeTimeZone is an instant here: due and completed dates are days in the product, and come
as the instant of a midnight somewhere. Which list a task is on is no part of it.
"""

from enum import StrEnum

import attrs

from tallystick.records.outlook_event import Importance
from tallystick.recurrence import Instant, Recurrence


class TodoStatus(StrEnum):
    """How far a task is."""

    NOT_STARTED = "notStarted"
    IN_PROGRESS = "inProgress"
    COMPLETED = "completed"
    WAITING_ON_OTHERS = "waitingOnOthers"
    DEFERRED = "deferred"


@attrs.frozen(repr=False)
class TodoTask:
    """A task on a To Do list.

    ``body`` is plain text. ``reminder`` counts while ``is_reminder_on``. ``created`` is the service's own.
    ``recurrence`` needs a ``due`` date; its number of occurrences comes back unreported.
    """

    title: str = ""
    body: str = ""
    status: TodoStatus = TodoStatus.NOT_STARTED
    importance: Importance = Importance.NORMAL
    due: Instant | None = None
    is_reminder_on: bool = False
    reminder: Instant | None = None
    completed: Instant | None = None
    recurrence: Recurrence | None = None
    categories: tuple[str, ...] = ()
    start: Instant | None = None
    created: Instant | None = None
