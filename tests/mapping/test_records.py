"""Rules and records: a rule's own variants, checks of a mapping, and copies of records of any class."""

from dataclasses import dataclass, field
from typing import Any

import attrs
import pytest

from tallystick.errors import MappingError
from tallystick.mapping import (
    BOTH_WAYS,
    TO_LEFT,
    TO_RIGHT,
    Direction,
    Lens,
    MergePolicy,
    Rule,
    Shape,
    attribute,
    check_mapping,
    derived,
    elements,
    evolved,
    field_names,
    key,
    key_of,
    rule,
    slots,
    value_of,
)
from tallystick.text import clean

PLAIN: dict[str, str] = {}


@attrs.frozen
class Single:
    """A record of one field."""

    name: str = ""


@attrs.define
class Private:
    """A record with fields of several kinds: private, by keyword only, and one that is worked out."""

    _code: str
    title: str = attrs.field(default="", alias="headline")
    size: int = attrs.field(default=0, kw_only=True)
    length: int = attrs.field(init=False, default=7)


@dataclass
class Data:
    """A dataclass with a field that is worked out first."""

    length: int = field(init=False, default=7)
    name: str = ""
    title: str = field(default="", kw_only=True)


def test_a_copy_has_what_it_is_given_and_the_rest() -> None:
    """Fields go by the names under which they are read, whatever the constructor calls them, and in any order."""
    assert evolved(Single("Ada"), {"name": "Eva"}) == Single("Eva")
    assert evolved(Single("Ada"), {}) == Single("Ada")
    assert evolved(Private("a", "b", size=3), {"size": 4, "_code": "c"}) == Private("c", "b", size=4)
    assert evolved(Private("a", "b", size=3), {"title": "t"}) == Private("a", "t", size=3)
    data = Data("a", title="t")
    assert evolved(data, {"name": "b"}) == Data("b", title="t")
    assert evolved({"a": 1, "b": 2}, {"b": 3, "c": 4}) == {"a": 1, "b": 3, "c": 4}


def test_the_fields_of_a_record_are_those_that_a_copy_may_be_given() -> None:
    """What is worked out by the class is none; keys of a dict are texts; a key that a dict lacks is None."""
    assert field_names(Private("a")) == ("_code", "title", "size")
    assert field_names(Data()) == ("name", "title")
    assert field_names({"a": 1, 2: 3}) == ("a", "2")
    assert [value_of({"a": 1}, "a"), value_of({"a": 1}, "b"), value_of(Single("n"), "name")] == [1, None, "n"]


def test_what_can_not_be_copied_is_named() -> None:
    """An object of another class is refused with its class and with what would do."""
    with pytest.raises(MappingError) as caught:
        evolved(object(), {"title": "x"})

    assert str(caught.value) == (
        "a object can't be copied with other values in its fields"
        " -- make it an attrs class or a dataclass, or use a dict"
    )


def _same(name: str) -> Rule[Any, Any]:
    return rule(name, attribute("name"), attribute(name))


def _reading(get: Any) -> Rule[Any, Any]:  # noqa: ANN401 -- any function
    lens: Lens[Any, str] = Lens(get, lambda _record, value: {"name": value}, ("name",))
    return rule("name", attribute("name"), lens)


@pytest.mark.parametrize(
    ("made", "right", "said"),
    [
        (_same("names"), Single(), "rule names, right side: a Single has no field 'names' -- did you mean 'name'?"),
        (_same("zzz"), Data(), "rule zzz, right side: a Data has no field 'zzz' -- its fields are name, title"),
        (
            _same("name"),
            {"name": ""},
            "rule name, right side: 'name' is read as an attribute, and the record is a dict -- use key('name')",
        ),
        (
            _reading(lambda record: record.names),
            Single(),
            "rule name, right side: the lens can't read 'names' of a Single -- did you mean 'name'?",
        ),
        (
            _reading(lambda _record: PLAIN["name"]),
            Single(),
            "rule name, right side: the lens can't read of a Single -- let it read a blank record, too",
        ),
        (
            _reading(lambda record: record.name + 1),
            Single(),
            "rule name, right side: the lens can't read of a Single -- let it read a blank record, too",
        ),
    ],
    ids=["near", "far", "attribute of a dict", "reads near", "reads a key", "reads a type"],
)
@pytest.mark.parametrize("left", [Single(), {}], ids=["checked", "unknown"])
def test_a_rule_that_does_not_fit_is_named(made: Rule[Any, Any], right: object, said: str, left: object) -> None:
    """The side, the field and the nearest there is are named, also where nothing is known of the other side."""
    check_mapping([_same("name")], left, Single())
    with pytest.raises(MappingError) as caught:
        check_mapping([_same("name"), made] if right == Single() else [made], left, right)

    assert str(caught.value) == said


def test_a_mapping_that_fits_empty_dicts_says_nothing() -> None:
    """Of empty dicts nothing is known on either side."""
    check_mapping([_same("name")], {}, {})


def test_a_rule_is_made_with_what_it_is_given() -> None:
    """Shape and policy follow from how the rule is made; what is not said is both ways, and version 1."""
    left: Lens[Any, Any] = attribute("a")
    right: Lens[Any, Any] = key("b")
    one = rule("one", left, right, str.lower, policy=MergePolicy.FILL, direction=TO_LEFT, version=3)
    several = elements("several", left, right, str.upper, direction=TO_RIGHT, version=4)
    places = slots("places", left, right, str, policy=MergePolicy.FILL, direction=TO_LEFT, version=5)

    assert attrs.astuple(one, recurse=False) == (
        *("one", left, right, str.lower, Shape.VALUE, MergePolicy.FILL, TO_LEFT, 3),
        *((False, False), None, None),
    )
    assert attrs.astuple(several, recurse=False)[:8] == (
        *("several", left, right, str.upper, Shape.ELEMENTS, MergePolicy.MERGE, TO_RIGHT, 4),
    )
    assert attrs.astuple(places, recurse=False)[:8] == (
        *("places", left, right, str, Shape.SLOTS, MergePolicy.FILL, TO_LEFT, 5),
    )
    assert one.lenses == (left, right)
    plain = rule("plain", left, right)
    assert (plain.canon, plain.policy, plain.direction, plain.version) == (clean, MergePolicy.CONFLICT, BOTH_WAYS, 1)
    assert Direction() == Direction((True, True), (True, True))


def test_a_rule_that_is_merged_by_key_has_conflicts() -> None:
    """The key is the rule's own from then on; a rule that merges otherwise already is refused, and named."""
    texts: Lens[Any, Any] = attribute("texts")
    plain = rule("plain", texts, texts, tuple)

    assert plain.keyed(len).key is len
    for made in (elements("a", texts, texts, str), rule("a", texts, texts, tuple, policy=MergePolicy.MIRROR)):
        with pytest.raises(MappingError) as refused:
            made.keyed(len)
        assert str(refused.value) == (
            f"rule a: a rule of the shape {made.shape} with the policy {made.policy} does not merge by key"
            " -- make it with rule(), and without a policy"
        )


def test_a_rule_that_can_not_be_changed_in_place_says_on_which_sides() -> None:
    """Sides add up, and nothing else of the rule is another; so it is with a test of what arrives whole."""
    plain = _same("name")

    assert plain.replacing(0).replaces == (True, False)
    assert plain.replacing(1).replaces == (False, True)
    assert plain.replacing(0).replacing(1).replaces == plain.replacing(1).replacing(0).replaces == (True, True)
    assert attrs.evolve(plain.replacing(0), replaces=(False, False)) == plain
    assert plain.reporting(bool).carries is bool
    assert attrs.evolve(plain.reporting(bool), carries=None) == plain


def test_what_is_derived_is_read_and_never_written() -> None:
    """Its rule may stand beside one that writes the same field, and leaves the record as it is."""
    lens: Lens[Single, str] = derived(lambda record: record.name.upper())

    assert (lens.get(Single("Ada")), lens.put(Single("Ada"), "EVA"), lens.writes, lens.field) == ("ADA", {}, (), None)


def test_a_key_that_is_missing_reads_as_nothing() -> None:
    """A text is empty then, another value what was said; a key is written under its own name."""
    text, number = key("name"), key_of("size", int, 7)

    assert [text.get({}), text.get({"name": "a"}), number.get({}), number.get({"size": 1})] == ["", "a", 7, 1]
    assert [text.put({}, "b"), number.put({}, 2)] == [{"name": "b"}, {"size": 2}]
    assert [text.writes, number.writes, text.field, number.field] == [("name",), ("size",), None, None]
    assert attribute("name").put(Single(), "b") == {"name": "b"}
    assert (attribute("name").writes, attribute("name").field) == (("name",), "name")
