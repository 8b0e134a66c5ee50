"""Provide the shared values of time: when something takes place, how it recurs, and when its user is reminded.

========================  ==============================================  ============================================
shared value              an event shows it as                            an appointment shows it as
========================  ==============================================  ============================================
span                      wall times in a zone; dates with an             instants; dates, the last one included
                          exclusive end
recurrence                a pattern, or a rule that has one               a pattern that the CRM's table has
alarm                     minutes before the start                        an instant
========================  ==============================================  ============================================

Whatever an event holds, nothing here raises for it: what can't be said is None, and :func:`lacks` says why.
"""

from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

import attrs

from tallystick.profiles.fitness import missing
from tallystick.records import Appointment, Event, OccurrenceChange
from tallystick.records.occurring import times_of_event
from tallystick.recurrence import (
    EndDate,
    ExpansionLimit,
    Instant,
    InvalidRecurrence,
    Lossy,
    NoEnd,
    NotExpressible,
    Recurrence,
    RecurrenceRule,
    Series,
    Start,
    Support,
    UnknownZone,
    WallTime,
    canonical_recurrence,
    canonical_zone,
    fit,
    is_known_zone,
    to_pattern,
)
from tallystick.text import clean

_ONE_DAY = timedelta(days=1)
_REFUSED = (InvalidRecurrence, UnknownZone, ExpansionLimit)


@attrs.frozen
class Span:
    """When something takes place, as a CRM keeps it: two instants, or a first and a last day."""

    start: Instant | date
    end: Instant | date


@attrs.frozen
class CrmTimes:
    """How a CRM's times are read off events.

    ``zone`` is the user's, in which floating times and the alarms of whole days are meant. ``support`` is the table of
    the recurrences that the CRM has. ``end_for_missing`` is the day on which an event without end ends, None where
    such an event is unfit.
    """

    zone: str
    support: Support
    end_for_missing: date | None = None

    def span(self, event: Event) -> Span | None:
        """Return when an event takes place, None where it does not say, or not in a way that has a meaning."""
        try:
            start, end = self._bound(event.start), self._bound(event.end)
        except _REFUSED:
            return None
        if start is None or (end is None and self.end_for_missing is None):
            return None
        if isinstance(start, date):
            return _days(start, end, self.end_for_missing)
        if end is None and self.end_for_missing is not None:
            end = Instant(datetime.combine(self.end_for_missing, time(), UTC))
        return Span(start, end) if isinstance(end, Instant) and end >= start else None

    def recurrence(self, event: Event) -> Recurrence | None:
        """Return the recurrence that the CRM gets, None for a single event or one that the CRM has no pattern for."""
        fitted = self._fitted(event)
        return None if fitted is None or isinstance(fitted, NotExpressible) else fitted

    def alarm(self, event: Event) -> Instant | None:
        """Return when the user is reminded; for whole days counted from the midnight that begins them."""
        if event.reminder_minutes is None or event.start is None:
            return None
        start = event.start
        if isinstance(start, date):
            start = WallTime(datetime.combine(start, time()), self.zone)
        try:
            begins = self._bound(start)
            assert isinstance(begins, Instant)  # noqa: S101 - of a wall time; for the type checker
            return Instant(begins.utc - timedelta(minutes=event.reminder_minutes))
        except (*_REFUSED, OverflowError):
            return None

    def lacks(self, event: Event) -> Iterator[str]:
        """Yield every reason why an event's times cannot be synced."""
        if event.start is None:
            yield "missing:start"
        if event.end is None and self.end_for_missing is None:
            yield "missing:end"
        elif event.start is not None and self.span(event) is None:
            yield "invalid:times"
        fitted = self._fitted(event)
        if isinstance(fitted, NotExpressible):
            codes = dict.fromkeys(reason.kind.code for reason in fitted.reasons) or ["invalid"]
            yield from (f"unsupported_recurrence:{code}" for code in codes)

    def appointment_lacks(self, appointment: Appointment) -> Iterator[str]:
        """Yield every reason why an appointment's times cannot be those of an event in the user's calendar."""
        yield from missing(start=appointment.start, end=appointment.end)
        span, recurrence = appointment_span(appointment), appointment.recurrence
        if span is not None and not self._can_be_shown(span):
            yield "invalid:times"
        zone = None if recurrence is None or isinstance(appointment.start, date) else recurrence.range.zone
        if zone is not None and not is_known_zone(zone):
            yield "unsupported_recurrence:invalid"

    def opened(self, recurrence: Recurrence | None) -> Recurrence | None:
        """Return a CRM's recurrence without the end that stands for *no end* there."""
        endless = self.support.end_for_endless
        if recurrence is None or endless is None or not isinstance(recurrence.range.end, EndDate):
            return recurrence
        if recurrence.range.end.last < endless:
            return recurrence
        return attrs.evolve(recurrence, range=attrs.evolve(recurrence.range, end=NoEnd()))

    def closed(self, recurrence: Recurrence | None) -> Recurrence | None:
        """Return a recurrence with the end that stands for *no end* in the CRM, where it needs one."""
        endless = self.support.end_for_endless
        if recurrence is None or endless is None or self.support.no_end:
            return recurrence
        if not isinstance(recurrence.range.end, NoEnd):
            return recurrence
        return attrs.evolve(recurrence, range=attrs.evolve(recurrence.range, end=EndDate(endless)))

    def said_recurrence(self, recurrence: Recurrence | None) -> Hashable:
        """Return a recurrence as it is compared: one spelling for all that have the same dates.

        The day that stands for *no end* in the CRM, and any later one, is no end.
        """
        if recurrence is None:
            return None
        try:
            return repr(canonical_recurrence(self.opened(recurrence) or recurrence))
        except _REFUSED:
            return repr(recurrence)

    def event_key(self, event: Event, subject: str) -> tuple[Hashable, ...]:
        """Return what makes an event the same as an appointment: ``subject``, start, end, the pattern of a series."""
        return self._key(subject, self.span(event), self.recurrence(event))

    def appointment_key(self, appointment: Appointment, subject: str) -> tuple[Hashable, ...]:
        """Return the same of an appointment."""
        return self._key(subject, appointment_span(appointment), appointment_recurrence(appointment))

    def _can_be_shown(self, span: Span) -> bool:
        """Tell whether an event can take place in a span: it does not end before it starts, or leave the calendar."""
        try:
            shown = Event(**put_event_span(Event(), span, self.zone))  # type: ignore[arg-type]  # a start and an end
            return self.span(shown) is not None
        except (*_REFUSED, OverflowError):
            return False

    def _key(self, subject: str, span: Span | None, recurrence: Recurrence | None) -> tuple[Hashable, ...]:
        return (clean(subject).casefold(), said_span(span), self.said_recurrence(recurrence))

    def _bound(self, start: Start | None) -> Instant | date | None:
        if start is None or isinstance(start, date):
            return start
        return WallTime(start.local, start.zone or self.zone).instant()

    def _fitted(self, event: Event) -> Recurrence | NotExpressible | None:
        """Return the recurrence as the CRM's table has it, in the zone of the event; days have none."""
        times = times_of_event(event, self.zone) if event.recurrence is not None else None
        if times is None or times.rule is None:
            return None
        try:
            rule = _pattern(times.start, times.rule)
            if isinstance(rule, NotExpressible):
                return rule
            zone = None if isinstance(times.start, date) else rule.range.zone or times.start.zone
            named = canonical_zone(zone) if zone is not None else None
            placed = attrs.evolve(rule, range=attrs.evolve(rule.range, zone=named))
            found = fit(placed, self.support)
        except _REFUSED:
            return _INVALID
        return found if isinstance(found, NotExpressible) else found.value


_INVALID = NotExpressible(())


def _pattern(start: Start, rule: Recurrence | RecurrenceRule) -> Recurrence | NotExpressible:
    """Return the pattern of a rule; one that would fall on other dates is none."""
    if isinstance(rule, Recurrence):
        return rule
    found = to_pattern(Series.of(start, rule))
    if isinstance(found, NotExpressible):
        return found
    if isinstance(found, Lossy) and found.changes_dates:
        return _INVALID
    (pattern,) = found.value.rules
    return pattern if isinstance(pattern, Recurrence) else _INVALID


def _days(start: date, end: Instant | date | None, end_for_missing: date | None) -> Span | None:
    if isinstance(end, Instant):
        return None
    after = end if end is not None else (end_for_missing or start) + _ONE_DAY
    return Span(start, after - _ONE_DAY) if after > start else None


def put_event_span(event: Event, span: Span | None, zone: str) -> Mapping[str, object]:
    """Return the fields of an event in ``span``, on the wall clock of the zone it has, else of ``zone``."""
    if span is None:
        return {}
    if isinstance(span.start, date) or isinstance(span.end, date):
        last = span.end if isinstance(span.end, date) else span.end.in_zone(zone).local.date()
        first = span.start if isinstance(span.start, date) else span.start.in_zone(zone).local.date()
        return {"start": first, "end": last + _ONE_DAY}
    own = event.start.zone if isinstance(event.start, WallTime) else None
    shown_in = own if own is not None and is_known_zone(own) else zone
    return {"start": span.start.in_zone(shown_in), "end": span.end.in_zone(shown_in)}


def put_span(_: Appointment, span: Span | None) -> Mapping[str, object]:
    """Return the fields of an appointment that takes place in ``span``."""
    return {"start": span.start if span else None, "end": span.end if span else None}


def appointment_span(appointment: Appointment) -> Span | None:
    """Return when an appointment takes place."""
    if appointment.start is None or appointment.end is None:
        return None
    return Span(appointment.start, appointment.end)


def appointment_recurrence(appointment: Appointment) -> Recurrence | None:
    """Return how an appointment recurs; days have no zone."""
    recurrence = appointment.recurrence
    if recurrence is None or not isinstance(appointment.start, date):
        return recurrence
    return attrs.evolve(recurrence, range=attrs.evolve(recurrence.range, zone=None))


def said_span(span: Span | None) -> Hashable:
    """Return a span as it is compared."""
    return None if span is None else (_said(span.start), _said(span.end))


def said_instant(instant: Instant | None) -> Hashable:
    """Return an instant as it is compared."""
    return None if instant is None else instant.utc.isoformat()


def said_exceptions(changes: tuple[OccurrenceChange, ...]) -> Hashable:
    """Return what became of single occurrences as it is compared: order, and the names of zones, play no part."""
    said = (
        (_moment(one.original), one.cancelled, _moment(one.start), _moment(one.end), one.subject, one.location)
        for one in changes
    )
    return tuple(sorted(said, key=repr))


def exception_key(change: OccurrenceChange) -> date | datetime:
    """Return which occurrence of its series a change is of: its day where that is all that is said, else its time."""
    original = change.original
    if not isinstance(original, WallTime):
        return original
    try:
        return original.local if original.zone is None else original.instant().utc
    except _REFUSED:
        return original.local


def _moment(start: Start | None) -> str:
    if start is None or isinstance(start, date):
        return str(start)
    try:
        return repr(start) if start.zone is None else start.instant().utc.isoformat()
    except _REFUSED:
        return repr(start)


def _said(bound: Instant | date) -> str:
    return bound.isoformat() if isinstance(bound, date) else bound.utc.isoformat()
