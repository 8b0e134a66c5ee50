"""Provide the one spelling of a recurrence: equal dates give equal values, as far as that is decided by looking.

A sync compares canonical values, so that what a service respells is no change. Made equal here:

* the range starts on the first occurrence, and ends on the last, whether a count or a date said so;
* a week's first day counts only where weeks are skipped between several days, and then only as far as it matters;
* every seven days is weekly, all days of each week are daily, every twelve months is yearly;
* the first .. fourth and last *day* is the 1st .. 4th and 31st; a day that its month never has is the month's last;
* one zone has one name (:func:`~tallystick.recurrence.zones.canonical_zone`);
* a rule that has a pattern with the same dates is that pattern; a rule without one loses the parts that say nothing;
* exceptions and added dates ascend; an original given as a day takes the series' time.

Not made equal: recurrences that only happen to share all their dates because they end early (one occurrence is daily as
well as weekly), and rules without pattern that say one thing in two ways.
"""

from collections.abc import Iterator
from datetime import date, datetime

import attrs

from tallystick.recurrence.pattern import MONTH_LENGTHS, Pattern, PatternType
from tallystick.recurrence.pattern_dates import first_date, last_date
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import End, EndDate, NoEnd, Range, Unreported
from tallystick.recurrence.rule import RecurrenceRule
from tallystick.recurrence.series import Cancelled, Changed, Moved, OccurrenceException, Series, originals_of
from tallystick.recurrence.slots import moment_of, wall_start
from tallystick.recurrence.times import Start, WallTime, starting_on
from tallystick.recurrence.to_pattern import to_pattern
from tallystick.recurrence.translation import Exact
from tallystick.recurrence.weekdays import WEEK, Weekday, WeekIndex, weekday_of
from tallystick.recurrence.zones import canonical_zone, is_known_zone

_ANY_DAY = Weekday.MONDAY
_YEAR = 12


def canonical_recurrence(recurrence: Recurrence) -> Recurrence:
    """Return the recurrence in its one spelling. One that never falls on a day keeps its range."""
    first = first_date(recurrence)
    zone = canonical_name(recurrence.range.zone)
    if first is None:
        return attrs.evolve(recurrence, range=attrs.evolve(recurrence.range, zone=zone))
    pattern = _canonical_pattern(recurrence.pattern, first)
    return Recurrence(pattern, Range(first, _canonical_end(recurrence), zone))


def canonical(series: Series) -> Series:
    """Return the series in its one spelling.

    Raises InvalidRecurrence where an UNTIL contradicts the start, UnknownZone where a time's zone is not known.
    """
    found = to_pattern(series)
    if isinstance(found, Exact):
        series = _anchored(found.value)
    exceptions = {found for item in series.exceptions for found in _canonical_exceptions(item, series)}
    return Series(
        _canonical_start(series.start),
        tuple(sorted((_canonical_rule(rule, series.start) for rule in series.rules), key=repr)),
        tuple(sorted((_canonical_rule_text(rule, series.start) for rule in series.excluded_rules), key=repr)),
        tuple(sorted({_canonical_start(start) for start in series.added}, key=moment_of)),
        tuple(sorted(exceptions, key=_original)),
    )


def canonical_name(zone: str | None) -> str | None:
    """Return the name that stands for all names of a zone; a name that is not known stands for itself."""
    return canonical_zone(zone) if zone is not None and is_known_zone(zone) else zone


# --- patterns -------------------------------------------------------------------------------------------------------


def _canonical_pattern(pattern: Pattern, first: date) -> Pattern:
    if pattern.type is PatternType.DAILY:
        return _canonical_daily(pattern, first)
    if pattern.type is PatternType.WEEKLY:
        return _canonical_weekly(pattern)
    interval, month = pattern.interval, pattern.month
    if month is None and interval % _YEAR == 0:
        interval, month = interval // _YEAR, first.month
    day, index, days = pattern.day_of_month, pattern.index, pattern.days_of_week
    if index is not None and days == WEEK:
        day, index, days = 31 if index is WeekIndex.LAST else index.position, None, ()
    if day is not None and month is not None:
        day = min(day, 29 if month == 2 else MONTH_LENGTHS[month - 1])  # noqa: PLR2004 -- February
    if index is None:
        kind = PatternType.ABSOLUTE_MONTHLY if month is None else PatternType.ABSOLUTE_YEARLY
    else:
        kind = PatternType.RELATIVE_MONTHLY if month is None else PatternType.RELATIVE_YEARLY
    return Pattern(kind, interval, days, index, day, month)


def _canonical_daily(pattern: Pattern, first: date) -> Pattern:
    weeks, rest = divmod(pattern.interval, 7)
    if rest:
        return pattern
    return _canonical_weekly(Pattern.weekly((weekday_of(first),), first_day_of_week=_ANY_DAY, interval=weeks))


def _canonical_weekly(pattern: Pattern) -> Pattern:
    days, interval = pattern.days_of_week, pattern.interval
    if interval == 1:
        return Pattern.daily() if days == WEEK else Pattern.weekly(days, first_day_of_week=_ANY_DAY)
    if len(days) == 1:
        return Pattern.weekly(days, first_day_of_week=_ANY_DAY, interval=interval)
    return Pattern.weekly(days, first_day_of_week=first_of_week(pattern), interval=interval)


def first_of_week(pattern: Pattern) -> Weekday:
    """Return the first of a weekly pattern's days in its week. Week starts that share it give the same dates."""
    start = (pattern.first_day_of_week or _ANY_DAY).number
    return min(pattern.days_of_week, key=lambda day: (day.number - start) % 7)


def _canonical_end(recurrence: Recurrence) -> End:
    end = recurrence.range.end
    if isinstance(end, NoEnd | Unreported):
        return end
    last = last_date(recurrence)
    return end if last is None else EndDate(last)


def _anchored(series: Series) -> Series:
    """Return a series of one pattern starting on its first occurrence, the range in the zone of the start."""
    (recurrence,) = series.rules
    if not isinstance(recurrence, Recurrence):
        return series
    start = wall_start(series.start, recurrence)
    first = first_date(recurrence)
    if first is not None:
        start = starting_on(first, start)
    if isinstance(start, WallTime) and recurrence.range.zone is None:
        recurrence = attrs.evolve(recurrence, range=attrs.evolve(recurrence.range, zone=start.zone))
    return attrs.evolve(series, start=start, rules=(recurrence,))


# --- rules and exceptions -------------------------------------------------------------------------------------------


def _canonical_rule(rule: Recurrence | RecurrenceRule, start: Start) -> Recurrence | RecurrenceRule:
    return canonical_recurrence(rule) if isinstance(rule, Recurrence) else _canonical_rule_text(rule, start)


def _canonical_rule_text(rule: RecurrenceRule, start: Start) -> RecurrenceRule:
    """Return a rule that has no pattern without the parts that say nothing."""
    if isinstance(start, WallTime):
        own = start.local
        times = (rule.by_hour, (own.hour,)), (rule.by_minute, (own.minute,)), (rule.by_second, (own.second,))
        by_hour, by_minute, by_second = (() if part == said else part for part, said in times)
    else:
        by_hour = by_minute = by_second = ()
    week_start = rule.week_start if rule.by_week_no or rule.interval > 1 or rule.by_set_pos else _ANY_DAY
    return attrs.evolve(rule, by_hour=by_hour, by_minute=by_minute, by_second=by_second, week_start=week_start)


def _canonical_start(start: Start) -> Start:
    if isinstance(start, date) or start.zone is None:
        return start
    return WallTime(start.local, canonical_zone(start.zone))


def _canonical_exceptions(exception: OccurrenceException, series: Series) -> Iterator[OccurrenceException]:
    """Yield an exception with its original in the zone of the series; a cancelled day as each of its times."""
    originals = [_canonical_original(original, series.start) for original in originals_of(exception.original, series)]
    if isinstance(exception, Cancelled):
        yield from map(Cancelled, originals)
        return
    original = originals[0] if len(originals) == 1 else exception.original
    yield Moved(original, _canonical_start(exception.start)) if isinstance(exception, Moved) else Changed(original)


def _canonical_original(original: Start, start: Start) -> Start:
    if isinstance(original, WallTime) and isinstance(start, WallTime) and start.zone is not None:
        original = original.in_zone(start.zone)
    return _canonical_start(original)


def _original(exception: OccurrenceException) -> tuple[datetime, str]:
    return moment_of(exception.original), repr(exception)
