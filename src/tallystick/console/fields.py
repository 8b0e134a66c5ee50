"""Provide the form of a record: its fields as inputs, and what was typed into them as values again.

=============================  =====================================================================
a field holds                  the form has
=============================  =====================================================================
a text                         one input, of several lines where the text has them
a date, or none                a date
one of several                 a choice
yes or no                      a box
texts                          an input for each, and an empty one more
parts that are texts           an input for each part
several of such                a row of inputs for each, and an empty one more
anything else                  what stands there, to be read only; so is what is too long, or no page could send back
=============================  =====================================================================

What was not touched is no part of a correction: values are compared as the page showed them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import NoneType, UnionType
from typing import Final, Union, cast, get_args, get_origin, get_type_hints

import attrs

from tallystick.console.forms import Form
from tallystick.console.values import Shown, shown
from tallystick.errors import UsageError
from tallystick.mapping import evolved, field_names, value_of
from tallystick.text import one_line_end

LONGEST: Final = 20_000
"""Characters of a text that a form takes; what is longer is shown, and edited where it lies."""

_MOST_ROWS: Final = 20
_LONG: Final = 80
_SPACES: Final = "\n\r\t"


@attrs.frozen
class Input:
    """One input: its name, its label, what stands in it, and of which kind it is."""

    name: str
    label: str
    value: str = attrs.field(repr=False)
    kind: str = "text"
    options: tuple[str, ...] = ()

    @property
    def sent(self) -> str:
        """The name in the form; a record's own names are kept apart from the form's, such as ``token``."""
        return f"field.{self.name}"


@attrs.frozen
class FieldForm:
    """One field of a record: its inputs, or what stands there where it can only be read."""

    name: str
    label: str
    inputs: tuple[Input, ...] = ()
    fixed: Shown | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands there."""
        return not self.fixed and not any(one.value for one in self.inputs)


def form_of(record: object) -> list[FieldForm]:
    """Return the form of a record, in the order of its fields."""
    types = _types_of(record)
    return [_field(name, types.get(name), value_of(record, name)) for name in field_names(record)]


def typed(record: object, form: Form) -> dict[str, object]:
    """Return what was typed that is another value than the record has, by field.

    Raises UsageError for a text that is no value of its field; the message names the field, and no value.
    """
    types = _types_of(record)
    found: dict[str, object] = {}
    for field in form_of(record):
        values = {one.name: one_line_end(form.one(one.sent)) for one in field.inputs}
        before = {one.name: one_line_end(one.value) for one in field.inputs}
        if field.inputs and any(one.sent in form for one in field.inputs) and values != before:
            found[field.name] = _read(field, types.get(field.name), value_of(record, field.name), values)
    return found


def words_of(name: str) -> str:
    """Return the name of a field as people read it."""
    return name.replace("_", " ")


def _types_of(record: object) -> Mapping[str, object]:
    return {} if isinstance(record, dict) else get_type_hints(type(record))


def _field(name: str, made: object, value: object) -> FieldForm:
    label = words_of(name)
    inputs = _inputs(name, label, made, value)
    if inputs is None or not all(_can_travel(one.value) for one in inputs):
        return FieldForm(name, label, fixed=shown(value))
    return FieldForm(name, label, tuple(inputs))


def _inputs(name: str, label: str, made: object, value: object) -> list[Input] | None:
    """Return the inputs of a field, None where it can only be read."""
    if isinstance(value, bool):
        return [Input(name, label, "yes" if value else "", "flag")]
    if isinstance(value, StrEnum):
        return [Input(name, label, value.value, "choice", tuple(one.value for one in type(value)))]
    if isinstance(value, str):
        return [_text(name, label, value)]
    if _is_date(made):
        return [Input(name, label, cast("date", value).isoformat() if value else "", "date")]
    if isinstance(value, tuple) and len(value) <= _MOST_ROWS:
        return _rows(name, label, _member(made), value)
    parts = _parts(type(value))
    return [_text(f"{name}.{part}", words_of(part), getattr(value, part)) for part in parts] if parts else None


def _rows(name: str, label: str, member: object, value: tuple[object, ...]) -> list[Input] | None:
    if member is str:
        texts = [*cast("tuple[str, ...]", value), ""]
        return [_text(f"{name}.{at}", f"{label} {at + 1}", text) for at, text in enumerate(texts)]
    parts = _parts(member)
    if not parts:
        return None
    return [
        _text(f"{name}.{at}.{part}", f"{words_of(part)} {at + 1}", getattr(value[at], part) if value[at:] else "")
        for at in range(len(value) + 1)
        for part in parts
    ]


def _text(name: str, label: str, value: str) -> Input:
    return Input(name, label, value, "lines" if len(value) > _LONG or "\n" in value or "\r" in value else "text")


def _read(field: FieldForm, made: object, value: object, values: Mapping[str, str]) -> object:
    """Return the value that stands in the inputs of a field."""
    texts = list(values.values())
    if any(len(text) > LONGEST for text in texts):
        raise UsageError(f"{field.label} is too long", where=field.name, remedy=f"{LONGEST:,} characters at most")
    if isinstance(value, tuple):
        return _rows_read(_member(made), value, texts)
    if field.inputs[0].kind == "date":
        return _date(field, texts[0])
    if isinstance(value, bool):
        return texts[0] == "yes"
    if isinstance(value, StrEnum):
        return _choice(field, type(value), texts[0])
    if isinstance(value, str):
        return texts[0]
    return evolved(value, {name.rpartition(".")[2]: text for name, text in values.items()})


def _rows_read(member: object, value: tuple[object, ...], texts: list[str]) -> tuple[object, ...]:
    parts = _parts(member)
    if not parts:
        return _filled(texts, keeps="" in value)
    rows = [texts[at : at + len(parts)] for at in range(0, len(texts), len(parts))]
    return tuple(cast("type", member)(**dict(zip(parts, row, strict=True))) for row in rows if any(row))


def _filled(texts: Sequence[str], *, keeps: bool) -> tuple[str, ...]:
    """Return the texts without empty ones; where places count, only those at the end are left out."""
    if not keeps:
        return tuple(text for text in texts if text)
    last = max((at for at, text in enumerate(texts) if text), default=-1)
    return tuple(texts[: last + 1])


def _choice(field: FieldForm, made: type[StrEnum], text: str) -> StrEnum:
    try:
        return made(text)
    except ValueError:
        raise UsageError(f"{field.label} is none of its choices", where=field.name) from None


def _date(field: FieldForm, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        remedy = "give it as year-month-day, such as 2026-03-29"
        raise UsageError(f"{field.label} is no date", where=field.name, remedy=remedy) from None


def _is_date(made: object) -> bool:
    return made is date or (get_origin(made) in (Union, UnionType) and set(get_args(made)) == {date, NoneType})


def _member(made: object) -> object:
    """Return the type of a tuple's members, None where they are not all of one."""
    parts = get_args(made)
    return parts[0] if get_origin(made) is tuple and parts[1:] == (...,) else None


def _parts(made: object) -> list[str]:
    """Return the fields of a class all of which are texts, none where any is not."""
    if not isinstance(made, type) or not attrs.has(made):
        return []
    types = get_type_hints(made)
    names = [one.name for one in attrs.fields(made)]
    return names if all(types[name] is str for name in names) else []


def _can_travel(text: str) -> bool:
    """Tell whether a text comes back from a form as it was sent."""
    return len(text) <= LONGEST and not any(
        (ord(char) < ord(" ") and char not in _SPACES) or "\ud800" <= char <= "\udfff" for char in text
    )
