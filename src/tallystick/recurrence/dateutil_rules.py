"""Provide the way to and from the objects of ``dateutil.rrule``, for programs that have them.

What dateutil has no place for is put into its words: a zone becomes a tzinfo (and its name is asked of the tzinfo on
the way back, or of the caller), an all-day series the midnights of its days, a moved occurrence an excluded and an
added time. And dateutil reads some rules otherwise than this library does:

* it gives times that the clock skips, where :func:`~tallystick.recurrence.expansion.expand` shifts or skips them;
* ``WEEKLY`` with BYSETPOS counts from the start on in the first week, here always in the whole week;
* a plain weekday beside a numbered one (``1MO,FR``) means both at once, here either.
"""

from datetime import date, datetime, time, tzinfo
from typing import TypeVar

import attrs
from dateutil.rrule import rrule, rruleset, rrulestr

from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.refusals import InvalidRecurrence
from tallystick.recurrence.rrule_text import format_rule, parse_rule
from tallystick.recurrence.rule import RecurrenceRule
from tallystick.recurrence.series import Cancelled, Moved, Series, originals_of
from tallystick.recurrence.times import Instant, Start, WallTime
from tallystick.recurrence.to_rrule import to_rrule
from tallystick.recurrence.translation import Exact
from tallystick.recurrence.until import settled
from tallystick.recurrence.zones import is_known_zone, zone_rules

T = TypeVar("T")


def series_from_dateutil(rules: rrule | rruleset, *, zone: str | None = None) -> Series:
    """Return the series that a dateutil rule or set of rules says.

    ``zone`` names the zone of its times where their tzinfo has no name. Excluded dates become cancelled occurrences.
    Raises InvalidRecurrence for a set without a rule or date, and where a zone's name is needed.
    """
    if isinstance(rules, rrule):
        start = _start(_held(rules, "_dtstart"), zone)
        return Series.of(start, _rule(rules, start))
    inner, outer = _members(rules, "_rrule", rrule), _members(rules, "_exrule", rrule)
    added = [_start(moment, zone) for moment in _members(rules, "_rdate", datetime)]
    cancelled = [Cancelled(_start(moment, zone)) for moment in _members(rules, "_exdate", datetime)]
    starts = [_start(_held(rule, "_dtstart"), zone) for rule in inner] or added
    if not starts:
        raise InvalidRecurrence("nothing that recurs", where="rruleset", remedy="add a rule or a date to the set")
    if len(set(starts)) > 1 and inner:
        raise InvalidRecurrence("rules with several starts", where="rruleset", remedy="make a series of each rule")
    start = starts[0]
    return Series(
        start,
        tuple(_rule(rule, start) for rule in inner),
        tuple(_rule(rule, start) for rule in outer),
        tuple(added),
        tuple(dict.fromkeys(cancelled)),
    )


def rule_to_dateutil(rule: RecurrenceRule, start: Start) -> rrule:
    """Return the dateutil rule for a rule that starts at ``start``. Raises InvalidRecurrence, UnknownZone."""
    try:
        made = rrulestr(format_rule(settled(rule, start)), dtstart=_moment(start))
    except ValueError:
        raise InvalidRecurrence(
            "a rule that dateutil does not take", where="RRULE", remedy="leave out a rule that falls on no time at all"
        ) from None
    if not isinstance(made, rrule):
        raise InvalidRecurrence("not one rule", where="RRULE", remedy="use series_to_dateutil")
    return made


def series_to_dateutil(series: Series) -> rruleset:
    """Return the dateutil set of rules for a series. Raises InvalidRecurrence where it has no rule, UnknownZone."""
    translated = to_rrule(series)
    if not isinstance(translated, Exact):
        raise InvalidRecurrence("a pattern without rule", where="series", remedy=str(translated.reasons[0]))
    series = translated.value
    made = rruleset()
    for rule in series.rules:
        if not isinstance(rule, Recurrence):
            made.rrule(rule_to_dateutil(rule, series.start))
    for rule in series.excluded_rules:
        made.exrule(rule_to_dateutil(rule, series.start))
    for start in series.added if series.rules else (series.start, *series.added):
        made.rdate(_moment(start))
    for exception in series.exceptions:
        if isinstance(exception, Cancelled | Moved):
            for original in originals_of(exception.original, series):
                made.exdate(_moment(original))
        if isinstance(exception, Moved):
            made.rdate(_moment(exception.start))
    return made


def _held(rule: object, name: str) -> object:
    """Return what a dateutil object holds: it has no public way to ask for it."""
    return vars(rule).get(name)


def _members(rules: rruleset, name: str, kind: type[T]) -> list[T]:
    held = _held(rules, name)
    return [one for one in held if isinstance(one, kind)] if isinstance(held, list) else []


def _rule(made: rrule, start: Start) -> RecurrenceRule:
    """Return the rule; its text is dateutil's own, but for UNTIL, which that writes without its zone."""
    rule = parse_rule(str(made).rpartition("\n")[2])
    until = _held(made, "_until")
    if isinstance(until, datetime) and until.tzinfo is not None:
        rule = attrs.evolve(rule, until=Instant(until))
    return settled(rule, start)


def _start(moment: object, zone: str | None) -> WallTime:
    if not isinstance(moment, datetime):
        raise InvalidRecurrence("without start", where="rrule dtstart", remedy="give the rule a dtstart")
    wall = moment.replace(tzinfo=None, fold=moment.fold)
    return WallTime(wall, None if moment.tzinfo is None else zone or _name(moment.tzinfo))


def _name(zone: tzinfo) -> str:
    """Return the name of a tzinfo: ZoneInfo's key, UTC, or the end of the path that dateutil read the zone from."""
    path = getattr(zone, "_filename", None)
    names = [getattr(zone, "key", None), path.rpartition("zoneinfo/")[2] if isinstance(path, str) else None]
    if zone.tzname(None) == "UTC" and not zone.utcoffset(None):
        names.append("UTC")
    for name in names:
        if isinstance(name, str) and is_known_zone(name):
            return name
    raise InvalidRecurrence("a tzinfo without name", where="rrule dtstart", remedy="pass the zone's name as zone")


def _moment(start: Start) -> datetime:
    if isinstance(start, date):
        return datetime.combine(start, time())
    return start.local if start.zone is None else start.local.replace(tzinfo=zone_rules(start.zone))
