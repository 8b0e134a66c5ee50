"""Test batches of intents, and the history of runs, on every kind of state."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from tallystick.errors import StateError
from tallystick.ports import KEPT_RUNS, Commit, Head, RunRow, RunState, State, Unsettled
from tests.state.samples import NOON, a_batch, a_link, everything


def test_round_trip(state: State) -> None:
    """An opened batch comes back with all its intents in order, under the number that the commit answered."""
    first, second = a_batch("t1", "t2"), a_batch()
    numbers = state.commit("s", Commit(opened=[first, second])).batches

    assert list(state.batches("s")) == [
        attrs.evolve(first, number=numbers[0]),
        attrs.evolve(second, number=numbers[1]),
    ]
    assert 0 < numbers[0] < numbers[1]


def test_intents_are_kept_whole(state: State) -> None:
    """Every value of an intent is kept, whether the bases of its sides are the same or not."""
    (intent,) = a_batch("t").intents
    intents = (
        attrs.evolve(intent, base=(b"", b"")),
        attrs.evolve(intent, base=(b"same", b"same"), members=(False, True)),
        attrs.evolve(intent, base=(b"", b"\xff"), ids=("ü🎉\x00", "r"), versions=(None, "")),
    )
    state.commit("s", Commit(opened=[attrs.evolve(a_batch(), intents=intents)]))

    assert state.batches("s")[0].intents == intents


def test_a_number_given_is_not_taken(state: State) -> None:
    """An opened batch gets a number of the state's own, whatever it came with."""
    (old,) = state.commit("s", Commit(opened=[a_batch("old")])).batches
    (new,) = state.commit("s", Commit(opened=[a_batch("new", number=old)])).batches

    assert [batch.number for batch in state.batches("s")] == [old, new]


def test_settled(state: State) -> None:
    """A closed batch is gone, its number is not given again, and a kept one holds what is still in doubt."""
    one, two, three = state.commit("s", Commit(opened=[a_batch(str(n), "x") for n in range(3)])).batches
    kept = a_batch("x", number=two)
    answer = state.commit("s", Commit(closed=[one, three, 999], kept=[kept], opened=[a_batch("new")]))

    assert [batch.number for batch in state.batches("s")] == [two, *answer.batches]
    assert state.batches("s")[0] == kept
    assert answer.batches[0] > three


def test_keeping_what_is_not_there(state: State) -> None:
    """A batch that is settled, or of another sync, cannot be kept."""
    (number,) = state.commit("s", Commit(opened=[a_batch("t")])).batches
    (other,) = state.commit("other", Commit(opened=[a_batch("t")])).batches
    before = everything(state, "s")

    for kept, closed in ((number, [number]), (other, []), (999, [])):
        with pytest.raises(StateError, match="a batch that is to be replaced is not there"):
            state.commit("s", Commit(closed=closed, kept=[a_batch("t", number=kept)]))

    assert everything(state, "s") == before


def test_run_round_trip(state: State) -> None:
    """A run's row comes back with all its values."""
    run = RunRow(
        RunState.WARNING,
        initial=True,
        enqueued=NOON,
        started=NOON + timedelta(seconds=1),
        ended=NOON + timedelta(seconds=2),
        synced=5,
        ignored=2,
        counts={"created": 3, "updated": 2},
        note="the service was down",
    )
    number = state.commit("s", Commit(run=run)).run

    assert list(state.runs("s")) == [attrs.evolve(run, number=number)]
    assert state.head("s") == Head()


def test_run_updated_and_newest_first(state: State) -> None:
    """A run is updated by its number, and the newest run comes first."""
    first = state.commit("s", Commit(run=RunRow(RunState.COMPLETE))).run
    second = state.commit("s", Commit(run=RunRow(RunState.ENQUEUED))).run
    assert state.commit("s", Commit(run=RunRow(RunState.SYNCING, number=second))).run == second

    assert [(run.number, run.state) for run in state.runs("s")] == [
        (second, RunState.SYNCING),
        (first, RunState.COMPLETE),
    ]


def test_run_limit(state: State) -> None:
    """No more runs are returned than asked for."""
    numbers = [state.commit("s", Commit(run=RunRow(RunState.COMPLETE))).run for _ in range(60)]

    assert [run.number for run in state.runs("s", limit=2)] == [numbers[-1], numbers[-2]]
    assert [run.number for run in state.runs("s")] == numbers[:9:-1]
    assert list(state.runs("s", limit=0)) == list(state.runs("s", limit=-1)) == []


def test_updating_a_run_that_is_not_there(state: State) -> None:
    """A run's row that is not there, or of another sync, cannot be updated."""
    other = state.commit("other", Commit(run=RunRow(RunState.COMPLETE))).run

    for number in (other, 999):
        with pytest.raises(StateError, match="a run that is to be replaced is not there"):
            state.commit("s", Commit(links=[a_link()], run=RunRow(RunState.COMPLETE, number=number)))

    assert everything(state, "s") == (["other"], Head(), [], [], [], [])


def test_pruned(state: State) -> None:
    """Rows of runs that ended before a time are dropped, but for the latest, and for those that never ended."""
    days = [NOON + timedelta(days=n) for n in range(KEPT_RUNS + 10)]
    runs = [RunRow(RunState.COMPLETE, ended=None if n == 3 else day) for n, day in enumerate(days)]
    numbers = [state.commit("s", Commit(run=run)).run for run in runs]
    other = [state.commit("other", Commit(run=RunRow(RunState.COMPLETE, ended=NOON))).run for _ in range(3)]
    assert state.prune("s", NOON) == state.prune("nobody", NOON) == 0
    revision = state.head("s").revision

    assert state.prune("s", days[6]) == 5
    assert [run.number for run in state.runs("s", 100)] == [*reversed(numbers[6:]), numbers[3]]
    assert state.prune("s", days[-1]) == 4
    assert [run.number for run in state.runs("s", 100)] == [*reversed(numbers[10:]), numbers[3]]
    assert state.prune("s", days[-1]) == state.prune("other", days[-1]) == 0
    assert [run.number for run in state.runs("other")] == [*reversed(other)]
    assert state.head("s").revision == revision


def test_what_is_open_for_longest_is_found_at_once(state: State) -> None:
    """Of all syncs, those with open batches are told, since when and how many; what is settled is told no longer."""
    tells: Any = state
    assert tells.unsettled() == []
    numbers = {}
    for sync, minutes in (("new", [5]), ("old", [9, 1]), ("none", []), ("also new", [5])):
        at = [attrs.evolve(a_batch("t"), at=NOON + timedelta(minutes=minute)) for minute in minutes]
        numbers[sync] = state.commit(sync, Commit(opened=at)).batches
    since = [("old", 1, 2), ("also new", 5, 1), ("new", 5, 1)]
    expected = [Unsettled(sync, NOON + timedelta(minutes=minute), many) for sync, minute, many in since]
    assert list(tells.unsettled()) == expected
    assert list(tells.unsettled(1)) == expected[:1]
    assert list(tells.unsettled(0)) == []

    state.commit("old", Commit(closed=list(numbers["old"])))
    assert list(tells.unsettled()) == expected[1:]
