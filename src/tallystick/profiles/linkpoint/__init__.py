"""Provide LinkPoint Connect's ways of syncing Exchange with Salesforce, one function each."""

from tallystick.profiles.linkpoint.mail_chain import mail_chain as mail_chain
from tallystick.profiles.linkpoint.mail_settings import MailMode as MailMode
from tallystick.profiles.linkpoint.mail_settings import MailSettings as MailSettings
from tallystick.profiles.linkpoint.mail_settings import ReplyTo as ReplyTo
from tallystick.profiles.linkpoint.mail_settings import SmartAddresses as SmartAddresses
from tallystick.profiles.linkpoint.mail_sync import MAIL_LIMITS as MAIL_LIMITS
from tallystick.profiles.linkpoint.mail_sync import MOST_ATTACHMENT as MOST_ATTACHMENT
from tallystick.profiles.linkpoint.mail_sync import mail as mail
