"""What is kept of values: bytes that every later release has to make in the same way."""

from collections.abc import Hashable

import pytest

from tallystick.mapping.base import (
    EMPTY,
    NO_BASE,
    hasher,
    pack_agreed,
    pack_elements,
    pack_slots,
    pack_value,
    slot_digest,
    slot_digests,
    unpack,
)

START = hasher(bytes(range(32)), "last_name")
ONE, TWO, OTHER = (slot_digest(START, text) for text in "abc")
NOTHING = bytes(8)


def test_each_rule_and_each_key_has_digests_of_its_own() -> None:
    """The digest of a value is bound to the rule's name and to the host's key."""
    keys = (bytes(range(32)), bytes(32))
    starts = (hasher(keys[0], "last_name"), hasher(keys[0], "first_name"), hasher(keys[1], "last_name"))

    assert pack_value(starts[0], "Lovelace").hex() == "0195730a355974d825"
    assert len({pack_value(start, "a") for start in starts}) == 3


@pytest.mark.parametrize(
    ("value", "packed"),
    [
        ("Lovelace", "0195730a355974d825"),
        ("\ud800", "0117fac94587f3bb1b"),
        (("a", 1), "017bdea2485a303b7a"),
        (0, "017a7754d4ed8796a2"),
        (False, "014158409a633f48cd"),
        (" ", "0116c577ffefbf5b93"),
        ("", "00"),
        (None, "00"),
        ((), "00"),
    ],
    ids=repr,
)
def test_a_value_has_one_digest_or_none_where_it_is_nothing(value: Hashable, packed: str) -> None:
    """Texts are digested as they are, halves of characters too, other values by their repr; zero and no are values."""
    assert pack_value(START, value).hex() == packed


def test_elements_have_a_digest_each_up_to_254() -> None:
    """Digests of elements come sorted, one each, as slots have them; a larger set has one of all, in any order."""
    most = pack_elements(START, [str(number) for number in range(254)])

    assert pack_elements(START, ["a"]) == b"\1" + ONE
    assert pack_elements(START, ["a", "b"]) == pack_elements(START, ["b", "a"]) == b"\2" + b"".join(sorted([ONE, TWO]))
    assert (most[0], len(most)) == (254, 1 + 254 * 8)
    for order in (range(255), reversed(range(255))):
        assert pack_elements(START, [str(number) for number in order]).hex() == "01ab55ec44c9b86346"
    assert pack_elements(START, ["\ud800"]).hex() == "0117fac94587f3bb1b"
    assert pack_elements(START, [("a", 1)]).hex() == "017bdea2485a303b7a"


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_slot_is_zeros(nothing: Hashable) -> None:
    """A slot with nothing in it is packed as zeros, one that holds zero is not, and slots without any are empty."""
    empty = slot_digest(START, nothing)

    assert empty == NOTHING
    assert [slot_digest(START, one).hex() for one in (0, ("a", 1), "\ud800")] == [
        "7a7754d4ed8796a2",
        "7bdea2485a303b7a",
        "17fac94587f3bb1b",
    ]
    assert pack_slots([b"XXXXXXXX"]) == b"\1XXXXXXXX"
    assert pack_slots([empty, ONE]) == b"\2" + NOTHING + ONE
    assert pack_slots([empty, empty]) == pack_slots([]) == EMPTY


@pytest.mark.parametrize(
    ("entry", "slots"),
    [
        (NO_BASE, (NO_BASE, NO_BASE, NO_BASE)),
        (EMPTY, (EMPTY, EMPTY, EMPTY)),
        (b"\2" + ONE + NOTHING, (b"\1" + ONE, EMPTY, EMPTY)),
        (b"\3" + NOTHING + ONE + TWO, (EMPTY, b"\1" + ONE, b"\1" + TWO)),
    ],
    ids=["no base", "nothing", "one fewer", "all"],
)
def test_a_slot_that_an_older_base_lacks_is_empty(entry: bytes, slots: tuple[bytes, ...]) -> None:
    """Each slot of a base is like the base of a value; where there is no base, no slot has one."""
    assert slot_digests(entry, 3) == slots


def test_a_base_comes_apart_rule_by_rule() -> None:
    """Entries of no, one, two and 254 digests, and of no base, are told apart by their counts."""
    entries = [EMPTY, b"\1" + ONE, NO_BASE, b"\2" + ONE + TWO, b"\xfe" + 254 * ONE, NO_BASE, b"\1" + TWO]

    assert unpack(b"".join(entries)) == entries
    assert unpack(b"") == []


def _set(*digests: bytes) -> bytes:
    return bytes((len(digests),)) + b"".join(sorted(digests))


@pytest.mark.parametrize(
    ("shown", "base", "agreed"),
    [
        ((_set(ONE, TWO), _set(ONE, TWO)), (EMPTY, EMPTY), (_set(ONE, TWO), _set(ONE, TWO))),
        ((_set(ONE, TWO), _set(ONE)), (_set(ONE), _set(ONE)), (_set(ONE), _set(ONE))),
        ((_set(ONE, TWO), _set(ONE)), (_set(TWO), EMPTY), (_set(ONE, TWO), _set(ONE))),
        ((_set(ONE), _set(ONE, TWO)), (EMPTY, _set(TWO)), (_set(ONE), _set(ONE, TWO))),
        ((_set(ONE, TWO), _set(OTHER)), (_set(TWO), _set(OTHER)), (_set(TWO), _set(OTHER))),
        ((_set(ONE, TWO), _set(OTHER)), (_set(TWO, OTHER), _set(OTHER)), (_set(TWO), EMPTY)),
        ((_set(OTHER), _set(ONE, TWO)), (_set(OTHER), _set(TWO, OTHER)), (EMPTY, _set(TWO))),
    ],
    ids=["both", "no room", "left kept", "right kept", "apart", "gone on one side", "gone on the other"],
)
def test_what_sets_agree_on_is_what_both_show_and_what_one_alone_held(
    shown: tuple[bytes, bytes], base: tuple[bytes, bytes], agreed: tuple[bytes, bytes]
) -> None:
    """An element without room is no part of the base; one in which the sides agreed to differ stays in its side's."""
    assert pack_agreed(shown, base) == agreed
