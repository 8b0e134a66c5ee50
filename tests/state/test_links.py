"""Test links of pairs, on every kind of state."""

import attrs
import pytest

from tallystick.errors import StateError
from tallystick.ports import Claim, Commit, Link, Side, State
from tests.state.samples import a_batch, a_link, everything, the_link


def test_round_trip(state: State) -> None:
    """A link comes back with all its values, whichever of its ids was asked for."""
    links = [
        Link(("l1", "r1"), ("v1", None), (True, False), (b"same", b"same"), "layout 1", 0, "run 1: created"),
        Link(("L1", "r\x002"), (None, "v2"), (False, True), (b"one", b"\x00other"), "layout 2"),
        Link(("ÄÖ🎉", "r3"), (None, None), (True, True), (b"", b""), "layout 1"),
        Link(("l'4\"", ""), ("", ""), (False, False), (b"", b"\xff"), ""),
    ]
    state.commit("s", Commit(links=links))

    for side in Side:
        for link in links:
            (found,) = state.links("s", side, [link.ids[side]])
            assert attrs.evolve(found, number=0) == link
            assert found.number > 0
    assert state.head("s").links == 4


def test_case_of_ids_matters(state: State) -> None:
    """Ids that differ in case, or by a blank, are different ids."""
    state.commit("s", Commit(links=[a_link("a", "r1"), a_link("A", "r2"), a_link("a ", "r3")]))

    assert the_link(state, "A").ids == ("A", "r2")


def test_many_ids(state: State) -> None:
    """Thousands of ids are looked up at once, and an id asked for twice is answered once."""
    state.commit("s", Commit(links=[a_link(f"l{n}", f"r{n}") for n in range(1300)]))
    asked = [f"r{n}" for n in range(1200)] + ["r3", "r1199", "nobody"]

    found = state.links("s", Side.RIGHT, asked)

    assert sorted(link.ids[1] for link in found) == sorted(f"r{n}" for n in range(1200))
    assert list(state.links("s", Side.RIGHT, [])) == []


def test_replaced(state: State) -> None:
    """A link that is given with its number takes the place of the one of before."""
    state.commit("s", Commit(links=[a_link("l1", "r1"), a_link("l2", "r2")]))
    number = the_link(state, "l1").number
    new = Link(("l1", "r9"), (None, "v9"), (False, True), (b"x", b"y"), "layout 9", number, "run 9")
    state.commit("s", Commit(links=[new]))

    assert the_link(state, "l1") == new
    assert list(state.links("s", Side.RIGHT, ["r1"])) == []
    assert state.head("s").links == 2


def test_same_number_twice(state: State) -> None:
    """Of two links given with one number the last counts."""
    state.commit("s", Commit(links=[a_link("l1", "r1")]))
    number = the_link(state, "l1").number
    state.commit("s", Commit(links=[a_link("l2", "r2", number), a_link("l3", "r3", number)]))

    assert [mark[0] for mark in state.marks("s", Side.LEFT)] == ["l3"]
    assert state.head("s").links == 1


def test_ids_pass_between_links(state: State) -> None:
    """Ids may pass from one link to another in one commit, in a ring and to a new link."""
    state.commit("s", Commit(links=[a_link("l1", "r1"), a_link("l2", "r2")]))
    one, two = the_link(state, "l1").number, the_link(state, "l2").number
    swapped = [a_link("l3", "r2"), a_link("l1", "r3", two), a_link("l2", "r1", one)]
    state.commit("s", Commit(links=swapped))

    assert {link.ids: link.number for link in state.links("s", Side.LEFT, ["l1", "l2"])} == {
        ("l2", "r1"): one,
        ("l1", "r3"): two,
    }
    assert the_link(state, "l3").ids == ("l3", "r2")
    assert state.head("s").links == 3


@pytest.mark.parametrize(("left", "right", "side"), [("l1", "new", Side.LEFT), ("new", "r1", Side.RIGHT)])
def test_linked_twice(state: State, left: str, right: str, side: Side) -> None:
    """A record is in one link at most: a second one refuses the commit, naming the sync and side and no id."""
    state.commit("s", Commit(links=[a_link("l1", "r1")]))
    before = everything(state, "s")

    with pytest.raises(StateError) as caught:
        state.commit("s", Commit(links=[a_link("l5", "r5"), a_link(left, right)]))

    assert (caught.value.code, caught.value.where) == ("state", f"s, {side.label}")
    assert not {"l1", "r1", "new"} & set(str(caught.value).split())
    assert everything(state, "s") == before


def test_replaced_onto_another(state: State) -> None:
    """A link cannot be given an id that another link keeps."""
    state.commit("s", Commit(links=[a_link("l1", "r1"), a_link("l2", "r2")]))
    before = everything(state, "s")

    with pytest.raises(StateError, match="two links"):
        state.commit("s", Commit(links=[a_link("l1", "r2", the_link(state, "l1").number)]))

    assert everything(state, "s") == before


def test_replacing_what_is_not_there(state: State) -> None:
    """A link is replaced by a number of its own sync only."""
    state.commit("s", Commit(links=[a_link("l1", "r1")]))
    state.commit("other", Commit(links=[a_link("l2", "r2")]))
    before = everything(state, "s"), everything(state, "other")

    for number in (the_link(state, "l2", "other").number, 999):
        with pytest.raises(StateError, match="not there"):
            state.commit("s", Commit(links=[a_link("l3", "r3"), a_link("l4", "r4", number)]))

    assert (everything(state, "s"), everything(state, "other")) == before


def test_unlinked(state: State) -> None:
    """An unlinked pair is gone, its ids are free, its number is not given again, and unlinking twice is no fault."""
    state.commit("s", Commit(links=[a_link("l1", "r1"), a_link("l2", "r2")]))
    number = the_link(state, "l2").number
    state.commit("s", Commit(unlinked=[number, number, 999]))
    assert state.head("s").links == 1

    state.commit("s", Commit(unlinked=[number], links=[a_link("l2", "r2")]))
    assert the_link(state, "l2").number > number
    assert state.head("s").links == 2


def test_unlinked_of_another_sync(state: State) -> None:
    """A sync cannot unlink what another sync has linked."""
    state.commit("other", Commit(links=[a_link()]))
    state.commit("s", Commit(unlinked=[the_link(state, "l1", "other").number]))

    assert state.head("other").links == 1
    assert the_link(state, "l1", "other")


def test_marks(state: State) -> None:
    """A listing can be held against the id, version and membership of one side of every link."""
    links = [
        Link(("l1", "r1"), ("v1", None), (True, False), (b"", b"")),
        Link(("l2", "r2"), (None, "w2"), (False, True), (b"", b"")),
        Link(("l3", "r3"), ("v3", "w3"), (True, True), (b"", b"")),
    ]
    state.commit("s", Commit(links=links))

    assert sorted(state.marks("s", Side.LEFT)) == [("l1", "v1", True), ("l2", None, False), ("l3", "v3", True)]
    assert sorted(state.marks("s", Side.RIGHT)) == [("r1", None, False), ("r2", "w2", True), ("r3", "w3", True)]
    assert all(isinstance(member, bool) for _, _, member in state.marks("s", Side.RIGHT))


def test_commit_while_reading_marks(state: State) -> None:
    """Marks are those of one moment, though commits go on while they are read."""
    state.commit("s", Commit(links=[a_link("l1", "r1"), a_link("l2", "r2")]))
    marks = state.marks("s", Side.LEFT)
    state.commit("s", Commit(close_all=True))

    assert sorted(id_ for id_, _, _ in marks) == ["l1", "l2"]


def test_claims(state: State) -> None:
    """What other syncs hold of an identity is told for as long as they hold it, by links and by open intents."""
    one = attrs.evolve(a_link(), identities=(b"meeting", b"entry"))
    batch = a_batch("t")
    reserved = attrs.evolve(batch, intents=tuple(attrs.evolve(i, identities=(b"", b"next")) for i in batch.intents))
    number = state.commit("s", Commit(links=[one], opened=[reserved])).batches[0]
    asked = [b"meeting", b"entry", b"next", b"", b"nobody's"]

    assert list(state.claims("s", asked)) == []
    assert list(state.claims("t", asked)) == [
        Claim(b"next", "s", ("l1", ""), under_way=True),
        Claim(b"entry", "s", ("l1", "r1")),
        Claim(b"meeting", "s", ("l1", "r1")),
    ]
    assert state.batches("s")[0].intents == reserved.intents
    moved = attrs.evolve(the_link(state, "l1"), identities=(b"other", b""))
    state.commit("s", Commit(links=[moved], closed=[number]))
    assert [claim.identity for claim in state.claims("t", [*asked, b"other"])] == [b"other"]
    state.commit("s", Commit(unlinked=[moved.number]))
    assert list(state.claims("t", [*asked, b"other"])) == []
