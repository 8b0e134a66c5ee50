"""Provide HighLevel's way of syncing e-mail with Outlook."""

from tallystick.profiles.highlevel.connection import Connection, Sender, sender_of
from tallystick.profiles.highlevel.mail_sync import ATTACHMENTS, MAIL_LIMITS, MailSettings, mail, mail_chain

__all__ = ["ATTACHMENTS", "MAIL_LIMITS", "Connection", "MailSettings", "Sender", "mail", "mail_chain", "sender_of"]
