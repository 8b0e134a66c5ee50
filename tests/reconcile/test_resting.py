"""Pairs that rest: what pauses them, what becomes of them when a record is gone, and when they are looked at again."""

from collections.abc import Callable
from typing import Any

import pytest

from tallystick.ports import Absence, AbsenceReason, Side, WriteKind
from tallystick.reconcile import RemovalAction, RemovalPolicy
from tallystick.reconcile.context import Context
from tallystick.reconcile.deciding import Decided, decide_links, rests_anew
from tallystick.reconcile.profile import never, with_its_partner
from tests.reconcile.given import L, Person, R, context, item, linked

ADA, PAUSED = Person("Ada", "Dr"), Person("Ada", "paused")
IDS = {L: "l", R: "r"}
SIDES = pytest.mark.parametrize("side", [L, R], ids=["left", "right"])
DELETES = RemovalPolicy(deleted=RemovalAction.DELETE, rescoped=RemovalAction.DELETE)


def on(side: Side, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 -- the profile's
    """Return the settings of one side, as a context takes them."""
    return {side.label: settings}


def by_title(record: Person) -> bool:
    """Tell whether a record says that it pauses its pair."""
    return record.title == "paused"


def with_one_gone(of: Context, side: Side) -> list[WriteKind]:
    """Return what is written in a pair whose record of ``side`` is gone, and whose other one says that it pauses."""
    gone, left_over = Absence(IDS[side], AbsenceReason.DELETED), item(IDS[side.other], PAUSED)
    decided = Decided()
    decide_links(of, decided, [(linked(of, PAUSED), (gone, left_over) if side is L else (left_over, gone))])
    return [step.kind for step in decided.steps]


@SIDES
def test_a_record_that_pauses_its_pair_otherwise_than_before_is_news(side: Side) -> None:
    """It is, though it shows what it showed; one that never pauses, or leaves that to its partner, is none."""
    of = context(**on(side, pauses=by_title))
    resting, active = linked(of, ADA, decided="rests"), linked(of, ADA)

    assert [rests_anew(of, link, side, ADA) for link in (resting, active)] == [True, False]
    assert [rests_anew(of, link, side, PAUSED) for link in (resting, active)] == [False, True]
    for pauses in (never, with_its_partner):
        other = context(**on(side, pauses=pauses))
        assert not any(rests_anew(other, link, side, PAUSED) for link in (resting, active))


@SIDES
def test_nothing_pauses_a_pair_of_which_one_side_never_does(side: Side) -> None:
    """What is deleted on that side is deleted on the other one, too, whatever is said there."""
    of = context(**on(side, removal=DELETES), **on(side.other, pauses=by_title))

    assert with_one_gone(of, side) == [WriteKind.REMOVE]


@SIDES
@pytest.mark.parametrize(("pauses", "writes"), [(by_title, []), (with_its_partner, [WriteKind.REMOVE])])
def test_under_another_scope_a_record_that_is_gone_may_have_paused_its_pair(
    side: Side, pauses: Callable[[Person], bool], writes: list[WriteKind]
) -> None:
    """So the other one, which would rest with it, is not deleted: that could not be taken back."""
    settings = {**on(side, pauses=pauses, removal=DELETES), **on(side.other, pauses=with_its_partner)}
    moved = context(**settings, run={"rescoped": (side is L, side is R)})

    assert with_one_gone(moved, side) == writes
    assert with_one_gone(context(**settings), side) == [WriteKind.REMOVE]
