"""Provide the sending of what the CRM wrote: in two steps, so that nothing is ever sent twice.

===============================  ==================================================================================
step                             if the process ends, or the answer is lost
===============================  ==================================================================================
a run makes a draft with a tag   the next run finds it by its tag, or makes it: a draft goes to nobody
the files that it lacks are put  the next run sees which it has, by name, and has the others stored: a draft that
into it, one by one              lacks one is not sent
the draft is marked as sent for  the mark is there, or it is not: then the draft is marked by the next run
it is sent by its id             what is still a draft and marked is in doubt: reported, and a person's to send
===============================  ==================================================================================
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Protocol, runtime_checkable

import attrs

from tallystick.errors import InputError, OutcomeUnknown, ProviderError, UnknownRecord
from tallystick.mail.attachments import AttachmentLimits
from tallystick.mail.letter import Letter
from tallystick.ports import Item, Outcome, Scope, Status, Update
from tallystick.records import DRAFTS, Activity, Attachment, BodyType, EmailAddress, Message
from tallystick.sync.replies import Miscounted, outcomes_of

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


@runtime_checkable
class Storing(Protocol):
    """A mailbox that puts files into a draft that is there."""

    def store_files(self, id_: str, attachments: Sequence[Attachment]) -> Outcome[Message]:
        """Store the files of some attachments in a draft, and return it as it is then, or why one is not stored."""
        ...


@attrs.frozen
class Sending:
    """What became of drafts, by the message's key: sent, in doubt, or not sent, to be tried by the next run.

    ``left`` are a person's to send or delete: the CRM wrote them before the mailbox was connected, or has them no
    more, or they lack an attachment that their mailbox did not store, or it refuses to send them. ``reasons`` has the
    code of why it did not, for those of them whose mailbox said so.
    ``note`` says why the drafts could not even be looked for, or why no more of them were sent; else it is empty.
    """

    sent: tuple[str, ...] = ()
    in_doubt: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    note: str = ""
    left: tuple[str, ...] = ()
    reasons: Mapping[str, str] = attrs.field(factory=dict)


def draft_of(letter: Letter, limits: AttachmentLimits) -> Message:
    """Return the draft of a letter that the CRM wrote; its files are stored by who makes it, or afterwards."""
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


def completed(mailbox: Sender, draft: Item[Message], written: Activity, limits: AttachmentLimits) -> Outcome[Message]:
    """Store what a draft lacks of what the CRM wrote; DONE with the draft where it has every attachment by then.

    REFUSED leaves it to a person, as does a draft that has other files in the place of those that it lacks; whatever
    else it is, the next run tries again.
    """
    wanted = limits.divided(written.attachments)[0]
    lacks = _lacking(draft, wanted)
    if not lacks:
        return Outcome(Status.DONE, draft)
    if not isinstance(mailbox, Storing) or len(draft.record.attachments) + len(lacks) > len(wanted):
        return Outcome(Status.REFUSED)
    try:
        outcome = mailbox.store_files(draft.id, lacks)
    except (InputError, UnknownRecord):
        return Outcome(Status.REFUSED, code="unreadable_attachment")
    except ProviderError:
        return Outcome(Status.THROTTLED)  # a lost answer, too: which files there are, the next run sees
    outcomes_of([outcome], 1, ("mailbox", "store_files"))
    if outcome.item is None or not _lacking(outcome.item, wanted):
        return outcome
    return Outcome(Status.UNKNOWN)


def _lacking(draft: Item[Message], wanted: Sequence[Attachment]) -> list[Attachment]:
    """Return the attachments that a draft lacks, by name."""
    has = Counter(one.name for one in draft.record.attachments)
    lacks = []
    for one in wanted:
        if has[one.name] > 0:
            has[one.name] -= 1
        else:
            lacks.append(one)
    return lacks


def send_drafts(mailbox: Sender, drafts: Iterable[tuple[str, Item[Message]]]) -> Sending:
    """Send drafts of this sync, given by key, one by one; those whose sending was begun before are in doubt.

    One that the mailbox refuses to send is left, with its reason. After an answer that is not one outcome nothing more
    is sent: each draft would be in doubt.
    """
    sent: list[str] = []
    in_doubt: list[str] = []
    waiting: list[str] = []
    refused: dict[str, str] = {}
    note = ""
    for key, draft in drafts:
        if is_begun(draft):
            in_doubt.append(key)
            continue
        outcome = Outcome[Message](Status.THROTTLED)
        if not note:
            try:
                outcome = _sent(mailbox, draft)
            except Miscounted as error:
                outcome, note = Outcome(Status.UNKNOWN), str(error)
        if outcome.status is Status.REFUSED:
            refused[key] = outcome.code
            continue
        status = outcome.status
        (sent if status is Status.DONE else waiting if status is Status.THROTTLED else in_doubt).append(key)
    reasons = {key: code for key, code in refused.items() if code}
    return Sending(tuple(sent), tuple(in_doubt), tuple(waiting), note, tuple(refused), reasons)


def is_begun(draft: Item[Message]) -> bool:
    """Tell whether the sending of a draft was begun."""
    return SENDING in draft.record.categories


def _sent(mailbox: Sender, draft: Item[Message]) -> Outcome[Message]:
    """Mark a draft and send it; THROTTLED or REFUSED where it certainly was not sent, and the next run tries again."""
    marked = _with_categories(mailbox, draft, (*draft.record.categories, SENDING))
    if marked is None:
        return Outcome(Status.THROTTLED)
    try:
        answer = mailbox.send([draft.id])
    except OutcomeUnknown:
        return Outcome(Status.UNKNOWN)
    except ProviderError:
        outcome = Outcome[Message](Status.THROTTLED)
    else:
        outcomes_of(answer, 1, ("mailbox", "send"))
        outcome = answer[0]
    if outcome.status not in (Status.THROTTLED, Status.REFUSED):
        return outcome
    unmarked = _with_categories(mailbox, marked, draft.record.categories)
    return Outcome(Status.UNKNOWN) if unmarked is None else outcome


def _with_categories(mailbox: Sender, draft: Item[Message], categories: tuple[str, ...]) -> Item[Message] | None:
    """Return a draft with these categories, or None where it did not take them. Raises Miscounted."""
    try:
        answer = mailbox.update([Update(draft.id, draft.version, {"categories": categories})], Scope())
    except ProviderError:
        return None
    outcomes_of(answer, 1, ("mailbox", "update"))
    return answer[0].item if answer[0].status is Status.DONE else None
