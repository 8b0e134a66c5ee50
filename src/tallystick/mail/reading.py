"""Provide the reading of a message as letters: what is saved of it, in as many parts as the CRM needs."""

from collections.abc import Iterable

import attrs

from tallystick.mail.bodies import body_text, is_whole, may_be_shown, split_body
from tallystick.mail.chain import Answer
from tallystick.mail.identity import message_key
from tallystick.mail.letter import Letter
from tallystick.mail.selection import Selection
from tallystick.mail.threads import ancestors, thread_key
from tallystick.records import SENT_ITEMS, Attachment, BodyType, EmailAddress, Message
from tallystick.text import canonical_address, clean


def participants(message: Message) -> list[str]:
    """Return the canonical addresses of all who wrote or received a message, each once, without what is no address."""
    given = ((message.sender,) if message.sender else ()), message.to, message.cc, message.bcc
    return list(dict.fromkeys(found for some in given for one in some if (found := canonical_address(one.address))))


def is_outgoing(message: Message, owner: frozenset[str]) -> bool:
    """Tell whether the mailbox's owner wrote a message, or somebody who may send from the mailbox.

    What lies in Sent Items and was sent to the owner by somebody else was put there by a person.
    """
    if message.sender is not None and canonical_address(message.sender.address) in owner:
        return True
    return message.folder == SENT_ITEMS and owner.isdisjoint(participants(message))


def letters(message: Message, answer: Answer, selection: Selection) -> tuple[Letter, ...]:
    """Return what is saved of a message; a single letter with the reason where nothing is."""
    first = _headed(message, answer, selection)
    if not answer.saves:
        return (attrs.evolve(first, against=(answer.reason,)),)
    text = clean(body_text(message)) if message.body_type is BodyType.HTML else message.body
    whole = is_whole(message)
    most = selection.longest_body
    parts = (text,) if most is None else split_body(text, most)
    taken, left_out = _attached(message, selection)
    html = _html(message, selection)
    number = len(parts)
    return tuple(
        attrs.evolve(
            first,
            body=part,
            html=html if number == 1 else "",
            is_whole=whole,
            part=at,
            parts=number,
            attachments=taken if at == 1 else (),
            left_out=left_out if at == 1 else 0,
        )
        for at, part in enumerate(parts, 1)
    )


def _headed(message: Message, answer: Answer, selection: Selection) -> Letter:
    outgoing = is_outgoing(message, selection.owner)
    return Letter(
        subject=message.subject,
        inbound=not outgoing,
        at=(message.sent or message.received) if outgoing else message.at,
        sender=message.sender.address if message.sender else "",
        to=_addresses(message.to),
        cc=_addresses(message.cc),
        message_id=message.message_id.strip(),
        in_reply_to=message.in_reply_to.strip(),
        references=tuple(reversed(ancestors(message))),
        thread=thread_key(message),
        relations=answer.relations,
        is_draft=message.is_draft,
    )


def _attached(message: Message, selection: Selection) -> tuple[tuple[Attachment, ...], int]:
    if not selection.takes_attachments(message):
        return (), 0
    taken, left_out = selection.attachments.divided(message.attachments)
    key = message_key(message)
    return tuple(attrs.evolve(one, source=key) for one in taken), left_out


def _html(message: Message, selection: Selection) -> str:
    if selection.clean_html is None or message.body_type is not BodyType.HTML or not may_be_shown(message.body):
        return ""
    html = selection.clean_html(message.body)
    return "" if selection.longest_body is not None and len(html) > selection.longest_body else html


def _addresses(people: Iterable[EmailAddress]) -> tuple[str, ...]:
    return tuple(one.address for one in people)
