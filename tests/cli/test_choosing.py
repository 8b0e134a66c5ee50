"""Test the commands for a person's choices: resolve, undo, release."""

import pytest

from tallystick import Scope
from tallystick.providers.files import open_entries
from tests.cli.running import Books, Call


def companies(books: Books) -> list[str]:
    """Return the companies of the right file."""
    return sorted(item.record.company_name for item in open_entries(books.right).changes(None, Scope()).items)


@pytest.mark.behaviour("TS-12")
def test_a_sync_can_be_taken_back(books: Books, call: Call) -> None:
    """What a sync wrote with --keep, undo takes back after showing its plan; a second undo has nothing to do."""
    keep = ("--keep", str(books.folder / "kept.db"))
    before = open_entries(books.right).changes(None, Scope()).items
    assert call("sync", *books.options, *keep, "--yes").code == 0
    assert len(open_entries(books.right).changes(None, Scope()).items) > len(before)

    told = call("undo", *books.options, *keep, "--run", "1", "--yes")

    assert "taken back" in told.out + told.err
    assert told.code in (0, 1)
    assert call("undo", *books.options, *keep, "--run", "9", "--yes").code != 0


def test_only_what_there_is_can_be_chosen(synced: Books, call: Call) -> None:
    """A conflict or a failed record that is not there is named, with where to look."""
    told = call("resolve", *synced.options, "--conflict", "nobody", "--winner", "left")
    assert told.code != 0
    assert "no conflict of this record is listed" in told.err
    told = call("release", *synced.options, "--side", "left", "--id", "nobody")
    assert told.code != 0
    assert "no such record has failed" in told.err


def test_what_can_not_be_taken_back_is_told(books: Books, call: Call) -> None:
    """A file that is not there is not made; an unknown run, and a run whose record has changed since, are told."""
    keep = books.folder / "kept.db"
    assert call("sync", *books.options, "--yes", "--keep", str(keep)).code == 0

    missing = call("undo", *books.options, "--keep", str(books.folder / "nothing.db"), "--run", "1")
    assert (missing.code, (books.folder / "nothing.db").exists()) == (2, False)
    assert "no such file of kept records" in missing.err
    unknown = call("undo", *books.options, "--keep", str(keep), "--run", "9")
    assert (unknown.code, "choose one from the history" in unknown.err) == (2, True)

    books.left.write_bytes(books.left.read_bytes().replace(b"Engineer", b"Smith"))
    ran = call("undo", *books.options, "--keep", str(keep), "--run", "1")
    said = " ".join(ran.out.split())
    assert "what takes a run back" in said
    assert "Nothing to write. not undone:" in said
    assert "changed since the run that is taken back 1" in said


@pytest.mark.behaviour("TS-14")
def test_a_value_that_was_kept_is_not_said_to_be_lost(books: Books, call: Call) -> None:
    """Where both sides changed a field, the plan names it, and says nothing of the loser that --keep proves wrong."""
    keep = ("--keep", str(books.folder / "kept.db"), "--yes")
    assert call("sync", *books.options, *keep).code == 0
    for file, position in ((books.left, b"Smith"), (books.right, b"Sailor")):
        file.write_bytes(file.read_bytes().replace(b"Engineer", position))

    said = " ".join(call("sync", *books.options, *keep).out.split())

    assert "changed on both sides; one of the two stands: position 1" in said
    assert "not kept" not in said


@pytest.mark.parametrize("content", [b"", b"\x00\xffno database" * 100], ids=["empty", "binary"])
def test_a_file_that_keeps_nothing_stays_as_it_is(content: bytes, synced: Books, call: Call) -> None:
    """It is named, and looking into it makes it no file of kept records."""
    keep = synced.folder / "kept"
    keep.write_bytes(content)
    ran = call("undo", *synced.options, "--keep", str(keep), "--run", "1", "--yes")

    assert ran.code == 2
    assert str(keep) in ran.err
    assert keep.read_bytes() == content


def test_a_number_that_is_not_whole_is_not_rounded(books: Books, call: Call) -> None:
    """Another run than the one that was typed is never taken back."""
    keep = ("--keep", str(books.folder / "kept.db"))
    assert call("sync", *books.options, *keep, "--yes").code == 0
    before = books.contents()
    for wrong in ("1.0", "0.6", "one"):
        ran = call("undo", *books.options, *keep, "--run", wrong, "--yes")
        assert ran.code == 2
        assert "--run" in ran.err
        assert "whole number" in ran.err
    assert books.contents() == before


def test_an_undo_that_writes_nothing_is_told_as_json(books: Books, call: Call) -> None:
    """A program finds the plan that says why on the output, and the code of a no."""
    keep = ("--keep", str(books.folder / "kept.db"))
    assert call("sync", *books.options, *keep, "--yes").code == 0
    books.left.write_bytes(books.left.read_bytes().replace(b"Engineer", b"Smith"))

    ran = call("undo", *books.options, *keep, "--run", "1", "--json")

    assert ran.code == 1
    assert isinstance(ran.data, dict)
    assert ran.data["notes"]
