"""Provide the field table of ZynSync's calendar sync: what an event and an appointment say alike.

Title, times, recurrence, description and invitees travel both ways; responses to the CRM only. Everything but the times
is masked where a record is private. What is too long for the CRM is cut there, and its rest stays in the mailbox.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final

import attrs

from tallystick.mapping import BOTH_WAYS, TO_LEFT, TO_RIGHT, Direction, Lens, MergePolicy, Rule, elements, rule
from tallystick.profiles.calendar_times import CrmTimes, said_exceptions, said_span
from tallystick.profiles.meeting_lenses import (
    BODY,
    EVENT_EXCEPTIONS,
    EXCEPTIONS,
    NO_EXCEPTIONS,
    SPAN,
    event_recurrence,
    event_span,
    recurrence,
)
from tallystick.profiles.zynsync.invitees import (
    Company,
    Relations,
    event_people,
    event_responses,
    put_attendees,
    put_responses,
    said_person,
)
from tallystick.profiles.zynsync.privacy import MASK, is_private_appointment, is_private_event, masked
from tallystick.records import Appointment, Event
from tallystick.recurrence import SALESFORCE_CLASSIC, Support
from tallystick.text import clean, cut

MOST_SUBJECT: Final = 255
MOST_DESCRIPTION: Final = 32_000
EVENTS: Final = attrs.evolve(SALESFORCE_CLASSIC, end_for_endless=date(2099, 12, 31))
"""What the CRM's events recur by: as Salesforce's classic events, and a last day for what goes on for ever."""

CalendarRule = Rule[Event, Appointment]
Responses = tuple[tuple[str, str], ...]


@attrs.frozen
class CalendarTable:
    """What an integrator may choose of the field table.

    ``support`` is the table of the recurrences that the CRM has, ``direction`` where anything may be written.
    """

    support: Support = EVENTS
    direction: Direction = BOTH_WAYS


def calendar_rules(company: Company, zone: str, table: CalendarTable) -> tuple[CalendarRule, ...]:
    """Return the field table for a user who lives in ``zone``."""
    times = CrmTimes(zone, table.support)
    to_right = TO_RIGHT if table.direction is not TO_LEFT else Direction((False, False), (False, False))
    two_way = partial(_two_way, table.direction)
    return (
        two_way("subject", _text(_SUBJECT, "subject", MOST_SUBJECT, MASK), _short(MOST_SUBJECT)).reporting(
            _fits(MOST_SUBJECT)
        ),
        rule("times", event_span(times, zone), SPAN, said_span, direction=table.direction),
        rule(
            "recurrence", event_recurrence(times), recurrence(times), times.said_recurrence, direction=table.direction
        ),
        rule(
            "exceptions",
            EVENT_EXCEPTIONS,
            EXCEPTIONS if table.support.exceptions else NO_EXCEPTIONS,
            said_exceptions,
            direction=table.direction if table.support.exceptions else to_right,
        ),
        two_way(
            "description",
            _text(BODY, "description", MOST_DESCRIPTION, ""),
            _short(MOST_DESCRIPTION),
        ).reporting(_fits(MOST_DESCRIPTION)),
        elements(
            "invitees",
            masked(Lens(event_people, put_attendees, ("attendees",)), is_private_event, ()),
            masked(_people(company), is_private_appointment, ()),
            said_person,
            direction=table.direction,
        ),
        rule(
            "responses",
            masked(_EVENT_RESPONSES, is_private_event, ()),
            masked(_RESPONSES, is_private_appointment, ()),
            _same,
            policy=MergePolicy.MIRROR,
            direction=to_right,
        ),
    )


Texts = tuple[Lens[Event, str], Lens[Appointment, str]]


def _two_way(direction: Direction, name: str, lenses: Texts, canon: Callable[[str], str]) -> CalendarRule:
    return rule(name, *lenses, canon, direction=direction)


def _text(left: Lens[Event, str], field: str, most: int, mask: str) -> Texts:
    """Return both lenses of a text: the CRM's holds ``most`` characters, the rest stays in the mailbox."""

    def get(appointment: Appointment) -> str:
        text: str = getattr(appointment, field)
        return text

    def put_left(event: Event, text: str) -> Mapping[str, object]:
        whole = clean(left.get(event))
        return left.put(event, text + whole[len(cut(whole, most)) :])

    right: Lens[Appointment, str] = Lens(get, lambda _, text: {field: _short(most)(text)}, (field,))
    return (
        masked(Lens(left.get, put_left, left.writes), is_private_event, mask),
        masked(right, is_private_appointment, mask),
    )


def _short(most: int) -> Callable[[str], str]:
    return lambda text: clean(cut(clean(text), most))


def _fits(most: int) -> Callable[[str], bool]:
    return lambda text: len(clean(text)) <= most


def _people(company: Company) -> Lens[Appointment, Relations]:
    return Lens(company.appointment_people, company.put_people, ("relations",))


def _same(value: Responses) -> Responses:
    return value


_SUBJECT: Final[Lens[Event, str]] = Lens(lambda event: event.subject, lambda _, text: {"subject": text}, ("subject",))
_EVENT_RESPONSES: Final[Lens[Event, Responses]] = Lens(event_responses, lambda _, __: {}, ())
_RESPONSES: Final[Lens[Appointment, Responses]] = Lens(
    lambda appointment: tuple(sorted(appointment.responses)), put_responses, ("responses",)
)
