"""Provide the checking of a mapping against the records it is for: every field that a rule names has to be there.

Its lenses are tried on these records, too: what they read, what they put back, and what canonical form it has.
"""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from difflib import get_close_matches
from inspect import signature
from typing import TypeVar, cast

from tallystick.errors import MappingError
from tallystick.mapping.evolve import field_names
from tallystick.mapping.lens import Lens
from tallystick.mapping.rule import Rule, Shape
from tallystick.text import clean, counted

_RAISED = object()
L = TypeVar("L")
R = TypeVar("R")
S = TypeVar("S")


def check_mapping(rules: Sequence[Rule[L, R]], left: L, right: R) -> None:
    """Return if every rule fits both records; raise MappingError with the field, and the nearest there is, if not.

    ``left`` and ``right`` are a record of each side, such as the blank ones of a profile. Of an empty dict nothing is
    known, and it fits.
    """
    places: dict[str, int] = {}
    for side, record in enumerate((left, right)):
        if record == {}:
            continue
        names = field_names(record)
        for rule in rules:
            lens = rule.lenses[side]
            where = f"rule {rule.name}, {('left', 'right')[side]} side"
            _check_kind(lens, record, where)
            for field in lens.writes:
                if field not in names:
                    raise MappingError(
                        f"a {type(record).__name__} has no field {field!r}", where=where, remedy=_nearest(field, names)
                    )
            value = _read(lens, record, where)
            _check_value(rule, value, where)
            _check_writing(lens, record, value, where)
            if rule.shape is Shape.SLOTS:
                count = len(cast("Sequence[object]", value))
                if places.setdefault(rule.name, count) != count:
                    raise MappingError(
                        f"the lens reads {counted(count, 'slot')}, and the left side's {places[rule.name]}",
                        where=where,
                        remedy="let both lenses read as many, empty ones included",
                    )


def _check_kind(lens: Lens[object, object], record: object, where: str) -> None:
    """Raise MappingError where a lens onto an attribute is used on a dict."""
    if lens.field is not None and isinstance(record, dict):
        raise MappingError(
            f"{lens.field!r} is read as an attribute, and the record is a dict",
            where=where,
            remedy=f"use key({lens.field!r})",
        )


def _read(lens: Lens[object, object], record: object, where: str) -> object:
    """Return what a lens reads of the record; raise MappingError where it can't."""
    try:
        return closed(lens.get(record))
    except (AttributeError, KeyError, TypeError) as error:
        name = getattr(error, "name", None)
        known = f" {name!r}" if isinstance(name, str) else ""
        raise MappingError(
            f"the lens can't read{known} of a {type(record).__name__}",
            where=where,
            remedy=_nearest(name, field_names(record)) if isinstance(name, str) else "let it read a blank record, too",
        ) from None


def _check_value(rule: Rule[L, R], value: object, where: str) -> None:
    """Raise MappingError where a value is none of the rule's shape, or its canonical form is no value."""
    many = Collection if rule.shape is Shape.ELEMENTS else Sequence  # the order of elements tells nothing
    several = isinstance(value, many) and not isinstance(value, str | bytes)
    if isinstance(value, Awaitable | Iterator) or (rule.shape is not Shape.VALUE and not several):
        raise MappingError(
            f"the lens reads what is of the type {type(value).__name__}, and the rule is of the shape {rule.shape}",
            where=where,
            remedy="let it return a value that can be read twice, which is a tuple for elements and slots",
        )
    parts = [value] if rule.shape is Shape.VALUE else [*cast("Collection[object]", value)] or [""]
    for part in parts:
        made = _tried("canon", rule.canon, (part,), where)
        if made is not _RAISED and f"0x{id(made):x}" in repr(made):
            raise MappingError(
                f"canon returns what is of the type {type(made).__name__}, which reads otherwise in each process",
                where=where,
                remedy="let it return a plain value, such as a text or a tuple of texts",
            )
    if rule.canon is clean and not all(isinstance(part, str | None) for part in parts):
        raise MappingError(
            "the lens reads what is no text, and is compared as one", where=where, remedy="give the rule a canon"
        )
    if rule.carries is not None:
        _tried("carries", rule.carries, (value,), where)


def _check_writing(lens: Lens[object, object], record: object, value: object, where: str) -> None:
    """Raise MappingError where a lens puts its own value back as what is no mapping of the fields that it writes."""
    made = _tried("put", lens.put, (record, value), where) if lens.field is None else {}
    if made is _RAISED:
        return
    if not isinstance(made, Mapping):
        raise MappingError(
            f"put returns what is of the type {type(made).__name__}",
            where=where,
            remedy="let it return a dict of new values by the names of fields",
        )
    for field in made:
        if field not in lens.writes:
            raise MappingError(
                f"put returns the field {field!r}, which is not among those that the lens writes",
                where=where,
                remedy=f"declare it in writes: they are {', '.join(lens.writes) or 'none'}",
            )


def _tried(name: str, function: Callable[..., object], values: Sequence[object], where: str) -> object:
    """Return what a function makes of values; _RAISED for what it can't bear, as a blank record's may be.

    Raises MappingError where it can't be called with as many.
    """
    try:
        return closed(function(*values))
    except TypeError:
        if takes(function, len(values)):
            return _RAISED
        raise MappingError(
            f"{name} can't be called with {counted(len(values), 'value')}", where=where, remedy="mend the function"
        ) from None
    except Exception:  # noqa: BLE001 -- whatever it is
        return _RAISED


def closed(made: S) -> S:
    """Return what a function made, closed if it is a coroutine: Python would warn that nobody awaited it."""
    if isinstance(made, Coroutine):
        made.close()
    return made


def takes(function: Callable[..., object], count: int) -> bool:
    """Tell whether a function can be called with so many values, as far as that can be told."""
    try:
        signature(function, follow_wrapped=False).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # some that are built in tell nothing
        return True
    return True


def _nearest(field: str, names: Sequence[str]) -> str:
    near = get_close_matches(field, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"its fields are {', '.join(names)}"
