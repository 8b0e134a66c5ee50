"""The merge of one rule, cell by cell: what each side is given, by policy, by what changed, and by what there is."""

from collections.abc import Sequence

import pytest

from tallystick.mapping import MergePolicy, Shape
from tallystick.mapping.base import EMPTY, NO_BASE, hasher, pack_elements, pack_slots, pack_value, slot_digest
from tallystick.ports import Side
from tallystick.reconcile.merge import KEEP, Facts, Merged, elements_wanted, merge

START = hasher(bytes(32), "rule")
CONFLICT, FILL, MIRROR = MergePolicy.CONFLICT, MergePolicy.FILL, MergePolicy.MIRROR
NEW = "?"  # in the place of a base: nothing was ever agreed on


def entry(value: str) -> bytes:
    """Return a value's entry."""
    return NO_BASE if value == NEW else pack_value(START, value)


def facts(left: str, right: str, base: str, **more: bool) -> Facts:
    """Return what is known of a value: as both sides show it, and as they last agreed on it."""
    return Facts((left, right), (entry(left), entry(right)), (entry(base), entry(base)), **more)


@pytest.mark.parametrize(
    ("policy", "left", "right", "base", "give"),
    [
        (CONFLICT, "a", "a", "b", (KEEP, KEEP)),
        (CONFLICT, "b", "a", "a", (KEEP, "b")),
        (CONFLICT, "a", "b", "a", ("b", KEEP)),
        (CONFLICT, "", "a", "a", (KEEP, "")),
        (CONFLICT, "a", "", "a", ("", KEEP)),
        (CONFLICT, "", "b", NEW, ("b", KEEP)),
        (CONFLICT, "a", "", NEW, (KEEP, "a")),
        (FILL, "b", "a", "a", (KEEP, KEEP)),
        (FILL, "", "a", "a", (KEEP, KEEP)),
        (FILL, "a", "", "a", (KEEP, KEEP)),
        (FILL, "", "b", "a", ("b", KEEP)),
        (FILL, "b", "", "a", (KEEP, "b")),
        (FILL, "", "b", NEW, ("b", KEEP)),
        (FILL, "a", "", NEW, (KEEP, "a")),
        (FILL, "a", "b", NEW, (KEEP, KEEP)),
        (MIRROR, "a", "b", "a", (KEEP, KEEP)),
        (MIRROR, "a", "b", NEW, (KEEP, "a")),
    ],
)
def test_what_each_side_is_given(
    policy: MergePolicy, left: str, right: str, base: str, give: tuple[object, object]
) -> None:
    """One change travels, an empty side is filled where nobody emptied it, and nobody is asked."""
    assert merge(Shape.VALUE, policy, facts(left, right, base), pytest.fail) == Merged(give)


def test_the_left_side_is_asserted_once_its_record_has_changed() -> None:
    """A mirrored value is written again with any change of the left record, unless it is there already."""
    changed = facts("a", "b", "a", left_record_changed=True)

    assert merge(Shape.VALUE, MIRROR, changed, pytest.fail) == Merged((KEEP, "a"))
    assert merge(Shape.VALUE, MIRROR, facts("a", "a", "b", left_record_changed=True), pytest.fail) == Merged()


@pytest.mark.parametrize("base", ["c", NEW], ids=["both changed", "first pairing"])
@pytest.mark.parametrize(
    ("winner", "merged"),
    [
        (Side.LEFT, Merged((KEEP, "a"), loser=Side.RIGHT)),
        (Side.RIGHT, Merged(("b", KEEP), loser=Side.LEFT)),
        (None, Merged(held=True)),
    ],
    ids=["left", "right", "held"],
)
def test_the_arbiter_is_asked_about_two_different_values(base: str, winner: Side | None, merged: Merged) -> None:
    """The winner's value travels, and the other's is said to have lost; without a winner all stays as it is."""
    assert merge(Shape.VALUE, CONFLICT, facts("a", "b", base), lambda: winner) == merged


@pytest.mark.parametrize(
    ("left", "right", "give"),
    [("a", "b", (KEEP, KEEP)), ("x", "b", (KEEP, "x")), ("b", "b", (KEEP, KEEP)), ("a", "y", ("y", KEEP))],
    ids=["neither", "left", "left, to be as the right one", "right"],
)
def test_a_side_is_compared_with_what_it_showed_itself(left: str, right: str, give: tuple[object, object]) -> None:
    """Where a service rewrote what it was given, the sides agreed to differ: that is no change of either."""
    values = (left, right)
    one = Facts(values, (entry(left), entry(right)), (entry("a"), entry("b")))
    slots = slot_facts([left], [right], ["a"])
    slots = Facts(slots.values, slots.entries, (slots.base[0], slot_facts([], [], ["b"]).base[1]))

    assert merge(Shape.VALUE, CONFLICT, one, pytest.fail) == Merged(give)
    in_slots = tuple(value if value is KEEP else (value,) for value in give)
    assert merge(Shape.SLOTS, CONFLICT, slots, pytest.fail) == Merged((in_slots[0], in_slots[1]))


@pytest.mark.parametrize("policy", [CONFLICT, FILL, MIRROR])
def test_under_a_new_rule_an_empty_side_is_filled_and_what_differs_is_left(policy: MergePolicy) -> None:
    """That the mapping has changed is no edit; under another version of a rule nothing is filled either."""

    def merged(left: str, right: str, **how: bool) -> Merged:
        return merge(Shape.VALUE, policy, facts(left, right, NEW, **how), pytest.fail)

    assert merged("a", "", rebased=True) == Merged((KEEP, "a"))
    assert merged("", "b", rebased=True) == Merged(("b", KEEP))
    assert merged("a", "b", rebased=True) == Merged(differs=True)
    assert merged("a", "", renewed=True) == Merged(differs=True)


def slot_facts(left: Sequence[str], right: Sequence[str], base: Sequence[str] | None, **more: bool) -> Facts:
    """Return what is known of slots."""

    def packed(values: Sequence[str]) -> bytes:
        return pack_slots([slot_digest(START, value) for value in values])

    known = NO_BASE if base is None else packed(base)
    return Facts((tuple(left), tuple(right)), (packed(left), packed(right)), (known, known), **more)


@pytest.mark.parametrize(
    ("left", "right", "base", "give"),
    [
        ("abc", "abc", "abc", (KEEP, KEEP)),
        ("xbc", "aby", "abc", (("x", "b", "y"), ("x", "b", "y"))),
        ("xbc", "abc", "abc", (KEEP, ("x", "b", "c"))),
        ("abc", "aby", "abc", (("a", "b", "y"), KEEP)),
        (["", "b"], ["a", ""], None, (("a", "b"), ("a", "b"))),
    ],
    ids=["equal", "each another", "left", "right", "first pairing"],
)
def test_each_slot_is_merged_by_itself(
    left: Sequence[str], right: Sequence[str], base: Sequence[str] | None, give: tuple[object, object]
) -> None:
    """Changes of different slots both travel, and a side none of whose slots is written is left alone."""
    assert merge(Shape.SLOTS, CONFLICT, slot_facts(left, right, base), pytest.fail) == Merged(give)


def test_slots_have_the_policy_of_their_rule() -> None:
    """Filled slots overwrite none, and mirrored ones are those of the left side once its record has changed."""
    differing = slot_facts(["x", "b", ""], ["y", "", "c"], ["a", "", ""], left_record_changed=True)

    assert merge(Shape.SLOTS, FILL, differing, pytest.fail) == Merged((("x", "b", "c"), ("y", "b", "c")))
    assert merge(Shape.SLOTS, MIRROR, differing, pytest.fail) == Merged((KEEP, ("x", "b", "")))


def test_a_conflict_in_one_slot_is_settled_or_holds_all() -> None:
    """The winner's slot travels with what else changed; without a winner none does, as one slot can't wait alone."""
    changed = slot_facts("xbz", "ycc", "abc")
    values = {side: merge(Shape.SLOTS, CONFLICT, changed, lambda side=side: side) for side in Side}  # type: ignore[misc]

    assert values[Side.LEFT] == Merged((("x", "c", "z"), ("x", "c", "z")), loser=Side.RIGHT)
    assert values[Side.RIGHT] == Merged((("y", "c", "z"), ("y", "c", "z")), loser=Side.LEFT)
    assert merge(Shape.SLOTS, CONFLICT, changed, lambda: None) == Merged(held=True)


def test_slots_under_a_new_rule_are_filled_and_otherwise_left() -> None:
    """Empty slots are filled, two different ones are left and said to differ."""
    found = merge(Shape.SLOTS, CONFLICT, slot_facts(["a", "b", ""], ["x", "", ""], None, rebased=True), pytest.fail)
    equal = merge(Shape.SLOTS, CONFLICT, slot_facts(["a", "b"], ["a", ""], None, rebased=True), pytest.fail)

    assert found == Merged((KEEP, ("x", "b", "")), differs=True)
    assert equal == Merged((KEEP, ("a", "b")))
    assert merge(Shape.SLOTS, CONFLICT, slot_facts(["a"], [""], None, renewed=True), pytest.fail) == Merged(
        differs=True
    )


def set_entry(elements: str) -> bytes:
    """Return the entry of a set of letters."""
    return NO_BASE if elements == NEW else pack_elements(START, tuple(elements)) if elements else EMPTY


@pytest.mark.parametrize(
    ("left", "right", "base", "expected"),
    [
        ("ab", "ab", ("ab", "ab"), (None, None)),
        ("abc", "ab", ("ab", "ab"), (None, "abc")),
        ("a", "ab", ("ab", "ab"), (None, "a")),
        ("ac", "abe", ("ab", "ab"), ("ace", "aec")),
        ("", "a", ("a", "a"), (None, "")),
        ("a", "b", ("ab", "ab"), ("ab", "ba")),
        ("ab", "ac", (NEW, NEW), ("abc", "acb")),
        ("a", "", (NEW, NEW), (None, "a")),
        ("abx", "ab", ("abx", "ab"), (None, None)),
        ("ab", "abc", ("ab", "abc"), (None, None)),
        ("abxe", "ab", ("abx", "ab"), (None, "abe")),
    ],
)
def test_elements_that_one_side_added_or_removed_are_added_or_removed_on_the_other(
    left: str, right: str, base: tuple[str, str], expected: tuple[str | None, str | None]
) -> None:
    """One's own come first and in their order; where each removed what the other kept, none is removed.

    What one side's base alone holds the sides agreed to differ in, and it stays where it is.
    """
    values = (tuple(left), tuple(right))
    bases = (set_entry(base[0]), set_entry(base[1]))
    merged = merge(
        Shape.ELEMENTS, MergePolicy.MERGE, Facts(values, (set_entry(left), set_entry(right)), bases), pytest.fail
    )

    def digest_of(element: object) -> bytes:
        return slot_digest(START, str(element))

    wanted = tuple(elements_wanted(give, values, digest_of) for give in merged.give)
    assert wanted == tuple(KEEP if one is None else tuple(one) for one in expected)
    assert attrs_rest(merged) == attrs_rest(Merged())


def attrs_rest(merged: Merged) -> tuple[object, ...]:
    """Return what a merge says beside what it gives."""
    return (merged.loser, merged.held, merged.differs, merged.waits)


def test_elements_that_are_equal_are_written_once() -> None:
    """Of two elements of one digest the side's own is kept; what does not count is left out."""
    values = (("a", "A", " "), ("b",))

    def canonical(element: object) -> bytes | None:
        text = str(element).strip().lower()
        return slot_digest(START, text) if text else None

    merged = merge(
        Shape.ELEMENTS, MergePolicy.MERGE, Facts(values, (set_entry("a"), set_entry("b")), (EMPTY, EMPTY)), pytest.fail
    )

    assert elements_wanted(merged.give[0], values, canonical) == ("a", "b")
    assert elements_wanted(merged.give[1], values, canonical) == ("b", "a")
    assert elements_wanted("another value", values, canonical) == "another value"


@pytest.mark.parametrize(("count", "asked"), [(254, False), (255, True)])
def test_a_set_that_is_too_large_is_taken_whole(count: int, asked: bool) -> None:
    """With more than 254 elements on a side a set is one value: two changes of it are a conflict."""
    many = tuple(f"e{number}" for number in range(count))
    told: list[bool] = []

    def arbiter() -> Side:
        told.append(True)
        return Side.LEFT

    entries = (pack_elements(START, many), set_entry("b"))
    merged = merge(Shape.ELEMENTS, MergePolicy.MERGE, Facts((many, ("b",)), entries, (set_entry("a"),) * 2), arbiter)

    assert bool(told) == asked
    assert (merged == Merged((KEEP, many), loser=Side.RIGHT)) == asked
