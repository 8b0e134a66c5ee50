"""Test the command that explains one record."""

import pytest

from tallystick.ports import Scope
from tallystick.providers.files import open_contacts
from tallystick.reconcile.reasons import words
from tests.cli.running import Books, Call


def left_id(books: Books, last: str, first: str) -> str:
    """Return the id of a contact in the left file."""
    items = open_contacts(books.left).changes(None, Scope()).items
    return next(item.id for item in items if (item.record.surname, item.record.given_name) == (last, first))


@pytest.mark.behaviour("TS-11")
def test_a_pair_is_explained_rule_by_rule(synced: Books, call: Call) -> None:
    """For a pair you see both ids, both versions, the last decision, and what each rule says of both sides."""
    record = left_id(synced, "Both", "Cy")

    ran = call("explain", *synced.options, "--side", "left", "--id", record)
    data = call("explain", *synced.options, "--side", "left", "--id", record, "--json").data

    assert ran.code == 0
    assert "in sync" in ran.out
    assert "sides agree, unchanged" in ran.out
    assert words("first_pairing") in ran.out
    assert isinstance(data, dict)
    rules = {rule["rule"]: rule for rule in data["rules"]}
    assert rules["position"]["verdict"] == "sides agree, unchanged"
    assert rules["position"]["shown"][0] == rules["position"]["base"][0]
    assert data["versions"] == data["versions_seen"]
    assert "Engineer" not in ran.out


def test_an_ignored_record_is_explained(synced: Books, call: Call) -> None:
    """For a record that is not synced you see why."""
    record = left_id(synced, "Unfit", "")

    ran = call("explain", *synced.options, "--side", "left", "--id", record)

    assert "ignored, not in sync" in ran.out
    assert words("missing:first_name") in ran.out


def test_a_record_can_be_explained_before_the_first_sync(books: Books, call: Call) -> None:
    """Before any sync you can ask what would become of a record; no state is made."""
    before = books.contents()

    ran = call("explain", *books.options, "--side", "left", "--id", left_id(books, "Left", "Dora"))

    assert "new: the next run looks for its counterpart" in ran.out
    assert before == books.contents()


def test_a_pair_that_lost_a_side_is_explained(synced: Books, call: Call) -> None:
    """A record whose counterpart is gone can be explained: the other side's values can't be read."""
    record = left_id(synced, "Both", "Ada")
    lines = synced.right.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    synced.right.write_text("".join(line for line in lines if "Ada" not in line), encoding="utf-8", newline="")

    ran = call("explain", *synced.options, "--side", "left", "--id", record)

    assert "not read" in ran.out


def test_an_unknown_record_is_an_error(synced: Books, call: Call) -> None:
    """An id that neither file has is an error that names it."""
    ran = call("explain", *synced.options, "--side", "right", "--id", "nobody")

    assert ran.code == 2
    assert "right nobody: no such record" in ran.err


def test_a_side_is_left_or_right(synced: Books, call: Call) -> None:
    """Any other side is a mistake, and the choices are named."""
    ran = call("explain", *synced.options, "--side", "top", "--id", "x")

    assert ran.code == 2
    assert "left" in ran.err
