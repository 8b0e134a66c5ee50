"""Provide the index that searches go through: for each field that was ever searched by, its folded values.

A field costs nothing until somebody searches by it; then it is read once from all rows, and kept up to date.
"""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import attrs

from tallystick.ports.item import Term
from tallystick.providers.memory.row import Row
from tallystick.providers.memory.shape import Shape

R = TypeVar("R")
# One id is held bare: nearly every value has one owner only, and a dict for each would outweigh the records.
_Held = str | dict[str, None]


@attrs.define(eq=False, repr=False)
class _Field(Generic[R]):
    fold: Callable[[str], str]
    values: Callable[[Row[R]], Iterable[str]]
    keys: Callable[[Row[R]], list[str]]
    held: dict[str, _Held] = attrs.field(factory=dict)

    def add(self, key: str, id_: str) -> None:
        held = self.held.get(key)
        if held is None:
            self.held[key] = id_
        elif isinstance(held, dict):
            held[id_] = None
        elif held != id_:
            self.held[key] = {held: None, id_: None}

    def drop(self, key: str, id_: str) -> None:
        held = self.held.get(key)
        if isinstance(held, dict):
            held.pop(id_, None)
            if not held:
                del self.held[key]
        elif held == id_:
            del self.held[key]


class Index(Generic[R]):
    """Rows by field and folded value."""

    def __init__(self, shape: Shape[R]) -> None:
        self._shape = shape
        self._fields: dict[str, _Field[R]] = {}

    def find(self, term: Term, rows: Iterable[Row[R]]) -> Iterable[str]:
        """Return the ids that ``term`` fits, the earliest first; ``rows`` are read where its field is new."""
        field = self._fields.get(term.field)
        if field is None:
            field = self._fields[term.field] = self._new(term.field)
            keys, held, add = field.keys, field.held, field.add
            for row in rows:
                id_ = row.item.id
                for key in keys(row):
                    if key in held:
                        add(key, id_)
                    else:
                        held[key] = id_
        found = field.held.get(field.fold(term.value), ())
        return (found,) if isinstance(found, str) else found

    def replace(self, id_: str, old: Row[R] | None, new: Row[R] | None) -> None:
        """Take in that ``new`` stands in the place of ``old``, one of which may be missing."""
        if old is not None and new is not None and old.item.record is new.item.record:
            return
        for field in self._fields.values():
            if old is not None and new is not None and field.values(old) == field.values(new):
                continue
            before = field.keys(old) if old is not None else []
            after = field.keys(new) if new is not None else []
            if before == after:
                continue
            for key in before:
                field.drop(key, id_)
            for key in after:
                field.add(key, id_)

    def _new(self, name: str) -> _Field[R]:
        if name == Term.TOKEN:
            return _Field(str, _token_of, _token_of)
        field = self._shape.search_field(name)
        values, keys = field.values, field.keys
        return _Field(field.fold, lambda row: values(row.item.record), lambda row: keys(row.item.record))


def _token_of(row: Row[R]) -> list[str]:
    return [] if row.token is None else [row.token]
