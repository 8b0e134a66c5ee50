"""Files of tasks on the command line: the same commands, another profile."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.running import Call

Line = Mapping[str, object]


def write(path: Path, *lines: Line) -> Path:
    """Write a file of JSON lines."""
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def records(path: Path) -> list[dict[str, object]]:
    """Return the records of a file."""
    return [json.loads(line)["record"] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def options(tmp_path: Path) -> tuple[str, ...]:
    """Two files of tasks, and the options under which they are synced."""
    left = write(tmp_path / "todo.jsonl")
    right = write(
        tmp_path / "crm.jsonl",
        {"id": "1", "record": {"subject": "Call\nGrace", "due": "2300-01-05T03:00:00Z", "assigned_to": ["ada"]}},
        {"id": "2", "record": {"subject": "Not hers", "due": "2300-01-05", "assigned_to": ["grace"]}},
        {"id": "3", "record": {"subject": "Long ago", "due": "1999-01-05", "assigned_to": ["ada"]}},
    )
    return (
        *map(str, (left, right)),
        *("--profile", "maximizer-tasks", "--user", "ada", "--left-list", "Maximizer"),
        *("--zone", "America/New_York", "--state", str(tmp_path / "links.db")),
    )


@pytest.mark.behaviour("MX-T-02", "MX-T-06")
def test_a_first_sync_fills_the_left_file(options: tuple[str, ...], tmp_path: Path, call: Call) -> None:
    """The user's tasks from today on come over, by the days of the zone that was named."""
    ran = call("sync", *options, "--yes")

    assert ran.code == 0, ran.err
    (task,) = records(tmp_path / "todo.jsonl")
    assert (task["title"], task["body"]) == ("Call", "Grace")
    assert task["due"] == "2300-01-04T00:00:00+00:00"
    assert json.loads((tmp_path / "todo.jsonl").read_text(encoding="utf-8"))["lists"] == ["Maximizer"]


@pytest.mark.behaviour("MX-T-03", "TS-04")
def test_later_syncs_go_both_ways(options: tuple[str, ...], tmp_path: Path, call: Call) -> None:
    """A task that is new in the left file is assigned to the user, and a further sync has nothing to write."""
    assert call("sync", *options, "--yes").code == 0
    left = tmp_path / "todo.jsonl"
    line = {"record": {"title": "Water", "due": "2300-02-01T05:00:00Z"}, "lists": ["Maximizer"]}
    left.write_text(left.read_text(encoding="utf-8") + json.dumps(line) + "\n", encoding="utf-8")

    assert call("sync", *options, "--yes").code == 0
    made = records(tmp_path / "crm.jsonl")[-1]
    assert (made["subject"], made["due"], made["assigned_to"]) == ("Water", "2300-02-01", ["ada"])
    before = (left.read_bytes(), (tmp_path / "crm.jsonl").read_bytes())
    assert call("sync", *options, "--yes").code == 0
    assert (left.read_bytes(), (tmp_path / "crm.jsonl").read_bytes()) == before


@pytest.mark.behaviour("MX-T-11")
def test_calendar_files_hold_tasks_too(options: tuple[str, ...], tmp_path: Path, call: Call) -> None:
    """A .ics file of VTODOs is filled from the CRM's, series and all, and a further sync writes nothing."""
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", "BEGIN:VTODO", "UID:7", "SUMMARY:Water"),
        *("DTSTART;VALUE=DATE:23000105", "DUE;VALUE=DATE:23000105", "RRULE:FREQ=DAILY;COUNT=5"),
        *("X-TALLYSTICK-LIST:ada", "END:VTODO", "END:VCALENDAR", ""),
    )
    left, right = tmp_path / "todo.ics", tmp_path / "crm.ics"
    left.write_text("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\nEND:VCALENDAR\n", encoding="utf-8")
    right.write_text("\n".join(lines), encoding="utf-8")

    assert call("sync", str(left), str(right), *options[2:], "--yes").code == 0
    text = left.read_text(encoding="utf-8")
    assert all(line in text for line in ("SUMMARY:Water", "DUE;VALUE=DATE:23000105", "RRULE:FREQ=DAILY;COUNT=5"))
    assert right.read_text(encoding="utf-8") == "\n".join(lines)
    before = left.read_bytes()
    assert call("sync", str(left), str(right), *options[2:], "--yes").code == 0
    assert left.read_bytes() == before


def test_a_table_of_tasks_is_refused(options: tuple[str, ...], tmp_path: Path, call: Call) -> None:
    """A kind of file that the profile has none of is named, with those that it takes."""
    table = tmp_path / "todo.csv"
    table.write_text("Title\n", encoding="utf-8")
    ran = call("plan", str(table), *options[1:])

    assert ran.code != 0
    assert "give a file whose name ends in .jsonl or .ics" in " ".join(ran.err.split())


def test_an_unknown_zone_is_refused(options: tuple[str, ...], call: Call) -> None:
    """A slip in the zone's name is told of before anything is read."""
    ran = call("plan", *options[:-3], "Europe/Atlantis", *options[-2:])

    assert ran.code != 0
    assert "there is no time zone" in ran.err


def test_a_time_without_an_offset_is_refused(options: tuple[str, ...], tmp_path: Path, call: Call) -> None:
    """An instant that names no zone could be any hour: the line is named, and not the value."""
    write(tmp_path / "crm.jsonl", {"record": {"subject": "Call", "due": "2300-01-05T03:00:00"}})
    ran = call("plan", *options)

    assert ran.code != 0
    assert "crm.jsonl, line 1: the field due does not fit" in " ".join(ran.err.split())
    assert "03:00" not in ran.err
