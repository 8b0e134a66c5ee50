"""Provide what a codec of calendars has to be told of one kind of record: the form in which components say it.

A record is said by a *set* of components that share a UID: a master, and one override for each occurrence of its series
that is not like the others (RECURRENCE-ID). A :class:`Form` reads such a set, and writes what it should say; the
codec finds the sets in the file, compares what a record was read from with what is wanted, and changes that alone.
What a form does not speak of stays as it is: properties, parameters, alarms, whole components.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol, TypeVar

import attrs

from tallystick.codecs.document import Shape
from tallystick.codecs.icalendar.component import Component, Properties
from tallystick.codecs.icalendar.zones import CalendarZones

R = TypeVar("R")
NO_PROPERTIES: Properties = MappingProxyType({})


@attrs.frozen(repr=False)
class ComponentSet:
    """The components of one UID. Without a master, somebody was invited to single occurrences only."""

    master: Component | None
    overrides: tuple[Component, ...] = ()

    @property
    def main(self) -> Component:
        """The master; the first override where there is none."""
        return self.overrides[0] if self.master is None else self.master


@attrs.frozen(repr=False)
class Said:
    """What one component says, as far as a form speaks of it: its properties, and those of its one alarm.

    The alarm is the one that :func:`~.alarms.alarm_of` finds; empty where there is none.
    """

    properties: Properties
    alarm: Properties = NO_PROPERTIES


@attrs.frozen(repr=False)
class Written:
    """What a set of components says: the master, and the overrides by the value of their RECURRENCE-ID.

    The properties of an override include its RECURRENCE-ID, and leave out its UID as those of the master do.
    """

    master: Said
    overrides: Mapping[str, Said] = attrs.field(factory=dict)


@attrs.frozen
class NotExpressed:
    """Something in a set of components that a record cannot say: a property, and its line."""

    name: str
    line: int


class Form(Protocol[R]):
    """How one kind of record is said by components.

    ``write`` is pure: equal records give equal properties, so that what differs is what changed.
    """

    @property
    def shape(self) -> Shape[R]:
        """What every format has to know of such records."""
        ...

    @property
    def component(self) -> str:
        """The name of the components: VEVENT, VTODO."""
        ...

    @property
    def stale(self) -> Mapping[str, tuple[str, ...]]:
        """The properties to take out when the one they are listed under changes: they say the same in other words."""
        ...

    @property
    def units(self) -> tuple[tuple[str, ...], ...]:
        """Properties that are written together when one of them changes (a start, and the end that may rest on it)."""
        ...

    def read(self, found: ComponentSet, zones: CalendarZones) -> tuple[R, tuple[str, ...]]:
        """Return the record that a set says, and the lists that it is in. Raises InputError, naming the line."""
        ...

    def not_expressed(self, found: ComponentSet) -> tuple[NotExpressed, ...]:
        """Return what says when a set takes place and is in no record; it stays, and nothing of the kind is written."""
        ...

    def write(self, record: R, lists: Sequence[str], zones: CalendarZones) -> Written:
        """Return what a record says. Raises InputError for what iCalendar cannot say."""
        ...

    def refusal(self, record: R) -> str:
        """Return why a record cannot be written, as a code and a field; or nothing."""
        ...
