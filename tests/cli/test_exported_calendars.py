"""Calendars as Outlook, Google and Apple export them, on the command line: there and back, and nothing is lost."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tallystick import Scope
from tallystick.providers.files import APPOINTMENTS, open_file
from tallystick.records import Appointment, RelationKind
from tests.cli.running import Call, Ran
from tests.codecs.icalendar.samples import APPLE, GOOGLE, OUTLOOK, crlf

TODAY = datetime.now(UTC).date()
"""Commands take the time of the machine."""

_WEEK = timedelta(weeks=1)
_DATE = re.compile(r"(?<![0-9])(20[0-9]{6})(?=T[0-9]{6}|\r)")
CALENDARS = {"Outlook": OUTLOOK, "Google": GOOGLE, "Apple": APPLE}
STAMPS = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE")


def this_week(calendar: bytes) -> str:
    """Return a calendar whose events begin within a week from today, on the days of the week that they had."""
    head, *events = calendar.decode().split("BEGIN:VEVENT")
    begins = {_uid(event): _day(_first(event)) for event in reversed(events)}

    def moved(event: str) -> str:
        weeks = -(-(TODAY - begins[_uid(event)]) // _WEEK)
        return _DATE.sub(lambda found: (_day(found[1]) + weeks * _WEEK).strftime("%Y%m%d"), event)

    return "BEGIN:VEVENT".join([head, *map(moved, events)])


def _uid(event: str) -> str:
    found = re.search(r"\r\nUID:([^\r]*)", event)
    assert found
    return found[1]


def _first(event: str) -> str:
    found = re.search(r"\r\nDTSTART[^\r]*?:(20[0-9]{6})", event)
    assert found
    return found[1]


def _day(digits: str) -> date:
    return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date()


@pytest.fixture
def sync(call: Call, tmp_path: Path) -> Callable[..., Ran]:
    """Sync ``work.ics`` with ``crm.jsonl`` in a folder of the test's own."""
    (tmp_path / "crm.jsonl").write_bytes(b"")

    def run(*options: str, profile: str = "zynsync-calendar", calendar: str = "work.ics", command: str = "sync") -> Ran:
        files = (str(tmp_path / calendar), str(tmp_path / "crm.jsonl"))
        given = ("--profile", profile, "--state", str(tmp_path / "links.db"), "--zone", "Europe/Berlin")
        return call(command, *files, *given, *(("--yes",) if command == "sync" else ()), *options)

    return run


def appointments(folder: Path) -> dict[str, Appointment]:
    """Return the appointments of the CRM's file by their subject."""
    found = open_file(folder / "crm.jsonl", APPOINTMENTS).changes(None, Scope()).items
    return {item.record.subject: item.record for item in found}


@pytest.mark.parametrize("name", CALENDARS)
def test_there_and_back(sync: Callable[..., Ran], tmp_path: Path, name: str) -> None:
    """Every event arrives, a title that is changed in the CRM changes one line, and nothing else is ever touched."""
    calendar = tmp_path / "work.ics"
    calendar.write_bytes(this_week(CALENDARS[name]).encode())
    before = calendar.read_bytes()
    ran = sync("--owner", "bob@example.com")
    assert ran.code == 0, ran.err
    made = sorted(appointments(tmp_path))
    assert len(made) == before.count(b"BEGIN:VEVENT") - before.count(b"RECURRENCE-ID")
    assert calendar.read_bytes() == before

    file = tmp_path / "crm.jsonl"
    file.write_text(file.read_text("utf-8").replace(f'"{made[0]}"', '"Renamed"'), "utf-8")
    ran = sync("--owner", "bob@example.com")
    assert ran.code == 0, ran.err
    old, new = (_unfolded(data) for data in (before, calendar.read_bytes()))
    gone = [line for line in old if line not in new and not line.startswith(STAMPS)]
    come = [line for line in new if line not in old and not line.startswith(STAMPS)]
    assert (len(gone), [line.partition(":")[2] for line in come]) == (1, ["Renamed"])
    assert gone[0].startswith("SUMMARY")
    after = calendar.read_bytes(), file.read_bytes()
    assert sync("--owner", "bob@example.com").code == 0
    assert (calendar.read_bytes(), file.read_bytes()) == after


def _unfolded(calendar: bytes) -> list[str]:
    return re.sub(r"\r\n[ \t]", "", calendar.decode()).split("\r\n")


@pytest.mark.parametrize("owner", ["ada@example.com", "bob@example.com"])
def test_the_owner_says_whose_meetings_they_are(sync: Callable[..., Ran], tmp_path: Path, owner: str) -> None:
    """Bob called the meeting: what is changed in the CRM goes into his calendar, and not into Ada's copy."""
    calendar = tmp_path / "work.ics"
    calendar.write_bytes(this_week(OUTLOOK).encode())
    before = calendar.read_bytes()
    assert sync("--owner", owner).code == 0
    file = tmp_path / "crm.jsonl"
    (subject,) = appointments(tmp_path)
    file.write_text(file.read_text("utf-8").replace(f'"{subject}"', '"Renamed"'), "utf-8")
    assert sync("--owner", owner).code == 0

    assert (calendar.read_bytes() != before) is (owner == "bob@example.com")


def person(one: str, address: str) -> str:
    """Return a line of a file of people."""
    return f'{{"id": "{one}", "record": {{"last_name": "L", "emails": ["{address}"]}}}}\n'


def test_attendees_are_looked_up_in_files(sync: Callable[..., Ran], tmp_path: Path) -> None:
    """Whoever stands in the address book is related by the id that he or she has there, and others as leads."""
    (tmp_path / "people.jsonl").write_text(person("p7", "Ada@example.com"), "utf-8")
    (tmp_path / "leads.jsonl").write_text(person("l1", "ada@example.com") + person("l2", "bob@example.com"), "utf-8")
    (tmp_path / "work.ics").write_bytes(this_week(GOOGLE).encode())
    people = ("--people", str(tmp_path / "people.jsonl"), "--leads", str(tmp_path / "leads.jsonl"))
    ran = sync(*people, profile="maximizer-appointments")
    assert ran.code == 0, ran.err

    found = [(one.kind, one.id) for one in appointments(tmp_path)["Call"].relations]
    assert sorted(found) == [(RelationKind.ENTRY, "p7"), (RelationKind.LEAD, "l2")]


def test_two_calendars_with_one_meeting_share_its_appointment(sync: Callable[..., Ran], tmp_path: Path) -> None:
    """Ada's and Bob's calendars are synced with one file of the CRM and in one state: the meeting is there once."""
    bobs = this_week(OUTLOOK)
    (tmp_path / "bob.ics").write_bytes(bobs.encode())
    (tmp_path / "ada.ics").write_bytes(bobs.replace("SUMMARY;LANGUAGE=en-gb:A", "SUMMARY;LANGUAGE=en-gb:The").encode())
    for name, owner in (("bob.ics", "bob@example.com"), ("ada.ics", "ada@example.com")):
        ran = sync("--user", name, "--sync", name, "--owner", owner, profile="maximizer-appointments", calendar=name)
        assert ran.code == 0, ran.err

    (made,) = appointments(tmp_path).values()
    assert made.organizer == "bob.ics"
    assert made.subject.startswith("A weekly meeting")


def test_what_no_record_says_is_told(sync: Callable[..., Ran], tmp_path: Path) -> None:
    """Dates beside a rule stay in the file; the plan and the report say so instead of being silent."""
    more = "RDATE;TZID=W. Europe Standard Time:20300101T090000"
    calendar = this_week(OUTLOOK).replace("PRIORITY:5", f"PRIORITY:5\r\n{more}")
    (tmp_path / "work.ics").write_bytes(calendar.encode())
    remark = "1 row of work.ics has RDATE: no record says that; it stays in the file and is not synced"

    assert remark in " ".join(sync(command="plan").out.split())
    data = sync("--json").data
    assert isinstance(data, dict)
    assert remark in data["remarks"]
    assert more.encode() in (tmp_path / "work.ics").read_bytes()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--owner", "ada@example.com"), "only a calendar file has an owner"),
        (("--people", "people.csv"), "the profile looks nobody up"),
    ],
)
def test_senseless_options_are_refused(call: Call, tmp_path: Path, options: tuple[str, str], said: str) -> None:
    """An owner of no calendar, and people where the profile asks for none."""
    (tmp_path / "left.jsonl").write_bytes(b"")
    (tmp_path / "right.jsonl").write_bytes(b"")
    files = (str(tmp_path / "left.jsonl"), str(tmp_path / "right.jsonl"))
    ran = call("plan", *files, "--profile", "maximizer-contacts", "--state", str(tmp_path / "links.db"), *options)

    assert ran.code == 2
    assert said in " ".join(ran.err.split())


def test_a_calendar_file_of_the_crm_is_refused_with_the_reason(call: Call, tmp_path: Path) -> None:
    """It could not say who the appointments are about."""
    for name in ("left.ics", "right.ics"):
        (tmp_path / name).write_bytes(crlf("\nBEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n"))
    files = (str(tmp_path / "left.ics"), str(tmp_path / "right.ics"))
    ran = call("plan", *files, "--profile", "zynsync-calendar", "--state", str(tmp_path / "links.db"))

    assert ran.code == 2
    assert "has no place for the people" in " ".join(ran.err.split())
    assert ".jsonl" in ran.err
