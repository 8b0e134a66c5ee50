"""Provide what a user chooses of LinkPoint's e-mail sync."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

import attrs

from tallystick.errors import SettingsError
from tallystick.records import INBOX, SENT_ITEMS
from tallystick.text import is_address

_LONGEST_LOOK_BACK: Final = 30


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


@attrs.frozen
class MailSettings:
    """The choices of a user; the defaults are those of the product.

    ``look_back`` is from how many days back every run takes messages, 1 to 30. ``folders`` are ids or well-known names.
    ``activity_type`` is empty for the CRM's own default. ``all_attachments`` records those of every message, else only
    where the smart address asks for it. ``alternate_addresses`` matches people by any of their addresses. Messages in
    the category ``crm_category`` are designated, and synced ones are marked with it; those in ``excluding_category``
    are never synced. Replies are recorded within ``reply_within`` of what they answer. Raises SettingsError.
    """

    mode: MailMode = MailMode.OFF
    look_back: int = 7
    folders: tuple[str, ...] = (INBOX, SENT_ITEMS)
    activity_type: str = ""
    all_attachments: bool = False
    alternate_addresses: bool = True
    crm_category: str = "CRM"
    excluding_category: str = "DoNotSync"
    smart: SmartAddresses = SmartAddresses()
    reply_to: ReplyTo = ReplyTo.RECORDED
    reply_within: timedelta = timedelta(days=10)
    zone: str = "UTC"

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.look_back <= _LONGEST_LOOK_BACK:
            raise SettingsError(
                f"a look-back of {self.look_back} days",
                where="look_back",
                remedy=f"give 1 to {_LONGEST_LOOK_BACK} days",
            )
        if not self.folders:
            raise SettingsError("no folder to look in", where="folders", remedy="name one at least, such as inbox")
