"""Provide the simulated calendar: single events and series, their occurrences, and the view of some days.

===========================  ======================================================================================
times                        are kept and shown in UTC; whole days stay midnights
originalStartTimeZone        the zone that an event was made in, in Windows' words, whatever it was given in
recurrence                   comes back with every field filled in; one in another zone than its start is refused, and
                             so is a new start of a series without it
uid                          is made here, also where one is given
body                         a text comes back as HTML, if the mailbox is one of those
location                     is shown among ``locations``, too
an occurrence                is an object of its own, which knows its series; one that was deleted leaves a trace in
                             ``cancelledOccurrences`` alone. New times of a series drop what was changed of them
the view's feed              shows what of an event lies in its days; what does not is named as if it were deleted
transactionId                a create that comes again under it makes no second event
===========================  ======================================================================================
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import attrs

from tallystick.codecs.graph import EVENTS, occurrence_writes, with_occurrences
from tallystick.codecs.graph.occurrences import slot_day
from tallystick.codecs.graph.values import date_time
from tallystick.errors import TallystickError
from tallystick.ports import Clock
from tallystick.records import Event
from tallystick.records.occurring import times_of_event
from tallystick.recurrence import Start, WallTime, Window, expand, windows_zone
from tallystick.recurrence.times import day_of
from tallystick.rich_text import as_html, plain_text
from tallystick.testing.graph.drawer import Drawer, Row, as_body, as_rows
from tallystick.testing.graph.exchange import Body, GraphQuirks, Refused, Request, Response
from tallystick.testing.graph.listings import Entry, Feed, listing, removed, selected
from tallystick.testing.graph.person import Hands

HOME: Final = "AAMkCalendar="
_DEFAULTS: Final[Mapping[str, object]] = {
    "subject": None,
    "body": {"contentType": "text", "content": ""},
    "isAllDay": False,
    "location": {"displayName": ""},
    "sensitivity": "normal",
    "importance": "normal",
    "showAs": "busy",
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "attendees": [],
    "categories": [],
    "recurrence": None,
    "transactionId": None,
    "hasAttachments": False,
    "isCancelled": False,
    "isDraft": False,
    "isOrganizer": True,
    "isOnlineMeeting": False,
    "seriesMasterId": None,
    "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
}
_WRITABLE: Final = frozenset(
    """subject body start end isAllDay location sensitivity importance showAs isReminderOn reminderMinutesBeforeStart
    attendees categories recurrence transactionId""".split()  # noqa: SIM905 -- a list of them fills a screen
)
_PATTERN: Final = {"month": 0, "dayOfMonth": 0, "daysOfWeek": [], "firstDayOfWeek": "sunday", "index": "first"}
_ONE_DAY: Final = timedelta(days=1)


class Calendar(Hands[Event]):
    """The calendar of a mailbox. A person edits events through :class:`Hands`, and occurrences by their day."""

    def __init__(self, clock: Clock, quirks: GraphQuirks, user: str) -> None:
        self.drawer: Drawer = Drawer(clock)
        self._quirks, self._user = quirks, user
        self._changes: dict[str, dict[date, Body | None]] = {}
        self._uids = 0
        super().__init__(EVENTS, self.drawer, HOME)

    # --- what a person does ------------------------------------------------------------------------------------------

    def insert(self, record: Event, *, folder: str | None = None) -> str:
        """Add an event, or a series with all of its exceptions, and return its id."""
        id_ = super().insert(record, folder=folder)
        self._except(id_, record)
        return id_

    def edit(self, id_: str, **fields: object) -> None:
        """Set fields of an event."""
        wanted = attrs.evolve(self.record(id_), **fields)  # type: ignore[arg-type]  # fields of an event
        super().edit(id_, **{name: value for name, value in fields.items() if name != "exceptions"})
        self._except(id_, wanted)

    def record(self, id_: str) -> Event:
        """Return an event as it is now, with all that is not as its rule says."""
        return with_occurrences(self._whole(self.drawer.find(id_)))

    def _except(self, id_: str, wanted: Event) -> None:
        row = self.drawer.find(id_)
        for write in occurrence_writes(self.record(id_), wanted):
            self._change_occurrence(row, slot_day(write.original, wanted), write.body)

    # --- what clients ask --------------------------------------------------------------------------------------------

    def respond_view(self, request: Request, rest: Sequence[str]) -> Response:
        """Answer a request for the view of some days."""
        if request.method == "GET" and list(rest) == ["delta"]:
            return Feed(self.drawer, HOME, self._told, self._quirks).answer(request)
        raise Refused(405, "ErrorMethodNotAllowed")

    def respond(self, request: Request, rest: Sequence[str]) -> Response:
        """Answer a request below the events."""
        match request.method, *rest:
            case ("GET",):
                return listing(request, self.drawer.within(HOME), self.drawer.shown, self._quirks)
            case ("POST",):
                return Response(201, self.drawer.shown(self._created(as_body(request.body))))
            case "GET", str(id_), "instances":
                low, high = _asked(request.query)
                shown = list(self._instances(self.drawer.find(id_), low, high))
                select = request.query.get("$select", "")
                return Response(200, {"value": [selected(body, select) for body in shown]})
            case "GET", str(id_), "exceptionOccurrences":
                parts = self._whole(self.drawer.find(id_))["exceptionOccurrences"]
                return Response(200, self._page(request, "value", parts, int(request.query.get("$skip", "0"))))
            case method, str(id_) if id_.startswith("OID."):
                return self._occurrence(method, request, id_)
            case method, str(id_):
                return self._one(method, request, self.drawer.find(id_))
        raise Refused(405, "ErrorMethodNotAllowed")

    def _created(self, body: Body) -> Row:
        token = body.get("transactionId")
        known = [row for row in self.drawer.rows.values() if token and row.body["transactionId"] == token]
        if known and self._quirks.repeated_transaction == "conflict":
            raise Refused(409, "ErrorDuplicateTransactionId")
        return known[0] if known else self.create(HOME, body)

    def _one(self, method: str, request: Request, row: Row) -> Response:
        if method == "GET":
            whole = self._whole(row)
            parts, shown = whole.pop("exceptionOccurrences"), selected(whole, request.query.get("$select", ""))
            if "exceptionOccurrences" in request.query.get("$expand", ""):
                shown = {**shown, **self._page(request, "exceptionOccurrences", parts, 0)}
            return Response(200, shown)
        self.drawer.require(row, request.header("If-Match"))
        if method == "PATCH":
            self.change(row, as_body(request.body))
            return Response(200, self.drawer.shown(row))
        self.drawer.drop(row)
        return Response(204)

    def _page(self, request: Request, name: str, parts: object, start: int) -> Body:
        """Return a page of a series' changed occurrences under a name, with the link to the next one."""
        rows, end = as_rows(parts), start + self._quirks.page_size
        if end >= len(rows):
            return {name: rows[start:]}
        path = "/".join(request.path).removesuffix("/exceptionOccurrences")
        link = f"{request.root}/{path}/exceptionOccurrences?$skip={end}"
        return {name: rows[start:end], f"{name.removesuffix('value')}@odata.nextLink": link}

    def _occurrence(self, method: str, request: Request, id_: str) -> Response:
        row = self.drawer.find(id_.removeprefix("OID.").rpartition(".")[0])
        day = date.fromisoformat(id_.rpartition(".")[2])
        shown = self._on(row, day)
        if shown is None or shown["id"] != id_:
            raise Refused(404, "ErrorItemNotFound")
        if method != "GET":
            self._change_occurrence(row, day, as_body(request.body) if method == "PATCH" else None)
        return Response(204) if method == "DELETE" else Response(200, self._on(row, day))

    def _on(self, row: Row, day: date) -> Body | None:
        """Return the occurrence that the rule puts on a day."""
        return next(self._instances(row, days=[day]), None)

    def _told(self, entry: Entry, options: Mapping[str, str]) -> Sequence[Body]:
        if not isinstance(entry, Row):
            return removed(entry.id)
        low, high = _asked(options)
        if not entry.body["recurrence"]:
            inside = _overlaps(entry.body, low, high)
            return [self.drawer.shown(entry)] if inside else removed(entry.id)
        parts = list(self._instances(entry, low, high))
        cancelled = [day for day, change in self._changes.get(entry.id, {}).items() if change is None]
        gone = [body for day in cancelled for body in removed(f"OID.{entry.id}.{day}")]
        return [*parts, *gone, self.drawer.shown(entry)] if parts else [*removed(entry.id), *gone]

    # --- what becomes of them ----------------------------------------------------------------------------------------

    def create(self, folder: str, body: Body) -> Row:
        """Make an event of a request's body, as the service keeps it."""
        self._uids += 1
        uid = f"040000008200E00074C5B7101A82E008{self._uids:032X}"
        organizer = {"emailAddress": {"name": "", "address": self._user}}
        return self.drawer.add(folder, self._settled({**_DEFAULTS, "iCalUId": uid, "organizer": organizer}, body))

    def change(self, row: Row, body: Body) -> None:
        """Set properties of an event."""
        before = (row.body["start"], row.body["end"], row.body["recurrence"])
        row.body = self._settled(row.body, body)
        if (row.body["start"], row.body["end"], row.body["recurrence"]) != before:
            self._changes.pop(row.id, None)
        self.drawer.touch(row, changed=frozenset(body))

    def _change_occurrence(self, row: Row, day: date, body: Body | None) -> None:
        changes = self._changes.setdefault(row.id, {})
        if body is None:
            changes[day] = None
        else:
            given = {key: value for key, value in body.items() if key in _WRITABLE}
            for key in ("start", "end"):
                if key in given:
                    given[key] = _in_utc(given[key], all_day=bool(row.body["isAllDay"]))
            changes[day] = {**(changes.get(day) or {}), **given}
        self.drawer.touch(row)

    def _settled(self, before: Mapping[str, object], given: Body) -> Body:
        """Return the whole event that a write makes, or refuse it."""
        after: Body = {**before, **{key: value for key, value in given.items() if key in _WRITABLE}}
        if "start" not in after or "end" not in after:
            raise Refused(400, "ErrorInvalidRequest")
        for key, name in (("start", "originalStartTimeZone"), ("end", "originalEndTimeZone")):
            if key in given:
                after[name] = _windows(as_body(given[key]).get("timeZone"))
                after[key] = _in_utc(given[key], all_day=bool(after["isAllDay"]))
        if after["recurrence"]:
            if not _has_one_zone(given, str(after["originalStartTimeZone"])):
                raise Refused(400, "ErrorPropertyValidationFailure")
            after["recurrence"] = _echoed(as_body(after["recurrence"]), str(after["originalStartTimeZone"]))
        after["type"] = "seriesMaster" if after["recurrence"] else "singleInstance"
        body = as_body(after["body"] or {"contentType": "text", "content": ""})
        if self._quirks.html_bodies and body.get("contentType") == "text" and body.get("content"):
            body = {"contentType": "html", "content": f"<html><body>{as_html(str(body['content']))}</body></html>"}
        after["body"] = body
        after["bodyPreview"] = plain_text(str(body.get("content") or ""))[:255]
        place = {"locationType": "default", **as_body(after["location"] or {"displayName": ""})}
        after["location"], after["locations"] = place, [place] if place.get("displayName") else []
        after["attendees"] = [_attendee(one) for one in as_rows(after["attendees"])]
        try:
            record = EVENTS.read(after)
            times = times_of_event(record)
            if times is not None:
                times.series()
        except TallystickError:
            raise Refused(400, "ErrorPropertyValidationFailure") from None
        return after

    def _whole(self, row: Row) -> Body:
        """Return an event with what only ``$select`` and ``$expand`` show of a series."""
        changes = self._changes.get(row.id, {})
        cancelled = [f"OID.{row.id}.{day}" for day, change in sorted(changes.items()) if change is None]
        parts = list(self._instances(row, days=[day for day, change in changes.items() if change is not None]))
        return {**self.drawer.shown(row), "cancelledOccurrences": cancelled, "exceptionOccurrences": parts}

    def _instances(
        self, row: Row, low: datetime | None = None, high: datetime | None = None, *, days: Sequence[date] = ()
    ) -> Iterator[Body]:
        """Yield the occurrences of a series that lie between two moments, or that the rule puts on some days."""
        record = EVENTS.read(row.body)
        times = times_of_event(record)
        if times is None or times.rule is None or (low is None and not days):
            return
        changes = self._changes.get(row.id, {})
        if low is None or high is None:
            window = Window(min(days) - _ONE_DAY, max(days) + 2 * _ONE_DAY)
        else:
            window = Window(low.date() - 2 * _ONE_DAY, high.date() + 3 * _ONE_DAY)
        for one in expand(times.series(), window, lasting=times.lasting):
            day = day_of(one.original)
            change = changes.get(day, {})
            if change is None:
                continue
            body = self._instance(row, one.start, times.lasting, day, change)
            if day in days if low is None or high is None else _overlaps(body, low, high):
                yield body

    def _instance(self, row: Row, start: Start, lasting: timedelta, day: date, change: Body) -> Body:
        end: Start = start + lasting if isinstance(start, date) else WallTime(start.local + lasting, start.zone)
        planned = {"start": _shown(start), "end": _shown(end)}
        slot = planned["start"]["dateTime"]
        own = {
            "id": f"OID.{row.id}.{day}",
            "type": "exception" if change else "occurrence",
            "seriesMasterId": row.id,
            "recurrence": None,
            "iCalUId": f"{row.body['iCalUId']}-{day}",
            "originalStart": f"{slot[:19]}Z",
        }
        return {**self.drawer.shown(row), **planned, **change, **own}


def _asked(options: Mapping[str, str]) -> tuple[datetime, datetime]:
    try:
        low, high = (datetime.fromisoformat(options[key]) for key in ("startDateTime", "endDateTime"))
    except (KeyError, ValueError):
        raise Refused(400, "ErrorInvalidParameter") from None
    return tuple(at if at.tzinfo else at.replace(tzinfo=UTC) for at in (low, high))  # type: ignore[return-value]  # two


def _overlaps(body: Body, low: datetime, high: datetime) -> bool:
    start, end = (_moment(body[key]) for key in ("start", "end"))
    return start < high and (end > low or start >= low)


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(as_body(value)["dateTime"])[:19]).replace(tzinfo=UTC)


def _in_utc(value: object, *, all_day: bool) -> Body:
    """Return a time as it is kept, or refuse one without a zone."""
    given = as_body(value)
    zone, said = given.get("timeZone"), given.get("dateTime")
    if not isinstance(zone, str) or not zone:
        raise Refused(400, "TimeZoneNotSupportedException")
    try:
        local = datetime.fromisoformat(str(said)[:26])
        if all_day:
            if local.time() != time.min:
                raise Refused(400, "ErrorInvalidRequest")
            return {"dateTime": date_time(local), "timeZone": "UTC"}
        return {"dateTime": date_time(WallTime(local, zone).instant().utc.replace(tzinfo=None)), "timeZone": "UTC"}
    except (ValueError, TallystickError):
        raise Refused(400, "ErrorInvalidRequest") from None


def _shown(start: Start) -> dict[str, str]:
    local = datetime.combine(start, time.min) if isinstance(start, date) else start.instant().utc.replace(tzinfo=None)
    return {"dateTime": date_time(local), "timeZone": "UTC"}


def _windows(zone: object) -> str:
    try:
        return windows_zone(str(zone))
    except TallystickError:
        return str(zone)


def _echoed(recurrence: Body, zone: str) -> Body:
    pattern, range_ = as_body(recurrence.get("pattern")), as_body(recurrence.get("range"))
    named = _windows(range_.get("recurrenceTimeZone") or zone)
    filled = {"endDate": "0001-01-01", "numberOfOccurrences": 0, **range_, "recurrenceTimeZone": named}
    return {"pattern": {**_PATTERN, **pattern}, "range": filled}


def _has_one_zone(given: Body, zone: str) -> bool:
    """Tell whether a write names one zone for a series: its start's, or that of the start it has."""
    if not given.get("recurrence"):
        return "start" not in given
    named = as_body(as_body(given["recurrence"]).get("range")).get("recurrenceTimeZone")
    return not named or _windows(named) == zone


def _attendee(given: Body) -> Body:
    status = {"response": "none", "time": "0001-01-01T00:00:00Z"}
    return {"type": "required", **given, "status": given.get("status") or status}
