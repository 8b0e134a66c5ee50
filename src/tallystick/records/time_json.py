"""Provide the JSON forms of times and recurrences, as records hold them.

=====================  ======================================================================================
a date                 ``"2026-03-29"``
an instant             ``"2026-03-29T07:00:00+00:00"``
a wall time            ``{"local": "2026-03-29T09:00:00", "zone": "Europe/Paris"}``, and ``"fold": 1`` the second time
the end of a range     a date, a number of occurrences, ``null`` for none, or ``"unreported"``
a rule of RFC 5545     its text
=====================  ======================================================================================
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import cast

from cattrs import Converter

from tallystick.recurrence import (
    EndDate,
    Instant,
    NoEnd,
    Numbered,
    Recurrence,
    RecurrenceRule,
    Start,
    Unreported,
    WallTime,
    format_rule,
    parse_rule,
)
from tallystick.recurrence.ranges import NO_END, UNREPORTED, End

_UNREPORTED = "unreported"


def register_times(converter: Converter) -> None:
    """Teach a converter the forms of this module."""
    converter.register_unstructure_hook(Instant, lambda instant: instant.utc.isoformat())
    converter.register_unstructure_hook(RecurrenceRule, format_rule)
    converter.register_unstructure_hook(EndDate, lambda end: end.last.isoformat())
    converter.register_unstructure_hook(Numbered, lambda end: end.count)
    converter.register_unstructure_hook(NoEnd, lambda _: None)
    converter.register_unstructure_hook(Unreported, lambda _: _UNREPORTED)
    converter.register_unstructure_hook(WallTime, _wall_time_out)
    converter.register_structure_hook(Instant, lambda value, _: _instant(value))
    converter.register_structure_hook(WallTime, lambda value, _: _wall_time(value))
    _register_union(converter, Start, _start)
    _register_union(converter, Instant | date, _instant_or_day)
    _register_union(converter, Recurrence | RecurrenceRule, lambda value: _rule(converter, value))
    converter.register_structure_hook_func(lambda made: made == End, lambda value, _: _end(value))


def _register_union(converter: Converter, union: object, read: Callable[[object], object]) -> None:
    """Register the structuring of a union, and of the same with None."""
    alone, or_none = union, cast("type", union) | None
    converter.register_structure_hook_func(lambda made: made == alone, lambda value, _: read(value))
    converter.register_structure_hook_func(
        lambda made: made == or_none, lambda value, _: None if value is None else read(value)
    )


def _instant(value: object) -> Instant:
    return Instant(datetime.fromisoformat(cast("str", value)))


def _instant_or_day(value: object) -> Instant | date:
    return _instant(value) if "T" in cast("str", value) else date.fromisoformat(cast("str", value))


def _wall_time_out(time: WallTime) -> dict[str, object]:
    shown: dict[str, object] = {"local": time.local.isoformat(), "zone": time.zone}
    return {**shown, "fold": 1} if time.local.fold else shown


def _wall_time(value: object) -> WallTime:
    given = cast("Mapping[str, object]", value)
    if given.keys() - {"local", "zone", "fold"} or not isinstance(given["zone"], str | None):
        raise ValueError("no wall time")
    local = datetime.fromisoformat(cast("str", given["local"]))
    return WallTime(local.replace(fold=1) if given.get("fold") == 1 else local, given["zone"])


def _start(value: object) -> Start:
    return date.fromisoformat(value) if isinstance(value, str) else _wall_time(value)


def _rule(converter: Converter, value: object) -> Recurrence | RecurrenceRule:
    return parse_rule(value) if isinstance(value, str) else converter.structure(value, Recurrence)


def _end(value: object) -> End:
    if value is None:
        return NO_END
    if value == _UNREPORTED:
        return UNREPORTED
    return Numbered(value) if isinstance(value, int) else EndDate(date.fromisoformat(cast("str", value)))
