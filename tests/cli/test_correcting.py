"""Test the correcting of listed records on the command line, the picking of rows, and what a late choice is told."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tallystick import SqliteState
from tallystick.ports import Commit, Parked, ParkedKind, RunRow, RunState, Side
from tallystick.providers.files import FileProvider
from tests.cli.running import Books, Call, Ran
from tests.cli.test_looking import SEEN, commit
from tests.cli.test_resolving import Files, edit, lines


def rows_of(call: Call, *command: str) -> list[dict[str, object]]:
    """Return the rows that a list has, as data."""
    data = call(*command, "--json").data
    assert isinstance(data, list)
    return data


@pytest.fixture
def unfit(synced: Books, call: Call) -> str:
    """The id of the contact that lacks its first name."""
    (row,) = rows_of(call, "errors", *synced.where, "--side", "left")
    return str(row["id"])


def correct(call: Call, books: Books, one: str, *given: str, side: str = "left") -> Ran:
    """Correct a record with these fields."""
    fields = [part for field in given for part in ("--set", field)]
    return call("correct", *books.options, "--side", side, "--id", one, *fields)


@pytest.mark.behaviour("CX-08")
def test_a_corrected_record_is_synced_and_off_the_list(synced: Books, call: Call, unfit: str) -> None:
    """Both files have the person after one command, and a second one is told that it was settled, and when."""
    ran = correct(call, synced, unfit, "given_name=Gus")

    assert ran.code == 0, ran.err
    assert "The record is off the list." in ran.out
    assert "Unfit" in synced.names()[1]
    assert [row["side"] for row in rows_of(call, "errors", *synced.where)] == ["right"]
    late = correct(call, synced, unfit, "given_name=Gerda")
    assert late.code == 1
    assert "settled meanwhile, by run 2 at" in late.err
    assert "Gerda" not in synced.left.read_text(encoding="utf-8-sig")
    assert len(rows_of(call, "history", *synced.where)) == 2


@pytest.mark.behaviour("CX-08")
def test_what_is_still_wrong_is_still_listed(synced: Books, call: Call, unfit: str) -> None:
    """The new reason is told, and lists are given as JSON."""
    ran = correct(call, synced, unfit, "given_name=Gus", "email_addresses=[]")

    assert "still listed: a mandatory field" in " ".join(ran.out.split())
    assert [row["reasons"] for row in rows_of(call, "errors", *synced.where, "--side", "left")] == [["missing:email"]]
    data = json.loads(
        call("correct", *synced.options, "--side", "left", "--id", unfit, "--set", "title=Dr", "--json").out
    )
    assert data["listed"] == ["missing:email"]


@pytest.mark.behaviour("CX-08")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("given_name", "names no field and value"),
        ("=Gus", "names no field and value"),
        ("first_name=Gus", "no field first_name -- given_name,"),
        ("email_addresses=gus@example.com", "not a value that email_addresses can have"),
        ('email_addresses=["gus@example.com"]', "not a value that email_addresses can have"),
        ("birthday=someday", "not a value that birthday can have"),
    ],
)
def test_what_no_field_can_be_given_is_refused(synced: Books, call: Call, unfit: str, given: str, said: str) -> None:
    """The file stays as it is, the message names fields and no values, and no run is recorded."""
    before = synced.contents()
    ran = correct(call, synced, unfit, given)

    assert ran.code == 2
    assert said in ran.err
    assert "gus@" not in ran.err.lower()
    assert synced.contents() == before


@pytest.mark.behaviour("CX-08")
def test_an_unknown_record_is_no_run(synced: Books, call: Call) -> None:
    """A mistyped id ends as what can't be used, tells where to look, and leaves nothing in the history."""
    for argv in (
        ("correct", *synced.options, "--side", "left", "--id", "nobody", "--set", "given_name=Gus"),
        ("resolve", *synced.options, "--conflict", "nobody", "--winner", "left"),
        ("compare", *synced.options, "--conflict", "nobody"),
        ("release", *synced.options, "--side", "left", "--id", "nobody"),
        ("explain", *synced.options, "--side", "left", "--id", "nobody"),
    ):
        ran = call(*argv, "--json")
        assert ran.code == 2, argv
        assert ran.data["error"]["code"] == "unknown_record"  # type: ignore[index]  # JSON
        assert "nobody" in ran.err
    assert len(rows_of(call, "history", *synced.where)) == 1


@pytest.mark.behaviour("CX-05")
def test_who_chooses_second_is_told_in_which_run_it_was_settled(tmp_path: Path, call: Call) -> None:
    """The message is one line, names run and time, and nothing is written; the code is that of a no."""
    files = Files(tmp_path, call)
    choice = ("resolve", *files.options, "--conflict", files.conflict, "--winner")
    assert call(*choice, "left").code == 0
    shown = files.shown()
    late = call(*choice, "right", "--json")

    assert late.code == 1
    assert len(late.err.splitlines()) == 1
    error = late.data["error"]  # type: ignore[index]  # JSON
    assert (error["code"], error["run"], error["under_way"]) == ("already_settled", 3, False)
    assert error["at"]
    assert all(error["versions"])
    assert files.shown() == shown


@pytest.mark.behaviour("CX-05")
def test_a_stale_choice_is_told_what_is_in_conflict_now(tmp_path: Path, call: Call) -> None:
    """The fields are named, and no values."""
    files = Files(tmp_path, call)
    edit(files.right, job_title="another")
    ran = call("resolve", *files.options, "--conflict", files.conflict, "--winner", "left")

    assert ran.code == 1
    assert "in conflict now: job_title, department" in ran.err
    assert "another" not in ran.err


@pytest.mark.parametrize("command", ["resolve", "correct"])
def test_an_interrupted_choice_says_what_it_leaves_behind(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Ctrl-C while a choice is written does not claim that nothing was; the next sync goes on."""
    files = Files(tmp_path, call)
    with files.left.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"record": {"given_name": "Bea"}}) + "\n")
    call("sync", *files.options, "--yes")
    (row,) = rows_of(call, "errors", *files.state)
    options = {
        "resolve": ("--conflict", files.conflict, "--winner", "left"),
        "correct": ("--side", "left", "--id", str(row["id"]), "--set", "surname=Example"),
    }

    def stop(*_ignored: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(FileProvider, "update", stop)
        ran = call(command, *files.options, *options[command])
    assert ran.code == 130
    assert "interrupted while writing" in ran.err
    assert call("sync", *files.options, "--yes").code == 0
    assert call(command, *files.options, *options[command]).code == 0
    assert len(lines(files.right)) == 1 + (command == "correct")


# --- lists -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def listed(synced: Books) -> Books:
    """Files of which some records failed, besides the two unfit ones, and one pair is in conflict."""
    failed = [
        Parked(Side.LEFT, "again", None, ParkedKind.FAILED, ("refused:locked",), attempts=1, retry_at=SEEN),
        Parked(Side.RIGHT, "given up", None, ParkedKind.FAILED, ("refused:locked", "gave_up"), attempts=12),
        Parked(Side.RIGHT, "invalid", None, ParkedKind.FAILED, ("refused:invalid_phone",), attempts=1),
        Parked(Side.LEFT, "l1", None, ParkedKind.CONFLICT, ("conflict:company",)),
        Parked(Side.LEFT, "l2", None, ParkedKind.CONFLICT, ("conflict:position",)),
    ]
    commit(synced, Commit(parked=failed))
    return synced


@pytest.mark.behaviour("CX-07")
@pytest.mark.parametrize(
    ("picked", "found"),
    [
        ((), {"again", "given up", "invalid", "left", "right"}),
        (("--kind", "failed"), {"again", "given up", "invalid"}),
        (("--kind", "ignored", "--side", "left"), {"left"}),
        (("--side", "right"), {"given up", "invalid", "right"}),
        (("--resolvable",), {"invalid", "left", "right"}),
        (("--not-resolvable",), {"again", "given up"}),
        (("--reason", "LOCKED"), {"again", "given up"}),
        (("--reason", "no valid value"), {"right"}),
        (("--reason", "nothing of the kind"), set()),
    ],
)
def test_errors_are_picked(listed: Books, call: Call, picked: tuple[str, ...], found: set[str]) -> None:
    """By kind, side, whether a correction mends them, and a text in their reasons, all of which must hold."""
    rows = rows_of(call, "errors", *listed.where, *picked)

    named = {str(row["side"] if row["kind"] == "ignored" else row["id"]) for row in rows}
    assert named == found
    assert len(call("errors", *listed.where, *picked).out.splitlines()) > 1


@pytest.mark.behaviour("CX-07")
def test_each_error_says_what_helps(listed: Books, call: Call) -> None:
    """Corrected, tried again by itself, or released; the commands stand below."""
    helps = {row["id"]: row["what_helps"] for row in rows_of(call, "errors", *listed.where, "--kind", "failed")}

    assert helps["invalid"] == "correct it"
    assert helps["given up"] == "release it"
    assert str(helps["again"]).startswith("tried again after 2026-03-01")
    said = " ".join(call("errors", *listed.where).out.split())
    assert "Correct it: tallystick correct" in said
    assert "Release it: tallystick release" in said


def test_conflicts_are_picked_by_field(listed: Books, call: Call) -> None:
    """Each pair is one row, with the fields that both sides changed."""
    assert [row["id"] for row in rows_of(call, "conflicts", *listed.where)] == ["l1", "l2"]
    (row,) = rows_of(call, "conflicts", *listed.where, "--reason", "position")
    assert (row["id"], row["rules"]) == ("l2", ["position"])
    assert "tallystick resolve" in call("conflicts", *listed.where).out
    assert "No such row." in call("conflicts", *listed.where, "--reason", "phone").out


def test_a_failed_record_is_released_as_data(listed: Books, call: Call) -> None:
    """--json answers what was released."""
    ran = call("release", *listed.options, "--side", "right", "--id", "given up", "--json")

    assert ran.data == {"released": {"side": "right", "id": "given up"}}


# --- the status ------------------------------------------------------------------------------------------------------


@pytest.mark.behaviour("LP-15", "HL-07", "MX-O-06")
def test_the_status_tells_connections_and_the_next_run(synced: Books, call: Call, tmp_path: Path) -> None:
    """By interval where the profile is named, now where a run was asked for, and never run where none was made."""
    settings = tmp_path / "settings.json"
    settings.write_text('{"settings": "maximizer-contacts", "choices": {"interval": "PT2H"}}', encoding="utf-8")
    named = ("--profile", "maximizer-contacts", "--settings", str(settings), "--json")

    def status(*more: str) -> dict[str, object]:
        data = call("status", *synced.where, *more).data
        assert isinstance(data, dict)
        return data

    assert status("--json")["connections"] == {"left": "connected", "right": "connected"}
    assert (status("--json")["due"], status("--json")["interval"]) == (None, None)
    assert status(*named)["interval"] == 7200
    last = status(*named)["last_run"]
    assert isinstance(last, dict)
    assert str(status(*named)["due"]) > str(last["started"])
    assert "2 hours" in call("status", *synced.where, *named[:-1]).out

    refused = {"unauthorised.left": 1, "unreachable.right": 1}
    commit(synced, Commit(run=RunRow(RunState.PROBLEM, started=SEEN, ended=SEEN, counts=refused)))
    commit(synced, Commit(run=RunRow(RunState.ENQUEUED, enqueued=SEEN)))
    assert status("--json")["connections"] == {"left": "needs authorisation", "right": "unreachable"}
    assert status("--json")["next_run"] == "due now"
    said = call("status", *synced.where).out
    assert "needs authorisation" in said
    assert "unreachable" in said

    commit(synced, Commit(head={"enabled": False}))
    assert status("--json")["next_run"] == "none while it is off"
    assert call("status", *synced.where, "--settings", str(settings)).code == 2


@pytest.mark.behaviour("LP-15")
def test_a_sync_that_was_never_run_says_so(books: Books, call: Call) -> None:
    """There is no run, no connection was tried, and the first run is due now."""
    key = bytes(range(32))
    Path(f"{books.state}.key").write_text(key.hex(), encoding="ascii")
    with SqliteState(books.state, key=key) as state:
        state.commit("outlook.csv+crm.csv", Commit(head={"enabled": True}))
    data = call("status", *books.where, "--json").data

    assert isinstance(data, dict)
    assert (data["last_run"], data["next_run"]) == (None, "due now")
    assert data["connections"] == {"left": None, "right": None}
    assert "never run" in call("status", *books.where).out


# --- the shell -------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["tallystick", "co"], {"compare", "completion", "conflicts", "correct"}),
        (["tallystick", "errors", "--re"], {"--reason", "--resolvable"}),
        (["tallystick", "resolve", "a.csv", "b.csv", "--win"], {"--winner"}),
        (["tallystick", "errors", "--kind", "fr"], {"frozen"}),
    ],
)
def test_bash_completes(call: Call, tmp_path: Path, typed: list[str], offered: set[str]) -> None:
    """A real bash that has read the script offers commands, options and choices."""
    script = tmp_path / "tallystick.bash"
    script.write_text(call("completion", "bash").out, encoding="utf-8")
    words = " ".join(f"'{one}'" for one in typed)
    asked = (
        f"source '{script}'; COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; COMP_LINE='{' '.join(typed)}';"
        " COMP_POINT=${#COMP_LINE}; $(complete -p tallystick | sed 's/.*-F \\([^ ]*\\) .*/\\1/') tallystick;"
        ' printf "%s\\n" "${COMPREPLY[@]}"'
    )
    found = subprocess.run(
        [shutil.which("bash") or "", "--norc", "-c", asked], capture_output=True, text=True, check=True, timeout=30
    )

    assert offered <= {line.strip() for line in found.stdout.splitlines()}, found.stdout + found.stderr
