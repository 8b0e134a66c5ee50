"""A mapping compiled: what it refuses, what it makes of a new record, and bases of another layout."""

from typing import Any

import attrs
import pytest

from tallystick.errors import MappingError
from tallystick.mapping import (
    TO_LEFT,
    TO_RIGHT,
    Direction,
    Lens,
    MergePolicy,
    Rule,
    attribute,
    attribute_of,
    compile_mapping,
    elements,
    key,
    key_of,
    rule,
    slots,
)
from tallystick.mapping.base import NO_BASE

KEY = bytes(32)
AnyRule = Rule[Any, Any]


@attrs.frozen
class Person:
    """A record of either side."""

    name: str = ""
    title: str = ""
    amount: int | None = None
    tags: tuple[str, ...] = ()


@attrs.frozen
class Labelled:
    """A record of the left side."""

    name: str = ""
    title: str = ""
    label: str = ""


def same(field: str, **how: Any) -> AnyRule:  # noqa: ANN401 -- the options of a rule
    """Return the rule that a text is the same on both sides."""
    return rule(field, attribute(field), attribute(field), **how)


AMOUNT: AnyRule = rule("amount", attribute_of("amount", int), attribute_of("amount", int), str)
LABELS: Lens[Any, Any] = attribute_of("tags", tuple)
TAGS: AnyRule = elements("tags", LABELS, LABELS, str)


NAMES = "a rule's name is not unique, or is more than letters, digits and underscores"
NAMED = "give each rule a short name of its own"
ONE_WRITES = "make them one rule, or let only one of them write"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([same("name"), same("title"), same("name")], f"rule name: {NAMES} -- {NAMED}"),
        ([rule("full name", attribute("name"), attribute("name"))], f"rule full name: {NAMES} -- {NAMED}"),
        ([rule("_", attribute("name"), attribute("name"))], f"rule _: {NAMES} -- {NAMED}"),
        (
            [same("name", policy=MergePolicy.MERGE)],
            "rule name: the policy merge does not fit the shape value -- choose one of: conflict, fill, follow, mirror",
        ),
        (
            [slots("tags", LABELS, LABELS, str, policy=MergePolicy.MIRROR)],
            "rule tags: the policy mirror does not fit the shape slots -- choose one of: conflict, fill",
        ),
        (
            [same("name"), rule("title", attribute("name"), attribute("title"))],
            f"left side: the rules name and title both write the field name -- {ONE_WRITES}",
        ),
        (
            [same("name"), rule("other", attribute("title"), attribute("name"), direction=TO_RIGHT)],
            f"right side: the rules name and other both write the field name -- {ONE_WRITES}",
        ),
    ],
    ids=[
        "name twice",
        "name with a space",
        "name without a letter",
        "policy of a value",
        "policy of slots",
        "field on the left",
        "on the right",
    ],
)
def test_rules_that_contradict_each_other_are_refused(rules: list[AnyRule], said: str) -> None:
    """The rule or the side, what is wrong with it, and what to do about it are named."""
    with pytest.raises(MappingError) as caught:
        compile_mapping(rules, KEY)

    assert str(caught.value) == said


@pytest.mark.parametrize("direction", [TO_LEFT, Direction((True, False), (False, False))], ids=["never", "creates"])
def test_a_field_may_be_read_by_a_rule_that_never_writes_it(direction: Direction) -> None:
    """Two rules may share a field where one of them writes it neither in a create nor in an update."""
    compile_mapping([same("name"), rule("label_2", attribute("title"), attribute("name"), direction=direction)], KEY)


@pytest.mark.parametrize(
    "direction",
    [Direction((False, True), (False, False)), Direction((False, False), (False, True))],
    ids=["creates", "updates"],
)
def test_a_field_is_written_also_where_that_is_in_creates_or_in_updates_only(direction: Direction) -> None:
    """A rule that writes a field in one kind of step is enough for another rule not to."""
    with pytest.raises(MappingError, match="both write the field name"):
        compile_mapping([same("name"), rule("label", attribute("title"), attribute("name"), direction=direction)], KEY)


def test_a_new_record_is_given_what_there_is() -> None:
    """Zero and no are values; an empty text, an empty tuple and None are nothing, and go nowhere."""
    flag: AnyRule = rule("flag", key_of("flag", bool, missing=False), key_of("flag", bool, missing=False), str)
    to_left: AnyRule = rule("code", key("code"), key("code"), direction=TO_LEFT)
    onto_dicts = compile_mapping([flag, rule("first", key("first"), key("name")), to_left], KEY)
    onto_classes = compile_mapping([same("name"), same("title"), AMOUNT, TAGS], KEY)

    assert onto_classes.fields[1](Person("Ada", amount=0), Person()) == {"name": "Ada", "amount": 0}
    assert onto_classes.fields[0](Person(title="Dr", tags=("a",)), Person()) == {"title": "Dr", "tags": ("a",)}
    assert onto_dicts.fields[1]({"first": "Ada", "code": "1"}, {}) == {"flag": False, "name": "Ada"}
    assert onto_dicts.fields[0]({"name": "Ada", "code": "1"}, {}) == {"flag": False, "first": "Ada", "code": "1"}


@pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])
def test_a_counterpart_comes_with_the_entries_of_both(side: int) -> None:
    """What is cut on the way, is nothing, or is not written in creates, shows as it is on its own side."""
    cut: Lens[Any, str] = Lens(lambda record: record.title, lambda _blank, value: {"title": value[:2]}, ("title",))
    away = TO_LEFT if side else TO_RIGHT
    rules = [
        rule("first", attribute("name"), key("Name")),
        rule("title", attribute("title"), key("Title")),
        rule("label", attribute("label"), key("Label"), direction=away),
    ]
    if side == 0:
        rules[1] = rule("title", cut, key("Title"))
    mapping = compile_mapping(rules, KEY)
    blanks: tuple[Any, Any] = (Labelled(label="own"), {"Label": "own"})
    sources: tuple[Any, Any] = (Labelled("Ada", "Sir", "theirs"), {"Name": "Ada", "Title": "Sir", "Label": "theirs"})

    new, theirs, own = mapping.counterpart[side](sources[1 - side], blanks[side])

    assert new == (Labelled("Ada", "Si", "own"), {"Name": "Ada", "Title": "Sir", "Label": "own"})[side]
    assert theirs == mapping.entries.shown[1 - side](sources[1 - side])
    assert own == mapping.entries.shown[side](new)
    assert own != theirs


def test_a_lens_sees_the_blank_record_that_it_is_put_into() -> None:
    """What a side starts new records with is there for the lens of a field that is one of several in a place."""
    lens: Lens[Any, str] = Lens(
        lambda record: record.name, lambda blank, value: {"name": f"{blank.title} {value}"}, ("name",)
    )
    mapping = compile_mapping([rule("name", attribute("name"), lens)], KEY)

    assert mapping.fields[1](Person("Ada"), Person(title="Dr")) == {"name": "Dr Ada"}


def test_the_layout_names_rules_with_their_versions() -> None:
    """Names and versions in order, and by number those that follow, and those that can't be changed in place."""
    follows: AnyRule = rule("label", attribute("tags"), attribute("tags"), policy=MergePolicy.FOLLOW)
    mapping = compile_mapping([same("name", version=2).replacing(1), same("title").replacing(0), follows], KEY)

    assert mapping.layout == "name@2,title@1,label@1"
    assert mapping.following == (2,)
    assert mapping.replacing == ((1,), (0,))


def test_a_base_of_another_layout_is_kept_by_name_and_version() -> None:
    """Bases of rules that are the same go with them; a rule that is new, or has another version, has none."""
    before = compile_mapping([same("name"), same("title"), AMOUNT], KEY)
    after = compile_mapping([AMOUNT, same("title", version=2), TAGS, same("name")], KEY)
    left, right = Person("Ada", "Dr", 1), Person("Ada L", "", 2)
    stored = (before.digest(0, left), before.digest(1, right))
    name, title, amount = zip(before.entries.shown[0](left), before.entries.shown[1](right), strict=True)

    assert before.rebased(stored, before.layout) == ([name[0], title[0], amount[0]], [name[1], title[1], amount[1]])
    assert after.rebased(stored, before.layout) == (
        [amount[0], NO_BASE, NO_BASE, name[0]],
        [amount[1], NO_BASE, NO_BASE, name[1]],
    )
    assert after.rebased((b"", b""), "") == ([NO_BASE] * 4, [NO_BASE] * 4)


def test_records_agree_whatever_their_rules_that_follow_show() -> None:
    """Two records are the same where all rules are but those that follow."""
    follows: AnyRule = rule("title", attribute("title"), attribute("title"), policy=MergePolicy.FOLLOW)
    follows_too = attrs.evolve(AMOUNT, policy=MergePolicy.FOLLOW)
    mapping = compile_mapping([same("name"), follows, follows_too], KEY)
    strict = compile_mapping([same("name"), same("title"), AMOUNT], KEY)

    def agree(left: Person, right: Person) -> tuple[bool, bool]:
        return tuple(one.agree(*one.entries.pair(left, right)) for one in (mapping, strict))  # type: ignore[return-value]

    assert agree(Person("Ada", "Dr", 1), Person("Ada", "Dr", 1)) == (True, True)
    assert agree(Person("Ada", "Dr", 1), Person("Ada", "Prof", 2)) == (True, False)
    assert agree(Person("Ada", "Dr", 1), Person("Eva", "Dr", 1)) == (False, False)
