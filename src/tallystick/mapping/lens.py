"""Provide lenses: how one record shows one shared value, and how that value is put into it.

A lens has two halves. ``get(record)`` returns the shared value V, the coarsest thing that both sides can say.
``put(record, V)`` returns the fields to change, as a mapping of field names to new values; it sees the whole present
record, and keeps whatever V cannot say: a time of day, an invalid address, a fourth telephone number. A lens that
has no room for all of V puts what fits, and the engine reports the rest.

The laws, up to the rule's canonical form: putting back what was got changes nothing; getting what was put gives it.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Generic, TypeVar, cast

import attrs

S_contra = TypeVar("S_contra", contravariant=True)  # a lens onto any record is a lens onto this one
V = TypeVar("V")


@attrs.frozen
class Lens(Generic[S_contra, V]):
    """A view of records of type S as a value of type V.

    ``writes`` are the fields that ``put`` may return. ``field`` is set where the value is a plain field of the
    record, so that compiled code can read and write it without a call.
    """

    get: Callable[[S_contra], V]
    put: Callable[[S_contra, V], Mapping[str, object]]
    writes: tuple[str, ...]
    field: str | None = None


def attribute(name: str) -> Lens[object, str]:
    """Return the lens onto one text field of a record."""
    return attribute_of(name, str)


def attribute_of(name: str, _made_of: type[V]) -> Lens[object, V]:
    """Return the lens onto one plain field of a record, whose values are of the class given.

    The class is for the type checker: it gives the lens its V.
    """
    return Lens(attrgetter(name), lambda _record, value: {name: value}, (name,), name)


def derived(get: Callable[[S_contra], V]) -> Lens[S_contra, V]:
    """Return the lens onto what a record shows and has no field for: it is never written."""
    return Lens(get, lambda _record, _value: {}, ())


def key(name: str) -> Lens[Mapping[str, object], str]:
    """Return the lens onto one text under a key of a dict; where the key is missing, it is empty."""
    return Lens(lambda record: cast("str", record.get(name, "")), lambda _record, value: {name: value}, (name,))


def key_of(name: str, _made_of: type[V], missing: V) -> Lens[Mapping[str, object], V]:
    """Return the lens onto what a dict holds under a key, of the class given; ``missing`` where the key is missing.

    The class is for the type checker: it gives the lens its V.
    """
    return Lens(lambda record: cast("V", record.get(name, missing)), lambda _record, value: {name: value}, (name,))
