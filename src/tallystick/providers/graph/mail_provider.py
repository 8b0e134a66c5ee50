"""Provide the two faces of a mailbox's messages: as providers, and with what mail has beside them."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from tallystick.ports import Outcome
from tallystick.providers.graph.mail_feed import MailDecisions
from tallystick.providers.graph.provider import AsyncGraphProvider, AsyncSend, GraphProvider, Send
from tallystick.providers.http.exchange import drive, drive_async
from tallystick.records import MailFolder, Message


class GraphMail(GraphProvider[Message]):
    """The messages of a mailbox; made by :meth:`Mailbox.mail`."""

    def __init__(
        self, account: str, decisions: MailDecisions, send: Send, download: Callable[[str], Iterator[bytes]]
    ) -> None:
        super().__init__(account, decisions, send)
        self._mail, self._download = decisions, download

    def folders(self) -> list[MailFolder]:
        """Return all folders of the mailbox, each with the one that it lies in."""
        return drive(self._mail.folders(), self._send)

    def send(self, ids: Sequence[str]) -> list[Outcome[Message]]:
        """Send drafts by id, one outcome for each; GONE where there is no such draft, which was sent or deleted."""
        return drive(self._mail.kind.send(ids), self._send)

    def read_attachment(self, id_: str, attachment: str) -> Iterator[bytes]:
        """Yield the bytes of an attachment as they come; UnknownRecord where message or attachment is gone."""
        return self._download(self._mail.kind.bytes_path(id_, attachment))


class AsyncGraphMail(AsyncGraphProvider[Message]):
    """The messages of a mailbox, awaited."""

    def __init__(
        self, account: str, decisions: MailDecisions, send: AsyncSend, download: Callable[[str], AsyncIterator[bytes]]
    ) -> None:
        super().__init__(account, decisions, send)
        self._mail, self._download = decisions, download

    async def folders(self) -> list[MailFolder]:
        """Return all folders of the mailbox, each with the one that it lies in."""
        return await drive_async(self._mail.folders(), self._send)

    async def send(self, ids: Sequence[str]) -> list[Outcome[Message]]:
        """Send drafts by id, as :meth:`GraphMail.send` does."""
        return await drive_async(self._mail.kind.send(ids), self._send)

    def read_attachment(self, id_: str, attachment: str) -> AsyncIterator[bytes]:
        """Yield the bytes of an attachment as they come, as :meth:`GraphMail.read_attachment` does."""
        return self._download(self._mail.kind.bytes_path(id_, attachment))
