"""Provide the days of a user's zone: which day an instant lies on, and which instant stands for a day.

=============================  ==================================================================================
:meth:`LocalDays.day_of`       the day that a moment lies on
:meth:`LocalDays.shown_day`    the same, for services that keep a day as an instant: midnight in UTC is that very day
:meth:`LocalDays.midnight`     the instant that such a service has for a day that a person set
:func:`utc_midnight`           the instant that such a service is to be given for a day
:meth:`LocalDays.same_time`    a day at the time of day that another moment has
:meth:`LocalDays.last_moment`  the last minute of a day; an instant is its own
=============================  ==================================================================================

No zone is a whole day from UTC, so midnight in UTC is never the midnight of another day; and whoever looks at the date
alone sees the day that was meant. Where a zone left a day or an hour out, the day is kept rather than the time: what
comes out always reads as the day that was put in.
"""

from datetime import UTC, date, datetime, time
from typing import Final, Self
from zoneinfo import ZoneInfo

import attrs

from tallystick.recurrence.times import Instant
from tallystick.recurrence.zones import zone_rules

Moment = Instant | date
"""An instant, or a whole day."""

_LAST_MINUTE: Final = time(23, 59)


def utc_midnight(day: date) -> Instant:
    """Return the instant that stands for a day wherever one is."""
    return Instant(datetime.combine(day, time.min, UTC))


@attrs.frozen
class LocalDays:
    """The days of one zone."""

    zone: ZoneInfo

    @classmethod
    def of(cls, zone: str) -> Self:
        """Return the days of a zone by its name, IANA's or Windows'. Raises UnknownZone."""
        return cls(zone_rules(zone))

    def day_of(self, moment: Moment) -> date:
        """Return the day that a moment lies on."""
        return self._local(moment).date() if isinstance(moment, Instant) else moment

    def shown_day(self, instant: Instant) -> date:
        """Return the day that an instant stands for, where the service keeps days as the instants of a midnight."""
        return instant.utc.date() if instant.utc.time() == time.min else self.day_of(instant)

    def midnight(self, day: date) -> Instant:
        """Return the midnight with which a day begins in this zone, UTC's where that would be of another day."""
        made = self._instant(day, time.min)
        return made if self.shown_day(made) == day else utc_midnight(day)

    def same_time(self, day: date, moment: Moment | None) -> Moment:
        """Return ``day`` at the time of day that ``moment`` has; the whole day where that has none."""
        if not isinstance(moment, Instant):
            return day
        made = self._instant(day, self._local(moment).time())
        return made if self.day_of(made) == day else day

    def last_moment(self, moment: Moment) -> Instant:
        """Return the last minute of a whole day, and an instant as it is."""
        return moment if isinstance(moment, Instant) else self._instant(moment, _LAST_MINUTE)

    def _local(self, instant: Instant) -> datetime:
        try:
            return instant.utc.astimezone(self.zone)
        except OverflowError:  # at the very ends of the calendar
            return instant.utc

    def _instant(self, day: date, at: time) -> Instant:
        local = datetime.combine(day, at, self.zone)
        try:
            return Instant(local.astimezone(UTC))
        except OverflowError:
            return Instant(local.replace(tzinfo=UTC))
