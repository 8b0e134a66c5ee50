"""Provide Maximizer's e-mail auto-save: one way, from a mailbox to the CRM, for people whose saving is switched on.

A person's incoming mail is saved from any folder, where the person is the sender; outgoing mail from Sent Items alone,
where the person is in To. Each address counts from the moment on at which it was switched on, and what came in a pause
stays unsaved. A message is saved once, and related to all whose saving was on.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import ClassVar, Final

import attrs

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
from tallystick.profiles.usual_settings import run_hours, run_interval
from tallystick.reconcile import Hours
from tallystick.records import SENT_ITEMS, EmailAddress, Message, Relation
from tallystick.recurrence import Instant
from tallystick.settings import Within, setting
from tallystick.text import canonical_address

MAIL_LIMITS: Final = MailLimits(subject=255, body=32_000)


@attrs.frozen(kw_only=True)
class MailSettings:
    """The settings of the e-mail auto-save; whose mail is saved since when are the CRM's own data."""

    name: ClassVar[str] = "maximizer-mail"

    most_per_run: int = setting(
        1000, "the most messages that a run takes; the next one goes on from there", checks=(Within(1),)
    )
    interval: timedelta = run_interval(timedelta(minutes=10))
    hours: Hours = run_hours()


USUAL_SETTINGS: Final = MailSettings()


def mail(
    user: str | Sequence[str],
    subscriptions: Subscriptions,
    settings: MailSettings = USUAL_SETTINGS,
    *,
    incoming: Periods = ALWAYS,
    outgoing: Periods = ALWAYS,
    limits: MailLimits = MAIL_LIMITS,
    attachments: AttachmentLimits = AttachmentLimits(),  # noqa: B008 -- a frozen value
    clean_html: Callable[[str], str] | None = None,
) -> MailProfile:
    """Return the profile of the auto-save of one mailbox.

    ``user`` is the mailbox's address, or all that it has. ``subscriptions`` say whose mail is saved since when;
    ``incoming`` and ``outgoing`` when each of the two was switched on. ``clean_html`` makes bodies safe to be passed on
    as HTML, such as :func:`tallystick.rich_text.sanitised`; without it there is plain text alone.
    """
    addresses = (user,) if isinstance(user, str) else tuple(user)
    selection = Selection(
        addresses,
        mail_chain(addresses, subscriptions, incoming, outgoing),
        longest_body=limits.body,
        attachments=attachments,
        clean_html=clean_html,
        most_per_run=settings.most_per_run,
    )
    profile = mail_profile(settings.name, mail_rules(limits), interval=settings.interval, hours=settings.hours)
    return MailProfile(profile, selection)


def mail_chain(
    user: Sequence[str], subscriptions: Subscriptions, incoming: Periods, outgoing: Periods
) -> tuple[MailRule, ...]:
    """Return the rules by which a message is saved or not."""
    owner = frozenset(filter(None, map(canonical_address, user)))

    def lies_in_sent(message: Message) -> bool:
        """Tell whether a message counts as outgoing: somebody's who is subscribed is incoming wherever it was put."""
        sender = canonical_address(message.sender.address) if message.sender else ""
        return message.folder == SENT_ITEMS and (sender in owner or not subscriptions.of(sender))

    def sent_elsewhere(message: Message, _facts: Facts) -> Answer | None:
        return _ELSEWHERE if message.folder != SENT_ITEMS and is_outgoing(message, owner) else None

    def outgoing_off(message: Message, _facts: Facts) -> Answer | None:
        if not lies_in_sent(message) or outgoing.covers(_sent(message)):
            return None
        return _OUTGOING_OFF

    def recipient(message: Message, _facts: Facts) -> Answer | None:
        return _answer(message.to, subscriptions, _sent(message)) if lies_in_sent(message) else None

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
