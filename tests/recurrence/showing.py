"""Provide series, times and occurrences as short texts, so that expected dates can be read."""

import itertools
from collections.abc import Iterable
from datetime import date, datetime

from tallystick.recurrence import (
    Gap,
    Limits,
    Occurrence,
    Recurrence,
    Series,
    Start,
    WallTime,
    Window,
    expand,
    iterate,
    parse_series,
    to_pattern,
)

NINE = "DTSTART:20260101T090000"  # a Thursday


def at(text: str) -> datetime:
    """Return the naive datetime of ``2026-03-29 02:30``."""
    return datetime.fromisoformat(text)


def wall(text: str, zone: str | None = None) -> WallTime:
    """Return the wall time of ``2026-03-29 02:30``."""
    return WallTime(at(text), zone)


def day(text: str) -> date:
    """Return the date of ``2026-03-29``."""
    return date.fromisoformat(text)


def shown(start: Start) -> str:
    """Return ``2026-03-29 02:30``, or the date alone, as the zone shows it."""
    if not isinstance(start, WallTime):
        return start.isoformat()
    return start.local.isoformat(" ", "seconds" if start.local.second else "minutes")


def starts_of(occurrences: Iterable[Occurrence]) -> list[str]:
    """Return the starts of occurrences."""
    return [shown(occurrence.start) for occurrence in occurrences]


def first_starts(series: Series, count: int, *, gap: Gap = Gap.SHIFT) -> list[str]:
    """Return the starts of the first occurrences."""
    return starts_of(itertools.islice(iterate(series, gap=gap, limits=Limits(sub_daily=True)), count))


def series_of(rule: str, start: str = NINE) -> Series:
    """Return the series of a rule and a DTSTART line."""
    return parse_series(f"{start}\nRRULE:{rule}")


def pattern_of(rule: str, start: str = NINE) -> Recurrence:
    """Return the pattern of a rule that has one."""
    translated = to_pattern(series_of(rule, start))
    found = translated.value.rules[0]  # type: ignore[union-attr] # a rule without pattern fails here
    assert isinstance(found, Recurrence)
    return found


def within(series: Series, start: str, end: str, zone: str = "UTC") -> list[str]:
    """Return the starts of the occurrences in a window."""
    return starts_of(expand(series, Window(day(start), day(end), zone)))
