"""Provide the pattern of a recurrence: which days it falls on, in the six kinds that Outlook and most CRMs know.

================  =====================================  ==========================================================
type              fields beside the interval             meaning
================  =====================================  ==========================================================
daily                                                    every ``interval`` days
weekly            days_of_week, first_day_of_week        on these days of every ``interval``-th week
absoluteMonthly   day_of_month                           on that day of every ``interval``-th month
relativeMonthly   days_of_week, index                    on the first .. last of these days, once a month
absoluteYearly    day_of_month, month                    on that day of that month
relativeYearly    days_of_week, index, month             on the first .. last of these days in that month
================  =====================================  ==========================================================

The meaning is Exchange's, which differs from RFC 5545's in two places. A day that a month does not have is its last
day (31 is 30 in April), where RFC 5545 leaves the month out. And several days with an index are one set: the *second*
of Saturday and Sunday is the second weekend day of the month, not two days a month.

A pattern holds what its type needs and nothing else, so that equal patterns are equal values. What is missing,
superfluous or out of range is refused with :class:`~tallystick.recurrence.refusals.InvalidRecurrence`.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

import attrs

from tallystick.recurrence.refusals import InvalidRecurrence
from tallystick.recurrence.weekdays import Weekday, WeekIndex, in_week_order

LARGEST_INTERVAL: Final = 9999
"""No calendar has more years than this."""


MONTH_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""The days that each month always has."""


class PatternType(StrEnum):
    """The six kinds of pattern. The value is Graph's word for it."""

    DAILY = "daily"
    WEEKLY = "weekly"
    ABSOLUTE_MONTHLY = "absoluteMonthly"
    RELATIVE_MONTHLY = "relativeMonthly"
    ABSOLUTE_YEARLY = "absoluteYearly"
    RELATIVE_YEARLY = "relativeYearly"


NEEDS: Final[Mapping[PatternType, tuple[str, ...]]] = MappingProxyType(
    {
        PatternType.DAILY: (),
        PatternType.WEEKLY: ("days_of_week", "first_day_of_week"),
        PatternType.ABSOLUTE_MONTHLY: ("day_of_month",),
        PatternType.RELATIVE_MONTHLY: ("days_of_week", "index"),
        PatternType.ABSOLUTE_YEARLY: ("day_of_month", "month"),
        PatternType.RELATIVE_YEARLY: ("days_of_week", "index", "month"),
    }
)
"""The fields of each type beside ``type`` and ``interval``."""

_FIELDS: Final = ("days_of_week", "index", "day_of_month", "month", "first_day_of_week")
_GIVEN: Final = {kind: tuple(name in needs for name in _FIELDS) for kind, needs in NEEDS.items()}
_LONGEST_MONTH: Final = 31
_MONTHS: Final = 12


@attrs.frozen
class Pattern:
    """The days of a recurrence. The class methods are the short way to make one."""

    type: PatternType
    interval: int = 1
    days_of_week: tuple[Weekday, ...] = attrs.field(default=(), converter=in_week_order)
    index: WeekIndex | None = None
    day_of_month: int | None = None
    month: int | None = None
    first_day_of_week: Weekday | None = None

    def __attrs_post_init__(self) -> None:
        require_member(self.type, PatternType, "pattern.type")
        require_whole(self.interval, 1, LARGEST_INTERVAL, "pattern.interval")
        given = (
            self.days_of_week != (),
            self.index is not None,
            self.day_of_month is not None,
            self.month is not None,
            self.first_day_of_week is not None,
        )
        if given != _GIVEN[self.type]:
            raise _misfit(self.type, given)
        if self.index is not None:
            require_member(self.index, WeekIndex, "pattern.index")
        if self.first_day_of_week is not None:
            require_member(self.first_day_of_week, Weekday, "pattern.first_day_of_week")
        if self.day_of_month is not None:
            require_whole(self.day_of_month, 1, _LONGEST_MONTH, "pattern.day_of_month")
        if self.month is not None:
            require_whole(self.month, 1, _MONTHS, "pattern.month")

    @classmethod
    def daily(cls, interval: int = 1) -> Self:
        """Every ``interval`` days."""
        return cls(PatternType.DAILY, interval)

    @classmethod
    def weekly(cls, days: Iterable[Weekday], *, first_day_of_week: Weekday, interval: int = 1) -> Self:
        """On ``days`` of every ``interval``-th week.

        ``first_day_of_week`` has no default: Graph's is Sunday and RFC 5545's is Monday, and which of them it is
        changes the dates of every second week.
        """
        return cls(PatternType.WEEKLY, interval, tuple(days), first_day_of_week=first_day_of_week)

    @classmethod
    def absolute_monthly(cls, day: int, *, interval: int = 1) -> Self:
        """On ``day`` of every ``interval``-th month, or its last day where the month is shorter."""
        return cls(PatternType.ABSOLUTE_MONTHLY, interval, day_of_month=day)

    @classmethod
    def relative_monthly(cls, index: WeekIndex, days: Iterable[Weekday], *, interval: int = 1) -> Self:
        """On the first .. last of ``days`` in every ``interval``-th month."""
        return cls(PatternType.RELATIVE_MONTHLY, interval, tuple(days), index)

    @classmethod
    def absolute_yearly(cls, month: int, day: int, *, interval: int = 1) -> Self:
        """On ``day`` of ``month`` in every ``interval``-th year, or the month's last day where it is shorter."""
        return cls(PatternType.ABSOLUTE_YEARLY, interval, day_of_month=day, month=month)

    @classmethod
    def relative_yearly(cls, month: int, index: WeekIndex, days: Iterable[Weekday], *, interval: int = 1) -> Self:
        """On the first .. last of ``days`` in ``month`` of every ``interval``-th year."""
        return cls(PatternType.RELATIVE_YEARLY, interval, tuple(days), index, month=month)


def _misfit(kind: PatternType, given: tuple[bool, ...]) -> InvalidRecurrence:
    """Return the error for the first field that is missing or superfluous."""
    name = next(name for name, has in zip(_FIELDS, given, strict=True) if has != (name in NEEDS[kind]))
    is_needed = name in NEEDS[kind]
    return InvalidRecurrence(
        f"a {kind} pattern {'needs' if is_needed else 'has no'} {name}",
        where=f"pattern.{name}",
        remedy="give it" if is_needed else "leave it out",
    )


def require_member(value: object, words: type[StrEnum], where: str) -> None:
    """Raise InvalidRecurrence unless ``value`` is a member of ``words``: a text that equals one is taken for none."""
    if type(value) is not words:
        raise InvalidRecurrence(
            f"not a {words.__name__}", where=where, remedy=f"give a member of {words.__name__}, not its text"
        )


def require_whole(value: object, low: int, high: int, where: str) -> None:
    """Raise InvalidRecurrence unless ``value`` is a whole number from ``low`` to ``high``."""
    if type(value) is not int or not low <= value <= high:
        raise InvalidRecurrence("out of range", where=where, remedy=f"give a whole number from {low} to {high}")
