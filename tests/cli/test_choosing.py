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
