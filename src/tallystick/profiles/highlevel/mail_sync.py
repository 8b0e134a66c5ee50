"""Provide HighLevel's two-way e-mail: threads that were begun in the CRM, in the CRM and in the mailbox.

What a user writes in the CRM becomes a draft in the connected mailbox, which is sent by its id. From then on the thread
is followed, by message ids: whatever answers in it appears in the CRM, from whichever side. A thread that was begun in
the mailbox stays there.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar, Final

import attrs

from tallystick.mail import Answer, AttachmentLimits, Facts, MailProfile, MailRule, Selection, ancestors, save, skip
from tallystick.mail.reading import participants
from tallystick.profiles.highlevel.connection import Connection, sender_of
from tallystick.profiles.mail_profile import mail_profile
from tallystick.profiles.mail_rules import MailLimits, mail_rules
from tallystick.profiles.mail_selection import NO_DRAFTS, related
from tallystick.profiles.usual_settings import run_hours, run_interval
from tallystick.reconcile import Hours
from tallystick.records import Activity, Message
from tallystick.settings import setting
from tallystick.text import canonical_address

MAIL_LIMITS: Final = MailLimits(subject=998, body=100_000)
ATTACHMENTS: Final = AttachmentLimits(
    3 * 1024 * 1024,
    frozenset(("jpg", "jpeg", "png", "mp4", "mpeg", "zip", "rar", "pdf", "doc", "docx", "txt")),
)
"""Attachments of at most 3 MB, of eleven kinds."""


@attrs.frozen(kw_only=True)
class MailSettings:
    """The settings of the two-way e-mail."""

    name: ClassVar[str] = "highlevel-mail"

    follows_old_threads: bool = setting(
        default=False, words="whether threads are followed that were begun before the mailbox was connected"
    )
    interval: timedelta = run_interval(timedelta(minutes=5))
    hours: Hours = run_hours()


USUAL_SETTINGS: Final = MailSettings()


def mail(
    connection: Connection | None,
    settings: MailSettings = USUAL_SETTINGS,
    *,
    limits: MailLimits = MAIL_LIMITS,
    attachments: AttachmentLimits = ATTACHMENTS,
    clean_html: Callable[[str], str] | None = None,
) -> MailProfile:
    """Return the profile of the two-way e-mail of one user.

    ``connection`` is the connected mailbox, None while there is none: then nothing is synced either way.
    ``clean_html`` makes bodies safe to be passed on as HTML; without it there is plain text alone.
    """

    def is_sent_by_mailbox(activity: Activity) -> bool:
        """Tell whether an activity is to be sent by the mailbox: it was written since that was connected."""
        if connection is None or activity.inbound or not sender_of(activity, connection).by_mailbox:
            return False
        return activity.at is not None and activity.at.utc >= connection.since

    selection = Selection(
        (connection.address,) if connection else (),
        mail_chain(connection, follows_old_threads=settings.follows_old_threads),
        looks_up_people=True,
        looks_up_threads=True,
        longest_body=limits.body,
        attachments=attachments,
        clean_html=clean_html,
        sends_since=connection.since if connection else None,
    )
    rules = mail_rules(limits, both_ways=True)
    profile = mail_profile(
        settings.name, rules, sends=is_sent_by_mailbox, interval=settings.interval, hours=settings.hours
    )
    return MailProfile(profile, selection)


def mail_chain(connection: Connection | None, *, follows_old_threads: bool = False) -> tuple[MailRule, ...]:
    """Return the rules by which a message of the mailbox appears in the CRM or not."""
    connected = canonical_address(connection.address) if connection else ""

    def disconnected(_message: Message, _facts: Facts) -> Answer | None:
        return None if connection else skip("disconnected")

    def earlier(message: Message, _facts: Facts) -> Answer | None:
        at = message.at
        return skip("before_the_connection") if connection and at and at.utc < connection.since else None

    def other_address(message: Message, _facts: Facts) -> Answer | None:
        return None if connected in participants(message) else skip("another_address")

    def old_thread(message: Message, facts: Facts) -> Answer | None:
        known = [one for one in ancestors(message) if one in facts.known]
        if follows_old_threads or connection is None or not known:
            return None
        times = [at.utc for one in known if (at := facts.written(one))]
        return None if times and min(times) >= connection.since else skip("thread_begun_before_the_connection")

    def thread(message: Message, facts: Facts) -> Answer:
        if any(one in facts.known for one in ancestors(message)):
            return save("thread_of_the_crm", related(message, facts, frozenset((connected,))))
        return skip("thread_begun_in_the_mailbox")

    return (
        MailRule("disconnected", disconnected, "skips everything while no mailbox is connected"),
        NO_DRAFTS,
        MailRule("earlier", earlier, "skips what came before the mailbox was connected"),
        MailRule("other_address", other_address, "skips what the connected address neither wrote nor received"),
        MailRule("old_thread", old_thread, "skips threads that were begun before the connection", needs_facts=True),
        MailRule("thread", thread, "saves what answers in a thread begun in the CRM, skips the rest", needs_facts=True),
    )
