"""Provide the proof that two series take place at the same times, by expanding both: a check at run time."""

from datetime import date, timedelta

import attrs

from tallystick.recurrence.expansion import Window, placed_occurrences
from tallystick.recurrence.limits import LIMITS, Gap, Limits
from tallystick.recurrence.series import Series
from tallystick.recurrence.times import Start, day_of

_A_YEAR = timedelta(days=366)


@attrs.frozen
class Agreement:
    """Both series have the same ``occurrences`` (how many) from ``start`` up to and without ``end``."""

    occurrences: int
    start: date
    end: date


@attrs.frozen
class Difference:
    """The first start that only one of the series has: ``left_only`` or ``right_only``, the other is None."""

    left_only: Start | None
    right_only: Start | None


def verify(
    left: Series, right: Series, *, years: int = 10, gap: Gap = Gap.SHIFT, limits: Limits = LIMITS
) -> Agreement | Difference:
    """Expand both series over ``years`` from the earlier start, and compare where their occurrences lie.

    Zoned series are compared by instant, whatever zone shows them. Raises as :func:`~.expansion.expand` does:
    ExpansionLimit where there are more occurrences than the limits allow to compare.
    """
    start = min(_day(left.start), _day(right.start)) - timedelta(days=1)
    end = start + _A_YEAR * years if date.max - start > _A_YEAR * years else date.max
    window = Window(start, end)
    ours = dict(placed_occurrences(left, window, gap=gap, limits=limits))
    theirs = dict(placed_occurrences(right, window, gap=gap, limits=limits))
    if ours.keys() == theirs.keys():
        return Agreement(len(ours), start, end)
    first = min(ours.keys() ^ theirs.keys())
    return Difference(ours[first].start if first in ours else None, theirs[first].start if first in theirs else None)


def _day(start: Start) -> date:
    return max(day_of(start), date.min + timedelta(days=1))
