"""Provide Outlook's message, in the words of Microsoft Graph v1.0 (resource types message, mailFolder, attachment).

A message says where it lies: moving it gives it another id, and ``folder`` is what changes. Attachments are named and
never held: whoever wants the bytes of one reads them from its mailbox, piece by piece.
"""

import attrs

from tallystick.records.outlook import EmailAddress
from tallystick.records.outlook_event import BodyType
from tallystick.recurrence import Instant

INBOX = "inbox"
SENT_ITEMS = "sentitems"
DRAFTS = "drafts"
DELETED_ITEMS = "deleteditems"
JUNK_EMAIL = "junkemail"
ARCHIVE = "archive"


@attrs.frozen(repr=False)
class MailFolder:
    """A folder of a mailbox: its ``id``, which for those that every mailbox has is a well-known name, and its title.

    ``parent`` is the id of the folder that it lies in; empty for one that lies in none.
    """

    id: str
    title: str = ""
    parent: str = ""


@attrs.frozen(repr=False)
class Attachment:
    """What a message says of one attachment: how it is called, what it is, and how many bytes it has.

    ``id`` is its own within the message. ``source`` names the message that it is read from; empty within a message.
    ``is_inline`` marks pictures that the body shows.
    """

    id: str
    name: str = ""
    content_type: str = ""
    size: int = 0
    is_inline: bool = False
    source: str = ""


@attrs.frozen(repr=False)
class Message:
    """A message in a mailbox.

    ``sender`` is From; ``message_id`` the Internet's, in angle brackets, as are ``in_reply_to`` and ``references``,
    oldest first. ``conversation_id`` holds within one mailbox only; ``conversation_index`` is in Base64. ``folder`` is
    the id of the folder, a well-known name such as ``inbox`` where it has one. ``size`` is in bytes.
    """

    subject: str = ""
    body: str = ""
    body_type: BodyType = BodyType.TEXT
    sender: EmailAddress | None = None
    to: tuple[EmailAddress, ...] = ()
    cc: tuple[EmailAddress, ...] = ()
    bcc: tuple[EmailAddress, ...] = ()
    sent: Instant | None = None
    received: Instant | None = None
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    conversation_id: str = ""
    conversation_index: str = ""
    folder: str = INBOX
    categories: tuple[str, ...] = ()
    is_draft: bool = False
    is_read: bool = False
    attachments: tuple[Attachment, ...] = ()
    size: int = 0

    @property
    def at(self) -> Instant | None:
        """When it was received, or else sent."""
        return self.received or self.sent
