"""Provide a series: where it starts, the rules it follows, and the occurrences that are not as the rules say.

An exception is keyed by the series and by the *original* start of the occurrence, the one that the rules give it, so
that it is still found after it was moved, twice too:

* :class:`Cancelled`: it does not take place (EXDATE; a deleted occurrence);
* :class:`Moved`: it takes place at another time (RECURRENCE-ID with another DTSTART);
* :class:`Changed`: it takes place when the rules say, with another subject, place or length.

The original start of a timed series may be given as a date: Graph names cancelled occurrences by their day, and no two
of its occurrences share one.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from math import prod
from typing import Final, Self

import attrs

from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.refusals import InvalidRecurrence, MixedStarts
from tallystick.recurrence.rule import SUB_DAILY, RecurrenceRule, times_of_day
from tallystick.recurrence.times import (
    Instant,
    Start,
    WallTime,
    require_real_year,
    require_start,
    require_whole_seconds,
)

_MOST_TIMES: Final = 24


@attrs.frozen
class Cancelled:
    """The occurrence of ``original`` does not take place."""

    original: Start


@attrs.frozen
class Moved:
    """The occurrence of ``original`` takes place at ``start``."""

    original: Start
    start: Start


@attrs.frozen
class Changed:
    """The occurrence of ``original`` takes place at its time, but is otherwise not like the others."""

    original: Start


OccurrenceException = Cancelled | Moved | Changed


@attrs.frozen
class Series:
    """All that says when something recurs.

    ``rules`` are united; what ``excluded_rules`` (EXRULE) fall on is taken out; ``added`` (RDATE) are further starts.
    A series without rules takes place at its ``start`` and the added ones. All starts are dates (all-day), all
    floating, or all in zones. Raises InvalidRecurrence where they are mixed, or an original start is named twice.
    """

    start: Start
    rules: tuple[Recurrence | RecurrenceRule, ...] = ()
    excluded_rules: tuple[RecurrenceRule, ...] = ()
    added: tuple[Start, ...] = ()
    exceptions: tuple[OccurrenceException, ...] = ()

    def __attrs_post_init__(self) -> None:
        require_start(self.start, "series.start")
        require_whole_seconds(self.start, "series.start")
        require_real_year(self.start if isinstance(self.start, date) else self.start.local, "series.start")
        if self.added:
            _require_alike(self.start, self.added, "series.added")
        if self.exceptions:
            self._require_exceptions()

    @classmethod
    def of(cls, start: Start, *rules: Recurrence | RecurrenceRule) -> Self:
        """Return a series that follows ``rules`` from ``start`` on."""
        return cls(start, rules)

    @property
    def is_all_day(self) -> bool:
        """Whether its occurrences are dates."""
        return isinstance(self.start, date)

    def _require_exceptions(self) -> None:
        moved = [exception.start for exception in self.exceptions if isinstance(exception, Moved)]
        _require_alike(self.start, moved, "exception.start")
        timed = [item.original for item in self.exceptions if self.is_all_day or isinstance(item.original, WallTime)]
        _require_alike(self.start, timed, "exception.original")
        originals = {item.original for item in self.exceptions}
        if len(originals) < len(self.exceptions):
            raise InvalidRecurrence(
                "two exceptions of one occurrence", where="series.exceptions", remedy="keep the one that holds"
            )


@attrs.frozen
class OccurrenceKey:
    """What an occurrence is known by: its series' id, and its original start as an instant, floating time or date."""

    series: str
    original: Instant | WallTime | date


def occurrence_key(series_id: str, original: Start) -> OccurrenceKey:
    """Return the key of the occurrence of a series that would start at ``original``. Raises UnknownZone.

    The same for all spellings of one start: another zone's wall time, another name of the zone.
    """
    if isinstance(original, WallTime) and original.zone is not None:
        return OccurrenceKey(series_id, original.instant())
    return OccurrenceKey(series_id, original)


def originals_of(original: Start, series: Series) -> tuple[Start, ...]:
    """Return the starts that an exception of ``series`` may be of: itself, or a day's at each of the series' times.

    Raises InvalidRecurrence where a day of a sub-daily series is meant, or one with more times than it has hours.
    """
    if isinstance(original, WallTime) or isinstance(series.start, date):
        return (original,)
    times: set[time] = set()
    for rule in series.rules:
        if isinstance(rule, Recurrence):
            times.add(series.start.local.time())
            continue
        sizes = (len(part) or 1 for part in (rule.by_hour, rule.by_minute, rule.by_second))
        if rule.frequency in SUB_DAILY or prod(sizes) > _MOST_TIMES:
            raise InvalidRecurrence(
                "a day of which many times are meant", where="exception.original", remedy="name the time of each"
            )
        times.update(times_of_day(rule, series.start.local))
    times = times or {series.start.local.time()}
    return tuple(WallTime(datetime.combine(original, at), series.start.zone) for at in sorted(times))


def _require_alike(start: Start, others: Iterable[Start], where: str) -> None:
    for other in others:
        require_start(other, where)
        if _kind(other) != _kind(start):
            raise MixedStarts("all-day, floating and zoned starts in one series", where=where, remedy="give one kind")


def _kind(start: Start) -> str:
    if isinstance(start, WallTime):
        return "floating" if start.zone is None else "zoned"
    return "all-day"
