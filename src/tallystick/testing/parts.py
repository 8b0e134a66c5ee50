"""Provide the look at what an author's ``make`` returns: a mistake there would be found as one of the provider's."""

from collections.abc import Sequence
from typing import Any, cast

from typing_extensions import get_protocol_members

from tallystick.errors import UsageError
from tallystick.sync.checking import require_provider
from tallystick.sync.driver import is_async
from tallystick.testing.samples import BackDoor

_DOOR = sorted(get_protocol_members(BackDoor))


def parts_of(made: object, *, awaited: bool) -> tuple[Any, Any]:
    """Return the provider and the back door that were made; raise UsageError where they can't be tried.

    ``awaited`` tells which of both contracts tries them.
    """
    if not isinstance(made, Sequence) or len(made) != 2:  # noqa: PLR2004 -- two parts
        raise UsageError(
            f"a {type(made).__name__} is no provider and its back door",
            where="make",
            remedy="let it return both, as a tuple, on a fresh service",
        )
    provider, door = cast("Sequence[object]", made)
    require_provider(provider, "make")
    if missing := [name for name in _DOOR if not hasattr(door, name)]:
        raise UsageError(
            f"a {type(door).__name__} is no back door: it lacks {', '.join(missing)}",
            where="make",
            remedy="let it have the methods of tallystick.testing.BackDoor",
        )
    if is_async(provider) is not awaited:
        kind, other = ("blocks", "ProviderContract") if awaited else ("has to be awaited", "AsyncProviderContract")
        raise UsageError(f"a {type(provider).__name__} {kind}", where="make", remedy=f"use {other}")
    return provider, door
