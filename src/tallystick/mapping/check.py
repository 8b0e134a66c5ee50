"""Provide the checking of a mapping against the records it is for: every field that a rule names has to be there."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TypeVar

from tallystick.errors import MappingError
from tallystick.mapping.evolve import field_names
from tallystick.mapping.lens import Lens
from tallystick.mapping.rule import Rule

L = TypeVar("L")
R = TypeVar("R")


def check_mapping(rules: Sequence[Rule[L, R]], left: L, right: R) -> None:
    """Return if every rule fits both records; raise MappingError with the field, and the nearest there is, if not.

    ``left`` and ``right`` are a record of each side, such as the blank ones of a profile. Of an empty dict nothing is
    known, and it fits.
    """
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
            _check_reading(lens, record, where)


def _check_kind(lens: Lens[object, object], record: object, where: str) -> None:
    """Raise MappingError where a lens onto an attribute is used on a dict."""
    if lens.field is not None and isinstance(record, dict):
        raise MappingError(
            f"{lens.field!r} is read as an attribute, and the record is a dict",
            where=where,
            remedy=f"use key({lens.field!r})",
        )


def _check_reading(lens: Lens[object, object], record: object, where: str) -> None:
    """Raise MappingError where a lens can't read the record."""
    try:
        lens.get(record)
    except (AttributeError, KeyError, TypeError) as error:
        name = getattr(error, "name", None)
        known = f" {name!r}" if isinstance(name, str) else ""
        raise MappingError(
            f"the lens can't read{known} of a {type(record).__name__}",
            where=where,
            remedy=_nearest(name, field_names(record)) if isinstance(name, str) else "let it read a blank record, too",
        ) from None


def _nearest(field: str, names: Sequence[str]) -> str:
    near = get_close_matches(field, names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"its fields are {', '.join(names)}"
