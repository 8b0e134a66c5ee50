"""Provide what the fields of a record or of a setting may hold, as the annotations of its class say it."""

from collections.abc import Mapping
from functools import cache
from types import NoneType, UnionType
from typing import ClassVar, Union, get_args, get_origin, get_type_hints

from tallystick.errors import SettingsError

_NUMBERS = frozenset({bool, float})  # for which an int will do


@cache
def field_types(record_type: type) -> Mapping[str, tuple[type, ...]]:
    """Return the classes that the value of each field may have, loosely: an unknown annotation allows anything."""
    hints = get_type_hints(record_type)
    return {name: _classes(hint) for name, hint in hints.items() if get_origin(hint) is not ClassVar}


def misfit(record_type: type, fields: Mapping[str, object], *, wrong: str) -> str:
    """Return a code for a field that does not exist, or (``wrong``) whose value is of another type, else nothing."""
    types = field_types(record_type)
    for name, value in fields.items():
        if name not in types:
            return f"unknown_field:{name}"
        if not isinstance(value, types[name]):
            return f"{wrong}:{name}"
    return ""


def check_types(value: object, where: str = "") -> None:
    """Raise SettingsError where a field holds what its class does not declare, such as the text "left" for a Winner."""
    made_of: type = type(value)
    for name, kinds in field_types(made_of).items():
        given: object = getattr(value, name)
        if not (isinstance(given, kinds) or (isinstance(given, int) and not _NUMBERS.isdisjoint(kinds))):
            wanted = " or ".join("None" if kind is NoneType else kind.__name__ for kind in kinds)
            found = "None" if given is None else f"of the type {type(given).__name__}"
            raise SettingsError(
                f"{name} is {found}, and has to be of {wanted}",
                where=where or made_of.__name__,
                remedy=f"pass what the reference of {made_of.__name__} describes",
            )


def _classes(hint: object) -> tuple[type, ...]:
    if hint is None or hint is NoneType:
        return (NoneType,)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return tuple(one for part in get_args(hint) for one in _classes(part))
    plain = hint if origin is None else origin
    return (plain,) if isinstance(plain, type) else (object,)
