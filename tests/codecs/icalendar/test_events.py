"""Events of calendar files are Outlook's events, and a change of one is a change of the properties that say it."""

from datetime import date
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codecs.icalendar import event_ics
from tallystick.errors import InputError, Unavailable
from tallystick.ports import Scope, Status, Term, Update, Window
from tallystick.providers.files import open_events, write_events
from tallystick.records import (
    Attendee,
    AttendeeType,
    BodyType,
    EmailAddress,
    Event,
    Importance,
    OccurrenceChange,
    Response,
    Sensitivity,
    ShowAs,
)
from tallystick.recurrence import (
    Numbered,
    Pattern,
    Range,
    Recurrence,
    RecurrenceRule,
    Start,
    WallTime,
    Weekday,
    canonical_recurrence,
    parse_rule,
)
from tests.codecs.icalendar.samples import APPLE, GOOGLE, OUTLOOK, SAMPLES, THUNDERBIRD
from tests.codecs.icalendar.strategies import ADDRESSES, TEXTS, WORDS, later
from tests.codecs.icalendar.test_reading import event, outlook_time
from tests.codecs.icalendar.test_writing import difference
from tests.recurrence.showing import at, day
from tests.recurrence.strategies import recurrences, starts

EVENTS = event_ics()


def only(data: bytes, owner: str = "") -> Event:
    """Return the one event of a calendar."""
    (row,) = event_ics(owner=owner).decode(data, "work.ics").rows
    return row.record


def edited(data: bytes, **changes: object) -> bytes:
    """Return a calendar whose first event was changed; what is read from it is what was written."""
    document = EVENTS.decode(data, "work.ics")
    row, *others = document.rows
    record = attrs.evolve(row.record, **changes)  # type: ignore[arg-type] # the names are those of its fields
    assert document.refusal(row, record, record.categories) == ""
    row = document.amend(row, record, record.categories)
    assert row.record == record
    written = document.encode([row, *others])
    assert EVENTS.decode(written, "again").rows[0].record == record
    return written


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_is_not_changed_is_written_as_it_was_read(name: str) -> None:
    """A calendar of any program is the same, byte for byte, when no event in it changed."""
    document = EVENTS.decode(SAMPLES[name], "work.ics")
    assert SAMPLES[name] == document.encode([document.amend(row, row.record, row.lists) for row in document.rows])


def test_a_series_of_outlook() -> None:
    """A weekly series is a pattern, and its exceptions are cancelled, moved and renamed occurrences."""
    assert only(OUTLOOK, "BOB@example.com") == Event(
        subject="A weekly meeting whose name is so long that Outlook has to fold it",
        start=outlook_time("2026-01-05 09:00"),
        end=outlook_time("2026-01-05 10:00"),
        recurrence=Recurrence(
            Pattern.weekly((Weekday.MONDAY,), first_day_of_week=Weekday.MONDAY),
            Range(day("2026-01-05"), Numbered(10), "W. Europe Standard Time"),
        ),
        exceptions=(
            OccurrenceChange(outlook_time("2026-01-12 09:00"), cancelled=True),
            OccurrenceChange(outlook_time("2026-01-19 09:00"), cancelled=True),
            OccurrenceChange(
                outlook_time("2026-01-26 09:00"),
                start=outlook_time("2026-01-26 11:00"),
                end=outlook_time("2026-01-26 12:00"),
                subject="A weekly meeting, later",
                location="",
            ),
        ),
        body="Please bring the figures.\n\n",
        location="Room 1, first floor",
        reminder_minutes=15,
        attendees=(Attendee(EmailAddress("ada@example.com", "Lovelace, Ada")),),
        organizer=EmailAddress("bob@example.com", "Bob"),
        is_organizer=True,
        uid="040000008200E00074C5B7101A82E008" + "0" * 56,
    )


def test_events_of_google_and_apple() -> None:
    """Days without time, answers of guests, a place of two lines, a duration instead of an end."""
    day_off, call = (row.record for row in EVENTS.decode(GOOGLE, "x").rows)
    assert (day_off.start, day_off.end) == (day("2026-07-04"), day("2026-07-05"))
    assert (day_off.show_as, day_off.is_all_day) == (ShowAs.FREE, True)
    assert [(one.type, one.response) for one in call.attendees] == [
        (AttendeeType.REQUIRED, Response.ACCEPTED),
        (AttendeeType.OPTIONAL, Response.NOT_RESPONDED),
    ]
    assert call.reminder_minutes == 30
    assert only(APPLE).location == "Café Zoë\nHauptstraße 1, Berlin"
    lasting = only(THUNDERBIRD)
    assert isinstance(lasting.end, WallTime)
    assert lasting.end.local == at("2026-01-10 13:30")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("CLASS:PUBLIC", "sensitivity", Sensitivity.NORMAL),
        ("CLASS:PRIVATE", "sensitivity", Sensitivity.PRIVATE),
        ("CLASS:CONFIDENTIAL", "sensitivity", Sensitivity.CONFIDENTIAL),
        ("CLASS:X-PERSONAL", "sensitivity", Sensitivity.PERSONAL),
        ("CLASS:X-SECRET", "sensitivity", Sensitivity.PRIVATE),
        ("PRIORITY:0", "importance", Importance.NORMAL),
        ("PRIORITY:1", "importance", Importance.HIGH),
        ("PRIORITY:9", "importance", Importance.LOW),
        ("X-MICROSOFT-CDO-IMPORTANCE:2", "importance", Importance.HIGH),
        ("TRANSP:TRANSPARENT", "show_as", ShowAs.FREE),
        ("TRANSP:OPAQUE", "show_as", ShowAs.BUSY),
        ("STATUS:TENTATIVE", "show_as", ShowAs.TENTATIVE),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "show_as", ShowAs.OUT_OF_OFFICE),
        ("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", "show_as", ShowAs.WORKING_ELSEWHERE),
        ("STATUS:CANCELLED", "is_cancelled", True),
        ("STATUS:CONFIRMED", "is_cancelled", False),
        ("ORGANIZER:mailto:someone@example.com", "is_organizer", False),
        (
            "ATTENDEE;CUTYPE=ROOM:mailto:r@example.com",
            "attendees",
            (Attendee(EmailAddress("r@example.com"), AttendeeType.RESOURCE),),
        ),
        ("ATTENDEE:urn:uuid:1", "attendees", ()),
        ("RRULE:FREQ=DAILY;BYHOUR=9,17", "recurrence", parse_rule("FREQ=DAILY;BYHOUR=9,17")),
    ],
)
def test_words(line: str, field: str, value: object) -> None:
    """What a property says is what the event has."""
    assert getattr(only(event("DTSTART:20260101T090000", line)), field) == value


@pytest.mark.parametrize(
    ("changes", "gone", "come"),
    [
        ({"sensitivity": Sensitivity.PRIVATE}, ["CLASS:PUBLIC"], ["CLASS:PRIVATE"]),
        ({"importance": Importance.HIGH}, ["PRIORITY:5", "X-MICROSOFT-CDO-IMPORTANCE:1"], ["PRIORITY:1"]),
        ({"show_as": ShowAs.OUT_OF_OFFICE}, ["X-MICROSOFT-CDO-BUSYSTATUS:BUSY"], ["X-MICROSOFT-CDO-BUSYSTATUS:OOF"]),
        ({"is_cancelled": True}, [], ["STATUS:CANCELLED", "STATUS:CANCELLED"]),  # the series and its override
        ({"reminder_minutes": 60}, ["TRIGGER:-PT15M"], ["TRIGGER:-PT1H"]),
        ({"categories": ("A", "B")}, [], ["CATEGORIES:A,B"]),
        (
            {"attendees": (Attendee(EmailAddress("ada@example.com", "Lovelace, Ada"), response=Response.ACCEPTED),)},
            ['ATTENDEE;CN="Lovelace, Ada";RSVP=TRUE:mailto:ada@example.com'],
            ['ATTENDEE;CN="Lovelace, Ada";PARTSTAT=ACCEPTED;RSVP=TRUE:mailto:ada@example.', " com"],
        ),
        (
            {"end": outlook_time("2026-01-05 11:00")},
            [
                'DTEND;TZID="W. Europe Standard Time":20260105T100000',
                'DTSTART;TZID="W. Europe Standard Time":20260105T090000',
            ],
            [
                "DTEND;TZID=W. Europe Standard Time:20260105T110000",
                "DTSTART;TZID=W. Europe Standard Time:20260105T090000",
            ],
        ),
    ],
)
def test_a_change_is_a_change_of_its_properties(changes: dict[str, object], gone: list[str], come: list[str]) -> None:
    """Each field has its property, and what says the same in other words goes when it changes."""
    assert difference(OUTLOOK, edited(OUTLOOK, **changes)) == [*(f"- {x}" for x in gone), *(f"+ {x}" for x in come)]


@pytest.mark.parametrize("word", ["CONFIRMED", "TENTATIVE"])
@pytest.mark.parametrize("shown", [ShowAs.BUSY, ShowAs.TENTATIVE, ShowAs.FREE])
def test_an_event_is_as_tentative_as_it_is_made(word: str, shown: ShowAs) -> None:
    """What is tentative by its status alone is made busy or free, and the other way round."""
    after = edited(event("DTSTART:20260101T090000", f"STATUS:{word}"), show_as=shown)
    assert only(after).show_as is shown


def test_an_invitation_to_one_occurrence_is_edited() -> None:
    """An occurrence whose series is not in the calendar is written like any event, and can't become a series."""
    data = event("RECURRENCE-ID:20260107T090000Z", "DTSTART:20260107T100000Z", "DTEND:20260107T110000Z", "SUMMARY:x")
    assert difference(data, edited(data, subject="y")) == ["- SUMMARY:x", "+ SUMMARY:y"]
    later = WallTime(at("2026-01-07 12:00"), "UTC")
    moved = only(edited(data, start=later, end=later))
    assert (moved.start, moved.end) == (later, later)
    document = EVENTS.decode(data, "work.ics")
    (row,) = document.rows
    series = attrs.evolve(row.record, recurrence=Recurrence(Pattern.daily(), Range(day("2026-01-07"))))
    assert document.refusal(row, series, ()) == "not_expressed:RECURRENCE-ID"


def test_an_occurrence_lasts_as_long_as_the_others_on_the_clock_of_the_series() -> None:
    """A series that goes by UTC, and begins in the night at home, has overrides of its own length, in summer, too."""
    mondays = Pattern.weekly([Weekday.MONDAY], first_day_of_week=Weekday.MONDAY)
    rule = Recurrence(mondays, Range(day("2026-03-02"), zone="UTC"))
    start, end = (WallTime(at(f"2026-03-03 0{hour}"), "Europe/Berlin") for hour in ("0:30", "1:00"))
    renamed = tuple(OccurrenceChange(day(one), subject="x") for one in ("2026-03-16", "2026-04-06"))
    blank = EVENTS.blank()
    record = Event(start=start, end=end, recurrence=rule, exceptions=renamed)
    written = blank.encode([blank.fresh("1", record, ())]).decode()
    for first, last in (("20260316T233000Z", "20260317T000000Z"), ("20260406T233000Z", "20260407T000000Z")):
        assert f"DTSTART:{first}\r\n" in written
        assert f"DTEND:{last}\r\n" in written


def test_an_end_that_rests_on_its_start() -> None:
    """A duration becomes an end when either time changes, so that the other one stays where it was."""
    start = WallTime(at("2026-01-10 11:00"), "/mozilla.org/20050126_1/Europe/Berlin")
    document = EVENTS.decode(THUNDERBIRD, "x")
    (row,) = document.rows
    amended = document.amend(row, attrs.evolve(row.record, start=start), ())
    assert (amended.record.start, amended.record.end) == (start, row.record.end)
    assert b"DURATION" not in document.encode([amended])


def test_an_occurrence_that_is_moved_is_like_the_others() -> None:
    """An override that is new has all that the series has, but its rule, and what is said of the occurrence."""
    change = OccurrenceChange(outlook_time("2026-02-02 09:00"), subject="Only today")
    exceptions = only(OUTLOOK).exceptions
    written = edited(OUTLOOK, exceptions=(*exceptions, change)).decode()
    override = written[written.rindex("BEGIN:VEVENT") :]
    assert "RECURRENCE-ID;TZID=W. Europe Standard Time:20260202T090000\r\n" in override
    assert "SUMMARY;LANGUAGE=en-gb:Only today\r\n" in override
    assert "DTEND;TZID=W. Europe Standard Time:20260202T100000\r\n" in override
    assert "BEGIN:VALARM" in override
    assert "RRULE" not in override


def test_what_no_event_says_is_kept() -> None:
    """Dates beside the rule stay, are declared, and keep anybody from moving the series."""
    data = event("DTSTART:20260101", "RRULE:FREQ=DAILY", "RDATE;VALUE=DATE:20270101", "RRULE:FREQ=WEEKLY")
    document = EVENTS.decode(data, "work.ics")
    (row,) = document.rows
    assert [(one.name, one.line) for one in document.not_expressed["1"]] == [("RRULE", 7), ("RDATE", 6)]
    moved = attrs.evolve(row.record, start=day("2026-01-02"), end=day("2026-01-03"))
    assert document.refusal(row, moved, ()) == "invalid:recurrence"
    daily = Recurrence(Pattern.daily(), Range(day("2026-01-02")))
    moved = attrs.evolve(moved, recurrence=daily)
    assert document.refusal(row, moved, ()) == "not_expressed:RRULE"
    assert difference(data, edited(data, subject="x")) == ["+ SUMMARY:x"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": None}, "missing:start"),
        ({"end": day("2026-01-06")}, "invalid:end"),
        ({"end": outlook_time("2026-01-05 08:00")}, "invalid:end"),
        (
            {"exceptions": (OccurrenceChange(day("2026-02-02"), start=outlook_time("2026-02-03 09:00")),)},
            "invalid:exceptions",
        ),
        ({"body": "<b>x</b>", "body_type": BodyType.HTML}, "html:body"),
        (
            {"start": WallTime(at("2026-10-25 02:30").replace(fold=1), "Europe/Berlin"), "end": None},
            "repeated_hour:start",
        ),
    ],
)
def test_what_cannot_be_written(changes: dict[str, object], code: str) -> None:
    """An event that a calendar file cannot say is refused."""
    document = EVENTS.decode(OUTLOOK, "work.ics")
    (row,) = document.rows
    assert document.refusal(row, attrs.evolve(row.record, **changes), ()) == code  # type: ignore[arg-type]


def test_a_calendar_file_is_a_side(tmp_path: Path) -> None:
    """Events are listed by category and by window, found by subject and guest, changed and read again."""
    path = tmp_path / "work.ics"
    path.write_bytes(GOOGLE)
    provider = open_events(path, owner="ada@example.com")
    day_off, call = provider.changes(None, Scope()).items
    july = Scope(window=Window(date(2026, 7, 1), date(2026, 7, 31)))
    assert [item.id for item in provider.changes(None, july).items] == [day_off.id]
    assert [item.id for item in provider.search([Term("subject", "CALL")], Scope())] == [call.id]
    assert [item.id for item in provider.search([Term("email", "bob@example.com")], Scope())] == [call.id]
    rule = Recurrence(Pattern.daily(), Range(date(2026, 3, 1), zone="UTC"))
    (done,) = provider.update([Update(call.id, call.version, {"recurrence": rule, "location": "x"})], Scope())
    assert done.status is Status.DONE
    assert b"RRULE:FREQ=DAILY\r\n" in path.read_bytes()
    (refused,) = provider.update([Update(day_off.id, day_off.version, {"start": "soon"})], Scope())
    assert (refused.status, refused.code) == (Status.REFUSED, "invalid:start")


def test_new_calendars(tmp_path: Path) -> None:
    """A new file is made of events, and never over one that is there; other files are no calendars."""
    path = tmp_path / "new.ics"
    events = [Event("One", day("2026-01-01"), day("2026-01-02")), Event("Two", day("2026-01-01"), day("2026-01-03"))]
    write_events(path, events)
    found = [item.record for item in open_events(path).changes(None, Scope()).items]
    assert [attrs.evolve(event, uid="") for event in found] == events
    with pytest.raises(Unavailable):
        write_events(path, events)
    with pytest.raises(InputError, match=r"give an \.ics file"):
        open_events(tmp_path / "new.csv")


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Return an event that a calendar file can say."""
    start: Start = draw(starts)
    end = later(start, draw(st.integers(1, 3)))
    rule: Recurrence | RecurrenceRule | None = draw(
        st.none() | st.sampled_from(["FREQ=DAILY;BYHOUR=9,17", "FREQ=YEARLY;BYWEEKNO=20"]).map(parse_rule)
    )
    exceptions: list[OccurrenceChange] = []
    if rule is None and draw(st.booleans()):
        zone = start.zone if isinstance(start, WallTime) else None
        recurrence = draw(recurrences(zone=zone))
        first = recurrence.range.start
        start = WallTime(at(f"{first} 09:30"), zone) if isinstance(start, WallTime) else first
        end, rule = later(start, 1), recurrence
    if rule is not None:
        for week in range(draw(st.integers(0, 2))):
            original = later(start, 7 * (week + 1))
            moved = OccurrenceChange(original, start=later(original, 1), end=later(original, 2), subject=draw(WORDS))
            exceptions.append(draw(st.sampled_from([OccurrenceChange(original, cancelled=True), moved])))
    addresses = draw(st.lists(ADDRESSES, max_size=3, unique=True))
    return Event(
        draw(TEXTS),
        start,
        end,
        rule,
        tuple(exceptions),
        draw(TEXTS),
        location=draw(TEXTS),
        sensitivity=draw(st.sampled_from(Sensitivity)),
        importance=draw(st.sampled_from(Importance)),
        show_as=draw(st.sampled_from(sorted(set(ShowAs) - {ShowAs.UNKNOWN}))),
        reminder_minutes=draw(st.none() | st.integers(0, 9999)),
        attendees=tuple(
            Attendee(
                EmailAddress(address, draw(WORDS)),
                draw(st.sampled_from(AttendeeType)),
                draw(st.sampled_from(sorted(set(Response) - {Response.ORGANIZER}))),
            )
            for address in addresses
        ),
        is_cancelled=draw(st.booleans()),
        categories=tuple(draw(st.lists(WORDS.filter(bool), max_size=2, unique=True))),
    )


def told(event: Event) -> Event:
    """Return an event without what has several spellings: its times, its recurrence, a subject that is not another."""
    changes = tuple(
        attrs.evolve(
            change,
            original=day("2026-01-01"),
            start=None,
            end=None,
            subject=None if change.subject == event.subject else change.subject,
        )
        for change in event.exceptions
    )
    return attrs.evolve(event, start=None, end=None, recurrence=None, exceptions=changes, uid="")


@pytest.mark.property
@given(events())
def test_events_come_back(given: Event) -> None:
    """Whatever an event says is read from a calendar as it was written, and written the same again."""
    document = EVENTS.blank()
    if code := document.refusal(None, given, given.categories):
        assert code == "invalid:RRULE"  # the pattern falls on no day
        return
    row = document.fresh("1", given, given.categories)
    written = document.encode([row])
    (again,) = EVENTS.decode(written, "again").rows
    assert (again.record, again.version) == (row.record, row.version)
    assert told(again.record) == told(given)
    if isinstance(given.recurrence, Recurrence) and isinstance(again.record.recurrence, Recurrence):
        assert canonical_recurrence(again.record.recurrence) == canonical_recurrence(given.recurrence)
    back = EVENTS.decode(written, "again")
    assert back.encode([back.amend(again, again.record, again.lists)]) == written
