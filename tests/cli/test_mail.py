"""Messages in files on the command line: planned, recorded once, and refused where something is not as it should be."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from tallystick.providers.files.disk import replace_file
from tests.cli.running import Call

ADA, GRACE = "ada@example.com", "grace@example.com"


@pytest.fixture
def options(tmp_path: Path) -> tuple[str, ...]:
    """Return a folder with a message of Grace's, one of a stranger's and one that is none, and the options."""
    mail = tmp_path / "Mail"
    mail.mkdir()
    now = format_datetime(datetime.now(UTC))
    for number, sender in enumerate((GRACE, "x@example.com")):
        head = f"From: {sender}\nTo: {ADA}\nDate: {now}\nMessage-ID: <{number}@x>\nSubject: S3cret {number}\n\nbody\n"
        (mail / f"{number}.eml").write_text(head, encoding="utf-8")
    (mail / "broken.eml").write_bytes(b"message/" * 100)
    (tmp_path / "crm.jsonl").write_bytes(b"")
    people = {"id": "e1", "record": {"first_name": "Grace", "emails": [GRACE]}}
    (tmp_path / "people.jsonl").write_text(json.dumps(people) + "\n", encoding="utf-8")
    return (
        *(str(mail), str(tmp_path / "crm.jsonl"), "--people", str(tmp_path / "people.jsonl")),
        *("--address", ADA, "--state", str(tmp_path / "links.db")),
    )


def subjects(tmp_path: Path) -> list[str]:
    """Return the subjects of the activities in the CRM's file."""
    lines = (tmp_path / "crm.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["record"]["subject"] for line in lines]


def test_messages_are_recorded_once(options: tuple[str, ...], tmp_path: Path, call: Call) -> None:
    """What is no message is named and left out, and a second call has nothing to write."""
    ran = call("mail", *options, "--yes")
    assert ran.code == 0, ran.err
    assert "broken.eml" in ran.out
    assert "S3cret" not in ran.out + ran.err
    assert subjects(tmp_path) == ["S3cret 0"]

    again = call("mail", *options, "--yes", "--json")
    assert (again.code, json.loads(again.out)["synced"]) == (0, 0)
    assert subjects(tmp_path) == ["S3cret 0"]


def test_a_message_that_was_recorded_may_be_deleted(options: tuple[str, ...], tmp_path: Path, call: Call) -> None:
    """What was recorded stays recorded when its message goes, and the messages after it are recorded all the same."""
    assert call("mail", *options, "--yes").code == 0
    first = tmp_path / "Mail" / "0.eml"
    (tmp_path / "Mail" / "2.eml").write_bytes(first.read_bytes().replace(b"<0@x>", b"<2@x>").replace(b" 0", b" 2", 1))
    first.unlink()
    ran = call("mail", *options, "--yes")

    assert ran.code == 0, ran.err
    assert len(subjects(tmp_path)) == 2
    assert "Nothing was written." in call("mail", *options, "--yes").out


def test_a_message_that_cannot_be_read_is_named_with_the_plan_and_with_the_report(
    options: tuple[str, ...], call: Call
) -> None:
    """In words and as data, the first ten of many; the exit code is that of what could be done."""
    said = "1 message of Mail cannot be read, and is left alone: broken.eml"
    planned = call("mail", *options, "--plan", "--json")
    ran = call("mail", *options, "--yes")
    again = call("mail", *options, "--yes", "--json")

    assert (planned.code, ran.code, again.code) == (0, 0, 0)
    assert json.loads(planned.out)["remarks"] == json.loads(again.out)["remarks"] == [said]
    plan, report = ran.out.split("Report", 1)
    assert said in plan
    assert said in report


def test_an_interrupt_while_messages_are_recorded_does_not_say_that_nothing_was_written(
    options: tuple[str, ...], tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that the next run goes on, and what was recorded by then is recorded once."""

    def interrupted(path: Path, data: bytes, known: bytes) -> object:
        replace_file(path, data, known)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tallystick.providers.files.provider.replace_file", interrupted)
        ran = call("mail", *options, "--yes")
    assert ran.code == 130
    assert "nothing was written" not in ran.err
    assert "interrupted while writing" in ran.err
    assert subjects(tmp_path) == ["S3cret 0"]

    assert call("mail", *options, "--yes").code == 0
    assert subjects(tmp_path) == ["S3cret 0"]


@pytest.mark.parametrize("as_json", [True, False])
def test_a_plan_writes_nothing(
    options: tuple[str, ...],
    tmp_path: Path,
    call: Call,
    as_json: bool,
) -> None:
    """It says what would be written, in words or as data."""
    ran = call("mail", *options, "--plan", *(["--json"] if as_json else []))

    assert ran.code == 0, ran.err
    assert "create" in ran.out
    assert subjects(tmp_path) == []
    assert not (tmp_path / "links.db").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--look-back", "31"), "more than 30"),
        (("--address", "ada"), "no mail address"),
        ((), "--yes"),
    ],
)
def test_what_cannot_be_done_is_said(options: tuple[str, ...], call: Call, more: tuple[str, ...], said: str) -> None:
    """With the remedy, and nothing is written."""
    given = [*options]
    if more[:1] == ("--address",):
        given[given.index("--address") + 1] = more[1]
        more = ()
    ran = call("mail", *given, *more)

    assert ran.code not in (0, 1)
    assert said in ran.err
