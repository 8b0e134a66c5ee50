"""Records of which one was created for the other are known by the token, where listings show it."""

from typing import Any

import attrs
import pytest

from tallystick.ports import CreateSafety, Item, Side
from tallystick.reconcile.context import Context
from tallystick.reconcile.newcomers import Sorted, screen
from tallystick.reconcile.recognising import recognise
from tests.reconcile.given import Person, context, item

ADA = Person("Ada")
LISTED = {"token_in_listings": True}
BY_ID = {"create_safety": CreateSafety.CLIENT_ID}


def found(
    of: Context, side: Side, ours: list[Item[Any]], sources: list[str]
) -> tuple[Sorted, tuple[set[str], set[str]]]:
    """Return what is known of records of a side, and of those that others were created for."""
    there = {one: item(one, attrs.evolve(ADA, name=one)) for one in sources}
    here = {one.id: one for one in ours}
    sorted_ = screen(of, (here, there) if side is Side.LEFT else (there, here), ({}, {}))
    return sorted_, recognise(of, sorted_)


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("able", [LISTED, BY_ID], ids=["listed", "by id"])
def test_what_bears_the_token_of_a_record_is_its_partner(side: Side, able: dict[str, Any]) -> None:
    """It is paired, and matched to nobody else; the others go on as they were."""
    of = context(able=able)
    token = of.token(side, "s1")
    ours = item("r1", ADA, token=token) if able is LISTED else item(token, ADA)
    sorted_, known = found(of, side, [ours, item("r2", ADA)], ["s0", "s1", "s2"])

    assert (known[side], known[side.other]) == ({ours.id}, {"s1"})
    assert sorted_.pairs == [(ours.id, "s1") if side is Side.LEFT else ("s1", ours.id)]
    assert (sorted_.keys[side][ours.id], sorted_.keys[side.other]["s1"]) == ((), ())
    assert sorted_.keys[side]["r2"]
    assert sorted_.keys[side.other]["s2"]


@pytest.mark.parametrize("side", list(Side))
def test_what_tells_nothing_pairs_nobody(side: Side) -> None:
    """A token of two records, of another side or of none that is new, and one that listings do not show."""
    of = context(able=LISTED)
    token = of.token(side, "s1")
    twice = [item("r1", ADA, token=token), item("r2", ADA, token=token)]
    others = [item("r1", ADA, token=of.token(side.other, "s1")), item("r2", ADA, token=of.token(side, "gone"))]
    hidden = context(able={"create_safety": CreateSafety.SEARCHABLE_TAG})

    for each, ours in ((of, twice), (of, others), (hidden, twice[:1]), (hidden, [item(token, ADA)])):
        sorted_, known = found(each, side, ours, ["s1"])
        assert (sorted_.pairs, known) == ([], (set(), set()))


def test_a_record_is_in_one_pair_also_where_each_was_created_for_another() -> None:
    """The left one is paired first, whatever the tokens on the right say."""
    of = context(able=LISTED)
    left = item("l", ADA, token=of.token(Side.LEFT, "r"))
    right = {
        "r": item("r", ADA, token=of.token(Side.RIGHT, "m")),
        "m2": item("m2", ADA, token=of.token(Side.RIGHT, "l")),
    }
    sorted_ = screen(of, ({"l": left, "m": item("m", ADA)}, right), ({}, {}))

    assert recognise(of, sorted_) == ({"l"}, {"r"})
    assert sorted_.pairs == [("l", "r")]
