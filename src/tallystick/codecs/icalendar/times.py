"""Provide the values of properties that hold a time: dates, wall times in the file's zones, instants.

``20260101`` is a day, ``20260101T090000`` floats, with ``Z`` it is in UTC, and with TZID in a zone of
:class:`~.zones.CalendarZones`. A UTC time is a wall time in the zone ``UTC``, as everywhere in recurrence.
"""

from datetime import UTC, date, datetime

from tallystick.codecs.icalendar.lines import ContentLine, Property
from tallystick.codecs.icalendar.zones import CalendarZones
from tallystick.errors import InputError
from tallystick.recurrence import Instant, Start, WallTime, iana_zone
from tallystick.recurrence.rrule_text import format_date, format_local, parse_timestamp


def read_start(line: ContentLine, zones: CalendarZones) -> Start:
    """Return the day or wall time of a property with one value. Raises InputError, UnknownZone among them."""
    found = parse_timestamp(line.value.strip().upper(), line.where())
    if isinstance(found, Instant):
        return WallTime(found.utc.replace(tzinfo=None), "UTC")
    tzid = line.parameter("TZID")
    if isinstance(found, WallTime) and tzid:
        return WallTime(found.local, zones.zone_of(tzid, line.where()))
    return found


def read_instant(line: ContentLine | None, zones: CalendarZones) -> Instant | None:
    """Return the instant of a property (COMPLETED, LAST-MODIFIED); None where there is none, or it floats."""
    if line is None:
        return None
    start = read_start(line, zones)
    return start.instant() if isinstance(start, WallTime) and start.zone is not None else None


def start_property(name: str, start: Start, zones: CalendarZones) -> Property:
    """Return the property of a day or wall time. Raises InputError for a fraction of a second."""
    if isinstance(start, date):
        return Property(name, format_date(start), (("VALUE", "DATE"),))
    if start.local.microsecond:
        raise InputError("a fraction of a second", where=name, remedy="cut it off")
    shown = format_local(start.local)
    if start.zone is None:
        return Property(name, shown)
    if iana_zone(start.zone) == "UTC":
        return Property(name, f"{shown}Z")
    return Property(name, shown, (("TZID", zones.tzid_of(start.zone)),))


def instant_property(name: str, moment: Instant | datetime) -> Property:
    """Return the property of an instant, in UTC and whole seconds; a datetime has to be aware."""
    utc = moment.utc if isinstance(moment, Instant) else moment.astimezone(UTC)
    return Property(name, f"{format_local(utc.replace(tzinfo=None, microsecond=0))}Z")
