"""Provide the content of one calendar file: its rows, and the writing of new and changed ones among all that stays.

A row is a set of components with one UID. The file is kept as a sequence of parts: text that no row speaks of (other
components, zones, properties of the calendar), and the components of rows, wherever they stand. A component that stays
is written as it was read, byte for byte; in one that changed, only the properties that changed are written anew.

A TZID that a change brings into a calendar gets its VTIMEZONE there; zones that are no longer used are left.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.document import Row, digest
from tallystick.codecs.encodings import Encoding
from tallystick.codecs.icalendar.alarms import with_alarm
from tallystick.codecs.icalendar.component import Component, Properties, changed, made, parse_one, with_lines
from tallystick.codecs.icalendar.forms import NO_PROPERTIES, ComponentSet, Form, NotExpressed, Said, Written
from tallystick.codecs.icalendar.lines import LINE_END, LONGEST_LINE, Property, cut, encoded
from tallystick.codecs.icalendar.series import RECURRING
from tallystick.codecs.icalendar.times import instant_property
from tallystick.codecs.icalendar.values import escaped, is_writable
from tallystick.codecs.icalendar.zone_writing import zone_definition
from tallystick.codecs.icalendar.zones import CalendarZones
from tallystick.errors import TallystickError
from tallystick.recurrence import is_known_zone

R = TypeVar("R")
NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The DTSTAMP of a component that was made without a clock."""
_NO_STAMPS: Final = {"DTSTAMP": (instant_property("DTSTAMP", NO_TIME),)}
_YEAR: Final = re.compile(r":([0-9]{4})[0-9]{4}(?:T|\b)")


@attrs.frozen(repr=False)
class Part:
    """A part of the file: a component of a row, by its number among the row's; or text of none.

    ``calendar`` is the number of the calendar it is in; ``opens`` says that the calendar's components begin after it,
    ``closes`` that they end before it.
    """

    text: str
    row: str = ""
    piece: int = 0
    calendar: int = 0
    opens: bool = False
    closes: bool = False


@attrs.frozen(repr=False)
class IcsDocument(Generic[R]):
    """The content of one .ics file. ``not_expressed`` is what its series say and records cannot, by row.

    ``unreadable`` are the ids of what no record can be made of: series that end before they begin, or that mix days and
    times. They stay in it.
    """

    form: Form[R]
    charset: Encoding
    parts: tuple[Part, ...]
    zones: CalendarZones = CalendarZones()
    line_end: str = LINE_END
    rows: tuple[Row[R], ...] = ()
    not_expressed: Mapping[str, tuple[NotExpressed, ...]] = attrs.field(factory=dict)
    unreadable: tuple[str, ...] = ()
    _pieces: Mapping[str, tuple[str, ...]] = attrs.field(init=False)

    @_pieces.default
    def _find_pieces(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for part in self.parts:
            if part.row:
                found[part.row] = (*found.get(part.row, ()), part.text)
        return found

    @property
    def left_out(self) -> Mapping[str, Sequence[str]]:
        """What rows say and records cannot, by id: names of properties. It stays in the file."""
        return {row: [one.name for one in found] for row, found in self.not_expressed.items()}

    def refusal(self, row: Row[R] | None, record: R, lists: Sequence[str]) -> str:
        """Return a code: the form's own, not_expressed, control, encoding or too_long, a colon, and a property."""
        try:
            if code := self.form.refusal(record):
                return code
            wanted = self.form.write(record, lists, self.zones)
            if row and row.id in self.not_expressed and self._moves(row, wanted):
                return f"not_expressed:{self.not_expressed[row.id][0].name}"
            if code := next(filter(None, map(self._unwritable, _all_properties(wanted))), ""):
                return code
            # What was written has to be read again: beside what stays in the file, it may contradict itself.
            written = self.amend(row, record, lists) if row else self.fresh("new", record, lists)
            if any(wanted.master.properties.get(name) for name in RECURRING[1:]) and not _has_master(
                self._texts(written)
            ):
                return "not_expressed:RECURRENCE-ID"
        except TallystickError as error:
            return f"invalid:{error.where.rpartition(', ')[2]}"
        return ""

    def fresh(self, row_id: str, record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return a new row; ``modified`` is when that was, for DTSTAMP and LAST-MODIFIED."""
        wanted = self.form.write(record, lists, self.zones)
        stamps = self._stamps(modified) or _NO_STAMPS
        uid = {"UID": (Property("UID", escaped(row_id)),)} if row_id else {}
        content = [one for group in {**uid, **stamps, **wanted.master.properties}.values() for one in group]
        master = with_alarm(
            made(self.form.component, content, self.line_end), NO_PROPERTIES, wanted.master.alarm, self.line_end
        )
        overrides = [self._override(master, wanted.master, said, stamps) for said in wanted.overrides.values()]
        return self._row(Row(row_id, record, modified=modified), dict(enumerate([master, *overrides])))

    def amend(self, row: Row[R], record: R, lists: Sequence[str], modified: datetime | None = None) -> Row[R]:
        """Return ``row`` with another record and lists; what it does not speak of stays as it is."""
        before = self.form.write(row.record, row.lists, self.zones)
        wanted = self.form.write(record, lists, self.zones)
        if before == wanted:
            return row
        stamps = self._stamps(modified)
        texts = self._texts(row)
        components = {number: parse_one(text) for number, text in texts.items() if text}
        main = component_set(components.values()).main
        pieces = {
            number: self._changed(one, before, wanted, stamps, is_main=one is main)
            for number, one in components.items()
        }
        new = [said for key, said in wanted.overrides.items() if key not in before.overrides]
        master = component_set([piece for piece in pieces.values() if piece is not None]).master
        if master is not None:
            overrides = [self._override(master, wanted.master, said, stamps) for said in new]
            pieces.update(enumerate(overrides, len(texts)))
        return self._row(attrs.evolve(row, modified=modified or row.modified), pieces)

    def encode(self, rows: Iterable[Row[R]]) -> bytes:
        """Return the file with these rows; those that it did not have come last."""
        given = {row.id: row for row in rows}
        new = [text for row in given.values() if not row.line for text in self._texts(row).values()]
        last = max(part.calendar for part in self.parts)
        body: list[tuple[Part, list[str]]] = []
        for part in self.parts:
            if part.row:
                row = given.get(part.row)
                body.append((part, list(self._written(part, row)) if row and row.line else []))
            else:
                body.append((part, [*(new if part.closes and part.calendar == last else ()), part.text]))
        return encoded("".join(self._with_zones(body)), self.charset)

    # --- one row ---------------------------------------------------------------------------------------------------

    def _texts(self, row: Row[R]) -> dict[int, str]:
        """Return the components of a row by number, as they shall be written; empty for one that is taken out."""
        read = self._read(row)
        texts = dict(enumerate(read))
        texts.update({int(number): text for number, text in row.cells.items()})
        known = len(read) if row.stored else 0
        return {number: text if number < known else self._with_uid(text, row.id) for number, text in texts.items()}

    def _read(self, row: Row[R]) -> tuple[str, ...]:
        """Return the components that a row was read from; a new row has none, also where it takes an old one's id."""
        return self._pieces.get(row.id, ()) if row.line else ()

    def _with_uid(self, text: str, uid: str) -> str:
        if not text:
            return text
        component = parse_one(text)
        present = component.first("UID")
        line = Property("UID", escaped(uid)).as_line(self.line_end)
        if present is None:
            return attrs.evolve(component, content=(line, *component.content)).text
        return text if present.value == line.value else with_lines(component, "UID", [line]).text

    def _written(self, part: Part, row: Row[R]) -> Iterator[str]:
        texts = self._texts(row)
        yield texts[part.piece]
        if part.piece == len(self._pieces[part.row]) - 1:
            yield from (text for number, text in texts.items() if number > part.piece)

    def _override(self, master: Component, was: Said, said: Said, stamps: Properties) -> Component:
        """Return an override: like its master in all that it does not say itself, and without the rules."""
        for name in RECURRING[1:]:
            master = with_lines(master, name, [])
        before = {name: was.properties.get(name, ()) for name in said.properties}
        return self._edited(master, Said(before), Said(said.properties), stamps)

    def _changed(
        self, component: Component, before: Written, wanted: Written, stamps: Properties, *, is_main: bool
    ) -> Component | None:
        """Return a component of a row as it is wanted; None for an override that is to go.

        The main one is the master, or the occurrence that a row without one is read from.
        """
        was, now = before.master, wanted.master
        line = None if is_main else component.first("RECURRENCE-ID")
        if line is not None:
            key = line.value.strip().upper()
            if line.parameter("RANGE") or key not in before.overrides:
                revived = key in _cancelled(before) - _cancelled(wanted)
                return None if revived and not line.parameter("RANGE") else component
            if key not in wanted.overrides:
                return None
            was, now = before.overrides[key], wanted.overrides[key]
        return component if was == now else self._edited(component, was, now, stamps)

    def _edited(self, component: Component, was: Said, now: Said, stamps: Properties) -> Component:
        """Return a component that says something else, with what has to change along."""
        before = dict(was.properties)
        for unit in self.form.units:
            if any(before.get(name) != now.properties.get(name) for name in unit):
                before.update(dict.fromkeys(unit, ()))
        for name, others in self.form.stale.items():
            if before.get(name) != now.properties.get(name):
                for other in others:
                    component = with_lines(component, other, [])
        component = changed(component, before, now.properties, self.line_end)
        component = with_alarm(component, was.alarm, now.alarm, self.line_end)
        for name, properties in stamps.items():
            component = with_lines(component, name, [one.as_line(self.line_end) for one in properties])
        return component

    def _row(self, row: Row[R], pieces: Mapping[int, Component | None]) -> Row[R]:
        """Return a row with other components, and its record as it will be read from them."""
        kept = [piece for piece in pieces.values() if piece is not None]
        record, lists = self.form.read(component_set(kept), self.zones)
        texts = {number: "" if piece is None else piece.text for number, piece in pieces.items()}
        read = dict(enumerate(self._read(row)))
        cells = {**row.cells, **{str(number): text for number, text in texts.items() if text != read.get(number)}}
        return attrs.evolve(row, record=record, lists=lists, version=version_of(kept), cells=cells)

    def _stamps(self, modified: datetime | None) -> Properties:
        if modified is None:
            return NO_PROPERTIES
        return {name: (instant_property(name, modified),) for name in ("DTSTAMP", "LAST-MODIFIED")}

    # --- what cannot be written -------------------------------------------------------------------------------------

    def _moves(self, row: Row[R], wanted: Written) -> bool:
        """Tell whether a change would touch the series of a row."""
        before = self.form.write(row.record, row.lists, self.zones)
        return before.overrides != wanted.overrides or any(
            before.master.properties.get(name) != wanted.master.properties.get(name) for name in RECURRING
        )

    def _unwritable(self, one: Property) -> str:
        whole = "".join([one.value, *(value.replace("\n", "") for _, value in one.parameters)])
        if not is_writable(whole):
            return f"control:{one.name}"
        if len(whole) > LONGEST_LINE // 2:
            return f"too_long:{one.name}"
        return "" if self.charset.holds(whole) else f"encoding:{one.name}"

    # --- zones ------------------------------------------------------------------------------------------------------

    def _with_zones(self, body: Sequence[tuple[Part, list[str]]]) -> Iterator[str]:
        """Yield the texts of the file, with a definition of each zone that was new to its calendar."""
        missing: dict[int, dict[str, int]] = {}
        for part, texts in body:
            new = [text for text in texts if text is not part.text]
            had = dict(_zones_used([part.text] if part.row and new else (), self.zones))
            for tzid, year in _zones_used(new, self.zones):
                if tzid not in had:
                    years = missing.setdefault(part.calendar, {})
                    years[tzid] = min(year, years.get(tzid, year))
        for part, texts in body:
            yield from texts
            if part.opens:
                for tzid, year in sorted(missing.get(part.calendar, {}).items()):
                    yield zone_definition(self.zones.names.get(tzid, tzid), year, self.line_end, tzid).text


def component_set(components: Iterable[Component]) -> ComponentSet:
    """Return the set of components with one UID, of which at most one has no RECURRENCE-ID."""
    master: Component | None = None
    overrides = []
    for component in components:
        if component.first("RECURRENCE-ID") is None:
            master = component
        else:
            overrides.append(component)
    return ComponentSet(master, tuple(overrides))


def _has_master(texts: Mapping[int, str]) -> bool:
    return component_set(parse_one(text) for text in texts.values() if text).master is not None


def version_of(components: Iterable[Component]) -> str:
    """Return the version of a set of components: whatever changes in it changes the version, but for its UID."""
    lines = (line for component in components for line in component.all_lines())
    return digest("".join(line.text for line in lines if line.name != "UID"))


def _cancelled(written: Written) -> set[str]:
    return {one.value for one in written.master.properties.get("EXDATE", ())}


def _all_properties(written: Written) -> Iterator[Property]:
    for said in (written.master, *written.overrides.values()):
        for properties in (said.properties, said.alarm):
            for group in properties.values():
                yield from group


def _zones_used(texts: Iterable[str], zones: CalendarZones) -> Iterator[tuple[str, int]]:
    """Yield the TZIDs in texts that no VTIMEZONE of the file defines, each with the year of its use."""
    for text in texts:
        for line in cut(text, "component") if "TZID=" in text.upper() else ():
            tzid = line.parameter("TZID")
            if tzid and tzid not in zones.defined and is_known_zone(zones.names.get(tzid, tzid)):
                year = _YEAR.search(f":{line.value}")
                yield tzid, int(year[1]) if year else 9999
