"""Provide what a user chooses of LinkPoint's e-mail sync."""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Final

import attrs

from tallystick.errors import SettingsError
from tallystick.profiles.usual_settings import run_hours, run_interval
from tallystick.reconcile import Hours
from tallystick.records import INBOX, SENT_ITEMS
from tallystick.settings import Filled, KnownZone, Within, setting
from tallystick.text import is_address

LONGEST_LOOK_BACK: Final = 30


class MailMode(StrEnum):
    """Which messages are synced."""

    OFF = "off"
    """None."""
    ALL = "all"
    """Every message that a contact or lead wrote or received."""
    DESIGNATED = "designated"
    """Of those only the ones that were designated, and replies."""


class ReplyTo(StrEnum):
    """What a reply has to answer to be recorded by itself."""

    RECORDED = "recorded"
    """A message that is recorded."""
    ANY_SENT = "any sent"
    """Any message that the user sent."""


@attrs.frozen
class SmartAddresses:
    """Addresses that say, among the recipients of a message, what is to become of it; empty where there is none."""

    record: str = ""
    do_not_record: str = ""
    record_attachments: str = ""

    def __attrs_post_init__(self) -> None:
        for name in ("record", "do_not_record", "record_attachments"):
            given = getattr(self, name)
            if given and not is_address(given):
                raise SettingsError(
                    "a smart address is no e-mail address", where=name, remedy="correct it, or empty it"
                )


@attrs.frozen(kw_only=True)
class MailSettings:
    """The settings of the e-mail sync."""

    name: ClassVar[str] = "linkpoint-mail"

    mode: MailMode = setting(MailMode.OFF, "which of the messages that match a contact or lead are synced")
    look_back: int = setting(
        7, "from how many days back every run takes messages", extent=True, checks=(Within(1, LONGEST_LOOK_BACK),)
    )
    folders: tuple[str, ...] = setting(
        (INBOX, SENT_ITEMS), "the folders that are looked in, by id or well-known name", checks=(Filled(),)
    )
    activity_type: str = setting("", "the type of the activities that are made, empty for the CRM's own default")
    all_attachments: bool = setting(
        default=False, words="whether attachments are recorded of every message, not only where it is asked for"
    )
    alternate_addresses: bool = setting(
        default=True, words="whether contacts and leads are matched by their secondary and alternate addresses, too"
    )
    crm_category: str = setting("CRM", "the category that designates messages, and marks those that were synced")
    excluding_category: str = setting("DoNotSync", "the category of messages that are never synced")
    smart: SmartAddresses = setting(SmartAddresses(), "the addresses that say what becomes of a message sent to them")
    reply_to: ReplyTo = setting(ReplyTo.RECORDED, "what a reply has to answer to be recorded by itself")
    reply_within: timedelta = setting(
        timedelta(days=10), "how long after what it answers a reply may come", checks=(Within(timedelta(0)),)
    )
    zone: str = setting("UTC", "the zone by whose days the look-back is counted", extent=True, checks=(KnownZone(),))
    interval: timedelta = run_interval(timedelta(minutes=30), least=timedelta(minutes=30))
    hours: Hours = run_hours()
