"""Provide the two faces of a provider whose decisions are exchanges: one that blocks, and one that is awaited."""

from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import Any, Generic, Protocol, TypeVar

from tallystick.ports import Capabilities, Create, Found, Item, Outcome, Page, Remove, Scope, Term, Update
from tallystick.providers.http.exchange import drive, drive_async

R = TypeVar("R")


class Decisions(Protocol[R]):
    """What a provider decides, without sending anything: each method is an exchange, and answers as the port says."""

    @property
    def capabilities(self) -> Capabilities:
        """What the provider can do."""
        ...

    def scopes(self) -> Generator[Any, Any, Sequence[str]]:
        """Return the names of what a sync may choose from."""
        ...

    def changes(self, cursor: str | None, scope: Scope) -> Generator[Any, Any, Page[R]]:
        """Return one page of the feed."""
        ...

    def get(self, ids: Sequence[str], scope: Scope) -> Generator[Any, Any, Sequence[Found[R]]]:
        """Return what each id is now."""
        ...

    def search(self, terms: Sequence[Term], scope: Scope) -> Generator[Any, Any, Sequence[Item[R]]]:
        """Return every record that any of the terms fits."""
        ...

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Generator[Any, Any, Sequence[Outcome[R]]]:
        """Create records."""
        ...

    def update(self, batch: Sequence[Update], scope: Scope) -> Generator[Any, Any, Sequence[Outcome[R]]]:
        """Change fields and membership of records."""
        ...

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Generator[Any, Any, Sequence[Outcome[R]]]:
        """Delete records."""
        ...


class BlockingProvider(Generic[R]):
    """A :class:`tallystick.ports.Provider`; ``send`` answers what the decisions ask."""

    def __init__(self, account: str, decisions: Decisions[R], send: Callable[[Any], Any]) -> None:
        self._account, self._decisions, self._send = account, decisions, send

    @property
    def account(self) -> str:
        """The name of the account."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What the provider can do."""
        return self._decisions.capabilities

    def scopes(self) -> Sequence[str]:
        """Return the names of what a sync may choose from."""
        return drive(self._decisions.scopes(), self._send)

    def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page of the feed."""
        return drive(self._decisions.changes(cursor, scope), self._send)

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now."""
        return drive(self._decisions.get(ids, scope), self._send)

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every record that any of the terms fits."""
        return drive(self._decisions.search(terms, scope), self._send)

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records."""
        return drive(self._decisions.create(batch, scope), self._send)

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of records."""
        return drive(self._decisions.update(batch, scope), self._send)

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:
        """Delete records."""
        return drive(self._decisions.remove(batch, scope), self._send)


class AwaitedProvider(Generic[R]):
    """A :class:`tallystick.ports.AsyncProvider`; ``send`` is awaited."""

    def __init__(self, account: str, decisions: Decisions[R], send: Callable[[Any], Awaitable[Any]]) -> None:
        self._account, self._decisions, self._send = account, decisions, send

    @property
    def account(self) -> str:
        """The name of the account."""
        return self._account

    @property
    def capabilities(self) -> Capabilities:
        """What the provider can do."""
        return self._decisions.capabilities

    async def scopes(self) -> Sequence[str]:
        """Return the names of what a sync may choose from."""
        return await drive_async(self._decisions.scopes(), self._send)

    async def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page of the feed."""
        return await drive_async(self._decisions.changes(cursor, scope), self._send)

    async def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now."""
        return await drive_async(self._decisions.get(ids, scope), self._send)

    async def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every record that any of the terms fits."""
        return await drive_async(self._decisions.search(terms, scope), self._send)

    async def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records."""
        return await drive_async(self._decisions.create(batch, scope), self._send)

    async def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of records."""
        return await drive_async(self._decisions.update(batch, scope), self._send)

    async def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:
        """Delete records."""
        return await drive_async(self._decisions.remove(batch, scope), self._send)
