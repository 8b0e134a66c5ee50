"""Whatever arrives as a calendar, the answer is a document or an InputError, soon, without a word of its content."""

import random
import string
import time
from typing import TypeVar

import attrs
import pytest

from tallystick.codecs.icalendar import IcsCodec, IcsDocument, event_ics
from tallystick.errors import InputError
from tallystick.records import Event
from tallystick.recurrence import WallTime
from tests.codecs.icalendar.notes import NOTES, Note
from tests.codecs.icalendar.samples import SAMPLES
from tests.fuzzing import fuzzed
from tests.recurrence import hostile
from tests.recurrence.showing import at

R = TypeVar("R")
EVENTS = event_ics()
SLOWEST = 3.0
"""Seconds that one calendar may take on a busy machine; they take a few hundredths."""
MARK = "S3cretWord"
PIECES = (
    *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VALARM", "END:VALARM"),
    *("BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD", "END:STANDARD", "TZID:Home", "TZOFFSETFROM:+0100"),
    *("TZOFFSETTO:+0200", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "DTSTART:16010101T000000"),
    *("UID:1", "UID:2", "UID:", "RECURRENCE-ID:20260102T090000", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260102T090000"),
    *("SEQUENCE:1", "SEQUENCE:x", "STATUS:CANCELLED", "PRIORITY:5", "PRIORITY:²", "TRIGGER:-PT15M", "TRIGGER:P"),
    *(
        "ATTENDEE:mailto:a@example.com",
        'ATTENDEE;CN="a:mailto:b',
        "CATEGORIES:a,,b\\,",
        "LAST-MODIFIED:20260101T000000Z",
    ),
    *(f"SUMMARY:{MARK}", f"DTSTART;TZID={MARK}:20260101T090000", f"DTSTART:{MARK}", f"X-{MARK};A=1:x", MARK),
    *("DTSTART;TZID=Home:20260101T090000", "\\", " ", "\t x", "", ":", ";", "=:="),
)


def calendar(rng: random.Random) -> bytes:
    """Return a calendar: one of the samples, damaged, or one of events that are nearly right."""
    if rng.random() < 0.5:
        data = bytearray(rng.choice(sorted(SAMPLES.values())))
        for _ in range(rng.choice((0, 1, 1, 3, 10))):
            damage(rng, data)
        return bytes(data)
    events = [f"BEGIN:VEVENT\r\nUID:{number}\r\n{inside(rng)}\r\nEND:VEVENT" for number in range(rng.randrange(3))]
    lines = ["BEGIN:VCALENDAR", *events, "END:VCALENDAR"]
    if rng.random() < 0.3:
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(PIECES))
    return rng.choice(("\r\n", "\n")).join([*lines, ""]).encode("utf-8", "surrogateescape")


def inside(rng: random.Random) -> str:
    """Return the lines of an event."""
    lines = [hostile.component(rng), *(rng.choice(PIECES) for _ in range(rng.choice((0, 0, 1, 3))))]
    return "\r\n".join(line for line in lines if rng.random() < 0.9 or line == lines[0])


def damage(rng: random.Random, data: bytearray) -> None:
    """Take bytes out of a calendar, put some in, or put lines of it in another place."""
    place = rng.randrange(len(data) + 1)
    kind = rng.randrange(5)
    if kind == 0:
        del data[place : place + rng.choice((1, 2, 30, 500))]
    elif kind == 1:
        data[place:place] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 1, 4))))
    elif kind == 2:
        data[place:place] = rng.choice(string.punctuation + "\r\n\t 09Z").encode() * rng.choice((1, 1, 2, 300))
    else:
        lines = bytes(data).splitlines(keepends=True)
        line = lines.pop(rng.randrange(len(lines))) if lines else b""
        lines.insert(
            rng.randrange(len(lines) + 1), rng.choice((line, line + line, rng.choice(PIECES).encode() + b"\r\n"))
        )
        data[:] = b"".join(lines)


def use(document: IcsDocument[Note], data: bytes, rng: random.Random) -> None:
    """Do with a calendar all that can be done with it."""
    assert document.encode(document.rows) == data or not all(row.stored for row in document.rows)
    rows = list(document.rows)
    for number, row in enumerate(rows):
        record = attrs.evolve(row.record, summary=hostile.noise(rng), reminder=rng.choice((None, 0, 900)))
        if document.refusal(row, record, record.categories) == "":
            rows[number] = document.amend(row, record, record.categories)
    rows = [row for row in rows if rng.random() < 0.9]
    if document.refusal(None, Note("new"), ()) == "":
        rows.append(document.fresh("a-new-one", Note("new"), ()))
    written = document.encode(rows)
    again = NOTES.decode(written, "again")
    assert [row.record for row in again.rows] == [row.record for row in rows]
    assert again.encode(again.rows) == written


def use_events(document: IcsDocument[Event], rng: random.Random) -> None:
    """Change each event, and see to it that what is written is what is read."""
    rows = []
    for row in document.rows:
        earlier = rng.choice((row.record.start, WallTime(at("2026-01-31 09:00"), rng.choice((None, "UTC", MARK)))))
        record = attrs.evolve(row.record, subject="x", start=earlier, is_cancelled=rng.random() < 0.5)
        may = document.refusal(row, record, record.categories) == ""
        rows.append(document.amend(row, record, record.categories) if may else row)
    again = EVENTS.decode(document.encode(rows), "again")
    # The first rewrite gives an id to those that have none.
    found, expected = ([attrs.evolve(row.record, uid="") for row in given] for given in (again.rows, rows))
    assert found == expected


def decoded(data: bytes, codec: IcsCodec[R]) -> IcsDocument[R] | InputError:
    """Return what a calendar is read as, within bounded time."""
    began = time.process_time()
    read: IcsDocument[R] | InputError
    try:
        read = codec.decode(data, "work.ics")
    except InputError as error:
        read = error
    assert time.process_time() - began < SLOWEST
    return read


def feed(seeds: range) -> int:
    """Read the calendars of some seeds; return how many were understood, and used."""
    understood = 0
    for seed in seeds:
        rng = random.Random(seed)
        data = calendar(rng)
        read, events = decoded(data, NOTES), decoded(data, EVENTS)
        if isinstance(read, IcsDocument):
            understood += 1
            use(read, data, rng)
        if isinstance(events, IcsDocument):
            use_events(events, rng)
        for refusal in (read, events):
            if isinstance(refusal, InputError):
                assert refusal.where.startswith("work.ics")
                assert refusal.what
                assert refusal.remedy
                assert MARK not in str(refusal)
                assert len(str(refusal)) < 300
    return understood


def test_hostile_calendars() -> None:
    """Hundreds of damaged calendars raise nothing but errors of input, and those that are read can be written."""
    assert feed(range(400)) > 40


@pytest.mark.fuzz
def test_hostile_calendars_for_a_while(capsys: pytest.CaptureFixture[str]) -> None:
    """The same for as long as ``nox -s fuzz`` allows, which prints how many calendars were tried."""
    tries = fuzzed(feed, "calendars", capsys)

    assert tries.understood > tries.tried / 10


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 100_000,
        b"BEGIN:VCALENDAR\r\nX" + b";A" * 500_000,
        b'BEGIN:VCALENDAR\r\nX;A="' + b'"" ' * 300_000,
        b"BEGIN:VCALENDAR\r\nX:" + b"\r\n y" * 300_000 + b"\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\n" + b"\r\n" * 300_000 + b"END:VCALENDAR\r\n",
        b"\r" * 1_000_000,
        b";" * 1_000_000,
        b"BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Home\r\n"
        b"BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
        + b"RRULE:FREQ=YEARLY;BYDAY=MO\r\n" * 2_000
        + b"END:STANDARD\r\nEND:VTIMEZONE\r\nX;TZID=Home:20260101T000000\r\nEND:VCALENDAR\r\n",
    ],
    ids=lambda data: f"{data[17:24]!r}{len(data)}",
)
def test_long_calendars_are_read_soon(data: bytes) -> None:
    """A long calendar is read, or refused, in time that grows with its length alone."""
    read = decoded(data, NOTES)
    assert isinstance(read, IcsDocument) or read.remedy
