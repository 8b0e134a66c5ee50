"""Provide the occurrences of a series that are not as its rule says, as Graph has them and wants them written.

A master names its cancelled occurrences by day, if it was asked for with ``$select=cancelledOccurrences``. Those that
were changed are objects of their own (type *exception*), from ``exceptionOccurrences`` of the master, from its
instances, or from a calendarView. :func:`with_occurrences` puts both into the one record that an event is;
:func:`occurrence_writes` says what has to be sent, and to which occurrence, for another state of them.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import attrs

from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.events import EVENTS, read_times, write_start
from tallystick.codecs.graph.values import Json, flag, inner, instant, malformed, objects, text
from tallystick.errors import InputError, MalformedAnswer
from tallystick.records import Event, OccurrenceChange
from tallystick.recurrence import (
    Instant,
    InvalidRecurrence,
    Start,
    UnknownZone,
    WallTime,
    cancelled_from_graph,
    is_known_zone,
)
from tallystick.recurrence.times import day_of, starting_on

MOST_EXCEPTIONS: Final = 5_000


@attrs.frozen
class OccurrenceWrite:
    """A write to one occurrence, which is found among the instances by its ``original`` start.

    ``body`` is to be patched into it; None deletes it, which cancels it.
    """

    original: Start
    body: Body | None = attrs.field(repr=False)


def with_occurrences(master: Json, rows: Iterable[Json] = (), *, zones: Iterable[str] = ()) -> Event:
    """Return the whole series that a master and its exceptions are.

    ``rows`` are further objects of its series; occurrences that are as the rule says are passed over.
    Raises MalformedAnswer, also for an exception that does not say which occurrence it is.
    """
    zones = tuple(zones)
    event = EVENTS.read(master, zones=zones)
    changes = {slot_day(change.original, event): change for change in event.exceptions}
    series_id = text(master, "id")
    for count, row in enumerate((*objects(master, "exceptionOccurrences"), *rows)):
        if count == MOST_EXCEPTIONS:
            malformed("exceptionOccurrences", f"a list of at most {MOST_EXCEPTIONS:,}")
        if text(row, "type").casefold() == "occurrence" or text(row, "seriesMasterId") not in ("", series_id):
            continue
        change = _change(row, event, zones)
        changes[slot_day(change.original, event)] = change
    return attrs.evolve(event, exceptions=tuple(changes[day] for day in sorted(changes)))


def occurrence_writes(before: Event, after: Event) -> tuple[OccurrenceWrite, ...]:
    """Return the writes that make the exceptions of ``before`` those of ``after``, in the order of their days.

    Raises InputError where an occurrence would have to be brought back: the service cannot.
    """
    old, new = ({slot_day(one.original, event): one for one in event.exceptions} for event in (before, after))
    writes = []
    for day in sorted(old.keys() | new.keys()):
        was = old.get(day)
        now = new.get(day) or OccurrenceChange(was.original if was else day)
        if was == now:
            continue
        if was is not None and was.cancelled and not now.cancelled:
            remedy = "make it an event of its own, or make the series anew"
            raise InputError("a cancelled occurrence cannot be brought back", where="event.exceptions", remedy=remedy)
        writes.append(OccurrenceWrite(now.original, None if now.cancelled else _body(now, was, after)))
    return tuple(writes)


def require_ends(changes: Iterable[OccurrenceChange]) -> None:
    """Require that occurrences that take place at another time say when they start and end. Raises InputError."""
    if any((one.start is None) is not (one.end is None) for one in changes):
        raise InputError("an occurrence with a start or an end alone", where="event.exceptions", remedy="give it both")


def _body(now: OccurrenceChange, was: OccurrenceChange | None, series: Event) -> Body:
    was = was or OccurrenceChange(now.original)
    body: Body = {}
    if (now.start, now.end) != (was.start, was.end):
        start, end = planned(series, now.original) if now.start is None or now.end is None else (now.start, now.end)
        body.update(start=write_start(start), end=write_start(end))
    if now.subject != was.subject:
        body["subject"] = series.subject if now.subject is None else now.subject
    if now.location != was.location:
        body["location"] = {"displayName": series.location if now.location is None else now.location}
    return body


def slot_day(original: Start, series: Event) -> date:
    """Return the day by which the service knows an occurrence: its original start's, on the clock of the series."""
    zone = series.start.zone if isinstance(series.start, WallTime) else None
    if not isinstance(original, WallTime) or original.zone is None or zone is None or original.zone == zone:
        return day_of(original)
    return day_of(original.in_zone(zone)) if is_known_zone(original.zone) and is_known_zone(zone) else day_of(original)


def planned(series: Event, original: Start) -> tuple[Start, Start]:
    """Return when the occurrence of ``original`` takes place by the rule.

    Raises InputError for a series without times, or one that leaves the calendar.
    """
    if series.start is None or series.end is None:
        raise InputError("a series without start or end", where="event.start", remedy="read it anew")
    try:
        return _planned(series.start, series.end, original)
    except OverflowError:
        raise InputError("a time outside of the years 1 to 9999", where="event.end", remedy="read it anew") from None


def _planned(first: Start, end: Start, original: Start) -> tuple[Start, Start]:
    start = original if isinstance(original, WallTime) else starting_on(original, first)
    if isinstance(start, WallTime) and isinstance(first, WallTime) and isinstance(end, WallTime):
        return start, WallTime(start.local + (_local(end, first) - first.local), start.zone)
    return start, day_of(start) + (day_of(end) - day_of(first))


def _local(at: WallTime, like: WallTime) -> datetime:
    """Return the clock's time in the zone of another."""
    if at.zone is None or like.zone is None or not is_known_zone(at.zone) or not is_known_zone(like.zone):
        return at.local
    return at.in_zone(like.zone).local


def _change(row: Json, series: Event, zones: tuple[str, ...]) -> OccurrenceChange:
    original = _original(row, series)
    if flag(row, "isCancelled"):
        return OccurrenceChange(original, cancelled=True)
    start, end = read_times(row, zones)
    subject, location = text(row, "subject"), text(inner(row, "location"), "displayName")
    moved = start is not None and end is not None and not _is_planned(series, original, start, end)
    return OccurrenceChange(
        original,
        start=start if moved else None,
        end=end if moved else None,
        subject=None if subject == series.subject else subject,
        location=None if location == series.location else location,
    )


def _original(row: Json, series: Event) -> Start:
    """Return the start that the rule gives an exception."""
    slot = instant(row, "originalStart")
    if slot is not None:
        if isinstance(series.start, date):
            return _day_of_midnight(slot, text(row, "originalStartTimeZone"))
        zone = series.start.zone if series.start is not None else None
        try:
            return Instant(slot).in_zone(zone or "UTC")
        except (UnknownZone, InvalidRecurrence):
            return WallTime(slot.astimezone(UTC).replace(tzinfo=None), "UTC")
    try:
        (named,) = cancelled_from_graph((text(row, "occurrenceId"),))
    except InvalidRecurrence:
        raise MalformedAnswer(
            "an exception that does not say which occurrence it is",
            where="originalStart",
            remedy="read the instances of its series, with originalStart selected",
        ) from None
    return named.original


def _day_of_midnight(slot: datetime, zone: str) -> date:
    """Return the day that begins at an instant: in UTC, in the zone that is named, or in the nearest that has it so."""
    if slot.time() == time.min:
        return slot.date()
    local = Instant(slot).in_zone(zone).local if is_known_zone(zone) else slot + timedelta(hours=12)
    return local.date()


def _is_planned(series: Event, original: Start, start: Start, end: Start) -> bool:
    if series.start is None or series.end is None:
        return False
    try:
        return all(map(_equal, planned(series, original), (start, end)))
    except InputError:
        return False


def _equal(one: Start, other: Start) -> bool:
    if one == other or not isinstance(one, WallTime) or not isinstance(other, WallTime):
        return one == other
    if one.zone is None or other.zone is None or not (is_known_zone(one.zone) and is_known_zone(other.zone)):
        return one == other
    return one.instant() == other.instant()
