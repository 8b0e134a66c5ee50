"""Provide a mailbox of the service, blocking or awaited: where providers come from, and what carries their asks.

The access token is asked of the host for each request, sent, and kept nowhere; it is asked once more where the service
does not take it. What a host's own function raises is raised as it is. All providers of a mailbox go through one gate.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from inspect import isawaitable
from typing import Final, Self

import attrs

from tallystick.codecs.graph import provider_error
from tallystick.codecs.graph.answers import LARGEST
from tallystick.errors import MalformedAnswer, OutcomeUnknown, ProviderError, SettingsError, UnknownRecord
from tallystick.ports import Capabilities
from tallystick.providers.graph.asks import MOST_AT_ONCE, Answer, Ask
from tallystick.providers.graph.collection import Collection
from tallystick.providers.graph.contacts import CONTACT_CAPABILITIES, ContactKind
from tallystick.providers.graph.events import EVENT_CAPABILITIES, EventKind
from tallystick.providers.graph.gate import AsyncGate, Gate
from tallystick.providers.graph.mail import MAIL_CAPABILITIES, MailKind
from tallystick.providers.graph.mail_feed import MailDecisions
from tallystick.providers.graph.mail_provider import AsyncGraphMail, GraphMail
from tallystick.providers.graph.provider import AsyncGraphProvider, AsyncGraphTasks, GraphProvider, GraphTasks
from tallystick.providers.graph.reading import is_gone
from tallystick.providers.graph.storing import Part
from tallystick.providers.graph.tasks import TASK_CAPABILITIES, TaskKind
from tallystick.providers.graph.wire import ROOT, Wire, bearer, quoted
from tallystick.providers.http.body import Limits
from tallystick.providers.http.exchange import Answer as Response
from tallystick.providers.http.exchange import Request
from tallystick.providers.http.transport import AsyncClient, AsyncTransport, Client, Transport
from tallystick.records import Contact, Event, TodoTask

LARGEST_ATTACHMENT: Final = 150 * 1024 * 1024
"""How many bytes of an attachment are read at most; no mailbox takes larger messages."""
_MOST_ROWS: Final = 1000
_MOST_BYTES: Final = 3 * 1024 * 1024
"""How many bytes a batch has at most; the service takes 4 MB in a request."""
_DOWNLOAD_TIMES: Final = 10
_OK: Final = 200


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

    def mail(self, folders: Sequence[str] | None, capabilities: Capabilities) -> MailDecisions:
        if isinstance(folders, str):
            raise SettingsError("a text in the place of a list", where="folders", remedy='such as folders=["inbox"]')
        kind = MailKind(self.wire, self.base, capabilities=_served(capabilities))
        chosen = None if folders is None else tuple(dict.fromkeys(folders))
        return MailDecisions(Collection(self.wire, kind, self.page_size), kind, chosen)

    def tasks(self, capabilities: Capabilities) -> tuple[Collection[TodoTask], TaskKind]:
        kind = TaskKind(self.wire, self.base, _served(capabilities))
        return Collection(self.wire, kind, self.page_size), kind


def _served(capabilities: Capabilities) -> Capabilities:
    """Return capabilities; more writes in a call than go into one batch could be written in part and raise."""
    if capabilities.batch_size > MOST_AT_ONCE:
        raise SettingsError("more than the service takes in a batch", where="batch_size", remedy=f"{MOST_AT_ONCE}")
    return capabilities


def _place(account: str, token: object, user: str | None, root: str, page_size: int, seconds: float) -> _Place:
    named: object = account
    rows: object = page_size
    if not (isinstance(named, str) and named):
        raise SettingsError("an account without a name", where="account", remedy="name it by the user's id, say")
    if not callable(token):
        raise SettingsError("nothing that can be called", where="token", remedy="give a function that returns a token")
    if user is not None and not user:
        raise SettingsError("a user without an id", where="user", remedy="leave it out for the signed-in user")
    if not (isinstance(rows, int) and 1 <= rows <= _MOST_ROWS):
        raise SettingsError("no number from 1 to 1,000", where="page_size", remedy="200 is the default")
    if not seconds > 0:
        raise SettingsError("no time for a request", where="seconds", remedy="60 is the default")
    return _Place(account, Wire(root), "/me" if user is None else f"/users/{quoted(user)}", page_size)


def _limits(seconds: float) -> Limits:
    return Limits(LARGEST, seconds, silence=seconds)


def _download_limits(seconds: float) -> Limits:
    return Limits(LARGEST_ATTACHMENT, _DOWNLOAD_TIMES * seconds, silence=seconds)


def _no_bytes(wire: Wire, ask: Ask, response: Response) -> ProviderError | UnknownRecord:
    """Return why an attachment is not to be had."""
    (answer,) = wire.answers([ask], response)
    if answer.fault is None or is_gone(answer):
        return UnknownRecord("there is no such attachment", where="attachment")
    return provider_error(answer.fault, where="attachment")


def _answers(wire: Wire, asks: Sequence[Ask], response: Response) -> list[Answer]:
    try:
        return wire.answers(asks, response)
    except MalformedAnswer as error:
        if not any(ask.writes for ask in asks):
            raise
        raise OutcomeUnknown(error.what, where=error.where, remedy=error.remedy) from None


def _is_too_long(request: Request, asks: Sequence[Ask]) -> bool:
    """Tell whether a batch is more than the service takes at once, so that it would refuse all of its parts."""
    return len(asks) > 1 and len(request.content) > _MOST_BYTES


def _halves(asks: Sequence[Ask]) -> tuple[Sequence[Ask], Sequence[Ask]]:
    half = len(asks) // 2
    return asks[:half], asks[half:]


@contextmanager
def _after(sent: Sequence[Ask]) -> Iterator[None]:
    """Say of an error that comes after some were sent that it is not known what became of all of them."""
    try:
        yield
    except ProviderError as error:
        if isinstance(error, OutcomeUnknown) or not any(ask.writes for ask in sent):
            raise
        raise OutcomeUnknown(error.what, where=error.where, remedy="the next run looks what became of it") from None


class Mailbox:
    """A mailbox, for providers that block; a context manager.

    Args:
        account: An opaque name of the account; another account is another sync.
        token: Returns an access token; called for each request, so that it should keep one until it expires, and
            called again where the service does not take it: a fresh one is tried once.
        user: Whose mailbox it is; None for the signed-in user's (``/me``).
        client: The client to use, with a proxy or certificates of yours; it is yours to close.
        root: Where the service's version begins, for a national cloud or a simulated service.
        page_size: How many rows a page of a feed is asked to have, 1 to 1,000.
        seconds: How long one request may take in all; an attachment ten times as long.
    """

    def __init__(
        self,
        account: str,
        token: Callable[[], str],
        *,
        user: str | None = None,
        client: Client | None = None,
        root: str = ROOT,
        page_size: int = 200,
        seconds: float = 60.0,
    ) -> None:
        self._place = _place(account, token, user, root, page_size, seconds)
        self._transport = Transport(lambda: bearer(token()), client=client, limits=_limits(seconds))
        self._uploads = self._transport.without_credentials()
        self._download_limits = _download_limits(seconds)
        self._gate = Gate()

    def __repr__(self) -> str:
        return f"Mailbox({self._place.account!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the client, unless it is the host's."""
        self._transport.close()

    def contacts(
        self, *, folder: str | None = None, capabilities: Capabilities = CONTACT_CAPABILITIES
    ) -> GraphProvider[Contact]:
        """Return the provider of the contacts of a folder, the default one where ``folder`` is None.

        Scopes are categories.
        """
        return GraphProvider(self._place.account, self._place.contacts(folder, capabilities), self._send)

    def calendar(
        self, *, calendar: str | None = None, capabilities: Capabilities = EVENT_CAPABILITIES
    ) -> GraphProvider[Event]:
        """Return the provider of the events of a calendar, the default one where ``calendar`` is None.

        Scopes are categories, and have to have a window of days.
        """
        return GraphProvider(self._place.account, self._place.calendar(calendar, capabilities), self._send)

    def tasks(self, *, capabilities: Capabilities = TASK_CAPABILITIES) -> GraphTasks:
        """Return the provider of the tasks of To Do. Scopes are lists, by id; it can make one of the sync's own."""
        return GraphTasks(self._place.account, *self._place.tasks(capabilities), self._send)

    def mail(
        self, *, folders: Sequence[str] | None = None, capabilities: Capabilities = MAIL_CAPABILITIES
    ) -> GraphMail:
        """Return the provider of the messages of some folders, by id or well-known name; of all without ``folders``.

        Scopes are categories. Messages are found by id and term in every folder.
        """
        decisions = self._place.mail(folders, capabilities)
        return GraphMail(self._place.account, decisions, self._send, self._download, self._upload)

    def _send(self, asks: Sequence[Ask]) -> list[Answer]:
        if not asks:
            return []
        request = self._place.wire.request(asks)
        if _is_too_long(request, asks):
            first, second = _halves(asks)
            answers = self._send(first)
            with _after(first):
                return answers + self._send(second)
        with self._gate.passed(len(asks)):
            response = self._transport.send(request)
        return _answers(self._place.wire, asks, response)

    def _upload(self, url: str, part: Part) -> Answer:
        with self._gate.passed(1):
            response = self._uploads.send(part.request(url))
        return _answers(self._place.wire, [Ask("PUT", "")], response)[0]

    def _download(self, path: str) -> Iterator[bytes]:
        """Yield what lies at a path. Whoever takes the pieces may ask for other things between them."""
        ask, wire = Ask("GET", path), self._place.wire
        with ExitStack() as stack:
            with self._gate.passed(1):
                arriving = stack.enter_context(self._transport.opened(wire.request([ask]), self._download_limits))
            if arriving.status != _OK:
                raise _no_bytes(wire, ask, arriving.whole(b"".join(arriving.pieces())))
            yield from arriving.pieces()


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
        client: AsyncClient | None = None,
        root: str = ROOT,
        page_size: int = 200,
        seconds: float = 60.0,
    ) -> None:

        async def header() -> str:
            given = token()
            return bearer(await given if isawaitable(given) else given)

        self._place = _place(account, token, user, root, page_size, seconds)
        self._transport = AsyncTransport(header, client=client, limits=_limits(seconds))
        self._uploads = self._transport.without_credentials()
        self._download_limits = _download_limits(seconds)
        self._gate = AsyncGate()

    def __repr__(self) -> str:
        return f"AsyncMailbox({self._place.account!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the client, unless it is the host's."""
        await self._transport.close()

    def contacts(
        self, *, folder: str | None = None, capabilities: Capabilities = CONTACT_CAPABILITIES
    ) -> AsyncGraphProvider[Contact]:
        """Return the provider of the contacts of a folder, the default one where ``folder`` is None."""
        return AsyncGraphProvider(self._place.account, self._place.contacts(folder, capabilities), self._send)

    def calendar(
        self, *, calendar: str | None = None, capabilities: Capabilities = EVENT_CAPABILITIES
    ) -> AsyncGraphProvider[Event]:
        """Return the provider of the events of a calendar, as :meth:`Mailbox.calendar` does."""
        return AsyncGraphProvider(self._place.account, self._place.calendar(calendar, capabilities), self._send)

    def tasks(self, *, capabilities: Capabilities = TASK_CAPABILITIES) -> AsyncGraphTasks:
        """Return the provider of the tasks of To Do, as :meth:`Mailbox.tasks` does."""
        return AsyncGraphTasks(self._place.account, *self._place.tasks(capabilities), self._send)

    def mail(
        self, *, folders: Sequence[str] | None = None, capabilities: Capabilities = MAIL_CAPABILITIES
    ) -> AsyncGraphMail:
        """Return the provider of the messages of some folders, as :meth:`Mailbox.mail` does."""
        decisions = self._place.mail(folders, capabilities)
        return AsyncGraphMail(self._place.account, decisions, self._send, self._download, self._upload)

    async def _send(self, asks: Sequence[Ask]) -> list[Answer]:
        if not asks:
            return []
        request = self._place.wire.request(asks)
        if _is_too_long(request, asks):
            first, second = _halves(asks)
            answers = await self._send(first)
            with _after(first):
                return answers + await self._send(second)
        async with self._gate.passed(len(asks)):
            response = await self._transport.send(request)
        return _answers(self._place.wire, asks, response)

    async def _upload(self, url: str, part: Part) -> Answer:
        async with self._gate.passed(1):
            response = await self._uploads.send(part.request(url))
        return _answers(self._place.wire, [Ask("PUT", "")], response)[0]

    async def _download(self, path: str) -> AsyncIterator[bytes]:
        ask, wire = Ask("GET", path), self._place.wire
        async with AsyncExitStack() as stack:
            async with self._gate.passed(1):
                request = wire.request([ask])
                arriving = await stack.enter_async_context(self._transport.opened(request, self._download_limits))
            if arriving.status != _OK:
                content = b"".join([piece async for piece in arriving.pieces_async()])
                raise _no_bytes(wire, ask, arriving.whole(content))
            async for piece in arriving.pieces_async():
                yield piece
