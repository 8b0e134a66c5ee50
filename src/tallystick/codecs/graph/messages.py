"""Provide messages as Graph has them (resource type *message*), the folders they lie in, and their attachments.

===========================  ======================================================================================
sender                       who it says it is from; whoever sent it on their behalf is left where it is
replies                      *In-Reply-To* and *References*, from ``internetMessageHeaders``, if they were selected, or
                             else from the extended properties that keep them (:data:`REPLIED`, :data:`REFERENCES`)
folder                       the id of the folder, as the service shows it
attachments                  what is told of them where they were expanded; their bytes are passed over
size                         from the extended property that keeps it (:data:`SIZE`), if it was expanded
===========================  ======================================================================================

What a message says may be written while it is a draft; of any other, only whether it is read, and its categories.
"""

import re
from collections.abc import Iterable
from typing import Final

from tallystick.codecs.graph.codec import Body, GraphCodec, Group, text_group, texts_group, value_group
from tallystick.codecs.graph.values import (
    Json,
    email,
    flag,
    inner,
    instant,
    malformed,
    number,
    objects,
    text,
    texts,
    word,
)
from tallystick.records import Attachment, BodyType, EmailAddress, MailFolder, Message
from tallystick.recurrence import Instant

SIZE: Final = "Integer 0xE08"
"""The extended property that holds the size of a message, in bytes."""
REPLIED: Final = "String 0x1042"
"""The extended property that holds *In-Reply-To*, also of what was sent from the mailbox, which shows no headers."""
REFERENCES: Final = "String 0x1039"
"""The extended property that holds *References*."""
_MOST_RECIPIENTS: Final = 5_000
_MOST_HEADERS: Final = 2_000
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,995}>")


def _read(data: Json, _: Iterable[str]) -> Message:
    body = inner(data, "body")
    headers, properties = _headers(data), _properties(data)
    sent, received = (instant(data, key) for key in ("sentDateTime", "receivedDateTime"))
    replied = _MESSAGE_ID.findall(headers.get("in-reply-to") or properties.get(_key(REPLIED), ""))
    references = headers.get("references") or properties.get(_key(REFERENCES), "")
    return Message(
        subject=text(data, "subject"),
        body=text(body, "content"),
        body_type=word(body, "contentType", BodyType.TEXT, BodyType.TEXT),
        sender=_address(inner(data, "from")),
        to=_addresses(data, "toRecipients"),
        cc=_addresses(data, "ccRecipients"),
        bcc=_addresses(data, "bccRecipients"),
        sent=None if sent is None else Instant(sent),
        received=None if received is None else Instant(received),
        message_id=text(data, "internetMessageId"),
        in_reply_to=replied[0] if replied else "",
        references=tuple(_MESSAGE_ID.findall(references)),
        conversation_id=text(data, "conversationId"),
        conversation_index=text(data, "conversationIndex"),
        folder=text(data, "parentFolderId"),
        categories=texts(data, "categories"),
        is_draft=flag(data, "isDraft"),
        is_read=flag(data, "isRead"),
        attachments=tuple(_read_attachment(one, ()) for one in objects(data, "attachments")),
        size=_size(properties.get(_key(SIZE), "")),
    )


def _address(data: Json) -> EmailAddress | None:
    found = email(data)
    return found if found.address or found.name else None


def _addresses(data: Json, key: str) -> tuple[EmailAddress, ...]:
    rows = objects(data, key)
    if len(rows) > _MOST_RECIPIENTS:
        malformed(key, f"a list of at most {_MOST_RECIPIENTS:,}")
    return tuple(found for row in rows if (found := _address(row)) is not None)


def _headers(data: Json) -> dict[str, str]:
    """Return the headers by their names in lower case, the first of each."""
    found: dict[str, str] = {}
    rows = objects(data, "internetMessageHeaders")
    if len(rows) > _MOST_HEADERS:
        malformed("internetMessageHeaders", f"a list of at most {_MOST_HEADERS:,}")
    for row in rows:
        found.setdefault(text(row, "name").casefold(), text(row, "value"))
    return found


def _properties(data: Json) -> dict[str, str]:
    """Return the extended properties by their ids in lower case."""
    return {_key(text(row, "id")): text(row, "value") for row in objects(data, "singleValueExtendedProperties")}


def _key(id_: str) -> str:
    return id_.casefold()


def _size(value: str) -> int:
    return int(value[:18]) if value.isascii() and value.isdigit() else 0


def _recipients(field: str, key: str) -> Group[Message]:
    def write(message: Message, source: Json) -> Body:
        present = {_address(row): row for row in objects(source, key)}
        given: tuple[EmailAddress, ...] = getattr(message, field)
        return {key: [present.get(one) or _recipient(one) for one in given]}

    return Group((field,), write)


def _recipient(one: EmailAddress) -> Body:
    named = {"address": one.address, "name": one.name}
    return {"emailAddress": {key: value for key, value in named.items() if value}}


def _write_body(message: Message, _: Json) -> Body:
    return {"body": {"contentType": str(message.body_type), "content": message.body}}


MESSAGES: Final = GraphCodec(
    "message",
    Message,
    _read,
    (
        text_group("subject", "subject"),
        Group(("body", "body_type"), _write_body),
        _recipients("to", "toRecipients"),
        _recipients("cc", "ccRecipients"),
        _recipients("bcc", "bccRecipients"),
        text_group("message_id", "internetMessageId"),
        texts_group("categories", "categories"),
        value_group("is_read", "isRead", bool),
    ),
    read_only=frozenset(
        {
            *("sender", "sent", "received", "in_reply_to", "references", "conversation_id", "conversation_index"),
            *("folder", "is_draft", "attachments", "size"),
        }
    ),
)
"""Messages."""


def _read_folder(data: Json, _: Iterable[str]) -> MailFolder:
    return MailFolder(text(data, "id"), text(data, "displayName"), text(data, "parentFolderId"))


MAIL_FOLDERS: Final = GraphCodec(
    "mailFolder", MailFolder, _read_folder, (text_group("title", "displayName"),), read_only=frozenset({"id", "parent"})
)
"""Folders of messages."""


def _read_attachment(data: Json, _: Iterable[str]) -> Attachment:
    return Attachment(
        text(data, "id"),
        text(data, "name"),
        text(data, "contentType"),
        number(data, "size") or 0,
        flag(data, "isInline"),
    )


ATTACHMENTS: Final = GraphCodec(
    "attachment",
    Attachment,
    _read_attachment,
    (),
    read_only=frozenset({"id", "name", "content_type", "size", "is_inline", "source"}),
)
"""Attachments of messages and events, without their bytes; they are read and not written."""
