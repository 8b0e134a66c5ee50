"""Guards: what they count, and what they say."""

from typing import Any

import pytest

from tallystick.ports import Side, WriteKind
from tallystick.reconcile import Guards, Limit
from tallystick.reconcile.guards import CAPACITY, Figure, figures, tripped
from tallystick.reconcile.step import Effect, Step

L, R = Side.LEFT, Side.RIGHT
GUARDS = Guards(Limit(0.0, 1), Limit(0.0, 2), Limit(0.0, 3), Limit(0.0, 4), Limit(0.0, 5))


def step(kind: WriteKind, side: Side, **more: Any) -> Step:  # noqa: ANN401 -- the rest of a step
    """Return a step."""
    return Step(kind, side, "t", None, "s", None, "new", **more)


STEPS = [
    step(WriteKind.REMOVE, L),
    step(WriteKind.LEAVE, L),
    step(WriteKind.CREATE, L),
    step(WriteKind.REMOVE, R, effect=Effect.CANCELS),
    step(WriteKind.CREATE, R, effect=Effect.NOTIFIES),
    step(WriteKind.UPDATE, R, overwrites=True),
    step(WriteKind.UPDATE, R, overwrites=True, empties=True),
    step(WriteKind.JOIN, R, empties=True),
    step(WriteKind.UPDATE, L),
]


def test_each_guard_counts_its_own_side_by_side() -> None:
    """Removals and leavings are one figure, creates, rewrites, empties and what people are told of one each."""
    found = figures(GUARDS, STEPS, 0, 100, initial=False, confirmed={})

    assert {one.name: (one.planned, one.allowed) for one in found} == {
        "left.removals": (2, 1),
        "left.creates": (1, 2),
        "right.removals": (1, 1),
        "right.creates": (1, 2),
        "right.rewrites": (2, 3),
        "right.empties": (2, 4),
        "right.notifying": (2, 5),
    }
    assert [one.name for one in found if one.stops] == ["left.removals"]


def test_an_initial_runs_creates_do_not_count() -> None:
    """They are what it is for; what it removes counts, and so do pairs that end without a write."""
    found = figures(GUARDS, STEPS, 3, 100, initial=True, confirmed={})

    assert [one.name for one in found if "creates" in one.name] == []
    assert [(one.name, one.planned, one.allowed) for one in found if one.stops] == [
        ("left.removals", 2, 1),
        ("unlinked", 3, 1),
    ]


def test_a_figure_that_was_confirmed_is_allowed_and_no_more() -> None:
    """Confirmed figures lift their own guard up to the number that was seen, and never lower it."""
    found = figures(
        GUARDS, STEPS, 3, 100, initial=False, confirmed={"left.removals": 2, "unlinked": 2, "right.empties": 1}
    )

    assert {one.name: one.allowed for one in found if one.name in ("left.removals", "unlinked", "right.empties")} == {
        "left.removals": 2,
        "unlinked": 2,
        "right.empties": 4,
    }
    assert [one.name for one in found if one.stops] == ["unlinked"]


def test_a_guard_that_allows_nothing_stops_the_first() -> None:
    """Without a share and a floor, one is too many; and each counts."""
    nothing = Guards(removals=Limit(0.0, 0), creates=Limit(0.0, 0))
    steps = [step(WriteKind.CREATE, L), step(WriteKind.CREATE, L), step(WriteKind.REMOVE, R)]

    found = figures(nothing, steps, 0, 100, initial=False, confirmed={})

    assert found == (Figure("right.removals", 1, 0), Figure("left.creates", 2, 0))
    assert all(one.stops for one in found)


def test_shares_are_of_the_pairs_that_there_are() -> None:
    """The more pairs there are, the more is allowed."""
    (removals, *_) = figures(Guards(removals=Limit(0.1, 1)), STEPS, 5, 50, initial=False, confirmed={})
    (*_, unlinked) = figures(Guards(removals=Limit(0.1, 1)), STEPS, 5, 60, initial=False, confirmed={})

    assert (removals.allowed, unlinked.allowed) == (5, 6)


@pytest.mark.parametrize(
    ("figure", "stops", "asks"),
    [
        (Figure("left.removals", 2, 1), True, True),
        (Figure("left.removals", 1, 1), False, False),
        (Figure("left.held", 2, 1, holds=True), False, True),
        (Figure(CAPACITY, 2, 1), True, False),
    ],
    ids=["too many", "as many", "held", "capacity"],
)
def test_what_is_too_many_stops_a_plan_or_is_held_and_may_be_confirmed(figure: Figure, stops: bool, asks: bool) -> None:
    """Only capacity can't be confirmed, and what is held back stops nothing."""
    assert (figure.stops, figure.asks) == (stops, asks)


def test_the_error_names_all_figures() -> None:
    """What was planned and what is allowed, guard by guard, and what to do: about capacity something else."""
    found = [Figure("left.removals", 30, 10), Figure("right.creates", 200, 100)]

    error = tripped(found, "ada/contacts")

    assert str(error) == (
        "ada/contacts: the run would do more than its guards allow: left.removals 30 (allowed 10),"
        " right.creates 200 (allowed 100)"
        " -- look at the plan; if it is what you want, confirm these figures once and run again"
    )
    assert error.figures == {"left.removals": (30, 10), "right.creates": (200, 100)}
    assert str(tripped([Figure(CAPACITY, 3, 2)], "s")) == (
        "s: the run would do more than its guards allow: capacity 3 (allowed 2)"
        " -- raise the profile's capacity, or narrow the scope"
    )
