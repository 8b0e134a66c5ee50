"""Provide the writes that the engine asks of a provider, and what may become of each.

Every write carries what it rests on (a version), and a token by which it can be recognised after a lost answer.
``member`` is part of a write, since joining or leaving a list is one: True joins, False leaves, None leaves it alone.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

import attrs

from tallystick.making import quickly_made
from tallystick.ports.item import Item

R = TypeVar("R")


class WriteKind(StrEnum):
    """How writes are counted; each write is of exactly one kind."""

    CREATE = "create"
    UPDATE = "update"
    REMOVE = "remove"
    JOIN = "join"
    LEAVE = "leave"


@quickly_made
@attrs.frozen
class Create(Generic[R]):
    """Create ``record``; where the provider can, under or with ``token``, so that a repeat is recognised."""

    token: str
    record: R = attrs.field(repr=False)
    member: bool = True

    @property
    def kind(self) -> WriteKind:
        """A create, always."""
        return WriteKind.CREATE


@quickly_made
@attrs.frozen
class Update:
    """Set ``fields`` of the record ``id`` (only these), and its membership, if it still has ``version``.

    A ``version`` of None asks for no condition.
    """

    id: str
    version: str | None
    fields: Mapping[str, object] = attrs.field(repr=False)
    member: bool | None = None
    token: str = ""

    @property
    def kind(self) -> WriteKind:
        """A join or a leave where membership is set, whatever fields come with it; else an update."""
        if self.member is None:
            return WriteKind.UPDATE
        return WriteKind.JOIN if self.member else WriteKind.LEAVE


@attrs.frozen
class Remove:
    """Delete the record ``id``, if it still has ``version``; None asks for no condition."""

    id: str
    version: str | None
    token: str = ""

    @property
    def kind(self) -> WriteKind:
        """A remove, always."""
        return WriteKind.REMOVE


Write = Create[R] | Update | Remove


class Status(StrEnum):
    """What became of one write."""

    DONE = "done"
    REFUSED = "refused"
    """The provider will not take it, now or later, unless the record changes; ``code`` says why."""
    CHANGED = "changed"
    """The record no longer has the version that the write rests on; nothing was written."""
    GONE = "gone"
    """There is no such record any more; nothing was written."""
    THROTTLED = "throttled"
    """Not now; nothing was written."""
    UNKNOWN = "unknown"
    """It was sent, and no answer came."""


@quickly_made
@attrs.frozen
class Outcome(Generic[R]):
    """What became of one write, at the same place in the answer as the write had in the batch.

    ``item`` is the record as it stands after a write that was done (None after a removal), read from the provider's
    answer, since services rewrite what they are given; a create or update without it counts as UNKNOWN. ``code`` is a
    short reason without contents; ``retry_after`` is in seconds.
    """

    status: Status
    item: Item[R] | None = None
    code: str = ""
    retry_after: float | None = None
