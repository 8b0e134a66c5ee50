"""Provide the two faces of a mailbox's messages: as providers, and with what mail has beside them."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from tallystick.ports import Found, Item, Outcome, Scope, Status
from tallystick.providers.graph.mail_feed import MailDecisions
from tallystick.providers.graph.provider import AsyncGraphProvider, AsyncSend, GraphProvider, Send
from tallystick.providers.graph.storing import (
    MOST_STORED,
    NOBODY_FETCHES,
    TOO_LARGE,
    AsyncFetch,
    Fetch,
    collected,
    collected_async,
    require_draft,
    store,
)
from tallystick.providers.http.exchange import drive, drive_async
from tallystick.records import Attachment, MailFolder, Message


class GraphMail(GraphProvider[Message]):
    """The messages of a mailbox; made by :meth:`Mailbox.mail`.

    ``fetch``, which you set, gives the bytes of an attachment that is to be stored, in pieces.
    """

    def __init__(
        self, account: str, decisions: MailDecisions, send: Send, download: Callable[[str], Iterator[bytes]]
    ) -> None:
        super().__init__(account, decisions, send)
        self._mail, self._download = decisions, download
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
        """
        if self.fetch is None:
            return NOBODY_FETCHES
        path = self._mail.kind.path(id_)
        outcome = drive(require_draft(path), self._send)
        for each in attachments:
            if outcome.status is not Status.DONE:
                return outcome
            content = None if each.size >= MOST_STORED else collected(self.fetch(each))
            outcome = TOO_LARGE if content is None else drive(store(path, each, content), self._send)
        return outcome if outcome.status is not Status.DONE else _as_it_is(self.get([id_], Scope()))

    def read_attachment(self, id_: str, attachment: str) -> Iterator[bytes]:
        """Yield the bytes of an attachment as they come; UnknownRecord where message or attachment is gone."""
        return self._download(self._mail.kind.bytes_path(id_, attachment))


class AsyncGraphMail(AsyncGraphProvider[Message]):
    """The messages of a mailbox, awaited; what ``fetch`` gives is awaited, too."""

    def __init__(
        self, account: str, decisions: MailDecisions, send: AsyncSend, download: Callable[[str], AsyncIterator[bytes]]
    ) -> None:
        super().__init__(account, decisions, send)
        self._mail, self._download = decisions, download
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
            content = None if each.size >= MOST_STORED else await collected_async(self.fetch(each))
            outcome = TOO_LARGE if content is None else await drive_async(store(path, each, content), self._send)
        return outcome if outcome.status is not Status.DONE else _as_it_is(await self.get([id_], Scope()))

    def read_attachment(self, id_: str, attachment: str) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment as they come, as :meth:`GraphMail.read_attachment` does."""
        return self._download(self._mail.kind.bytes_path(id_, attachment))


def _as_it_is(found: Sequence[Found[Message]]) -> Outcome[Message]:
    (one,) = found
    return Outcome(Status.DONE, one) if isinstance(one, Item) else Outcome(Status.GONE)
