"""Files of a sales CRM on the command line: the same commands, three more profiles."""

import json
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
