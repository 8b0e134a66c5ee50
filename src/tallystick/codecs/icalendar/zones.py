"""Provide the zones of one calendar: what each TZID stands for, and which TZID a zone is written with.

A TZID is looked up in this order: an alias of the caller; a name that is known everywhere (IANA, Windows, the paths
that programs put before an IANA name); the name in X-LIC-LOCATION of the file's VTIMEZONE; then that definition
itself, compared with the zones of the world over the years in which the file uses it (:mod:`~.zone_matching`). A known
name is believed, whatever the definition beside it says: definitions are often abridged, and names are not. A TZID
that is found in none of these ways is refused where it is used: a guess would move meetings.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from tallystick.codecs.icalendar.component import Component
from tallystick.codecs.icalendar.lines import ContentLine
from tallystick.codecs.icalendar.zone_matching import matching_zone
from tallystick.recurrence import UnknownZone, iana_zone, is_known_zone
from tallystick.recurrence.zones import NO_ALIASES

_YEAR: Final = re.compile(r"[0-9]{4}")
_MOST_DESCRIBED: Final = 100
"""How many definitions of one file are compared with the zones of the world."""


@attrs.frozen(repr=False)
class CalendarZones:
    """What the TZIDs of a calendar stand for.

    ``names`` has a zone's name that recurrence knows for each TZID: the TZID itself, where that is such a name.
    ``defined`` are the TZIDs that the file has a VTIMEZONE for.
    """

    names: Mapping[str, str] = attrs.field(factory=dict)
    defined: frozenset[str] = frozenset()

    def zone_of(self, tzid: str, where: str) -> str:
        """Return the name of a TZID's zone. Raises UnknownZone, naming ``where`` it is used."""
        found = self.names.get(tzid)
        if found is not None:
            return found
        if is_known_zone(tzid):
            return tzid
        raise UnknownZone(
            "a TZID that is no known name, and no VTIMEZONE of the file tells which zone it is",
            where=where,
            remedy="name the zone with an alias for the TZID, or have the calendar exported with its time zones",
        )

    def tzid_of(self, zone: str) -> str:
        """Return the TZID that the file has for a zone; its IANA name where it has none. Raises UnknownZone."""
        if self.names.get(zone) == zone:
            return zone
        iana = iana_zone(zone)
        return next((tzid for tzid, name in self.names.items() if iana_zone(name) == iana), iana)


def zones_in(calendars: Iterable[Component], aliases: Mapping[str, str] = NO_ALIASES) -> CalendarZones:
    """Return the zones that calendars define and use. ``aliases`` has a zone's name by TZID."""
    calendars = list(calendars)
    definitions: dict[str, Component] = {}
    for calendar in calendars:
        for definition in calendar.components("VTIMEZONE"):
            named = definition.first("TZID")
            if named is not None:
                definitions.setdefault(named.value.strip(), definition)
    names: dict[str, str] = {}
    described = 0
    for tzid, years in _uses(calendars).items():
        alias = aliases.get(tzid, tzid)
        if is_known_zone(alias):
            names[tzid] = alias
        elif tzid in definitions and described < _MOST_DESCRIBED:
            described += 1
            found = _described(definitions[tzid], years)
            if found is not None:
                names[tzid] = found
    names.update({tzid: tzid for tzid in definitions if tzid not in names and is_known_zone(tzid)})
    return CalendarZones(names, frozenset(definitions))


def _described(definition: Component, years: set[int]) -> str | None:
    location = definition.first("X-LIC-LOCATION")
    if location is not None and is_known_zone(location.value.strip()):
        return location.value.strip()
    return matching_zone(definition, min(years), max(years))


def _uses(calendars: Iterable[Component]) -> dict[str, set[int]]:
    """Return the years in which each TZID is used."""
    found: dict[str, set[int]] = {}
    for calendar in calendars:
        for line in _dated_lines(calendar):
            tzid = line.parameter("TZID")
            years = found.setdefault(tzid, set())
            years.update(int(year[0]) for value in line.value.split(",") if (year := _YEAR.match(value.strip())))
            if not years:
                del found[tzid]
    return found


def _dated_lines(calendar: Component) -> Iterator[ContentLine]:
    """Yield the lines with a TZID."""
    return (line for line in calendar.all_lines() if line.head and line.parameter("TZID"))
