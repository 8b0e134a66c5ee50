"""Provide the names of time zones: Windows to IANA and back, one name for comparing, and the zone's own rules.

Mailboxes speak of *Romance Standard Time*, calendars of ``Europe/Paris``, and a service that is given one may answer
with the other. A Windows name stands for several IANA zones, one or more a territory; each IANA name belongs to one
Windows name. Hence:

===========================================  ==========================================================================
name                                         read as
===========================================  ==========================================================================
a Windows name, in any case                  the usual zone of the territory given, else the default of the CLDR
an IANA name, in any case, old ones too      itself
``tzone://Microsoft/Utc``, ``UTC``, ``Z``    ``UTC``
``/vendor/prefix/Europe/Paris``              the IANA name at its end
a key of the caller's ``aliases``            what the caller says: for localised and home-made names
empty, ``tzone://Microsoft/Custom``,         refused with :class:`~tallystick.recurrence.refusals.UnknownZone`: an
``UTC+8``, *Customized Time Zone*, ...       offset is no zone, and a guess would move meetings
===========================================  ==========================================================================

Two names are the same zone when they belong to one Windows name, because that is all a mailbox can remember: what was
written as ``Europe/Madrid`` is read back as *Romance Standard Time*, and that is no change.
:func:`keep_name` is how the first spelling survives.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from tallystick.recurrence.refusals import UnknownZone
from tallystick.recurrence.windows_zones import WINDOWS_ZONES
from tallystick.recurrence.zone_aliases import ZONE_ALIASES

NO_ALIASES: Final[Mapping[str, str]] = MappingProxyType({})

_LATER_THAN_CLDR: Final = {
    # Three names that Windows has gained since the CLDR's table was last published, as tzlocal 5.4 lists them.
    "Alberta Standard Time": "001 America/Edmonton",
    "British Columbia Standard Time": "001 America/Vancouver",
    "Manitoba Standard Time": "001 America/Winnipeg",
}
_ALSO_UTC: Final = frozenset({"tzone://microsoft/utc", "utc", "z", "coordinated universal time"})
_LONGEST: Final = 200
_IANA: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_NOT_ZONES: Final = frozenset({"factory", "leapseconds", "localtime", "posix", "posixrules", "right"})


def iana_zone(name: str, *, territory: str | None = None, aliases: Mapping[str, str] = NO_ALIASES) -> str:
    """Return the IANA name for a zone's name of either vocabulary.

    ``territory`` is a two-letter country code; it chooses among the zones of a Windows name. ``aliases`` is tried
    first, by exact name. Raises UnknownZone.
    """
    found = _find(aliases.get(name, name), territory)
    if found is None:
        raise UnknownZone(
            f"its name ({len(name)} characters) is not known" if name.strip() else "it has no name",
            where="time zone",
            remedy="give a Windows or IANA name, or pass an alias for it",
        )
    return found


def windows_zone(name: str) -> str:
    """Return the Windows name for a zone's name of either vocabulary. Raises UnknownZone."""
    iana = iana_zone(name)
    windows = _windows_by_iana().get(ZONE_ALIASES.get(iana, iana))
    if windows is None:
        raise UnknownZone(
            "the time zone has no Windows name",
            where="time zone",
            remedy="choose a zone that the CLDR's table of Windows zones lists",
        )
    return windows


def is_known_zone(name: str, *, aliases: Mapping[str, str] = NO_ALIASES) -> bool:
    """Tell whether :func:`iana_zone` knows ``name``."""
    return _find(aliases.get(name, name), None) is not None


def zone_rules(name: str) -> ZoneInfo:
    """Return the rules of a zone of either vocabulary. Raises UnknownZone."""
    return _rules(name) if len(name) <= _LONGEST else _rules(iana_zone(name))


def canonical_zone(name: str) -> str:
    """Return the IANA name that stands for all names of the same zone. Raises UnknownZone."""
    return _canonical(iana_zone(name))


def same_zone(one: str, other: str) -> bool:
    """Tell whether two names mean the same zone. Names that are not known are the same only when spelled the same."""
    if one == other:
        return True
    names = _find(one, None), _find(other, None)
    return names[0] is not None and names[1] is not None and _canonical(names[0]) == _canonical(names[1])


def keep_name(kept: str | None, read: str | None) -> str | None:
    """Return the zone's name to keep: the one there was, as long as ``read`` means the same zone."""
    return kept if kept is not None and read is not None and same_zone(kept, read) else read


def _find(name: str, territory: str | None) -> str | None:
    """Return the IANA name; None where ``name`` is not known."""
    return _look_up(name, territory) if len(name) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _look_up(name: str, territory: str | None) -> str | None:
    folded = " ".join(name.casefold().split())
    if not folded:
        return None
    if folded in _ALSO_UTC:
        return "UTC"
    territories = _windows_names().get(folded)
    if territories is not None:
        return territories.get((territory or "001").upper(), territories["001"])[0]
    known = _iana_names().get(folded)
    if known is not None:
        return known
    name = name.strip()
    if name.startswith("/"):
        return _at_the_end(name)
    return name if _is_loadable(name) else None


def _at_the_end(name: str) -> str | None:
    """Return the IANA name that a globally unique identifier of a calendar program ends with."""
    parts = name.strip("/").split("/")
    for length in (3, 2):
        if len(parts) > length and _iana_names().get("/".join(parts[-length:]).casefold()):
            return _iana_names()["/".join(parts[-length:]).casefold()]
    return None


def _is_loadable(name: str) -> bool:
    """Tell whether the name has an IANA name's form and Python's zone data has it (zones newer than our table)."""
    if _IANA.fullmatch(name) is None or name.partition("/")[0].casefold() in _NOT_ZONES:
        return False
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return False
    return True


@lru_cache(maxsize=1024)
def _rules(name: str) -> ZoneInfo:
    iana = iana_zone(name)
    try:
        return ZoneInfo(iana)
    except LookupError:
        raise UnknownZone(
            "Python has no zone data", where="time zone", remedy="install the tzdata package on this machine"
        ) from None


@lru_cache(maxsize=1)
def _windows_names() -> dict[str, dict[str, list[str]]]:
    """Return, by folded Windows name, the IANA names of each territory."""
    table: dict[str, dict[str, list[str]]] = {}
    for windows, text in {**WINDOWS_ZONES, **_LATER_THAN_CLDR}.items():
        rows = (row.split() for row in text.split(";"))
        table[windows.casefold()] = {row[0]: row[1:] for row in rows}
    return table


@lru_cache(maxsize=1)
def _iana_names() -> dict[str, str]:
    """Return each IANA name of the tables by its folded form."""
    rows = (word for text in WINDOWS_ZONES.values() for word in text.replace(";", " ").split())
    names = [word for word in rows if "/" in word]
    return {name.casefold(): name for name in (*names, *ZONE_ALIASES, *ZONE_ALIASES.values())}


@lru_cache(maxsize=1)
def _windows_by_iana() -> dict[str, str]:
    table: dict[str, str] = {}
    for windows, text in WINDOWS_ZONES.items():
        for row in text.split(";"):
            table.update(dict.fromkeys(row.split()[1:], windows))
    return table


@lru_cache(maxsize=1024)
def _canonical(iana: str) -> str:
    preferred = ZONE_ALIASES.get(iana, iana)
    windows = _windows_by_iana().get(preferred)
    return preferred if windows is None else _windows_names()[windows.casefold()]["001"][0]
