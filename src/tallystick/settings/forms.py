"""Provide the JSON form of every type that a setting may have, with its schema.

===================  ================================  ======================================
type                 in JSON                           read
===================  ================================  ======================================
bool, str            itself                            nothing else, no text that looks like it
int, float           a number                          an int for a float, too
StrEnum              its value                         one of the values
timedelta            a duration of ISO 8601            ``PT30M``, ``P14D``, ``P1DT2H``
date, time           ISO 8601                          ``2026-03-20``, ``08:00``
tuple[X, ...]        a list                            a list of what X reads
an attrs class       an object                         no unknown names, defaults for those left out
X | None             X or null                         either
===================  ================================  ======================================

Reading takes a value that is of its type already as it is, so that callers in Python and in JSON are served alike.
What does not fit is refused in words that tell what would, and never tell what was there.
"""

import re
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, Union, cast, get_args, get_origin, get_type_hints

import attrs

from tallystick.errors import SettingsError

Json = object
_DURATION: Final = re.compile(r"P(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?")
_LONGEST_TEXT: Final = 10_000
_MOST_MEMBERS: Final = 1000


class Unfit(Exception):
    """A value that a form refuses, in words."""


@attrs.frozen
class Form:
    """One type: how it is read, how it is written, and its schema."""

    read: Callable[[Json], object]
    write: Callable[[object], Json]
    schema: Mapping[str, object]


@lru_cache(maxsize=256)
def form_of(made: object) -> Form:
    """Return the form of a type. Raises TypeError for one that a setting can't have."""
    simple = _SIMPLE.get(cast("type", made))
    if simple is not None:
        return simple
    origin, parts = get_origin(made), get_args(made)
    if origin in (Union, types.UnionType):
        return _optional(form_of(next(one for one in parts if one is not types.NoneType)))
    if origin is tuple and len(parts) == 2 and parts[1] is ...:  # noqa: PLR2004 -- a type and an ellipsis
        return _list_of(form_of(parts[0]))
    if isinstance(made, type) and issubclass(made, StrEnum):
        return _choice(made)
    if isinstance(made, type) and attrs.has(made):
        return _record(made)
    raise TypeError(f"a setting can't be a {made}")


def in_words(value: object) -> str:
    """Return a limit as a person reads it."""
    if not isinstance(value, timedelta):
        return f"{value:,}" if isinstance(value, int) else str(value)
    for unit, seconds in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        many, rest = divmod(value.total_seconds(), seconds)
        if many and not rest:
            return f"{many:g} {unit}{'' if many == 1 else 's'}"
    return f"{value.total_seconds():g} seconds"


def _exactly(made: type, words: str, name: str) -> Form:
    def read(value: Json) -> object:
        if type(value) is not made:
            raise Unfit(words)
        if isinstance(value, str) and len(value) > _LONGEST_TEXT:
            raise Unfit(f"longer than {_LONGEST_TEXT:,} characters")
        return value

    return Form(read, lambda value: value, {"type": name})


def _read_number(value: Json) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) == float("inf"):  # noqa: PLR0124 -- not a number
        raise Unfit("no number")
    return float(value)


def _read_duration(value: Json) -> object:
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        raise Unfit("no duration, such as PT30M or P14D")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _write_duration(value: object) -> Json:
    span = cast("timedelta", value)
    hours, rest = divmod(span.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = "".join(f"{many}{unit}" for many, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if many)
    days = f"{span.days}D" if span.days else ""
    return f"P{days}{f'T{parts}' if parts else ''}" if days or parts else "PT0S"


def _iso(made: type[date] | type[time], words: str, name: str) -> Form:
    def read(value: Json) -> object:
        if isinstance(value, made) and not isinstance(value, datetime):
            return value
        try:
            found = made.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or (isinstance(found, time) and found.tzinfo is not None):
            raise Unfit(words)
        return found

    return Form(read, lambda value: cast("date | time", value).isoformat(), {"type": "string", "format": name})


def _choice(made: type[StrEnum]) -> Form:
    known = {one.value: one for one in made}

    def read(value: Json) -> object:
        found = known.get(value) if isinstance(value, str) else None
        if found is None:
            raise Unfit(f"none of {', '.join(known)}")
        return found

    return Form(read, lambda value: cast("StrEnum", value).value, {"enum": list(known)})


def _optional(form: Form) -> Form:
    return Form(
        lambda value: None if value is None else form.read(value),
        lambda value: None if value is None else form.write(value),
        {"anyOf": [form.schema, {"type": "null"}]},
    )


def _list_of(form: Form) -> Form:
    def read(value: Json) -> object:
        if not isinstance(value, list | tuple):
            raise Unfit("no list")
        if len(value) > _MOST_MEMBERS:
            raise Unfit(f"more than {_MOST_MEMBERS:,} members")
        return tuple(form.read(one) for one in value)

    def write(value: object) -> Json:
        return [form.write(one) for one in cast("tuple[object, ...]", value)]

    return Form(read, write, {"type": "array", "items": form.schema})


def _record(made: type) -> Form:
    hints = get_type_hints(made)
    fields = {one.name: one for one in attrs.fields(made)}
    forms = {name: form_of(hints[name]) for name in fields}
    required = [name for name, one in fields.items() if one.default is attrs.NOTHING]

    def read(value: Json) -> object:
        if isinstance(value, made):
            return value
        if not isinstance(value, Mapping):
            raise Unfit("no object")
        if not forms.keys() >= value.keys() or any(name not in value for name in required):
            raise Unfit(f"an object of other names than {', '.join(forms)}")
        read = {}
        for name, one in value.items():
            try:
                read[name] = forms[name].read(one)
            except Unfit as error:
                raise Unfit(f"{name}: {error}") from None
        try:
            return made(**read)
        except SettingsError as error:
            raise Unfit(error.what) from None

    def write(value: object) -> Json:
        return {name: form.write(getattr(value, name)) for name, form in forms.items()}

    properties = {name: form.schema for name, form in forms.items()}
    known: dict[str, object] = {"type": "object", "properties": properties, "additionalProperties": False}
    return Form(read, write, {**known, "required": required} if required else known)


_SIMPLE: Final[Mapping[type, Form]] = {
    bool: _exactly(bool, "neither true nor false", "boolean"),
    int: _exactly(int, "no whole number", "integer"),
    str: _exactly(str, "no text", "string"),
    float: Form(_read_number, lambda value: value, {"type": "number"}),
    timedelta: Form(_read_duration, _write_duration, {"type": "string", "format": "duration"}),
    date: _iso(date, "no date, such as 2026-03-20", "date"),
    time: _iso(time, "no time of day, such as 08:00", "time"),
}
