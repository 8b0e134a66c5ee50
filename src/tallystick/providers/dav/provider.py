"""Provide an address book or a calendar on a CardDAV or CalDAV server as one side of a sync.

What an engine has to know of it:

* Scopes are categories (CATEGORIES). Without a name the scope is the whole collection, of which every record is a
  member; joining or leaving that is answered as done and changes nothing.
* The token of a create is the record's name (:attr:`CreateSafety.CLIENT_ID`), so a repeat meets the first.
* Versions are etags, and every write rests on one.
* A record that can't be read is left alone and shown as refused (NO_ACCESS), so that it stops none of the others.

Both providers say the same; one blocks and one is awaited.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Final, Generic, Self, TypeVar, final

from tallystick.ports import (
    AsyncClock,
    Capabilities,
    Clock,
    Create,
    CreateSafety,
    Found,
    Item,
    Outcome,
    Page,
    Remove,
    Scope,
    Term,
    Update,
)
from tallystick.providers.dav.feed import Feed
from tallystick.providers.dav.kinds import DavKind
from tallystick.providers.dav.opening import Collection
from tallystick.providers.dav.reading import Reader
from tallystick.providers.dav.writing import Writer
from tallystick.providers.http.exchange import drive, drive_async
from tallystick.providers.http.transport import AsyncTransport, Transport

R = TypeVar("R")
PAGE_SIZE: Final = 500
"""How many changes are asked for at a time; some services answer with all of them."""
_BATCH: Final = 20
_READ: Final = 200


@final
class DavProvider(Generic[R]):
    """The records of one collection.

    Args:
        collection: The collection, as :func:`open_dav` and :func:`find_collections` return it.
        kind: What it holds.
        transport: Sends the requests; closed along with the provider.
        clock: Gives the time that records are stamped with when they are written; without one stamps stay.
        page_size: How many changes are asked for at a time.
    """

    def __init__(
        self,
        collection: Collection,
        kind: DavKind[R],
        transport: Transport,
        *,
        clock: Clock | None = None,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self.collection = collection
        self._capabilities = _capabilities(collection)
        reader = Reader(collection.url, kind)
        self._feed = Feed(reader, delta=collection.delta, page_size=page_size)
        self._writer = Writer(reader, _now(clock))
        self._transport = transport

    def __repr__(self) -> str:
        return f"<DavProvider {self.collection.name!r}>"

    @property
    def account(self) -> str:
        """The collection's address."""
        return self.collection.url

    @property
    def capabilities(self) -> Capabilities:
        """Deltas where the service knows them, versions that are checked, and creates under an id of our choice."""
        return self._capabilities

    def scopes(self) -> Sequence[str]:
        """Return every category that a record names, in alphabetical order."""
        return drive(self._feed.scopes(), self._transport.send)

    def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page of the feed."""
        return drive(self._feed.changes(cursor, scope), self._transport.send)

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now."""
        return drive(self._feed.get(ids, scope), self._transport.send)

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every record that any of the terms fits, by email, name, subject or token."""
        return drive(self._feed.search(terms, scope), self._transport.send)

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records, each under its token."""
        self._feed.refuse_window(scope)
        return drive(self._writer.create(batch, scope), self._transport.send)

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of records."""
        self._feed.refuse_window(scope)
        return drive(self._writer.update(batch, scope), self._transport.send)

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:  # noqa: ARG002 -- of the protocol
        """Delete records."""
        return drive(self._writer.remove(batch), self._transport.send)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@final
class AsyncDavProvider(Generic[R]):
    """The records of one collection, awaited; arguments and promises are those of :class:`DavProvider`."""

    def __init__(
        self,
        collection: Collection,
        kind: DavKind[R],
        transport: AsyncTransport,
        *,
        clock: Clock | AsyncClock | None = None,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self.collection = collection
        self._capabilities = _capabilities(collection)
        reader = Reader(collection.url, kind)
        self._feed = Feed(reader, delta=collection.delta, page_size=page_size)
        self._writer = Writer(reader, _now(clock))
        self._transport = transport

    def __repr__(self) -> str:
        return f"<AsyncDavProvider {self.collection.name!r}>"

    @property
    def account(self) -> str:
        """The collection's address."""
        return self.collection.url

    @property
    def capabilities(self) -> Capabilities:
        """Deltas where the service knows them, versions that are checked, and creates under an id of our choice."""
        return self._capabilities

    async def scopes(self) -> Sequence[str]:
        """Return every category that a record names, in alphabetical order."""
        return await drive_async(self._feed.scopes(), self._transport.send)

    async def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page of the feed."""
        return await drive_async(self._feed.changes(cursor, scope), self._transport.send)

    async def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now."""
        return await drive_async(self._feed.get(ids, scope), self._transport.send)

    async def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every record that any of the terms fits."""
        return await drive_async(self._feed.search(terms, scope), self._transport.send)

    async def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records, each under its token."""
        self._feed.refuse_window(scope)
        return await drive_async(self._writer.create(batch, scope), self._transport.send)

    async def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of records."""
        self._feed.refuse_window(scope)
        return await drive_async(self._writer.update(batch, scope), self._transport.send)

    async def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:  # noqa: ARG002 -- of the protocol
        """Delete records."""
        return await drive_async(self._writer.remove(batch), self._transport.send)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _capabilities(collection: Collection) -> Capabilities:
    return Capabilities(
        delta=collection.delta,
        create_safety=CreateSafety.CLIENT_ID,
        token_in_listings=True,
        batch_size=_BATCH,
        read_size=_READ,
    )


def _now(clock: Clock | AsyncClock | None) -> Callable[[], datetime | None]:
    return (lambda: None) if clock is None else clock.now
