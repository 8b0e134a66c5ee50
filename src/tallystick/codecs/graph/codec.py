"""Provide the codec of one kind of record: what it reads from Graph's objects, and the three bodies that it writes.

A record's fields are written in *groups*: fields that the service keeps as one (a start needs its end) are one group,
and a group writes all of its keys.

===============  =================================================================================================
body             holds
===============  =================================================================================================
``create``       every group that says something; what is empty is left out, and gets the service's default
``patch``        the groups of the fields given, no others: ``null`` and ``[]`` where a value is cleared, lists whole
``encode``       the object that a record was read from, with every key that the record speaks of in its documented
                 spelling; all other keys as they were
===============  =================================================================================================

What the service sets itself cannot be written: a field of ``read_only`` in a patch is refused.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, Generic, TypeVar, cast

import attrs

from tallystick.codecs.graph.values import Json, shown_id
from tallystick.errors import InputError, MalformedAnswer

R = TypeVar("R")
Body = dict[str, object]
NO_JSON: Final[Json] = {}


@attrs.frozen
class Group(Generic[R]):
    """Fields that are written together; ``write`` returns all of their keys, with null and [] for what is empty.

    It is given the record, and the object that the record was read from (an empty one where there is none).
    """

    fields: tuple[str, ...]
    write: Callable[[R, Json], Body]


@attrs.frozen
class GraphCodec(Generic[R]):
    """Graph's objects of one kind. ``name`` is its resource type."""

    name: str
    kind: type[R]
    decode: Callable[[Json, Iterable[str]], R]
    groups: tuple[Group[R], ...]
    read_only: frozenset[str] = frozenset()

    def read(self, data: Json, *, zones: Iterable[str] = ()) -> R:
        """Return the record that an object says.

        ``zones`` are names to try for times whose own zone says nothing, such as the mailbox's.
        Raises MalformedAnswer, which names the object by its id, and the key.
        """
        try:
            return self.decode(data, zones)
        except MalformedAnswer as error:
            place = " ".join(filter(None, (self.name, shown_id(data))))
            raise MalformedAnswer(error.what, where=f"{place}, {error.where}", remedy=error.remedy) from None

    def create(self, record: R) -> Body:
        """Return the body that makes a record. Raises InputError for what the service cannot say."""
        return {key: _filled(value) for key, value in self._written(record, NO_JSON) if not is_nothing(value)}

    def patch(self, before: R, fields: Mapping[str, object]) -> Body:
        """Return the body that sets these fields of ``before``, and no more than has to come with them.

        Raises InputError for a field that is not known or not to be written, and for what the service cannot say.
        """
        known = attrs.fields_dict(cast("type[attrs.AttrsInstance]", self.kind))
        for name in fields:
            if name not in known or name in self.read_only:
                what = "a field that the service sets itself" if name in known else "a field that is not known"
                raise InputError(what, where=f"{self.name}.{name}" if name in known else self.name)
        after = cast("Callable[..., R]", self.kind)(**{name: fields.get(name, getattr(before, name)) for name in known})
        body: Body = {}
        for group in self.groups:
            if fields.keys() & set(group.fields):
                body.update(group.write(after, NO_JSON))
        return body

    def encode(self, record: R, source: Json = NO_JSON) -> Body:
        """Return the whole object: ``source`` with all that the record speaks of written anew."""
        written = {key: value for key, value in self._written(record, source) if key in source or not is_nothing(value)}
        return {**source, **written}

    def _written(self, record: R, source: Json) -> Iterable[tuple[str, object]]:
        for group in self.groups:
            yield from group.write(record, source).items()


def is_nothing(value: object) -> bool:
    """Tell whether a written value says nothing: null, an empty text or list, an object of nothing else.

    What a body is written in says nothing without a content.
    """
    if isinstance(value, dict):
        return all(is_nothing(one) for key, one in value.items() if key != "contentType")
    return value is None or value in ("", [])


def _filled(value: object) -> object:
    """Return a value for a create: an object without the keys that say nothing."""
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if not is_nothing(one)}
    return value


def value_group(field: str, key: str, written: Callable[..., object]) -> Group[R]:
    """Return the group of one field, of whose value ``written`` makes what stands under the key."""

    def write(record: R, _: Json) -> Body:
        return {key: written(getattr(record, field))}

    return Group((field,), write)


def text_group(field: str, key: str) -> Group[R]:
    """Return the group of one text, null where it is empty."""
    return value_group(field, key, lambda text: text or None)


def word_group(field: str, key: str) -> Group[R]:
    """Return the group of one word of a fixed set, in its documented case."""
    return value_group(field, key, str)


def texts_group(field: str, key: str) -> Group[R]:
    """Return the group of a list of texts, without empty ones."""
    return value_group(field, key, lambda texts: [text for text in texts if text])
