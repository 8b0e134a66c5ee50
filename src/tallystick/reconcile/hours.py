"""Provide the hours of a schedule: the days and the time of day within which runs are due by themselves.

They are opening hours in a zone: each day of the week that is named opens at ``start`` and closes at ``end``, on the
next day where that is no later. What a clock shows twice when summer time ends is open both times; what it leaps over
when summer time begins is as much later.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import attrs

from tallystick.errors import SettingsError
from tallystick.field_types import check_types
from tallystick.recurrence import Weekday, is_known_zone
from tallystick.recurrence.weekdays import WEEK, in_week_order, weekday_of
from tallystick.recurrence.zones import zone_rules

_A_DAY = timedelta(days=1)
_LOOKED_AT = 9
"""Days from yesterday on: whatever day is named comes up within them, also after one that has no such hour."""


@attrs.frozen
class Hours:
    """The ``days`` of the week, and from ``start`` to ``end`` on each, by the clocks of ``zone``. Unless set: always.

    A ``start`` and ``end`` that are the same leave the whole day open. Raises SettingsError for no day at all, or a
    zone that is not known.
    """

    days: tuple[Weekday, ...] = attrs.field(default=WEEK, converter=in_week_order)
    start: time = time.min
    end: time = time.min
    zone: str = "UTC"

    def __attrs_post_init__(self) -> None:
        check_types(self)
        if not self.days:
            raise SettingsError("hours of no day", remedy="name one day of the week at least, or switch the sync off")
        if not is_known_zone(self.zone):
            raise SettingsError("the zone of the hours is not known", remedy="name one such as Europe/Paris")

    def at_or_after(self, when: datetime) -> datetime:
        """Return the first moment within the hours that is not before ``when``, in UTC."""
        moment = when.astimezone(UTC)
        first = when.astimezone(zone_rules(self.zone)).date() - _A_DAY
        days = (first + number * _A_DAY for number in range(_LOOKED_AT))
        spans = (self._of(day) for day in days if weekday_of(day) in self.days)
        return next(max(moment, opens) for opens, closes in spans if moment < closes)

    def include(self, when: datetime) -> bool:
        """Tell whether a moment lies within the hours."""
        return self.at_or_after(when) == when

    def _of(self, day: date) -> tuple[datetime, datetime]:
        """Return when the hours of a day begin, and when they end."""
        at = partial(datetime.combine, tzinfo=zone_rules(self.zone))
        opens = at(day, self.start).astimezone(UTC)
        last = day if self.start < self.end else day + _A_DAY
        return opens, max(at(last, self.end.replace(fold=fold)).astimezone(UTC) for fold in (0, 1))


AROUND_THE_CLOCK = Hours()
"""Every hour of every day."""
