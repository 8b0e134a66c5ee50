"""Provide the reading of a multi-status (RFC 4918): what a service says of each of many resources, and of the listing.

Properties that were not found are left out; so are those with a status of their own other than 2xx.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from tallystick.errors import MalformedAnswer
from tallystick.providers.dav.markup import Element, read_xml
from tallystick.providers.dav.names import DAV
from tallystick.providers.http.exchange import Answer

MULTISTATUS: Final = 207
OK: Final = 200
_STATUS: Final = re.compile(r"HTTP/\S{1,8} +([1-5][0-9][0-9])(?: .*)?", re.DOTALL)
_CONDITION: Final = re.compile(r"[a-z][a-z0-9-]{0,59}")


@attrs.frozen(repr=False)
class Resource:
    """What is said of one resource: where it is, its status (200 unless it has one of its own), its properties."""

    href: str
    status: int
    properties: Mapping[str, Element]

    def said(self, name: str) -> str:
        """Return the text of a property; empty where it was not found."""
        found = self.properties.get(name)
        return "" if found is None else found.text.strip()


@attrs.frozen(repr=False)
class Multistatus:
    """An answer about many resources, and the token of the state that a listing shows."""

    resources: tuple[Resource, ...]
    sync_token: str = ""


def read_multistatus(answer: Answer) -> Multistatus:
    """Return what an answer says. Raises MalformedAnswer where it is no multi-status."""
    root = read_xml(answer.content) if answer.status == MULTISTATUS else None
    if root is None or root.name != f"{DAV}multistatus":
        raise MalformedAnswer(f"an answer that is no multi-status ({answer.status})", remedy="is it a DAV service?")
    return Multistatus(tuple(map(_resource, root.all(f"{DAV}response"))), root.said(f"{DAV}sync-token"))


def conditions_of(answer: Answer) -> tuple[str, ...]:
    """Return the conditions that an error names, without their namespace; none where it is no such error."""
    try:
        root = read_xml(answer.content) if answer.content else None
    except MalformedAnswer:
        return ()
    if root is None or root.name != f"{DAV}error":
        return ()
    names = (child.name.rpartition("}")[2] for child in root.children)
    return tuple(name for name in names if _CONDITION.fullmatch(name))


def _resource(response: Element) -> Resource:
    href = response.said(f"{DAV}href")
    if not href:
        raise MalformedAnswer("an answer about a resource that it does not name")
    whole = response.child(f"{DAV}status")
    return Resource(href, OK if whole is None else _status(whole.text), dict(_properties(response)))


def _properties(response: Element) -> Iterator[tuple[str, Element]]:
    for found in response.all(f"{DAV}propstat"):
        prop, status = found.child(f"{DAV}prop"), found.said(f"{DAV}status")
        if prop is not None and (not status or _status(status) // 100 == OK // 100):
            yield from ((each.name, each) for each in prop.children)


def _status(text: str) -> int:
    found = _STATUS.fullmatch(text.strip())
    if found is None:
        raise MalformedAnswer("an answer with a status that is none")
    return int(found[1])
