"""Provide the days of the week and the week of a month, in the words that Graph and RFC 5545 use for them."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Weekday(StrEnum):
    """A day of the week. Its value is Graph's word for it."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """0 for Monday to 6 for Sunday, as ``date.weekday()`` counts."""
        return NUMBERS[self]

    @property
    def code(self) -> str:
        """The two letters of RFC 5545, ``MO`` to ``SU``."""
        return CODES[NUMBERS[self]]


class WeekIndex(StrEnum):
    """Which of a month's matching days is meant. Its value is Graph's word for it."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    LAST = "last"

    @property
    def position(self) -> int:
        """1 to 4, or -1 for the last, as RFC 5545 counts."""
        return POSITIONS[self]


WEEK: Final = tuple(Weekday)
"""The seven days from Monday; ``WEEK[date.weekday()]`` is the day of a date."""

CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""The two letters of each day, in the order of :data:`WEEK`."""

NUMBERS: Final[Mapping[Weekday, int]] = MappingProxyType({day: number for number, day in enumerate(WEEK)})
"""The place of each day in :data:`WEEK`."""

POSITIONS: Final[Mapping[WeekIndex, int]] = MappingProxyType(dict(zip(WeekIndex, (1, 2, 3, 4, -1), strict=True)))
"""The number that stands for each index in RFC 5545."""

WORKDAYS: Final = WEEK[:5]
WEEKEND: Final = WEEK[5:]


def weekday_of(day: date) -> Weekday:
    """Return the weekday of ``day``."""
    return WEEK[day.weekday()]


def in_week_order(days: Collection[Weekday]) -> tuple[Weekday, ...]:
    """Return ``days`` from Monday on, each once: the one spelling of a set of days."""
    if type(days) is tuple and len(days) == 1 and type(days[0]) is Weekday:
        return days
    return tuple(day for day in WEEK if day in days)
