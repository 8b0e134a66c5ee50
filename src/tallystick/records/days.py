"""Provide the days that records are looked for in, and whether mail came on them."""

from datetime import date
from typing import Protocol

from tallystick.recurrence import Instant


class Days(Protocol):
    """A span of whole days of a time zone, both included, such as a :class:`~tallystick.ports.Window`."""

    @property
    def first(self) -> date: ...  # noqa: D102 -- the class says it
    @property
    def last(self) -> date: ...  # noqa: D102
    @property
    def zone(self) -> str: ...  # noqa: D102


class Dated(Protocol):
    """What has a moment: a message, an activity."""

    @property
    def at(self) -> Instant | None: ...  # noqa: D102 -- the class says it


def came_in(mail: Dated, days: Days) -> bool:
    """Tell whether mail came on one of the days; without a moment it always did."""
    return mail.at is None or days.first <= mail.at.in_zone(days.zone).local.date() <= days.last
