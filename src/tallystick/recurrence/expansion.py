"""Provide the occurrences of a series: in a window, or one after the other, within limits whatever the rules say.

Inputs are untrusted: *every second for ever*, a thousand million occurrences, a window of a thousand years. So:

* nothing before the window is walked, unless a COUNT has to be counted;
* every step is paid from :class:`~tallystick.recurrence.limits.Limits`; where they do not suffice,
  :class:`~tallystick.recurrence.refusals.ExpansionLimit` is raised, and never a part returned as if it were all;
* hourly, minutely and secondly rules are refused unless ``Limits.sub_daily`` says otherwise: no calendar of people has
  them, and they are how a calendar is blown up.

Times are expanded on the wall clock of the series' zone, as Exchange does: nine o'clock stays nine o'clock. Where the
clock skips the time of an occurrence, :class:`~tallystick.recurrence.limits.Gap` says what becomes of it. All-day
series are expanded on dates.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from operator import itemgetter

import attrs

from tallystick.recurrence.limits import LIMITS, Budget, Gap, Limits
from tallystick.recurrence.refusals import ExpansionLimit, InvalidRecurrence
from tallystick.recurrence.series import Cancelled, Changed, Moved, OccurrenceException, Series
from tallystick.recurrence.slots import Frame, earlier, moment_of, slots
from tallystick.recurrence.times import EARLIEST, LATEST, Start, day_of, in_utc


@attrs.frozen
class Window:
    """Whole days of a zone, from ``start`` up to and without ``end``. Raises InvalidRecurrence unless it has a day."""

    start: date
    end: date
    zone: str = "UTC"

    def __attrs_post_init__(self) -> None:
        if self.end <= self.start:
            raise InvalidRecurrence("a window without days", where="window.end", remedy="the end is exclusive")


@attrs.frozen
class Occurrence:
    """One time that a series takes place.

    ``start`` is a wall time as the series' zone shows it, or a date. ``original`` is the start that the rules give it,
    by which it is known; it differs where the occurrence was moved. ``exception`` says how it is unlike the others.
    """

    start: Start
    original: Start
    exception: Moved | Changed | None = None


def expand(
    series: Series,
    window: Window,
    *,
    lasting: timedelta = timedelta(),
    gap: Gap = Gap.SHIFT,
    limits: Limits = LIMITS,
) -> tuple[Occurrence, ...]:
    """Return the occurrences that lie in the window, or reach into it, by start.

    ``lasting`` is how long one takes; what began before the window and is not over when it begins reaches into it.
    Moved occurrences count where they are, not where they were. Raises ExpansionLimit where there are more than the
    limits allow, InvalidRecurrence where a range's number of occurrences was not reported, UnknownZone.
    """
    return tuple(
        occurrence for _, occurrence in placed_occurrences(series, window, lasting=lasting, gap=gap, limits=limits)
    )


def placed_occurrences(
    series: Series,
    window: Window,
    *,
    lasting: timedelta = timedelta(),
    gap: Gap = Gap.SHIFT,
    limits: Limits = LIMITS,
) -> list[tuple[datetime, Occurrence]]:
    """Return what :func:`expand` returns, each occurrence with the moment (:func:`~.slots.moment_of`) of its start."""
    low, high = _bounds(series, window)
    lasting = max(lasting, timedelta())
    frame = Frame(earlier(low, lasting), high, gap, limits, Budget(limits.steps))
    moved = [item for item in series.exceptions if isinstance(item, Moved)]
    found = [(moment_of(item.start), Occurrence(item.start, item.original, item)) for item in moved]
    found = [(at, occurrence) for at, occurrence in found if _reaches(at, low, high, lasting)]
    for at, occurrence in _occurrences(series, frame):
        if not isinstance(occurrence.exception, Moved) and _reaches(at, low, high, lasting):
            found.append((at, occurrence))
            if len(found) > limits.occurrences:
                raise ExpansionLimit(
                    "more occurrences than allowed", where="window", remedy="ask for a smaller window, or allow more"
                )
    return sorted(found, key=itemgetter(0))


def iterate(
    series: Series, *, since: Start | None = None, gap: Gap = Gap.SHIFT, limits: Limits = LIMITS
) -> Iterator[Occurrence]:
    """Yield the occurrences whose original start is ``since`` or later, from the first on, by original start.

    The limit on occurrences does not apply: take as many as you want. The limit on steps does, for all of them
    together. Raises as :func:`expand` does.
    """
    low = EARLIEST if since is None else moment_of(since)
    for _, occurrence in _occurrences(series, Frame(low, LATEST, gap, limits, Budget(limits.steps))):
        yield occurrence


def _occurrences(series: Series, frame: Frame) -> Iterator[tuple[datetime, Occurrence]]:
    """Yield what takes place of the slots within the frame, with the moment that the slot has."""
    exceptions = _by_moment(series)
    for at, start in slots(series, frame):
        exception = exceptions.get(at) or exceptions.get(day_of(start)) if exceptions else None
        match exception:
            case None:
                yield at, Occurrence(start, start)
            case Changed():
                yield at, Occurrence(start, start, exception)
            case Moved():
                yield at, Occurrence(exception.start, start, exception)
            case Cancelled():
                pass


def _by_moment(series: Series) -> dict[datetime | date, OccurrenceException]:
    """Return the exceptions by where their original lies; by its day where a timed series' original is a date."""
    keyed: dict[datetime | date, OccurrenceException] = {}
    for exception in series.exceptions:
        by_day = isinstance(exception.original, date) and not series.is_all_day
        keyed[day_of(exception.original) if by_day else moment_of(exception.original)] = exception
    return keyed


def _reaches(at: datetime, low: datetime, high: datetime, lasting: timedelta) -> bool:
    return at < high and (at >= low or low - at < lasting)


def _bounds(series: Series, window: Window) -> tuple[datetime, datetime]:
    """Return the window as two moments of the series' kind. Raises UnknownZone."""
    low, high = datetime.combine(window.start, time()), datetime.combine(window.end, time())
    if isinstance(series.start, date) or series.start.zone is None:
        return low, high
    return in_utc(low, window.zone).replace(tzinfo=None), in_utc(high, window.zone).replace(tzinfo=None)
