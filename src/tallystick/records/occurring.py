"""Provide when events and appointments take place: as one kind of series, and whether it touches some days.

Inputs are records as services gave them, so that nothing here raises for what stands in them: what cannot be
expanded, and what lacks its times, is taken to lie in every window, where somebody will look at it and say why.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import attrs

from tallystick.records.appointment import Appointment
from tallystick.records.days import Days
from tallystick.records.occurrence import OccurrenceChange
from tallystick.records.outlook_event import Event
from tallystick.recurrence import (
    Cancelled,
    Changed,
    ExpansionLimit,
    Instant,
    InvalidRecurrence,
    Moved,
    OccurrenceException,
    Recurrence,
    RecurrenceRule,
    Series,
    Start,
    UnknownZone,
    WallTime,
    Window,
    expand,
)
from tallystick.recurrence.slots import moment_of

_ONE_DAY = timedelta(days=1)
_UTC = "UTC"


@attrs.frozen
class Times:
    """When something takes place: wall times, or dates with an exclusive ``end``; a ``rule`` makes it a series."""

    start: Start
    end: Start
    rule: Recurrence | RecurrenceRule | None = None
    exceptions: tuple[OccurrenceChange, ...] = ()

    @property
    def lasting(self) -> timedelta:
        """How long it takes; at least nothing."""
        return max(moment_of(self.end) - moment_of(self.start), timedelta())

    def series(self) -> Series:
        """Return it as a series; a single one is a series without rules. Raises InvalidRecurrence."""
        changed = tuple(_exception(change) for change in self.exceptions) if self.rule else ()
        return Series(self.start, (self.rule,) if self.rule else (), exceptions=changed)


def times_of_event(event: Event, zone: str = _UTC) -> Times | None:
    """Return when an event takes place, None where it lacks its start; floating times are read in ``zone``."""
    start = _placed(event.start, zone)
    if start is None:
        return None
    end = _placed(event.end, zone)
    if end is None or isinstance(end, date) is not isinstance(start, date):
        end = _next_day(start) if isinstance(start, date) else start
    exceptions = tuple(
        attrs.evolve(
            change,
            original=_placed(change.original, zone) or change.original,
            start=_placed(change.start, zone),
            end=_placed(change.end, zone),
        )
        for change in event.exceptions
    )
    return Times(start, end, event.recurrence, exceptions)


def times_of_appointment(appointment: Appointment) -> Times | None:
    """Return when an appointment takes place, in the zone of its recurrence; None where it lacks its start."""
    zone = (appointment.recurrence.range.zone if appointment.recurrence else None) or _UTC
    first, last = appointment.start, appointment.end
    if first is None:
        return None
    start: Start = first if isinstance(first, date) else first.in_zone(zone)
    end = start
    if isinstance(start, date):
        end = _next_day(last if isinstance(last, date) else start)
    elif isinstance(last, Instant):
        end = last.in_zone(zone)
    return Times(start, end, appointment.recurrence, appointment.exceptions)


def event_lies_in(event: Event, days: Days) -> bool:
    """Tell whether any part of an event, or of any of its occurrences, falls on the days."""
    try:
        return _touches(times_of_event(event, days.zone), days)
    except (InvalidRecurrence, UnknownZone, ExpansionLimit):
        return True


def appointment_lies_in(appointment: Appointment, days: Days) -> bool:
    """Tell whether any part of an appointment, or of any of its occurrences, falls on the days."""
    try:
        return _touches(times_of_appointment(appointment), days)
    except (InvalidRecurrence, UnknownZone, ExpansionLimit):
        return True


def _touches(times: Times | None, days: Days) -> bool:
    if times is None:
        return True
    after = days.last + _ONE_DAY
    if times.rule is not None:
        return bool(expand(times.series(), Window(days.first, after, days.zone), lasting=times.lasting))
    if isinstance(times.start, date):
        return times.start <= days.last and moment_of(times.end) > moment_of(days.first)
    low, high = _midnight(days.first, days.zone), _midnight(after, days.zone)
    start = moment_of(times.start)
    return start < high and (start >= low or moment_of(times.end) > low)


def _next_day(day: date) -> date:
    """Return the day after, or the calendar's last one."""
    return day + _ONE_DAY if day < date.max else day


def _placed(start: Start | None, zone: str) -> Start | None:
    if isinstance(start, WallTime) and start.zone is None:
        return WallTime(start.local, zone)
    return start


def _exception(change: OccurrenceChange) -> OccurrenceException:
    if change.cancelled:
        return Cancelled(change.original)
    return Changed(change.original) if change.start is None else Moved(change.original, change.start)


@lru_cache(maxsize=64)
def _midnight(day: date, zone: str) -> datetime:
    return moment_of(WallTime(datetime.combine(day, time()), zone))
