"""Provide the connection of a CRM's user with a mailbox, and who sends what the CRM writes.

===========  ==============================================================================
written      sent by
===========  ==============================================================================
to one       the connected mailbox; the account's provider where there is none
in bulk      From, where it is given: the mailbox if that is its address; else the provider
by a rule    the account's provider
===========  ==============================================================================
"""

from datetime import datetime

import attrs

from tallystick.errors import SettingsError
from tallystick.records import Activity, Origin
from tallystick.text import canonical_address


@attrs.frozen
class Connection:
    """The mailbox that a user has connected, by its address, and since when. Raises SettingsError."""

    address: str
    since: datetime

    def __attrs_post_init__(self) -> None:
        if not canonical_address(self.address):
            raise SettingsError("the connected address is no e-mail address", where="connection", remedy="correct it")
        if self.since.utcoffset() is None:
            raise SettingsError("the connection's moment has no zone", where="connection", remedy="give it one")


@attrs.frozen
class Sender:
    """Who sends: the ``address`` in From, empty for the account's provider under its own name, and by which way."""

    address: str = ""
    by_mailbox: bool = False


def sender_of(activity: Activity, connection: Connection | None) -> Sender:
    """Return who sends an e-mail that the CRM wrote. One that it did not write is sent by nobody: its From stands."""
    connected = canonical_address(connection.address) if connection else ""
    if activity.origin is Origin.INDIVIDUAL and connection:
        return Sender(connection.address, by_mailbox=True)
    if activity.origin is Origin.BULK and activity.sender:
        return Sender(activity.sender, by_mailbox=bool(connected) and canonical_address(activity.sender) == connected)
    return Sender()
