"""Provide the identity of a message: what is the same whichever folder or mailbox a copy lies in.

That is its Internet message id, whose case counts and whose white space does not. Some messages have none, or one that
is no id but a text: theirs is made of sender, time, subject and body. A draft has no identity that lasts.
"""

from hashlib import blake2b
from typing import Final

from tallystick.ports import Term
from tallystick.records import Message
from tallystick.text import canonical_address

LONGEST_ID: Final = 250
_MADE: Final = "~"


def message_key(message: Message) -> str:
    """Return what tells a message from all others; there is no white space in it."""
    given = plain_id(message.message_id)
    if given and len(given) <= LONGEST_ID and not given.startswith(_MADE):
        return given
    sender = canonical_address(message.sender.address) if message.sender else ""
    sent = message.sent.utc.isoformat() if message.sent else ""
    parts = (given, sender, sent, message.subject, message.body)
    digest = blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=16).hexdigest()
    return f"{_MADE}{sent}{_MADE}{digest}"


def plain_id(message_id: str) -> str:
    """Return a message id without white space around it or folded into it."""
    return "".join(message_id.split()) if message_id else ""


def search_term(key: str) -> Term | None:
    """Return what to search a mailbox for to find the messages of a key; None where nothing would find them."""
    if not key.startswith(_MADE):
        return Term("message_id", key)
    sent = key.split(_MADE)[1]
    return Term("sent", sent) if sent else None


def letter_id(key: str, part: int) -> str:
    """Return the id of the letter that is a part of a message, counted from 1."""
    return key if part == 1 else f"{key} {part}"


def key_and_part(id_: str) -> tuple[str, int]:
    """Return which message a letter's id stands for, and which part of it."""
    key, _, part = id_.partition(" ")
    return (key, int(part)) if part.isdecimal() else (key, 1)
