"""Provide what a target system accepts, as one table a system: total over the six pattern types, and data throughout.

A :class:`Support` has a row for every type by construction, and says which ends a range may have. An integrator
replaces a table, or makes one from another with ``attrs.evolve``: nothing asks for a system by name.
:func:`unsupported` reads a table; :func:`~tallystick.recurrence.fitting.fit` also finds the nearest value it takes.

The tables that are here:

* :data:`MAXIMIZER_APPOINTMENTS`: daily and weekly at any interval; monthly and yearly at interval one, on the day (and
  month) of the start; no end is the year 2200.
* :data:`MAXIMIZER_TASKS`: all six types.
* :data:`GRAPH`: all six; intervals and counts up to what Exchange takes; an index with one weekday, the weekdays, the
  weekend days or all days.
* :data:`SALESFORCE_CLASSIC`: yearly patterns every year only, weeks from Sunday, an end date always, and no word on
  what the 29th to 31st means in a shorter month.
"""

from datetime import date
from enum import Enum
from typing import Final

import attrs

from tallystick.recurrence.canonical_form import first_of_week
from tallystick.recurrence.pattern import MONTH_LENGTHS, Pattern, PatternType
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import EndDate, NoEnd, Numbered, Unreported
from tallystick.recurrence.rule_reading import visited_months
from tallystick.recurrence.translation import Reason, ReasonKind
from tallystick.recurrence.weekdays import WEEK, WEEKEND, WORKDAYS, Weekday


class DaySets(Enum):
    """Which days of the week may stand with an index."""

    ANY = "any"
    NAMED = "named"
    """One day, the weekdays, the weekend days, or all seven."""
    SINGLE = "single"


@attrs.frozen
class PatternSupport:
    """One row: what is accepted of one pattern type.

    ``longest_interval`` 0 means that the type is not known at all, None that any interval is. ``start_day_only``: the
    day of the month, and the month, are the start's own. ``last_sure_day``: later days of the month are accepted only
    where each of the months has them. ``week_start``: the only first day of a week; None for any.
    """

    longest_interval: int | None = None
    start_day_only: bool = False
    day_sets: DaySets = DaySets.ANY
    last_sure_day: int = 31
    week_start: Weekday | None = None


NOT_KNOWN: Final = PatternSupport(longest_interval=0)


@attrs.frozen
class Support:
    """What one system accepts: a row for each pattern type, the ends of a range, and whether exceptions are kept.

    ``end_for_endless`` is the last day that is given to a recurrence without end where the system needs one.
    ``largest_count`` 0 means that occurrences cannot be counted. ``last_end`` is the latest end date.
    """

    system: str
    daily: PatternSupport
    weekly: PatternSupport
    absolute_monthly: PatternSupport
    relative_monthly: PatternSupport
    absolute_yearly: PatternSupport
    relative_yearly: PatternSupport
    no_end: bool = True
    end_for_endless: date | None = None
    end_date: bool = True
    largest_count: int | None = None
    last_end: date = date.max
    exceptions: bool = False

    def row(self, kind: PatternType) -> PatternSupport:
        """Return what is accepted of a pattern type."""
        match kind:
            case PatternType.DAILY:
                return self.daily
            case PatternType.WEEKLY:
                return self.weekly
            case PatternType.ABSOLUTE_MONTHLY:
                return self.absolute_monthly
            case PatternType.RELATIVE_MONTHLY:
                return self.relative_monthly
            case PatternType.ABSOLUTE_YEARLY:
                return self.absolute_yearly
            case PatternType.RELATIVE_YEARLY:
                return self.relative_yearly


ENDLESS_IN_MAXIMIZER: Final = date(2200, 1, 1)
"""The end date that stands for no end there."""

_ON_START_DAY: Final = PatternSupport(longest_interval=1, start_day_only=True)
_ANY: Final = PatternSupport()

MAXIMIZER_APPOINTMENTS: Final = Support(
    "Maximizer appointments",
    daily=_ANY,
    weekly=_ANY,
    absolute_monthly=_ON_START_DAY,
    relative_monthly=NOT_KNOWN,
    absolute_yearly=_ON_START_DAY,
    relative_yearly=NOT_KNOWN,
    no_end=False,
    end_for_endless=ENDLESS_IN_MAXIMIZER,
)
MAXIMIZER_TASKS: Final = Support(
    "Maximizer tasks",
    daily=_ANY,
    weekly=_ANY,
    absolute_monthly=_ANY,
    relative_monthly=_ANY,
    absolute_yearly=_ANY,
    relative_yearly=_ANY,
)
GRAPH: Final = Support(
    "Microsoft Graph",
    daily=PatternSupport(999),
    weekly=PatternSupport(99),
    absolute_monthly=PatternSupport(99),
    relative_monthly=PatternSupport(99, day_sets=DaySets.NAMED),
    absolute_yearly=PatternSupport(),
    relative_yearly=PatternSupport(day_sets=DaySets.NAMED),
    largest_count=999,
    last_end=date(4500, 8, 31),
    exceptions=True,
)
SALESFORCE_CLASSIC: Final = Support(
    "Salesforce classic",
    daily=_ANY,
    weekly=PatternSupport(week_start=Weekday.SUNDAY),
    absolute_monthly=PatternSupport(last_sure_day=28),
    relative_monthly=PatternSupport(day_sets=DaySets.NAMED),
    absolute_yearly=PatternSupport(1, last_sure_day=28),
    relative_yearly=PatternSupport(1, day_sets=DaySets.NAMED),
    no_end=False,
    largest_count=0,
)


def unsupported(recurrence: Recurrence, support: Support) -> tuple[Reason, ...]:
    """Return every reason why a system does not accept a recurrence as it is; none means that it does."""
    return pattern_reasons(recurrence, support) + end_reasons(recurrence, support)


def pattern_reasons(recurrence: Recurrence, support: Support) -> tuple[Reason, ...]:
    """Return every reason why a system does not accept the pattern of a recurrence."""
    pattern, row = recurrence.pattern, support.row(recurrence.pattern.type)
    if row.longest_interval == 0:
        return (Reason(ReasonKind.PATTERN_TYPE, "pattern.type"),)
    start = recurrence.range.start
    found = []
    if row.longest_interval is not None and pattern.interval > row.longest_interval:
        found.append(Reason(ReasonKind.INTERVAL, "pattern.interval"))
    if row.start_day_only and not _is_start_day(pattern, start):
        found.append(Reason(ReasonKind.NOT_START_DAY, "pattern.day_of_month"))
    if pattern.index is not None and _is_unsure_day_set(pattern, row):
        found.append(Reason(ReasonKind.DAY_SET, "pattern.days_of_week"))
    if pattern.day_of_month is not None and _is_unsure_month_end(pattern.day_of_month, recurrence, row):
        found.append(Reason(ReasonKind.MONTH_END, "pattern.day_of_month"))
    if row.week_start is not None and _is_other_week(pattern, row.week_start):
        found.append(Reason(ReasonKind.WEEK_START, "pattern.first_day_of_week"))
    return tuple(found)


def end_reasons(recurrence: Recurrence, support: Support) -> tuple[Reason, ...]:
    """Return every reason why a system does not accept the end of a recurrence's range."""
    match recurrence.range.end:
        case NoEnd():
            return () if support.no_end or support.end_for_endless else (Reason(ReasonKind.NO_END, "range.end"),)
        case EndDate(last=last):
            fits = support.end_date and last <= support.last_end
            return () if fits else (Reason(ReasonKind.END_DATE, "range.end"),)
        case Numbered(count=count):
            fits = support.largest_count is None or count <= support.largest_count
            return () if fits else (Reason(ReasonKind.COUNT, "range.end"),)
        case Unreported():
            return (Reason(ReasonKind.NOT_REPORTED, "range.end"),)


def _is_start_day(pattern: Pattern, start: date) -> bool:
    return pattern.day_of_month == start.day and pattern.month in (None, start.month)


def _is_unsure_day_set(pattern: Pattern, row: PatternSupport) -> bool:
    """Tell whether an index stands with several days that a system has no name for."""
    if row.day_sets is DaySets.ANY or len(pattern.days_of_week) == 1:
        return False
    return row.day_sets is DaySets.SINGLE or pattern.days_of_week not in (WORKDAYS, WEEKEND, WEEK)


def _is_unsure_month_end(day: int, recurrence: Recurrence, row: PatternSupport) -> bool:
    """Tell whether a month that the recurrence comes to may lack its day."""
    if day <= row.last_sure_day:
        return False
    pattern, start = recurrence.pattern, recurrence.range.start
    months = visited_months(start.month, pattern.interval) if pattern.month is None else (pattern.month,)
    return any(MONTH_LENGTHS[month - 1] < day for month in months)


def _is_other_week(pattern: Pattern, week_start: Weekday) -> bool:
    """Tell whether the system's own first day of the week would change the dates."""
    if pattern.type is not PatternType.WEEKLY or pattern.interval == 1:
        return False
    return first_of_week(pattern) != first_of_week(attrs.evolve(pattern, first_day_of_week=week_start))
