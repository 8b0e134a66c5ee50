"""Provide the recurrence rule of RFC 5545, all of it: what has no pattern is kept as a rule and still expanded.

One reading is fixed here for what the RFC leaves open or its readers do differently:

* a list without order is a set: each value once, ascending, so that equal rules are equal values;
* ordinals in BYDAY (``2TU``) count within the month (MONTHLY, or YEARLY with BYMONTH) or the year; with any other
  frequency they are ignored, and left out;
* BYWEEKNO without BYDAY means all seven days of these weeks;
* parts that only narrow down (BYMONTHDAY with WEEKLY, BYWEEKNO with MONTHLY) are taken, though the RFC forbids some;
* BYSETPOS counts within the whole period, also in the one that the series begins in;
* a start that the rule does not fall on is no occurrence and is not counted by COUNT.

Refused with :class:`~tallystick.recurrence.refusals.InvalidRecurrence`: numbers out of range, COUNT with UNTIL, a leap
second.
"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

import attrs

from tallystick.recurrence.pattern import require_member, require_whole
from tallystick.recurrence.ranges import LARGEST_COUNT
from tallystick.recurrence.refusals import InvalidRecurrence
from tallystick.recurrence.times import Instant, WallTime, require_date
from tallystick.recurrence.weekdays import Weekday

LARGEST_RULE_INTERVAL: Final = 999_999_999


class Frequency(StrEnum):
    """How long a rule's period is. The value is RFC 5545's word for it."""

    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"
    MINUTELY = "MINUTELY"
    SECONDLY = "SECONDLY"


SUB_DAILY: Final = frozenset({Frequency.HOURLY, Frequency.MINUTELY, Frequency.SECONDLY})
WITH_ORDINALS: Final = frozenset({Frequency.YEARLY, Frequency.MONTHLY})


@attrs.frozen
class NthDay:
    """One element of BYDAY: a weekday, all of them (``nth`` 0) or the nth from the front (1 ..) or the back (-1 ..)."""

    day: Weekday
    nth: int = 0


Until = date | WallTime | Instant
"""The last moment on which a rule may fall: a whole day, a floating time, or an instant."""


NUMBER_LISTS: Final = (
    ("by_month", 1, 12, "BYMONTH"),
    ("by_week_no", 1, -53, "BYWEEKNO"),
    ("by_year_day", 1, -366, "BYYEARDAY"),
    ("by_month_day", 1, -31, "BYMONTHDAY"),
    ("by_hour", 0, 23, "BYHOUR"),
    ("by_minute", 0, 59, "BYMINUTE"),
    ("by_second", 0, 59, "BYSECOND"),
    ("by_set_pos", 1, -366, "BYSETPOS"),
)
"""Each list of numbers: its field, the least and the largest of them, and its part; negative: also from the back."""


@attrs.frozen
class RecurrenceRule:
    """A RECUR value of RFC 5545 3.3.10. The lists are kept as ascending tuples, each value once.

    ``until`` is an :data:`Until`, included. ``week_start`` is WKST, Monday unless given.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: Until | None = None
    by_month: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[NthDay, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: Weekday = Weekday.MONDAY

    def __attrs_post_init__(self) -> None:
        require_member(self.frequency, Frequency, "RRULE FREQ")
        require_member(self.week_start, Weekday, "RRULE WKST")
        require_whole(self.interval, 1, LARGEST_RULE_INTERVAL, "RRULE INTERVAL")
        if self.count is not None:
            require_whole(self.count, 1, LARGEST_COUNT, "RRULE COUNT")
            if self.until is not None:
                raise InvalidRecurrence(
                    "COUNT and UNTIL exclude each other", where="RRULE", remedy="leave one of them out"
                )
        if self.until is not None:
            _require_until(self.until)
        for name, low, largest, part in NUMBER_LISTS:
            numbers: tuple[int, ...] = getattr(self, name)
            if numbers:
                _require_numbers(numbers, low, largest, part)
                if len(numbers) > 1:
                    object.__setattr__(self, name, tuple(sorted(set(numbers))))
        if self.by_day:
            self._settle_days()

    def _settle_days(self) -> None:
        """Check the ordinals of BYDAY, leave them out where the frequency gives them no meaning, and sort the days."""
        days = self.by_day
        if any(day.nth for day in days):
            _require_numbers(tuple(day.nth or 1 for day in days), 1, -53, "BYDAY")
            if self.frequency not in WITH_ORDINALS:
                days = tuple(NthDay(day.day) for day in days)
        if len(days) > 1:
            days = tuple(sorted(set(days), key=_place))
        object.__setattr__(self, "by_day", days)


def _place(day: NthDay) -> tuple[int, int]:
    return day.nth, day.day.number


def times_of_day(rule: RecurrenceRule, start: datetime) -> list[time]:
    """Return the times of each day that a rule of a day or longer falls on, ascending."""
    return [
        time(hour, minute, second)
        for hour in rule.by_hour or (start.hour,)
        for minute in rule.by_minute or (start.minute,)
        for second in rule.by_second or (start.second,)
    ]


def _require_numbers(numbers: tuple[int, ...], low: int, largest: int, part: str) -> None:
    """Refuse numbers beyond ``largest``; a negative ``largest`` means that they may count from the back too."""
    for number in numbers:
        size = abs(number) if largest < 0 else number
        if type(number) is not int or not low <= size <= abs(largest):
            signs = " or their negatives" if largest < 0 else ""
            raise InvalidRecurrence(
                "out of range", where=f"RRULE {part}", remedy=f"give whole numbers from {low} to {abs(largest)}{signs}"
            )


def _require_until(until: object) -> None:
    if isinstance(until, Instant):
        return
    if not isinstance(until, WallTime):
        require_date(until, "RRULE UNTIL")
    elif until.zone is not None:
        raise InvalidRecurrence(
            "a local UNTIL has no zone", where="RRULE UNTIL", remedy="give an Instant, or a WallTime without zone"
        )
