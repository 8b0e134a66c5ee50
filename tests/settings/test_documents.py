"""Settings as JSON: the documents of users and administrators, and the schema that is published."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import InputError, InvalidSettings
from tallystick.reconcile import Hours
from tallystick.recurrence import Weekday
from tallystick.settings import Administration, Filled, Settings, Within, schema, setting


class Colour(StrEnum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


@attrs.frozen
class Point:
    """A value of parts, one of which has no default."""

    x: int
    label: str = ""


@attrs.frozen(kw_only=True)
class EveryKind:
    """A setting of every type that there may be."""

    name: ClassVar[str] = "every-kind"

    flag: bool = setting(default=False, words="a flag")
    number: int = setting(1, "a number", checks=(Within(0, 9),))
    share: float = setting(0.5, "a share", checks=(Within(0, 1),))
    text: str = setting("x", "a text", checks=(Filled(),))
    colour: Colour = setting(Colour.RED, "a colour")
    span: timedelta = setting(timedelta(minutes=30), "a span")
    day: date = setting(date(2026, 3, 20), "a day")
    at: time = setting(time(8), "a time of day")
    texts: tuple[str, ...] = setting((), "texts")
    points: tuple[Point, ...] = setting((), "points")
    hours: Hours = setting(Hours(), "hours")
    limit: int | None = setting(None, "a limit", checks=(Within(1),))


VALUES: Mapping[str, st.SearchStrategy[object]] = {
    "flag": st.booleans(),
    "number": st.integers(0, 9),
    "share": st.floats(0, 1),
    "text": st.text(min_size=1).filter(str.strip),
    "colour": st.sampled_from(Colour),
    "span": st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    "day": st.dates(),
    "at": st.times(),
    "texts": st.lists(st.text(), max_size=3).map(tuple),
    "points": st.lists(st.builds(Point, st.integers(), st.text()), max_size=3).map(tuple),
    "hours": st.builds(
        Hours,
        st.lists(st.sampled_from(Weekday), min_size=1).map(tuple),
        st.times(),
        st.times(),
        st.sampled_from(["UTC", "Europe/Paris"]),
    ),
    "limit": st.none() | st.integers(1, 10**6),
}
CHOICES = st.fixed_dictionaries({}, optional=dict(VALUES))


@pytest.mark.property
@given(CHOICES, CHOICES, st.sets(st.sampled_from(sorted(VALUES))))
def test_documents_come_back_as_they_went(
    choices: Mapping[str, object], defaults: Mapping[str, object], locked: set[str]
) -> None:
    """What is written is read as the same settings, and fits the schema."""
    administration = Administration(EveryKind, defaults, locked)
    settings = Settings(EveryKind, choices, administration)
    back = Settings.from_json(
        EveryKind, settings.to_json(), Administration.from_json(EveryKind, administration.to_json())
    )

    assert back == settings
    assert back.value == settings.value
    assert fits(json.loads(settings.to_json())["choices"], schema(EveryKind))
    assert fits(json.loads(administration.to_json())["defaults"], schema(EveryKind))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats(-1, 2) | st.sampled_from(["", "red", "PT5M", "08:00"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["x", "label", "zone"]), inner),
    max_leaves=4,
)


@pytest.mark.property
@given(st.sampled_from(sorted(VALUES)), JSON)
def test_what_is_taken_fits_the_schema_that_is_published(name: str, value: object) -> None:
    """No value is taken that the schema does not allow; a program may check against it first."""
    try:
        Settings(EveryKind, {name: value})
    except InvalidSettings:
        return
    assert fits({name: value}, schema(EveryKind))


def test_the_schema_says_what_each_setting_is() -> None:
    """Types, limits, meanings and defaults are there for a form to be made of them."""
    properties: Any = schema(EveryKind)["properties"]

    assert properties["number"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 9,
        "description": "a number",
        "default": 1,
    }
    assert properties["limit"]["anyOf"] == [{"type": "integer", "minimum": 1}, {"type": "null"}]
    assert properties["span"] == {"type": "string", "format": "duration", "description": "a span", "default": "PT30M"}
    assert properties["colour"]["enum"] == ["red", "blue"]
    assert properties["points"]["items"]["required"] == ["x"]


@pytest.mark.parametrize(
    ("choice", "fault"),
    [
        ({"span": "30 minutes"}, "span: no duration, such as PT30M or P14D"),
        ({"span": "P"}, "span: no duration, such as PT30M or P14D"),
        ({"day": "20.3."}, "day: no date, such as 2026-03-20"),
        ({"at": "08:00+01:00"}, "at: no time of day, such as 08:00"),
        ({"share": True}, "share: no number"),
        ({"share": float("nan")}, "share: no number"),
        ({"texts": "abc"}, "texts: no list"),
        ({"texts": ["x"] * 1001}, "texts: more than 1,000 members"),
        ({"text": "x" * 10_001}, "text: longer than 10,000 characters"),
        ({"text": "  "}, "text: empty"),
        ({"points": [{"label": "x"}]}, "points: an object of other names than x, label"),
        ({"points": [{"x": "y"}]}, "points: x: no whole number"),
        ({"points": [7]}, "points: no object"),
        ({"hours": {"days": []}}, "hours: hours of no day"),
        ({"hours": {"zone": "Europe/Atlantis"}}, "hours: the zone of the hours is not known"),
        ({"flag": 1}, "flag: neither true nor false"),
    ],
)
def test_what_can_not_be_is_told_by_name_and_remedy(choice: Mapping[str, object], fault: str) -> None:
    """The fault says which setting, and what would do."""
    with pytest.raises(InvalidSettings, match=f"^every-kind: {re.escape(fault)} --"):
        Settings(EveryKind, choice)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "[" * 100_000,
        '{"choices": {}}',
        '{"settings": "another", "choices": {}}',
        '{"settings": "every-kind", "choices": []}',
        '{"settings": "every-kind", "locked": [], "choices": {}}',
        " " * 1_000_001,
    ],
    ids=["torn", "list", "deep", "nameless", "another", "no object", "an administrator's", "huge"],
)
def test_what_is_no_such_document_is_refused(text: str) -> None:
    """A document of another kind is not read as one in which nothing is chosen."""
    with pytest.raises(InputError):
        Settings.from_json(EveryKind, text)


def test_a_lock_that_is_no_name_is_refused() -> None:
    """The list of locks holds names."""
    with pytest.raises(InputError):
        Administration.from_json(EveryKind, '{"settings": "every-kind", "locked": [["flag"]]}')


def fits(value: Any, rules: Any) -> bool:  # noqa: ANN401 -- JSON
    """Tell whether a value fits a schema, as far as ours use JSON Schema; slow and obvious."""
    if "anyOf" in rules:
        return any(fits(value, one) for one in rules["anyOf"])
    return value in rules["enum"] if "enum" in rules else TYPES[rules["type"]](value, rules)


def _is_object(value: Any, rules: Any) -> bool:  # noqa: ANN401 -- JSON
    if not isinstance(value, dict):
        return False
    known = rules["properties"]
    named = {*rules.get("required", ())} <= value.keys() <= known.keys()
    return named and all(fits(one, known[name]) for name, one in value.items())


def _is_number(value: Any, rules: Any) -> bool:  # noqa: ANN401 -- JSON
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return bool(rules.get("minimum", value) <= value <= rules.get("maximum", value))


TYPES: Mapping[str, Callable[[Any, Any], bool]] = {
    "boolean": lambda value, _: isinstance(value, bool),
    "integer": lambda value, rules: isinstance(value, int) and _is_number(value, rules),
    "number": _is_number,
    "string": lambda value, rules: isinstance(value, str) and len(value) >= rules.get("minLength", 0),
    "null": lambda value, _: value is None,
    "array": lambda value, rules: isinstance(value, list) and all(fits(one, rules["items"]) for one in value),
    "object": _is_object,
}
