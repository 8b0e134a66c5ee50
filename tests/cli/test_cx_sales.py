"""Files of a sales CRM on the command line: the same commands, three more profiles."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.running import Call


def test_contacts_of_a_file_and_people_of_another_are_synced(tmp_path: Path, call: Call) -> None:
    """Both ways, without accounts to look companies up in; a further sync has nothing to write."""
    left, right = tmp_path / "outlook.jsonl", tmp_path / "crm.jsonl"
    mails = [{"address": "ada@example.com"}]
    given = {"given_name": "Ada", "surname": "Example", "company_name": "Example Ltd", "email_addresses": mails}
    left.write_text(json.dumps({"record": given}) + "\n", encoding="utf-8")
    other = {"first_name": "Bea", "last_name": "Example", "emails": ["bea@example.com"], "account_name": "Other Ltd"}
    right.write_text(json.dumps({"record": other}) + "\n", encoding="utf-8")
    options = (str(left), str(right), "--profile", "cx-sales-contacts", "--state", str(tmp_path / "links.db"))
    ran = call("sync", *options, "--user", "u1", "--yes")

    assert ran.code == 0, ran.err
    people = [json.loads(line)["record"] for line in right.read_text(encoding="utf-8").splitlines()]
    contacts = [json.loads(line)["record"] for line in left.read_text(encoding="utf-8").splitlines()]
    assert sorted(one["first_name"] for one in people) == ["Ada", "Bea"]
    assert sorted(one["company_name"] for one in contacts) == ["Example Ltd", "Other Ltd"]
    again = call("sync", *options, "--user", "u1", "--yes", "--json").data
    assert isinstance(again, dict)
    assert not any(again["writes"].values())


@pytest.mark.parametrize("profile", ["cx-sales-meetings", "cx-sales-tasks"])
def test_meetings_and_tasks_are_known_by_name(tmp_path: Path, call: Call, profile: str) -> None:
    """Two empty files are in step."""
    left, right = tmp_path / "left.jsonl", tmp_path / "right.jsonl"
    for file in (left, right):
        file.write_text("", encoding="utf-8")
    ran = call("plan", str(left), str(right), "--profile", profile, "--state", str(tmp_path / "links.db"))

    assert ran.code == 0, ran.err


def test_without_a_user_everybody_s_tasks_are_synced(tmp_path: Path, call: Call) -> None:
    """A task of the CRM arrives, and an edit of one that the sync has created there comes back."""
    left, right = tmp_path / "todo.jsonl", tmp_path / "crm.jsonl"
    left.write_text('{"id": "1", "record": {"title": "Pay"}}\n', encoding="utf-8")
    right.write_text('{"id": "2", "record": {"subject": "Call", "assigned_to": ["u7"]}}\n', encoding="utf-8")
    options = (str(left), str(right), "--profile", "cx-sales-tasks", "--state", str(tmp_path / "links.db"), "--yes")
    ran = call("sync", *options)
    assert ran.code == 0, ran.err
    assert '"title": "Call"' in left.read_text(encoding="utf-8")

    right.write_text(right.read_text(encoding="utf-8").replace('"Pay"', '"Pay now"'), encoding="utf-8")
    assert call("sync", *options).code == 0
    assert '"title": "Pay now"' in left.read_text(encoding="utf-8")
    assert "both sides agree" in call("sync", *options).out


def test_without_a_user_everybody_s_meetings_are_synced(tmp_path: Path, call: Call) -> None:
    """A meeting that somebody of the CRM called arrives in the calendar; with a user, only that user's do."""
    right = tmp_path / "crm.jsonl"
    day = datetime.now(UTC).date()
    times = {"start": str(day), "end": str(day)}
    rows = [{"id": name, "record": {"subject": name, "organizer": name, **times}} for name in ("u1", "u2")]
    right.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    for number, (user, expected) in enumerate([((), 2), (("--user", "u1"), 1)]):
        left = tmp_path / f"{number}.jsonl"
        left.write_text("", encoding="utf-8")
        state = ("--state", str(tmp_path / f"{number}.db"))
        ran = call("sync", str(left), str(right), "--profile", "cx-sales-meetings", *state, *user, "--yes")
        assert ran.code == 0, ran.err
        assert left.read_text(encoding="utf-8").count("\n") == expected


def test_a_plan_says_whose_events_are_synced(tmp_path: Path, call: Call) -> None:
    """A calendar sync takes one user's events of the CRM; the plan does not say that it takes all of them."""
    left, right = tmp_path / "work.jsonl", tmp_path / "crm.jsonl"
    for file in (left, right):
        file.write_text("", encoding="utf-8")
    options = (str(left), str(right), "--profile", "zynsync-calendar", "--state", str(tmp_path / "links.db"))

    assert "crm.jsonl: only u1's" in call("plan", *options, "--user", "u1").out
    assert "crm.jsonl: only what names no user, as --user is not given" in call("plan", *options).out
