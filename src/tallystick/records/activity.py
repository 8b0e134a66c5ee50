"""Provide a CRM's activity in neutral words: one e-mail as the CRM keeps it, or one part of a long one."""

from enum import StrEnum

import attrs

from tallystick.records.message import Attachment
from tallystick.records.relation import Relation
from tallystick.recurrence import Instant


class Origin(StrEnum):
    """How an e-mail came into the CRM."""

    MAILBOX = "mailbox"
    """It was saved out of a mailbox."""
    INDIVIDUAL = "individual"
    """A user wrote it in the CRM, to somebody."""
    BULK = "bulk"
    """A user wrote it in the CRM, to many at once."""
    WORKFLOW = "workflow"
    """The CRM made it by a rule of its own."""
    BY_HAND = "by_hand"
    """A user put it there, by a plug-in or by typing it in."""


@attrs.frozen(repr=False)
class Activity:
    """An e-mail among a CRM's activities.

    ``type`` is the CRM's own kind of activity, empty for its default. ``inbound`` tells whether the user received it.
    ``to``, ``cc`` and ``sender`` are plain addresses; ``references`` are message ids, oldest first. ``relations`` are
    the people it is about. ``html`` is the body in HTML where the CRM shows any. A body too long for one is ``part`` of
    ``parts``, counted from 1. ``thread`` is the same for all of one conversation.
    """

    subject: str = ""
    body: str = ""
    html: str = ""
    type: str = ""
    inbound: bool = False
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
    part: int = 1
    parts: int = 1
    origin: Origin = Origin.BY_HAND
    owner: str = ""
