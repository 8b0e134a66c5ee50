"""Provide the profiles that the command line knows by name: one entry each.

An entry says what either file holds, and makes the profile of what a person chose. All else that the command line does
is the same for every profile.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Generic, TypeVar, cast

import attrs

from tallystick.errors import UsageError
from tallystick.ports import Scope
from tallystick.profiles import cx_sales, maximizer, zynsync
from tallystick.providers.files import (
    APPOINTMENTS,
    CONTACTS,
    CRM_TASKS,
    ENTRIES,
    EVENTS,
    PEOPLE,
    TODO_TASKS,
    FileKind,
)
from tallystick.reconcile import Profile

L = TypeVar("L")
R = TypeVar("R")


@attrs.frozen
class Extent:
    """What a person chooses of a profile.

    ``left_list`` and ``right_list`` are the category, list or user of each side, None for the whole file. ``capacity``
    is the most pairs, ``zone`` where the person lives.
    """

    left_list: str | None = None
    right_list: str | None = None
    capacity: int = 20_000
    zone: str = "UTC"

    @property
    def user(self) -> str:
        """The user's id in the CRM, empty where nobody is named."""
        return self.right_list or ""


@attrs.frozen
class Offer(Generic[L, R]):
    """One profile: what the files hold, and how it is made."""

    left: FileKind[L]
    right: FileKind[R]
    make: Callable[[Extent], Profile[L, R]]


def _offer(left: FileKind[L], right: FileKind[R], make: Callable[[Extent], Profile[L, R]]) -> Offer[object, object]:
    # The types of both sides were checked by the signature; from here on records are opaque.
    return cast("Offer[object, object]", Offer(left, right, make))


PROFILES: Mapping[str, Offer[object, object]] = {
    "cx-sales-contacts": _offer(
        CONTACTS,
        PEOPLE,
        # Files have no accounts to look companies up in.
        lambda extent: cx_sales.ContactSettings(requires_account=False).profile(extent.right_list or ""),
    ),
    "cx-sales-meetings": _offer(
        EVENTS,
        APPOINTMENTS,
        lambda extent: cx_sales.MeetingSettings(zone=extent.zone).profile(extent.right_list or ""),
    ),
    "cx-sales-tasks": _offer(
        TODO_TASKS,
        CRM_TASKS,
        lambda extent: cx_sales.TaskSettings(zone=extent.zone).profile(
            extent.right_list or "", Scope(extent.left_list)
        ),
    ),
    "maximizer-appointments": _offer(
        EVENTS,
        APPOINTMENTS,
        lambda extent: maximizer.appointments(extent.user, zone=extent.zone, capacity=extent.capacity),
    ),
    "maximizer-contacts": _offer(
        CONTACTS,
        ENTRIES,
        lambda extent: maximizer.contacts(extent.left_list, extent.right_list, capacity=extent.capacity),
    ),
    "maximizer-tasks": _offer(
        TODO_TASKS,
        CRM_TASKS,
        lambda extent: maximizer.tasks(
            Scope(extent.left_list), extent.right_list, zone=extent.zone, capacity=extent.capacity
        ),
    ),
    "zynsync-calendar": _offer(
        EVENTS,
        APPOINTMENTS,
        lambda extent: zynsync.calendar(zynsync.Company(extent.user), zone=extent.zone),
    ),
}


def find_profile(name: str) -> Offer[object, object]:
    """Return a profile by its name. Raises UsageError, which lists what there is."""
    offer = PROFILES.get(name)
    if offer is None:
        near = get_close_matches(name, PROFILES, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"there is no profile {name!r}", remedy=f"{meant}known: {', '.join(PROFILES)}")
    return offer
