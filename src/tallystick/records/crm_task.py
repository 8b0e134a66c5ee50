"""Provide a CRM's task in neutral words."""

from datetime import date

import attrs

from tallystick.recurrence import Instant, Recurrence


@attrs.frozen(repr=False)
class CrmTask:
    """A task in a CRM.

    ``subject`` has as many lines as somebody wrote. ``due`` is an instant or a whole day, and CRMs want one.
    ``is_completed`` and ``status`` are two things: the first is a mark, the second a word out of the CRM's own list, as
    is ``priority``. ``assigned_to`` are the names of the users who are to do it. An ``alarm`` is never after ``due``.
    """

    subject: str = ""
    due: Instant | date | None = None
    alarm: Instant | None = None
    is_completed: bool = False
    status: str = ""
    priority: str = ""
    completion_date: date | None = None
    recurrence: Recurrence | None = None
    assigned_to: tuple[str, ...] = ()
    category: str = ""
