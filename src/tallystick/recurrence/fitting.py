"""Provide the nearest recurrence that a target system accepts, with what is lost on the way."""

from datetime import date
from typing import Final

from tallystick.recurrence.pattern_dates import first_date, last_date
from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.ranges import End, EndDate, NoEnd, Numbered, Range
from tallystick.recurrence.support import DaySets, Support, end_reasons, pattern_reasons
from tallystick.recurrence.translation import (
    Loss,
    LossKind,
    NotExpressible,
    ReasonKind,
    Translation,
    refused,
    with_losses,
)

_A_YEAR: Final = 366


def fit(recurrence: Recurrence, support: Support) -> Translation[Recurrence]:
    """Return what of the recurrence a system accepts.

    * A count that the system cannot hold becomes the date of the last occurrence: the same dates, and a declared loss.
    * Where the system needs an end, an endless recurrence gets the table's ``end_for_endless``, a declared loss.
    * An index with days that the system has no name for is kept as it is, and declared.
    * All else that the system does not accept is a reason; all of them are returned.
    """
    reasons = pattern_reasons(recurrence, support)
    losses: list[Loss] = []
    if support.row(recurrence.pattern.type).day_sets is DaySets.NAMED:
        losses += [Loss(LossKind.DAY_SET_UNSURE, item.part) for item in reasons if item.kind is ReasonKind.DAY_SET]
        reasons = tuple(reason for reason in reasons if reason.kind is not ReasonKind.DAY_SET)
    end, loss = _fit_end(recurrence, support)
    fitted = recurrence
    if loss is not None:
        fitted = Recurrence(recurrence.pattern, Range(recurrence.range.start, end, recurrence.range.zone))
    reasons += end_reasons(fitted, support)
    if reasons:
        return NotExpressible(reasons)
    if _never_falls(fitted):
        return refused(ReasonKind.NO_OCCURRENCE, "range.end")
    if loss is not None:
        losses.append(Loss(loss, "range.end"))
    return with_losses(fitted, tuple(losses))


def _never_falls(recurrence: Recurrence) -> bool:
    """Tell whether a recurrence ends before it falls on any day. Within a year of its start, it falls on one."""
    end, start = recurrence.range.end, recurrence.range.start
    last = end.last if isinstance(end, EndDate) else date.max
    return (last - start).days <= _A_YEAR and first_date(recurrence) is None


def _fit_end(recurrence: Recurrence, support: Support) -> tuple[End, LossKind | None]:
    """Return the end to try, and what is lost by it."""
    end = recurrence.range.end
    if isinstance(end, NoEnd):
        last = support.end_for_endless
        if support.no_end or last is None or last < recurrence.range.start:
            return end, None
        return EndDate(last), LossKind.END_ADDED
    if isinstance(end, Numbered) and end_reasons(recurrence, support):
        last = last_date(recurrence)
        return (end, None) if last is None else (EndDate(last), LossKind.COUNT_AS_END_DATE)
    return end, None
