"""Provide the checking of a profile's functions: one that can't do what its name promises is refused with its name.

Each has to be callable, and what it answers about a record has to be of the type that it is declared to return. That
is tried on the blank records when the profile is made: a reason that is a text would be as many as it has letters, and
a coroutine that nobody awaits is always true. What a function raises is left to it: it may ask more of a record than a
blank one has.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import TypeVar, get_args, get_origin

import attrs

from tallystick.errors import SettingsError
from tallystick.mapping.check import closed, takes
from tallystick.ports import Window
from tallystick.text import counted

Records = Mapping[str, object]
"""A record for each name of a type variable, such as ``L``."""

_GIVEN: Mapping[object, object] = {
    datetime: datetime(2026, 1, 5, tzinfo=UTC),
    Window: Window(date(2026, 1, 5), date(2026, 1, 5)),
}
"""What functions are tried with, beside records; those that take anything else are not tried."""


def check_functions(part: object, made_of: type[attrs.AttrsInstance], where: str) -> None:
    """Return if every function of a profile's part can be called; raise SettingsError with its name if not.

    ``made_of`` is the class that the part has to be of, whose annotations tell which of its values are functions.
    """
    if not isinstance(part, made_of):
        raise SettingsError(
            f"a {type(part).__name__} is no {made_of.__name__}", where=where, remedy=f"pass a {made_of.__name__}"
        )
    for field in attrs.fields(made_of):
        given: object = getattr(part, field.name)
        if get_origin(field.type) is Callable and not callable(given):
            raise SettingsError(
                f"{field.name} is a {type(given).__name__}, and has to be a function",
                where=where,
                remedy=f"pass a function, as the reference of {made_of.__name__} describes it",
            )


def try_functions(part: object, made_of: type[attrs.AttrsInstance], where: str, records: Records) -> None:
    """Call the functions of a profile's part with these records; raise SettingsError for one that answers wrongly."""
    for name, kinds, gives, usual in _functions(made_of):
        function = getattr(part, name)
        if function is usual or not all(isinstance(kind, TypeVar) or kind in _GIVEN for kind in kinds):
            continue
        asked = [records[kind.__name__] if isinstance(kind, TypeVar) else _GIVEN[kind] for kind in kinds]
        remedy = f"mend the function, as the reference of {made_of.__name__} describes it"
        try:
            wrong = _wrong(closed(function(*asked)), gives)
        except TypeError:
            if takes(function, len(asked)):
                continue
            raise SettingsError(
                f"{name} can't be called with {counted(len(asked), 'value')}", where=where, remedy=remedy
            ) from None
        except Exception:  # noqa: BLE001, S112 -- it is the function's own, and raised in a run if there is any such record
            continue
        if wrong:
            raise SettingsError(f"{name} returned {wrong}", where=where, remedy=remedy)


@cache
def _functions(made_of: type[attrs.AttrsInstance]) -> Sequence[tuple[str, Sequence[object], object, object]]:
    """Return the functions that a class declares: the name, what each takes and gives, and what it is by default."""
    found = []
    for field in attrs.fields(made_of):
        if get_origin(field.type) is Callable:
            kinds, gives = get_args(field.type)
            found.append((field.name, kinds, gives, field.default))
    return found


def _wrong(answer: object, gives: object) -> str:
    """Return what is wrong with an answer: of what type it is, and of what it has to be; nothing if it will do."""
    found = "None" if answer is None else f"what is of the type {type(answer).__name__}"
    if isinstance(answer, Awaitable):
        return f"{found}, and is not awaited: it has to be a def without async"
    if get_origin(gives) is Sequence:
        return _wrong_several(answer, found, *get_args(gives))
    if get_origin(gives) is tuple:
        right = isinstance(answer, Sequence) and len(answer) == len(get_args(gives))
        return "" if right else f"{found}, and has to return a tuple of {len(get_args(gives))}"
    if gives is bool:
        return f"{found}, and has to return a bool" if isinstance(answer, Iterator) else ""
    if isinstance(gives, type) and not isinstance(answer, gives):
        return f"{found}, and has to return what is of {gives.__name__}"
    return ""


def _wrong_several(answer: object, found: str, kind: type) -> str:
    if answer == "" or (kind is Hashable and isinstance(answer, str)):
        return ""  # none, or what every run refuses by itself
    if (
        not isinstance(answer, Iterable)
        or isinstance(answer, str | bytes)
        or (kind is str and isinstance(answer, Iterator))
    ):
        return f"{found}, and has to return a list"
    one = next((one for one in answer if not isinstance(one, kind)), answer)
    return "" if one is answer else f"a list with what is of the type {type(one).__name__}, and not of {kind.__name__}"
