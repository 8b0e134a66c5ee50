"""Provide the sending of what the CRM wrote: in two steps, so that nothing is ever sent twice.

===============================  ==================================================================================
step                             if the process ends, or the answer is lost
===============================  ==================================================================================
a run makes a draft with a tag   the next run finds it by its tag, or makes it: a draft goes to nobody
the draft is marked as sent for  the mark is there, or it is not: then the draft is marked by the next run
it is sent by its id             what is still a draft and marked is in doubt: reported, and a person's to send
===============================  ==================================================================================
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import attrs

from tallystick.errors import OutcomeUnknown, ProviderError
from tallystick.mail.attachments import AttachmentLimits
from tallystick.mail.letter import Letter
from tallystick.ports import Item, Outcome, Scope, Status, Update
from tallystick.records import DRAFTS, Activity, BodyType, EmailAddress, Message

SENDING: Final = "Sending for CRM"
"""The category of a draft whose sending was begun."""


class Sender(Protocol):
    """A mailbox that sends its drafts."""

    def send(self, ids: Sequence[str]) -> Sequence[Outcome[Message]]:
        """Send drafts by id, one outcome for each, in order; GONE where there is no such draft."""
        ...

    def update(self, batch: Sequence[Update], scope: Scope) -> Sequence[Outcome[Message]]:
        """Change fields of messages."""
        ...


@attrs.frozen
class Sending:
    """What became of drafts, by the message's key: sent, in doubt, or not sent, to be tried by the next run.

    ``left`` are a person's to send or delete: the CRM wrote them before the mailbox was connected, or has them no
    more, or they lack an attachment that their mailbox did not store.
    ``note`` says why the drafts could not even be looked for; empty where they were.
    """

    sent: tuple[str, ...] = ()
    in_doubt: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    note: str = ""
    left: tuple[str, ...] = ()


def draft_of(letter: Letter, limits: AttachmentLimits) -> Message:
    """Return the draft of a letter that the CRM wrote; who makes it stores the files of its attachments."""
    return Message(
        subject=letter.subject,
        body=letter.html or letter.body,
        body_type=BodyType.HTML if letter.html else BodyType.TEXT,
        sender=EmailAddress(letter.sender) if letter.sender else None,
        to=tuple(map(EmailAddress, letter.to)),
        cc=tuple(map(EmailAddress, letter.cc)),
        message_id=letter.message_id,
        in_reply_to=letter.in_reply_to,
        references=letter.references,
        folder=DRAFTS,
        is_draft=True,
        attachments=limits.divided(letter.attachments)[0],
    )


def is_whole(draft: Item[Message], written: Activity, limits: AttachmentLimits) -> bool:
    """Tell whether a draft has every attachment of what the CRM wrote that is within the limits, by name."""
    lacks = Counter(one.name for one in limits.divided(written.attachments)[0])
    lacks.subtract(one.name for one in draft.record.attachments)
    return not +lacks


def send_drafts(mailbox: Sender, drafts: Iterable[tuple[str, Item[Message]]]) -> Sending:
    """Send drafts of this sync, given by key, one by one; those whose sending was begun before are in doubt."""
    sent: list[str] = []
    in_doubt: list[str] = []
    waiting: list[str] = []
    for key, draft in drafts:
        if is_begun(draft):
            in_doubt.append(key)
            continue
        marked = _marked(mailbox, draft)
        if marked is None:
            waiting.append(key)
            continue
        status = _sent(mailbox, marked, draft.record.categories)
        (sent if status is Status.DONE else waiting if status is Status.THROTTLED else in_doubt).append(key)
    return Sending(tuple(sent), tuple(in_doubt), tuple(waiting))


def is_begun(draft: Item[Message]) -> bool:
    """Tell whether the sending of a draft was begun."""
    return SENDING in draft.record.categories


def _marked(mailbox: Sender, draft: Item[Message]) -> Item[Message] | None:
    categories = (*draft.record.categories, SENDING)
    try:
        (outcome,) = mailbox.update([Update(draft.id, draft.version, {"categories": categories})], Scope())
    except ProviderError:
        return None
    return outcome.item if outcome.status is Status.DONE else None


def _sent(mailbox: Sender, draft: Item[Message], categories: tuple[str, ...]) -> Status:
    """Send a marked draft; where it certainly was not sent, take the mark back, so that the next run sends it."""
    try:
        (outcome,) = mailbox.send([draft.id])
        status = outcome.status
    except OutcomeUnknown:
        return Status.UNKNOWN
    except ProviderError:
        status = Status.THROTTLED
    if status is not Status.THROTTLED:
        return status
    try:
        (undone,) = mailbox.update([Update(draft.id, draft.version, {"categories": categories})], Scope())
    except ProviderError:
        return Status.UNKNOWN
    return Status.THROTTLED if undone.status is Status.DONE else Status.UNKNOWN
