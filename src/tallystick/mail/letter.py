"""Provide the letter: what a mailbox shows of one message, or of one part of it, to be saved as one activity."""

import attrs

from tallystick.records import Attachment, Origin, Relation
from tallystick.recurrence import Instant


@attrs.frozen(repr=False)
class Letter:
    """One message as it is saved, or one part of a long one.

    ``relations`` are the people of the CRM that it is about. ``left_out`` counts attachments beyond the limits, and
    ``is_whole`` tells whether all of the body is there. ``against`` are the reasons why it is not saved, as codes.
    ``is_draft`` marks one that was made for the CRM and has not been sent.
    """

    subject: str = ""
    body: str = ""
    html: str = ""
    inbound: bool = True
    at: Instant | None = None
    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    thread: str = ""
    relations: tuple[Relation, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    left_out: int = 0
    is_whole: bool = True
    part: int = 1
    parts: int = 1
    origin: Origin = Origin.MAILBOX
    against: tuple[str, ...] = ()
    is_draft: bool = False
