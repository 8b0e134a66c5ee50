"""Test parked records, on every kind of state."""

from datetime import UTC, datetime, timedelta, timezone

import attrs
import pytest

from tallystick.ports import Commit, Parked, ParkedKind, Side, State
from tests.state.samples import NOON, a_row

IGNORED, FAILED = ParkedKind.IGNORED, ParkedKind.FAILED
LATER = NOON + timedelta(days=1)


def test_round_trip(state: State) -> None:
    """A parked row comes back with all its values."""
    at = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    rows = [
        Parked(Side.RIGHT, "a", None, ParkedKind.CONFLICT, ("rule:name, first", "ü"), (b"\x00k", b""), 3, at, at, at),
        Parked(Side.RIGHT, "b", "v", ParkedKind.LEFT, (), (), 0, None, None, None),
        Parked(Side.RIGHT, "c\x00", "", ParkedKind.IGNORED, ("",), (b"",), 1, at, None, None),
    ]
    state.commit("s", Commit(parked=rows))

    assert list(state.parked("s", Side.RIGHT, ["c\x00", "b", "a", "b", "nobody"])) == rows
    assert list(state.parked("s", Side.LEFT, ["a", "b"])) == []


def test_counts_by_kind(state: State) -> None:
    """The head counts parked rows by kind, also when a row changes its kind, is cleared, or comes twice."""
    state.commit("s", Commit(parked=[a_row("a"), a_row("b"), a_row("b")]))
    assert state.head("s").parked == {IGNORED: 2}

    state.commit("s", Commit(parked=[a_row("a", kind=FAILED)], cleared=[(Side.RIGHT, "b")]))
    assert state.head("s").parked == {IGNORED: 1, FAILED: 1}

    state.commit("s", Commit(cleared=[(Side.LEFT, "b"), (Side.LEFT, "b"), (Side.LEFT, "a")]))
    assert state.head("s").parked == {}


@pytest.mark.parametrize(
    ("known", "given", "kept"),
    [(NOON, LATER, NOON), (LATER, NOON, NOON), (NOON, None, NOON), (None, LATER, LATER), (None, None, None)],
    ids=["later", "earlier", "unknown now", "unknown before", "unknown"],
)
def test_first_seen_stays(state: State, known: datetime | None, given: datetime | None, kept: datetime | None) -> None:
    """A record that is parked anew keeps the time at which it was first seen."""
    for first_seen in (known, given):
        state.commit("s", Commit(parked=[a_row("a", first_seen=first_seen)]))

    assert [row.first_seen for row in state.parked_list("s")] == [kept]


def test_cleared_and_parked_at_once(state: State) -> None:
    """A record that is cleared and parked in one commit is seen for the first time again."""
    state.commit("s", Commit(parked=[a_row("a", first_seen=NOON)]))
    again = a_row("a", first_seen=LATER, kind=FAILED)
    state.commit("s", Commit(cleared=[(Side.LEFT, "a")], parked=[again]))

    assert list(state.parked_list("s")) == [again]
    assert state.head("s").parked == {FAILED: 1}


def test_same_record_twice(state: State) -> None:
    """Of two rows for one record in one commit the last counts."""
    rows = [a_row("a", keys=(b"1",)), a_row("a", kind=FAILED, keys=(b"2",))]
    state.commit("s", Commit(parked=rows))

    assert list(state.parked_list("s")) == rows[1:]
    assert list(state.parked_sharing("s", [b"1"])) == []


def test_sharing(state: State) -> None:
    """Parked rows are found by any of their keys, once each, and no more once they have other keys."""
    a, b = a_row("a", keys=(b"1", b"2", b"1")), a_row("b", keys=(b"2",))
    c = a_row("a", side=Side.RIGHT, keys=(b"3",))
    state.commit("s", Commit(parked=[c, b, a]))
    state.commit("other", Commit(parked=[a_row("z", keys=(b"1",))]))

    assert list(state.parked_sharing("s", [b"1", b"2"])) == [a, b]
    assert list(state.parked_sharing("s", [b"3", b"9", b"2"])) == [a, b, c]
    assert list(state.parked_sharing("s", [])) == []

    again = a_row("a", keys=(b"4",))
    state.commit("s", Commit(parked=[again], cleared=[(Side.LEFT, "b")]))
    assert list(state.parked_sharing("s", [b"1", b"2"])) == []
    assert list(state.parked_sharing("s", [b"4"])) == [again]


def test_sharing_many_keys(state: State) -> None:
    """A row comes once though its keys are looked up by the thousand."""
    keys = [number.to_bytes(8) for number in range(1200)]
    row = a_row("a", keys=(keys[0], keys[700], keys[1199]))
    state.commit("s", Commit(parked=[row]))

    assert list(state.parked_sharing("s", keys)) == [row]


def test_due(state: State) -> None:
    """A row is due from the very instant of its retry on, and one without a retry never."""
    row = a_row("b", kind=FAILED, retry_at=NOON)
    other = a_row("a", kind=FAILED, retry_at=NOON + timedelta(microseconds=1))
    state.commit("s", Commit(parked=[row, other, a_row("c")]))
    elsewhere = NOON.astimezone(timezone(timedelta(hours=5)))

    assert list(state.parked_due("s", NOON - timedelta(microseconds=1))) == []
    assert list(state.parked_due("s", elsewhere)) == [row]
    assert list(state.parked_due("s", NOON + timedelta(days=1))) == [other, row]

    state.commit("s", Commit(parked=[attrs.evolve(row, retry_at=None)]))
    assert list(state.parked_due("s", NOON)) == []


def test_list_order(state: State) -> None:
    """The list is ordered by first seen, unknown first, then side and id, and may be of one kind."""
    rows = [
        a_row("z", side=Side.RIGHT),
        a_row("b", first_seen=NOON),
        a_row("a", first_seen=NOON, side=Side.RIGHT, kind=FAILED),
        a_row("a", first_seen=LATER, kind=FAILED),
    ]
    state.commit("s", Commit(parked=rows[::-1]))

    assert list(state.parked_list("s")) == rows
    assert list(state.parked_list("s", FAILED)) == rows[2:]
    assert list(state.parked_list("s", ParkedKind.LEFT)) == []
