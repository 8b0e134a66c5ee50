"""Provide how private events are shown to the other side: as time that is taken, and nothing else.

What a private record shows is the same whatever stands in it, and nothing is ever put into one: so its contents never
leave their side, and what the other side shows in their place never comes back.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from tallystick.mapping import Lens
from tallystick.records import Appointment

MASK: Final = "Private"
"""The title that a private event has on the other side."""

S = TypeVar("S")
V = TypeVar("V")


def is_private_appointment(appointment: Appointment) -> bool:
    """Tell whether an appointment is nobody's business."""
    return appointment.private


def masked(lens: Lens[S, V], is_private: Callable[[S], bool], mask: V) -> Lens[S, V]:
    """Return a lens that shows ``mask`` for private records, and leaves them alone."""

    def get(record: S) -> V:
        return mask if is_private(record) else lens.get(record)

    def put(record: S, value: V) -> Mapping[str, object]:
        return {} if is_private(record) else lens.put(record, value)

    return Lens(get, put, lens.writes)
