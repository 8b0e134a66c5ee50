"""Provide the entries of a shelf and of its log: a record as it stands, and the trace that a deleted one leaves."""

from typing import Generic, TypeVar

import attrs

from tallystick.ports.item import Item

R = TypeVar("R")


@attrs.define(eq=False, repr=False)
class Row(Generic[R]):
    """One state of one record; never changed, a write puts another row in its place.

    ``item`` shows it as a member of the scope. ``sequence`` is its place in the log. ``lists`` are the named scopes
    that it belongs to, ``former`` those that it once left. ``token`` is the one that it was created with.
    """

    item: Item[R]
    sequence: int
    lists: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    token: str | None = None
    _outside: Item[R] | None = attrs.field(default=None, init=False)

    def seen_from(self, name: str | None) -> Item[R]:
        """Return the item as seen from the scope ``name``; both forms are made once and then shared."""
        if name is None or name in self.lists:
            return self.item
        if self._outside is None:
            item = self.item
            self._outside = Item(item.id, item.version, item.record, False, item.modified, item.token)  # noqa: FBT003 -- an Item by position costs half
        return self._outside


@attrs.define(eq=False, repr=False)
class Gone:
    """What is left of a record that was deleted, or that lives on as ``moved_to``.

    ``lists`` are all the named scopes that it ever belonged to: their feeds tell that it is gone.
    """

    id: str
    sequence: int
    lists: tuple[str, ...] = ()
    moved_to: str | None = None
