"""Provide what becomes of a recurring task when an occurrence of it is completed, in three ways that services have."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import attrs

from tallystick.providers.memory.quirks import Completing
from tallystick.recurrence import NoEnd, Numbered, Recurrence, Unreported
from tallystick.recurrence.pattern_dates import dates

R = TypeVar("R")


def day_from(recurrence: Recurrence, since: date) -> date | None:
    """Return the first day of a recurrence from ``since`` on; how many occurrences it has left, nobody counts."""
    range_ = recurrence.range
    if isinstance(range_.end, Numbered | Unreported):
        recurrence = attrs.evolve(recurrence, range=attrs.evolve(range_, end=NoEnd()))
    return next(dates(recurrence, since), None)


def settled(completed: R, completing: Completing, *, alone: Callable[[R], R], onward: R | None) -> tuple[R, ...]:
    """Return what stands after a recurring task was completed, its own record first.

    ``completed`` is the task as it was completed, ``alone`` takes its recurrence away, ``onward`` is the task on its
    next day; None where it has none, and then it is completed for good.
    """
    if onward is None:
        return (completed,)
    match completing:
        case Completing.ADVANCE:
            return (onward,)
        case Completing.ADD_COMPLETED:
            return (onward, alone(completed))
        case Completing.ADD_NEXT:
            return (alone(completed), onward)
