"""Provide pages: what a listing or a delta query answers, as the values that a provider returns.

===========================  ======================================================================================
on the wire                  is
===========================  ======================================================================================
``@odata.nextLink``          the cursor of what follows; the page may be empty all the same
``@odata.deltaLink``         the cursor of the next round: the listing is complete
neither                      complete, without a cursor
``@removed``                 an unlisted id, with its reason; also of an id that was never shown
an id twice on one page      what was said last
type *occurrence* or         a part of a series, known by its ``seriesMasterId``: kept apart, for
*exception*                  :func:`~.occurrences.with_occurrences`
===========================  ======================================================================================

Links are opaque. Whoever follows one has to see to it that it leads to the service: an answer may name any address,
and the request would carry the token.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final, Generic, TypeVar

import attrs

from tallystick.codecs.graph.codec import GraphCodec
from tallystick.codecs.graph.values import Json, inner, instant, malformed, objects, text
from tallystick.ports import Item, Page

R = TypeVar("R")
MOST_ITEMS: Final = 50_000
LONGEST_LINK: Final = 100_000
_PARTS_OF_SERIES: Final = frozenset({"occurrence", "exception"})


class Removal(StrEnum):
    """Why a delta query no longer shows an object, in the service's words. It says less than it seems to."""

    DELETED = "deleted"
    """Deleted, or moved out of what is listed."""
    CHANGED = "changed"
    """Deleted so that it can be restored, or changed so that it is no longer listed."""


def _always(_: object) -> bool:
    return True


def own_token(data: Json) -> str | None:
    """Return the ``transactionId`` that an event was created with."""
    return text(data, "transactionId") or None


@attrs.frozen
class GraphPage(Generic[R]):
    """One page of a listing or delta query.

    ``removed`` gives the reason for each unlisted id, ``occurrences`` the objects that are part of a series.
    """

    items: tuple[Item[R], ...] = attrs.field(repr=False)
    removed: Mapping[str, Removal]
    occurrences: tuple[Json, ...] = attrs.field(repr=False)
    next_link: str | None = attrs.field(repr=False)
    delta_link: str | None = attrs.field(repr=False)

    def as_page(self) -> Page[R]:
        """Return the page as a provider returns it."""
        cursor = self.next_link or self.delta_link or ""
        return Page(self.items, cursor, complete=self.next_link is None, unlisted=tuple(self.removed))


def read_page(
    codec: GraphCodec[R],
    data: Json,
    *,
    member: Callable[[R], bool] = _always,
    token: Callable[[Json], str | None] = own_token,
    zones: Iterable[str] = (),
) -> GraphPage[R]:
    """Return a page of objects of one kind.

    Args:
        codec: The kind.
        data: The answer, as :func:`~.answers.read_json` returns it.
        member: Tells whether a record belongs to the scope: has its category, say.
        token: Finds the token that an object was created with.
        zones: Names to try for times whose own zone says nothing, such as the mailbox's.

    Raises:
        MalformedAnswer: An object that cannot be read. None is left out: what is missing would seem deleted.
    """
    if not isinstance(data.get("value"), list):
        malformed("value", "a list of objects")
    rows = objects(data, "value")
    if len(rows) > MOST_ITEMS:
        malformed("value", f"a list of at most {MOST_ITEMS:,} objects")
    zones = tuple(zones)
    items: dict[str, Item[R]] = {}
    removed: dict[str, Removal] = {}
    occurrences: dict[str, Json] = {}
    for row in rows:
        row_id = _id_of(row)
        items.pop(row_id, None)
        occurrences.pop(row_id, None)
        removed.pop(row_id, None)
        if "@removed" in row:
            reason = text(inner(row, "@removed"), "reason").casefold()
            removed[row_id] = Removal.CHANGED if reason == Removal.CHANGED else Removal.DELETED
        elif text(row, "type").casefold() in _PARTS_OF_SERIES:
            occurrences[row_id] = row
        else:
            items[row_id] = read_item(codec, row, member=member, token=token, zones=zones)
    return GraphPage(
        tuple(items.values()),
        removed,
        tuple(occurrences.values()),
        _link(data, "@odata.nextLink"),
        _link(data, "@odata.deltaLink"),
    )


def read_item(
    codec: GraphCodec[R],
    data: Json,
    *,
    member: Callable[[R], bool] = _always,
    token: Callable[[Json], str | None] = own_token,
    zones: Iterable[str] = (),
) -> Item[R]:
    """Return one object as an item; arguments and errors are those of :func:`read_page`."""
    record = codec.read(data, zones=zones)
    version = text(data, "@odata.etag") or text(data, "changeKey") or None
    modified = instant(data, "lastModifiedDateTime")
    return Item(_id_of(data), version, record, member(record), modified, token(data))


def _id_of(data: Json) -> str:
    return text(data, "id") or malformed("id", "an id")


def _link(data: Json, key: str) -> str | None:
    found = text(data, key)
    return found or None if len(found) <= LONGEST_LINK else malformed(key, f"at most {LONGEST_LINK:,} characters")
