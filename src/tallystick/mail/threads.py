"""Provide the threads of messages: which one answers which, by what their headers say.

In this order: References, the last first; In-Reply-To; the conversation index, whose header is the same along a thread;
the subject, where neither is there and it says that it is an answer. Ids of conversations are those of one mailbox, and
count within it only.
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from typing import Final

from tallystick.mail.identity import message_key, plain_id
from tallystick.records import Message
from tallystick.text import fold

MOST_ANCESTORS: Final = 100
"""How many of a message's references are looked at: the oldest and the latest; strangers may write any number."""

_HEADER: Final = 22
_ANSWER: Final = re.compile(r"^\s*(?:re|aw|sv|vs|antw|rif|fwd?|wg|tr|doorst)(?:\[\d+\])?\s*:\s*", re.IGNORECASE)


def ancestors(message: Message) -> tuple[str, ...]:
    """Return the ids of the messages that one answers, its direct original first, the beginning of its thread last."""
    found: dict[str, None] = {}
    named = message.references
    if len(named) > MOST_ANCESTORS:
        named = (named[0], *named[1 - MOST_ANCESTORS :])
    direct = message.in_reply_to
    for each in (direct, *reversed(named)):
        for one in each.split()[:MOST_ANCESTORS] if each else ():
            found[one] = None
    found.pop(plain_id(message.message_id), None)
    return tuple(found)


def thread_key(message: Message) -> str:
    """Return what all messages of a thread have in common, as far as one of them can tell."""
    if message.references and (first := plain_id(message.references[0])):
        return first
    if direct := plain_id(message.in_reply_to):
        return direct
    return plain_id(message.message_id) or conversation(message) or bare_subject(message.subject)


def conversation(message: Message) -> str:
    """Return the header of the conversation index, the same for all of a conversation, or an empty text."""
    text = message.conversation_index.strip()
    if not text:
        return ""
    try:
        raw = b64decode(text[:64], validate=True)
    except (NotBase64, ValueError):
        return ""
    return raw[:_HEADER].hex() if len(raw) >= _HEADER and raw[0] == 1 else ""


def bare_subject(subject: str) -> str:
    """Return a subject as it is compared: folded, without the marks of answers and forwarding."""
    before = None
    while before != subject:
        before, subject = subject, _ANSWER.sub("", subject, count=1)
    return fold(subject)


def threads(messages: Iterable[Message]) -> list[list[Message]]:
    """Return messages by thread, each in the order given, threads by their first message.

    What does not say whom it answers goes by its conversation, and an answer without that by its subject.
    """
    given = list(messages)
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        seen = [key]
        while (up := parents.get(seen[-1], seen[-1])) != seen[-1]:
            seen.append(up)
        for one in seen:
            parents[one] = seen[-1]
        return seen[-1]

    def join(one: str, other: str) -> None:
        parents[root(one)] = root(other)

    by_subject: dict[str, str] = {}
    for message in given:
        own = message_key(message)
        known: Sequence[str] = ancestors(message)
        for each in known:
            join(own, each)
        if header := conversation(message):
            join(own, f"conversation {header}")
        bare = bare_subject(message.subject)
        if not known and not header and bare and bare in by_subject and fold(message.subject) != bare:
            join(own, by_subject[bare])
        by_subject.setdefault(bare, own)
    groups: dict[str, list[Message]] = {}
    for message in given:
        groups.setdefault(root(message_key(message)), []).append(message)
    return list(groups.values())
