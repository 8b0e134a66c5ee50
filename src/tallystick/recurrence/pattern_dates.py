"""Provide the dates of a recurrence by arithmetic: the first, the nth, the one after a day. No walking, no limits.

A pattern has exactly one occurrence a month or year, or a fixed number a week, and never skips one. So the nth date is
a formula, and whatever asks about dates (a window far ahead, the end of a numbered range) costs the same as the first.

The formula starts from the first occurrence. That is the first day of the pattern, taken with interval 1, on or after
the range's start; the interval counts from the day, week, month or year that it lies in.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import MAXYEAR, date, timedelta
from types import MappingProxyType
from typing import Final

from tallystick.recurrence.pattern import Pattern, PatternType
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import EndDate, Numbered, Unreported
from tallystick.recurrence.refusals import InvalidRecurrence
from tallystick.recurrence.weekdays import WEEK, Weekday, WeekIndex, weekday_of

_LAST_MONTH: Final = MAXYEAR * 12 + 11  # months are numbered from year 0, so that a month is one number


def first_date(recurrence: Recurrence) -> date | None:
    """Return the first day of the recurrence; None where it ends before it falls on any."""
    first = _first(recurrence.pattern, recurrence.range.start)
    end = recurrence.range.end
    return None if first is None or (isinstance(end, EndDate) and first > end.last) else first


def nth_date(pattern: Pattern, first: date, n: int) -> date | None:
    """Return the nth date after the occurrence ``first`` (which is n = 0); None past the year 9999."""
    try:
        return _NTH[pattern.type](pattern, first, n)
    except OverflowError:
        return None


def falls_on(pattern: Pattern, day: date) -> bool:
    """Tell whether ``day`` is a day of the pattern, taken with interval 1."""
    if pattern.type is PatternType.DAILY:
        return True
    if pattern.type is PatternType.WEEKLY:
        return weekday_of(day) in pattern.days_of_week
    if pattern.month not in (None, day.month):
        return False
    return _in_month(pattern, day.year * 12 + day.month - 1) == day


def index_from(pattern: Pattern, first: date, day: date) -> int:
    """Return the smallest n whose date is on or after ``day``."""
    low, high = 0, 1
    while (found := nth_date(pattern, first, high)) is not None and found < day:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        found = nth_date(pattern, first, middle)
        if found is None or found >= day:
            high = middle
        else:
            low = middle + 1
    return low


def last_date(recurrence: Recurrence) -> date | None:
    """Return the last day of the recurrence; None where it has none, or ends before it falls on any.

    Raises InvalidRecurrence where the number of occurrences was not reported.
    """
    first = first_date(recurrence)
    if first is None:
        return None
    pattern, end = recurrence.pattern, recurrence.range.end
    match end:
        case Numbered(count=count):
            return nth_date(pattern, first, count - 1)
        case EndDate(last=last):
            n = index_from(pattern, first, last)
            return last if nth_date(pattern, first, n) == last else nth_date(pattern, first, n - 1)
        case Unreported():
            raise unreported()
        case _:
            return None


def dates(recurrence: Recurrence, since: date) -> Iterator[date]:
    """Yield the days of the recurrence from ``since`` on, ascending, without end where it has none.

    Raises InvalidRecurrence where the number of occurrences was not reported.
    """
    first = first_date(recurrence)
    if first is None:
        return
    pattern, end = recurrence.pattern, recurrence.range.end
    if isinstance(end, Unreported):
        raise unreported()
    n = index_from(pattern, first, since) if since > first else 0
    while (day := nth_date(pattern, first, n)) is not None:
        if (isinstance(end, Numbered) and n >= end.count) or (isinstance(end, EndDate) and day > end.last):
            return
        yield day
        n += 1


def nth_weekday(year: int, month: int, days: tuple[Weekday, ...], index: WeekIndex) -> date:
    """Return the first .. last day of a month that is one of ``days``."""
    weekday, length = monthrange(year, month)
    if len(days) == 1:
        day = 1 + (days[0].number - weekday) % 7 + (28 if index is WeekIndex.LAST else 7 * (index.position - 1))
        return date(year, month, day if day <= length else day - 7)
    wanted = {day.number for day in days}
    found = [day for day in range(1, length + 1) if (weekday + day - 1) % 7 in wanted]
    return date(year, month, found[-1 if index is WeekIndex.LAST else index.position - 1])


def unreported() -> InvalidRecurrence:
    """Return the error for asking when a recurrence ends that the service does not report the end of."""
    return InvalidRecurrence(
        "the number of occurrences was not reported", where="range.end", remedy="keep the end that is known"
    )


def _first(pattern: Pattern, start: date) -> date | None:
    """Return the first day of the pattern, taken with interval 1, on or after ``start``."""
    if pattern.type is PatternType.DAILY:
        return start
    if pattern.type is PatternType.WEEKLY:
        ahead = min((day.number - start.weekday()) % 7 for day in pattern.days_of_week)
        return start + timedelta(days=ahead) if start.toordinal() + ahead <= date.max.toordinal() else None
    step = 1 if pattern.month is None else 12
    months = start.year * 12 + (start.month if pattern.month is None else pattern.month) - 1
    for number in (months, months + step):
        if number <= _LAST_MONTH and (day := _in_month(pattern, number)) >= start:
            return day
    return None


def _in_month(pattern: Pattern, number: int) -> date:
    """Return the day of the pattern in a month, months numbered from year 0."""
    year, month = divmod(number, 12)
    if year > MAXYEAR:
        raise OverflowError
    if pattern.index is not None:
        return nth_weekday(year, month + 1, pattern.days_of_week, pattern.index)
    day = pattern.day_of_month or 1
    return date(year, month + 1, day if day <= 28 else min(day, monthrange(year, month + 1)[1]))  # noqa: PLR2004


def _nth_daily(pattern: Pattern, first: date, n: int) -> date:
    return first + timedelta(days=n * pattern.interval)


def _nth_weekly(pattern: Pattern, first: date, n: int) -> date:
    start = (pattern.first_day_of_week or WEEK[0]).number
    offsets = sorted((day.number - start) % 7 for day in pattern.days_of_week)
    here = (first.weekday() - start) % 7
    weeks, place = divmod(offsets.index(here) + n, len(offsets))
    return first + timedelta(days=7 * pattern.interval * weeks + offsets[place] - here)


def _nth_monthly(pattern: Pattern, first: date, n: int) -> date:
    return _in_month(pattern, first.year * 12 + first.month - 1 + n * pattern.interval)


def _nth_yearly(pattern: Pattern, first: date, n: int) -> date:
    return _in_month(pattern, first.year * 12 + first.month - 1 + 12 * n * pattern.interval)


_NTH: Final[Mapping[PatternType, Callable[[Pattern, date, int], date]]] = MappingProxyType(
    {
        PatternType.DAILY: _nth_daily,
        PatternType.WEEKLY: _nth_weekly,
        PatternType.ABSOLUTE_MONTHLY: _nth_monthly,
        PatternType.RELATIVE_MONTHLY: _nth_monthly,
        PatternType.ABSOLUTE_YEARLY: _nth_yearly,
        PatternType.RELATIVE_YEARLY: _nth_yearly,
    }
)
