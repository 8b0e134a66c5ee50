"""A change touches the properties that it is about, and nothing else in the calendar."""

import difflib
from datetime import UTC, datetime

import attrs
import pytest

from tallystick.codecs.icalendar import CalendarUser
from tallystick.recurrence import Cancelled, Changed, Moved, Series, WallTime, parse_rule
from tests.codecs.icalendar.notes import NOTES, Note
from tests.codecs.icalendar.samples import APPLE, GOOGLE, OUTLOOK, crlf
from tests.codecs.icalendar.test_reading import event, outlook_time
from tests.recurrence.showing import at

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def edited(data: bytes, number: int = 0, modified: datetime | None = None, **changes: object) -> bytes:
    """Return a calendar in which one note was changed; what is read from it is what was written."""
    document = NOTES.decode(data, "work.ics")
    rows = list(document.rows)
    record = attrs.evolve(rows[number].record, **changes)  # type: ignore[arg-type] # the names are those of its fields
    assert document.refusal(rows[number], record, record.categories) == ""
    rows[number] = document.amend(rows[number], record, record.categories, modified)
    assert rows[number].record == record
    written = document.encode(rows)
    again = NOTES.decode(written, "again")
    assert [(row.id, row.record, row.version) for row in again.rows] == [
        (row.id, row.record, row.version) for row in rows
    ]
    assert again.encode(again.rows) == written
    return written


def difference(before: bytes, after: bytes) -> list[str]:
    """Return the lines that were taken out, then those that were put in."""
    lines = difflib.SequenceMatcher(
        None, old := before.decode().splitlines(), new := after.decode().splitlines(), autojunk=False
    )
    codes = [code for code in lines.get_opcodes() if code[0] != "equal"]
    gone = [f"- {line}" for _, start, end, _, _ in codes for line in old[start:end]]
    return [*gone, *(f"+ {line}" for _, _, _, start, end in codes for line in new[start:end])]


def test_one_property() -> None:
    """A changed place is the only line that changes; its parameters stay, and so does every fold of the others."""
    assert difference(OUTLOOK, edited(OUTLOOK, place="Room 2", summary="Short")) == [
        "- LOCATION:Room 1\\, first floor",
        "- SUMMARY;LANGUAGE=en-gb:A weekly meeting whose name is so long that Outlook ha",
        "- \ts to fold it",
        "+ LOCATION:Room 2",
        "+ SUMMARY;LANGUAGE=en-gb:Short",
    ]


def test_a_formatted_text_does_not_outlive_the_plain_one() -> None:
    """The description in HTML goes when the plain one changes: programs would go on showing the old one."""
    assert difference(OUTLOOK, edited(OUTLOOK, text="New")) == [
        "- DESCRIPTION:Please bring the figures.\\n\\n",
        "- X-ALT-DESC;FMTTYPE=text/html:<html><body>Please bring the figures.</body></",
        "- \thtml>",
        "+ DESCRIPTION:New",
    ]


def test_guests_are_known_by_their_address() -> None:
    """An answer changes one guest's line, whose other parameters stay; a guest that leaves takes only the own line."""
    (ada, bob) = NOTES.decode(GOOGLE, "x").rows[1].record.guests
    cleo = CalendarUser("cleo@example.com", 'Cleo "C"; Inc^')
    after = edited(GOOGLE, 1, guests=(attrs.evolve(bob, status="DECLINED"), cleo))
    assert difference(GOOGLE, after) == [
        "- ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=ada@ex",
        "-  ample.com;X-NUM-GUESTS=0:mailto:ada@example.com",
        "- ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN=Bo",
        "-  b;X-NUM-GUESTS=1:mailto:bob@example.com",
        "+ ATTENDEE;CN=Bob;CUTYPE=INDIVIDUAL;PARTSTAT=DECLINED;ROLE=OPT-PARTICIPANT;X-",
        "+  NUM-GUESTS=1:mailto:bob@example.com",
        """+ ATTENDEE;CN="Cleo ^'C^'; Inc^^":mailto:cleo@example.com""",
    ]
    assert ada.status == "ACCEPTED"


def test_the_alarm_that_is_shown() -> None:
    """A reminder is moved, taken out and put in; alarms of other kinds, and what an alarm says besides, stay."""
    assert difference(GOOGLE, edited(GOOGLE, 1, reminder=600)) == ["- TRIGGER:-P0DT0H30M0S", "+ TRIGGER:-PT10M"]
    gone = edited(APPLE, reminder=None)
    assert len(difference(APPLE, gone)) == APPLE.count(b"\r\n", APPLE.index(b"BEGIN:VALARM")) - 2
    assert difference(gone, edited(gone, reminder=0)) == [
        "+ BEGIN:VALARM",
        "+ ACTION:DISPLAY",
        "+ DESCRIPTION:Reminder",
        "+ TRIGGER:PT0S",
        "+ END:VALARM",
    ]


def test_another_occurrence_is_cancelled() -> None:
    """One more date taken out is one more line; one that is given back leaves its line, whose other dates stay."""
    series = NOTES.decode(OUTLOOK, "x").rows[0].record.series
    first, second, moved = series.exceptions
    third = Cancelled(outlook_time("2026-02-09 09:00"))
    with_third = attrs.evolve(series, exceptions=(first, second, moved, third))
    assert difference(OUTLOOK, edited(OUTLOOK, series=with_third)) == [
        "+ EXDATE;TZID=W. Europe Standard Time:20260209T090000"
    ]
    assert difference(OUTLOOK, edited(OUTLOOK, series=attrs.evolve(series, exceptions=(second, moved)))) == [
        '- EXDATE;TZID="W. Europe Standard Time":20260112T090000,20260119T090000',
        '+ EXDATE;TZID="W. Europe Standard Time":20260119T090000',
    ]


def test_overrides_come_and_go() -> None:
    """A moved occurrence is an override, else like its master; one that is as the rule says again is taken out."""
    series = NOTES.decode(OUTLOOK, "x").rows[0].record.series
    cancelled = series.exceptions[:2]
    plain = edited(OUTLOOK, series=attrs.evolve(series, exceptions=cancelled))
    assert plain.count(b"BEGIN:VEVENT") == 1
    moved = Moved(outlook_time("2026-02-02 09:00"), outlook_time("2026-02-03 09:00"))
    after = edited(plain, series=attrs.evolve(series, exceptions=(*cancelled, moved)), modified=NOON)
    assert after.startswith(plain.removesuffix(b"END:VCALENDAR\r\n"))
    override = after.removeprefix(plain.removesuffix(b"END:VCALENDAR\r\n")).removesuffix(b"END:VCALENDAR\r\n")
    master = plain[plain.index(b"BEGIN:VEVENT") :].removesuffix(b"END:VCALENDAR\r\n")
    assert difference(master, override) == [
        "- DTSTAMP:20260101T080000Z",
        '- DTSTART;TZID="W. Europe Standard Time":20260105T090000',
        '- EXDATE;TZID="W. Europe Standard Time":20260112T090000,20260119T090000',
        "- LAST-MODIFIED:20260102T080000Z",
        "- RRULE:FREQ=WEEKLY;COUNT=10;BYDAY=MO",
        "+ DTSTAMP:20260501T120000Z",
        "+ DTSTART;TZID=W. Europe Standard Time:20260203T090000",
        "+ LAST-MODIFIED:20260501T120000Z",
        "+ RECURRENCE-ID;TZID=W. Europe Standard Time:20260202T090000",
    ]


def test_a_cancelled_override_is_given_back() -> None:
    """An occurrence that an override cancels takes place again when that override is gone."""
    data = event(
        "DTSTART:20260101T090000",
        "RRULE:FREQ=DAILY;COUNT=3",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:1",
        "RECURRENCE-ID:20260102T090000",
        "STATUS:CANCELLED",
    )
    series = NOTES.decode(data, "x").rows[0].record.series
    assert series.exceptions == (Cancelled(WallTime(at("2026-01-02 09:00"), None)),)
    after = edited(data, series=attrs.evolve(series, exceptions=()))
    assert b"RECURRENCE-ID" not in after
    changed = edited(after, series=attrs.evolve(series, exceptions=(Changed(WallTime(at("2026-01-03 09:00"), None)),)))
    assert b"RECURRENCE-ID:20260103T090000" in changed


def test_when_it_was_written() -> None:
    """With a clock, a changed component says when; one that did not change keeps its times."""
    after = edited(OUTLOOK, modified=NOON, place="Room 2")
    assert difference(OUTLOOK, after) == [
        "- DTSTAMP:20260101T080000Z",
        "- LAST-MODIFIED:20260102T080000Z",
        "- LOCATION:Room 1\\, first floor",
        "+ DTSTAMP:20260501T120000Z",
        "+ LAST-MODIFIED:20260501T120000Z",
        "+ LOCATION:Room 2",
    ]
    (row,) = NOTES.decode(after, "x").rows
    assert row.modified == NOON


def test_a_zone_that_is_new_to_the_file() -> None:
    """A zone comes with its definition, once; the file's own name is used for a zone that it has."""
    series = NOTES.decode(APPLE, "x").rows[0].record.series
    moved = attrs.evolve(series, start=WallTime(at("2026-02-14 13:00"), "Eastern Standard Time"))
    after = edited(APPLE, series=attrs.evolve(moved, start=WallTime(at("2026-02-14 13:00"), "America/New_York")))
    assert after.count(b"TZID:America/New_York\r\n") == 1
    assert after.index(b"TZID:America/New_York") < after.index(b"TZID:Europe/Berlin\r\n")
    document = NOTES.decode(OUTLOOK, "work.ics")
    (row,) = document.rows
    start = WallTime(at("2026-01-05 08:00"), "Europe/Berlin")
    here = document.amend(row, attrs.evolve(row.record, series=attrs.evolve(row.record.series, start=start)), ())
    assert b"DTSTART;TZID=W. Europe Standard Time:20260105T080000" in document.encode([here])
    assert document.encode([here]).count(b"BEGIN:VTIMEZONE") == 1


def test_a_new_calendar() -> None:
    """A new calendar has CRLF, folds at 75 octets, an id and a time in each component, and the zone it needs."""
    series = Series(WallTime(at("2026-01-05 09:00"), "Europe/Berlin"), (parse_rule("FREQ=WEEKLY"),))
    note = Note("Ä" * 30 + "a" * 70, "a,b;c\\d\ne", series=series, categories=("A", "B,C"))
    document = NOTES.blank()
    written = document.encode([document.fresh("new", note, note.categories)])
    assert written.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tallystick//EN\r\n")
    assert max(map(len, written.split(b"\r\n"))) == 75
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert written.count(b"BEGIN:VTIMEZONE") == 1
    assert b"BEGIN:VEVENT\r\nUID:new\r\nDTSTAMP:19700101T000000Z\r\nSUMMARY:" in written
    assert b"DESCRIPTION:a\\,b\\;c\\\\d\\ne\r\nCATEGORIES:A,B\\,C\r\nDTSTART;TZID=Europe/Berlin:2026" in written
    (row,) = NOTES.decode(written, "new.ics").rows
    assert row.record == note


def test_a_new_note_in_an_old_file() -> None:
    """What is new comes last in its calendar, with the file's own line ends and its name for a zone."""
    document = NOTES.decode(OUTLOOK.replace(b"\r\n", b"\n"), "work.ics")
    note = Note("New", series=Series(WallTime(at("2026-01-05 09:00"), "Europe/Berlin")))
    written = document.encode([*document.rows, document.fresh("new", note, (), NOON)])
    assert written.endswith(
        b"END:VEVENT\nBEGIN:VEVENT\nUID:new\nDTSTAMP:20260501T120000Z\nLAST-MODIFIED:20260501T120000Z\nSUMMARY:New\n"
        b"DTSTART;TZID=W. Europe Standard Time:20260105T090000\nEND:VEVENT\nEND:VCALENDAR\n"
    )


def test_a_new_note_takes_the_id_of_one_that_is_gone() -> None:
    """Nothing of a note that was taken out comes back with another that has its id."""
    document = NOTES.decode(OUTLOOK, "work.ics")
    (row,) = document.rows
    written = document.encode([document.fresh(row.id, Note("New"), ())])
    (again,) = NOTES.decode(written, "x").rows
    assert (again.id, again.record.summary, again.record.text) == (row.id, "New", "")
    assert again.record.series.exceptions == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"summary": "a\x07b"}, "control:SUMMARY"),
        ({"place": "half \ud83d"}, "control:LOCATION"),
        ({"guests": (CalendarUser("a@example.com\r\nX-EVIL:1"),)}, "control:ATTENDEE"),
        ({"guests": (CalendarUser("a@example.com", "a\rb"),)}, "control:ATTENDEE"),
        ({"series": Series(WallTime(at("2026-01-05 09:00"), "Home"))}, "invalid:time zone"),
    ],
)
def test_what_cannot_be_written(changes: dict[str, object], code: str) -> None:
    """A value that would break the file, or that iCalendar cannot say, is refused, and the file stays as it is."""
    document = NOTES.decode(APPLE, "work.ics")
    (row,) = document.rows
    record = attrs.evolve(row.record, **changes)  # type: ignore[arg-type] # the names are those of its fields
    assert document.refusal(row, record, ()) == code
    assert document.refusal(None, record, ()) == code


def test_what_the_encoding_cannot_hold() -> None:
    """A calendar in Windows-1252 is not given what that cannot say."""
    document = NOTES.decode(event("SUMMARY:Grüße", "DTSTART:20260101").decode().encode("cp1252"), "work.ics")
    (row,) = document.rows
    assert document.refusal(row, attrs.evolve(row.record, place="東京"), ()) == "encoding:LOCATION"


@pytest.mark.parametrize("line", ["RDATE;VALUE=PERIOD:20260110T090000Z/PT1H", "range"])
def test_what_no_series_can_say_is_kept(line: str) -> None:
    """Periods and RANGE are kept and declared; other properties may change, but nothing that moves occurrences."""
    override = ("END:VEVENT", "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260102T090000Z")
    more = (*override, "DTSTART:20260102T100000Z") if line == "range" else (line,)
    data = event("DTSTART:20260101T090000Z", "RRULE:FREQ=DAILY;COUNT=30", "SUMMARY:x", *more)
    document = NOTES.decode(data, "work.ics")
    (row,) = document.rows
    (left,) = document.not_expressed["1"]
    assert (left.name, left.line) == (("RECURRENCE-ID", 10) if line == "range" else ("RDATE", 7))
    assert row.record.series.exceptions == row.record.series.added == ()
    later = attrs.evolve(row.record.series, start=WallTime(at("2026-01-01 10:00"), "UTC"))
    assert document.refusal(row, attrs.evolve(row.record, series=later), ()) == f"not_expressed:{left.name}"
    assert difference(data, edited(data, summary="y")) == ["- SUMMARY:x", "+ SUMMARY:y"]


def test_several_calendars_in_one_file() -> None:
    """A file of several calendars keeps them; what is new goes into the last, and a zone to where it is used."""
    one = crlf(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART:20260101T090000\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    data = one + b"\r\n" + one.replace(b"UID:1", b"UID:2")
    document = NOTES.decode(data, "work.ics")
    start = Series(WallTime(at("2026-01-05 09:00"), "Asia/Tokyo"))
    first, second = document.rows
    first = document.amend(first, attrs.evolve(first.record, series=start), ())
    written = document.encode([first, second, document.fresh("3", Note("n"), ())])
    before, _, after = written.partition(b"END:VCALENDAR\r\n\r\n")
    assert (before.count(b"TZID:Asia/Tokyo\r\n"), after.count(b"TZID:Asia/Tokyo\r\n")) == (1, 0)
    assert (before.count(b"TZID:Europe/Berlin\r\n"), after.count(b"UID:3\r\n")) == (0, 1)
