"""Provide the two faces of a mailbox's messages: as providers, and with what mail has beside them."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence

from tallystick.errors import OutcomeUnknown
from tallystick.ports import Found, Item, Outcome, Scope, Status
from tallystick.providers.graph.asks import Answer
from tallystick.providers.graph.mail_feed import MailDecisions
from tallystick.providers.graph.provider import AsyncGraphProvider, AsyncSend, GraphProvider, Send
from tallystick.providers.graph.storing import (
    LARGEST_FILE,
    MOST_AT_ONCE,
    NOBODY_FETCHES,
    TOO_LARGE,
    AsyncFetch,
    Fetch,
    Part,
    begin_upload,
    collected,
    collected_async,
    parts,
    parts_async,
    require_draft,
    store,
    taken,
)
from tallystick.providers.http.exchange import drive, drive_async
from tallystick.records import Attachment, MailFolder, Message


class GraphMail(GraphProvider[Message]):
    """The messages of a mailbox; made by :meth:`Mailbox.mail`.

    ``fetch``, which you set, gives the bytes of an attachment that is to be stored, in pieces.
    """

    def __init__(
        self,
        account: str,
        decisions: MailDecisions,
        send: Send,
        download: Callable[[str], Iterator[bytes]],
        upload: Callable[[str, Part], Answer],
    ) -> None:
        super().__init__(account, decisions, send)
        self._mail, self._download, self._upload = decisions, download, upload
        self.fetch: Fetch | None = None

    def folders(self) -> list[MailFolder]:
        """Return all folders of the mailbox, each with the one that it lies in."""
        return drive(self._mail.folders(), self._send)

    def send(self, ids: Sequence[str]) -> list[Outcome[Message]]:
        """Send drafts by id, one outcome for each; GONE where there is no such draft, which was sent or deleted."""
        return drive(self._mail.kind.send(ids), self._send)

    def store_files(self, id_: str, attachments: Sequence[Attachment]) -> Outcome[Message]:
        """Store the files of attachments in a draft, one by one, and return the draft as it is then.

        REFUSED, with a code, for what is too large or the service does not take; UNKNOWN where an answer was lost;
        GONE where there is no such draft, which was sent or deleted. Files before that one are stored by then.
        Raises InputError where a file has another size than its attachment says; 0 says of one below 3 MiB nothing.
        """
        if self.fetch is None:
            return NOBODY_FETCHES
        path = self._mail.kind.path(id_)
        outcome = drive(require_draft(path), self._send)
        for each in attachments:
            if outcome.status is not Status.DONE:
                return outcome
            try:
                outcome = self._stored(path, each, self.fetch(each))
            except OutcomeUnknown:
                outcome = Outcome(Status.UNKNOWN)
        return outcome if outcome.status is not Status.DONE else _as_it_is(self.get([id_], Scope()))

    def _stored(self, path: str, attachment: Attachment, pieces: Iterable[bytes]) -> Outcome[Message]:
        if attachment.size < MOST_AT_ONCE:
            content = collected(pieces, attachment.size)
            return drive(store(path, attachment, content), self._send)
        if attachment.size > LARGEST_FILE:
            return TOO_LARGE
        session = drive(begin_upload(path, attachment), self._send)
        if isinstance(session, Outcome):
            return session
        outcome: Outcome[Message] = Outcome(Status.UNKNOWN)
        for part in parts(pieces, attachment.size):
            outcome = taken(part, self._upload(session, part))
            if outcome.status is not Status.DONE:
                break
        return outcome

    def read_attachment(self, id_: str, attachment: str) -> Iterator[bytes]:
        """Yield the bytes of an attachment as they come; UnknownRecord where message or attachment is gone."""
        return self._download(self._mail.kind.bytes_path(id_, attachment))


class AsyncGraphMail(AsyncGraphProvider[Message]):
    """The messages of a mailbox, awaited; what ``fetch`` gives is awaited, too."""

    def __init__(
        self,
        account: str,
        decisions: MailDecisions,
        send: AsyncSend,
        download: Callable[[str], AsyncIterator[bytes]],
        upload: Callable[[str, Part], Awaitable[Answer]],
    ) -> None:
        super().__init__(account, decisions, send)
        self._mail, self._download, self._upload = decisions, download, upload
        self.fetch: AsyncFetch | None = None

    async def folders(self) -> list[MailFolder]:
        """Return all folders of the mailbox, each with the one that it lies in."""
        return await drive_async(self._mail.folders(), self._send)

    async def send(self, ids: Sequence[str]) -> list[Outcome[Message]]:
        """Send drafts by id, as :meth:`GraphMail.send` does."""
        return await drive_async(self._mail.kind.send(ids), self._send)

    async def store_files(self, id_: str, attachments: Sequence[Attachment]) -> Outcome[Message]:
        """Store the files of attachments in a draft, as :meth:`GraphMail.store_files` does."""
        if self.fetch is None:
            return NOBODY_FETCHES
        path = self._mail.kind.path(id_)
        outcome = await drive_async(require_draft(path), self._send)
        for each in attachments:
            if outcome.status is not Status.DONE:
                return outcome
            try:
                outcome = await self._stored(path, each, self.fetch(each))
            except OutcomeUnknown:
                outcome = Outcome(Status.UNKNOWN)
        return outcome if outcome.status is not Status.DONE else _as_it_is(await self.get([id_], Scope()))

    async def _stored(self, path: str, attachment: Attachment, pieces: AsyncIterable[bytes]) -> Outcome[Message]:
        if attachment.size < MOST_AT_ONCE:
            content = await collected_async(pieces, attachment.size)
            return await drive_async(store(path, attachment, content), self._send)
        if attachment.size > LARGEST_FILE:
            return TOO_LARGE
        session = await drive_async(begin_upload(path, attachment), self._send)
        if isinstance(session, Outcome):
            return session
        outcome: Outcome[Message] = Outcome(Status.UNKNOWN)
        async for part in parts_async(pieces, attachment.size):
            outcome = taken(part, await self._upload(session, part))
            if outcome.status is not Status.DONE:
                break
        return outcome

    def read_attachment(self, id_: str, attachment: str) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment as they come, as :meth:`GraphMail.read_attachment` does."""
        return self._download(self._mail.kind.bytes_path(id_, attachment))


def _as_it_is(found: Sequence[Found[Message]]) -> Outcome[Message]:
    (one,) = found
    return Outcome(Status.DONE, one) if isinstance(one, Item) else Outcome(Status.GONE)
