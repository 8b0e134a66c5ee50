"""Provide a CRM's appointments as far as a sync of calendars can tell.

Subjects and descriptions have a greatest length, and recurrences are those of a table of what the CRM knows; a write
beyond them is refused. They can be searched by subject. Nobody is told of a write.
"""

from tallystick.providers.memory.shape import SearchField, Shape
from tallystick.records.appointment import Appointment
from tallystick.records.occurring import appointment_lies_in
from tallystick.recurrence import MAXIMIZER_APPOINTMENTS, Support, unsupported

MOST_SUBJECT = 1024
MOST_DESCRIPTION = 8192


def appointment_shape(
    support: Support = MAXIMIZER_APPOINTMENTS, longest_description: int = MOST_DESCRIPTION
) -> Shape[Appointment]:
    """Return what a CRM knows of appointments whose recurrences are those of ``support``."""

    def too_long(appointment: Appointment) -> str:
        return "too_long:description" if len(appointment.description) > longest_description else ""

    def unknown_recurrence(appointment: Appointment) -> str:
        recurrence = appointment.recurrence
        return "unsupported:recurrence" if recurrence is not None and unsupported(recurrence, support) else ""

    def exceptions(appointment: Appointment) -> str:
        return "unsupported:exceptions" if appointment.exceptions and not support.exceptions else ""

    return Shape(
        Appointment,
        searches={"subject": SearchField(lambda appointment: (appointment.subject,))},
        checks={
            "subject": lambda appointment: "too_long:subject" if len(appointment.subject) > MOST_SUBJECT else "",
            "description": too_long,
            "recurrence": unknown_recurrence,
            "exceptions": exceptions,
        },
        mint=lambda number: f"a{number}",
        lies_in=appointment_lies_in,
    )
