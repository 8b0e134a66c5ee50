"""Provide a CRM's appointment in neutral words: what Maximizer calls an appointment and Salesforce an event.

CRMs keep instants, or days without time. An all-day appointment names its first and its *last* day, as CRMs show it.
"""

from datetime import date
from enum import StrEnum

import attrs

from tallystick.records.occurrence import OccurrenceChange
from tallystick.records.relation import Relation
from tallystick.recurrence import Instant, Recurrence


class Priority(StrEnum):
    """How important an appointment is."""

    LOW = "low"
    MEDIUM = "med"
    HIGH = "high"


@attrs.frozen(repr=False)
class Appointment:
    """An appointment in a CRM: a single one, or a whole series.

    ``start`` and ``end`` are instants, or the first and the last day of an all-day one. The range of a ``recurrence``
    names the zone in which it keeps its time of day. ``rich_text`` is the description in HTML, if there is one.
    ``alarm`` is when its user is reminded, ``organizer`` the user's id. ``relations`` are the people it is about,
    ``responses`` what they answered, as pairs of a relation's id and a word of :class:`~tallystick.records.Response`.
    ``type`` names the CRM's own kind of event, ``custom`` are fields that a customer made, as pairs of name and value.
    """

    subject: str = ""
    start: Instant | date | None = None
    end: Instant | date | None = None
    recurrence: Recurrence | None = None
    exceptions: tuple[OccurrenceChange, ...] = ()
    description: str = ""
    rich_text: str = ""
    location: str = ""
    private: bool = False
    priority: Priority = Priority.MEDIUM
    alarm: Instant | None = None
    organizer: str = ""
    relations: tuple[Relation, ...] = ()
    responses: tuple[tuple[str, str], ...] = ()
    type: str = ""
    custom: tuple[tuple[str, str], ...] = ()

    @property
    def is_all_day(self) -> bool:
        """Whether it takes whole days."""
        return isinstance(self.start, date)
