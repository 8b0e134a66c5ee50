"""Provide the lenses of meetings that several profiles share: times, recurrence, exceptions and body.

==================  =========================================  =======================================================
shared value        a calendar shows it as                     a CRM shows it as
==================  =========================================  =======================================================
span                start and end                              start and end
recurrence          recurrence                                 recurrence
exceptions          changed occurrences of a series            the same
body                text, or HTML with that text               text, under a name of its own
==================  =========================================  =======================================================

A body that is HTML stays HTML. A record without a recurrence has no exceptions, whatever is left in their place.
"""

from collections.abc import Mapping
from typing import Final

from tallystick.mapping import Lens, derived
from tallystick.profiles.calendar_times import (
    CrmTimes,
    Span,
    appointment_recurrence,
    appointment_span,
    put_event_span,
    put_span,
)
from tallystick.records import Appointment, BodyType, Event, OccurrenceChange, Sensitivity
from tallystick.recurrence import Recurrence
from tallystick.rich_text import as_html, plain_text

Exceptions = tuple[OccurrenceChange, ...]


def event_span(times: CrmTimes, zone: str) -> Lens[Event, Span | None]:
    """Return the lens onto an event's times, in the zone where it is written."""
    return Lens(times.span, lambda event, span: put_event_span(event, span, zone), ("start", "end"))


def event_recurrence(times: CrmTimes) -> Lens[Event, Recurrence | None]:
    """Return the lens onto an event's recurrence as far as the CRM has it."""
    return Lens(times.recurrence, lambda _, found: {"recurrence": times.opened(found)}, ("recurrence",))


def recurrence(times: CrmTimes) -> Lens[Appointment, Recurrence | None]:
    """Return the lens onto an appointment's recurrence."""
    return Lens(appointment_recurrence, lambda _, found: {"recurrence": times.closed(found)}, ("recurrence",))


def is_private_event(event: Event) -> bool:
    """Tell whether an event is nobody's business."""
    return event.sensitivity in (Sensitivity.PRIVATE, Sensitivity.CONFIDENTIAL)


def _body_text(event: Event) -> str:
    return event.body if event.body_type is BodyType.TEXT else plain_text(event.body)


def _put_body(event: Event, text: str) -> Mapping[str, object]:
    return {"body": text if event.body_type is BodyType.TEXT else as_html(text)}


BODY: Final[Lens[Event, str]] = Lens(_body_text, _put_body, ("body",))
SPAN: Final[Lens[Appointment, Span | None]] = Lens(appointment_span, put_span, ("start", "end"))
EVENT_EXCEPTIONS: Final[Lens[Event, Exceptions]] = Lens(
    lambda event: event.exceptions if event.recurrence is not None else (),
    lambda _, changes: {"exceptions": changes},
    ("exceptions",),
)
EXCEPTIONS: Final[Lens[Appointment, Exceptions]] = Lens(
    lambda appointment: appointment.exceptions if appointment.recurrence is not None else (),
    lambda _, changes: {"exceptions": changes},
    ("exceptions",),
)
NO_EXCEPTIONS: Final[Lens[Appointment, Exceptions]] = derived(lambda _: ())
"""Of a CRM whose series have no exceptions."""
