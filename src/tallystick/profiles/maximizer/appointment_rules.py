"""Provide the field table of Maximizer's appointments: what each shows of an Outlook event.

Every rule mirrors: it is asserted on the appointment whenever the event has changed, and never written to Outlook.
What is too long is cut, which is no change on the next run and is reported when it is written.
"""

from collections.abc import Callable, Hashable, Mapping
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Final, TypeVar

import attrs

from tallystick.mapping import TO_RIGHT, Lens, MergePolicy, Rule, attribute, attribute_of, derived, rule
from tallystick.ports import Side
from tallystick.profiles.calendar_times import (
    CrmTimes,
    appointment_recurrence,
    said_exceptions,
    said_instant,
    said_span,
)
from tallystick.profiles.canonical_forms import said_relations, unchanged
from tallystick.profiles.meeting_lenses import BODY, EVENT_EXCEPTIONS, EXCEPTIONS, NO_EXCEPTIONS, SPAN, is_private_event
from tallystick.records import (
    Appointment,
    BodyType,
    Event,
    Importance,
    Priority,
    Relation,
)
from tallystick.recurrence import MAXIMIZER_APPOINTMENTS, Instant, Recurrence, Support
from tallystick.text import clean, cut_clean

MOST_SUBJECT: Final = 1024
MOST_DESCRIPTION: Final = 8192
MOST_RICH_TEXT: Final = 32_768

PRIORITIES: Final[Mapping[Importance, Priority]] = {
    Importance.LOW: Priority.LOW,
    Importance.NORMAL: Priority.MEDIUM,
    Importance.HIGH: Priority.HIGH,
}
V = TypeVar("V")
AppointmentRule = Rule[Event, Appointment]


@attrs.frozen
class AppointmentTable:
    """What an integrator may choose of the field table.

    ``support`` is the table of the recurrences that the CRM has. An event without end is ignored, or ends on
    ``end_for_missing``. ``clean_html`` makes bodies safe to be passed on as rich text, such as
    :func:`tallystick.rich_text.sanitised`; without it there is none. ``names_attendees`` writes the names of the
    attendees that the CRM knows under the description.
    """

    support: Support = MAXIMIZER_APPOINTMENTS
    end_for_missing: date | None = None
    clean_html: Callable[[str], str] | None = None
    names_attendees: bool = False

    def times(self, zone: str) -> CrmTimes:
        """Return how the times of a user who lives in ``zone`` are read."""
        return CrmTimes(zone, self.support, self.end_for_missing)


def appointment_rules(user: str, zone: str, table: AppointmentTable) -> tuple[AppointmentRule, ...]:
    """Return the field table of the user with the id ``user``, to whom every appointment belongs."""
    times = table.times(zone)
    keeps_exceptions = table.support.exceptions
    return (
        _text("subject", lambda event: event.subject, MOST_SUBJECT),
        _mirrored("times", times.span, SPAN, said_span),
        _mirrored("recurrence", times.recurrence, _RECURRENCE, times.said_recurrence).replacing(Side.RIGHT),
        _mirrored(
            "exceptions",
            EVENT_EXCEPTIONS.get,
            EXCEPTIONS if keeps_exceptions else NO_EXCEPTIONS,
            said_exceptions,
        ),
        _text("description", lambda event: _description(event, table), MOST_DESCRIPTION),
        _mirrored("rich_text", lambda event: _rich_text(event, table), attribute("rich_text"), clean),
        _mirrored("location", lambda event: event.location, attribute("location"), clean),
        _mirrored("private", is_private_event, attribute_of("private", bool), unchanged),
        _mirrored(
            "priority",
            lambda event: PRIORITIES.get(event.importance, Priority.MEDIUM),
            attribute_of("priority", Priority),
            str,
        ),
        _mirrored("alarm", times.alarm, _ALARM, said_instant),
        _mirrored("organizer", lambda _: user, attribute("organizer"), clean),
        _mirrored("people", _people, _RELATIONS, said_relations),
    )


def _text(name: str, shown: Callable[[Event], str], most: int) -> AppointmentRule:
    """Return the rule of a text of at most ``most`` characters."""
    whole = partial(cut_clean, longest=most)

    def fits(text: str) -> bool:
        return len(clean(text)) <= most

    right: Lens[Appointment, str] = Lens(attrgetter(name), lambda _, text: {name: whole(text)}, (name,))
    return _mirrored(name, shown, right, whole).reporting(fits)


def _mirrored(
    name: str, shown: Callable[[Event], V], right: Lens[Appointment, V], canon: Callable[[V], Hashable]
) -> AppointmentRule:
    """Return the rule that an appointment has what its event shows."""
    return rule(name, derived(shown), right, canon, policy=MergePolicy.MIRROR, direction=TO_RIGHT)


def _description(event: Event, table: AppointmentTable) -> str:
    names = [relation.name for relation in _people(event) if relation.name] if table.names_attendees else []
    return "\n\n".join(part for part in (BODY.get(event).strip(), ", ".join(names)) if part)


def _rich_text(event: Event, table: AppointmentTable) -> str:
    """Return the body for the CRM to show; nothing where it is too long, so that the description is shown."""
    if table.clean_html is None or event.body_type is not BodyType.HTML:
        return ""
    html = table.clean_html(event.body)
    return html if len(html) <= MOST_RICH_TEXT else ""


def _people(event: Event) -> tuple[Relation, ...]:
    found = {(one.kind, one.id): one for attendee in event.attendees for one in attendee.relations}
    return tuple(found[key] for key in sorted(found))


_ALARM: Final[Lens[Appointment, Instant | None]] = Lens(
    attrgetter("alarm"), lambda _, alarm: {"alarm": alarm}, ("alarm",)
)
_RECURRENCE: Final[Lens[Appointment, Recurrence | None]] = Lens(
    appointment_recurrence, lambda _, recurrence: {"recurrence": recurrence}, ("recurrence",)
)
_RELATIONS: Final = attribute_of("relations", tuple[Relation, ...])
