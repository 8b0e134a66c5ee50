"""Test the settling of conflicts and the finding of errors on the command line, from settings in a file."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Call

SETTINGS = {"settings": "cx-sales-contacts", "choices": {"resolution": "you decide"}}


def lines(path: Path) -> list[dict[str, object]]:
    """Return the lines of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def edit(path: Path, **fields: object) -> None:
    """Change the one record of a file, as a person does."""
    (line,) = lines(path)
    path.write_text(json.dumps({**line, "record": {**line["record"], **fields}}) + "\n", encoding="utf-8")  # type: ignore[dict-item]


class Files:
    """Two files in sync, of which both have been edited since, and the options that name them."""

    def __init__(self, folder: Path, call: Call, conflict: str = "1") -> None:
        self.left, self.right, self.settings = folder / "outlook.jsonl", folder / "crm.jsonl", folder / "settings.json"
        self.settings.write_text(json.dumps(SETTINGS), encoding="utf-8")
        self.state = ("--state", str(folder / "links.db"))
        self.options = (
            *(str(self.left), str(self.right), "--profile", "cx-sales-contacts", "--user", "u1"),
            *("--settings", str(self.settings), *self.state),
        )
        mails = [{"address": "ada@example.com"}]
        record = {"given_name": "Ada", "surname": "Example", "email_addresses": mails}
        self.left.write_text(json.dumps({"id": conflict, "record": record}) + "\n", encoding="utf-8")
        self.right.write_text("", encoding="utf-8")
        assert call("sync", *self.options, "--yes").code == 0
        edit(self.left, job_title="left", department="left")
        edit(self.right, job_title="right", department="right")
        assert call("sync", *self.options, "--yes").code == 0
        self.conflict = conflict

    def shown(self) -> list[tuple[object, object]]:
        """Return job title and department on both sides."""
        records = [lines(path)[0]["record"] for path in (self.left, self.right)]
        return [(one["job_title"], one["department"]) for one in records]  # type: ignore[index]  # JSON


@pytest.fixture
def files(tmp_path: Path, call: Call) -> Files:
    """Two files of which both have been edited."""
    return Files(tmp_path, call)


def test_a_plan_does_not_call_equal_what_waits_for_a_person(files: Files, call: Call) -> None:
    """Beside a conflict that nobody has settled, the plan doesn't say that both sides agree, nor count a pair twice."""
    said = call("plan", *files.options).out

    assert "Nothing to write.\n" in said.replace(" \n", "\n")
    assert "both sides changed the same field" in said
    assert "agree" not in said
    assert "1 pair so far\n" in said.replace(" \n", "\n")


def test_a_list_of_conflicts_names_its_fields_on_a_usual_screen(
    tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 80 columns, beside ids as the library makes them, the fields that both sides changed can be read."""
    monkeypatch.setenv("COLUMNS", "80")
    files = Files(tmp_path, call, "row-eb566cc18ded3ddff58a-1")
    said = call("conflicts", *files.state).out

    assert files.conflict in said
    assert "department" in said
    assert "job_title" in said


def test_a_conflict_is_shown_and_settled_field_by_field(files: Files, call: Call) -> None:
    """Settings of a file let a person decide: nothing is written until then."""
    assert files.shown() == [("left", "left"), ("right", "right")]
    assert "both sides changed" in call("conflicts", *files.state).out
    seen = call("compare", *files.options, "--conflict", files.conflict)
    data = call("compare", *files.options, "--conflict", files.conflict, "--json").data

    assert "in conflict" in seen.out
    assert "job_title" in seen.out
    assert isinstance(data, dict)
    assert {one["field"]: (one["left"], one["right"]) for one in data["fields"]} == {
        "job_title": ("left", "right"),
        "department": ("left", "right"),
    }
    settled = call(
        "resolve", *files.options, "--conflict", files.conflict, "--winner", "left", "--rule", "job_title=right"
    )
    assert settled.code == 0, settled.err
    assert files.shown() == [("right", "left")] * 2
    assert call("conflicts", *files.state, "--json").data == []


def test_a_choice_that_is_not_whole_is_refused(files: Files, call: Call) -> None:
    """A field without a side, and one that no side is chosen for, end as what can't be used."""
    for choice in (("--rule", "job_title"), ("--rule", "job_title=left")):
        ran = call("resolve", *files.options, "--conflict", files.conflict, *choice)
        assert ran.code == 2
        assert "side" in ran.err
    assert files.shown() == [("left", "left"), ("right", "right")]


def test_both_are_kept(files: Files, call: Call) -> None:
    """The record that loses is in its file once more."""
    settled = call("resolve", *files.options, "--conflict", files.conflict, "--winner", "left", "--keep-both")

    assert settled.code in (0, 2), settled.err
    assert len(lines(files.right)) == (2 if settled.code == 0 else 1)


def test_errors_that_a_correction_mends_can_be_picked(files: Files, call: Call) -> None:
    """A contact without a last name is ignored for missing data."""
    with files.left.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"record": {"given_name": "Bea"}}) + "\n")
    call("sync", *files.options, "--yes")

    assert call("errors", *files.state, "--not-resolvable", "--json").data == []
    rows = call("errors", *files.state, "--resolvable", "--json").data
    assert isinstance(rows, list)
    assert [(row["reasons"], row["resolvable"]) for row in rows] == [(["missing:last_name"], True)]
    assert "a mandatory field is empty" in call("errors", *files.state, "--resolvable").out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"settings": "cx-sales-contacts", "choices": {"resolution": "nobody"}}', "resolution: none of"),
        ('{"settings": "another", "choices": {}}', "not of these settings"),
        ("{", "no JSON"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_settings_that_can_not_be_are_told(files: Files, call: Call, text: str | bytes, said: str) -> None:
    """A plan that was to be made by them is not made."""
    files.settings.write_bytes(text if isinstance(text, bytes) else text.encode())
    ran = call("plan", *files.options)

    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_a_shell_can_complete_commands(call: Call, shell: str) -> None:
    """What is printed knows the commands and their options."""
    ran = call("completion", shell)

    assert ran.code == 0
    assert "resolvable" in ran.out
    assert "tallystick" in ran.out
