"""Provide the profiles that the command line knows by name: one entry each.

An entry says what either file holds, and makes the profile of what a person chose. All else that the command line does
is the same for every profile.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Generic, TypeVar, cast

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
from tallystick.settings import Settings, SettingsKind

L = TypeVar("L")
R = TypeVar("R")
S = TypeVar("S", bound=SettingsKind)
Searching = TypeVar("Searching", cx_sales.ContactSettings, cx_sales.MeetingSettings, cx_sales.TaskSettings)


_OPTIONS = {
    "left_list": "--category (--left-list)",
    "right_list": "--favourite-list (--right-list, --user)",
    "capacity": "--capacity",
    "zone": "--zone",
}


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

    def given(self) -> list[str]:
        """Return what was chosen, by name: all that is not as it is by itself."""
        return [field.name for field in attrs.fields(Extent) if getattr(self, field.name) != field.default]

    @property
    def user(self) -> str:
        """The user's id in the CRM, empty where nobody is named."""
        return self.right_list or ""


@attrs.frozen
class Offer(Generic[L, R]):
    """One profile: what the files hold, its settings, how they follow from an extent, and how it is made of both.

    ``settled`` are the parts of an extent that its settings hold, ``taken`` those that it is made of besides;
    ``one_users`` tells that of the right file it takes the user's own records alone.
    """

    left: FileKind[L]
    right: FileKind[R]
    kind: type[SettingsKind]
    usual: Callable[[Extent], Any]
    made: Callable[[Any, Extent], Profile[L, R]]
    settled: tuple[str, ...]
    taken: tuple[str, ...]
    one_users: bool

    def whose(self, extent: Extent) -> str:
        """Return in words whose records of the right file are synced; nothing where they are everybody's."""
        if not self.one_users:
            return ""
        return f"only {extent.user}'s" if extent.user else "only what names no user, as --user is not given"

    def profile(self, extent: Extent, settings: str | None = None) -> Profile[L, R]:
        """Return the profile of an extent, or of a user's document of settings, which then decides all that it can.

        Raises UsageError for an option that would be passed over, so that more were synced than somebody asked for.
        """
        for name in extent.given():
            if name not in (*self.settled, *self.taken):
                raise UsageError(f"this profile has no {_OPTIONS[name]}", where=self.kind.name, remedy="leave it out")
            if settings is not None and name in self.settled:
                remedy = "say it in the settings, and leave the option out"
                raise UsageError(f"settings stand in place of {_OPTIONS[name]}", remedy=remedy)
        value = self.usual(extent) if settings is None else Settings.from_json(self.kind, settings).value
        return self.made(value, extent)


def _offer(
    left: FileKind[L],
    right: FileKind[R],
    kind: type[S],
    usual: Callable[[Extent], S],
    made: Callable[[S, Extent], Profile[L, R]],
    *,
    settled: tuple[str, ...] = (),
    taken: tuple[str, ...] = (),
    one_users: bool = False,
) -> Offer[object, object]:
    # The types of both sides were checked by the signature; from here on records are opaque.
    return cast("Offer[object, object]", Offer(left, right, kind, usual, made, settled, taken, one_users))


def _asked_for(extent: Extent, settings: Searching) -> Searching:
    """Return settings whose search asks nothing of the user where none is named: it would find nobody's alone."""
    if extent.user:
        return settings
    criteria = tuple(one for one in settings.search.criteria if cx_sales.ME not in one.values)
    return attrs.evolve(settings, search=cx_sales.SavedSearch(settings.search.name, criteria))


PROFILES: Mapping[str, Offer[object, object]] = {
    "cx-sales-contacts": _offer(
        CONTACTS,
        PEOPLE,
        cx_sales.ContactSettings,
        lambda _: cx_sales.ContactSettings(),
        # Files have no accounts to look companies up in.
        lambda settings, extent: attrs.evolve(_asked_for(extent, settings), requires_account=False).profile(
            extent.user
        ),
        taken=("right_list",),
    ),
    "cx-sales-meetings": _offer(
        EVENTS,
        APPOINTMENTS,
        cx_sales.MeetingSettings,
        lambda extent: cx_sales.MeetingSettings(zone=extent.zone),
        lambda settings, extent: _asked_for(extent, settings).profile(extent.user),
        settled=("zone",),
        taken=("right_list",),
    ),
    "cx-sales-tasks": _offer(
        TODO_TASKS,
        CRM_TASKS,
        cx_sales.TaskSettings,
        lambda extent: cx_sales.TaskSettings(zone=extent.zone),
        lambda settings, extent: _asked_for(extent, settings).profile(extent.user, Scope(extent.left_list)),
        settled=("zone",),
        taken=("left_list", "right_list"),
    ),
    "maximizer-appointments": _offer(
        EVENTS,
        APPOINTMENTS,
        maximizer.AppointmentSettings,
        lambda extent: maximizer.AppointmentSettings(zone=extent.zone, capacity=extent.capacity),
        lambda settings, extent: settings.profile(extent.user),
        settled=("zone", "capacity"),
        taken=("right_list",),
    ),
    "maximizer-contacts": _offer(
        CONTACTS,
        ENTRIES,
        maximizer.ContactSettings,
        lambda extent: maximizer.ContactSettings(
            category=extent.left_list, favourite_list=extent.right_list, capacity=extent.capacity
        ),
        lambda settings, _: settings.profile(),
        settled=("left_list", "right_list", "capacity"),
    ),
    "maximizer-tasks": _offer(
        TODO_TASKS,
        CRM_TASKS,
        maximizer.TaskSettings,
        lambda extent: maximizer.TaskSettings(zone=extent.zone, capacity=extent.capacity),
        lambda settings, extent: settings.profile(Scope(extent.left_list), extent.right_list),
        settled=("zone", "capacity"),
        taken=("left_list", "right_list"),
    ),
    "zynsync-calendar": _offer(
        EVENTS,
        APPOINTMENTS,
        zynsync.CalendarSettings,
        lambda extent: zynsync.CalendarSettings(zone=extent.zone),
        lambda settings, extent: settings.profile(zynsync.Company(extent.user)),
        settled=("zone",),
        taken=("right_list",),
        one_users=True,
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
