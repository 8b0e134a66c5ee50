"""Provide the rules by which LinkPoint's e-mail sync records a message or excludes it, in their order.

What excludes a message beats what designates it. A message that was excluded is looked at again by every run while it
lies within the look-back: designated later, or matched later, it is taken.
"""

from collections.abc import Sequence

import attrs

from tallystick.mail import Answer, Facts, MailRule, judge, save, skip
from tallystick.profiles.linkpoint.mail_settings import MailMode, MailSettings, ReplyTo
from tallystick.profiles.mail_selection import (
    NO_DRAFTS,
    direct_original,
    inbound,
    related,
    skips_outside_the_window,
)
from tallystick.records import Message
from tallystick.recurrence import Instant
from tallystick.text import canonical_address, fold


def mail_chain(user: Sequence[str], settings: MailSettings) -> tuple[MailRule, ...]:
    """Return the rules for a user with these addresses."""
    chain = _Chain(settings, frozenset(filter(None, map(canonical_address, user))))
    return (*chain.itself, MailRule("reply", chain.reply, "saves replies to recorded messages, skips the rest", True))  # noqa: FBT003 -- needs facts


@attrs.frozen
class _Chain:
    """What the rules ask, for the owner of a mailbox. ``itself`` are those that do not look at what is answered."""

    settings: MailSettings
    owner: frozenset[str]
    itself: tuple[MailRule, ...] = attrs.field(init=False, eq=False)

    @itself.default
    def _rules(self) -> tuple[MailRule, ...]:
        designates = "saves what the category or the smart address designates"
        return (
            MailRule("mode", self.off, "skips everything where the mode is off"),
            NO_DRAFTS,
            MailRule("folder", self.folder, "skips what lies in a folder that is not looked in"),
            MailRule("excluded", self.excluded, "skips what the category or the smart address says not to sync"),
            MailRule("look_back", skips_outside_the_window, "skips what came before the days that are looked at"),
            MailRule("unrelated", self.unrelated, "skips what no contact or lead wrote or received", needs_facts=True),
            MailRule("matching", self.matching, "saves the rest where the mode is all", needs_facts=True),
            MailRule("designated", self.designated, designates, needs_facts=True),
        )

    def off(self, _message: Message, _facts: Facts) -> Answer | None:
        return skip("off") if self.settings.mode is MailMode.OFF else None

    def folder(self, message: Message, _facts: Facts) -> Answer | None:
        looked_in = map(fold, self.settings.folders)
        return None if fold(message.folder) in looked_in else skip("another_folder")

    def excluded(self, message: Message, _facts: Facts) -> Answer | None:
        marked = _is_in(message, self.settings.excluding_category)
        return skip("do_not_sync") if marked or is_sent_to(message, self.settings.smart.do_not_record) else None

    def unrelated(self, message: Message, facts: Facts) -> Answer | None:
        return None if related(message, facts, self.owner) else skip("no_contact_or_lead")

    def matching(self, message: Message, facts: Facts) -> Answer | None:
        if self.settings.mode is not MailMode.ALL:
            return None
        return save("matching", related(message, facts, self.owner))

    def designated(self, message: Message, facts: Facts) -> Answer | None:
        given = _is_in(message, self.settings.crm_category) or is_sent_to(message, self.settings.smart.record)
        return save("designated", related(message, facts, self.owner)) if given else None

    def reply(self, message: Message, facts: Facts) -> Answer:
        if inbound(message, self.owner) and self._answers_recorded(message, facts):
            return save("reply", related(message, facts, self.owner))
        return skip("not_designated")

    def _answers_recorded(self, message: Message, facts: Facts) -> bool:
        """Tell whether a message answers one that is recorded, or would be by now, each in its time."""
        seen: set[str] = set()
        while True:
            key, original = direct_original(message, facts)
            if key in seen or not self._in_time(message, facts.written(key)):
                return False
            if original is None:
                return True  # it was recorded, and is in no mailbox any more
            answered_user = self.settings.reply_to is ReplyTo.ANY_SENT and not inbound(original, self.owner)
            if answered_user or key in facts.known or judge(original, facts, self.itself).saves:
                return True
            if not self._may_be_reply(original, facts):
                return False
            seen.add(key)
            message = original

    def _may_be_reply(self, message: Message, facts: Facts) -> bool:
        """Tell whether a message is recorded if it answers one that is."""
        excluded = self.excluded(message, facts) or self.unrelated(message, facts)
        return inbound(message, self.owner) and excluded is None

    def _in_time(self, message: Message, sent: Instant | None) -> bool:
        came = message.at
        return came is not None and sent is not None and sent.utc <= came.utc <= sent.utc + self.settings.reply_within


def is_sent_to(message: Message, address: str) -> bool:
    """Tell whether an address, in any spelling, is among a message's recipients."""
    wanted = canonical_address(address)
    recipients = (*message.to, *message.cc, *message.bcc)
    return bool(wanted) and any(canonical_address(one.address) == wanted for one in recipients)


def _is_in(message: Message, category: str) -> bool:
    wanted = fold(category)
    return bool(wanted) and any(fold(one) == wanted for one in message.categories)
