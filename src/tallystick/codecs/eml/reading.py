"""Provide the reading of a raw message as a message of a mailbox."""

from tallystick.codecs.eml.attached import body_and_attachments
from tallystick.codecs.eml.headers import addresses, message_ids, moment, raw_header, received, text_header
from tallystick.codecs.eml.limits import parsed
from tallystick.records import DRAFTS, INBOX, Message


def read_message(data: bytes, *, folder: str = INBOX, where: str = "message") -> Message:
    """Return a raw message as it lies in a folder. Raises InputError for what is no message, or beyond the limits.

    What a header says that cannot be read is left out. ``Keywords`` are the categories, and ``X-Unsent`` marks a draft.
    """
    message = parsed(data, where)
    body, body_type, attachments = body_and_attachments(message)
    senders = addresses(message, "From") or addresses(message, "Sender")
    ids = message_ids(message, "Message-ID")
    answered = message_ids(message, "In-Reply-To")
    is_draft = folder == DRAFTS or raw_header(message, "X-Unsent") == "1"
    return Message(
        subject=text_header(message, "Subject"),
        body=body,
        body_type=body_type,
        sender=senders[0] if senders else None,
        to=addresses(message, "To"),
        cc=addresses(message, "Cc"),
        bcc=addresses(message, "Bcc"),
        sent=moment(raw_header(message, "Date")),
        received=received(message),
        message_id=ids[0] if ids else "",
        in_reply_to=answered[0] if answered else "",
        references=message_ids(message, "References"),
        conversation_index=raw_header(message, "Thread-Index"),
        folder=folder,
        categories=tuple(filter(None, (one.strip() for one in text_header(message, "Keywords").split(",")))),
        is_draft=is_draft,
        attachments=attachments,
        size=len(data),
    )
