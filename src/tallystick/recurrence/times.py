"""Provide the three kinds of time that calendars mix up: an instant, a wall time in a zone, and days without time.

* :class:`Instant`: a point on the one time line. A reminder, a last modification.
* :class:`WallTime`: what a clock on the wall shows, and the zone it hangs in. A meeting at nine in Paris stays at nine
  when the clocks change. Without a zone it is *floating*: nine wherever one is.
* A date: a whole day; the end of several is exclusive. All-day is not midnight: it has no zone, and moves through none.

A wall time may not exist (the hour that is skipped in spring) or exist twice (the hour that is repeated in autumn).
RFC 5545 3.3.5 settles both, and so does :meth:`WallTime.instant`: what does not exist is read with the offset before
the gap, so that 02:30 becomes 03:30; what exists twice is the earlier one, unless ``local.fold`` is 1.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Self

import attrs

from tallystick.recurrence.refusals import InvalidRecurrence
from tallystick.recurrence.zones import zone_rules

ONE_DAY: Final = timedelta(days=1)
EARLIEST: Final = datetime.combine(date.min, time.min)
LATEST: Final = datetime.combine(date.max, time.max)


@attrs.frozen(order=True)
class Instant:
    """A point in time. ``utc`` is an aware datetime; any offset is taken and turned into UTC.

    Raises InvalidRecurrence for a datetime without offset.
    """

    utc: datetime = attrs.field()

    def __attrs_post_init__(self) -> None:
        if self.utc.tzinfo is UTC:
            return
        if self.utc.utcoffset() is None:
            raise InvalidRecurrence("an instant needs an offset", where="Instant", remedy="use WallTime")
        object.__setattr__(self, "utc", _shown_in(self.utc, UTC))

    def in_zone(self, zone: str) -> "WallTime":
        """Return what the clocks of ``zone`` show at this instant. Raises UnknownZone."""
        return WallTime(_shown_in(self.utc, zone_rules(zone)).replace(tzinfo=None), zone)


@attrs.frozen
class WallTime:
    """A clock's date and time (``local``, naive) in a zone of either vocabulary, or floating where ``zone`` is None."""

    local: datetime = attrs.field()
    zone: str | None

    def __attrs_post_init__(self) -> None:
        if self.local.tzinfo is not None:
            raise InvalidRecurrence(
                "a wall time has no offset", where="WallTime.local", remedy="give a naive datetime and the zone's name"
            )

    def instant(self) -> Instant:
        """Return when this is. Raises InvalidRecurrence for a floating time, UnknownZone for an unknown zone."""
        if self.zone is None:
            raise InvalidRecurrence("a floating time is at no instant", where="WallTime", remedy="give it a zone")
        return Instant(in_utc(self.local, self.zone))

    def exists(self) -> bool:
        """Tell whether the clocks of the zone ever show this. A floating time always exists. Raises UnknownZone."""
        if self.zone is None:
            return True
        return self.instant().in_zone(self.zone).local == self.local

    def in_zone(self, zone: str) -> Self:
        """Return the same instant as the clocks of another zone show it."""
        return type(self)(self.instant().in_zone(zone).local, zone)


Start = WallTime | date
"""Where a series or an occurrence begins: a wall time, or the first of its whole days."""


def day_of(start: Start) -> date:
    """Return the day of a start, by the clock that it is shown on."""
    return start if isinstance(start, date) else start.local.date()


def in_utc(local: datetime, zone: str) -> datetime:
    """Return the aware UTC datetime of a wall time, read as RFC 5545 3.3.5 reads it. Raises UnknownZone."""
    return _shown_in(local.replace(tzinfo=zone_rules(zone)), UTC)


def _shown_in(moment: datetime, zone: tzinfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:
        raise InvalidRecurrence(
            "a time lies outside the years 1 to 9999", where="time", remedy="give a date of the usual calendar"
        ) from None


def require_start(start: object, where: str) -> None:
    """Raise InvalidRecurrence unless ``start`` is a wall time or a date without time."""
    if not isinstance(start, WallTime) and (isinstance(start, datetime) or not isinstance(start, date)):
        raise InvalidRecurrence(
            "neither a wall time nor a date", where=where, remedy="wrap a datetime in WallTime with its zone's name"
        )


def require_date(value: object, where: str) -> None:
    """Raise InvalidRecurrence unless ``value`` is a date without time."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise InvalidRecurrence("not a date", where=where, remedy="give a date without time")


def require_whole_seconds(start: Start, where: str) -> None:
    """Raise InvalidRecurrence for a fraction of a second, which no rule can say."""
    if isinstance(start, WallTime) and start.local.microsecond:
        raise InvalidRecurrence("a fraction of a second", where=where, remedy="cut it off")


def require_real_year(day: date, where: str) -> None:
    """Raise InvalidRecurrence for the year 1, which services write where they have no date."""
    if day.year == 1:
        raise InvalidRecurrence("in the year 1", where=where, remedy="leave it out: it stands for no date")


def starting_on(day: date, start: Start) -> Start:
    """Return ``day`` at the time of day and in the zone of ``start``; the day itself where that is a date."""
    if isinstance(start, date):
        return day
    if day == start.local.date():
        return start
    return WallTime(datetime.combine(day, start.local.time()), start.zone)
