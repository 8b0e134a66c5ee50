"""Provide HighLevel's way of syncing e-mail with Outlook."""

from tallystick.profiles.highlevel.connection import Connection as Connection
from tallystick.profiles.highlevel.connection import Sender as Sender
from tallystick.profiles.highlevel.connection import sender_of as sender_of
from tallystick.profiles.highlevel.mail_sync import ATTACHMENTS as ATTACHMENTS
from tallystick.profiles.highlevel.mail_sync import MAIL_LIMITS as MAIL_LIMITS
from tallystick.profiles.highlevel.mail_sync import MailSettings as MailSettings
from tallystick.profiles.highlevel.mail_sync import mail as mail
from tallystick.profiles.highlevel.mail_sync import mail_chain as mail_chain
