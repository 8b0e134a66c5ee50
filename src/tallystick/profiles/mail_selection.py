"""Provide the rules of selection that several mail syncs have."""

from collections.abc import Sequence
from typing import Final

from tallystick.mail import Answer, Facts, MailRule, ancestors, skip
from tallystick.mail.reading import is_outgoing, participants
from tallystick.records import DRAFTS, Message, Relation
from tallystick.records.days import came_in


def _draft(message: Message, _facts: Facts) -> Answer | None:
    return skip("draft") if message.is_draft or message.folder == DRAFTS else None


NO_DRAFTS: Final = MailRule("draft", _draft, "skips drafts, which have no identity that lasts")


def related(message: Message, facts: Facts, owner: frozenset[str]) -> list[Relation]:
    """Return the people of the CRM who wrote or received a message, the mailbox's owner aside."""
    return [one for address in participants(message) if address not in owner for one in facts.people.get(address, ())]


def skips_outside_the_window(message: Message, facts: Facts) -> Answer | None:
    """Skip what came on none of the days that are looked at."""
    inside = facts.window is None or came_in(message, facts.window)
    return None if inside else skip("before_the_look_back")


def direct_original(message: Message, facts: Facts) -> tuple[str, Message | None]:
    """Return the key of the message that one answers, and the message where it lies in a mailbox."""
    above: Sequence[str] = ancestors(message)
    return (above[0], facts.originals.get(above[0])) if above else ("", None)


def inbound(message: Message, owner: frozenset[str]) -> bool:
    """Tell whether a message came from somebody else."""
    return not is_outgoing(message, owner)
