"""Test the commands that look into a state, without the files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tallystick import SqliteState
from tallystick.ports import Commit, Parked, ParkedKind, RunRow, RunState, Side
from tallystick.reconcile.reasons import words
from tests.cli.running import Books, Call

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def commit(books: Books, change: Commit) -> None:
    """Put something into a state, as a run would."""
    key = bytes.fromhex((books.folder / "links.db.key").read_text(encoding="ascii"))
    with SqliteState(books.state, key=key) as state:
        state.commit("outlook.csv+crm.csv", change)


@pytest.mark.behaviour("MX-O-01")
def test_the_history_lists_every_run(synced: Books, call: Call) -> None:
    """The history tells of each run when it was, how it ended, and what it did, the newest first."""
    call("sync", *synced.options)
    synced.left.unlink()

    lines = [line.split() for line in call("history", *synced.where).out.splitlines()]

    runs = [line for line in lines if line and line[0].isdigit()]
    assert [line[0] for line in runs] == ["2", "1"]
    assert runs[0][3:8] == ["complete", "-", "2", "-", "-"]
    assert runs[1][3:9] == ["complete,", "initial", "5", "2", "2", "1"]


def test_the_history_is_as_long_as_asked_for(synced: Books, call: Call) -> None:
    """--limit says how many runs are listed."""
    call("sync", *synced.options)

    runs = call("history", *synced.where, "--limit", "1", "--json").data

    assert isinstance(runs, list)
    assert [run["run"] for run in runs] == [2]
    assert runs[0]["state"] == "complete"


@pytest.mark.parametrize("limit", ["0", "-1"])
def test_a_history_of_no_runs_is_not_asked_for(limit: str, synced: Books, call: Call) -> None:
    """It is not said that there was no run where there was one."""
    ran = call("history", *synced.where, "--limit", limit)

    assert ran.code == 2
    assert "above 0" in ran.err
    assert "No run" not in ran.out


def test_a_run_that_waits_or_goes_on_is_listed_as_such(synced: Books, call: Call) -> None:
    """A run that has not ended has no duration yet."""
    commit(synced, Commit(run=RunRow(RunState.ENQUEUED, enqueued=SEEN)))
    commit(synced, Commit(run=RunRow(RunState.SYNCING, started=SEEN, note="still at it")))

    ran = call("history", *synced.where)

    assert "enqueued" in ran.out
    assert "syncing" in ran.out
    assert "run 3: still at it" in ran.out


@pytest.mark.behaviour("MX-O-02")
def test_the_ignored_records_are_listed_with_every_reason(synced: Books, call: Call) -> None:
    """The list of ignored records names side, id and every reason, and needs neither file."""
    synced.left.unlink()
    synced.right.unlink()

    ran = call("ignored", *synced.where)
    rows = call("ignored", *synced.where, "--json").data

    assert ran.code == 0
    assert words("missing:first_name") in ran.out
    assert words("invalid:email") in ran.out
    assert "2 records" in ran.out
    assert isinstance(rows, list)
    assert {(row["side"], *row["reasons"]) for row in rows} == {
        ("left", "missing:first_name"),
        ("right", "invalid:email"),
    }


def test_an_id_is_shown_whole_so_that_it_can_be_copied(synced: Books, call: Call) -> None:
    """The ids that a list shows are the whole ids, which explain takes."""
    rows = call("ignored", *synced.where, "--json").data
    assert isinstance(rows, list)

    for row in rows:
        assert row["id"] in call("ignored", *synced.where).out
        assert call("explain", *synced.options, "--side", row["side"], "--id", row["id"]).code == 0


def test_empty_lists_say_that_they_are_empty(synced: Books, call: Call) -> None:
    """Where nothing waits for you, the command says so."""
    assert "No pair is in conflict." in call("conflicts", *synced.where).out
    assert "No such row." in call("errors", *synced.where, "--kind", "failed").out
    assert call("errors", *synced.where, "--kind", "failed", "--json").data == []


def test_conflicts_and_errors_are_listed_apart(synced: Books, call: Call) -> None:
    """What waits for a choice and what failed are two lists."""
    rows = [
        Parked(Side.LEFT, "one", None, ParkedKind.CONFLICT, ("conflict:company",), first_seen=SEEN),
        Parked(Side.RIGHT, "two", None, ParkedKind.FAILED, ("refused:encoding",), attempts=3, retry_at=SEEN),
    ]
    commit(synced, Commit(parked=rows))

    conflicts = call("conflicts", *synced.where).out
    errors = call("errors", *synced.where).out

    assert "one" in conflicts
    assert "both sides changed" in conflicts
    assert "company" in conflicts
    assert "2026-03-01" in conflicts
    assert "1 pair" in conflicts
    assert "two" in errors
    assert "tried again" in errors
    assert "one" not in errors


def test_the_status_tells_how_a_sync_stands(synced: Books, call: Call) -> None:
    """The status tells whether the sync is on, how many pairs it has, what is set aside, and how the last run ended."""
    ran = call("status", *synced.where)
    data = call("status", *synced.where, "--json").data

    for said in ("on", "5", "2 ignored", "complete", "what changed since"):
        assert said in ran.out
    assert isinstance(data, dict)
    assert data["pairs"] == 5
    assert data["initial_done"] is True
    assert data["last_run"]["state"] == "complete"


def test_the_status_tells_what_waits_for_the_next_run(synced: Books, call: Call) -> None:
    """The status tells that a sync is off, will list everything anew, or has confirmed figures, and the last note."""
    head: dict[str, object] = {
        "enabled": False,
        "initial": True,
        "confirmed": {"unlinked": 3000},
    }
    commit(synced, Commit(head=head, run=RunRow(RunState.WARNING, started=SEEN, note="the service was down")))

    said = call("status", *synced.where).out

    for part in ("off", "an initial one", "unlinked 3,000", "the service was down"):
        assert part in said


def test_a_sync_that_is_off_is_not_run(synced: Books, call: Call) -> None:
    """A sync that was switched off refuses to run, and exits with 3."""
    commit(synced, Commit(head={"enabled": False}))

    ran = call("sync", *synced.options, "--yes")

    assert ran.code == 3
    assert "switched off" in ran.err


def test_a_sync_that_never_ran_has_no_history(synced: Books, call: Call) -> None:
    """A sync that was only set up has no run yet."""
    key = bytes.fromhex((synced.folder / "links.db.key").read_text(encoding="ascii"))
    with SqliteState(synced.folder / "fresh.db", key=key) as state:
        state.commit("fresh", Commit(head={"enabled": True}))
    options = ("--state", synced.folder / "fresh.db", "--key-file", synced.folder / "links.db.key")

    assert "No run yet." in call("history", *options).out
    assert "never run" in call("status", *options).out


def test_what_a_file_has_no_letters_for_is_told_with_what_helps(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that the file's encoding can't spell is named as such on 80 columns, with the field and the remedy."""
    monkeypatch.setenv("COLUMNS", "80")
    head = "First Name,Last Name,E-mail Address\r\nZoé,Byron,zoe@example.com\r\n"
    (tmp_path / "outlook.csv").write_bytes(head.encode("cp1252"))
    person = "First Name,Last Name,Email1\r\nJan,Łukasz,jan@example.com\r\n"
    (tmp_path / "crm.csv").write_text(person, encoding="utf-8", newline="")
    files, state = (str(tmp_path / "outlook.csv"), str(tmp_path / "crm.csv")), ("--state", str(tmp_path / "links.db"))
    ran = call("sync", *files, "--profile", "maximizer-contacts", *state, "--yes")
    listed = call("errors", *state)

    assert ran.code == 1
    for said in (ran.out, listed.out):
        words = said.replace("\n", " ")
        assert "UTF-8" in words
        assert "(surname)" in "".join(words.split())
