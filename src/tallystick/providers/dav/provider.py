"""Provide an address book or a calendar on a CardDAV or CalDAV server as one side of a sync.

What an engine has to know of it:

* Scopes are categories (CATEGORIES). Without a name the scope is the whole collection, of which every record is a
  member; joining or leaving that is answered as done and changes nothing.
* The token of a create is the record's name (:attr:`CreateSafety.CLIENT_ID`), so a repeat meets the first.
* Versions are etags, and every write rests on one.
* A record that can't be read is left alone and told as unreadable, so that it stops none of the others; asked for by
  its id it is refused (NO_ACCESS).

Both providers say the same; one blocks and one is awaited.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Generic, Self, TypeVar, final

from tallystick.ports import AsyncClock, Capabilities, Clock, Create, CreateSafety, Outcome, Remove, Scope, Update
from tallystick.ports.clock import instant_of
from tallystick.providers.dav.feed import Feed
from tallystick.providers.dav.kinds import DavKind
from tallystick.providers.dav.opening import Collection
from tallystick.providers.dav.reading import Reader
from tallystick.providers.dav.writing import Writer
from tallystick.providers.http.exchange import Exchange
from tallystick.providers.http.faces import AwaitedProvider, BlockingProvider
from tallystick.providers.http.transport import AsyncTransport, Transport

R = TypeVar("R")
_BATCH: Final = 20
_READ: Final = 200


@final
class DavProvider(BlockingProvider[R]):
    """The records of one collection.

    Args:
        collection: The collection, as :func:`open_dav` and :func:`find_collections` return it.
        kind: What it holds.
        transport: Sends the requests; closed along with the provider.
        clock: Gives the time that records are stamped with when they are written; without one stamps stay.
    """

    def __init__(
        self,
        collection: Collection,
        kind: DavKind[R],
        transport: Transport,
        *,
        clock: Clock | None = None,
    ) -> None:
        records = _Records(collection, kind, clock)
        super().__init__(collection.url, records, transport.send)
        self.collection: Collection = collection
        self._records = records
        self._transport = transport

    def __repr__(self) -> str:
        return f"<DavProvider {self.collection.name!r}>"

    @property
    def unreadable(self) -> Sequence[str]:
        """The ids of the records that cannot be read, among those that were listed so far; they are left alone."""
        return sorted(self._records.unreadable)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


@final
class AsyncDavProvider(AwaitedProvider[R]):
    """The records of one collection, awaited; arguments and promises are those of :class:`DavProvider`."""

    def __init__(
        self,
        collection: Collection,
        kind: DavKind[R],
        transport: AsyncTransport,
        *,
        clock: Clock | AsyncClock | None = None,
    ) -> None:
        records = _Records(collection, kind, clock)
        super().__init__(collection.url, records, transport.send)
        self.collection: Collection = collection
        self._records = records
        self._transport = transport

    def __repr__(self) -> str:
        return f"<AsyncDavProvider {self.collection.name!r}>"

    @property
    def unreadable(self) -> Sequence[str]:
        """The ids of the records that cannot be read, among those that were listed so far; they are left alone."""
        return sorted(self._records.unreadable)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.close()


class _Records(Generic[R]):
    """What both decide: readings are the feed's, writes the writer's."""

    def __init__(self, collection: Collection, kind: DavKind[R], clock: Clock | AsyncClock | None) -> None:
        self.capabilities = Capabilities(
            delta=collection.delta,
            create_safety=CreateSafety.CLIENT_ID,
            token_in_listings=True,
            batch_size=_BATCH,
            read_size=_READ,
        )
        reader = Reader(collection.url, kind)
        self._feed = Feed(reader, delta=collection.delta)
        self._writer = Writer(reader, _now(clock))
        self.scopes, self.changes = self._feed.scopes, self._feed.changes
        self.get, self.search = self._feed.get, self._feed.search
        self.unreadable = self._feed.unreadable

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Exchange[Sequence[Outcome[R]]]:
        """Create records, each under its token."""
        self._feed.refuse_window(scope)
        return self._writer.create(batch, scope)

    def update(self, batch: Sequence[Update], scope: Scope) -> Exchange[Sequence[Outcome[R]]]:
        """Change fields and membership of records."""
        self._feed.refuse_window(scope)
        return self._writer.update(batch, scope)

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Exchange[Sequence[Outcome[R]]]:  # noqa: ARG002 -- of the protocol
        """Delete records."""
        return self._writer.remove(batch)


def _now(clock: Clock | AsyncClock | None) -> Callable[[], datetime | None]:
    return (lambda: None) if clock is None else lambda: instant_of(clock.now())
