"""Provide the protocol of a provider: one collection of records on one side, reached through somebody's transport.

Errors say what the host must do; they are the subclasses of :class:`tallystick.errors.ProviderError`. A method that
raises one of them, other than OutcomeUnknown, has written nothing.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from tallystick.ports.capabilities import Capabilities
from tallystick.ports.item import Found, Item, Page, Scope, Term
from tallystick.ports.write import Create, Outcome, Remove, Update

R = TypeVar("R")


class Provider(Protocol[R]):
    """One collection of records on one side."""

    @property
    def account(self) -> str:
        """An opaque name of the account behind the collection; another account is another sync."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do; constant while it lives."""
        ...

    def scopes(self) -> Sequence[str]:
        """Return the names of the lists or categories that a sync may choose from."""
        ...

    def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page: without a cursor every member of the scope, with one what changed since.

        A record that left the scope is an item that is no member, or an unlisted id; a deleted one is an unlisted id.
        Raises CursorExpired where the cursor is no longer known.
        """
        ...

    def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now, one answer for each in the order asked, members of the scope or not."""
        ...

    def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every record of the collection, in the scope or beyond, that any of the terms fits, each once.

        The fields are those that the profile's matcher names, and :attr:`Term.TOKEN`.
        """
        ...

    def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records, members of the scope where ``member`` says so; one outcome for each, in order.

        What a repeated token means, the capability ``create_safety`` says.
        """
        ...

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of records; one outcome for each, in order."""
        ...

    def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:
        """Delete records; one outcome for each, in order."""
        ...


class AsyncProvider(Protocol[R]):
    """A provider whose methods are awaited; each does and promises what :class:`Provider` says of it.

    Readings of one provider may be under way at once, a few at a time; writes come one batch after the other.
    """

    @property
    def account(self) -> str:
        """An opaque name of the account behind the collection."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can do; constant while it lives."""
        ...

    async def scopes(self) -> Sequence[str]:
        """Return the names of the lists or categories that a sync may choose from."""
        ...

    async def changes(self, cursor: str | None, scope: Scope) -> Page[R]:
        """Return one page of the feed."""
        ...

    async def get(self, ids: Sequence[str], scope: Scope) -> Sequence[Found[R]]:
        """Return what each id is now, in the order asked."""
        ...

    async def search(self, terms: Sequence[Term], scope: Scope) -> Sequence[Item[R]]:
        """Return every record that any of the terms fits, each once."""
        ...

    async def create(self, batch: Sequence[Create[R]], scope: Scope) -> Sequence[Outcome[R]]:
        """Create records; one outcome for each, in order."""
        ...

    async def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[R]]:
        """Change fields and membership of records; one outcome for each, in order."""
        ...

    async def remove(self, batch: Sequence[Remove], scope: Scope) -> Sequence[Outcome[R]]:
        """Delete records; one outcome for each, in order."""
        ...
