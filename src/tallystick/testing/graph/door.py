"""Provide the back door of a simulated mailbox: the outside user of the provider's contract."""

from collections.abc import Collection, Mapping
from typing import Any, Generic, TypeVar

import attrs

from tallystick.records import TodoTask
from tallystick.testing.graph.person import Hands
from tallystick.testing.graph.todo import Todo

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


@attrs.frozen
class TodoDoor:
    """The tasks of a simulated mailbox, as their user has them, under the ids that the provider gives them."""

    todo: Todo

    def insert(self, record: TodoTask, *, member: bool) -> str:
        """Add a task to the list Tasks, or to another one."""
        id_ = self.todo.insert(record, folder=None if member else self.todo.make_list("Others"))
        return f"{self.todo.list_of(id_)}/{id_}"

    def edit(self, id: str, fields: Mapping[str, object]) -> None:  # noqa: A002 -- the word of the ports
        """Set fields of a task."""
        self.todo.edit(_own(id), **fields)

    def delete(self, id: str) -> None:  # noqa: A002 -- the word of the ports
        """Delete a task."""
        self.todo.delete(_own(id))

    def move(self, id: str, *, member: bool) -> None:  # noqa: A002 -- the word of the ports
        """Refuse: a task that is moved to another list is another task."""
        raise NotImplementedError

    def record(self, id: str) -> TodoTask:  # noqa: A002 -- the word of the ports
        """Return a task as it is now."""
        return self.todo.record(_own(id))

    def ids(self) -> Collection[str]:
        """Return all ids."""
        return [f"{self.todo.list_of(id_)}/{id_}" for id_ in self.todo.ids()]

    def expire_cursors(self) -> bool:
        """Forget every cursor."""
        self.todo.expire_cursors()
        return True


def _own(id_: str) -> str:
    return id_.rpartition("/")[2]
