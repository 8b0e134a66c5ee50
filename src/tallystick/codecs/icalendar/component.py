"""Provide components, the tree of an iCalendar file, and the change of single properties within one.

A component is everything from ``BEGIN:VEVENT`` to ``END:VEVENT``: lines and further components in their order. It is a
value; :func:`changed` returns another one in which the lines that had to change are written anew, and all others have
the text they were read with. Nesting, ends without beginnings and a file that breaks off are refused with their line:
a half of a calendar must not pass for the whole of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType
from typing import Final

import attrs

from tallystick.codecs.icalendar.lines import LINE_END, ContentLine, Property, cut, fold
from tallystick.errors import InputError

DEEPEST: Final = 8
MOST_COMPONENTS: Final = 500_000
Properties = Mapping[str, tuple[Property, ...]]
"""What a component shall say, by name; the order among properties of one name counts."""


@attrs.frozen(repr=False)
class Component:
    """A component of a file: its ``name`` in capitals, and its content between ``begin`` and ``end``."""

    name: str
    begin: ContentLine
    content: tuple["ContentLine | Component", ...]
    end: ContentLine

    @property
    def text(self) -> str:
        """The lines of the file."""
        return "".join(line.text for line in self.all_lines())

    def all_lines(self) -> list[ContentLine]:
        """Return every line, those of the components within included."""
        found = [self.begin]
        for item in self.content:
            if isinstance(item, Component):
                found += item.all_lines()
            else:
                found.append(item)
        found.append(self.end)
        return found

    def lines(self, name: str) -> list[ContentLine]:
        """Return its own properties of this name."""
        return [item for item in self.content if isinstance(item, ContentLine) and item.name == name]

    def first(self, name: str) -> ContentLine | None:
        """Return its first property of this name."""
        return next(iter(self.lines(name)), None)

    def components(self, name: str) -> list["Component"]:
        """Return the components right within it that have this name."""
        return [item for item in self.content if isinstance(item, Component) and item.name == name]


Item = ContentLine | Component
Lines = Sequence[ContentLine | None]
_Said = Sequence[Property]


def parse(lines: Iterable[ContentLine], name: str) -> tuple[Item, ...]:
    """Return the components of a file, and the blank lines around them. Raises InputError."""
    top: list[Item] = []
    open_: list[tuple[ContentLine, list[Item]]] = []
    count = 0
    for line in lines:
        here = open_[-1][1] if open_ else top
        if line.name == "BEGIN":
            count += 1
            if len(open_) == DEEPEST or count > MOST_COMPONENTS:
                what = f"components nested more than {DEEPEST} deep, or more than {MOST_COMPONENTS:,} of them"
                raise InputError(what, where=_place(name, line), remedy="split the calendar")
            open_.append((line, []))
        elif line.name == "END":
            if not open_ or _named(open_[-1][0]) != _named(line):
                remedy = "close each component with END and the name it began with"
                what = "an end that does not belong to the component before it"
                raise InputError(what, where=_place(name, line), remedy=remedy)
            begin, content = open_.pop()
            (open_[-1][1] if open_ else top).append(Component(_named(begin), begin, tuple(content), line))
        elif not open_ and line.name:
            what, remedy = "a property outside of every component", "put it after BEGIN:VCALENDAR"
            raise InputError(what, where=_place(name, line), remedy=remedy)
        else:
            here.append(line)
    if open_:
        where = _place(name, open_[-1][0])
        raise InputError("a component without its end", where=where, remedy="the file broke off: fetch it again")
    return tuple(top)


def _place(name: str, line: ContentLine) -> str:
    return f"{name}, line {line.line}"


def parse_one(text: str) -> Component:
    """Return the component that a text holds, which this library read or wrote before."""
    (found,) = (item for item in parse(cut(text, "component"), "component") if isinstance(item, Component))
    return found


def made(name: str, content: Iterable[Property | Component], line_end: str = LINE_END) -> Component:
    """Return a new component."""
    items = (item if isinstance(item, Component) else item.as_line(line_end) for item in content)
    begin, end = (ContentLine(word, "", name, fold(f"{word}:{name}", line_end)) for word in ("BEGIN", "END"))
    return Component(name, begin, tuple(items), end)


# --- changing --------------------------------------------------------------------------------------------------------


def changed(component: Component, before: Properties, wanted: Properties, line_end: str) -> Component:
    """Return ``component`` with the properties in which ``wanted`` differs from what was read ``before``.

    Attendees are known by their address, dates of RDATE and EXDATE by their value, and other properties by their
    place among those of their name. Of a line that is written anew, parameters that neither side speaks of stay.
    """
    for name in dict.fromkeys([*before, *wanted]):
        old, new = before.get(name, ()), wanted.get(name, ())
        if old != new:
            lines = _CHANGERS.get(name, _by_place)(component.lines(name), old, new, line_end)
            component = with_lines(component, name, lines)
    return component


def with_lines(component: Component, name: str, lines: Lines) -> Component:
    """Return ``component`` with these lines for a name, each where one of that name was, further ones after them.

    None takes the line out that was there, and so does a list that is too short.
    """
    places = [place for place, item in enumerate(component.content) if _is(item, name)]
    content: list[Item | None] = list(component.content)
    for place, line in zip_longest(places, lines[: len(places)]):
        content[place] = line
    if places:
        last = places[-1] + 1
    else:
        inner = (place for place, item in enumerate(content) if isinstance(item, Component))
        last = next(inner, len(content))
    content[last:last] = lines[len(places) :]
    return attrs.evolve(component, content=tuple(item for item in content if item is not None))


def _by_place(lines: Sequence[ContentLine], old: _Said, new: _Said, line_end: str) -> Lines:
    spoken = {name for one in old for name, _ in one.parameters}
    return [
        line if line is not None and one == before else one.as_line(line_end, line, spoken)
        for line, before, one in zip_longest(lines[: len(new)], old[: len(new)], new)
    ]


def _by_address(lines: Sequence[ContentLine], old: _Said, new: _Said, line_end: str) -> Lines:
    """Keep everybody's line, in the order that is wanted; those whom neither side speaks of stay where they are."""
    here = {_address(line): line for line in lines}
    before, wanted = ({_folded(one.value): one for one in given} for given in (old, new))
    if (len(lines), len(old), len(new)) != (len(here), len(before), len(wanted)):  # somebody is named twice
        spoken = [line for line in lines if _address(line) in {**before, **wanted}]
        found = iter([*_by_place(spoken, old, new, line_end), *[None] * len(lines)])
        places = [next(found) if line in spoken else line for line in lines]
        return [*places, *(line for line in found if line is not None)]
    written = {
        address: line if line and one == before.get(address) else one.as_line(line_end, line, _spoken(before, address))
        for address, one in wanted.items()
        for line in [here.get(address)]
    }
    if list(written) == [*(one for one in here if one in written), *(one for one in written if one not in here)]:
        places = [written.get(one) or (None if one in before else line) for one, line in here.items()]
        return [*places, *(line for one, line in written.items() if one not in here)]
    queue = iter(written.values())
    return [*(next(queue, None) if one in {**before, **wanted} else line for one, line in here.items()), *queue]


def _spoken(before: Mapping[str, Property], address: str) -> set[str]:
    return {name for name, _ in before[address].parameters} if address in before else set()


def _address(line: ContentLine) -> str:
    """Return what an attendee is known by; one who is named in another way may have the address in a parameter."""
    email = "" if _folded(line.value).startswith("mailto:") else line.parameter("EMAIL").strip()
    return _folded(f"mailto:{email}" if email else line.value)


def _by_values(lines: Sequence[ContentLine], old: _Said, new: _Said, line_end: str) -> Lines:
    """Keep the lines that still hold, take out of the others what is gone, and add what is new."""
    gone = {one.value for one in old if one not in new}
    taken: set[str] = set()
    kept: list[ContentLine | None] = []
    for line in lines:
        values = [value.strip() for value in line.value.split(",")]
        left = [value for value in values if value not in gone]
        taken.update(value for value in values if value in gone)
        kept.append(line if len(left) == len(values) else _with_value(line, ",".join(left), line_end))
    if taken != gone:  # the file spells them in another way than we do
        return [one.as_line(line_end) for one in new]
    return [*kept, *(one.as_line(line_end) for one in new if one not in old)]


_CHANGERS: Final[Mapping[str, Callable[[Sequence[ContentLine], _Said, _Said, str], Lines]]] = MappingProxyType(
    {"ATTENDEE": _by_address, "EXDATE": _by_values, "RDATE": _by_values}
)


def _with_value(line: ContentLine, value: str, line_end: str) -> ContentLine | None:
    text = fold(f"{line.name}{line.head}:{value}", line_end)
    return attrs.evolve(line, value=value, text=text) if value else None


def _folded(value: str) -> str:
    return value.strip().casefold()


def _named(line: ContentLine) -> str:
    return line.value.strip().upper()


def _is(item: Item, name: str) -> bool:
    return isinstance(item, ContentLine) and item.name == name
