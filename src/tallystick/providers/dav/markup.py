"""Provide the reading of XML from a service that nobody vouches for: a small tree, within bounds.

Expat is asked directly, and not through a guard for ElementTree (defusedxml): those refuse entities, and let a tree be
as deep and as large as it likes. Here a document type is refused before anything in it is read, so that there are
no entities at all, and elements are counted as they open.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final
from xml.parsers import expat

import attrs

from tallystick.errors import MalformedAnswer

DEEPEST: Final = 64
MOST_ELEMENTS: Final = 1_000_000
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@attrs.define(repr=False)
class Element:
    """An element: its name as ``{namespace}local``, its attributes, the text right within it, and its children."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: "list[Element] | tuple[()]" = ()  # most elements have none

    def child(self, name: str) -> "Element | None":
        """Return the first child of this name."""
        return next(self.all(name), None)

    def all(self, name: str) -> "Iterator[Element]":
        """Yield the children of this name."""
        return (child for child in self.children if child.name == name)

    def said(self, name: str) -> str:
        """Return the text of the first child of this name; empty where there is none."""
        child = self.child(name)
        return "" if child is None else child.text.strip()


def read_xml(data: bytes) -> Element:
    """Return the root of a document. Raises MalformedAnswer: no XML, a document type, too deep, too many elements."""
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reading.begin
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.take
    try:
        parser.Parse(data, True)  # noqa: FBT003 -- expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError):  # the last two: an encoding that is none
        raise MalformedAnswer("an answer that is no XML") from None
    return reading.root


class _Reading:
    """The tree as far as it was read."""

    def __init__(self) -> None:
        self.root = Element("", _NONE)
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) == DEEPEST or self._count > MOST_ELEMENTS:
            raise MalformedAnswer(f"XML of more than {DEEPEST} levels or {MOST_ELEMENTS:,} elements")
        element = Element(f"{{{name}" if "}" in name else name, attributes or _NONE)
        if not self._open:
            self.root = element
        else:
            parent = self._open[-1]
            if isinstance(parent.children, list):
                parent.children.append(element)
            else:
                parent.children = [element]
        self._open.append(element)
        self._texts.append([])

    def end(self, _name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def take(self, text: str) -> None:
        self._texts[-1].append(text)


def _refuse_doctype(*_: object) -> None:
    raise MalformedAnswer("XML with a document type, which could define entities")
