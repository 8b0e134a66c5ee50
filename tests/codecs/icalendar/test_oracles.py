"""Others read what this library writes as what was written: npm's ical.js, and PyPI's icalendar."""

import json
import random
import subprocess
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tallystick.codecs.icalendar import CalendarUser
from tallystick.recurrence import Cancelled, Series, Start, WallTime, parse_rule
from tests.codecs.icalendar.notes import NOTES, Note
from tests.oracles import node, node_modules
from tests.recurrence.strategies import ZONES

CALENDARS = 200
NOTES_EACH = 5
TEXTS = (
    "plain",
    "a,b;c\\d",
    "two\nlines\n\nand more",
    "Grüße aus 東京 🕘",
    "x" * 200,
    "é" * 100,
    'say "hi"',
    " ",
    "\\n \\, ^n",
)
RULES = (
    "FREQ=WEEKLY",
    "FREQ=DAILY;INTERVAL=3;COUNT=10",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=YEARLY;UNTIL=20401231T000000Z",
)


def made_note(rng: random.Random) -> Note:
    """Return a note of texts that have to be escaped and folded, at a time in any zone."""
    local = datetime(2000, 1, 1, 12, 30) + timedelta(hours=rng.randrange(24 * 365 * 40))  # noqa: DTZ001 -- a wall time
    zone = rng.choice((None, *ZONES))
    start: Start = local.date() if rng.random() < 0.2 else WallTime(local, zone)
    series = Series(start)
    if rng.random() < 0.5:
        rule = rng.choice(RULES if isinstance(start, WallTime) and zone else RULES[:3])
        dropped = local + timedelta(days=7)
        original: Start = WallTime(dropped, zone) if isinstance(start, WallTime) else dropped.date()
        gone = (Cancelled(original),) if rng.random() < 0.5 else ()
        series = Series(start, (parse_rule(rule),) if local.year < 2040 else (), exceptions=gone)
    words = [text.strip() for text in TEXTS if text.strip() and "\n" not in text]
    # Both oracles undo backslashes in parameters, where RFC 5545 has no such escapes, and ^ in their own ways.
    names = [word for word in words if "\\" not in word]
    guests = tuple(CalendarUser(f"guest{number}@example.com", rng.choice(names)) for number in range(rng.randrange(3)))
    categories = tuple(rng.sample(words, rng.randrange(3)))
    return Note(rng.choice(TEXTS), rng.choice(TEXTS), rng.choice(TEXTS), None, series, guests, 900, categories)


@pytest.fixture(scope="module")
def written() -> list[tuple[list[Note], str]]:
    """Return calendars with the notes that are in them, the same on every machine."""
    rng = random.Random(20260101)
    found = []
    for _ in range(CALENDARS):
        document = NOTES.blank()
        notes = [made_note(rng) for _ in range(NOTES_EACH)]
        rows = [document.fresh(str(number), note, note.categories) for number, note in enumerate(notes)]
        found.append((notes, document.encode(rows).decode()))
    return found


def shown(start: Start) -> str:
    """Return a time as both oracles are asked for it: in UTC, or as it is where it is a day or floats."""
    if not isinstance(start, WallTime):
        return start.isoformat()
    if start.zone is None:
        return start.local.isoformat()
    return f"{start.instant().utc.replace(tzinfo=None).isoformat()}Z"


def expected(note: Note, number: int) -> dict[str, object]:
    """Return what an oracle has to say of a note."""
    return {
        "uid": str(number),
        "summary": note.summary,
        "text": note.text,
        "place": note.place,
        "categories": list(note.categories),
        "guests": [[f"mailto:{guest.address}", guest.name] for guest in note.guests],
        "start": shown(note.series.start),
        "cancelled": [shown(one.original) for one in note.series.exceptions],
    }


@pytest.mark.oracle
def test_npm_ical_reads_what_is_written(
    written: list[tuple[list[Note], str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Npm's ical.js reads every value as it was written, times by the definitions of their zones included."""
    script = Path(__file__).with_name("oracle.mjs")
    asked = json.dumps([text for _, text in written])
    command = [node(), str(script), str(node_modules("ical.js"))]
    run = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    for (notes, _), answers in zip(written, json.loads(run.stdout), strict=True):
        for number, (note, answer) in enumerate(zip(notes, answers, strict=True)):
            rule = answer.pop("rule")
            assert answer == expected(note, number)
            assert bool(rule) == bool(note.series.rules)
    with capsys.disabled():
        print(f"\nnpm's ical.js: {CALENDARS * NOTES_EACH:,} events read as they were written")  # noqa: T201 -- a figure


@pytest.mark.oracle
def test_icalendar_reads_what_is_written(
    written: list[tuple[list[Note], str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """PyPI's icalendar reads every value as it was written, and the definitions of zones as those of their names."""
    icalendar = import_module("icalendar")

    def said(time: object) -> str:
        if isinstance(time, datetime) and time.tzinfo is not None:
            return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
        return time.isoformat()  # type: ignore[attr-defined, no-any-return] # a date or a datetime

    def listed(value: Any) -> list[Any]:  # noqa: ANN401 -- the library has no types
        return value if isinstance(value, list) else [] if value is None else [value]

    for notes, text in written:
        calendar = icalendar.Calendar.from_ical(text)
        for number, (note, event) in enumerate(zip(notes, calendar.walk("VEVENT"), strict=True)):
            answer = {
                "uid": str(event["UID"]),
                "summary": str(event.get("SUMMARY", "")),
                "text": str(event.get("DESCRIPTION", "")),
                "place": str(event.get("LOCATION", "")),
                "categories": [str(one) for one in event["CATEGORIES"].cats] if "CATEGORIES" in event else [],
                "guests": [[str(one), one.params.get("CN", "")] for one in listed(event.get("ATTENDEE"))],
                "start": said(event["DTSTART"].dt),
                "cancelled": [said(time.dt) for one in listed(event.get("EXDATE")) for time in one.dts],
            }
            assert answer == expected(note, number)
            assert ("RRULE" in event) == bool(note.series.rules)
    with capsys.disabled():
        print(f"\nicalendar: {CALENDARS * NOTES_EACH:,} events read as they were written")  # noqa: T201 -- a figure
