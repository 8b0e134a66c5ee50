"""Provide Maximizer's e-mail auto-save: one way, from a mailbox to the CRM, for people whose saving is switched on.

A person's incoming mail is saved from any folder, where the person is the sender; outgoing mail from Sent Items alone,
where the person is in To. Each address counts from the moment on at which it was switched on, and what came in a pause
stays unsaved. A message is saved once, and related to all whose saving was on.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from tallystick.mail import (
    ALWAYS,
    Answer,
    AttachmentLimits,
    Facts,
    MailProfile,
    MailRule,
    Periods,
    Selection,
    Subscriptions,
    save,
    skip,
)
from tallystick.mail.reading import is_outgoing
from tallystick.profiles.mail_profile import mail_profile
from tallystick.profiles.mail_rules import MailLimits, mail_rules
from tallystick.profiles.mail_selection import NO_DRAFTS
from tallystick.records import SENT_ITEMS, EmailAddress, Message, Relation
from tallystick.recurrence import Instant
from tallystick.text import canonical_address

MAIL_LIMITS: Final = MailLimits(subject=255, body=32_000)


def mail(  # noqa: PLR0913 -- all of them are choices by name
    user: str | Sequence[str],
    subscriptions: Subscriptions,
    *,
    incoming: Periods = ALWAYS,
    outgoing: Periods = ALWAYS,
    limits: MailLimits = MAIL_LIMITS,
    attachments: AttachmentLimits = AttachmentLimits(),  # noqa: B008 -- a frozen value
    clean_html: Callable[[str], str] | None = None,
    most_per_run: int = 1000,
    interval: timedelta = timedelta(minutes=10),
) -> MailProfile:
    """Return the profile of the auto-save of one mailbox.

    ``user`` is the mailbox's address, or all that it has. ``subscriptions`` say whose mail is saved since when;
    ``incoming`` and ``outgoing`` when each of the two was switched on. ``clean_html`` makes bodies safe to be passed on
    as HTML, such as :func:`tallystick.rich_text.sanitised`; without it there is plain text alone. A run takes
    ``most_per_run`` messages, and the next one goes on from there.
    """
    addresses = (user,) if isinstance(user, str) else tuple(user)
    selection = Selection(
        addresses,
        mail_chain(addresses, subscriptions, incoming, outgoing),
        longest_body=limits.body,
        attachments=attachments,
        clean_html=clean_html,
        most_per_run=most_per_run,
    )
    return MailProfile(mail_profile("maximizer-mail", mail_rules(limits), interval=interval), selection)


def mail_chain(
    user: Sequence[str], subscriptions: Subscriptions, incoming: Periods, outgoing: Periods
) -> tuple[MailRule, ...]:
    """Return the rules by which a message is saved or not."""
    owner = frozenset(filter(None, map(canonical_address, user)))

    def sent_elsewhere(message: Message, _facts: Facts) -> Answer | None:
        return _ELSEWHERE if message.folder != SENT_ITEMS and is_outgoing(message, owner) else None

    def outgoing_off(message: Message, _facts: Facts) -> Answer | None:
        if message.folder != SENT_ITEMS or outgoing.covers(_sent(message)):
            return None
        return _OUTGOING_OFF

    def recipient(message: Message, _facts: Facts) -> Answer | None:
        return _answer(message.to, subscriptions, _sent(message)) if message.folder == SENT_ITEMS else None

    def incoming_off(message: Message, _facts: Facts) -> Answer | None:
        return None if incoming.covers(message.at) else _INCOMING_OFF

    def sender(message: Message, _facts: Facts) -> Answer | None:
        return _answer((message.sender,) if message.sender else (), subscriptions, message.at)

    return (
        NO_DRAFTS,
        MailRule("sent_elsewhere", sent_elsewhere, "skips what the user sent unless it lies in Sent Items"),
        MailRule("outgoing", outgoing_off, "skips what was sent while the saving of outgoing mail was off"),
        MailRule("recipient", recipient, "saves what was sent to a subscribed address in To, skips the rest"),
        MailRule("incoming", incoming_off, "skips what came while the saving of incoming mail was off"),
        MailRule("sender", sender, "saves what came from a subscribed address, skips the rest"),
    )


def _sent(message: Message) -> Instant | None:
    return message.sent or message.received


def _answer(people: Sequence[EmailAddress], subscriptions: Subscriptions, moment: Instant | None) -> Answer:
    """Return that a message is saved for those of the people whose subscription covers the moment."""
    known = False
    relations: list[Relation] = []
    for person in people:
        if subscribed := subscriptions.of(canonical_address(person.address)):
            known = True
            relations += [one.relation for one in subscribed if one.periods.covers(moment)]
    if relations:
        return save("subscribed", relations)
    return _NOT_THEN if known else _NOT_SUBSCRIBED


_ELSEWHERE: Final = skip("not_in_sent_items")
_OUTGOING_OFF: Final = skip("outgoing_is_off")
_INCOMING_OFF: Final = skip("incoming_is_off")
_NOT_THEN: Final = skip("not_switched_on_then")
_NOT_SUBSCRIBED: Final = skip("not_subscribed")
