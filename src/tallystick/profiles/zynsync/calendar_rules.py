"""Provide the field table of ZynSync's calendar sync: what an event and an appointment say alike.

Title, times, recurrence, description and invitees travel both ways; responses to the CRM only. Everything but the times
is masked where a record is private. What is too long for the CRM is cut there, and its rest stays in the mailbox.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Final

import attrs

from tallystick.mapping import (
    BOTH_WAYS,
    TO_LEFT,
    TO_RIGHT,
    Direction,
    Lens,
    MergePolicy,
    Rule,
    attribute,
    derived,
    elements,
    rule,
)
from tallystick.profiles.calendar_times import CrmTimes, exception_key, said_exceptions, said_span
from tallystick.profiles.meeting_lenses import (
    BODY,
    EVENT_EXCEPTIONS,
    EXCEPTIONS,
    NO_EXCEPTIONS,
    SPAN,
    event_recurrence,
    event_span,
    is_private_event,
    recurrence,
)
from tallystick.profiles.zynsync.invitees import (
    Company,
    Relations,
    Responses,
    event_people,
    event_responses,
    put_attendees,
    put_responses,
    said_person,
    said_responses,
)
from tallystick.profiles.zynsync.privacy import MASK, is_private_appointment, masked
from tallystick.records import Appointment, Event
from tallystick.recurrence import SALESFORCE_CLASSIC, Support
from tallystick.text import clean, cut, cut_clean

MOST_SUBJECT: Final = 255
MOST_DESCRIPTION: Final = 32_000
EVENTS: Final = attrs.evolve(SALESFORCE_CLASSIC, end_for_endless=date(2099, 12, 31))
"""What the CRM's events recur by: as Salesforce's classic events, and a last day for what goes on for ever."""

CalendarRule = Rule[Event, Appointment]


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
    people: Lens[Appointment, Relations] = Lens(company.appointment_people, company.put_people, ("relations",))
    text = partial(_text, table.direction)
    return (
        text("subject", attribute("subject"), MOST_SUBJECT, MASK),
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
        ).keyed(exception_key),
        text("description", BODY, MOST_DESCRIPTION, ""),
        elements(
            "invitees",
            masked(Lens(event_people, put_attendees, ("attendees",)), is_private_event, ()),
            masked(people, is_private_appointment, ()),
            said_person,
            direction=table.direction,
        ),
        rule(
            "responses",
            _EVENT_RESPONSES,
            masked(_RESPONSES, is_private_appointment, ()),
            said_responses,
            policy=MergePolicy.MIRROR,
            direction=to_right,
        ),
    )


def _text(direction: Direction, name: str, left: Lens[Event, str], most: int, mask: str) -> CalendarRule:
    """Return the rule of a text of which the CRM holds ``most`` characters; the rest stays in the mailbox."""
    short = partial(cut_clean, longest=most)

    def put_left(event: Event, text: str) -> Mapping[str, object]:
        whole = clean(left.get(event))
        return left.put(event, text + whole[len(cut(whole, most)) :])

    def fits(text: str) -> bool:
        return len(clean(text)) <= most

    right: Lens[Appointment, str] = Lens(attrgetter(name), lambda _, text: {name: short(text)}, (name,))
    return rule(
        name,
        masked(Lens(left.get, put_left, left.writes), is_private_event, mask),
        masked(right, is_private_appointment, mask),
        short,
        direction=direction,
    ).reporting(fits)


_EVENT_RESPONSES: Final[Lens[Event, Responses]] = derived(event_responses)
_RESPONSES: Final[Lens[Appointment, Responses]] = Lens(
    lambda appointment: tuple(sorted(appointment.responses)), put_responses, ("responses",)
)
