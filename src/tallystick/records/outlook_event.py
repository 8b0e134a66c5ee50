"""Provide Outlook's event, in the words of Microsoft Graph v1.0 (resource type event).

One record is a single event or a whole series: occurrences that are not as the rule says stand in their series. What
the service spells in three ways (null, empty, a date of the year 1) is here one: nothing.
"""

from datetime import date
from enum import StrEnum

import attrs

from tallystick.records.occurrence import OccurrenceChange
from tallystick.records.outlook import EmailAddress
from tallystick.records.relation import Relation
from tallystick.recurrence import Recurrence, RecurrenceRule, Start


class Sensitivity(StrEnum):
    """Who may see what an event is about."""

    NORMAL = "normal"
    PERSONAL = "personal"
    PRIVATE = "private"
    CONFIDENTIAL = "confidential"


class Importance(StrEnum):
    """How important something is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class ShowAs(StrEnum):
    """What others see of the time that an event takes."""

    FREE = "free"
    TENTATIVE = "tentative"
    BUSY = "busy"
    OUT_OF_OFFICE = "oof"
    WORKING_ELSEWHERE = "workingElsewhere"
    UNKNOWN = "unknown"


class BodyType(StrEnum):
    """What a body is written in."""

    TEXT = "text"
    HTML = "html"


class AttendeeType(StrEnum):
    """What an attendee is to a meeting."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    RESOURCE = "resource"


class Response(StrEnum):
    """What an attendee answered. NONE is what those are shown who may not know."""

    NONE = "none"
    ORGANIZER = "organizer"
    TENTATIVE = "tentativelyAccepted"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOT_RESPONDED = "notResponded"


@attrs.frozen(repr=False)
class Attendee:
    """One person or room that was invited.

    ``relations`` are the records of the other side that have the address. No service keeps them: they are looked up
    when a run reads the event.
    """

    email: EmailAddress
    type: AttendeeType = AttendeeType.REQUIRED
    response: Response = Response.NONE
    relations: tuple[Relation, ...] = ()


@attrs.frozen(repr=False)
class Event:
    """An event in a calendar: a single one, or a whole series.

    ``start`` and ``end`` are wall times, or both dates of an all-day event, whose ``end`` is exclusive; None where
    the event lacks them. ``recurrence`` makes it a series, of which ``exceptions`` are the occurrences that are not
    as it says; a RecurrenceRule is one that no pattern says. ``reminder_minutes`` before the start, None for no
    reminder. ``uid`` is the same in every mailbox that has a copy of the meeting; the service makes it.
    ``is_organizer`` tells whether the mailbox's owner called it: other copies are not for changing.
    """

    subject: str = ""
    start: Start | None = None
    end: Start | None = None
    recurrence: Recurrence | RecurrenceRule | None = None
    exceptions: tuple[OccurrenceChange, ...] = ()
    body: str = ""
    body_type: BodyType = BodyType.TEXT
    location: str = ""
    sensitivity: Sensitivity = Sensitivity.NORMAL
    importance: Importance = Importance.NORMAL
    show_as: ShowAs = ShowAs.BUSY
    reminder_minutes: int | None = None
    attendees: tuple[Attendee, ...] = ()
    organizer: EmailAddress | None = None
    is_organizer: bool = True
    is_cancelled: bool = False
    categories: tuple[str, ...] = ()
    uid: str = ""

    @property
    def is_all_day(self) -> bool:
        """Whether it takes whole days."""
        return isinstance(self.start, date)
