"""Provide what an author hands to the provider's contract: sample records, and a back door that plays the outside user.

The back door reaches the service past the provider, as a person at its own screen does. Without it a provider that
remembers what it was told would pass for a service that keeps it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

import attrs

from tallystick.errors import AuthenticationRequired, Unavailable
from tallystick.ports import Scope, Term
from tallystick.providers.memory import MemoryCollection

R = TypeVar("R")


class Trouble(StrEnum):
    """What the service does to the next request of the provider's."""

    THROTTLED = "throttled"
    """It is asked to come back later, such as with 429; nothing is done."""
    FAILED = "failed"
    """It is answered with an error of the service's own, such as 500; nothing was done."""
    SIGNED_OUT = "signed out"
    """The sign-in is no longer valid, such as with 401; nothing is done."""
    LOST_ANSWER = "left without an answer"
    """The next write is carried out, and its answer never comes."""


class BackDoor(Protocol[R]):
    """The service as its own user sees it. Its methods may be awaited where the provider's are.

    One that also has a method ``trouble(kind)`` brings a :class:`Trouble` about, and returns False for a kind that it
    can't; what needs it is untried otherwise.
    """

    def insert(self, record: R, *, member: bool) -> str:
        """Add a record, on the list of the samples' scope or not, and return its id."""
        ...

    def edit(self, id: str, fields: Mapping[str, object]) -> None:  # noqa: A002 -- the word of the ports
        """Set fields of a record."""
        ...

    def delete(self, id: str) -> None:  # noqa: A002 -- the word of the ports
        """Delete a record."""
        ...

    def move(self, id: str, *, member: bool) -> None:  # noqa: A002 -- the word of the ports
        """Put a record on the list, or take it off. Never called where the scope has no name."""
        ...

    def record(self, id: str) -> R:  # noqa: A002 -- the word of the ports
        """Return a record as it is now."""
        ...

    def ids(self) -> Collection[str]:
        """Return the ids of all records there are, on the list or not."""
        ...

    def expire_cursors(self) -> bool:
        """Make the service forget every cursor it gave; return False where that can't be brought about."""
        ...


@attrs.frozen
class Samples(Generic[R]):
    """Sample records and how they may be changed.

    ``record`` gives the n-th of many different records, at least as many as a batch, a reading and ``listing`` hold.
    ``edit`` and ``other_edit`` are two sets of new field values, of different fields, that change any of them; let one
    be a text as long as the service takes, with letters beyond ASCII, or nobody sees what is cut or garbled. ``terms``
    are the search terms by which a record is found, and no other sample is. ``shown`` is what of a record has to
    arrive whole; services rewrite the rest. ``wait`` lets a time pass until a write can be seen.

    ``listing`` is how many records listings are tried with: let it be more than a page of the service holds.
    ``refused`` is a record that the service does not take, ``now`` tells the time by the service's clock; what needs
    one of them is untried without it.
    """

    record: Callable[[int], R]
    edit: Mapping[str, object]
    other_edit: Mapping[str, object]
    terms: Callable[[R], Sequence[Term]]
    scope: Scope = Scope()
    shown: Callable[[R], object] = lambda record: record
    wait: Callable[[timedelta], None] = lambda _: None
    listing: int = 7
    refused: R | None = None
    now: Callable[[], datetime] | None = None


@attrs.frozen
class MemoryDoor(Generic[R]):
    """The back door of a collection in memory; ``name`` is the list or category of the samples' scope."""

    collection: MemoryCollection[R]
    name: str | None = None

    def insert(self, record: R, *, member: bool) -> str:
        """Add a record."""
        return self.collection.insert(record, lists=(self.name,) if member and self.name else ())

    def edit(self, id: str, fields: Mapping[str, object]) -> None:  # noqa: A002 -- the word of the ports
        """Set fields of a record."""
        self.collection.edit(id, **fields)

    def delete(self, id: str) -> None:  # noqa: A002 -- the word of the ports
        """Delete a record."""
        self.collection.delete(id)

    def move(self, id: str, *, member: bool) -> None:  # noqa: A002 -- the word of the ports
        """Put a record on the list, or take it off."""
        name = self.name or ""
        (self.collection.join if member else self.collection.leave)(id, name)

    def record(self, id: str) -> R:  # noqa: A002 -- the word of the ports
        """Return a record as it is now."""
        return self.collection.record(id)

    def ids(self) -> Collection[str]:
        """Return all ids."""
        return self.collection.ids()

    def expire_cursors(self) -> bool:
        """Forget every cursor."""
        self.collection.expire_cursors()
        return True

    def trouble(self, kind: Trouble) -> bool:
        """Have the next request fail."""
        faults = self.collection.faults
        if kind is Trouble.THROTTLED:
            faults.throttle()
        elif kind is Trouble.FAILED:
            faults.fail(None, Unavailable("the service is out of order"))
        elif kind is Trouble.SIGNED_OUT:
            faults.fail(None, AuthenticationRequired("the sign-in is no longer valid"))
        else:
            for method in ("create", "update", "remove"):
                faults.lose_reply(method)
        return True
