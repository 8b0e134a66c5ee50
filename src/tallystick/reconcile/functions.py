"""Provide the checking of a profile's functions: what can't be called is refused when the profile is made."""

from collections.abc import Callable
from typing import get_origin

import attrs

from tallystick.errors import SettingsError


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
