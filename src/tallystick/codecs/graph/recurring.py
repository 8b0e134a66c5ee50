"""Provide recurrences within events and tasks: read with the zones of their event, written if Graph can say them.

What Graph cannot say at all, or only with other dates, is refused when it is to be sent: a series that quietly takes
place on other days is worse than one that is not synced.
"""

from collections.abc import Iterable
from typing import TypeVar

import attrs

from tallystick.codecs.graph.values import Json, inner
from tallystick.errors import InputError, MalformedAnswer
from tallystick.recurrence import (
    InvalidRecurrence,
    Lossy,
    NotExpressible,
    Recurrence,
    RecurrenceRule,
    Series,
    Start,
    Translation,
    UnknownZone,
    WallTime,
    first_date,
    graph_shape,
    recurrence_from_graph,
    recurrence_to_graph,
    to_pattern,
)
from tallystick.recurrence.slots import wall_start
from tallystick.recurrence.times import day_of

T = TypeVar("T")


def read_recurrence(data: Json, zones: Iterable[str | None]) -> Recurrence | None:
    """Return the recurrence that an object has; one of sentinels alone is none. Raises MalformedAnswer."""
    given = inner(data, "recurrence")
    if not given or not (given.get("pattern") or given.get("range")):
        return None
    try:
        return recurrence_from_graph(given, zones=zones)
    except InvalidRecurrence as error:
        raise MalformedAnswer(error.what, where=f"recurrence.{error.where}", remedy=error.remedy) from None


def write_recurrence(rule: Recurrence | RecurrenceRule | None, start: Start | None, source: Json) -> object:
    """Return a patternedRecurrence, or null.

    One that ``source`` has already is written as it is; another has to be one that Graph takes. Raises InputError.
    """
    if rule is None:
        return None
    zone = start.zone if isinstance(start, WallTime) else None
    if isinstance(rule, RecurrenceRule):
        rule = _as_pattern(rule, start)
    elif rule.range.zone is None and zone is not None:
        rule = attrs.evolve(rule, range=attrs.evolve(rule.range, zone=zone))
    if inner(source, "recurrence"):
        return graph_shape(rule)
    return _translated(recurrence_to_graph(rule if start is None else _from_start(rule, start)))


def _from_start(rule: Recurrence, start: Start) -> Recurrence:
    """Return a recurrence that begins on the day of its start, as the service asks, where that is its first day."""
    try:
        day = day_of(wall_start(start, rule))
    except UnknownZone:
        return rule
    if day == rule.range.start or first_date(rule) != day:
        return rule
    return attrs.evolve(rule, range=attrs.evolve(rule.range, start=day))


def _as_pattern(rule: RecurrenceRule, start: Start | None) -> Recurrence:
    found = NotExpressible(()) if start is None else to_pattern(Series.of(start, rule))
    (pattern,) = _translated(found).rules
    if isinstance(pattern, Recurrence):
        return pattern
    raise InputError("a rule that no pattern says", where="recurrence")


def _translated(found: Translation[T]) -> T:
    """Return what was translated. Raises InputError where nothing was, or something with other dates."""
    if isinstance(found, NotExpressible):
        what = "; ".join(map(str, found.reasons)) or "a rule without a start"
    elif isinstance(found, Lossy) and found.changes_dates:
        what = "; ".join(f"{loss.part}: {loss.kind.meaning}" for loss in found.losses)
    else:
        return found.value
    remedy = "see which recurrences a target supports before it is written"
    raise InputError(f"a recurrence that the service cannot say: {what}", where="recurrence", remedy=remedy)
