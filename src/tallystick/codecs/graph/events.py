"""Provide events as Graph has them (resource type *event*): single ones, and the masters of series.

===========================  ======================================================================================
start and end                in the zone that the event was made in, where that is known and the answer shows another
                             one (UTC, unless ``Prefer: outlook.timezone`` was sent): a series keeps to its own clocks
recurrence                   in a zone made by hand it is in one that nobody knows: on other clocks it has other dates
all-day                      the dates of both midnights, the end exclusive
reminder                     its minutes, unless ``isReminderOn`` is false
sensitivity                  a word that is not known is *private*: what may be private is not shown to others
status of attendees          read and never written: the service keeps it by address
cancelled occurrences        by their day; see :mod:`~tallystick.codecs.graph.occurrences` for those that were changed
===========================  ======================================================================================

Written: a start brings its end, whether they are days, and the recurrence along, because the service refuses or
recomputes one without the others. Those of a series are in the zone of its recurrence, and one in another zone brings
the start along: the service refuses two zones, and it is the recurrence's clock by which a series goes. Exceptions of a
series are not written here: each is a call of its own.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Final

import attrs

from tallystick.codecs.graph.codec import Body, GraphCodec, Group, text_group, texts_group, word_group
from tallystick.codecs.graph.recurring import read_recurrence, write_recurrence
from tallystick.codecs.graph.values import (
    Json,
    email,
    flag,
    inner,
    malformed,
    number,
    objects,
    says_nothing,
    text,
    texts,
    wall_time,
    word,
    zoned,
)
from tallystick.errors import MalformedAnswer
from tallystick.records import (
    Attendee,
    AttendeeType,
    BodyType,
    Event,
    Importance,
    OccurrenceChange,
    Response,
    Sensitivity,
    ShowAs,
)
from tallystick.recurrence import (
    InvalidRecurrence,
    Recurrence,
    Start,
    WallTime,
    cancelled_from_graph,
    is_known_zone,
    same_zone,
)

_MOST_ATTENDEES: Final = 5_000


def _read(data: Json, zones: Iterable[str]) -> Event:
    zones = tuple(zones)
    start, end = read_times(data, zones)
    body = inner(data, "body")
    organizer = inner(data, "organizer")
    return Event(
        subject=text(data, "subject"),
        start=start,
        end=end,
        recurrence=_recurrence(data, start, zones),
        exceptions=_cancelled(data),
        body=text(body, "content"),
        body_type=word(body, "contentType", BodyType.TEXT, BodyType.TEXT),
        location=text(inner(data, "location"), "displayName"),
        sensitivity=word(data, "sensitivity", Sensitivity.NORMAL, Sensitivity.PRIVATE),
        importance=word(data, "importance", Importance.NORMAL, Importance.NORMAL),
        show_as=word(data, "showAs", ShowAs.BUSY, ShowAs.UNKNOWN),
        reminder_minutes=number(data, "reminderMinutesBeforeStart")
        if flag(data, "isReminderOn", default=True)
        else None,
        attendees=tuple(map(_attendee, _capped(data))),
        organizer=email(organizer) if inner(organizer, "emailAddress") else None,
        is_organizer=flag(data, "isOrganizer", default=True),
        is_cancelled=flag(data, "isCancelled"),
        categories=texts(data, "categories"),
        uid=text(data, "iCalUId") or text(data, "uid"),
    )


def _recurrence(data: Json, start: Start | None, zones: Iterable[str]) -> Recurrence | None:
    """Return how an event recurs; in a zone that nobody knows where it was made in one by hand, and no other is said.

    The zone of the answer would be a guess: its clock never changes, and its days may be others.
    """
    home = text(data, "originalStartTimeZone")
    own = (start.zone,) if isinstance(start, WallTime) and (not home or is_known_zone(home)) else ()
    found = read_recurrence(data, (*own, home, *zones))
    if found is None or found.range.zone is not None or not isinstance(start, WallTime):
        return found
    return attrs.evolve(found, range=attrs.evolve(found.range, zone=home or None))


def read_times(data: Json, zones: Iterable[str]) -> tuple[Start | None, Start | None]:
    """Return when an event or an occurrence starts and ends, in the zone it was made in. Raises MalformedAnswer."""
    originals = text(data, "originalStartTimeZone"), text(data, "originalEndTimeZone")
    start = wall_time(data, "start", (*originals, *zones))
    end = wall_time(data, "end", (originals[1], originals[0], *zones))
    if flag(data, "isAllDay"):
        return _midnight(start, "start"), _midnight(end, "end")
    return _at_home(start, originals[0]), _at_home(end, originals[1] or originals[0])


def _midnight(at: WallTime | None, key: str) -> date | None:
    if at is not None and at.local.time() != time.min:
        malformed(key, "the midnight of an all-day event")
    return None if at is None else at.local.date()


def _at_home(at: WallTime | None, zone: str) -> WallTime | None:
    """Return a time in the zone where it was made, where both zones are known and differ."""
    if at is None or at.zone is None or not is_known_zone(zone) or not is_known_zone(at.zone):
        return at
    if same_zone(at.zone, zone):
        return at
    try:
        moved = at.in_zone(zone)
    except InvalidRecurrence:  # so near to the first or last year that it has no other clock
        return at
    return at if says_nothing(moved.local) else moved


def _cancelled(data: Json) -> tuple[OccurrenceChange, ...]:
    try:
        found = cancelled_from_graph(texts(data, "cancelledOccurrences"))
    except InvalidRecurrence as error:
        raise MalformedAnswer(error.what, where="cancelledOccurrences", remedy=error.remedy) from None
    return tuple(OccurrenceChange(one.original, cancelled=True) for one in found)


def _capped(data: Json) -> Iterable[Json]:
    found = objects(data, "attendees")
    return found if len(found) <= _MOST_ATTENDEES else malformed("attendees", "a list of at most 5,000")


def _attendee(data: Json) -> Attendee:
    return Attendee(
        email(data),
        word(data, "type", AttendeeType.REQUIRED, AttendeeType.REQUIRED),
        word(inner(data, "status"), "response", Response.NONE, Response.NONE),
    )


# --- writing ---------------------------------------------------------------------------------------------------------


def _write_times(event: Event, source: Json) -> Body:
    """Return start, end, whether they are days, and the recurrence if there is one or was one."""
    zone = _series_zone(event)
    start, end = (None if at is None else write_start(_on_clock(at, zone), zone) for at in (event.start, event.end))
    body: Body = {"start": start, "end": end, "isAllDay": event.is_all_day}
    if event.recurrence is not None or "recurrence" in source:
        body["recurrence"] = write_recurrence(event.recurrence, event.start, source)
    return body


def write_start(at: Start, zone: str | None = None) -> Body:
    """Return a start or end; days are midnights, in ``zone`` or UTC."""
    if isinstance(at, date):
        return zoned(WallTime(datetime.combine(at, time.min), zone or "UTC"))
    return zoned(at)


def _write_recurrence(event: Event, source: Json) -> Body:
    if event.start is not None and _on_clock(event.start, _series_zone(event)) != event.start:
        return _write_times(event, source)
    return {"recurrence": write_recurrence(event.recurrence, event.start, source)}


def _series_zone(event: Event) -> str | None:
    return event.recurrence.range.zone if isinstance(event.recurrence, Recurrence) else None


def _on_clock(at: Start, zone: str | None) -> Start:
    """Return a time on the clock of its series, beside which the service takes no other."""
    return _at_home(at, zone) or at if zone is not None and isinstance(at, WallTime) else at


def _write_body(event: Event, _: Json) -> Body:
    return {"body": {"contentType": str(event.body_type), "content": event.body}}


def _write_location(event: Event, source: Json) -> Body:
    present = inner(source, "location")
    if present and text(present, "displayName") == event.location:
        return {"location": dict(present)}
    return {"location": {"displayName": event.location}}


def _write_reminder(event: Event, _: Json) -> Body:
    if event.reminder_minutes is None:
        return {"isReminderOn": False}
    return {"isReminderOn": True, "reminderMinutesBeforeStart": event.reminder_minutes}


def _write_attendees(event: Event, source: Json) -> Body:
    rows = objects(source, "attendees")
    by_address = {known.address.casefold(): row for row in rows if (known := email(row)).address}
    exact = {email(row): row for row in rows}
    return {
        "attendees": [
            _write_attendee(one, exact.get(one.email) or by_address.get(one.email.address.casefold(), {}))
            for one in event.attendees
        ]
    }


def _write_attendee(attendee: Attendee, source: Json) -> Body:
    address = {"address": attendee.email.address or None, "name": attendee.email.name or None}
    shown = {key: value for key, value in address.items() if value is not None or key in inner(source, "emailAddress")}
    return {**source, "type": str(attendee.type), "emailAddress": shown}


EVENTS: Final = GraphCodec(
    "event",
    Event,
    _read,
    (
        text_group("subject", "subject"),
        Group(("start", "end"), _write_times),
        Group(("recurrence",), _write_recurrence),
        Group(("body", "body_type"), _write_body),
        Group(("location",), _write_location),
        word_group("sensitivity", "sensitivity"),
        word_group("importance", "importance"),
        word_group("show_as", "showAs"),
        Group(("reminder_minutes",), _write_reminder),
        Group(("attendees",), _write_attendees),
        texts_group("categories", "categories"),
    ),
    read_only=frozenset({"exceptions", "organizer", "is_organizer", "is_cancelled", "uid"}),
)
"""Events; the exceptions of a series are written one by one, see :func:`~.occurrences.occurrence_writes`."""
