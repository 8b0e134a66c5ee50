"""Entries of records: the same by whichever of the three ways they are made, and the same as their values' digests."""

from itertools import product
from typing import Any

import attrs
import pytest

from tallystick.mapping import Lens, Rule, attribute, attribute_of, compile_mapping, elements, key, rule, slots
from tallystick.mapping.base import EMPTY, hasher, pack_elements, pack_slots, pack_value, slot_digest
from tallystick.mapping.entries import canonical

KEY = bytes(range(32))


@attrs.frozen
class Person:
    """A record of either side."""

    name: str = ""
    born: int | None = None
    phones: tuple[str | None, ...] = ("", "")
    tags: tuple[Any, ...] = ()


def lower(text: str) -> str:
    """Return the canonical form of a text."""
    return text.strip().lower()


def canon(phone: str | None) -> str:
    """Return the canonical form of a telephone."""
    return lower(phone or "")


PHONES: Lens[Any, Any] = Lens(lambda record: record.phones, lambda _record, value: {"phones": value}, ("phones",))
RULES: tuple[Rule[Any, Any], ...] = (
    rule("name", attribute("name"), attribute("name"), lower),
    rule("born", attribute_of("born", int), attribute_of("born", int), lambda born: born),
    slots("phones", PHONES, PHONES, canon),
    elements("tags", attribute_of("tags", tuple), attribute_of("tags", tuple), lower),
)
RECORDS = (
    Person(),
    Person("Ada", 1815, ("1", ""), ("b",)),
    Person(" ADA", 1815, ("1", None), ("B", "a ", "A", "")),
    Person("Eva", 0, ("", "2"), ("a", "b")),
    Person("Eva", None, ("2", "1"), (" ",)),
    Person("Eva", None, ("2", "1"), ("B", "b ")),
)


def expected(record: Person) -> list[bytes]:
    """Return the entries of a record, value by value."""
    name, born, phones, tags = (hasher(KEY, one.name) for one in RULES)
    found = sorted({lower(tag) for tag in record.tags if lower(tag)})
    return [
        pack_value(name, lower(record.name)),
        pack_value(born, record.born),
        pack_slots([slot_digest(phones, canon(phone)) for phone in record.phones]),
        pack_elements(tags, found) if found else EMPTY,
    ]


@pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])
def test_a_record_shows_the_digests_of_its_canonical_values(side: int) -> None:
    """Each rule's entry is made of what is canonical in the value, by shape, whether it was seen before or not."""
    mapping = compile_mapping(RULES, KEY)

    for record in (*RECORDS, *RECORDS):
        assert mapping.entries.shown[side](record) == expected(record)
        assert mapping.digest(side, record) == b"".join(expected(record))


def test_both_records_of_a_pair_show_what_each_shows_alone() -> None:
    """The entries of two records come at once, as one list where they are equal."""
    mapping = compile_mapping(RULES, KEY)

    for left, right in product(RECORDS, RECORDS):
        one, two = mapping.entries.pair(left, right)

        assert (one, two) == (expected(left), expected(right))
        assert (one is two) == (expected(left) == expected(right))


@pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])
def test_a_changed_record_shows_what_it_would_show_alone(side: int) -> None:
    """Entries of what has changed are made anew, the others are taken over, and those of before stay as they were."""
    mapping = compile_mapping(RULES, KEY)

    for before, after in product(RECORDS, RECORDS):
        entries = expected(before)

        assert mapping.entries.after[side](before, after, entries) == expected(after)
        assert entries == expected(before)
    untouched = [b"taken"] * 4
    assert mapping.entries.after[side](RECORDS[1], attrs.evolve(RECORDS[1]), untouched) == untouched


def test_sides_are_read_by_their_own_lenses() -> None:
    """A rule reads the left record by its left lens and the right one by its right lens."""
    mapping = compile_mapping([rule("name", attribute("name"), key("Name"))], KEY)
    packed = [pack_value(hasher(KEY, "name"), name) for name in ("Ada", "Eva")]

    assert mapping.entries.pair(Person("Ada"), {"Name": "Eva"}) == ([packed[0]], [packed[1]])
    assert mapping.entries.shown[1]({"Name": "Eva"}) == [packed[1]]
    assert mapping.entries.after[1]({"Name": "Ada"}, {"Name": "Eva"}, [b"old"]) == [packed[1]]
    assert mapping.entries.after[0](Person("Eva"), Person("Ada"), [b"old"]) == [packed[0]]


def test_what_is_canonical_of_a_whole_value() -> None:
    """A value is itself; slots are in order, empty ones too; elements are sorted, each once, and none is empty."""
    name, _, phones, tags = RULES

    assert canonical(name, " Ada") == "ada"
    assert canonical(phones, ("2", None, "1")) == ("2", "", "1")
    assert canonical(tags, ("b", "", " B", "a")) == ("a", "b")
    assert [canonical(tags, one) for one in ((), ("",), ("B",), ("B", "b"))] == [(), (), ("b",), ("b",)]


def test_slots_hold_other_values_than_texts() -> None:
    """Each is digested by what is canonical of it."""
    mapping = compile_mapping([slots("phones", PHONES, PHONES, lambda number: number)], KEY)
    start = hasher(KEY, "phones")

    for phones in ((1, 2), (2, None), ("2", 1)):
        packed = pack_slots([slot_digest(start, one) for one in phones])
        assert mapping.entries.shown[0](Person(phones=phones)) == [packed]  # type: ignore[arg-type]


def test_an_empty_slot_is_what_is_canonical_of_nothing() -> None:
    """Where that is something, an empty slot and one that says so are the same."""
    mapping = compile_mapping([slots("phones", PHONES, PHONES, lambda phone: phone or "none")], KEY)
    none = slot_digest(hasher(KEY, "phones"), "none")

    for phones in (("", ""), ("none", "")):
        assert mapping.entries.shown[0](Person(phones=phones)) == [pack_slots([none, none])]


def test_an_element_that_does_not_count_does_not_count_alone() -> None:
    """With an empty canonical form, which zero is as well, an element is none, however many others there are."""
    mapping = compile_mapping([elements("tags", attribute_of("tags", tuple), attribute_of("tags", tuple), int)], KEY)

    for tags in ((0,), (0, 0), (False,), ()):
        assert mapping.entries.shown[0](Person(tags=tags)) == [EMPTY]
    assert mapping.entries.shown[0](Person(tags=(0, 1))) == mapping.entries.shown[0](Person(tags=(1,))) != [EMPTY]


def test_texts_beyond_what_is_remembered_have_the_same_entries() -> None:
    """However many texts a rule has seen, it shows each as the first time."""
    mapping = compile_mapping(RULES[:1], KEY)
    people = [Person(f"P{number}") for number in range(4200)]
    first = [mapping.entries.shown[0](one) for one in people]

    assert [mapping.entries.shown[0](one) for one in people] == first
    assert len({bytes(entry) for (entry,) in first}) == len(people)
