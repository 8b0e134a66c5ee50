"""Provide what is looked at before a sync is made: a name, two providers, and the directories of its profile."""

from collections.abc import Mapping

from tallystick.errors import SettingsError, UsageError
from tallystick.ports import SIDES
from tallystick.reconcile.profile import Profile


def require_name(name: str) -> None:
    """Raise SettingsError where a sync has no name."""
    if not name.strip():
        raise SettingsError("a sync needs a name", remedy="give one that is the host's own for this pair of accounts")


def require_providers(left: object, right: object) -> None:
    """Raise UsageError where one of both is no provider, such as the fake that has several of them."""
    for side, provider in zip(SIDES, (left, right), strict=True):
        if not hasattr(provider, "capabilities"):
            raise UsageError(
                f"a {type(provider).__name__} is no provider",
                where=f"{side.label} side",
                remedy="pass one of its collections",
            )


def require_directories(profile: Profile[object, object], given: Mapping[str, object]) -> None:
    """Raise SettingsError where the profile looks things up in a directory that is not given."""
    for one in profile.sides:
        for directory in one.references.directories if one.references else ():
            if directory not in given:
                raise SettingsError(
                    f"the profile looks things up in a directory {directory!r}, and there is none",
                    where=profile.name,
                    remedy=f'pass directories={{"{directory}": ...}}, a collection that can be searched',
                )
