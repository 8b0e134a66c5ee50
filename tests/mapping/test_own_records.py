"""Records of a host's own: attrs classes, dataclasses and dicts go by the same rules, and mistakes are named."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

import attrs
import pytest

import tallystick as ts
from tallystick.errors import MappingError, UsageError
from tallystick.mapping import Lens, attribute, attribute_of, elements, evolved, key, key_of, rule, slots
from tallystick.mapping.evolve import shows_same
from tallystick.matching import Matcher
from tallystick.ports import Term
from tallystick.providers.memory import MemoryCollection, Shape, VirtualClock
from tallystick.sinks import SqliteSink


@attrs.frozen
class Attrs:
    """An attrs class."""

    number: str = ""
    title: str = ""
    amount: int = 0


@dataclass(frozen=True)
class Data:
    """A dataclass."""

    number: str = ""
    title: str = ""
    amount: int = 0


@dataclass(frozen=True, kw_only=True)
class Keyword:
    """A dataclass whose fields go by keyword only, and one that is worked out."""

    number: str = ""
    title: str = ""
    amount: int = 0
    length: int = field(init=False, default=0)


PLAIN: dict[str, object] = {"number": "", "title": "", "amount": 0}
BLANKS: tuple[Any, ...] = (Attrs(), Data(), Keyword(), PLAIN)
EACH_PAIR = pytest.mark.parametrize(
    ("left", "right"),
    [(left, right) for left in BLANKS for right in BLANKS],
    ids=lambda blank: type(blank).__name__,
)


def read(record: Any, name: str) -> Any:  # noqa: ANN401 -- any record, any value
    """Return a field of a record of any kind."""
    return record[name] if isinstance(record, dict) else getattr(record, name)


def lenses(blank: Any) -> tuple[Lens[Any, Any], ...]:  # noqa: ANN401 -- any record
    """Return the lenses onto a record of a kind."""
    if isinstance(blank, dict):
        return key("number"), key("title"), key_of("amount", int, 0)
    return attribute("number"), attribute("title"), attribute_of("amount", int)


def profile_of(left: Any, right: Any) -> ts.Profile[Any, Any]:  # noqa: ANN401 -- any records
    """Return a profile of two kinds of records."""
    canons = (None, None, int)
    names = ("number", "title", "amount")
    ones, others = lenses(left), lenses(right)
    rules = tuple(
        rule(name, one, other, canon) for name, one, other, canon in zip(names, ones, others, canons, strict=True)
    )
    return ts.Profile(
        "own",
        left=ts.SideProfile(left),
        right=ts.SideProfile(right),
        mapping=rules,
        matcher=Matcher(
            left=lambda record: [read(record, "number")],
            right=lambda record: [read(record, "number")],
            search_left=lambda record: [Term("number", read(record, "number"))],
            search_right=lambda record: [Term("number", read(record, "number"))],
        ),
    )


def collection_of(blank: Any, clock: VirtualClock) -> MemoryCollection[Any]:  # noqa: ANN401 -- any record
    """Return a collection of records of a kind."""
    shape: Any = Shape(type(blank))
    if isinstance(blank, dict):
        shape = Shape(type("Row", (dict,), {"__annotations__": {"number": str, "title": str, "amount": int}}))
    return MemoryCollection(shape, clock=clock)


@EACH_PAIR
@pytest.mark.behaviour("TS-02")
def test_records_of_any_kind_merge_by_the_same_rules(left: Any, right: Any) -> None:  # noqa: ANN401 -- any records
    """A record is created on the other side as that side's kind, and edits of different fields both survive."""
    clock = VirtualClock()
    one, other = collection_of(left, clock), collection_of(right, clock)
    made = one.insert(evolved(left, {"number": "D-1", "title": "New mill", "amount": 1000}))
    sync = ts.Sync(
        "own", left=one, right=other, profile=profile_of(left, right), state=ts.MemoryState(bytes(32)), clock=clock
    )
    sync.run()
    (copy,) = other.ids()
    assert isinstance(other.record(copy), type(right))

    one.edit(made, title="Two new mills")
    other.edit(copy, amount=2500)
    sync.run()

    for record in (one.record(made), other.record(copy)):
        assert [read(record, name) for name in ("number", "title", "amount")] == ["D-1", "Two new mills", 2500]
    assert sync.run().written() == 0


@EACH_PAIR
def test_records_are_the_same_in_every_field_and_of_one_kind(left: Any, right: Any) -> None:  # noqa: ANN401 -- any records
    """Another value in any field makes another record, and so does another kind of record with the same values."""
    fields = {"number": "D-1", "title": "New mill", "amount": 1000}
    one, other = evolved(left, fields), evolved(right, fields)

    assert shows_same(one, other) is (type(left) is type(right))
    for name, value in {"number": "D-2", "title": "", "amount": 0}.items():
        assert not shows_same(one, evolved(other, {name: value}))


@EACH_PAIR
@pytest.mark.behaviour("TS-01")
def test_plans_and_images_hold_records_of_any_kind(left: Any, right: Any) -> None:  # noqa: ANN401 -- any records
    """A plan of such records is saved, loaded and applied; its run is undone from the images that were kept."""
    clock = VirtualClock()
    one, other = collection_of(left, clock), collection_of(right, clock)
    made = one.insert(evolved(left, {"number": "D-1", "title": "New mill", "amount": 1000}))
    profile = profile_of(left, right)
    with SqliteSink(":memory:", keeps_images=True) as sink:
        sync = ts.Sync(
            "own", left=one, right=other, profile=profile, state=ts.MemoryState(bytes(32)), sink=sink, clock=clock
        )
        sync.apply(ts.load_plan(ts.dump_plan(sync.plan()), profile))
        one.edit(made, amount=3000)
        done = sync.apply(ts.load_plan(ts.dump_plan(sync.plan()), profile))
        (copy,) = other.ids()
        assert read(other.record(copy), "amount") == 3000
        sync.apply(sync.undo(done.run))

    assert read(other.record(copy), "amount") == 1000


@pytest.mark.behaviour("TS-01")
@pytest.mark.parametrize("value", [math.nan, -math.inf, Decimal("4711.5"), {4711}], ids=str)
@pytest.mark.parametrize("blank", BLANKS, ids=lambda blank: type(blank).__name__)
def test_a_plan_with_what_json_cannot_say_is_not_saved(blank: Any, value: Any) -> None:  # noqa: ANN401 -- any record
    """The error says which field of which record, what records may hold, and nothing of the value."""
    clock = VirtualClock()
    one, other = collection_of(blank, clock), collection_of(blank, clock)
    profile = profile_of(blank, blank)
    amount: Any = key_of("amount", object, 0) if isinstance(blank, dict) else attribute_of("amount", object)
    profile = attrs.evolve(profile, mapping=(*profile.mapping[:2], rule("amount", amount, amount, lambda value: value)))
    made = one.insert(evolved(blank, {"number": "D-1", "amount": value}))
    sync = ts.Sync("own", left=one, right=other, profile=profile, state=ts.MemoryState(bytes(32)), clock=clock)
    plan = sync.plan()

    with pytest.raises(UsageError) as refused:
        ts.dump_plan(plan)

    assert str(refused.value) == (
        f"right side, the create of {made}, field amount: a value that JSON can't say, so the plan can't be saved"
        " -- let records hold texts, finite numbers, yes and no, None, and lists of them; or apply it unsaved"
    )


@pytest.mark.parametrize("blank", BLANKS, ids=lambda blank: type(blank).__name__)
@pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])
def test_a_field_that_is_not_there_is_named_with_the_nearest(blank: Any, side: int) -> None:  # noqa: ANN401 -- any record
    """A rule for a field that the record lacks is refused when the profile is made, with the right name."""
    profile = profile_of(blank, blank)
    wrong = key("titles") if isinstance(blank, dict) else attribute("titles")
    sound = lenses(blank)[1]
    mapping = (rule("title", wrong, sound) if side == 0 else rule("title", sound, wrong),)

    with pytest.raises(MappingError, match=r"rule title, .* has no field 'titles' -- did you mean 'title'\?") as caught:
        attrs.evolve(profile, mapping=mapping)
    assert ("left", "right")[side] in str(caught.value)


def test_the_wrong_kind_of_lens_is_named_with_the_right_one() -> None:
    """An attribute of a dict, and a key of a class, are told apart from a name that is wrong."""
    sound = attribute("title")
    with pytest.raises(MappingError, match=r"use key\('title'\)"):
        attrs.evolve(profile_of(Attrs(), PLAIN), mapping=(rule("title", sound, sound),))
    with pytest.raises(MappingError, match="can't read 'get' of a Attrs"):
        attrs.evolve(profile_of(Attrs(), PLAIN), mapping=(rule("title", key("title"), key("title")),))


def test_a_reading_lens_that_fails_on_a_blank_record_is_named() -> None:
    """A lens of one's own that reads a field that is not there is named before any run."""
    lens: Lens[Any, str] = Lens(lambda record: record.headline, lambda _record, value: {"title": value}, ("title",))

    with pytest.raises(MappingError, match="rule title, left side: the lens can't read 'headline' of a Attrs"):
        attrs.evolve(profile_of(Attrs(), Attrs()), mapping=(rule("title", lens, attribute("title")),))


def test_what_is_no_record_is_refused() -> None:
    """A class that can't be copied with other values is refused with what would do."""
    with pytest.raises(MappingError, match="make it an attrs class or a dataclass"):
        evolved(object(), {"title": "x"})


TITLE = attribute("title")


async def awaited(*_: object) -> str:
    """Return nothing, to whoever awaits it."""
    return ""


def of(get: Any = lambda _: (), put: Any = lambda *_: {}) -> Lens[Any, Any]:  # noqa: ANN401 -- any functions
    """Return a lens that writes the title."""
    return Lens(get, put, ("title",))


NOTHING: Any = lambda: ""  # noqa: E731 -- of another type than any function of a rule
TWICE = "let it return a value that can be read twice, which is a tuple for elements and slots"
WRONG: dict[str, Callable[[], Any]] = {
    f"left side: the lens reads what is of the type coroutine, .* -- {TWICE}": lambda: rule(
        "title", of(awaited), TITLE
    ),
    "the lens reads what is no text, and is compared as one -- give the rule a canon": lambda: rule(
        "title", of(lambda _: 7), TITLE
    ),
    f"what is of the type str, and the rule is of the shape elements -- {TWICE}": lambda: elements(
        "title", of(lambda _: "abc"), of(), str
    ),
    f"what is of the type NoneType, and the rule is of the shape slots -- {TWICE}": lambda: slots(
        "title", of(lambda _: None), of(), str
    ),
    f"what is of the type set, and the rule is of the shape slots -- {TWICE}": lambda: slots(
        "title", of(lambda _: {""}), of(), str
    ),
    "right side: the lens reads 0 slots, and the left side's 1 -- let both lenses read as many, empty ones included": (
        lambda: slots("title", of(lambda _: ("",)), of(), str)
    ),
    "canon returns what is of the type object, .* -- let it return a plain value, such as a text or a tuple of texts": (
        lambda: rule("title", TITLE, TITLE, lambda _: cast("Any", object()))
    ),
    "canon can't be called with 1 value -- mend the function": lambda: elements("title", of(), of(), NOTHING),
    "put returns what is of the type str -- let it return a dict of new values by the names of fields": (
        lambda: rule("title", TITLE, of(str, lambda *_: "title"))
    ),
    "put returns the field 'name', .* -- declare it in writes: they are number, title": lambda: rule(
        "title", TITLE, Lens(str, lambda *_: {"name": ""}, ("number", "title"))
    ),
    "put returns the field 'title', .* -- declare it in writes: they are none": lambda: rule(
        "title", TITLE, Lens(str, lambda *_: {"title": ""}, ())
    ),
    "put can't be called with 2 values -- mend the function": lambda: rule("title", TITLE, of(str, NOTHING)),
    "carries can't be called with 1 value -- mend the function": lambda: rule("title", TITLE, TITLE).reporting(NOTHING),
}


@pytest.mark.parametrize("said", WRONG)
def test_a_rule_that_can_not_work_is_refused_when_the_profile_is_made(said: str) -> None:
    """Its functions are tried on blank records; what is wrong is said with the side and with what to do instead."""
    sound = profile_of(Attrs(), Attrs())
    with pytest.raises(MappingError, match=rf"^rule title, .*{said}$"):
        attrs.evolve(sound, mapping=(WRONG[said](),))


@pytest.mark.parametrize("kind", [tuple, list, set, frozenset])
def test_elements_may_be_read_in_no_order(kind: type) -> None:
    """What is compared as a set may be one."""
    read = of(lambda record: kind([record.title] if record.title else ()))
    assert attrs.evolve(profile_of(Attrs(), Attrs()), mapping=(elements("title", read, read, str),))


def test_a_lens_is_tried_with_a_blank_record_and_what_it_reads_of_it() -> None:
    """What it puts back is its own value, into the record that it is for: others it need not bear."""
    tried = []

    def put(record: Data, value: str) -> dict[str, object]:
        tried.append((record, value))
        return {"title": value}

    lens: Lens[Any, str] = Lens(lambda record: f"no {record.number or 'title'}", put, ("title",))
    attrs.evolve(profile_of(Attrs(), Data()), mapping=(rule("title", TITLE, lens),))
    assert tried == [(Data(), "no title")]


def test_a_function_that_does_not_tell_what_it_takes_is_taken_as_it_is() -> None:
    """Some that are built in don't: what one can't bear of a blank record, it may bear of others."""
    amount = attribute_of("amount", int)
    most: Any = max
    assert attrs.evolve(profile_of(Attrs(), Attrs()), mapping=(rule("amount", amount, amount, most),))
