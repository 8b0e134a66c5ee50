"""Provide LinkPoint's e-mail sync: one way, from Exchange to Salesforce.

Every run looks at all messages of the look-back. What a contact or lead wrote or received is recorded once, related to
all of them, and marked in the mailbox; the ledger, not the mark, tells what is recorded.
"""

from collections.abc import Callable, Sequence
from typing import Final

from tallystick.mail import AttachmentLimits, Letter, MailProfile, Selection
from tallystick.profiles.linkpoint.mail_chain import is_sent_to, mail_chain
from tallystick.profiles.linkpoint.mail_settings import MailMode, MailSettings
from tallystick.profiles.mail_profile import mail_profile
from tallystick.profiles.mail_rules import MailLimits, mail_rules
from tallystick.reconcile import RollingWindow
from tallystick.records import Message

MAIL_LIMITS: Final = MailLimits(subject=255, body=32_000)
MOST_ATTACHMENT: Final = 5 * 1024 * 1024
"""The largest attachment that the CRM takes, in bytes."""


def mail(
    user: str | Sequence[str],
    settings: MailSettings,
    *,
    limits: MailLimits = MAIL_LIMITS,
    clean_html: Callable[[str], str] | None = None,
) -> MailProfile:
    """Return the profile of the e-mail sync of one mailbox.

    ``user`` is the mailbox's address, or all that it has. A message whose subject is longer than the ``limits`` is not
    synced, and listed with that reason; a longer body becomes several entries. ``clean_html`` makes bodies safe to be
    passed on as HTML; without it there is plain text alone.
    """
    addresses = (user,) if isinstance(user, str) else tuple(user)

    def with_attachments(message: Message) -> bool:
        return settings.all_attachments or is_sent_to(message, settings.smart.record_attachments)

    def reasons_against(letter: Letter) -> Sequence[str]:
        return (*letter.against, *(("too_long:subject",) if len(letter.subject) > limits.subject else ()))

    selection = Selection(
        addresses,
        mail_chain(addresses, settings),
        looks_up_people=True,
        looks_up_threads=True,
        looks_again=True,
        longest_body=limits.body,
        attachments=AttachmentLimits(most_bytes=MOST_ATTACHMENT),
        takes_attachments=with_attachments,
        clean_html=clean_html,
        mark=settings.crm_category or None,
        alternate_addresses=settings.alternate_addresses,
    )
    profile = mail_profile(
        settings.name,
        mail_rules(limits, type_=settings.activity_type),
        reasons_against=reasons_against,
        window=RollingWindow(days_back=settings.look_back, days_ahead=1, zone=settings.zone),
        interval=settings.interval,
        hours=settings.hours,
        enabled=settings.mode is not MailMode.OFF,
    )
    return MailProfile(profile, selection)
