"""The merge of a collection by key, where both sides changed it: each key by itself, as far as the base can be told."""

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any, cast

import pytest

from tallystick.mapping.base import EMPTY, NO_BASE, hasher, pack_value
from tallystick.ports import SIDES, Side
from tallystick.reconcile.keyed import merge_keyed
from tallystick.reconcile.merge import KEEP, Facts, Merged

START = hasher(bytes(32), "rule")
Texts = tuple[str, ...]
"""Elements as a key and a text: ``1a``; the key alone is none."""


def entry(value: object) -> bytes:
    """Return a collection's entry: capitals don't count."""
    return pack_value(START, tuple(sorted(map(str.lower, cast("Texts", value)))))


def merged(left: Texts, right: Texts, base: tuple[Texts, Texts], winner: Side | None = Side.LEFT) -> Merged | None:
    """Return the merge of two collections, each against its own base."""
    facts = Facts((left, right), (entry(left), entry(right)), (entry(base[0]), entry(base[1])))
    return merge_keyed(facts, lambda: winner, lambda element: str(element)[0], entry)


def after(left: Texts, right: Texts, found: Merged) -> list[set[str]]:
    """Return what both sides have after a merge."""
    shown = zip(found.give, (left, right), strict=True)
    return [set(cast("Texts", before if given is KEEP else given)) for given, before in shown]


def there(*elements: str) -> Texts:
    """Return the elements that are there."""
    return tuple(one for one in elements if len(one) > 1)


def by_hand(elements: Texts, winner: Side) -> tuple[set[str], bool]:
    """Return what both sides have of one key, of (left, right, base), and whether it is a conflict."""
    left, right, base = elements
    conflict = base not in (left, right) and left != right
    kept = elements[winner] if conflict else right if left == base else left
    return {*there(kept)}, conflict


@pytest.mark.parametrize("winner", SIDES)
def test_each_key_is_merged_by_itself(winner: Side) -> None:
    """What becomes of two elements is what becomes of each alone, and the loser is told where there is one."""
    ways = list(product(("", "a", "b"), repeat=3))
    tried = 0
    for one, other in product(ways, ways):
        first = tuple(f"1{text}" for text in one)
        second = tuple(f"2{text}" for text in other)
        left, right, base = (there(*both) for both in zip(first, second, strict=True))
        found = merged(left, right, (base, base), winner)
        told = all(each[2] in (each[0], each[1], each[2][:1]) for each in (first, second))
        if base in (left, right) or left == right or not told:
            assert found is None
            continue
        assert found is not None
        results = [by_hand(each, winner) for each in (first, second)]
        both = results[0][0] | results[1][0]
        assert after(left, right, found) == [both] * 2
        assert [given is KEEP for given in found.give] == [set(left) == both, set(right) == both]
        assert found.loser is (winner.other if results[0][1] or results[1][1] else None)
        tried += 1

    assert tried > 100


def test_what_was_agreed_to_differ_stays() -> None:
    """An element that only one side has by agreement is neither carried nor taken out."""
    found = merged(("1a", "2a", "3x"), ("1b", "2x"), (("1a", "2x", "3x"), ("2x",)))

    assert found is not None
    assert after(("1a", "2a", "3x"), ("1b", "2x"), found) == [{"1b", "2a", "3x"}, {"1b", "2a"}]


def test_a_side_that_came_to_what_the_other_had_agreed_to_has_changed() -> None:
    """Each is compared with its own base: what left here arrived there, which is a conflict of that element alone."""
    left, right = ("2x",), ("1a", "2x", "3z")

    for winner, kept in ((Side.LEFT, {"2x", "3z"}), (Side.RIGHT, {"1a", "2x", "3z"})):
        found = merged(left, right, (("1a", "2x"), ("2x",)), winner)
        assert found is not None
        assert after(left, right, found) == [kept] * 2
        assert found.loser is winner.other


def test_an_element_in_another_spelling_is_the_same() -> None:
    """Each side keeps how it writes it, and is given what is new on the other."""
    left, right = ("1A", "2b"), ("1a", "3c")
    found = merged(left, right, (("1a",), ("1a",)), None)

    assert found is not None
    assert after(left, right, found) == [{"1A", "2b", "3c"}, {"1a", "2b", "3c"}]


def test_a_conflict_that_is_held_holds_the_whole() -> None:
    """Nothing of it is written, so that it is found again as it is."""
    assert merged(("1a", "2a"), ("1b",), ((), ()), None) == Merged(held=True)
    assert merged(("1a",), ("2b",), ((), ()), None) == Merged((("1a", "2b"), ("2b", "1a")))


@pytest.mark.parametrize(
    ("left", "right", "base"),
    [
        (("1a",), ("1b",), ("1c",)),
        (("1a", "1b"), ("2a",), ()),
        (tuple(f"{one}a" for one in "123456789"), ("0a",), ("xa",)),
    ],
    ids=["it is not there any more", "a key is there twice", "too much differs"],
)
def test_where_the_base_cannot_be_told_the_whole_is_one_value(left: Texts, right: Texts, base: Texts) -> None:
    """Nothing is guessed at, and no time is spent on what can't be found."""
    assert merged(left, right, (base, base)) is None


@pytest.mark.parametrize("base", [((), ("9z",)), (("9z",), ())], ids=["the left one", "the right one"])
def test_the_base_of_one_side_alone_does_not_tell_what_was_agreed_on(base: tuple[Texts, Texts]) -> None:
    """What the other side changed is not known then: the whole is one value."""
    assert merged(("1a", "2a"), ("3b",), base) is None


def test_some_new_elements_on_both_sides_are_merged_and_of_very_many_nothing_is_tried() -> None:
    """Ten are found in a moment; the ways in which twenty may have been there would take minutes."""

    def tried(left: Texts, right: Texts) -> tuple[Merged | None, int]:
        made = 0

        def counting(value: object) -> bytes:
            nonlocal made
            made += len(cast("Texts", value))
            return entry(value)

        facts = Facts((left, right), (entry(left), entry(right)), (entry(()), entry(())))
        return merge_keyed(facts, lambda: None, lambda element: str(element)[0], counting), made

    found, made = tried(tuple(f"{key}x" for key in "abcde"), tuple(f"{key}x" for key in "fghij"))
    assert found is not None
    assert [len(cast("Texts", given)) for given in found.give] == [10, 10]
    assert made < 10_240
    assert tried(tuple(f"{key}x" for key in "abcdefg"), tuple(f"{key}x" for key in "hijklmn")) == (None, 0)


Changes = tuple[tuple[date, str], ...]
"""Changed days of a series: a date or a time, and what is another."""
DAY = date(2026, 3, 10)


def time(days: int, hour: int = 9) -> datetime:
    """Return a time of so many days later."""
    return datetime(2026, 3, 10, hour) + timedelta(days)  # noqa: DTZ001 -- a time of day, as one side tells it


def by_side(side: Side, one: Any, other: Any) -> tuple[Any, Any]:  # noqa: ANN401 -- any two things
    """Return two things by side, the first being that of ``side``."""
    return (one, other) if side is Side.LEFT else (other, one)


def of_days(changes: tuple[Changes, Changes], base: Changes) -> Merged | None:
    """Return the merge of changes by day, where both sides had agreed on the same."""

    def packed(value: object) -> bytes:
        return pack_value(START, tuple(sorted(map(repr, cast("Changes", value)))))

    facts = Facts(changes, (packed(changes[0]), packed(changes[1])), (packed(base), packed(base)))
    return merge_keyed(facts, lambda: None, lambda change: cast("tuple[date, str]", change)[0], packed)


@pytest.mark.parametrize("days", [-2, -1, 0, 1, 2])
@pytest.mark.parametrize("side", SIDES)
def test_a_day_and_a_time_of_about_that_day_may_be_one_change_in_two_spellings(side: Side, days: int) -> None:
    """Neither side is given what it may have already: the whole is one value. Two days apart they are two changes."""
    day, at = ((DAY, "late"),), ((time(days), "cancelled"), (time(days + 20), "early"))
    found = of_days(by_side(side, day, at), ())

    assert found == (Merged(by_side(side, (*day, *at), (*at, *day))) if abs(days) > 1 else None)


@pytest.mark.parametrize("side", SIDES)
def test_a_day_and_a_time_that_one_side_shows_are_two_changes(side: Side) -> None:
    """What a side tells apart is merged by itself; and a day that is taken out stands for nothing."""
    day, at, new = (DAY, "late"), (time(0), "cancelled"), (DAY + timedelta(9), "early")

    both = of_days(by_side(side, (day, at), (at, new)), (at,))
    assert both == Merged(by_side(side, (day, at, new), (at, new, day)))

    gone = of_days(by_side(side, (), (day, at)), (day,))
    assert gone == Merged(((at,), (at,)))


def test_many_keys_are_not_compared_each_with_each() -> None:
    """What a long series takes grows with its exceptions, not with their square."""

    class Key(str):
        __slots__ = ()
        compared = 0
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            Key.compared += 1
            return str.__eq__(self, other)

    whole = tuple(f"{number:04d}" for number in range(500))
    base = entry(whole)
    facts = Facts((whole[1:], whole[:-1]), (entry(whole[1:]), entry(whole[:-1])), (base, base))
    found = merge_keyed(facts, lambda: None, Key, entry)

    assert found == Merged((whole[1:-1], whole[1:-1]))
    assert Key.compared < 50 * len(whole)


def test_without_a_base_the_whole_is_one_value() -> None:
    """A first pairing is decided about as any other value is."""
    facts = Facts((("1a",), ("2a",)), (entry(("1a",)), entry(("2a",))), (NO_BASE, NO_BASE))
    assert merge_keyed(facts, lambda: Side.LEFT, str, entry) is None
    assert entry(()) == EMPTY
