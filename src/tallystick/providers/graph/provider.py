"""Provide the two faces of a collection: the provider that blocks, and the one that is awaited."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from tallystick.ports import Scope
from tallystick.providers.graph.asks import Answer, Ask
from tallystick.providers.graph.collection import Collection
from tallystick.providers.graph.tasks import TaskKind
from tallystick.providers.http.exchange import drive, drive_async
from tallystick.providers.http.faces import AwaitedProvider, BlockingProvider
from tallystick.records import TodoTask

R = TypeVar("R")
Send = Callable[[Sequence[Ask]], Sequence[Answer]]
AsyncSend = Callable[[Sequence[Ask]], Awaitable[Sequence[Answer]]]


class GraphProvider(BlockingProvider[R]):
    """One collection of a mailbox, as :class:`tallystick.ports.Provider` has it; made by :class:`Mailbox`."""


class GraphTasks(GraphProvider[TodoTask]):
    """The tasks of a mailbox, a :class:`tallystick.ports.ScopeMaker` besides."""

    def __init__(self, account: str, collection: Collection[TodoTask], kind: TaskKind, send: Send) -> None:
        super().__init__(account, collection, send)
        self._kind = kind

    def own_scope(self, title: str, token: str) -> Scope:
        """Return the list that was made under ``token``, or a new one."""
        return drive(self._kind.own_scope(title, token), self._send)


class AsyncGraphProvider(AwaitedProvider[R]):
    """One collection of a mailbox, as :class:`tallystick.ports.AsyncProvider` has it; made by :class:`AsyncMailbox`."""


class AsyncGraphTasks(AsyncGraphProvider[TodoTask]):
    """The tasks of a mailbox, awaited."""

    def __init__(self, account: str, collection: Collection[TodoTask], kind: TaskKind, send: AsyncSend) -> None:
        super().__init__(account, collection, send)
        self._kind = kind

    async def own_scope(self, title: str, token: str) -> Scope:
        """Return the list that was made under ``token``, or a new one."""
        return await drive_async(self._kind.own_scope(title, token), self._send)
