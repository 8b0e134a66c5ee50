"""Provide the rolling window: which days a sync looks after, as told from the day of the run.

Inputs are an instant and the user's zone; the result is whole days of that zone, both included. What lies in the
window is the record's own affair (:attr:`~.profile.SideProfile.lies_in`): here are only its edges.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta

import attrs

from tallystick.errors import SettingsError
from tallystick.field_types import check_types
from tallystick.ports import Window
from tallystick.recurrence import Instant, is_known_zone

_MONTHS = 12


@attrs.frozen
class RollingWindow:
    """So many days and calendar months back from today and ahead of it, in the ``zone`` of the user.

    A month back from the 31st of March is the last day of February. ``not_before`` is a fixed first day, where it is
    later than the rolling one. Raises SettingsError for a zone that is not known, or a negative length.
    """

    days_back: int = 0
    days_ahead: int = 0
    zone: str = "UTC"
    months_back: int = 0
    months_ahead: int = 0
    not_before: date | None = None

    def __attrs_post_init__(self) -> None:
        check_types(self)
        if min(self.days_back, self.days_ahead, self.months_back, self.months_ahead) < 0:
            raise SettingsError("a window of negative length", remedy="give days and months of 0 or more")
        if not is_known_zone(self.zone):
            raise SettingsError("the window's zone is not known", remedy="name one such as Europe/Paris")

    def at(self, now: datetime) -> Window:
        """Return the window of a run that begins ``now``; one that is still to come is its first day alone."""
        today = Instant(now).in_zone(self.zone).local.date()
        first = _months_on(today, -self.months_back) - timedelta(days=self.days_back)
        last = _months_on(today, self.months_ahead) + timedelta(days=self.days_ahead)
        if self.not_before is not None:
            first = max(first, self.not_before)
        return Window(first, max(first, last), self.zone)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
