"""Provide what a translation comes to: the exact equal, the nearest with its losses, or the reasons for neither.

Three frozen classes, so that a caller has to look which it is before there is a value to use:
``Exact(value)``; ``Lossy(value, losses)``, where the host decides whether it can live with the losses;
``NotExpressible(reasons)``, where nothing was translated.

What is exact has the same dates, always. A loss says whether it changes dates. The kinds are closed sets, listed in the
documentation with their meanings, which are kept here beside them.
"""

from collections.abc import Callable
from enum import Enum
from typing import Generic, Self, TypeVar

import attrs


class Explained(Enum):
    """A closed set of cases, each a code and what it means: its members are rows of both."""

    code: str
    meaning: str

    def __new__(cls, code: str, meaning: str) -> Self:
        """Make a member out of its row."""
        member = object.__new__(cls)
        member._value_ = code
        member.code, member.meaning = code, meaning
        return member


class LossKind(Enum):
    """How a translated value differs from what was translated: a code, whether dates change, and what it means."""

    SHORT_MONTHS = (
        "short_months",
        True,
        "the rule leaves out months that lack the day (29 to 31); the target takes their last day instead",
    )
    MONTH_END_UNSURE = (
        "month_end_unsure",
        True,
        "the system does not document what its day 29 to 31 means in a shorter month; read as its last day",
    )
    DAY_SET_UNSURE = (
        "day_set_unsure",
        True,
        "an index with other days than one, the weekdays, the weekend days or all: the target may refuse or reread it",
    )
    END_ADDED = (
        "end_added",
        True,
        "the recurrence goes on for ever and the target needs an end: it ends on the day given for that",
    )
    COUNT_AS_END_DATE = (
        "count_as_end_date",
        False,
        "the target cannot count occurrences: the range ends on the day of the last one",
    )

    code: str
    changes_dates: bool
    meaning: str

    def __new__(cls, code: str, changes_dates: bool, meaning: str) -> Self:  # noqa: FBT001 -- one row of a table
        """Make a member out of its row."""
        member = object.__new__(cls)
        member._value_ = code
        member.code, member.changes_dates, member.meaning = code, changes_dates, meaning
        return member


class ReasonKind(Explained):
    """Why something cannot be said in the target at all: a code, and what it means."""

    SUB_DAILY = ("sub_daily", "it recurs several times a day: FREQ=HOURLY and below")
    TIMES_OF_DAY = ("times_of_day", "BYHOUR, BYMINUTE or BYSECOND name several times of the day")
    WEEK_NUMBERS = ("week_numbers", "BYWEEKNO: weeks of the year")
    YEAR_DAYS = ("year_days", "BYYEARDAY: days of the year")
    FILTERED_DAYS = ("filtered_days", "days or weeks narrowed down in a way that no pattern is")
    MONTH_DAYS = ("month_days", "several days of the month, or days counted from its end other than the last")
    DAY_AND_DATE = ("day_and_date", "a weekday and a day of the month at once, such as Friday the 13th")
    SEVERAL_MONTHS = ("several_months", "months that are not evenly spaced through the year")
    ORDINALS = ("ordinals", "several numbered weekdays, a fifth one, or one counted from the end other than the last")
    DAY_OF_YEAR = ("day_of_year", "a numbered weekday of the year, not of a month")
    EVERY_DAY_OF = ("every_day_of", "all of some weekdays within chosen months or every second month")
    SET_POSITIONS = ("set_positions", "BYSETPOS beyond the first four and the last, or several positions")
    SEVERAL_RULES = ("several_rules", "not exactly one rule")
    EXCLUDED_RULES = ("excluded_rules", "EXRULE")
    ADDED_DATES = ("added_dates", "RDATE: starts beside the rule's")
    NO_OCCURRENCE = ("no_occurrence", "it ends before it falls on any day")
    NOT_REPORTED = ("not_reported", "its number of occurrences was not reported")
    PATTERN_TYPE = ("pattern_type", "the target has no patterns of this type")
    INTERVAL = ("interval", "the target has no interval this long for the type")
    NOT_START_DAY = ("not_start_day", "the target takes the day and month from the start, and this is another one")
    DAY_SET = ("day_set", "the target has no such set of weekdays with an index")
    WEEK_START = ("week_start", "the target's weeks start on another day, which would change the dates")
    MONTH_END = ("month_end", "a day that some of its months lack, which the target does not define")
    NO_END = ("no_end", "the target needs an end, and none was given for endless recurrences")
    COUNT = ("count", "the target can neither count this far nor end on a date")
    END_DATE = ("end_date", "the target cannot end on a date, or not on one this late")


T = TypeVar("T")
S = TypeVar("S")
T_co = TypeVar("T_co", covariant=True)


@attrs.frozen
class Loss:
    """One way in which a translation differs; ``part`` is the field or rule part that it concerns."""

    kind: LossKind
    part: str


@attrs.frozen
class Reason:
    """One reason why there is no translation; ``part`` is the field or rule part that it concerns."""

    kind: ReasonKind
    part: str

    def __str__(self) -> str:
        return f"{self.part}: {self.kind.meaning}"


@attrs.frozen
class Exact(Generic[T_co]):
    """The same, said in the target's way: equal dates, for ever."""

    value: T_co


@attrs.frozen
class Lossy(Generic[T_co]):
    """The nearest that the target can say, and how it differs."""

    value: T_co
    losses: tuple[Loss, ...]

    @property
    def changes_dates(self) -> bool:
        """Whether any of the losses changes dates."""
        return any(loss.kind.changes_dates for loss in self.losses)


@attrs.frozen
class NotExpressible:
    """Nothing that the target can say comes near; all the reasons that were found."""

    reasons: tuple[Reason, ...]


Translation = Exact[T] | Lossy[T] | NotExpressible
"""What a translator returns."""


def with_losses(value: T, losses: tuple[Loss, ...]) -> Exact[T] | Lossy[T]:
    """Return ``value`` as exact where there are no losses, else with them."""
    return Lossy(value, losses) if losses else Exact(value)


def in_shape(found: Translation[T], shape: Callable[[T], S]) -> Translation[S]:
    """Return what was translated in another shape, with the same losses; reasons stay what they are."""
    if isinstance(found, NotExpressible):
        return found
    return with_losses(shape(found.value), found.losses if isinstance(found, Lossy) else ())


def refused(kind: ReasonKind, part: str) -> NotExpressible:
    """Return that something cannot be said, for one reason."""
    return NotExpressible((Reason(kind, part),))
