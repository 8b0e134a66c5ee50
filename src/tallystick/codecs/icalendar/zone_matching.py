"""Provide the zone that a VTIMEZONE describes: the one in the world whose clocks agree with it.

A definition is a list of onsets: from when on which offset holds, given once or by a yearly rule. It agrees with a
zone when both have the same offset right before and after each onset, and on every seventh day, through all years
compared: those in which the file uses the definition, and ten years from the first, sixty at most. Of several zones
that agree, one whose city the TZID names is taken, then one of a fixed offset where the clocks never change, then the
usual zone of a Windows name. Within the years compared it makes no difference.

A definition that contradicts its format, or whose rules take too many steps, agrees with no zone.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from tallystick.codecs.icalendar.component import Component
from tallystick.codecs.icalendar.lines import ContentLine
from tallystick.errors import TallystickError
from tallystick.recurrence import Instant, Limits, RecurrenceRule, Series, WallTime, iterate, parse_rule
from tallystick.recurrence.rrule_text import parse_timestamp
from tallystick.recurrence.windows_zones import WINDOWS_ZONES
from tallystick.recurrence.zones import zone_rules

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_YEARS_AHEAD: Final = 10
_MOST_YEARS: Final = 60
_MOST_RULES: Final = 100
_MOST_DATES: Final = 1_000
_LIMITS: Final = Limits(steps=5_000)
_OFFSET: Final = re.compile(r"([+-])([0-9]{2})([0-9]{2})([0-9]{2})?")
_SECOND: Final = timedelta(seconds=1)
_WEEK: Final = timedelta(days=7)
_LARGEST_FIXED: Final = 12


@attrs.frozen(order=True)
class Onset:
    """From ``at`` on, an aware UTC datetime, the clocks are ``after`` ahead of UTC; before it they were ``before``."""

    at: datetime
    before: timedelta
    after: timedelta


class _Unclear(Exception):
    """The definition cannot be read."""


def matching_zone(definition: Component, first_year: int, last_year: int) -> str | None:
    """Return the IANA name of a zone that agrees with a VTIMEZONE in these years; None where none does."""
    first = min(max(first_year, _FIRST_YEAR), _LAST_YEAR - _MOST_YEARS)
    last = min(max(last_year, first + _YEARS_AHEAD), first + _MOST_YEARS)
    try:
        samples = _samples(onsets(definition, first, last), first, last)
    except (_Unclear, TallystickError):
        return None
    agreeing = (zone for zone in _candidates(definition, samples) if _agrees(zone_rules(zone), samples))
    return next(agreeing, None)


def onsets(definition: Component, first_year: int, last_year: int) -> list[Onset]:
    """Return the onsets of a VTIMEZONE up to the end of ``last_year``, rules expanded from ``first_year`` on.

    Raises TallystickError for what contradicts RFC 5545 or takes too many steps.
    """
    parts = [*definition.components("STANDARD"), *definition.components("DAYLIGHT")]
    rules = sum(len(part.lines("RRULE")) for part in parts)
    dates = sum(line.value.count(",") + 1 for part in parts for line in part.lines("RDATE"))
    if not parts or rules > _MOST_RULES or len(parts) + dates > _MOST_DATES:
        raise _Unclear
    found = (onset for part in parts for onset in _observed(part, first_year, last_year))
    return sorted(set(found))


def _observed(part: Component, first_year: int, last_year: int) -> Iterator[Onset]:
    before, after = (_offset(part.first(name)) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    start = _local(part.first("DTSTART"))
    locals_ = [start, *(_local(line, value) for line in part.lines("RDATE") for value in line.value.split(","))]
    for line in part.lines("RRULE"):
        locals_ += _recurring(start, parse_rule(line.value), before, first_year, last_year)
    for local in locals_:
        if local.year <= last_year:
            yield Onset((local - before).replace(tzinfo=UTC), before, after)


def _recurring(
    start: datetime, rule: RecurrenceRule, before: timedelta, first_year: int, last_year: int
) -> Iterator[datetime]:
    """Yield the local times of a rule, from a year before the first: the offset that holds then has to be known."""
    end = _end_of(rule, before)
    endless = Series.of(WallTime(start, None), attrs.evolve(rule, until=None))
    since = WallTime(max(start, datetime(first_year - 1, 1, 1)), None)  # noqa: DTZ001 -- a wall time
    for count, found in enumerate(iterate(endless, since=since, limits=_LIMITS)):
        assert isinstance(found.start, WallTime)  # noqa: S101 -- the series starts with one
        local = found.start.local
        if local > end or local.year > last_year:
            return
        if count > 2 * _MOST_YEARS:
            raise _Unclear
        yield local


def _end_of(rule: RecurrenceRule, before: timedelta) -> datetime:
    """Return the last local time of a rule; its UNTIL is in UTC, or local in files of old."""
    if rule.until is None:
        return datetime.max  # noqa: DTZ901 -- a wall time
    if isinstance(rule.until, Instant):
        return rule.until.utc.replace(tzinfo=None) + before
    if isinstance(rule.until, WallTime):
        return rule.until.local
    return datetime.combine(rule.until, datetime.max.time())


def _local(line: ContentLine | None, value: str | None = None) -> datetime:
    if line is None:
        raise _Unclear
    found = parse_timestamp((line.value if value is None else value).strip().upper(), line.where())
    if not isinstance(found, WallTime) or found.local.year in (1, 9999):
        raise _Unclear
    return found.local


def _offset(line: ContentLine | None) -> timedelta:
    found = _OFFSET.fullmatch(line.value.strip()) if line else None
    if found is None:
        raise _Unclear
    size = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -size if found[1] == "-" else size


def _samples(given: list[Onset], first_year: int, last_year: int) -> list[tuple[datetime, timedelta]]:
    """Return moments of these years with the offset that the definition has at each."""
    start, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    found = []
    earliest = Onset(datetime.min.replace(tzinfo=UTC), given[0].before, given[0].before)
    latest = Onset(end, given[-1].after, given[-1].after)
    for onset, following in pairwise([earliest, *given, latest]):
        moment, until = max(onset.at, start), min(following.at, end)
        if moment < until:
            found.append((until - _SECOND, onset.after))
        while moment < until:
            found.append((moment, onset.after))
            moment += _WEEK
    return found


def _candidates(definition: Component, samples: list[tuple[datetime, timedelta]]) -> list[str]:
    """Return all zones, the likeliest first."""
    tzid = definition.first("TZID")
    offsets = {offset for _, offset in samples}
    hours, rest = divmod(next(iter(offsets)), timedelta(hours=1))
    fixed = []
    if len(offsets) == 1 and not rest and abs(hours) <= _LARGEST_FIXED:
        fixed = [f"Etc/GMT{-hours:+d}" if hours else "UTC"]
    rows = [row.split() for text in WINDOWS_ZONES.values() for row in text.split(";")]
    usual = [row[1] for row in rows if row[0] == "001"]
    zones = list(dict.fromkeys([*fixed, *usual, *(zone for row in rows for zone in row[1:])]))
    title = tzid.value.casefold() if tzid else ""
    by_city = [zone for zone in zones if "/" in zone and zone.rpartition("/")[2].replace("_", " ").casefold() in title]
    return list(dict.fromkeys([*by_city, *zones]))


def _agrees(zone: ZoneInfo, samples: list[tuple[datetime, timedelta]]) -> bool:
    return all(moment.astimezone(zone).utcoffset() == offset for moment, offset in samples)
