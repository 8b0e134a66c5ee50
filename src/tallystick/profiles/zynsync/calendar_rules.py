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
from tallystick.profiles.calendar_times import (
    CrmTimes,
    Span,
    appointment_recurrence,
    appointment_span,
    put_event_span,
    put_span,
    said_exceptions,
    said_span,
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
from tallystick.records import Appointment, BodyType, Event, OccurrenceChange
from tallystick.recurrence import SALESFORCE_CLASSIC, Recurrence, Support
from tallystick.rich_text import as_html, plain_text
from tallystick.text import clean, cut

MOST_SUBJECT: Final = 255
MOST_DESCRIPTION: Final = 32_000
EVENTS: Final = attrs.evolve(SALESFORCE_CLASSIC, end_for_endless=date(2099, 12, 31))
"""What the CRM's events recur by: as Salesforce's classic events, and a last day for what goes on for ever."""

CalendarRule = Rule[Event, Appointment]
Exceptions = tuple[OccurrenceChange, ...]
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
        rule("times", _event_span(times, zone), _SPAN, said_span, direction=table.direction),
        rule(
            "recurrence", _event_recurrence(times), _recurrence(times), times.said_recurrence, direction=table.direction
        ),
        rule(
            "exceptions",
            _EVENT_EXCEPTIONS,
            _EXCEPTIONS if table.support.exceptions else _NO_EXCEPTIONS,
            said_exceptions,
            direction=table.direction if table.support.exceptions else to_right,
        ),
        two_way(
            "description",
            _text(_BODY, "description", MOST_DESCRIPTION, ""),
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


def _body_text(event: Event) -> str:
    return event.body if event.body_type is BodyType.TEXT else plain_text(event.body)


def _put_body(event: Event, text: str) -> Mapping[str, object]:
    return {"body": text if event.body_type is BodyType.TEXT else as_html(text)}


def _event_span(times: CrmTimes, zone: str) -> Lens[Event, Span | None]:
    return Lens(times.span, lambda event, span: put_event_span(event, span, zone), ("start", "end"))


def _event_recurrence(times: CrmTimes) -> Lens[Event, Recurrence | None]:
    return Lens(times.recurrence, lambda _, found: {"recurrence": times.opened(found)}, ("recurrence",))


def _recurrence(times: CrmTimes) -> Lens[Appointment, Recurrence | None]:
    return Lens(appointment_recurrence, lambda _, found: {"recurrence": times.closed(found)}, ("recurrence",))


def _people(company: Company) -> Lens[Appointment, Relations]:
    return Lens(company.appointment_people, company.put_people, ("relations",))


def _same(value: Responses) -> Responses:
    return value


_SUBJECT: Final[Lens[Event, str]] = Lens(lambda event: event.subject, lambda _, text: {"subject": text}, ("subject",))
_BODY: Final[Lens[Event, str]] = Lens(_body_text, _put_body, ("body",))
_SPAN: Final[Lens[Appointment, Span | None]] = Lens(appointment_span, put_span, ("start", "end"))
_EVENT_EXCEPTIONS: Final[Lens[Event, Exceptions]] = Lens(
    lambda event: event.exceptions if event.recurrence is not None else (),
    lambda _, changes: {"exceptions": changes},
    ("exceptions",),
)
_EXCEPTIONS: Final[Lens[Appointment, Exceptions]] = Lens(
    lambda appointment: appointment.exceptions if appointment.recurrence is not None else (),
    lambda _, changes: {"exceptions": changes},
    ("exceptions",),
)
_NO_EXCEPTIONS: Final[Lens[Appointment, Exceptions]] = Lens(lambda _: (), lambda _, __: {}, ())
_EVENT_RESPONSES: Final[Lens[Event, Responses]] = Lens(event_responses, lambda _, __: {}, ())
_RESPONSES: Final[Lens[Appointment, Responses]] = Lens(
    lambda appointment: tuple(sorted(appointment.responses)), put_responses, ("responses",)
)
