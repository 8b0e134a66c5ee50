"""Test the head of a sync and its revision, on every kind of state."""

import threading
from typing import cast

import attrs
import pytest

from tallystick.errors import StateMoved, UsageError
from tallystick.ports import Commit, Head, ParkedKind, RunRow, RunState, Side, State
from tests.state.samples import a_batch, a_link, a_row, everything, the_link

IGNORED, FAILED = ParkedKind.IGNORED, ParkedKind.FAILED


def test_unknown_sync(state: State) -> None:
    """A sync that nothing was committed for has a fresh head and no rows, and asking does not make it known."""
    assert state.head("s") == Head()
    assert everything(state, "s") == ([], Head(), [], [], [], [])


def test_syncs_in_order(state: State) -> None:
    """All syncs that something was committed for are named, in order."""
    for name in ("b", "a", "c/ünï"):
        state.commit(name, Commit(head={"layout": "x"}))

    assert list(state.syncs()) == ["a", "b", "c/ünï"]


def test_values_are_kept(state: State) -> None:
    """Every value of the head is kept as it was given, and what a commit does not name stays."""
    kept = Head(1, "rules 1", ("all", "clients"), ("k1", "k2"), ("c1", None), False, False, {"removals": 12})
    given = {name: getattr(kept, name) for name in ("layout", "extents", "accounts", "cursors", "enabled", "initial")}
    assert state.commit("s", Commit(head={**given, "confirmed": {"removals": 12}})).head == kept

    head = state.commit("s", Commit(head={"cursors": (None, "c2")})).head
    assert head == state.head("s") == attrs.evolve(kept, revision=2, cursors=(None, "c2"))


@pytest.mark.parametrize(
    "head",
    [
        {"revision": 7},
        {"links": 7},
        {"parked": {}},
        {"nonsense": 1},
        {"layout": 1},
        {"cursors": ("one",)},
        {"cursors": (1, 2)},
        {"extents": (None, "")},
        {"enabled": 1},
        {"confirmed": {"removals": "many"}},
    ],
)
def test_wrong_values_are_refused(state: State, head: dict[str, object]) -> None:
    """A head value that there is not, that the state counts itself, or of the wrong type, refuses the commit."""
    state.commit("s", Commit(links=[a_link()]))
    before = everything(state, "s")

    with pytest.raises(UsageError, match=next(iter(head))):
        state.commit("s", Commit(head=head, unlinked=[the_link(state, "l1").number]))

    assert everything(state, "s") == before


def test_answers_are_copies(state: State) -> None:
    """Changing the figures that a state was given, or has returned, does not change the state."""
    figures = {"removals": 1}
    answer = state.commit("s", Commit(head={"confirmed": figures}, parked=[a_row()]))
    figures["removals"] = 99
    for head in (answer.head, state.head("s")):
        cast("dict[str, int]", head.confirmed)["removals"] = 99
        cast("dict[ParkedKind, int]", head.parked).clear()

    assert state.head("s").confirmed == {"removals": 1}
    assert state.head("s").parked == {IGNORED: 1}


def test_moves_with_everything_but_runs(state: State) -> None:
    """Every commit moves the revision by one, except an empty one and one of a run's row only."""
    commits = [
        Commit(head={"enabled": False}),
        Commit(links=[a_link()]),
        Commit(unlinked=[999]),
        Commit(parked=[a_row()]),
        Commit(cleared=[(Side.LEFT, "nobody")]),
        Commit(opened=[a_batch("t")]),
        Commit(closed=[999]),
        Commit(close_all=True),
    ]
    revisions = [state.commit("s", commit).head.revision for commit in commits]

    assert revisions == list(range(1, len(commits) + 1))
    assert state.commit("s", Commit()).head.revision == len(commits)
    assert state.commit("s", Commit(run=RunRow(RunState.SYNCING))).head.revision == len(commits)


def test_empty_commit(state: State) -> None:
    """A commit of nothing writes nothing, and does not make a sync known."""
    assert state.commit("s", Commit(revision=0)).head == Head()
    assert list(state.syncs()) == []


def test_moved(state: State) -> None:
    """Of two commits that rest on one revision the second is refused, and leaves nothing behind."""
    state.commit("s", Commit(revision=0, links=[a_link()]))
    before = everything(state, "s")

    with pytest.raises(StateMoved, match="revision 0 was expected and 1 found") as caught:
        state.commit("s", Commit(revision=0, links=[a_link("l2", "r2")], run=RunRow(RunState.COMPLETE)))

    assert caught.value.retryable
    assert everything(state, "s") == before


def test_moved_even_if_empty(state: State) -> None:
    """The revision is checked for a commit of nothing too."""
    with pytest.raises(StateMoved):
        state.commit("s", Commit(revision=3))


def test_no_check(state: State) -> None:
    """A commit without a revision is taken whatever was committed before."""
    state.commit("s", Commit(head={"layout": "a"}))

    assert state.commit("s", Commit(head={"layout": "b"})).head.revision == 2


def test_threads(state: State) -> None:
    """Of commits from many threads, those that rest on one revision are taken once, and readers see no halves."""
    taken: list[int] = []

    def work() -> None:
        for _ in range(10):
            head = state.head("s")
            try:
                both = (f"c{head.revision}", f"c{head.revision}")
                taken.append(state.commit("s", Commit(head.revision, {"cursors": both})).head.revision)
            except StateMoved:
                continue
            left, right = state.head("s").cursors
            assert left == right

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == list(range(1, len(taken) + 1))
    assert state.head("s").revision == len(taken) > 0
