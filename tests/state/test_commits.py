"""Test commits as a whole, and the digest key, on every kind of state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from tallystick.errors import SettingsError, StateError, UsageError
from tallystick.ports import Commit, ParkedKind, RunRow, RunState, Side, State
from tallystick.state import MemoryState
from tests.state.samples import KEY, NOON, WEST, a_batch, a_link, a_row, everything, the_link

IGNORED, FAILED = ParkedKind.IGNORED, ParkedKind.FAILED


def test_close_all(state: State) -> None:
    """Dropping everything leaves the runs, the settings and the other syncs, and new rows may come with it."""
    full = Commit(
        links=[a_link()],
        parked=[a_row("l9", keys=(b"k",), retry_at=NOON)],
        opened=[a_batch("t")],
        run=RunRow(RunState.COMPLETE),
        head={"layout": "x", "cursors": ("a", "b")},
    )
    state.commit("s", full)
    state.commit("other", full)
    other = everything(state, "other")
    state.commit("s", Commit(close_all=True, links=[a_link("l1", "r7")], parked=[a_row("l8")]))

    head = state.head("s")
    assert (head.links, head.parked, head.layout, head.cursors) == (1, {IGNORED: 1}, "x", ("a", "b"))
    assert [id_ for id_, _, _ in state.marks("s", Side.RIGHT)] == ["r7"]
    assert list(state.parked_list("s")) == [a_row("l8")]
    assert list(state.parked_sharing("s", [b"k"])) == list(state.parked_due("s", NOON)) == []
    assert list(state.batches("s")) == []
    assert len(state.runs("s")) == 1
    assert everything(state, "other") == other


SPOILT: dict[str, Callable[[], dict[str, Any]]] = {
    "linked twice": lambda: {"links": [a_link("l1", "other")]},
    "no such link": lambda: {"links": [a_link("l7", "r7", 999)]},
    "no such batch": lambda: {"kept": [a_batch("t", number=999)]},
    "no such run": lambda: {"run": RunRow(RunState.COMPLETE, number=999)},
    "no such head value": lambda: {"head": {"nonsense": 1}},
    "time without zone": lambda: {"parked": [a_row("l7", first_seen=datetime(2026, 1, 1))]},  # noqa: DTZ001
    "time out of range": lambda: {"run": RunRow(RunState.COMPLETE, ended=datetime.max.replace(tzinfo=WEST))},
    "all are closed": lambda: {"close_all": True, "links": [a_link("l7", "r7", 1)]},
}


@pytest.mark.parametrize("fault", SPOILT)
def test_all_or_nothing(state: State, fault: str) -> None:
    """A commit with a fault in any part of it changes nothing at all."""
    state.commit(
        "s",
        Commit(
            links=[a_link("l1", "r1"), a_link("l2", "r2")],
            parked=[a_row("l3", keys=(b"k",))],
            opened=[a_batch("t")],
            run=RunRow(RunState.COMPLETE),
        ),
    )
    before = everything(state, "s")
    good = Commit(
        revision=1,
        links=[a_link("l5", "r5")],
        unlinked=[the_link(state, "l2").number],
        parked=[a_row("l6")],
        cleared=[(Side.LEFT, "l3")],
        opened=[a_batch("new")],
        closed=[state.batches("s")[0].number],
        run=RunRow(RunState.SYNCING),
        head={"cursors": ("c", "d")},
    )

    with pytest.raises((StateError, UsageError)):
        state.commit("s", attrs.evolve(good, **SPOILT[fault]()))

    assert everything(state, "s") == before
    assert list(state.parked_sharing("s", [b"k"])) == list(state.parked_list("s"))
    assert state.commit("s", good).head.links == 2


def test_syncs_are_apart(state: State) -> None:
    """The same ids in two syncs have nothing to do with each other."""
    commit = Commit(links=[a_link()], parked=[a_row("l9", keys=(b"k",))], opened=[a_batch("t")])
    state.commit("a", commit)
    state.commit("b", commit)
    state.commit("a", Commit(close_all=True))

    assert everything(state, "a")[2:] == ([], [], [], [])
    assert state.head("b").links == len(state.parked_sharing("b", [b"k"])) == len(state.batches("b")) == 1


def test_times_are_utc(state: State) -> None:
    """Every time is returned in UTC, to the microsecond, whatever zone it was given in."""
    local = NOON.replace(microsecond=7).astimezone(WEST)
    state.commit(
        "s",
        Commit(
            parked=[attrs.evolve(a_row("a", first_seen=local, retry_at=local), last_seen=local)],
            opened=[attrs.evolve(a_batch("t"), at=local)],
            run=RunRow(RunState.COMPLETE, enqueued=local, started=local, ended=local),
        ),
    )
    (row,), (batch,), (run,) = state.parked_list("s"), state.batches("s"), state.runs("s")
    times = [batch.at, row.first_seen, row.last_seen, row.retry_at, run.enqueued, run.started, run.ended]

    assert times == [local] * 7
    assert {time and time.utcoffset() for time in times} == {timedelta(0)}


def test_times_without_zone(state: State) -> None:
    """A time without a zone names no instant: it is refused, with the remedy."""
    with pytest.raises(UsageError, match="zone"):
        state.parked_due("s", datetime(2026, 1, 1))  # noqa: DTZ001


def test_key(state: State) -> None:
    """A state hands out the key that it was given, and does not show it."""
    assert state.key == KEY
    assert repr(KEY) not in repr(state)


def test_memory_makes_its_own() -> None:
    """Without a key a state in memory makes one of its own, which no other state has."""
    with MemoryState() as one, MemoryState() as two:
        assert len(one.key) >= 16
        assert one.key == one.key != two.key


@pytest.mark.parametrize("key", [b"", b"short", bytes(15), bytes(65), "a text of more than sixteen"])
def test_bad_keys(key: bytes) -> None:
    """A key that is too short to protect anything, too long, or no bytes is refused."""
    with pytest.raises(SettingsError, match="digest key"):
        MemoryState(key)
