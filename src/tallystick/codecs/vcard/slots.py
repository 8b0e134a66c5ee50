"""Provide slots: the lines of a card that one part of a record is read from, and the change of those lines alone.

A card has many lines of one name: numbers of several kinds, addresses, whatever other programs put there. A slot
*claims* those that it understands. A line is a tuple of plain texts to it (an e-mail address alone, the five parts of a
postal address); what else stands in the line, parameters and parts that no record has, stays when the line changes.

Names count without their group: ``item1.TEL`` is a TEL, and ``item1.X-ABLabel`` says what it is called.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from tallystick.codecs.icalendar.component import Component
from tallystick.codecs.icalendar.lines import ContentLine, Property
from tallystick.codecs.icalendar.values import escaped, unescaped

Parts = tuple[str, ...]
Values = Mapping[str, tuple[Parts, ...]]
"""What a card says, by slot: each line that a slot claims, or shall have, as its parts."""

_SEMICOLON: Final = re.compile(r"(?<!\\)((?:\\\\)*);")
_COMPANIONS: Final = frozenset({"X-ABLABEL", "X-ABADR"})


def _anything(_: ContentLine) -> bool:
    return True


def _no_parameters(_: Parts) -> tuple[tuple[str, str], ...]:
    return ()


@attrs.frozen
class Slot:
    """Lines of one name.

    ``fits`` says which of them. ``read`` gives the parts of a line, ``write`` the value of a new or changed one, over
    the value that it had. ``parameters`` are those of a new line; ``label`` names the one that holds the second part.
    ``most`` lines are claimed, all where it is None.
    """

    name: str
    read: Callable[[ContentLine], Parts]
    write: Callable[[Parts, str], str]
    fits: Callable[[ContentLine], bool] = _anything
    parameters: Callable[[Parts], tuple[tuple[str, str], ...]] = _no_parameters
    label: str = ""
    most: int | None = None

    def claimed(self, card: Component) -> list[ContentLine]:
        """Return the lines of a card that are this slot's."""
        found = [line for line in lines_of(card) if base_name(line) == self.name and self.fits(line)]
        return found[: self.most]

    def made(self, parts: Parts, line_end: str) -> ContentLine:
        """Return a new line."""
        return Property(self.name, self.write(parts, ""), self.parameters(parts)).as_line(line_end)

    def changed(self, line: ContentLine, parts: Parts, line_end: str, *, relabelled: bool = False) -> ContentLine:
        """Return a line that says something else, with its group and its other parameters."""
        label = ((self.label, parts[1]),) if relabelled and parts[1] else ()
        new = Property(line.name, self.write(parts, line.value), label)
        return new.as_line(line_end, line, (self.label,) if relabelled else ())


def base_name(line: ContentLine) -> str:
    """Return a line's name without its group."""
    return line.name.rpartition(".")[2]


def group_of(line: ContentLine) -> str:
    """Return a line's group; empty where it has none."""
    return line.name.rpartition(".")[0]


def lines_of(card: Component) -> list[ContentLine]:
    """Return the lines of a card itself."""
    return [item for item in card.content if isinstance(item, ContentLine)]


def labels_of(card: Component) -> Mapping[str, str]:
    """Return what groups of lines are called, in the way in which Apple's programs write it."""
    found = {group_of(line): unescaped(line.value) for line in lines_of(card) if base_name(line) == "X-ABLABEL"}
    return {group: label.removeprefix("_$!<").removesuffix(">!$_") for group, label in found.items() if group}


def parts_of(slot: Slot, line: ContentLine, labels: Mapping[str, str]) -> Parts:
    """Return the parts of a line; the label of a phone may be its group's, unless the line has one of its own."""
    parts = slot.read(line)
    label = labels.get(group_of(line), "")
    if slot.name != "TEL" or not slot.label or not label or line.parameter(slot.label):
        return parts
    return (parts[0], label)


def types_of(line: ContentLine) -> frozenset[str]:
    """Return the types of a line, in capitals; ``TEL;HOME:`` is an old way to write one."""
    found: list[str] = []
    for name, value in line.parameters():
        if name == "TYPE":
            found += value.replace('"', "").split(",")
        elif not value:
            found.append(name)
    return frozenset(word.strip().upper() for word in found)


def components_of(value: str) -> list[str]:
    """Return the components of a structured value (N, ADR, ORG), as they are written."""
    return _SEMICOLON.sub("\\1\0", value).split("\0")


def read_components(line: ContentLine, *places: int) -> Parts:
    """Return the plain texts of these components; empty where the line has fewer."""
    found = components_of(line.value)
    return tuple(unescaped(found[place]) if place < len(found) else "" for place in places)


def write_components(parts: Parts, places: Sequence[int], over: str, least: int) -> str:
    """Return a structured value with these components, the others as ``over`` has them."""
    found = components_of(over) if over else []
    found += [""] * (least - len(found))
    for place, part in zip(places, parts, strict=True):
        found += [""] * (place + 1 - len(found))
        if unescaped(found[place]) != part:
            found[place] = escaped(part)
    while len(found) > least and not found[-1]:
        found.pop()
    return ";".join(found)


# --- changing a card -------------------------------------------------------------------------------------------------


def changed_card(
    card: Component, slots: Mapping[str, Slot], before: Values, wanted: Values, line_end: str
) -> Component:
    """Return a card in which the slots say what is ``wanted``; those that say the same as ``before`` are left alone."""
    for key, slot in slots.items():
        if before.get(key, ()) != wanted.get(key, ()):
            card = _with_slot(card, slot, wanted.get(key, ()), line_end)
    return card


def _with_slot(card: Component, slot: Slot, wanted: Sequence[Parts], line_end: str) -> Component:
    claimed, labels = slot.claimed(card), labels_of(card)
    free = list(claimed)
    lines: list[ContentLine | None] = []
    for parts in wanted:
        same = next((line for line in free if parts_of(slot, line, labels) == parts), None)
        if same is not None:
            free.remove(same)
        lines.append(same)
    # A line that says what no value says any more is used for one that is new.
    new = [
        line if line is not None else _reused(slot, free, labels, parts, line_end)
        for line, parts in zip(lines, wanted, strict=True)
    ]
    gone = {group_of(line) for line in free} - {""}
    queue = list(new)
    content: list[ContentLine | Component] = []
    places = {id(line) for line in claimed}
    after = 0
    for item in card.content:
        if id(item) in places:
            if queue:
                content.append(queue.pop(0))
            after = len(content)
        elif not (isinstance(item, ContentLine) and group_of(item) in gone and base_name(item) in _COMPANIONS):
            content.append(item)
    if not after:
        after = len(content)
    content[after:after] = queue
    return attrs.evolve(card, content=tuple(content))


def _reused(slot: Slot, free: list[ContentLine], labels: Mapping[str, str], parts: Parts, line_end: str) -> ContentLine:
    """Return a line for new parts, out of one that is free: of the same label, or of one that can be changed."""
    for relabelled in (False, True) if slot.label else (False,):
        for line in free:
            changed = slot.changed(line, parts, line_end, relabelled=relabelled)
            if parts_of(slot, changed, labels) == parts:
                free.remove(line)
                return changed
    return slot.made(parts, line_end)
