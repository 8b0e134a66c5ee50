"""Provide the back door of a simulated mailbox: the outside user of the provider's contract."""

from collections.abc import Collection, Mapping
from typing import Any, Generic, TypeVar

import attrs

from tallystick.testing.graph.person import Hands

R = TypeVar("R")


@attrs.frozen
class GraphDoor(Generic[R]):
    """The objects of one kind, as their user has them; members are those of a category. None: all are members."""

    objects: Hands[R]
    category: str | None = None

    def insert(self, record: R, *, member: bool) -> str:
        """Add a record."""
        return self.objects.insert(self._placed(record, member=member))

    def edit(self, id: str, fields: Mapping[str, object]) -> None:  # noqa: A002 -- the word of the ports
        """Set fields of a record."""
        self.objects.edit(id, **fields)

    def delete(self, id: str) -> None:  # noqa: A002 -- the word of the ports
        """Delete a record."""
        self.objects.delete(id)

    def move(self, id: str, *, member: bool) -> None:  # noqa: A002 -- the word of the ports
        """Put a record into the category, or take it out."""
        record: Any = self._placed(self.objects.record(id), member=member)
        self.objects.edit(id, categories=record.categories)

    def record(self, id: str) -> R:  # noqa: A002 -- the word of the ports
        """Return a record as it is now."""
        return self.objects.record(id)

    def ids(self) -> Collection[str]:
        """Return all ids."""
        return self.objects.ids()

    def expire_cursors(self) -> bool:
        """Forget every cursor."""
        self.objects.expire_cursors()
        return True

    def _placed(self, record: Any, *, member: bool) -> Any:  # noqa: ANN401 -- whatever has categories
        if self.category is None:
            return record
        others = tuple(one for one in record.categories if one != self.category)
        return attrs.evolve(record, categories=(*others, self.category) if member else others)
