"""Provide the two ways in which services keep named scopes: in the record, or beside it.

Outlook writes categories into the contact; its feed covers a folder and knows nothing of them, so it tells of every
record that changed. A CRM keeps favourite lists apart from its entries; a list's feed tells only of those that are,
or were, on the list.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Protocol, TypeVar, cast

from tallystick.providers.memory.shape import Shape

R = TypeVar("R")
Names = tuple[str, ...]


class Membership(Protocol[R]):
    """How a collection knows which named scopes a record belongs to."""

    @property
    def tells_outsiders(self) -> bool:
        """Tell whether the feed of a scope shows records that never belonged to it."""
        ...

    def names(self, record: R, lists: Names) -> Names:
        """Return the scopes of a record, given those that were kept beside it."""
        ...

    def place(self, record: R, lists: Names, name: str, member: bool) -> tuple[R, Names]:  # noqa: FBT001 -- a value to set, not a switch
        """Return record and scopes with ``name`` joined or left, the other scopes as they were."""
        ...


class Categories(Membership[R]):
    """Scopes are names in one field of the record, a tuple of strings; other categories are kept."""

    def __init__(self, shape: Shape[R], field: str = "categories") -> None:
        self._shape = shape
        self._field = field
        self._read = cast("Callable[[R], Names]", attrgetter(field))

    @property
    def tells_outsiders(self) -> bool:
        """A folder's feed tells of every change in the folder."""
        return True

    def names(self, record: R, lists: Names) -> Names:  # noqa: ARG002 -- the protocol's other half
        """Return the categories that stand in the record."""
        return self._read(record)

    def place(self, record: R, lists: Names, name: str, member: bool) -> tuple[R, Names]:  # noqa: ARG002, FBT001 -- the protocol's
        """Return the record with the category added at the end, or taken out."""
        present = self._read(record)
        if (name in present) is member:
            return record, present
        names = (*present, name) if member else tuple(each for each in present if each != name)
        return self._shape.evolve(record, {self._field: names}), names


class Lists(Membership[R]):
    """Scopes are lists beside the records; the record itself is not touched."""

    @property
    def tells_outsiders(self) -> bool:
        """A list's feed tells of its own entries only."""
        return False

    def names(self, record: R, lists: Names) -> Names:  # noqa: ARG002 -- the protocol's other half
        """Return the lists as they were kept."""
        return lists

    def place(self, record: R, lists: Names, name: str, member: bool) -> tuple[R, Names]:  # noqa: FBT001 -- the protocol's
        """Return the same record, and the lists with ``name`` added at the end, or taken out."""
        if (name in lists) is member:
            return record, lists
        return record, (*lists, name) if member else tuple(each for each in lists if each != name)
