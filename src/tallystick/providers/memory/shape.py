"""Provide the shape of a collection's records: what the collection must know of them beyond that they are records.

Records are attrs classes, dataclasses or TypedDicts. A changed record is built by :func:`tallystick.mapping.evolved`:
``attrs.evolve`` costs several times as much, and a run makes thousands.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import attrs

from tallystick.errors import UsageError
from tallystick.field_types import field_types, misfit
from tallystick.mapping import evolved
from tallystick.ports.item import Window
from tallystick.ports.write import WriteKind
from tallystick.text import fold

R = TypeVar("R")


@attrs.frozen
class SearchField(Generic[R]):
    """One thing that records can be searched by: its values in a record, and how a value is folded to be compared."""

    values: Callable[[R], Iterable[str]]
    fold: Callable[[str], str] = fold

    def keys(self, record: R) -> list[str]:
        """Return the folded values of ``record``; an empty value is no value."""
        return list(filter(None, map(self.fold, self.values(record))))


@attrs.frozen(eq=False, repr=False)
class Shape(Generic[R]):
    """What a collection knows of the records of type ``record_type``.

    ``searches`` are fields to search by, besides every attribute as text. ``holds`` answers with a code for a
    record that has no room in the service, whoever writes it; ``checks`` do so for what the service refuses a program,
    each by the field that it looks at. ``mint`` makes an id of a running number. ``settles`` is what the service makes
    of a record that anybody wrote at some instant: the record as it stands then, and any further ones that come of it.

    ``lies_in`` tells whether a record belongs to a feed that covers a window of days. ``tells`` says to how many
    people a program's write sends mail, from the record before and after it. ``parts`` returns in how many places a
    view of days has a record, and names for the places that it has lost.
    """

    record_type: type[R]
    searches: Mapping[str, SearchField[R]] = attrs.field(factory=dict)
    holds: Callable[[R], str] = lambda _: ""
    checks: Mapping[str, Callable[[R], str]] = attrs.field(factory=dict)
    mint: Callable[[int], str] = str
    settles: Callable[[R, datetime], tuple[R, ...]] | None = None
    lies_in: Callable[[R, Window], bool] = lambda _, __: True
    tells: Callable[[WriteKind, R | None, R | None], int] = lambda _, __, ___: 0
    parts: Callable[[R, Window], tuple[int, Sequence[str]]] = lambda _, __: (1, ())

    def problem(self, fields: Mapping[str, object]) -> str:
        """Return a code for a field that does not exist, or whose value is of a wrong type, else an empty string."""
        return misfit(self.record_type, fields, wrong="invalid_value")

    def refuses(self, record: R, fields: Iterable[str] | None) -> str:
        """Return why a program's write of ``fields`` (None: of all) that leads to ``record`` is refused, or nothing."""
        code = self.holds(record)
        if code or not self.checks:
            return code
        for name in self.checks if fields is None else self.checks.keys() & fields:
            code = self.checks[name](record)
            if code:
                return code
        return ""

    def evolve(self, record: R, fields: Mapping[str, object]) -> R:
        """Return ``record`` with ``fields`` in place of its own, all of which exist."""
        return evolved(record, fields)

    def search_field(self, name: str) -> SearchField[R]:
        """Return how to search by ``name``; one that is neither declared nor an attribute is the caller's mistake."""
        if name in self.searches:
            return self.searches[name]
        record_type: type = self.record_type
        known = field_types(record_type)
        if name not in known:
            fields = ", ".join(sorted({*self.searches, *known}))
            remedy = f"use one of {fields}" if fields else "declare the fields: with a TypedDict, or as searches"
            raise UsageError(f"records cannot be searched by {name!r}", remedy=remedy)
        return SearchField(lambda record: _texts(record[name] if isinstance(record, dict) else getattr(record, name)))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple):
        return (each for each in value if isinstance(each, str))
    return () if value is None else (str(value),)
