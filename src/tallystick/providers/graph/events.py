"""Provide the events of a calendar, within a window of days: members are those of a category.

The feed is that of the calendar's view, which spreads a series over its occurrences. Whatever it says of a series, the
series is read whole, with what was cancelled and changed of it: one record, as :class:`tallystick.records.Event` is.

A create carries its token as ``transactionId``, by which the service knows a repeated one. Occurrences of a series are
written one by one, after the series: setting its times or its rule drops those that were changed before, so that they
are written anew. Where that does not come to its end, the write is UNKNOWN.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, cast
from urllib.parse import quote

import attrs

from tallystick.codecs.graph import EVENTS, occurrence_writes, read_item, with_occurrences
from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.occurrences import OccurrenceWrite, require_ends, slot_day
from tallystick.codecs.graph.values import Json, instant, objects, text
from tallystick.errors import SettingsError
from tallystick.ports import Capabilities, Create, CreateSafety, Item, Scope, Term, Update
from tallystick.ports.item import Window
from tallystick.providers.graph.asks import Answer, Ask, Asking, ask_all
from tallystick.providers.graph.kind import Done, Kind, Membership
from tallystick.providers.graph.reading import answered, is_gone, read_listings, read_rows
from tallystick.providers.graph.wire import Wire, fitting, quoted
from tallystick.records import Event, OccurrenceChange
from tallystick.recurrence import Instant, Start, WallTime, is_known_zone
from tallystick.recurrence.times import day_of

EVENT_CAPABILITIES: Final = Capabilities(
    create_safety=CreateSafety.SERVER_TOKEN, batch_size=20, read_size=20, notifies_people=True
)
_SELECTED: Final = (
    "createdDateTime,lastModifiedDateTime,changeKey,categories,subject,body,start,end,isAllDay,location,sensitivity,"
    "importance,showAs,isReminderOn,reminderMinutesBeforeStart,attendees,organizer,isOrganizer,isCancelled,iCalUId,"
    "type,seriesMasterId,recurrence,originalStart,originalStartTimeZone,originalEndTimeZone,transactionId"
)
_CHANGED: Final = "exceptionOccurrences"
_WHOLE: Final = f"$select={_SELECTED},cancelledOccurrences,{_CHANGED}&$expand={_CHANGED}"
_PARTS: Final = ("occurrence", "exception")
_MOVING: Final = frozenset({"start", "end", "recurrence"})
_TIMES: Final = _MOVING | {"exceptions"}
_ONE_DAY: Final = timedelta(days=1)


@attrs.define
class EventKind(Kind[Event]):
    """Events below ``base`` (``/me``); ``calendar`` is the id of one, None for the default one."""

    wire: Wire
    base: str
    calendar: str | None = None
    capabilities: Capabilities = EVENT_CAPABILITIES

    @property
    def _calendar(self) -> str:
        return self.base if self.calendar is None else f"{self.base}/calendars/{quoted(self.calendar)}"

    # --- reading -----------------------------------------------------------------------------------------------------

    def feed(self, scope: Scope) -> str:
        """Return the path of the delta query of the days of a window."""
        if scope.window is None:
            raise SettingsError("events are listed by days", where="scope", remedy="give it a window")
        first, after = _bounds(scope.window)
        return f"{self._calendar}/calendarView/delta?startDateTime={first}&endDateTime={after}"

    def is_whole(self, row: Json) -> bool:
        """Tell whether a row has all of its event; a series is read whole in any case."""
        if text(row, "type").casefold() in _PARTS:
            return bool(text(row, "seriesMasterId"))
        return "createdDateTime" in row and bool(row.get("start"))

    def filled(self, rows: Sequence[Json], scope: Scope) -> Asking[tuple[Sequence[Item[Event]], Sequence[str]]]:
        """Return the single events, and each series that any row is a part of."""
        single = [row for row in rows if not _series_of(row)]
        series = list(dict.fromkeys(id_ for row in rows if (id_ := _series_of(row))))
        answers = yield from self.read(series)
        items = [self.item(row, scope, text(row, "id")) for row in single]
        gone = []
        for id_, answer in zip(series, answers, strict=True):
            if is_gone(answer):
                gone.append(id_)
            else:
                items.append(self.item(answered(answer), scope, id_))
        return items, gone

    def path(self, id_: str) -> str:
        """Return the path of an event."""
        return f"{self.base}/events/{quoted(id_)}"

    def reading(self, id_: str) -> Ask:
        """Return the ask for an event, with what is not as its rule says."""
        return Ask("GET", f"{self.path(id_)}?{_WHOLE}")

    def read(self, ids: Sequence[str]) -> Asking[list[Answer]]:
        """Return what is said of each id; the changed occurrences of a series may go on on further pages."""
        answers = yield from super().read(ids)
        links = {
            at: self.wire.path_of(link)
            for at, answer in enumerate(answers)
            if answer.fault is None and (link := text(answer.body, f"{_CHANGED}@odata.nextLink"))
        }
        if links:
            listings = yield from read_listings(self.wire, list(links.values()))
            for at, rows in zip(links, listings, strict=True):
                body = answers[at].body
                answers[at] = attrs.evolve(answers[at], body={**body, _CHANGED: [*objects(body, _CHANGED), *rows]})
        return answers

    def item(self, data: Json, scope: Scope, id_: str) -> Item[Event]:
        """Return an event, or a whole series, as an item."""
        members = Membership(scope.name)
        found = read_item(EVENTS, data, member=lambda event: members.holds(event.categories))
        record = with_occurrences(data) if data.get(_CHANGED) else found.record
        return attrs.evolve(found, id=id_ or found.id, record=record)

    def searching(self, terms: Sequence[Term], scope: Scope) -> Asking[Sequence[Item[Event]]]:
        """Return the events of the calendar that any of the terms fits."""
        if other := next((term.field for term in terms if term.field != "subject"), ""):
            raise SettingsError("events are not searched by this", where=other, remedy="subject")
        wanted = [fitting("subject eq {}", term.value) for term in terms]
        paths = [f"{self._calendar}/events?$filter={one}&$select={_SELECTED}" for one in wanted]
        listings = yield from read_listings(self.wire, paths)
        items, _ = yield from self.filled([row for rows in listings for row in rows], scope)
        return items

    # --- writing -----------------------------------------------------------------------------------------------------

    def home(self, scope: Scope) -> str:  # noqa: ARG002 -- the kind's
        """Return the path of the calendar."""
        return f"{self._calendar}/events"

    def made(self, write: Create[Event], scope: Scope) -> Body:
        """Return the body of a create, with its token."""
        categories = Membership(scope.name).placed(write.record.categories, member=write.member)
        return {**EVENTS.create(attrs.evolve(write.record, categories=categories)), "transactionId": write.token}

    def must_see(self, write: Update) -> bool:
        """Tell whether the present times or categories are needed."""
        return bool(_TIMES & write.fields.keys()) or super().must_see(write)

    def patched(self, write: Update, present: Event | None, scope: Scope) -> Body:
        """Return the body of an update; exceptions are written afterwards."""
        before = present or Event()
        fields = Membership(scope.name).written(write, before.categories)
        return EVENTS.patch(before, {name: value for name, value in fields.items() if name != "exceptions"})

    def wanted(self, write: Create[Event] | Update, present: Event | None) -> object:
        """Return which exceptions the series is to have, None where they are left alone.

        Raises InputError where an occurrence would have to be brought back, and for one with a start or an end alone.
        """
        if isinstance(write, Create):
            require_ends(write.record.exceptions)
            return write.record.exceptions or None
        if not _TIMES & write.fields.keys():
            return None
        kept = () if present is None else present.exceptions
        exceptions = cast("tuple[OccurrenceChange, ...]", write.fields.get("exceptions", kept))
        require_ends(exceptions)
        if present is not None and not _MOVING & write.fields.keys():
            occurrence_writes(present, attrs.evolve(present, exceptions=exceptions))  # refuses what can't be written
        return exceptions if exceptions or kept else None

    def settled(self, done: Sequence[Done], scope: Scope) -> Asking[Sequence[Item[Event] | None]]:
        """Return what stands there; a series is read whole, and its occurrences are written first."""
        items: list[Item[Event] | None] = []
        for one in done:
            item = self.item(one.answer, scope, "")
            if item.record.recurrence is None:
                items.append(item)
                continue
            wanted = cast("tuple[OccurrenceChange, ...] | None", one.wanted)
            items.append((yield from self._series(item, wanted, scope)))
        return items

    def _series(
        self, written: Item[Event], wanted: tuple[OccurrenceChange, ...] | None, scope: Scope
    ) -> Asking[Item[Event] | None]:
        """Return a series after its occurrences were written; None where it is not as it was answered or wanted."""
        item = yield from self._read_item(written.id, scope)
        if wanted is not None:
            writes = occurrence_writes(item.record, attrs.evolve(item.record, exceptions=wanted))
            if not (yield from self._occurrences(written.id, item.record, writes)):
                return None
            if writes:
                item = yield from self._read_item(written.id, scope)
        same = attrs.evolve(item.record, exceptions=()) == attrs.evolve(written.record, exceptions=())
        return item if same else None

    def _read_item(self, id_: str, scope: Scope) -> Asking[Item[Event]]:
        (answer,) = yield from self.read([id_])
        return self.item(answered(answer), scope, id_)

    def _occurrences(self, id_: str, series: Event, writes: Sequence[OccurrenceWrite]) -> Asking[bool]:
        """Write occurrences; return whether all of them are now as they are wanted."""
        windows = [_around(write.original) for write in writes]
        listed = [f"{self.path(id_)}/instances?startDateTime={low}&endDateTime={high}" for low, high in windows]
        select = "$select=id,type,start,originalStart,originalStartTimeZone,isAllDay"
        found = yield from ask_all([Ask("GET", f"{path}&{select}") for path in listed])
        asks, missing = [], False
        for write, answer in zip(writes, found, strict=True):
            rows = answered(answer).get("value")
            there = [row for row in rows if _takes_place(row, write.original, series)] if isinstance(rows, list) else []
            missing = missing or (not there and write.body is not None)
            for row in there[:1]:
                path = self.path(text(row, "id"))
                asks.append(Ask("DELETE", path) if write.body is None else Ask("PATCH", path, write.body))
        answers = yield from ask_all(asks)
        return not missing and all(answer.fault is None for answer in answers)

    def repeated(self, write: Create[Event], scope: Scope) -> Asking[Json | None]:  # noqa: ARG002 -- the kind's
        """Return the event that was made under the same token, where the service only says that there is one."""
        if write.record.start is None:
            return None
        low, high = _around(write.record.start)
        fits = quote(f"start/dateTime ge '{low}' and start/dateTime lt '{high}'", safe="")
        rows = yield from read_rows(self.wire, f"{self._calendar}/events?$filter={fits}&$select={_SELECTED}")
        return next((row for row in rows if text(row, "transactionId") == write.token), None)


def _series_of(row: Json) -> str:
    """Return the id of the series that a row is, or is a part of; empty for a single event."""
    kind = text(row, "type").casefold()
    if kind in _PARTS:
        return text(row, "seriesMasterId")
    return text(row, "id") if kind == "seriesmaster" or row.get("recurrence") else ""


def _bounds(window: Window) -> tuple[str, str]:
    """Return the moments between which the days of a window lie."""
    first, after = (datetime.combine(day, time.min) for day in (window.first, window.last + _ONE_DAY))
    return _moment(WallTime(first, window.zone)), _moment(WallTime(after, window.zone))


def _moment(at: WallTime) -> str:
    return at.instant().utc.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _around(start: Start) -> tuple[str, str]:
    """Return two moments well before and after the day of a start, whatever its zone."""
    day = day_of(start)
    return _moment(WallTime(datetime.combine(day - 2 * _ONE_DAY, time.min), "UTC")), _moment(
        WallTime(datetime.combine(day + 3 * _ONE_DAY, time.min), "UTC")
    )


def _takes_place(row: Json, original: Start, series: Event) -> bool:
    """Tell whether an instance is the one that the rule puts on the day of ``original``."""
    slot = instant(row, "originalStart")
    if slot is None:
        return False
    day = slot_day(original, series)
    zone = series.start.zone if isinstance(series.start, WallTime) else text(row, "originalStartTimeZone")
    if isinstance(series.start, date) and slot.time() == time.min:
        return slot.date() == day
    known = zone if zone and is_known_zone(zone) else "UTC"
    return Instant(slot).in_zone(known).local.date() == day
