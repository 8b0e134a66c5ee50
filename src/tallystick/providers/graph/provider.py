"""Provide the two faces of a collection: the provider that blocks, and the one that is awaited."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

from tallystick.ports import Capabilities, Create, Found, Item, Outcome, Page, Remove, Scope, Term, Update
from tallystick.providers.graph.asks import Asking
from tallystick.providers.graph.collection import Collection
from tallystick.providers.graph.tasks import TaskKind
from tallystick.records import TodoTask

R = TypeVar("R")


class GraphProvider(Generic[R]):
    """One collection of a mailbox, as :class:`tallystick.ports.Provider` has it; made by :class:`Mailbox`."""

    def __init__(self, account: str, collection: Collection[R], run: Callable[[Asking[Any]], Any]) -> None:
        self._account, self._collection, self._run = account, collection, run

    @property
    def account(self) -> str:
        """The name that the host gave to the account."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What the provider can do."""
        return self._collection.capabilities

    def scopes(self) -> Sequence[str]:
        """Return the names of what a sync may choose from."""
        found: Sequence[str] = self._run(self._collection.kind.scopes())
        return found

    def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page of the feed."""
        found: Page[R] = self._run(self._collection.changes(cursor, scope))
        return found

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now."""
        found: Sequence[Found[R]] = self._run(self._collection.get(ids, scope))
        return found

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every record that any of the terms fits."""
        found: Sequence[Item[R]] = self._run(self._collection.search(terms, scope))
        return found

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records."""
        outcomes: Sequence[Outcome[R]] = self._run(self._collection.create(batch, scope))
        return outcomes

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of records."""
        outcomes: Sequence[Outcome[R]] = self._run(self._collection.update(batch, scope))
        return outcomes

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:
        """Delete records."""
        outcomes: Sequence[Outcome[R]] = self._run(self._collection.remove(batch, scope))
        return outcomes


class GraphTasks(GraphProvider[TodoTask]):
    """The tasks of a mailbox, a :class:`tallystick.ports.ScopeMaker` besides."""

    def __init__(
        self, account: str, collection: Collection[TodoTask], kind: TaskKind, run: Callable[[Asking[Any]], Any]
    ) -> None:
        super().__init__(account, collection, run)
        self._kind = kind

    def own_scope(self, title: str, token: str) -> Scope:
        """Return the list that was made under ``token``, or a new one."""
        found: Scope = self._run(self._kind.own_scope(title, token))
        return found


class AsyncGraphProvider(Generic[R]):
    """One collection of a mailbox, as :class:`tallystick.ports.AsyncProvider` has it; made by :class:`AsyncMailbox`."""

    def __init__(self, account: str, collection: Collection[R], run: Callable[[Asking[Any]], Awaitable[Any]]) -> None:
        self._account, self._collection, self._run = account, collection, run

    @property
    def account(self) -> str:
        """The name that the host gave to the account."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What the provider can do."""
        return self._collection.capabilities

    async def scopes(self) -> Sequence[str]:
        """Return the names of what a sync may choose from."""
        found: Sequence[str] = await self._run(self._collection.kind.scopes())
        return found

    async def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page of the feed."""
        found: Page[R] = await self._run(self._collection.changes(cursor, scope))
        return found

    async def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now."""
        found: Sequence[Found[R]] = await self._run(self._collection.get(ids, scope))
        return found

    async def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every record that any of the terms fits."""
        found: Sequence[Item[R]] = await self._run(self._collection.search(terms, scope))
        return found

    async def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records."""
        outcomes: Sequence[Outcome[R]] = await self._run(self._collection.create(batch, scope))
        return outcomes

    async def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of records."""
        outcomes: Sequence[Outcome[R]] = await self._run(self._collection.update(batch, scope))
        return outcomes

    async def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:
        """Delete records."""
        outcomes: Sequence[Outcome[R]] = await self._run(self._collection.remove(batch, scope))
        return outcomes


class AsyncGraphTasks(AsyncGraphProvider[TodoTask]):
    """The tasks of a mailbox, awaited."""

    def __init__(
        self,
        account: str,
        collection: Collection[TodoTask],
        kind: TaskKind,
        run: Callable[[Asking[Any]], Awaitable[Any]],
    ) -> None:
        super().__init__(account, collection, run)
        self._kind = kind

    async def own_scope(self, title: str, token: str) -> Scope:
        """Return the list that was made under ``token``, or a new one."""
        found: Scope = await self._run(self._kind.own_scope(title, token))
        return found
