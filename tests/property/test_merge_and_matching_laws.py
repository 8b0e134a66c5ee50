"""The laws of merging, pairing, duplicates and base packing."""

# ruff: noqa: ANN401 - these take whatever they are given

from collections.abc import Hashable, Sequence
from hashlib import blake2b
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.mapping import MergePolicy, Shape
from tallystick.mapping.base import (
    EMPTY,
    NO_BASE,
    digests,
    hasher,
    pack_agreed,
    pack_elements,
    pack_slots,
    pack_value,
    slot_digest,
    slot_digests,
    unpack,
)
from tallystick.matching import index_keys, pair
from tallystick.ports import Side
from tallystick.reconcile.merge import KEEP, Facts, elements_wanted, merge

pytestmark = pytest.mark.property

START = hasher(bytes(32), "rule")
WORDS = st.sampled_from(["", "a", "b", "c"])
SLOTS = st.tuples(WORDS, WORDS, WORDS)
SETS = st.frozensets(st.sampled_from("abcde"), max_size=4).map(sorted).map(tuple)
VALUES = {Shape.VALUE: WORDS, Shape.SLOTS: SLOTS, Shape.ELEMENTS: SETS}


def pack_all_slots(start: blake2b, values: Sequence[Hashable]) -> bytes:
    """Return the packed digests of slots."""
    return pack_slots([slot_digest(start, value) for value in values])


PACKERS = {Shape.VALUE: pack_value, Shape.SLOTS: pack_all_slots, Shape.ELEMENTS: pack_elements}
SYMMETRIC = [
    (Shape.VALUE, MergePolicy.CONFLICT),
    (Shape.VALUE, MergePolicy.FILL),
    (Shape.SLOTS, MergePolicy.CONFLICT),
    (Shape.SLOTS, MergePolicy.FILL),
    (Shape.ELEMENTS, MergePolicy.MERGE),
]
EACH = pytest.mark.parametrize(("shape", "policy"), SYMMETRIC)


def packed(shape: Shape, value: Any) -> bytes:
    """Return the packed digest of a value."""
    return PACKERS[shape](START, value)


def merged(shape: Shape, policy: MergePolicy, left: Any, right: Any, base: Any, winner: Side | None) -> tuple[Any, Any]:
    """Return both values after a merge; ``base`` None is no base."""
    entry = NO_BASE if base is None else packed(shape, base)
    values = (left, right)
    facts = Facts(
        values,
        (packed(shape, left), packed(shape, right)),
        (entry, entry),
    )
    given_ = merge(shape, policy, facts, lambda: winner)

    def digest_of(element: object) -> bytes:
        return digests(pack_elements(START, (element,)))[0]

    after = []
    for side in Side:
        give = elements_wanted(given_.give[side], values, digest_of)
        value: Any = values[side] if give is KEEP else give
        after.append(tuple(sorted(value)) if shape is Shape.ELEMENTS else value)
    return (after[0], after[1])


@EACH
@given(data=st.data())
def test_merging_knows_no_left_and_right(shape: Shape, policy: MergePolicy, data: st.DataObject) -> None:
    """Swapping the sides swaps the result."""
    values = VALUES[shape]
    left, right, base = data.draw(values), data.draw(values), data.draw(st.none() | values)
    winner = data.draw(st.sampled_from([None, Side.LEFT, Side.RIGHT]))
    swapped = None if winner is None else winner.other

    assert merged(shape, policy, left, right, base, winner) == merged(shape, policy, right, left, base, swapped)[::-1]


@EACH
@given(data=st.data())
def test_merging_again_changes_nothing(shape: Shape, policy: MergePolicy, data: st.DataObject) -> None:
    """What was merged, and is agreed on, is left alone by the next merge."""
    values = VALUES[shape]
    left, right, base = data.draw(values), data.draw(values), data.draw(st.none() | values)
    once = merged(shape, policy, left, right, base, Side.LEFT)

    if once[0] == once[1]:
        assert merged(shape, policy, *once, once[0], Side.LEFT) == once
    else:
        assert policy is MergePolicy.FILL


@EACH
@given(data=st.data())
@pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])
def test_one_sides_edit_travels(shape: Shape, policy: MergePolicy, side: int, data: st.DataObject) -> None:
    """Where one side stood still, both end as the other side is; a policy that only fills overwrites nothing."""
    values = VALUES[shape]
    base, edit = data.draw(values), data.draw(values)
    pair_ = (edit, base) if side == 0 else (base, edit)
    after = merged(shape, policy, *pair_, base, None)

    if policy is MergePolicy.FILL:
        assert after[side] == edit
        for was, now in zip(base, after[1 - side], strict=False):
            assert was in ("", now)
    else:
        assert after == (edit, edit)


@given(SETS, SETS, SETS)
def test_merged_sets_hold_every_addition_and_no_removal(
    left: Sequence[str], right: Sequence[str], base: Sequence[str]
) -> None:
    """A merged set holds what either side added and lacks what either removed, unless that would leave nothing."""
    after = set(merged(Shape.ELEMENTS, MergePolicy.MERGE, left, right, base, None)[0])

    removed = set(base) - (set(left) & set(right))
    wanted = (set(left) | set(right)) - removed
    nobody_asked = bool(left and right) and not wanted
    assert after == (set(left) | set(right) if nobody_asked else wanted)


KEYS = st.lists(st.sampled_from("abcdefg"), max_size=3, unique=True)
PEOPLE = st.dictionaries(st.text("xyz", min_size=1, max_size=3), KEYS, max_size=6)


@given(PEOPLE, PEOPLE)
def test_pairing_is_one_to_one_and_symmetric(left: dict[str, list[str]], right: dict[str, list[str]]) -> None:
    """Pairs are one to one, share a key, and come out the same when the sides are swapped; nobody is dropped."""
    indexes = [index_keys(side.items()) for side in (left, right)]
    one, other = pair(indexes[0], indexes[1]), pair(indexes[1], indexes[0])

    assert {(b, a) for a, b in other.pairs} == set(one.pairs)
    assert [set(found) for found in one.ambiguous] == [set(found) for found in reversed(other.ambiguous)]
    for side, people in enumerate((left, right)):
        places = [*(pair_[side] for pair_ in one.pairs), *one.ambiguous[side], *one.unmatched[side]]
        assert sorted(places) == sorted(people)
    for a, b in one.pairs:
        assert set(left[a]) & set(right[b])
        assert not any(set(left[a]) & set(keys) for name, keys in right.items() if name != b)
    for name in one.unmatched[0]:
        assert not any(set(left[name]) & set(keys) for keys in right.values())


@given(PEOPLE)
def test_duplicates_are_whole_groups(people: dict[str, list[str]]) -> None:
    """Groups of duplicates are disjoint, and two records that share a key are in the same one."""
    groups = index_keys(people.items()).duplicates()
    place = {name: number for number, group in enumerate(groups) for name in group}

    assert sum(map(len, groups)) == len(place)
    for one, keys in people.items():
        for other, others in people.items():
            if one != other and set(keys) & set(others):
                assert place[one] == place[other]


PARTS = st.one_of(st.just((None, None)), *(st.tuples(st.just(shape), values) for shape, values in VALUES.items()))


@given(st.lists(PARTS))
def test_packed_bases_come_apart_as_they_were_put_together(parts: list[tuple[Shape | None, Hashable]]) -> None:
    """A base is the entries of its rules, one after the other, and comes apart again."""
    entries = [NO_BASE if shape is None else packed(shape, value) for shape, value in parts]

    assert unpack(b"".join(entries)) == entries


@given(SLOTS)
def test_slots_come_apart_as_they_were_put_together(value: tuple[str, ...]) -> None:
    """Slots survive packing, an empty one stays empty, and no base stays none."""
    entry = packed(Shape.SLOTS, value)
    slots = slot_digests(entry, len(value))

    assert slots == tuple(packed(Shape.VALUE, one) for one in value)
    assert [slot == EMPTY for slot in slots] == [not one for one in value]
    assert slot_digests(NO_BASE, 3) == (NO_BASE,) * 3


@given(SETS, SETS)
def test_the_common_part_is_what_both_hold(left: Sequence[str], right: Sequence[str]) -> None:
    """The common part of two sets' entries is the entry of what both hold."""
    both = tuple(sorted(set(left) & set(right)))

    shown = (packed(Shape.ELEMENTS, left), packed(Shape.ELEMENTS, right))
    assert pack_agreed(shown, (b"\x00", b"\x00")) == (packed(Shape.ELEMENTS, both),) * 2


@given(st.integers(0, 600))
def test_large_sets_keep_their_entries_apart(count: int) -> None:
    """A set of any size packs to an entry that can be told from its neighbours."""
    entry = pack_elements(START, [str(number) for number in range(count)])

    assert unpack(entry + EMPTY + entry) == [entry, EMPTY, entry]
