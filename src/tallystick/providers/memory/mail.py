"""Provide the messages of a mailbox as Outlook keeps them behind Microsoft Graph.

=====================  ==========================================================================================
folders                every mailbox has the well-known ones; a message that is moved gets another id
drafts                 get their message id when they are made; only they can be changed but for their categories
sending                is by id: the draft goes, and another message with the same message id lies in Sent Items
a tag                  that a draft was made with stays with what was sent, and can be searched for
sending a second time  finds no such draft
attachments            are read in pieces; what is made by a sync has those whose bytes somebody can fetch
=====================  ==========================================================================================
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

import attrs

from tallystick.errors import UnknownRecord, UsageError
from tallystick.ports.capabilities import Capabilities, CreateSafety
from tallystick.ports.clock import Clock
from tallystick.ports.item import Scope
from tallystick.ports.write import Create, Outcome, Status
from tallystick.providers.memory.activities import Fetch
from tallystick.providers.memory.collection import MemoryCollection
from tallystick.providers.memory.membership import Categories
from tallystick.providers.memory.outlook_ids import mint_id
from tallystick.providers.memory.quirks import Quirks
from tallystick.providers.memory.shape import SearchField, Shape
from tallystick.records.days import came_in
from tallystick.records.message import (
    ARCHIVE,
    DELETED_ITEMS,
    DRAFTS,
    INBOX,
    JUNK_EMAIL,
    SENT_ITEMS,
    Attachment,
    MailFolder,
    Message,
)
from tallystick.recurrence import Instant
from tallystick.text import is_address

MAIL_CAPABILITIES = Capabilities(
    create_safety=CreateSafety.SEARCHABLE_TAG, batch_size=20, read_size=20, stable_ids=False, notifies_people=True
)
"""Deltas, versions, a tag in an extended property, the twenty requests of a $batch; ids change as messages move."""

PIECE = 64 * 1024
"""How many bytes of an attachment are read at once."""

WELL_KNOWN = {
    INBOX: "Inbox",
    SENT_ITEMS: "Sent Items",
    DRAFTS: "Drafts",
    DELETED_ITEMS: "Deleted Items",
    JUNK_EMAIL: "Junk Email",
    ARCHIVE: "Archive",
}
"""What the folders are called that every mailbox has, by the names they are known by."""
_MOST_RECIPIENTS = 500


class Mailbox(MemoryCollection[Message]):
    """The messages of a mailbox, in all its folders; scopes are categories.

    Args:
        account: The name of the account.
        capabilities: What the mailbox declares of itself, and keeps to.
        clock: Gives each write its time.
        page_size: Items on a page of a feed, 1 to 1000.
        seed: Decides the disorder of the feed, where ``quirks`` ask for any.
        quirks: What the service does beyond the plain.

    ``fetch`` gives the bytes of an attachment of what is made, in pieces; without it there is none.
    """

    def __init__(
        self,
        account: str = "outlook",
        *,
        capabilities: Capabilities = MAIL_CAPABILITIES,
        clock: Clock | None = None,
        page_size: int = 10,
        seed: int = 0,
        quirks: Quirks | None = None,
    ) -> None:
        shape = message_shape(account)
        super().__init__(
            shape,
            account=account,
            membership=Categories(shape),
            capabilities=capabilities,
            clock=clock,
            page_size=page_size,
            seed=seed,
            quirks=quirks or Quirks(),
        )
        self.sent: list[str] = []
        self._folders = {id_: MailFolder(id_, title) for id_, title in WELL_KNOWN.items()}
        self.fetch: Fetch | None = None
        self._files: dict[str, bytes] = {}

    # --- what a person does ------------------------------------------------------------------------------------------

    def folders(self) -> list[MailFolder]:
        """Return the folders."""
        return [*self._folders.values()]

    def make_folder(self, title: str) -> str:
        """Make a folder and return its id."""
        id_ = f"folder{len(self._folders)}"
        self._folders[id_] = MailFolder(id_, title)
        return id_

    def move_to(self, id_: str, folder: str) -> str:
        """Move a message to a folder and return the id that it has there; nothing leads from the old one to it."""
        if folder not in self._folders:
            raise UnknownRecord("there is no such folder", where=folder)
        return self._put_anew(id_, folder=folder)

    def attach(self, id_: str, name: str, content: bytes, content_type: str = "", *, is_inline: bool = False) -> str:
        """Attach a file to a message and return the attachment's id."""
        record = self.record(id_)
        attachment = Attachment(f"att{len(self._files) + 1}", name, content_type, len(content), is_inline=is_inline)
        self._files[attachment.id] = content
        self.edit(id_, attachments=(*record.attachments, attachment))
        return attachment.id

    def send_draft(self, id_: str) -> str:
        """Send a draft by hand and return the id of what lies in Sent Items then."""
        record = self.record(id_)
        if not record.is_draft:
            raise UsageError("only a draft can be sent", where=id_)
        self.sent.append(record.message_id)
        return self._put_anew(id_, folder=SENT_ITEMS, is_draft=False, sent=Instant(self.clock.now()))

    # --- what a sync asks for ----------------------------------------------------------------------------------------

    def create(self, batch: Sequence[Create[Message]], scope: Scope) -> list[Outcome[Message]]:
        """Make messages with the files of their attachments, where somebody can ``fetch`` these; else without."""
        return super().create([attrs.evolve(one, record=self._stored(one.record)) for one in batch], scope)

    def send(self, ids: Sequence[str]) -> list[Outcome[Message]]:
        """Send drafts by id, one outcome for each; GONE where there is no such draft, which was sent or deleted."""
        return self._service.request("send", ids, self._sent)

    def read_attachment(self, id_: str, attachment: str) -> Iterator[bytes]:
        """Yield the bytes of an attachment in pieces; UnknownRecord where message or attachment is gone."""
        if all(one.id != attachment for one in self.record(id_).attachments):
            raise UnknownRecord("there is no such attachment", where=id_)
        content = self._files[attachment]
        for start in range(0, len(content), PIECE):
            yield content[start : start + PIECE]

    def _sent(self, ids: Sequence[str]) -> list[Outcome[Message]]:
        outcomes: list[Outcome[Message]] = []
        for id_ in ids:
            if id_ in self and self.record(id_).is_draft:
                outcomes.append(Outcome(Status.DONE, self.item(self.send_draft(id_))))
            else:
                outcomes.append(Outcome(Status.GONE))
        return outcomes

    def _stored(self, message: Message) -> Message:
        if self.fetch is None:
            return attrs.evolve(message, attachments=())
        stored = []
        for each in message.attachments:
            content = b"".join(self.fetch(each))
            attachment = attrs.evolve(each, id=f"att{len(self._files) + 1}", size=len(content), source="")
            self._files[attachment.id] = content
            stored.append(attachment)
        return attrs.evolve(message, attachments=tuple(stored))

    def _put_anew(self, id_: str, **fields: object) -> str:
        """Write a message under another id, with the tag that it was made with."""
        cabinet = self._cabinet
        row = cabinet.row(id_)
        record = cabinet.shape.evolve(row.item.record, fields)
        cabinet.drop(row)
        return cabinet.add(record, row.lists, token=row.token).item.id


def message_shape(account: str = "outlook") -> Shape[Message]:
    """Return what a mailbox knows of messages."""
    numbers = count(1)

    def settled(message: Message, _at: datetime) -> tuple[Message, ...]:
        if not message.is_draft:
            return (message,)
        message_id = message.message_id or f"<{next(numbers)}.{account}@mail.example>"
        return (attrs.evolve(message, message_id=message_id, folder=DRAFTS),)

    return Shape(
        Message,
        searches={
            "message_id": SearchField(lambda message: (message.message_id.strip(),), str),
            "sent": SearchField(lambda message: (message.sent.utc.isoformat(),) if message.sent else (), str),
        },
        holds=_too_many,
        checks=dict.fromkeys(("to", "cc", "bcc"), _invalid_recipient),
        mint=mint_id,
        settles=settled,
        lies_in=came_in,
    )


def _too_many(message: Message) -> str:
    return "too_many:recipients" if len(_recipients(message)) > _MOST_RECIPIENTS else ""


def _invalid_recipient(message: Message) -> str:
    return "" if all(is_address(each) for each in _recipients(message)) else "invalid_recipient"


def _recipients(message: Message) -> list[str]:
    return [each.address for each in (*message.to, *message.cc, *message.bcc)]
