"""Provide the limits of raw messages, and their parsing within them: strangers write messages, and some mean harm."""

from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from email.policy import compat32, default
from typing import Final

from tallystick.errors import InputError

MOST_BYTES: Final = 150 * 1024 * 1024
"""The largest message, in bytes: what the largest mailboxes take."""
MOST_BOUNDARIES: Final = 64
"""How many containers of parts a message may have, also within messages that it carries."""
MOST_PARTS: Final = 1000
"""How many parts are looked at."""
LONGEST_HEADER: Final = 50_000
"""How many characters of one header are looked at."""
MOST_HEADER_BYTES: Final = 1024 * 1024
"""How large all headers of a message may be together."""


def parsed(data: bytes, where: str) -> Message:
    """Return a message as the library reads it. Raises InputError for what is too large or nested too deeply."""
    if len(data) > MOST_BYTES:
        raise InputError("the message is too large", where=where, remedy=f"give one of at most {MOST_BYTES:,} bytes")
    head = data[: MOST_HEADER_BYTES + 1]
    if len(head) > MOST_HEADER_BYTES and b"\n\n" not in head and b"\r\n\r\n" not in head:
        raise InputError("the headers do not end", where=where, remedy="give a message as a mailbox keeps it")
    lowered = data.lower()
    if lowered.count(b"boundary") + lowered.count(b"message/") > MOST_BOUNDARIES:
        raise InputError("the message has too many parts within parts", where=where, remedy="leave it out")
    for policy in (default, compat32):
        # The modern parser of headers fails in many ways on what is malformed; the older one takes them as they are.
        with suppress(Exception):
            return message_from_bytes(data, policy=policy)
    raise InputError("this is no message that can be read", where=where, remedy="leave it out")
