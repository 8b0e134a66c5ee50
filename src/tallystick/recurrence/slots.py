"""Provide the slots of a series: the times that its rules, and its added starts, give it before exceptions are applied.

A slot is a start together with its *moment*, the naive datetime by which starts of one kind are ordered: UTC for a
zoned start, the date and time shown for a floating one and for a date. Streams of slots ascend, so several rules are
merged, each slot taken once, and excluded rules run alongside.

The one thing that does not ascend by itself: a time that the clock skips is shifted behind times that follow it. Such a
slot waits until the clock has caught up.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush, merge
from operator import itemgetter
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from tallystick.recurrence.limits import Budget, Gap, Limits
from tallystick.recurrence.pattern_dates import dates
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.refusals import ExpansionLimit, InvalidRecurrence
from tallystick.recurrence.rule import SUB_DAILY, Frequency, RecurrenceRule
from tallystick.recurrence.rule_times import rule_times
from tallystick.recurrence.series import Series
from tallystick.recurrence.times import EARLIEST, LATEST, Instant, Start, WallTime, in_utc
from tallystick.recurrence.until import without_times
from tallystick.recurrence.zones import same_zone, zone_rules

Slot = tuple[datetime, Start]
"""A start with its moment before it."""

_MARGIN: Final = timedelta(days=2)  # no zone is further than this from UTC, and no clock ever skipped more
_MIDNIGHT: Final = time()
_NO_TIME: Final = timedelta()
_UNIT: Final = {
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.MINUTELY: timedelta(minutes=1),
    Frequency.SECONDLY: timedelta(seconds=1),
}


@attrs.frozen
class Frame:
    """What bounds one expansion: moments from ``low`` up to and without ``high``, and the choices made."""

    low: datetime
    high: datetime
    gap: Gap
    limits: Limits
    budget: Budget


def moment_of(start: Start) -> datetime:
    """Return where a start lies among those of its kind. Raises UnknownZone."""
    if isinstance(start, date):
        return datetime.combine(start, _MIDNIGHT)
    return start.local if start.zone is None else in_utc(start.local, start.zone).replace(tzinfo=None)


def wall_start(start: Start, recurrence: Recurrence) -> Start:
    """Return the series' start as the zone of the recurrence shows it. Raises UnknownZone."""
    zone = recurrence.range.zone
    if isinstance(start, date) or start.zone is None or zone is None or same_zone(start.zone, zone):
        return start
    return start.in_zone(zone)


def slots(series: Series, frame: Frame) -> Iterator[Slot]:
    """Yield the slots of the series within the frame, ascending, each once, without those of the excluded rules."""
    streams = [_rule_slots(series, rule, frame) for rule in series.rules]
    single = series.added if series.rules else (series.start, *series.added)
    if single:
        streams.append(iter(sorted(((moment_of(start), start) for start in single), key=itemgetter(0))))
    excluded = merge(*(_rule_slots(series, rule, frame) for rule in series.excluded_rules), key=itemgetter(0))
    out = next(excluded, None)
    last = None
    for at, start in merge(*streams, key=itemgetter(0)):
        if at >= frame.high:
            return
        while out is not None and out[0] < at:
            out = next(excluded, None)
        if at >= frame.low and at != last and (out is None or out[0] != at):
            yield at, start
        last = at


def earlier(moment: datetime, by: timedelta) -> datetime:
    """Return ``moment - by``, or the calendar's first moment."""
    return moment - by if moment - EARLIEST > by else EARLIEST


def _later(moment: datetime, by: timedelta) -> datetime:
    return moment + by if LATEST - moment > by else LATEST


def _rule_slots(series: Series, rule: Recurrence | RecurrenceRule, frame: Frame) -> Iterator[Slot]:
    if isinstance(rule, Recurrence):
        return _pattern_slots(wall_start(series.start, rule), rule, frame)
    if rule.frequency in SUB_DAILY:
        if series.is_all_day:
            raise InvalidRecurrence(
                "an all-day series has no hours", where="RRULE FREQ", remedy="use DAILY or more, or a start with a time"
            )
        if not frame.limits.sub_daily:
            raise ExpansionLimit(
                f"a rule of FREQ={rule.frequency}", where="RRULE FREQ", remedy="pass Limits(sub_daily=True)"
            )
    return _in_order(_counted(series.start, without_times(rule) if series.is_all_day else rule, frame))


def _pattern_slots(start: Start, recurrence: Recurrence, frame: Frame) -> Iterator[Slot]:
    clock, at = (None, _MIDNIGHT) if isinstance(start, date) else (_clock(start), start.local.time())
    for day in dates(recurrence, earlier(frame.low, _MARGIN).date()):
        frame.budget.spend()
        if isinstance(start, date):
            yield datetime.combine(day, at), day
        elif (slot := _placed(datetime.combine(day, at), clock, frame.gap)) is not None:
            yield slot


_WallSlot = tuple[datetime, Slot]  # the time that the rule says, and the slot that it comes to


def _counted(start: Start, rule: RecurrenceRule, frame: Frame) -> Iterator[_WallSlot]:
    """Yield the slots of a rule up to its COUNT or UNTIL; earlier than the frame only where they have to be counted."""
    first = moment_of(start) if isinstance(start, date) else start.local
    count, last = _settled_count(rule, first)
    since = first if count is not None else max(first, earlier(frame.low, _MARGIN))
    before = min(_later(frame.high, _MARGIN), _later(last, timedelta(microseconds=1)))
    clock, counted = None if isinstance(start, date) else _clock(start), 0
    for wall in rule_times(rule, first, frame.budget, since=since, before=before):
        slot = (wall, wall.date()) if isinstance(start, date) else _placed(wall, clock, frame.gap)
        if slot is None:
            continue
        if rule.until is not None and _is_past(slot, rule.until, start):
            if _is_shifted(wall, slot):
                continue
            return
        counted += 1
        yield wall, slot
        if counted == count:
            return


def _settled_count(rule: RecurrenceRule, first: datetime) -> tuple[int | None, datetime]:
    """Return the COUNT that has to be counted, and the last wall time: a COUNT is one where it is but a product."""
    parts = rule.by_month, rule.by_week_no, rule.by_year_day, rule.by_month_day, rule.by_day, rule.by_set_pos
    if rule.count is None or rule.frequency not in SUB_DAILY:
        return rule.count, LATEST
    if any(parts) or rule.by_hour or rule.by_minute or rule.by_second:
        return rule.count, LATEST
    try:
        return None, first + (rule.count - 1) * rule.interval * _UNIT[rule.frequency]
    except OverflowError:
        return None, LATEST


def _is_past(slot: Slot, until: date | WallTime | Instant, start: Start) -> bool:
    """Tell whether a slot lies after UNTIL. Raises InvalidRecurrence where the two cannot be compared."""
    if isinstance(until, Instant):
        if isinstance(start, date) or start.zone is None:
            raise InvalidRecurrence(
                "an UNTIL in UTC, and a start without zone",
                where="RRULE UNTIL",
                remedy="give the start a zone, or UNTIL as a date",
            )
        return slot[0] > until.utc.replace(tzinfo=None)
    shown = slot[0] if isinstance(slot[1], date) else slot[1].local
    return shown > until.local if isinstance(until, WallTime) else shown.date() > until


def _is_shifted(wall: datetime, slot: Slot) -> bool:
    return isinstance(slot[1], WallTime) and slot[1].local != wall


def _in_order(walls: Iterator[_WallSlot]) -> Iterator[Slot]:
    """Yield slots by moment: those shifted wait for the ones that they were shifted behind."""
    waiting: list[tuple[datetime, int, Start]] = []
    for n, (wall, slot) in enumerate(walls):
        if _is_shifted(wall, slot):
            heappush(waiting, (slot[0], n, slot[1]))
            continue
        while waiting and waiting[0][0] <= slot[0]:
            at, _, start = heappop(waiting)
            yield at, start
        yield slot
    while waiting:
        at, _, start = heappop(waiting)
        yield at, start


def _placed(wall: datetime, clock: tuple[str, ZoneInfo] | None, gap: Gap) -> Slot | None:
    """Return the slot of a wall time, shifted out of a gap of the clock; None where it is skipped."""
    if clock is None:
        return wall, WallTime(wall, None)
    zone, rules = clock
    offset = rules.utcoffset(wall) or _NO_TIME
    try:
        moment = wall - offset
        later = rules.utcoffset(wall.replace(fold=1)) or _NO_TIME
        if later > offset:  # the clock skips this time: read with the offset before, shown with the one after
            return None if gap is Gap.SKIP else (moment, WallTime(moment + later, zone))
    except OverflowError:  # the calendar's very first and last days
        return None
    return moment, WallTime(wall, zone)


def _clock(start: WallTime) -> tuple[str, ZoneInfo] | None:
    return None if start.zone is None else (start.zone, zone_rules(start.zone))
