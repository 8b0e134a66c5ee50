"""Calendars on the command line: .ics and .jsonl files on the left, a CRM's appointments on the right."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tallystick import Scope
from tallystick.codecs.jsonl import JsonLinesCodec
from tallystick.codecs.shapes import APPOINTMENT, EVENT
from tallystick.providers.files import APPOINTMENTS, EVENTS, open_file
from tallystick.records import Appointment, Event
from tests.cli.running import Call

TODAY = datetime.now(UTC).date()
"""Commands take the time of the machine."""


def calendar(day: date) -> str:
    """Return a calendar as programs export it: a zone, a meeting, whole days, a series, and much that nobody maps."""
    stamp = day.strftime("%Y%m%d")
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Example Corp//Calendar 16.0//EN",
            "METHOD:PUBLISH",
            "X-WR-CALNAME:Work",
            "BEGIN:VEVENT",
            "UID:040000008200E00074C5B7101A82E008-one",
            "DTSTAMP:20250101T000000Z",
            f"DTSTART;TZID=Europe/Paris:{stamp}T100000",
            f"DTEND;TZID=Europe/Paris:{stamp}T110000",
            "SUMMARY:Review",
            "LOCATION:Room 1",
            "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            'X-EXAMPLE-NOTE;X-PARAM="a;b":kept as it is',
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            "TRIGGER:-PT15M",
            "DESCRIPTION:Reminder",
            "END:VALARM",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:two@example.com",
            "DTSTAMP:20250101T000000Z",
            f"DTSTART;VALUE=DATE:{stamp}",
            f"DTEND;VALUE=DATE:{(day + timedelta(days=2)).strftime('%Y%m%d')}",
            "SUMMARY:Fair",
            "TRANSP:TRANSPARENT",
            "GEO:48.85;2.35",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "UID:three@example.com",
            "DTSTAMP:20250101T000000Z",
            f"DTSTART;TZID=Europe/Paris:{stamp}T080000",
            f"DTEND;TZID=Europe/Paris:{stamp}T083000",
            f"RRULE:FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[day.weekday()]}",
            "SUMMARY:Weekly",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def appointments(path: Path) -> dict[str, Appointment]:
    """Return the appointments of a file by their subject."""
    found = open_file(path, APPOINTMENTS).changes(None, Scope()).items
    return {item.record.subject: item.record for item in found}


@pytest.mark.parametrize("profile", ["maximizer-appointments", "zynsync-calendar"])
def test_a_calendar_file_goes_there_and_back(call: Call, tmp_path: Path, profile: str) -> None:
    """Everything in the window arrives; not a byte of the calendar changes by it, and a second run writes nothing."""
    left, right, state = tmp_path / "work.ics", tmp_path / "crm.jsonl", tmp_path / "links.db"
    left.write_bytes(calendar(TODAY).encode())
    right.write_bytes(b"")
    given = (str(left), str(right), "--profile", profile, "--state", str(state), "--zone", "Europe/Paris")
    before = left.read_bytes()
    ran = call("sync", *given, "--yes")
    assert ran.code == 0, ran.err
    made = appointments(right)
    assert sorted(made) == ["Fair", "Review", "Weekly"]
    assert (made["Fair"].start, made["Fair"].end) == (TODAY, TODAY + timedelta(days=1))
    assert made["Weekly"].recurrence is not None
    assert left.read_bytes() == before
    written = right.read_bytes()
    assert call("sync", *given, "--yes").code == 0

    assert (left.read_bytes(), right.read_bytes()) == (before, written)


@pytest.mark.parametrize("profile", ["cx-sales-meetings", "maximizer-appointments", "zynsync-calendar"])
def test_the_report_says_which_fields_were_not_carried(call: Call, tmp_path: Path, profile: str) -> None:
    """A date that is taken out of a series, which the CRM can't say, is named with the report and not passed over."""
    left, right, state = tmp_path / "work.ics", tmp_path / "crm.jsonl", tmp_path / "links.db"
    out = f"EXDATE;TZID=Europe/Paris:{TODAY + timedelta(days=7):%Y%m%d}T080000\r\nSUMMARY:Weekly"
    left.write_bytes(calendar(TODAY).replace("SUMMARY:Weekly", out).encode())
    right.write_bytes(b"")
    ran = call("sync", str(left), str(right), "--profile", profile, "--state", str(state), "--yes")
    assert ran.code == 0, ran.err

    assert "not carried over: the other side has no room for all of it: exceptions 1" in " ".join(ran.out.split())


def test_what_is_not_mapped_survives_an_edit_in_the_crm(call: Call, tmp_path: Path) -> None:
    """A title that was changed in the CRM changes one line of the calendar, beside its time stamps."""
    left, right, state = tmp_path / "work.ics", tmp_path / "crm.jsonl", tmp_path / "links.db"
    left.write_bytes(calendar(TODAY).encode())
    right.write_bytes(b"")
    given = (str(left), str(right), "--profile", "zynsync-calendar", "--state", str(state), "--zone", "Europe/Paris")
    assert call("sync", *given, "--yes").code == 0
    right.write_text(right.read_text("utf-8").replace('"Review"', '"Renamed"'), "utf-8")
    before = left.read_bytes().decode().split("\r\n")
    assert call("sync", *given, "--yes").code == 0
    after = left.read_bytes().decode().split("\r\n")

    stamps = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
    gone = [line for line in before if line not in after and not line.startswith(stamps)]
    new = [line for line in after if line not in before and not line.startswith(stamps)]
    assert (gone, new) == (["SUMMARY:Review"], ["SUMMARY:Renamed"])


def test_json_lines_on_both_sides(call: Call, tmp_path: Path) -> None:
    """What the CRM's file has travels into the calendar's, too."""
    left, right, state = tmp_path / "work.jsonl", tmp_path / "crm.jsonl", tmp_path / "links.db"
    left.write_bytes(b"")
    right.write_text(
        f'{{"id": "1", "record": {{"subject": "Visit", "start": "{TODAY}", "end": "{TODAY}"}}}}\n', "utf-8"
    )
    ran = call("sync", str(left), str(right), "--profile", "zynsync-calendar", "--state", str(state), "--yes")
    assert ran.code == 0, ran.err
    (item,) = open_file(left, EVENTS).changes(None, Scope()).items

    assert item.record == Event("Visit", TODAY, TODAY + timedelta(days=1))
    assert JsonLinesCodec(EVENT).decode(left.read_bytes(), "work.jsonl").rows[0].record == item.record
    assert JsonLinesCodec(APPOINTMENT).decode(right.read_bytes(), "crm.jsonl").rows[0].id == "1"
