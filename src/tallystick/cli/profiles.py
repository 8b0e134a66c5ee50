"""Provide the profiles that the command line knows by name, each for a file of contacts and a file of entries."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

import attrs

from tallystick.errors import UsageError
from tallystick.profiles import maximizer
from tallystick.reconcile import Profile
from tallystick.records import Contact, Entry


@attrs.frozen
class Extent:
    """What a person chooses of a profile: category and list, None for the whole file, and the most pairs."""

    category: str | None
    favourite_list: str | None
    capacity: int


def _maximizer_contacts(extent: Extent) -> Profile[Contact, Entry]:
    return maximizer.contacts(extent.category, extent.favourite_list, capacity=extent.capacity)


PROFILES: Mapping[str, Callable[[Extent], Profile[Contact, Entry]]] = {"maximizer-contacts": _maximizer_contacts}


def make_profile(name: str, extent: Extent) -> Profile[Contact, Entry]:
    """Return a profile by its name. Raises UsageError, which lists what there is."""
    make = PROFILES.get(name)
    if make is None:
        near = get_close_matches(name, PROFILES, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"there is no profile {name!r}", remedy=f"{meant}known: {', '.join(PROFILES)}")
    return make(extent)
