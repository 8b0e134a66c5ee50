"""Provide the series that a set of components forms: a master with its rules, dates taken out, and overrides.

One master, its EXDATEs and one override an occurrence are one :class:`~tallystick.recurrence.Series`:

==============================================  ======================================================================
in the file                                     in the series
==============================================  ======================================================================
EXDATE                                          the occurrence is cancelled
override with STATUS:CANCELLED                  the same, unless the whole series is cancelled
override with another DTSTART                   the occurrence is moved
override with the same DTSTART                  the occurrence is changed
override beside an EXDATE of the same date      what the override says
two overrides of one date                       the one with the higher SEQUENCE, or the later one
override with RANGE=THISANDFUTURE, RDATE of     nothing: it is kept in the file, and declared as not expressed
periods
==============================================  ======================================================================
"""

from datetime import date

import attrs

from tallystick.codecs.icalendar.component import Component, Properties
from tallystick.codecs.icalendar.forms import ComponentSet, NotExpressed
from tallystick.codecs.icalendar.lines import ContentLine, Property, cut
from tallystick.codecs.icalendar.times import read_start, start_property
from tallystick.codecs.icalendar.values import read_integer, read_word
from tallystick.codecs.icalendar.zones import CalendarZones
from tallystick.recurrence import (
    Cancelled,
    Changed,
    InvalidRecurrence,
    Moved,
    NotExpressible,
    OccurrenceException,
    Recurrence,
    Series,
    Start,
    format_series,
    occurrence_key,
    parse_series,
    to_rrule,
)

RECURRING = ("DTSTART", "RRULE", "EXRULE", "RDATE", "EXDATE")
"""The properties of a master that say a series, in the order in which they are written."""


def read_series(found: ComponentSet, zones: CalendarZones, start: Start | None = None) -> Series:
    """Return the series of a set of components, without what :func:`not_expressed` lists. Raises InputError.

    ``start`` stands in for a missing DTSTART, which tasks may lack.
    """
    if found.master is None:
        return Series(_required(found.main, zones, start))
    lines = [line for name in RECURRING for line in found.master.lines(name) if not _is_period(line)]
    text = "\n".join(_plain(line, zones) for line in lines)
    try:
        series = parse_series(text, start=start)
        overrides = {_key(one.original): one for one, _ in overridden(found, zones)}
        cancelled = (one for one in series.exceptions if _key(one.original) not in overrides)
        exceptions = sorted((*cancelled, *overrides.values()), key=_order)
        return attrs.evolve(series, exceptions=tuple(exceptions))
    except InvalidRecurrence as error:
        raise type(error)(error.what, where=_where(error, found.master), remedy=error.remedy) from None


def series_properties(series: Series, zones: CalendarZones) -> Properties:
    """Return what the master of a series says of it; patterns are written as rules.

    Moved and changed occurrences are overrides of their own, with :func:`recurrence_id`. Raises InputError for a
    pattern that falls on no day.
    """
    if any(isinstance(rule, Recurrence) for rule in series.rules):
        translated = to_rrule(series)
        if isinstance(translated, NotExpressible):
            raise InvalidRecurrence("a pattern without occurrences", where="RRULE", remedy="give it a later end")
        series = translated.value
    found: dict[str, tuple[Property, ...]] = {"DTSTART": (start_property("DTSTART", series.start, zones),)}
    for line in cut(format_series(series), "series"):
        if line.name != "DTSTART":
            found[line.name] = (*found.get(line.name, ()), _property(line, zones))
    return found


def recurrence_id(original: Start, zones: CalendarZones) -> Property:
    """Return the property that says which occurrence an override is of."""
    return start_property("RECURRENCE-ID", original, zones)


def overridden(found: ComponentSet, zones: CalendarZones) -> tuple[tuple[OccurrenceException, Component], ...]:
    """Return each occurrence that has an override, with that component: one an occurrence. Raises InputError."""
    ranked = sorted(found.overrides, key=lambda one: read_integer(one.first("SEQUENCE")) or 0)
    kept: dict[object, tuple[OccurrenceException, Component]] = {}
    for one in ranked:
        line = one.first("RECURRENCE-ID")
        if line is None or line.parameter("RANGE"):
            continue
        original = read_start(line, zones)
        start_line = one.first("DTSTART")
        start = original if start_line is None else read_start(start_line, zones)
        if is_cancelled(one) and not (found.master and is_cancelled(found.master)):
            exception: OccurrenceException = Cancelled(original)
        else:
            exception = Changed(original) if _key(start) == _key(original) else Moved(original, start)
        kept[_key(original)] = (exception, one)
    return tuple(kept.values())


def not_expressed(found: ComponentSet) -> tuple[NotExpressed, ...]:
    """Return what a set of components says that no series can say; it stays in the file."""
    periods = [line for line in found.master.lines("RDATE") if _is_period(line)] if found.master else []
    ranges = [line for one in found.overrides for line in one.lines("RECURRENCE-ID") if line.parameter("RANGE")]
    return tuple(NotExpressed(line.name, line.line) for line in (*periods, *ranges))


def _where(error: InvalidRecurrence, master: Component) -> str:
    """Return the place of an error with its line: that of the property that it names, or of the component."""
    if error.where.startswith("line "):
        return error.where
    line = master.first(error.where.partition(" ")[0])
    return f"line {(line or master.begin).line}, {error.where}"


def is_cancelled(component: Component) -> bool:
    """Tell whether a component does not take place."""
    return read_word(component.first("STATUS")) == "CANCELLED"


def _required(component: Component, zones: CalendarZones, start: Start | None) -> Start:
    line = component.first("DTSTART")
    found = start if line is None else read_start(line, zones)
    if found is None:
        raise InvalidRecurrence("no DTSTART", where=component.begin.where(), remedy="say when it begins")
    return found


def _plain(line: ContentLine, zones: CalendarZones) -> str:
    """Return a line with its zone by a name that recurrence knows, and no other parameter."""
    tzid = line.parameter("TZID")
    head = f';TZID="{zones.zone_of(tzid, line.where())}"' if tzid else ""
    return f"{line.name}{head}:{line.value.strip()}"


def _property(line: ContentLine, zones: CalendarZones) -> Property:
    tzid, value_type = line.parameter("TZID"), line.parameter("VALUE")
    given = {"VALUE": value_type, "TZID": zones.tzid_of(tzid) if tzid else ""}
    return Property(line.name, line.value, tuple((name, value) for name, value in given.items() if value))


def _is_period(line: ContentLine) -> bool:
    return line.name == "RDATE" and (line.parameter("VALUE").upper() == "PERIOD" or "/" in line.value)


def _order(exception: OccurrenceException) -> str:
    """Return what sorts exceptions: the order in which a file has them says nothing."""
    original = exception.original
    return original.isoformat() if isinstance(original, date) else original.local.isoformat()


def _key(start: Start) -> object:
    return start if isinstance(start, date) else occurrence_key("", start)
