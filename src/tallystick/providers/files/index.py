"""Provide the search of rows by what a matcher asks for: addresses, names, tokens."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from tallystick.codecs.document import Row, Shape
from tallystick.errors import UsageError
from tallystick.ports import Term
from tallystick.text import fold, fold_address

R = TypeVar("R")
_ADDRESSES = ("email", "emails", "email_addresses")


class Index(Generic[R]):
    """An index of rows, made when it is first asked, field by field."""

    def __init__(self, shape: Shape[R], rows: Mapping[str, Row[R]]) -> None:
        self._rows = rows
        self._found: dict[str, dict[str, list[str]]] = {}
        self._addresses = shape.addresses
        self._names = {field: name for fields, name in shape.names.items() for field in fields}

    def find(self, terms: Sequence[Term]) -> list[Row[R]]:
        """Return the rows that any of the terms fits, each once."""
        ids = dict.fromkeys(one for term in terms for one in self._fitting(term))
        return [self._rows[one] for one in ids]

    def _fitting(self, term: Term) -> Sequence[str]:
        if term.field == Term.TOKEN:
            return (term.value,) if term.value in self._rows else ()
        if term.field in _ADDRESSES:
            return self._by("email", self._folded_addresses).get(fold_address(term.value), ())
        if term.field in self._names:
            name = self._names[term.field]
            return self._by(term.field, lambda record: [fold(name(record))]).get(fold(term.value), ())
        known = ", ".join((*_ADDRESSES, *self._names))
        raise UsageError(f"a file cannot be searched by {term.field!r}", remedy=f"search by one of {known}")

    def _folded_addresses(self, record: R) -> Iterable[str]:
        return set(map(fold_address, self._addresses(record)))

    def _by(self, field: str, values: Callable[[R], Iterable[str]]) -> dict[str, list[str]]:
        found = self._found.get(field)
        if found is None:
            found = self._found[field] = {}
            for row in self._rows.values():
                for value in values(row.record):
                    found.setdefault(value, []).append(row.id)
            found.pop("", None)  # what is empty is not found by anything
        return found
