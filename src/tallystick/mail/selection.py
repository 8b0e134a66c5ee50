"""Provide the selection: all that a mail sync chooses, as one frozen value beside the engine's profile."""

from collections.abc import Callable
from datetime import datetime

import attrs

from tallystick.mail.attachments import AttachmentLimits
from tallystick.mail.chain import MailRule
from tallystick.mail.letter import Letter
from tallystick.reconcile import Profile
from tallystick.records import Activity, Message
from tallystick.text import canonical_address


def _all(_message: Message) -> bool:
    return True


@attrs.frozen
class Selection:
    """What of a mailbox is saved, and as what.

    ``user`` are the addresses of the mailbox's owner. ``rules`` decide. ``looks_up_people``, ``looks_up_threads``: the
    rules want to know who has an address, and what of a message's thread is known. ``looks_again``: every run looks at
    every message, whether it changed or not. ``longest_body`` is how many characters one entry has room for, None for
    any number. ``attachments`` says which are taken, and ``takes_attachments`` of which messages. ``clean_html`` makes
    bodies safe to be passed on as HTML; without it there is none. ``mark`` is the category that saved messages get.
    ``alternate_addresses``: people are found by any of their addresses, not by the first alone. ``most_per_run`` is how
    many messages a run takes at most; the next goes on from there. ``sends_since``: what the CRM wrote then or later is
    sent by the mailbox; None where nothing is.
    """

    user: tuple[str, ...]
    rules: tuple[MailRule, ...]
    looks_up_people: bool = False
    looks_up_threads: bool = False
    looks_again: bool = False
    longest_body: int | None = None
    attachments: AttachmentLimits = AttachmentLimits()
    takes_attachments: Callable[[Message], bool] = _all
    clean_html: Callable[[str], str] | None = None
    mark: str | None = None
    alternate_addresses: bool = True
    most_per_run: int | None = None
    sends_since: datetime | None = None

    @property
    def owner(self) -> frozenset[str]:
        """The owner's addresses in canonical form."""
        return frozenset(filter(None, map(canonical_address, self.user)))


@attrs.frozen
class MailProfile:
    """All of what one mail sync is: the engine's ``profile``, and the ``selection`` of messages."""

    profile: Profile[Letter, Activity]
    selection: Selection
