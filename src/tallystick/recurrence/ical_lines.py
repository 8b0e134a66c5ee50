"""Provide series as the content lines of RFC 5545: DTSTART, RRULE, EXRULE, RDATE, EXDATE, and RECURRENCE-ID.

One call reads the lines of one component: a series' master with :func:`parse_series`, one of its exceptions with
:func:`parse_exception`. Other properties may stand between them and are passed over; folded lines are unfolded.

A time with ``Z`` is in UTC, one with TZID in that zone, and one with neither floats. Zone names of both vocabularies
are read and kept; IANA names are written. UNTIL has to say the same kind of time as DTSTART does. Two slips that many
programs make are put right: a date for UNTIL is the whole day in the start's zone, and a time for UNTIL of an all-day
series, in UTC or not, is the day that is written in it, or that of the start where it is that day's midnight in a zone
east of Greenwich. Other mixtures are refused, as are RDATE periods, ``RANGE=THISANDFUTURE``, and an UNTIL before the
start.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

import attrs

from tallystick.recurrence.patterned import Recurrence
from tallystick.recurrence.refusals import InvalidRecurrence
from tallystick.recurrence.rrule_text import format_date, format_local, format_rule, parse_rule, parse_timestamp
from tallystick.recurrence.rule import RecurrenceRule
from tallystick.recurrence.series import Cancelled, Changed, Moved, OccurrenceException, Series, originals_of
from tallystick.recurrence.slots import moment_of
from tallystick.recurrence.times import Instant, Start, WallTime
from tallystick.recurrence.until import settled
from tallystick.recurrence.zones import iana_zone, is_known_zone

LONGEST_TEXT: Final = 262_144
"""How many characters of one component are read: room for some ten thousand EXDATEs."""

_NAMES: Final = "DTSTART|RRULE|EXRULE|RDATE|EXDATE|RECURRENCE-ID|STATUS|BEGIN|END"
_FOLD: Final = re.compile(rf"\r?\n[ \t](?![ \t]{{0,20}}(?:{_NAMES})[;:])", re.IGNORECASE)
_NEXT: Final = re.compile(rf"\s(?=(?:{_NAMES})[;:])", re.IGNORECASE)
_PROPERTY: Final = re.compile(rf'({_NAMES})((?:;[^;:"]*(?:"[^"]*")?)*):(.*)', re.IGNORECASE | re.DOTALL)


@attrs.frozen
class _Line:
    name: str
    parameters: dict[str, str]
    value: str


def parse_series(text: str, *, start: Start | None = None) -> Series:
    """Return the series that the lines of a component say.

    ``start`` stands in for a missing DTSTART. EXDATEs become :class:`~.series.Cancelled`. Raises InvalidRecurrence.
    """
    rules: list[RecurrenceRule] = []
    excluded: list[RecurrenceRule] = []
    added: list[Start] = []
    cancelled: list[Start] = []
    given: list[Start] = []
    for line in _lines(text):
        if line.name == "DTSTART":
            given.append(_single(line))
        elif line.name == "RRULE":
            rules.append(parse_rule(line.value))
        elif line.name == "EXRULE":
            excluded.append(parse_rule(line.value))
        elif line.name == "RDATE":
            added += _starts(line)
        elif line.name == "EXDATE":
            cancelled += _starts(line)
    if len(given) > 1:
        raise InvalidRecurrence("given twice", where="DTSTART", remedy="read one component at a time")
    start = given[0] if given else start
    if start is None:
        raise InvalidRecurrence("missing", where="DTSTART", remedy="give DTSTART, or pass the start")
    return Series(
        start,
        tuple(settled(rule, start) for rule in rules),
        tuple(settled(rule, start) for rule in excluded),
        tuple(dict.fromkeys(added)),
        tuple(Cancelled(original) for original in dict.fromkeys(cancelled)),
    )


def parse_exception(text: str) -> OccurrenceException:
    """Return what the lines of a component with RECURRENCE-ID say of that occurrence. Raises InvalidRecurrence."""
    original: Start | None = None
    start: Start | None = None
    cancelled = False
    for line in _lines(text):
        if line.name == "RECURRENCE-ID":
            if "RANGE" in line.parameters:
                raise InvalidRecurrence(
                    "RANGE is not supported", where="RECURRENCE-ID", remedy="end the series there and begin a new one"
                )
            original = _single(line)
        elif line.name == "DTSTART":
            start = _single(line)
        elif line.name == "STATUS":
            cancelled = line.value.strip().upper() == "CANCELLED"
    if original is None:
        raise InvalidRecurrence("missing", where="RECURRENCE-ID", remedy="say which occurrence it is")
    if cancelled:
        return Cancelled(original)
    if start is None or (type(start) is type(original) and moment_of(start) == moment_of(original)):
        return Changed(original)
    return Moved(original, start)


def format_series(series: Series) -> str:
    """Return the lines that say the series, one property a line, not folded.

    Moved and changed occurrences are components of their own, with :func:`format_recurrence_id`. Raises
    InvalidRecurrence for a rule that is a pattern: translate it first (:func:`~.to_rule.to_rrule`).
    """
    lines = [_line("DTSTART", series.start)]
    for name, rules in (("RRULE", series.rules), ("EXRULE", series.excluded_rules)):
        for rule in rules:
            if isinstance(rule, Recurrence):
                raise InvalidRecurrence("a pattern is no rule", where=name, remedy="translate the series with to_rrule")
            lines.append(f"{name}:{format_rule(rule)}")
    lines += [_line("RDATE", start) for start in series.added]
    cancelled = [item.original for item in series.exceptions if isinstance(item, Cancelled)]
    lines += [_line("EXDATE", start) for original in cancelled for start in originals_of(original, series)]
    return "\n".join(lines)


def format_recurrence_id(original: Start) -> str:
    """Return the RECURRENCE-ID line of the occurrence that would have started at ``original``."""
    return _line("RECURRENCE-ID", original)


# --- lines ----------------------------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[_Line]:
    """Yield the recurrence properties of a component, and none of the components within it."""
    if len(text) > LONGEST_TEXT:
        raise InvalidRecurrence("too long", where="component", remedy=f"give at most {LONGEST_TEXT} characters")
    depth = 0
    for line in _FOLD.sub("", text).splitlines():
        for piece in _NEXT.split(line.strip()):
            found = _PROPERTY.fullmatch(piece.strip())
            if found is None:
                break
            name = found[1].upper()
            depth += (name == "BEGIN") - (name == "END")
            if depth <= 1:
                yield _Line(name, _parameters(found[2]), found[3].strip())


def _parameters(text: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in text.split(";")[1:])
    return {name.strip().upper(): value.strip().strip('"') for name, _, value in pairs}


def _single(line: _Line) -> Start:
    starts = _starts(line)
    if len(starts) != 1:
        raise InvalidRecurrence("several values", where=line.name, remedy="give one")
    return starts[0]


def _starts(line: _Line) -> list[Start]:
    if line.parameters.get("VALUE", "").upper() == "PERIOD" or "/" in line.value:
        raise InvalidRecurrence("a period", where=line.name, remedy="give times alone: its length would be lost")
    return [_start(item.strip(), line) for item in line.value.split(",")]


def _start(text: str, line: _Line) -> Start:
    found = parse_timestamp(text.upper(), line.name)
    if isinstance(found, Instant):
        return WallTime(found.utc.replace(tzinfo=None), "UTC")
    zone = line.parameters.get("TZID")
    if isinstance(found, WallTime) and zone is not None:
        if not is_known_zone(zone):
            iana_zone(zone)  # raises, and says what to do
        return WallTime(found.local, zone)
    return found


def _line(name: str, start: Start) -> str:
    if isinstance(start, date):
        return f"{name};VALUE=DATE:{format_date(start)}"
    if start.zone is None:
        return f"{name}:{format_local(start.local)}"
    zone = iana_zone(start.zone)
    shown = format_local(start.local)
    return f"{name}:{shown}Z" if zone == "UTC" else f"{name};TZID={zone}:{shown}"
