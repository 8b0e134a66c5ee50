"""Test what a state in SQLite costs: statements, waits for the disk, bytes. Only figures that have no noise."""

import random
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection

import attrs
import pytest

from tallystick.ports import Commit, Link, RunRow, RunState, Side
from tallystick.state import SqliteState
from tests.state.samples import KEY, NOON, a_batch, a_link, a_row

FULL = 2


@pytest.fixture
def state(tmp_path: Path, connections: list[Connection]) -> Iterator[SqliteState]:
    """Return a state whose connection is on record."""
    with SqliteState(tmp_path / "links.db", key=KEY) as state:
        yield state


def quiet_run(state: SqliteState) -> None:
    """Do what a run does in which nothing has changed."""
    head = state.head("s")
    state.batches("s")
    state.parked_due("s", NOON)
    cursors = (f"c{head.revision}", None)
    state.commit("s", Commit(head.revision, {"cursors": cursors}, run=RunRow(RunState.COMPLETE, ended=NOON)))


@pytest.mark.parametrize("links", [10, 3000])
def test_quiet_run(state: SqliteState, connections: list[Connection], links: int) -> None:
    """A run in which nothing changed needs the same few statements however many links there are."""
    state.commit("s", Commit(links=[a_link(f"l{n}", f"r{n}") for n in range(links)]))
    statements: list[str] = []
    connections[-1].set_trace_callback(statements.append)

    state.head("s")
    assert len(statements) == 1
    statements.clear()
    quiet_run(state)
    assert len(statements) == 8


def test_changed_links(state: SqliteState, connections: list[Connection]) -> None:
    """Links that keep their ids are changed where they lie, without touching the indexes."""
    state.commit("s", Commit(links=[a_link("l1", "r1"), a_link("l2", "r2")]))
    statements: list[str] = []
    connections[-1].set_trace_callback(statements.append)
    links = state.links("s", Side.LEFT, ["l1", "l2"])
    state.commit("s", Commit(links=[attrs.evolve(link, decided="again") for link in links]))

    assert [text for text in statements if text.startswith(("DELETE", "INSERT"))] == []
    assert len([text for text in statements if text.startswith("UPDATE links SET left_version")]) == 2


def test_nothing_is_scanned(state: SqliteState, connections: list[Connection]) -> None:
    """Reads and commits find their rows through an index: no statement goes through all rows of a table."""
    statements: list[str] = []
    connections[-1].set_trace_callback(statements.append)
    parked = [a_row(keys=(b"k",), retry_at=NOON), a_row("l2", side=Side.RIGHT)]
    state.commit("s", Commit(links=[a_link()], parked=parked, opened=[a_batch("t")], run=RunRow(RunState.SYNCING)))
    (link,) = state.links("s", Side.LEFT, ["l1"])
    state.commit("s", Commit(links=[attrs.evolve(link, ids=("l2", "r2"))], parked=parked, closed=[1]))
    list(state.marks("s", Side.RIGHT))
    state.parked("s", Side.LEFT, ["l1"])
    state.parked_sharing("s", [b"k"])
    state.parked_list("s")
    state.runs("s")
    quiet_run(state)
    state.commit("s", Commit(unlinked=[link.number], cleared=[(Side.LEFT, "l1")], close_all=True))
    connections[-1].set_trace_callback(None)

    plans = [
        (statement, step)
        for statement in statements
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT"))
        for *_, step in connections[-1].execute(f"EXPLAIN QUERY PLAN {statement}")
    ]
    scans = {statement for statement, step in plans if step.startswith("SCAN") and "CONSTANT ROW" not in step}
    assert len(plans) > 20
    # The names of layouts are few; a table that SQLite has for itself is none of ours.
    assert {statement for statement in scans if "FROM layouts" not in statement} == set()


def test_waits_for_the_disk(state: SqliteState, connections: list[Connection]) -> None:
    """What could not be found out again after a power failure is on the disk before a commit returns."""

    def waits(commit: Commit) -> bool:
        state.commit("s", commit)
        return bool(connections[-1].execute("PRAGMA synchronous").fetchone() == (FULL,))

    ended = RunRow(RunState.COMPLETE, ended=NOON)
    for _ in range(2):
        assert waits(Commit(opened=[a_batch("t")]))
        assert not waits(Commit(closed=[1], links=[a_link()], head={"cursors": ("a", "b")}))
        assert waits(
            Commit(closed=[2], opened=[a_batch("t")], unlinked=[state.links("s", Side.LEFT, ["l1"])[0].number])
        )
        assert not waits(Commit(closed=[3], run=RunRow(RunState.SYNCING)))
        assert waits(Commit(closed=[4], run=ended))
        assert waits(Commit(closed=[5], head={"enabled": False}))
        assert waits(Commit(parked=[a_row()]))
        assert not waits(Commit(run=RunRow(RunState.SYNCING)))
        assert waits(Commit(run=ended))


def test_size_on_disk(tmp_path: Path) -> None:
    """A link takes no more than 330 bytes on the disk, its indexes included."""
    rng = random.Random(1)
    with SqliteState(tmp_path / "links.db", key=KEY) as state:
        state.commit("s", Commit(links=[_usual_link(rng) for _ in range(5000)]))

    assert (tmp_path / "links.db").stat().st_size / 5000 <= 330


def _usual_link(rng: random.Random) -> Link:
    base = rng.randbytes(110)
    left, right, left_version, right_version = (f"{rng.getrandbits(80):020x}" for _ in range(4))
    return Link(
        (left, right), (left_version, right_version), (True, True), (base, base), "rules " * 50, 0, "12 created"
    )
