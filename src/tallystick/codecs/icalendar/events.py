"""Provide events in calendar files: VEVENT to Outlook's event and back.

===================  ==================================================================================================
in the record        in the file
===================  ==================================================================================================
subject, location    SUMMARY, LOCATION
start, end           DTSTART; DTEND, or DURATION, or the same moment, or the day after
recurrence           the one RRULE: as a pattern where one has the same dates, as a rule otherwise
exceptions           EXDATE, and overrides: their times where they are others, SUMMARY and LOCATION where they differ
body                 DESCRIPTION, plain; X-ALT-DESC goes when it changes
sensitivity          CLASS
importance           X-MICROSOFT-CDO-IMPORTANCE or PRIORITY (1 to 4 high, 6 to 9 low)
show_as              X-MICROSOFT-CDO-BUSYSTATUS, or TRANSP and STATUS
reminder_minutes     the first alarm that is shown or sounded a time before the start
attendees            ATTENDEE: CN, PARTSTAT, ROLE, CUTYPE
organizer            ORGANIZER; ``is_organizer`` where it is the ``owner`` of the calendar, or nobody was named
is_cancelled         STATUS:CANCELLED
categories, uid      CATEGORIES, UID
===================  ==================================================================================================

Further RRULEs, EXRULE, RDATE and RANGE are in no record: they are declared, and stay.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

import attrs

from tallystick.codecs.document import Shape
from tallystick.codecs.icalendar.alarms import read_reminder, reminder_properties
from tallystick.codecs.icalendar.codec import IcsCodec
from tallystick.codecs.icalendar.component import Component, Properties
from tallystick.codecs.icalendar.event_words import (
    SAME_IN_OTHER_WORDS,
    attendee_property,
    read_attendee,
    read_importance,
    read_sensitivity,
    read_show_as,
    word_properties,
)
from tallystick.codecs.icalendar.forms import ComponentSet, NotExpressed, Said, Written
from tallystick.codecs.icalendar.lines import Property
from tallystick.codecs.icalendar.series import (
    is_cancelled,
    not_expressed,
    overridden,
    read_series,
    recurrence_id,
    series_properties,
)
from tallystick.codecs.icalendar.times import read_start, start_property
from tallystick.codecs.icalendar.users import CalendarUser, read_user, user_property
from tallystick.codecs.icalendar.values import (
    Duration,
    parse_duration,
    read_text,
    read_texts,
    text_property,
    texts_property,
)
from tallystick.codecs.icalendar.zones import CalendarZones
from tallystick.codecs.shapes import EVENT
from tallystick.errors import InputError, TallystickError
from tallystick.records import BodyType, EmailAddress, Event, OccurrenceChange, ShowAs
from tallystick.recurrence import (
    Cancelled,
    Changed,
    Exact,
    InvalidRecurrence,
    NotExpressible,
    Recurrence,
    RecurrenceRule,
    Series,
    Start,
    WallTime,
    is_known_zone,
    same_zone,
    to_pattern,
    to_rrule,
)
from tallystick.recurrence.series import originals_of
from tallystick.recurrence.slots import moment_of, wall_start
from tallystick.recurrence.times import day_of
from tallystick.recurrence.zones import NO_ALIASES
from tallystick.text import fold_address


def event_ics(
    *, owner: str = "", encoding: str | None = None, aliases: Mapping[str, str] = NO_ALIASES
) -> IcsCodec[Event]:
    """Return the codec of events in calendar files.

    ``owner`` is the mail address of whose calendar it is, ``encoding`` the file's, where it is not UTF-8, and
    ``aliases`` the names of zones by TZID, where a file does not explain its own.
    """
    return IcsCodec(EventForm(owner), encoding, aliases)


@attrs.frozen
class EventForm:
    """How an event is said by components."""

    owner: str = ""
    component: str = "VEVENT"
    stale: Mapping[str, tuple[str, ...]] = attrs.field(default=SAME_IN_OTHER_WORDS, repr=False)
    units: tuple[tuple[str, ...], ...] = (("DTSTART", "DTEND"),)
    shape: Shape[Event] = attrs.field(default=EVENT, repr=False)

    def read(self, found: ComponentSet, zones: CalendarZones) -> tuple[Event, tuple[str, ...]]:
        """Return the event, and its categories as its lists. Raises InputError, naming the line."""
        main = found.main
        start, end = _span(main, zones)
        recurrence, exceptions = _recurrence(found, zones) if found.master and start is not None else (None, ())
        organizer = main.first("ORGANIZER")
        organized_by = read_user(organizer) if organizer else None
        categories = read_texts(main.lines("CATEGORIES"))
        reminder = read_reminder(main)
        event = Event(
            subject=read_text(main.first("SUMMARY")),
            start=start,
            end=end,
            recurrence=recurrence,
            exceptions=exceptions,
            body=read_text(main.first("DESCRIPTION")),
            location=read_text(main.first("LOCATION")),
            sensitivity=read_sensitivity(main),
            importance=read_importance(main),
            show_as=read_show_as(main),
            reminder_minutes=None if reminder is None else reminder // 60,
            attendees=tuple(one for line in main.lines("ATTENDEE") if (one := read_attendee(line))),
            organizer=EmailAddress(organized_by.address, organized_by.name) if organized_by else None,
            is_organizer=organized_by is None or self._is_owner(organized_by.address),
            is_cancelled=is_cancelled(main),
            categories=categories,
            uid=read_text(main.first("UID")).strip(),
        )
        return event, categories

    def write(self, record: Event, lists: Sequence[str], zones: CalendarZones) -> Written:
        """Return what an event says. Raises InputError for what iCalendar cannot say."""
        series, end = _series(record)
        properties: dict[str, tuple[Property, ...]] = {
            "SUMMARY": text_property("SUMMARY", record.subject),
            **_span_properties(series.start if series else None, end, zones),
            **(series_properties(series, zones) if series and series.rules else {}),
            "LOCATION": text_property("LOCATION", record.location),
            "DESCRIPTION": text_property("DESCRIPTION", record.body),
            **word_properties(record.sensitivity, record.importance, record.show_as),
            "STATUS": _status(record),
            "CATEGORIES": texts_property("CATEGORIES", tuple(lists)),
            "ORGANIZER": _organizer(record.organizer),
            "ATTENDEE": tuple(map(attendee_property, record.attendees)),
        }
        minutes = record.reminder_minutes
        alarm = reminder_properties(None if minutes is None else minutes * 60)
        overrides = dict(_overrides(record, series, zones)) if series and series.rules else {}
        return Written(Said(properties, alarm), overrides)

    def not_expressed(self, found: ComponentSet) -> tuple[NotExpressed, ...]:
        """Return the rules and dates that an event's one rule cannot say."""
        master = found.master
        lines = [*master.lines("RRULE")[1:], *master.lines("EXRULE"), *master.lines("RDATE")] if master else []
        ranges = (one for one in not_expressed(found) if one.name == "RECURRENCE-ID")
        return (*(NotExpressed(line.name, line.line) for line in lines), *ranges)

    def refusal(self, record: Event) -> str:
        """Refuse what has no start, ends before it, is formatted, or begins in an hour that the clock shows twice.

        A pattern has to begin on the day of the start: otherwise nobody could tell which of both moves the series. An
        occurrence that takes place at another time has to say when that ends.
        """
        if record.start is None:
            return "missing:start"
        if record.body_type is BodyType.HTML and record.body:
            return "html:body"
        changes = [one for change in record.exceptions for one in (change.original, change.start, change.end)]
        starts = [one for one in (record.start, record.end, *changes) if isinstance(one, WallTime)]
        if any(one.local.fold for one in starts):
            return "repeated_hour:start"
        if isinstance(record.recurrence, Recurrence) and not _begins_on(record.start, record.recurrence):
            return "invalid:recurrence"
        if any((one.start is None) is not (one.end is None) for one in record.exceptions):
            return "invalid:exceptions"
        return "" if record.end is None or _is_before(record.start, record.end) else "invalid:end"

    def _is_owner(self, address: str) -> bool:
        return bool(self.owner) and fold_address(address) == fold_address(self.owner)


# --- reading ---------------------------------------------------------------------------------------------------------


def _span(component: Component, zones: CalendarZones) -> tuple[Start | None, Start | None]:
    """Return when a component begins and ends; an end of days is exclusive."""
    line, end, duration = (component.first(name) for name in ("DTSTART", "DTEND", "DURATION"))
    if line is None:
        return None, None
    start = read_start(line, zones)
    if end is not None:
        return start, read_start(end, zones)
    lasting = Duration(1 if isinstance(start, date) else 0) if duration is None else parse_duration(duration)
    try:
        return start, lasting.after(start)
    except InputError as error:
        raise InputError(error.what, where=(duration or line).where(), remedy=error.remedy) from None


def _recurrence(
    found: ComponentSet, zones: CalendarZones
) -> tuple[Recurrence | RecurrenceRule | None, tuple[OccurrenceChange, ...]]:
    series = read_series(found, zones)
    if not series.rules:
        return None, ()
    rule, master = series.rules[0], found.main
    components = {exception.original: one for exception, one in overridden(found, zones)}
    changes = []
    for exception in series.exceptions:
        if isinstance(exception, Cancelled):
            changes.append(OccurrenceChange(exception.original, cancelled=True))
        else:
            component = components[exception.original]
            times = _other_times(component, master, zones, moved=not isinstance(exception, Changed))
            words = (_other_text(component, master, name) for name in ("SUMMARY", "LOCATION"))
            changes.append(OccurrenceChange(exception.original, False, *times, *words))  # noqa: FBT003 -- cancelled
    return _as_pattern(series.start, rule), tuple(changes)


def _as_pattern(start: Start, rule: Recurrence | RecurrenceRule) -> Recurrence | RecurrenceRule:
    """Return the pattern with the dates of a rule; the rule itself where there is none, or none from that start on."""
    try:
        translated = to_pattern(Series.of(start, rule))
    except TallystickError:
        return rule
    return translated.value.rules[0] if isinstance(translated, Exact) and translated.value.start == start else rule


def _other_times(
    component: Component, master: Component, zones: CalendarZones, *, moved: bool
) -> tuple[Start | None, Start | None]:
    start, end = _span(component, zones)
    usual_start, usual_end = _span(master, zones)
    if start is None or end is None or usual_start is None or usual_end is None:
        return None, None
    lasts_otherwise = moment_of(end) - moment_of(start) != moment_of(usual_end) - moment_of(usual_start)
    return (start, end) if moved or lasts_otherwise else (None, None)


def _other_text(component: Component, master: Component, name: str) -> str | None:
    text = read_text(component.first(name))
    return None if text == read_text(master.first(name)) else text


# --- writing ---------------------------------------------------------------------------------------------------------


def _series(event: Event) -> tuple[Series | None, Start | None]:
    """Return when an event takes place, as rules, and when its first occurrence ends."""
    if event.start is None:
        return None, None
    if event.recurrence is None:
        return Series(event.start), event.end
    cancelled = (Cancelled(change.original) for change in event.exceptions if change.cancelled)
    series = Series(event.start, (event.recurrence,), exceptions=tuple(cancelled))
    if isinstance(event.recurrence, Recurrence):
        translated = to_rrule(series)
        if isinstance(translated, NotExpressible):
            raise InvalidRecurrence(str(translated.reasons[0]), where="RRULE", remedy="give it a rule with occurrences")
        series = translated.value
    return series, event.end if event.end is None else _later(event.end, _days_between(event.start, series.start))


def _span_properties(start: Start | None, end: Start | None, zones: CalendarZones) -> Properties:
    given = (("DTSTART", start), ("DTEND", end))
    return {name: (start_property(name, one, zones),) if one is not None else () for name, one in given}


def _overrides(event: Event, series: Series, zones: CalendarZones) -> Iterator[tuple[str, Said]]:
    for change in event.exceptions:
        if change.cancelled:
            continue
        original = originals_of(change.original, series)[0]
        end = change.end
        if end is None and event.start is not None and event.end is not None:
            first, last, now = (_on_clock(one, series.start) for one in (event.start, event.end, original))
            end = _later(last, day_of(now) - day_of(first))
        key = recurrence_id(original, zones)
        yield (
            key.value,
            Said(
                {
                    "RECURRENCE-ID": (key,),
                    **({"STATUS": _status(event)} if event.is_cancelled else {}),
                    **_span_properties(change.start or original, end, zones),
                    "SUMMARY": text_property("SUMMARY", event.subject if change.subject is None else change.subject),
                    "LOCATION": text_property(
                        "LOCATION", event.location if change.location is None else change.location
                    ),
                }
            ),
        )


def _status(event: Event) -> tuple[Property, ...]:
    if event.is_cancelled:
        return (Property("STATUS", "CANCELLED"),)
    return (Property("STATUS", "TENTATIVE"),) if event.show_as is ShowAs.TENTATIVE else ()


def _organizer(organizer: EmailAddress | None) -> tuple[Property, ...]:
    if organizer is None or not organizer.address:
        return ()
    return (user_property("ORGANIZER", CalendarUser(organizer.address, organizer.name)),)


def _days_between(start: Start, later: Start) -> timedelta:
    """Return how many days later another start is, by the clocks of the first."""
    if isinstance(start, WallTime) and isinstance(later, WallTime) and start.zone is not None:
        later = later.in_zone(start.zone)
    return day_of(later) - day_of(start)


def _on_clock(at: Start, like: Start) -> Start:
    """Return a time as the zone of another shows it."""
    if not isinstance(at, WallTime) or not isinstance(like, WallTime) or at.zone is None or like.zone is None:
        return at
    return at if same_zone(at.zone, like.zone) else at.in_zone(like.zone)


def _later(start: Start, days: timedelta) -> Start:
    return Duration(days.days).after(start)


def _begins_on(start: Start, recurrence: Recurrence) -> bool:
    if isinstance(start, WallTime) and start.zone is not None and not is_known_zone(start.zone):
        return True  # what is wrong with it is said when it is written
    return day_of(wall_start(start, recurrence)) == recurrence.range.start


def _is_before(start: Start, end: Start) -> bool:
    """Tell whether both are of one kind, and the end is not before the start; days take one day at least."""
    if isinstance(start, WallTime) and isinstance(end, WallTime):
        if (start.zone is None) is not (end.zone is None):
            return False
        return moment_of(start) <= moment_of(end)
    return isinstance(start, date) and isinstance(end, date) and start < end
