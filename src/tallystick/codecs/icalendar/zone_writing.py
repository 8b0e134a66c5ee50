"""Provide the VTIMEZONE of a zone, made from Python's zone data: what a file needs for a TZID that it begins to use.

The clock changes from 1970 on (or from the first year the file uses, should that be earlier) until well after 2037 are
looked up. Changes that come on the same weekday of the same month at the same time for three years or more become a
yearly rule, which goes on for ever if it does so to the end of the years looked at; all others are listed one by one.
Changes that no yearly rule says (those that follow another calendar) end with the years looked at.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final

import attrs

from tallystick.codecs.icalendar.component import Component, made
from tallystick.codecs.icalendar.lines import Property
from tallystick.recurrence.rrule_text import format_local
from tallystick.recurrence.weekdays import WEEK
from tallystick.recurrence.zones import zone_rules

_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2099
_STEP: Final = timedelta(days=7)
_FEWEST: Final = 3
"""How many years make a rule."""


@attrs.frozen
class _Change:
    """One change of the clocks: the local time before it, and what it changes from and to."""

    local: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    @property
    def kind(self) -> tuple[object, ...]:
        """What all changes of one observance share."""
        return (self.summer, self.before, self.after, self.name)

    @property
    def yearly(self) -> tuple[object, ...]:
        """What all changes of one rule share, but for the week within the month."""
        return (*self.kind, self.local.month, self.local.weekday(), self.local.time())


def zone_definition(zone: str, first_year: int, line_end: str, tzid: str | None = None) -> Component:
    """Return the VTIMEZONE of a zone, by its IANA name. Raises UnknownZone."""
    first, changes = _changes(zone, min(first_year - 1, _FIRST_YEAR))
    observances: list[tuple[Sequence[_Change], str | None]] = [([first], None)]
    single: list[_Change] = []
    for _, alike in groupby(sorted(changes, key=lambda one: (repr(one.yearly), one.local)), key=lambda one: one.yearly):
        for run in _runs(list(alike)):
            if len(run) < _FEWEST:
                single += run
            else:
                observances.append((run[:1], _rule(run)))
    for _, same in groupby(sorted(single, key=lambda one: (repr(one.kind), one.local)), key=lambda one: one.kind):
        observances.append((list(same), None))
    observances.sort(key=lambda one: one[0][0].local)
    parts = (_observance(changes, rule, line_end) for changes, rule in observances)
    return made("VTIMEZONE", [Property("TZID", tzid or zone), *parts], line_end)


@lru_cache(maxsize=64)
def _changes(zone: str, first_year: int) -> tuple[_Change, tuple[_Change, ...]]:
    """Return the zone's offset as a change at the beginning of the first year, and all changes after it."""
    rules = zone_rules(zone)

    def offset(moment: datetime) -> tuple[timedelta, str, bool]:
        local = moment.astimezone(rules)
        return local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst())

    moment, end = datetime(max(first_year, 2), 1, 1, tzinfo=UTC), datetime(_LAST_YEAR + 1, 1, 1, tzinfo=UTC)
    held = offset(moment)
    first = _Change(datetime(max(first_year, 2), 1, 1), held[0], *held)  # noqa: DTZ001 -- a wall time
    found = []
    while moment < end:
        later = min(moment + _STEP, end)
        now = offset(later)
        if now != held:
            at = _turn(offset, moment, later)
            if now[0] != held[0]:  # a new name alone is of no interest to anybody
                found.append(_Change((at + held[0]).replace(tzinfo=None), held[0], *now))
            held = now
        moment = later
    return first, tuple(found)


def _turn(held: Callable[[datetime], object], before: datetime, after: datetime) -> datetime:
    """Return the first second at which what is ``held`` is as it is after."""
    now = held(after)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (before, middle) if held(middle) == now else (middle, after)
    return after


def _runs(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Yield changes of consecutive years that one rule can say: their days lie within the same seven of the month."""
    run: list[_Change] = []
    for change in changes:
        days = [change.local.day, *(one.local.day for one in run)]
        if run and (change.local.year > run[-1].local.year + 1 or max(days) - min(days) >= _STEP.days):
            yield run
            run = []
        run.append(change)
    if run:
        yield run


def _week(run: Sequence[_Change]) -> str:
    """Return which of the month's weekdays of one name they all fall on, as BYDAY or BYMONTHDAY say it."""
    days = [change.local.day for change in run]
    code = WEEK[run[0].local.weekday()].code
    if all(change.local.day + 7 > monthrange(change.local.year, change.local.month)[1] for change in run):
        return f"BYDAY=-1{code}"
    numbers = {(day - 1) // 7 + 1 for day in days}
    if len(numbers) == 1:
        return f"BYDAY={numbers.pop()}{code}"
    first = max(max(days) - 6, 1)  # of any seven days in a row, one has that name
    return f"BYMONTHDAY={','.join(map(str, range(first, first + 7)))};BYDAY={code}"


def _rule(run: Sequence[_Change]) -> str:
    last = run[-1]
    until = f";UNTIL={format_local(last.local - last.before)}Z" if last.local.year < _LAST_YEAR else ""
    return f"FREQ=YEARLY{until};BYMONTH={last.local.month};{_week(run)}"


def _observance(changes: Sequence[_Change], rule: str | None, line_end: str) -> Component:
    first = changes[0]
    # Some readers take the first date of each RDATE, and leave DTSTART out where there is one.
    dates = [Property("RDATE", format_local(one.local)) for one in changes] if len(changes) > 1 else []
    properties = [
        Property("DTSTART", format_local(first.local)),
        *([Property("RRULE", rule)] if rule else []),
        *dates,
        Property("TZOFFSETFROM", _offset(first.before)),
        Property("TZOFFSETTO", _offset(first.after)),
        Property("TZNAME", first.name),
    ]
    return made("DAYLIGHT" if first.summer else "STANDARD", properties, line_end)


def _offset(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else '+'}{hour:02}{minute:02}{f'{second:02}' if second else ''}"
