"""Provide the codec of calendar files: bytes to a document of one kind of record, and a new, empty calendar."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.document import Row, Shape, identify
from tallystick.codecs.encodings import Encoding, checked
from tallystick.codecs.icalendar.component import Component, Item, parse
from tallystick.codecs.icalendar.document import IcsDocument, Part, component_set, version_of
from tallystick.codecs.icalendar.forms import ComponentSet, Form
from tallystick.codecs.icalendar.lines import LINE_END, read_lines
from tallystick.codecs.icalendar.times import read_instant
from tallystick.codecs.icalendar.values import read_text
from tallystick.codecs.icalendar.zones import CalendarZones, zones_in
from tallystick.errors import InputError
from tallystick.recurrence.refusals import EndsBeforeStart, MixedStarts
from tallystick.recurrence.zones import NO_ALIASES

R = TypeVar("R")
PRODUCT: Final = "-//tallystick//EN"
"""The PRODID of calendars that this library makes."""
_OF_SERIES: Final = frozenset({"RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"})


@attrs.frozen
class _Found:
    """A component of a row: the row's key for now, which calendar it is in, and itself."""

    key: str
    calendar: int
    component: Component


@attrs.frozen(repr=False)
class IcsCodec(Generic[R]):
    """Calendar files with one kind of record.

    ``told`` is the encoding that the caller says they have, ``aliases`` the names of zones by the TZID that stands for
    them, for TZIDs that nothing else explains.
    """

    form: Form[R]
    told: str | None = attrs.field(default=None, converter=checked)
    aliases: Mapping[str, str] = NO_ALIASES

    @property
    def shape(self) -> Shape[R]:
        """What every format knows of such records."""
        return self.form.shape

    def decode(self, data: bytes, name: str) -> IcsDocument[R]:
        """Read a file's bytes. Raises InputError, naming file and line, for what cannot be read."""
        lines, charset = read_lines(data, name, self.told)
        items = parse(lines, name)
        calendars = [item for item in items if isinstance(item, Component)]
        if not calendars or any(item.name != "VCALENDAR" for item in calendars):
            raise InputError("no calendar", where=name, remedy="it has to begin with BEGIN:VCALENDAR")
        zones = zones_in(calendars, self.aliases)
        line_end = "\r\n" if calendars[0].begin.text.endswith("\r\n") else "\n"
        components: dict[str, list[Component]] = {}
        parts: list[Part | _Found] = []
        for part in _parts(items, self.form.component):
            parts.append(part)
            if isinstance(part, _Found):
                components.setdefault(part.key, []).append(part.component)
        sets = {key: _checked_set(found, name) for key, found in components.items()}
        read: dict[str, Row[R]] = {}
        unreadable: list[str] = []
        for key, found in sets.items():
            try:
                read[key] = self._row(found, zones, name)
            except (EndsBeforeStart, MixedStarts):
                read[key] = self._row(_once(found.main), zones, name)
                unreadable.append(key)
        named = dict(zip(read, identify(list(read.values()), self.shape, name), strict=True))
        aside = tuple([named.pop(key).id for key in unreadable])
        ids = {key: row.id for key, row in named.items()}
        return IcsDocument(
            self.form,
            charset,
            tuple(_placed([_kept(part, ids) for part in parts], ids)),
            zones,
            line_end,
            tuple(named.values()),
            {id_: left for key, id_ in ids.items() if (left := self.form.not_expressed(sets[key]))},
            aside,
        )

    def blank(self) -> IcsDocument[R]:
        """Return an empty calendar."""
        head = LINE_END.join(["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", ""])
        parts = (Part(head, opens=True), Part(f"END:VCALENDAR{LINE_END}", closes=True))
        return IcsDocument(self.form, Encoding(), parts)

    def _row(self, found: ComponentSet, zones: CalendarZones, name: str) -> Row[R]:
        main = found.main
        row_id = _id_of(main)
        try:
            record, lists = self.form.read(found, zones)
            modified = read_instant(main.first("LAST-MODIFIED"), zones)
        except InputError as error:
            raise type(error)(error.what, where=f"{name}, {error.where}", remedy=error.remedy) from None
        version = version_of([*([found.master] if found.master else ()), *found.overrides])
        instant = modified.utc if modified else None
        return Row(row_id, record, lists, version, instant, main.begin.line, bool(row_id))


def _parts(items: Sequence[Item], component: str) -> Iterator[Part | _Found]:
    """Yield the parts of a file in their order; keys of components without UID are made of their line."""
    number = 0
    for item in items:
        if not isinstance(item, Component):
            yield Part(item.text)
            continue
        number += 1
        first = next((place for place, one in enumerate(item.content) if isinstance(one, Component)), len(item.content))
        head = "".join([item.begin.text, *(one.text for one in item.content[:first])])
        yield Part(head, calendar=number, opens=True)
        for one in item.content[first:]:
            if isinstance(one, Component) and one.name == component:
                value = _id_of(one)
                yield _Found(f"uid {value}" if value else f"line {one.begin.line}", number, one)
            else:
                yield Part(one.text, calendar=number)
        yield Part(item.end.text, calendar=number, closes=True)


def _id_of(component: Component) -> str:
    return read_text(component.first("UID")).strip()


def _once(component: Component) -> ComponentSet:
    """Return what a series is when it does not recur: by that it keeps its id, though it has no UID."""
    rest = tuple(one for one in component.content if one.name not in _OF_SERIES)
    return ComponentSet(attrs.evolve(component, content=rest))


def _kept(part: Part | _Found, ids: Mapping[str, str]) -> Part | _Found:
    """Return a component as mere text where no row was made of it."""
    if isinstance(part, Part) or part.key in ids:
        return part
    return Part(part.component.text, calendar=part.calendar)


def _placed(parts: Sequence[Part | _Found], ids: Mapping[str, str]) -> Iterator[Part]:
    """Yield the parts with the ids of their rows; text that no row speaks of is joined."""
    pieces: dict[str, int] = {}
    kept: list[str] = []
    calendar = 0
    for part in parts:
        if isinstance(part, Part) and not part.opens and not part.closes:
            kept.append(part.text)
            calendar = part.calendar
            continue
        if kept:
            yield Part("".join(kept), calendar=calendar)
            kept = []
        if isinstance(part, Part):
            yield part
        else:
            piece = pieces.setdefault(part.key, 0)
            pieces[part.key] += 1
            yield Part(part.component.text, ids[part.key], piece, part.calendar)
    if kept:
        yield Part("".join(kept), calendar=calendar)


def _checked_set(components: Sequence[Component], name: str) -> ComponentSet:
    masters = [one for one in components if one.first("RECURRENCE-ID") is None]
    if len(masters) > 1:
        raise InputError(
            f"the component has the same UID as the one in line {masters[0].begin.line}",
            where=f"{name}, line {masters[1].begin.line}",
            remedy="take one of them out; occurrences of a series have a RECURRENCE-ID",
        )
    return component_set(components)
