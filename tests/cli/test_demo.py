"""Test the demonstration."""

from collections import Counter
from pathlib import Path

import pytest

from tallystick.cli.fakes import Fakes
from tallystick.reconcile.reasons import words
from tests.cli.running import Call


def test_the_demo_reconciles_and_then_has_nothing_to_do(call: Call) -> None:
    """The demo shows a plan, a report, and a second run that writes nothing; it ends well only if all of it is so."""
    ran = call("demo", "--contacts", "300")

    assert ran.code == 0
    for said in ("Generate", "Plan", "Write", "Report", "Second run", "create", "update", "in sync", "synced"):
        assert said in ran.out
    assert words("duplicate") in " ".join(ran.out.split())
    assert ran.out.count("yes  ") == 3
    assert "NO" not in ran.out


def test_the_same_seed_makes_the_same_demo(call: Call) -> None:
    """The same seed makes the same two address books, another seed makes others."""

    def figures(seed: str) -> list[str]:
        out = call("demo", "--contacts", "100", "--seed", seed).out
        return [line for line in out.splitlines() if line.strip().startswith(("create", "update"))]

    assert figures("1") == figures("1") != figures("2")


def test_the_demo_s_state_can_be_kept_and_looked_into(tmp_path: Path, call: Call) -> None:
    """--state keeps the demo's state, and the other commands read it."""
    state = tmp_path / "demo.db"

    ran = call("demo", "--contacts", "50", "--state", state)

    assert ran.code == 0
    assert f"tallystick history --state {state}" in ran.out
    runs = call("history", "--state", state, "--json").data
    assert isinstance(runs, list)
    assert [run["state"] for run in runs] == ["complete", "complete"]
    assert call("ignored", "--state", state).code == 0


def test_the_demo_touches_no_state_that_is_there(tmp_path: Path, call: Call) -> None:
    """A state that exists is not used for a demo."""
    state = tmp_path / "links.db"
    call("demo", "--contacts", "20", "--state", state)
    before = state.read_bytes()

    ran = call("demo", "--contacts", "20", "--state", state)

    assert ran.code == 2
    assert f"{state}: there is a state already" in ran.err
    assert before == state.read_bytes()


def test_the_demo_leaves_nothing_behind(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --state nothing of a demo stays on the disk."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    call("demo", "--contacts", "20")

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("contacts", ["0", "-5"])
def test_a_demo_needs_contacts(contacts: str, call: Call) -> None:
    """A demo without contacts shows nothing, and is refused."""
    ran = call("demo", f"--contacts={contacts}")

    assert ran.code == 2
    assert "--contacts" in ran.err


def test_a_demo_of_one_contact_works(call: Call) -> None:
    """The smallest demo has one contact a side."""
    assert call("demo", "--contacts", "1").code == 0


def test_a_demo_whose_counts_disagree_fails(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the two sides had counted other writes than the report, the demo would say no and exit with 3."""
    monkeypatch.setattr(Fakes, "writes", lambda _fakes: Counter())

    ran = call("demo", "--contacts", "50")

    assert ran.code == 3
    assert "NO   it wrote" in ran.out
