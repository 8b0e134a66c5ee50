"""Provide a calendar that behaves as Outlook's does behind Microsoft Graph, as far as a sync can tell.

The feed is that of a view of days: it shows a series if any of its occurrences lies in them, wherever the series
began, and names by id alone what changed outside. The service makes the uid of each meeting, whatever it is given,
and keeps no references of attendees. Whoever called a meeting answers for it: a write to it sends mail to everybody
who was invited. An occurrence cannot be moved past its neighbours, or onto their day.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count

import attrs

from tallystick.ports.item import Window
from tallystick.ports.write import WriteKind
from tallystick.providers.memory.outlook_ids import mint_id
from tallystick.providers.memory.shape import SearchField, Shape
from tallystick.records.occurring import Times, event_lies_in, times_of_event
from tallystick.records.outlook_event import Event
from tallystick.recurrence import (
    ExpansionLimit,
    InvalidRecurrence,
    Series,
    Start,
    UnknownZone,
    WallTime,
    expand,
)
from tallystick.recurrence import Window as Days
from tallystick.recurrence.times import day_of

_MOST_ATTENDEES = 500
_LONGEST_GAP = timedelta(days=800)


def calendar_shape(uid_prefix: str = "uid") -> Shape[Event]:
    """Return what a mailbox knows of events; ``uid_prefix`` begins every uid that it makes."""
    numbers = count(1)
    minted: set[str] = set()

    # A copy of somebody else's meeting comes with the uid that its organizer's mailbox made.
    def settled(event: Event, _at: datetime) -> tuple[Event, ...]:
        uid = event.uid
        if uid not in minted and not (uid and not event.is_organizer):
            uid = f"{uid_prefix}-{next(numbers)}"
            minted.add(uid)
        bare = tuple(attrs.evolve(one, relations=()) for one in event.attendees)
        return (attrs.evolve(event, uid=uid, attendees=bare),)

    return Shape(
        Event,
        searches={
            "email": SearchField(lambda event: [one.email.address for one in event.attendees]),
            "subject": SearchField(lambda event: (event.subject,)),
        },
        holds=_no_room,
        mint=mint_id,
        settles=settled,
        lies_in=event_lies_in,
        tells=people_told,
        parts=_occurrences,
    )


def people_told(kind: WriteKind, before: Event | None, after: Event | None) -> int:
    """Return how many people the service sends mail to for a write: those invited to a meeting of one's own."""
    event = after if after is not None else before
    if event is None or not event.is_organizer or (kind is WriteKind.REMOVE and event.is_cancelled):
        return 0
    invited = {one.email.address for one in (*event.attendees, *(before.attendees if before else ()))}
    return len(invited)


def _occurrences(event: Event, window: Window) -> tuple[int, Sequence[str]]:
    """Return how many occurrences a view of days shows, and the days of those that were cancelled."""
    times = times_of_event(event, window.zone)
    if times is None or times.rule is None:
        return (1, ())
    try:
        shown = expand(times.series(), Days(window.first, window.last + timedelta(days=1), window.zone))
    except (InvalidRecurrence, UnknownZone, ExpansionLimit):
        return (1, ())
    return len(shown), [day_of(one.original).isoformat() for one in times.exceptions if one.cancelled]


def _no_room(event: Event) -> str:
    if len(event.attendees) > _MOST_ATTENDEES:
        return "too_many:attendees"
    if isinstance(event.start, date) is not isinstance(event.end, date) and event.start and event.end:
        return "invalid_value:end"
    try:
        return "crosses_boundary:exceptions" if event.recurrence and _crosses(event) else ""
    except (InvalidRecurrence, UnknownZone, ExpansionLimit):
        return "invalid_value:recurrence"


def _crosses(event: Event) -> bool:
    """Tell whether an occurrence was moved past another one, or onto its day."""
    times = times_of_event(event)
    if times is None:
        return False
    return any(
        change.start is not None and not change.cancelled and not _between(times, change.original, day_of(change.start))
        for change in times.exceptions
    )


def _between(times: Times, original: Start, moved: date) -> bool:
    """Tell whether a day lies between those of an occurrence's neighbours."""
    day = day_of(original)
    zone = original.zone if isinstance(original, WallTime) else None
    around = Days(day - _LONGEST_GAP, day + _LONGEST_GAP, zone or "UTC")
    plain = Series(times.start, times.series().rules)
    days = [day_of(one.start) for one in expand(plain, around)]
    before = max((one for one in days if one < day), default=date.min)
    return before < moved < min((one for one in days if one > day), default=date.max)
