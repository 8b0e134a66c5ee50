"""Provide a mailbox of the service, blocking or awaited: where providers come from, and what carries their asks.

The access token is asked of the host for each request, sent, and kept nowhere. What a host's own function raises is
raised as it is, unless it is an error of the library. All providers of one mailbox go through one gate.
"""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from types import TracebackType
from typing import Final, Self, TypeVar

import attrs
import httpx

from tallystick.errors import MalformedAnswer, OutcomeUnknown, ProviderError, SettingsError
from tallystick.ports import Capabilities
from tallystick.providers.graph.asks import MOST_AT_ONCE, Answer, Ask, Asking
from tallystick.providers.graph.collection import Collection
from tallystick.providers.graph.contacts import CONTACT_CAPABILITIES, ContactKind
from tallystick.providers.graph.events import EVENT_CAPABILITIES, EventKind
from tallystick.providers.graph.gate import AsyncGate, Gate
from tallystick.providers.graph.http import FAILURES, failure, send, send_async
from tallystick.providers.graph.provider import AsyncGraphProvider, AsyncGraphTasks, GraphProvider, GraphTasks
from tallystick.providers.graph.tasks import TASK_CAPABILITIES, TaskKind
from tallystick.providers.graph.wire import ROOT, Wire, WireResponse, bearer, quoted
from tallystick.records import Contact, Event, TodoTask

T = TypeVar("T")
_MOST_ROWS: Final = 1000


@attrs.frozen
class _Place:
    """Which mailbox it is, and how much is asked of it at once."""

    account: str
    wire: Wire
    base: str
    page_size: int

    def contacts(self, folder: str | None, capabilities: Capabilities) -> Collection[Contact]:
        kind = ContactKind(self.wire, self.base, folder, _served(capabilities))
        return Collection(self.wire, kind, self.page_size)

    def calendar(self, calendar: str | None, capabilities: Capabilities) -> Collection[Event]:
        kind = EventKind(self.wire, self.base, calendar, _served(capabilities))
        return Collection(self.wire, kind, self.page_size)

    def tasks(self, capabilities: Capabilities) -> tuple[Collection[TodoTask], TaskKind]:
        kind = TaskKind(self.wire, self.base, _served(capabilities))
        return Collection(self.wire, kind, self.page_size), kind


def _served(capabilities: Capabilities) -> Capabilities:
    """Return capabilities; more writes in a call than go into one batch could be written in part and raise."""
    if capabilities.batch_size > MOST_AT_ONCE:
        raise SettingsError("more than the service takes in a batch", where="batch_size", remedy=f"{MOST_AT_ONCE}")
    return capabilities


def _place(account: str, user: str | None, root: str, page_size: int) -> _Place:
    if not account:
        raise SettingsError("an account without a name", where="account", remedy="name it by the user's id, say")
    if not 1 <= page_size <= _MOST_ROWS:
        raise SettingsError("outside of 1 to 1,000", where="page_size", remedy="200 is the default")
    return _Place(account, Wire(root), "/me" if user is None else f"/users/{quoted(user)}", page_size)


def _answers(wire: Wire, asks: Sequence[Ask], response: WireResponse) -> list[Answer]:
    try:
        return wire.answers(asks, response)
    except MalformedAnswer as error:
        if not any(ask.writes for ask in asks):
            raise
        raise OutcomeUnknown(error.what, where=error.where, remedy=error.remedy) from None


def _failed(error: Exception, asks: Sequence[Ask]) -> ProviderError:
    writes = any(ask.writes for ask in asks)
    if isinstance(error, MalformedAnswer):
        return OutcomeUnknown(error.what, where=error.where, remedy=error.remedy) if writes else error
    return failure(error, writes=writes)


class Mailbox:
    """A mailbox, for providers that block; a context manager.

    Args:
        account: An opaque name of the account; another account is another sync.
        token: Returns an access token; called for each request, so that it should keep one until it expires.
        user: Whose mailbox it is; None for the signed-in user's (``/me``).
        client: The client to use, with a proxy or certificates of yours; it is yours to close.
        root: Where the service's version begins, for a national cloud or a simulated service.
        page_size: How many rows a page of a feed is asked to have, 1 to 1,000.
        seconds: How long one request may take.
    """

    def __init__(
        self,
        account: str,
        token: Callable[[], str],
        *,
        user: str | None = None,
        client: httpx.Client | None = None,
        root: str = ROOT,
        page_size: int = 200,
        seconds: float = 60.0,
    ) -> None:
        self._place, self._token, self._seconds = _place(account, user, root, page_size), token, seconds
        self._client, self._owned = (httpx.Client(), True) if client is None else (client, False)
        self._gate = Gate()

    def __repr__(self) -> str:
        return f"Mailbox({self._place.account!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the client, unless it is the host's."""
        if self._owned:
            self._client.close()

    def contacts(
        self, *, folder: str | None = None, capabilities: Capabilities = CONTACT_CAPABILITIES
    ) -> GraphProvider[Contact]:
        """Return the provider of the contacts of a folder, the default one where ``folder`` is None.

        Scopes are categories.
        """
        return GraphProvider(self._place.account, self._place.contacts(folder, capabilities), self._run)

    def calendar(
        self, *, calendar: str | None = None, capabilities: Capabilities = EVENT_CAPABILITIES
    ) -> GraphProvider[Event]:
        """Return the provider of the events of a calendar, the default one where ``calendar`` is None.

        Scopes are categories, and have to have a window of days.
        """
        return GraphProvider(self._place.account, self._place.calendar(calendar, capabilities), self._run)

    def tasks(self, *, capabilities: Capabilities = TASK_CAPABILITIES) -> GraphTasks:
        """Return the provider of the tasks of To Do. Scopes are lists, by id; it can make one of the sync's own."""
        return GraphTasks(self._place.account, *self._place.tasks(capabilities), self._run)

    def _run(self, asking: Asking[T]) -> T:
        with contextlib.closing(asking):
            try:
                asks = next(asking)
                while True:
                    try:
                        answers = self._exchange(asks) if asks else []
                    except ProviderError as error:
                        asks = asking.throw(error)
                    else:
                        asks = asking.send(answers)
            except StopIteration as stop:
                found: T = stop.value
                return found

    def _exchange(self, asks: Sequence[Ask]) -> list[Answer]:
        wire = self._place.wire
        request = wire.request(asks)
        with self._gate.passed(request.width):
            authorization = bearer(self._token())
            try:
                response = send(self._client, request, authorization, most=wire.most, seconds=self._seconds)
            except (MalformedAnswer, *FAILURES) as error:
                raise _failed(error, asks) from None
        return _answers(wire, asks, response)


class AsyncMailbox:
    """A mailbox, for providers that are awaited; an async context manager.

    The arguments are those of :class:`Mailbox`; ``token`` may be awaited, and ``client`` is an ``httpx.AsyncClient``.
    """

    def __init__(
        self,
        account: str,
        token: Callable[[], str | Awaitable[str]],
        *,
        user: str | None = None,
        client: httpx.AsyncClient | None = None,
        root: str = ROOT,
        page_size: int = 200,
        seconds: float = 60.0,
    ) -> None:
        self._place, self._token, self._seconds = _place(account, user, root, page_size), token, seconds
        self._client, self._owned = (httpx.AsyncClient(), True) if client is None else (client, False)
        self._gate = AsyncGate()

    def __repr__(self) -> str:
        return f"AsyncMailbox({self._place.account!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the client, unless it is the host's."""
        if self._owned:
            await self._client.aclose()

    def contacts(
        self, *, folder: str | None = None, capabilities: Capabilities = CONTACT_CAPABILITIES
    ) -> AsyncGraphProvider[Contact]:
        """Return the provider of the contacts of a folder, the default one where ``folder`` is None."""
        return AsyncGraphProvider(self._place.account, self._place.contacts(folder, capabilities), self._run)

    def calendar(
        self, *, calendar: str | None = None, capabilities: Capabilities = EVENT_CAPABILITIES
    ) -> AsyncGraphProvider[Event]:
        """Return the provider of the events of a calendar, as :meth:`Mailbox.calendar` does."""
        return AsyncGraphProvider(self._place.account, self._place.calendar(calendar, capabilities), self._run)

    def tasks(self, *, capabilities: Capabilities = TASK_CAPABILITIES) -> AsyncGraphTasks:
        """Return the provider of the tasks of To Do, as :meth:`Mailbox.tasks` does."""
        return AsyncGraphTasks(self._place.account, *self._place.tasks(capabilities), self._run)

    async def _run(self, asking: Asking[T]) -> T:
        with contextlib.closing(asking):
            try:
                asks = next(asking)
                while True:
                    try:
                        answers = await self._exchange(asks) if asks else []
                    except ProviderError as error:
                        asks = asking.throw(error)
                    else:
                        asks = asking.send(answers)
            except StopIteration as stop:
                found: T = stop.value
                return found

    async def _exchange(self, asks: Sequence[Ask]) -> list[Answer]:
        wire = self._place.wire
        request = wire.request(asks)
        async with self._gate.passed(request.width):
            given = self._token()
            authorization = bearer(await given if isawaitable(given) else given)
            try:
                response = await send_async(self._client, request, authorization, most=wire.most, seconds=self._seconds)
            except (MalformedAnswer, *FAILURES) as error:
                raise _failed(error, asks) from None
        return _answers(wire, asks, response)
