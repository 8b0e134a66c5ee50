"""Test the command that plans and writes nothing."""

import attrs
import pytest

from tallystick import MemoryState, Side, Sync
from tallystick.cli.plan_view import plan_data, show_plan, show_writes
from tallystick.cli.screen import make_screen
from tallystick.ports import Link
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.reconcile.plan import Recovered
from tallystick.reconcile.reasons import words
from tallystick.records import Contact, EmailAddress
from tests.cli.running import Books, Call


@pytest.mark.behaviour("TS-01")
def test_a_plan_writes_nothing_and_makes_no_state(books: Books, call: Call) -> None:
    """You can look at what a sync would do: the files stay as they are, and no state or key is made."""
    before = books.contents()

    ran = call("plan", *books.options)

    assert ran.code == 0
    assert "Nothing was written." in ran.out
    assert before == books.contents()


def test_a_plan_tells_how_much_would_be_written_where(books: Books, call: Call) -> None:
    """A plan says how many records would be created and updated on each side, under the files' names."""
    lines = [line.split() for line in call("plan", *books.options).out.splitlines()]

    assert ["would", "outlook.csv", "crm.csv"] in lines
    assert ["create", "1", "1"] in lines
    assert ["update", "1", "-"] in lines


def test_a_plan_tells_what_is_left_alone_and_why(books: Books, call: Call) -> None:
    """A plan says which records are left alone, for which reason, and on which side."""
    lines = [" ".join(line.split()) for line in call("plan", *books.options).out.splitlines()]

    assert f"1 - {words('missing:first_name')}" in lines
    assert f"- 1 {words('invalid:email')}" in lines


def test_a_plan_shows_as_many_steps_as_asked_for(books: Books, call: Call) -> None:
    """--details says how many steps are shown, and what is left out is counted."""
    all_of_them = call("plan", *books.options).out
    one = call("plan", *books.options, "--details", "1").out
    none = call("plan", *books.options, "--details", "0").out

    assert all_of_them.count("new on the other side") == 2
    assert one.count("new on the other side") == 1
    assert "... and 2 more; --details shows more of them" in one
    assert "new on the other side" not in none


def test_a_plan_after_a_sync_finds_nothing_to_write(synced: Books, call: Call) -> None:
    """Once both files agree, a plan says so."""
    ran = call("plan", *synced.options)

    assert ran.code == 0
    assert "Nothing to write: both sides agree." in ran.out


def test_a_plan_is_data_on_demand(books: Books, call: Call) -> None:
    """--json prints the plan as data, and nothing else beside it."""
    data = call("plan", *books.options, "--json").data

    assert isinstance(data, dict)
    assert data["writes"] == {"create": {"left": 1, "right": 1}, "update": {"left": 1, "right": 0}}
    assert data["sync"] == "outlook.csv+crm.csv"
    assert [step["write"] for step in data["steps"]] == ["create", "create", "update"]
    assert data["steps"][2]["fields"] == ["position"]
    assert not data["stops"]


def test_only_a_category_and_a_list_can_be_synced(books: Books, call: Call) -> None:
    """--category and --favourite-list narrow what is synced, and the plan says so."""
    ran = call("plan", *books.options, "--category", "Maximizer", "--favourite-list", "Clients")

    assert "outlook.csv: only Maximizer, crm.csv: only Clients" in ran.out


def test_a_category_that_no_row_has_is_pointed_out(books: Books, call: Call) -> None:
    """A category that is not in the file is most likely a slip of the keyboard, and you are told."""
    ran = call("plan", *books.options, "--category", "Maximiser")

    assert "no row of outlook.csv is in 'Maximiser': check how it is written" in ran.out


def test_a_category_is_found_whatever_its_case(books: Books, call: Call) -> None:
    """A category that differs in case alone is the same one, and nothing is pointed out."""
    assert "no row of" not in call("plan", *books.options, "--category", "MAXIMIZER").out


def test_what_is_in_doubt_and_what_ends_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A plan tells how many records are in doubt from an earlier run, and how many pairs end without a write."""
    left, right = FakeOutlook().contacts, FakeCrm().entries
    plan = Sync("any", left=left, right=right, profile=maximizer.contacts(), state=MemoryState()).plan()
    plan = attrs.evolve(plan, unlinked=(3, 4), recovered=Recovered(in_doubt=((Side.LEFT, "one"),)))

    show_writes(make_screen(), plan, ("left", "right"), "all of it")

    said = capsys.readouterr().out
    assert "1 record is in doubt from an earlier run, and left alone" in said
    assert "2 pairs end without a write" in said


def test_what_an_earlier_run_wrote_without_an_answer_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A plan that only records what arrived without an answer says so, and not that both sides agree."""
    clock = VirtualClock()
    left, right = FakeOutlook(clock=clock).contacts, FakeCrm(clock=clock).entries
    profile = maximizer.contacts(category="Maximizer", favourite_list="Clients")
    sync = Sync("any", left=left, right=right, profile=profile, state=MemoryState(), clock=clock)
    mail = (EmailAddress("ada@example.com"),)
    left.insert(Contact("Ada", "", "Lovelace", email_addresses=mail, categories=("Maximizer",)))
    right.faults.lose_reply("create")
    sync.run()
    plan = sync.plan()
    show_plan(make_screen(), plan, ("left", "right"), "all of it", 10)

    said = capsys.readouterr().out
    found = "1 pair has what an earlier run wrote without an answer; it is only remembered"
    assert found in said
    assert found in plan.summary()
    assert "both sides agree" not in said
    data = plan_data(plan, 10)
    assert (data["recovered"], data["remembered"]) == (1, 0)


def test_a_pair_whose_removal_had_arrived_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """The plan counts it among the pairs that end, and does not say that both sides agree."""
    left, right = FakeOutlook().contacts, FakeCrm().entries
    plan = Sync("any", left=left, right=right, profile=maximizer.contacts(), state=MemoryState()).plan()
    pair = Link(("a", "b"), (None, None), (True, True), (b"", b""), "")
    plan = attrs.evolve(plan, unlinked=(3,), recovered=Recovered(ended=(pair,)))
    show_plan(make_screen(), plan, ("left", "right"), "all of it", 10)

    said = capsys.readouterr().out
    assert "2 pairs end without a write" in said
    assert "2 pairs end without a write" in plan.summary()
    assert "both sides agree" not in said


def test_an_empty_file_is_not_taken_for_a_state(books: Books, call: Call) -> None:
    """A plan leaves an empty file alone that stands where the state shall be."""
    books.state.touch()

    assert call("plan", *books.options).code == 0
    assert books.state.stat().st_size == 0
