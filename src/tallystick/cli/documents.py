"""Provide the command that prints the JSON Schema of a profile's documents of settings."""

from collections.abc import Mapping
from typing import Annotated

from cyclopts import Parameter

from tallystick.cli.exits import Exit
from tallystick.cli.options import COMMON, Common
from tallystick.cli.profiles import PROFILES
from tallystick.cli.screen import make_screen
from tallystick.errors import UsageError
from tallystick.profiles import highlevel, linkpoint, maximizer
from tallystick.settings import SettingsKind, document_schema

_OF_FILES: tuple[type[SettingsKind], ...] = tuple(offer.kind for offer in PROFILES.values())
_OF_MAIL: tuple[type[SettingsKind], ...] = (highlevel.MailSettings, linkpoint.MailSettings, maximizer.MailSettings)
KINDS: Mapping[str, type[SettingsKind]] = {kind.name: kind for kind in (*_OF_FILES, *_OF_MAIL)}
"""The settings of every profile that comes with the library, by name."""


def schema(
    profile: Annotated[str, Parameter(help=f"Whose settings: {', '.join(sorted(KINDS))}.")],
    /,
    *,
    common: Common = COMMON,
) -> Exit:
    """Print the JSON Schema of a profile's settings: of a user's document, and of an administrator's."""
    del common
    if profile not in KINDS:
        raise UsageError(f"there are no settings of {profile!r}", remedy=f"known: {', '.join(sorted(KINDS))}")
    make_screen().data(document_schema(KINDS[profile]))
    return Exit.COMPLETE
