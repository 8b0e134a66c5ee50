"""Provide the evolving of records: a copy with some fields replaced, for attrs classes of any host.

What :func:`attrs.evolve` does, for records whose class is not known to the type checker, and at a fifth of its cost:
how a class's fields are read and given to its constructor is found out once.
"""

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import TypeVar, cast

import attrs

S = TypeVar("S")


def evolved(record: S, fields: Mapping[str, object]) -> S:
    """Return a copy of ``record`` in which ``fields`` have new values."""
    made = type(record)
    read, places, keywords = _constructor(cast("type", made))
    values = list(read(record))
    for name, value in fields.items():
        values[places[name]] = value
    return made(**dict(zip(keywords, values, strict=True))) if keywords else made(*values)


@cache
def _constructor(
    made: "type[attrs.AttrsInstance]",
) -> tuple[Callable[[object], tuple[object, ...]], dict[str, int], tuple[str, ...]]:
    """Return how to read all fields at once, the place of each, and their keywords where they cannot go by place."""
    fields = [field for field in attrs.fields(made) if field.init]
    names = [field.name for field in fields]
    keywords = tuple(field.alias or field.name for field in fields) if any(one.kw_only for one in fields) else ()
    read = attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, name) for name in names)
    return read, {name: at for at, name in enumerate(names)}, keywords
