"""Test the command that syncs two files."""

import io
import sys
from pathlib import Path

import attrs
import pytest

from tallystick.records import EmailAddress
from tests.cli.running import Books, Call, contact, entry, few, make_books


class Person(io.StringIO):
    """Somebody at a terminal, who types."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


def test_a_sync_makes_both_files_agree(books: Books, call: Call) -> None:
    """After a sync both files hold the same people, and the report counts what was done."""
    ran = call("sync", *books.options, "--yes")

    assert ran.code == 0
    assert "complete: 5 pairs synced, 2 records ignored" in ran.out
    left, right = books.names()
    assert left == ["Both", "Both", "Both", "Left", "Right", "Unfit"]
    assert left == right


def test_a_second_sync_writes_nothing(synced: Books, call: Call) -> None:
    """A second sync without edits leaves both files exactly as they are, and needs no question."""
    before = synced.contents()

    ran = call("sync", *synced.options)

    assert ran.code == 0
    assert "Nothing was written." in ran.out
    after = synced.contents()
    assert {name: before[name] for name in ("outlook.csv", "crm.csv")} == {
        name: after[name] for name in ("outlook.csv", "crm.csv")
    }


def test_the_files_as_they_were_are_kept(books: Books, call: Call) -> None:
    """Each file is kept as it was before it is written, and you are told where."""
    before = books.contents()

    ran = call("sync", *books.options, "--yes")

    assert "outlook.csv as it was before: outlook.csv.bak" in ran.out
    assert before["outlook.csv"] == (books.folder / "outlook.csv.bak").read_bytes()
    assert before["crm.csv"] == (books.folder / "crm.csv.bak").read_bytes()


def test_without_a_terminal_and_without_yes_nothing_is_written(books: Books, call: Call) -> None:
    """A sync that can ask nobody writes nothing, and says how to do without the question."""
    before = books.contents()

    ran = call("sync", *books.options)

    assert ran.code == 2
    assert "--yes" in ran.err
    assert before == books.contents()


@pytest.mark.parametrize("answer", ["\n", "n\n", "no\n", "what?\n", ""], ids=["return", "n", "no", "else", "end"])
def test_anything_but_yes_is_no(answer: str, books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """The question's answer is no unless you type yes; then nothing is written, not even a state."""
    before = books.contents()
    monkeypatch.setattr(sys, "stdin", Person(answer))

    ran = call("sync", *books.options)

    assert ran.code == 1
    assert "Write 2 to outlook.csv and 1 to crm.csv?" in ran.out
    assert "Nothing was written." in ran.out
    assert before == books.contents()


@pytest.mark.parametrize("answer", ["y\n", "Yes\n"])
def test_yes_is_yes(answer: str, books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a yes the files are written."""
    monkeypatch.setattr(sys, "stdin", Person(answer))

    assert call("sync", *books.options).code == 0
    assert books.names()[0] == books.names()[1]


def test_a_file_that_changes_while_you_are_asked_is_not_written_over(
    books: Books, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit that somebody saves while the question stands is kept: nothing is written, and you are to run again."""
    edited = books.right.read_text(encoding="utf-8").replace("Engineer", "Director")

    def answer() -> str:
        books.right.write_text(edited, encoding="utf-8", newline="")
        return "y"

    monkeypatch.setattr(sys, "stdin", Person())
    monkeypatch.setattr("builtins.input", answer)

    ran = call("sync", *books.options)

    assert ran.code == 1
    assert books.right.read_text(encoding="utf-8") == edited
    assert call("sync", *books.options, "--yes").code == 0
    assert "Director" in books.left.read_text(encoding="utf-8")


def test_what_finds_no_room_does_not_stop_a_sync(tmp_path: Path, call: Call) -> None:
    """A fourth address that neither side has room for is pointed out, and everything else is synced."""
    left = [EmailAddress(f"{one}@example.org") for one in ("a", "b", "c")]
    contacts = [attrs.evolve(contact("Ada", "Full"), email_addresses=tuple(left)), contact("Dora", "Left")]
    full = attrs.evolve(entry("Ada", "Full"), emails=tuple(f"{one}@example.org" for one in ("a", "b", "d")))
    books = make_books(tmp_path, contacts, [full])

    ran = call("sync", *books.options, "--yes")

    assert ran.code == 0
    assert "has no room for all of it: emails 2" in ran.out
    assert books.names() == (["Full", "Left"], ["Full", "Left"])


def test_two_empty_files_are_in_sync(tmp_path: Path, call: Call) -> None:
    """Two files without a record are in sync, and there is nothing to count."""
    books = make_books(tmp_path, [], [])

    ran = call("sync", *books.options)

    assert ran.code == 0
    assert "0 pairs synced" in ran.out
    assert "pairs or records" not in ran.out


def test_a_category_that_no_row_has_is_pointed_out_before_the_question(books: Books, call: Call) -> None:
    """A category that is not in the file is pointed out above the question."""
    ran = call("sync", *books.options, "--favourite-list", "Customers")

    assert "no row of crm.csv is in 'Customers': check how it is written" in ran.out


def test_json_lines_are_synced_as_well(tmp_path: Path, call: Call) -> None:
    """Files of JSON lines are synced in the same way as CSV files."""
    books = make_books(tmp_path, *few(), suffix=".jsonl")

    assert call("sync", *books.options, "--yes", "--encoding", "utf-8").code == 0
    assert books.names()[0] == books.names()[1]


def test_a_report_is_data_on_demand(books: Books, call: Call) -> None:
    """--json prints the report as data; what is said on the way goes elsewhere."""
    ran = call("sync", *books.options, "--yes", "--json")

    assert isinstance(ran.data, dict)
    assert ran.data["state"] == "complete"
    assert ran.data["writes"] == {"create": {"left": 1, "right": 1}, "update": {"left": 1, "right": 0}}
    assert ran.data["ignored"] == 2
    assert "Plan" in ran.err


def test_a_refused_record_is_a_warning(tmp_path: Path, call: Call) -> None:
    """A record that cannot be written is counted with its reason, listed, and makes the exit code 1."""
    contacts, entries = few()
    books = make_books(tmp_path, [*contacts, contact("Zoë", "Left")], [*entries, entry("Гая", "Right")])
    books.left.write_bytes(books.left.read_bytes().decode("utf-8-sig").encode("cp1252"))

    ran = call("sync", *books.options, "--yes")

    assert ran.code == 1
    assert "1 record failed" in ran.out
    assert "the service refused the write" in ran.out
    errors = call("errors", *books.where, "--kind", "failed")
    assert "refused" in errors.out
    assert "1 record" in errors.out


def test_a_sync_is_named_after_its_files(synced: Books, call: Call, tmp_path: Path) -> None:
    """A sync is known by both files' names, so that their folder may be moved."""
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for path in (synced.left, synced.right, synced.state, synced.folder / "links.db.key"):
        path.rename(moved / path.name)
    books = Books(moved, moved / "outlook.csv", moved / "crm.csv", moved / "links.db")

    ran = call("sync", *books.options)

    assert ran.code == 0
    assert "5 pairs so far" in ran.out


def test_a_state_holds_several_syncs_by_name(synced: Books, call: Call, tmp_path: Path) -> None:
    """Another pair of files can share a state under a name of its own; every look then has to name one."""
    other = tmp_path / "other"
    other.mkdir()
    books = make_books(other, *few())
    books = Books(books.folder, books.left.rename(other / "left.csv"), books.right, synced.state)

    assert call("sync", *books.options, "--yes", "--sync", "other").code == 0

    ran = call("history", *synced.where)
    assert ran.code == 2
    assert "choose with --sync: 'other', 'outlook.csv+crm.csv'" in ran.err
    assert call("history", *synced.where, "--sync", "other").code == 0
