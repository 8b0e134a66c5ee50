"""Provide what UNTIL means: the last day on which a series may fall, and back.

Graph and CRMs end a range on a *day* in the series' zone, included. RFC 5545 ends a rule at a *moment* of the kind of
DTSTART: a date, a floating time, or UTC. Between the two lie the off-by-one errors of most calendar bridges:

* the day is a day in the series' zone, so midnight UTC of it is the wrong moment nearly everywhere;
* UNTIL before the start's time of day leaves the last day out;
* on a day that is not 24 hours long, the last second is found in the zone, not by adding.

Written, UNTIL is the last second of the day (or the start's own moment on it, should the clock have shifted that past
midnight). Read, the day is the last one whose start is not after UNTIL. So a day survives the way there and back.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import attrs

from tallystick.recurrence.refusals import EndsBeforeStart, InvalidRecurrence
from tallystick.recurrence.rule import RecurrenceRule, Until
from tallystick.recurrence.times import LATEST, ONE_DAY, Instant, Start, WallTime, in_utc

_A_SECOND: Final = timedelta(seconds=1)
_TWO_DAYS: Final = timedelta(days=2)
_EASTERNMOST: Final = timedelta(hours=14)
_BETWEEN_ZONES: Final = timedelta(minutes=15)
"""Zones are a whole number of quarters of an hour from UTC."""
_WITHOUT_ZONE: Final = ("in UTC, and the start has no zone", "give DTSTART a TZID, or UNTIL without Z")


def until_of(last: date, start: Start) -> Until:
    """Return the UNTIL that ends a series that begins at ``start`` after the day ``last``. Raises UnknownZone."""
    if isinstance(start, date):
        return last
    if start.zone is None:
        return WallTime(datetime.combine(last, time(23, 59, 59)), None)
    if date.max - last <= ONE_DAY:
        return Instant(LATEST.replace(microsecond=0, tzinfo=UTC))  # the calendar has no later midnight everywhere
    midnight = in_utc(datetime.combine(last + ONE_DAY, time()), start.zone)
    return Instant(max(midnight - _A_SECOND, in_utc(datetime.combine(last, start.local.time()), start.zone)))


def last_day_of(until: Until, start: Start) -> date:
    """Return the last day on which a series that begins at ``start`` may fall. Raises UnknownZone."""
    if isinstance(until, WallTime):
        shown = until.local
    elif isinstance(until, Instant):
        if isinstance(start, date) or start.zone is None:
            raise _mixed(*_WITHOUT_ZONE)
        if date.max - until.utc.date() <= ONE_DAY:
            return date.max  # how programs write that there is no end
        shown = until.in_zone(start.zone).local
    else:
        return until
    day = shown.date()
    if isinstance(start, date):
        return day
    on_that_day = datetime.combine(day, start.local.time())
    if isinstance(until, Instant) and start.zone is not None:
        late = in_utc(on_that_day, start.zone) > until.utc
    else:
        late = on_that_day > shown
    return day - ONE_DAY if late and day > date.min else day


def settled(rule: RecurrenceRule, start: Start) -> RecurrenceRule:
    """Return the rule as it holds for the kind of ``start``: UNTIL of that kind, and for a date no times of day.

    Raises InvalidRecurrence where UNTIL could mean several things, or lies before the start; UnknownZone.
    """
    if isinstance(start, date):
        rule = without_times(rule)
    until = rule.until
    if until is None:
        return rule
    if isinstance(start, date):
        until = _whole_day(until, start)
    elif not isinstance(until, WallTime | Instant):
        until = until_of(until, start)
    elif start.zone is None and isinstance(until, Instant):
        raise _mixed(*_WITHOUT_ZONE)
    elif start.zone is not None and isinstance(until, WallTime):
        until = Instant(in_utc(until.local, start.zone))
    if _is_before(until, start):
        raise EndsBeforeStart("before the start", where="RRULE UNTIL", remedy="end on the start or later")
    return rule if until == rule.until else attrs.evolve(rule, until=until)


def without_times(rule: RecurrenceRule) -> RecurrenceRule:
    """Return the rule without times of day, which RFC 5545 has all-day series ignore."""
    if rule.by_hour or rule.by_minute or rule.by_second:
        return attrs.evolve(rule, by_hour=(), by_minute=(), by_second=())
    return rule


def _whole_day(until: Until, start: date) -> date:
    """Return the day of an all-day series' UNTIL: itself, or that of the time which many programs write instead.

    It is the day as it is written: in whose zone a time in UTC was meant, nothing tells. But where that is a midnight
    with which the day of the start begins in a zone east of Greenwich, it can be no other: nothing falls before it.
    """
    if isinstance(until, date):
        return until
    shown = until.utc.replace(tzinfo=None) if isinstance(until, Instant) else until.local
    ahead = datetime.combine(start, time()) - shown
    if isinstance(until, Instant) and timedelta(0) < ahead <= _EASTERNMOST and not ahead % _BETWEEN_ZONES:
        return start
    return shown.date()


def _is_before(until: Until, start: Start) -> bool:
    if isinstance(start, date):
        return isinstance(until, date) and until < start
    if isinstance(until, Instant):
        is_far = until.utc.replace(tzinfo=None) - start.local > _TWO_DAYS  # no zone is that far from UTC
        return not is_far and until < start.instant()
    return isinstance(until, WallTime) and until.local < start.local


def _mixed(what: str, remedy: str) -> InvalidRecurrence:
    return InvalidRecurrence(f"UNTIL is {what}", where="RRULE UNTIL", remedy=remedy)
