"""Calendars of common programs are read, and what cannot be read says where and why."""

import attrs
import pytest

from tallystick.codecs.icalendar import CalendarUser, IcsCodec
from tallystick.codecs.icalendar import lines as lines_module
from tallystick.errors import InputError
from tallystick.recurrence import Cancelled, Moved, RecurrenceRule, WallTime
from tests.codecs.icalendar.notes import NOTES, Note, NoteForm
from tests.codecs.icalendar.samples import APPLE, GOOGLE, OUTLOOK, SAMPLES, THUNDERBIRD, crlf
from tests.recurrence.showing import at, day

OUTLOOKS_BERLIN = "W. Europe Standard Time"


def outlook_time(text: str) -> WallTime:
    """Return a time in the zone of Outlook's sample."""
    return WallTime(at(text), OUTLOOKS_BERLIN)


def notes_in(data: bytes) -> list[Note]:
    """Return the records of a calendar."""
    return [row.record for row in NOTES.decode(data, "work.ics").rows]


def event(*lines: str) -> bytes:
    """Return a calendar with one event of these lines, the first of which is line 4."""
    head = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1")
    return crlf("\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""]))


def complaint(data: bytes, codec: IcsCodec[Note] = NOTES) -> str:
    """Return what is said of a calendar that cannot be read."""
    with pytest.raises(InputError) as caught:
        codec.decode(data, "work.ics")
    assert caught.value.remedy
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_what_is_not_changed_is_written_as_it_was_read(name: str) -> None:
    """A calendar of any program is the same, byte for byte, when nothing in it changed."""
    document = NOTES.decode(SAMPLES[name], "work.ics")
    assert SAMPLES[name] == document.encode(document.rows)


def test_outlooks_calendar() -> None:
    """A series of Outlook is one record: its rule, its exceptions, its zone by its Windows name."""
    (note,) = notes_in(OUTLOOK)
    assert note.summary == "A weekly meeting whose name is so long that Outlook has to fold it"
    assert note.text == "Please bring the figures.\n\n"
    assert note.place == "Room 1, first floor"
    assert (note.priority, note.reminder) == (5, 900)
    assert note.guests == (CalendarUser("ada@example.com", "Lovelace, Ada", rsvp=True),)
    assert note.series.start == outlook_time("2026-01-05 09:00")
    assert note.series.exceptions == (
        Cancelled(outlook_time("2026-01-12 09:00")),
        Cancelled(outlook_time("2026-01-19 09:00")),
        Moved(outlook_time("2026-01-26 09:00"), outlook_time("2026-01-26 11:00")),
    )


def test_an_all_day_series_that_ends_at_a_time() -> None:
    """A file of Google's that ends a series of days at a time in UTC is read, and stays byte for byte what it is."""
    data = event("DTSTART;VALUE=DATE:20110806", "RRULE:FREQ=WEEKLY;UNTIL=20110812T070000Z;BYDAY=SA", "SUMMARY:Market")
    document = NOTES.decode(data, "work.ics")
    (row,) = document.rows

    assert [rule.until for rule in row.record.series.rules if isinstance(rule, RecurrenceRule)] == [day("2011-08-12")]
    assert data == document.encode(document.rows)


def test_googles_calendar() -> None:
    """Google's days without time, its guests with their answers, and the alarm that is shown among those that are."""
    day_off, call = notes_in(GOOGLE)
    assert day_off.series.start == day("2026-07-04")
    assert call.series.start == WallTime(at("2026-03-01 14:00"), "UTC")
    assert call.reminder == 1800
    assert (call.text, call.place) == ("", "")
    ada, bob = call.guests
    assert ada == CalendarUser(
        "ada@example.com", "ada@example.com", status="ACCEPTED", role="REQ-PARTICIPANT", kind="INDIVIDUAL"
    )
    assert (bob.name, bob.status, bob.role) == ("Bob", "NEEDS-ACTION", "OPT-PARTICIPANT")


def test_apples_calendar() -> None:
    """Apple's event has its place on two lines, and a fold that falls into a word."""
    (note,) = notes_in(APPLE)
    assert note.place == "Café Zoë\nHauptstraße 1, Berlin"
    assert (note.series.start, note.reminder) == (WallTime(at("2026-02-14 19:00"), "Europe/Berlin"), 3600)


def test_thunderbirds_calendar() -> None:
    """Thunderbird's prefix before a zone's name is understood, and a task is no event."""
    (note,) = notes_in(THUNDERBIRD)
    assert note.summary == "An event; with a semicolon"
    assert isinstance(note.series.start, WallTime)
    assert note.series.start.instant().utc.hour == 11


def test_folds_within_a_character() -> None:
    """A program that folds by octets may cut a character in two; it is read whole, and the file keeps its fold."""
    data = event("SUMMARY:Zoë", "DTSTART:20260101T090000").replace("Zoë".encode(), b"Zo\xc3\r\n \xab")
    document = NOTES.decode(data, "work.ics")
    (row,) = document.rows
    assert row.record.summary == "Zoë"
    assert data == document.encode(document.rows)
    changed = document.amend(row, attrs.evolve(row.record, place="Café"), ())
    assert document.encode([changed]) == data.replace(b"END:VEVENT", "LOCATION:Café\r\nEND:VEVENT".encode())


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_other_encodings(encoding: str) -> None:
    """A calendar in another encoding is read, and written in that encoding."""
    data = event("SUMMARY:Grüße", "DTSTART:20260101T090000").decode().encode(encoding)
    document = NOTES.decode(data, "work.ics")
    assert document.rows[0].record.summary == "Grüße"
    assert document.encode(document.rows) == data


def test_slips_that_have_one_meaning() -> None:
    """Bare line feeds, blank lines, lower case, a zone without its quotes, and odd escapes are understood."""
    data = event(
        "",
        "summary:C:\\temp\\, and\\N more",
        "dtstart;tzid=(UTC+01:00) Amsterdam\\, Berlin:20260101T090000",
        "categories:a,b\\,c,,a",
        "Categories:d",
    ).replace(b"\r\n", b"\n")
    codec = IcsCodec(NoteForm(), aliases={"(UTC+01:00) Amsterdam\\, Berlin": "Europe/Berlin"})
    document = codec.decode(data, "work.ics")
    (row,) = document.rows
    assert row.record.summary == "C:\\temp, and\n more"
    assert row.record.series.start == WallTime(at("2026-01-01 09:00"), "Europe/Berlin")
    assert row.lists == ("a", "b,c", "d")
    assert document.encode(document.rows) == data


def test_a_row_is_all_components_with_one_uid() -> None:
    """Overrides are found wherever they stand, before their master too, and an override alone is a row of its own."""
    override = "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260102T090000\nDTSTART:20260102T100000\nEND:VEVENT\n"
    master = "BEGIN:VEVENT\nUID:1\nDTSTART:20260101T090000\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n"
    other = "BEGIN:VEVENT\nUID:2\nDTSTART:20260101\nEND:VEVENT\n"
    alone = "BEGIN:VEVENT\nUID:3\nRECURRENCE-ID:20260102T090000\nDTSTART:20260102T100000\nEND:VEVENT\n"
    data = crlf(f"BEGIN:VCALENDAR\n{override}{other}{master}{alone}END:VCALENDAR\n")
    document = NOTES.decode(data, "work.ics")
    first, second, third = document.rows
    assert (first.id, second.id, third.id) == ("1", "2", "3")
    assert first.record.series.exceptions == (
        Moved(WallTime(at("2026-01-02 09:00"), None), WallTime(at("2026-01-02 10:00"), None)),
    )
    assert third.record.series.start == WallTime(at("2026-01-02 10:00"), None)
    assert document.encode(document.rows) == data
    assert document.encode([second]) == crlf(f"BEGIN:VCALENDAR\n{other}END:VCALENDAR\n")


def test_events_without_an_id() -> None:
    """Events that have no UID get the same id on every reading, and are written with it."""
    data = event("SUMMARY:x", "DTSTART:20260101T090000").replace(b"UID:1\r\n", b"")
    document = NOTES.decode(data, "work.ics")
    (row,) = document.rows
    assert row.id == NOTES.decode(data, "work.ics").rows[0].id
    assert not row.stored
    again = NOTES.decode(document.encode([row]), "work.ics")
    assert (again.rows[0].id, again.rows[0].version, again.rows[0].stored) == (row.id, row.version, True)


BROKEN = {
    "nothing": (b"", "work.ics: no calendar"),
    "blank": (b"\r\n", "work.ics: no calendar"),
    "table": (b"Subject,Start\r\n", "line 1: a line that is no property"),
    "no-component": (b"SUMMARY:x\r\n", "line 1: a property outside of every component"),
    "card": (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "work.ics: no calendar"),
    "broken-off": (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "line 2: a component without its end"),
    "other-end": (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "line 2: an end that does not belong"),
    "only-end": (b"END:VCALENDAR\r\n", "line 1: an end that does not belong"),
    "deep": (b"BEGIN:A\r\n" * 9, "line 9: components nested more than 8 deep"),
    "no-colon": (event("no colon here"), "line 4: a line that is no property"),
    "open-quote": (event('SUMMARY;X="open:x'), "line 4: a line that is no property"),
    "no-start": (event("SUMMARY:x"), "line 2, DTSTART: missing"),
    "no-date": (event("DTSTART:tomorrow"), "line 4, DTSTART: neither a date nor a time"),
    "no-day": (event("DTSTART:20260230"), "line 4, DTSTART: no such day"),
    "no-number": (event("DTSTART:20260101", "PRIORITY:high"), "line 5, PRIORITY: no whole number"),
    "no-rule": (event("DTSTART:20260101", "RRULE:FREQ=OFTEN"), "line 5, RRULE FREQ: "),
    "no-zone": (event("DTSTART;TZID=Home:20260101T090000"), "line 4, DTSTART: a TZID that is no known name"),
    "nul": (event("DTSTART:20260101T090000\0"), "line 4: a NUL character"),
    "damaged": (
        event("DTSTART:20260101", "SUMMARY:Zoë").replace(b"UID:1", b"UID:\xe9"),
        "line 3: bytes that are no UTF-8, in a file that otherwise is",
    ),
    "twice": (
        event("DTSTART:20260101", "END:VEVENT", "BEGIN:VEVENT", "UID:1", "DTSTART:20260101"),
        "line 6: the component has the same UID as the one in line 2",
    ),
}


@pytest.mark.parametrize(("data", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_read(data: bytes, words: str) -> None:
    """A calendar that cannot be read is refused with file, line and remedy, and without a word of its content."""
    said = complaint(data)
    assert said.startswith("work.ics")
    assert words in said
    for content in ("tomorrow", "OFTEN", "Home", "high", "no colon"):
        assert content not in said


def test_sizes_are_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large is refused before it is read."""
    monkeypatch.setattr(lines_module, "LARGEST", 100)
    assert "work.ics: a calendar of 110 bytes, and 100 are the most" in complaint(b"x" * 110)
    monkeypatch.setattr(lines_module, "MOST_LINES", 3)
    assert "work.ics: a calendar of 5 lines" in complaint(b"\n" * 5)
    monkeypatch.setattr(lines_module, "LONGEST_LINE", 20)
    assert "line 2: a line of more than 20 characters" in complaint(b"BEGIN:VCALENDAR\nX:" + b"y" * 30)
