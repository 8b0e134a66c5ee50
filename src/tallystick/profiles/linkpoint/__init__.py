"""Provide LinkPoint Connect's ways of syncing Exchange with Salesforce, one function each."""

from tallystick.profiles.linkpoint.mail_chain import mail_chain
from tallystick.profiles.linkpoint.mail_settings import MailMode, MailSettings, ReplyTo, SmartAddresses
from tallystick.profiles.linkpoint.mail_sync import MAIL_LIMITS, MOST_ATTACHMENT, mail

__all__ = [
    "MAIL_LIMITS",
    "MOST_ATTACHMENT",
    "MailMode",
    "MailSettings",
    "ReplyTo",
    "SmartAddresses",
    "mail",
    "mail_chain",
]
