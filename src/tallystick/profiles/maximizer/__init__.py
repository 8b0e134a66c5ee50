"""Provide Maximizer's ways of syncing with Outlook, one function each."""

from tallystick.profiles.maximizer.appointment_rules import AppointmentTable as AppointmentTable
from tallystick.profiles.maximizer.appointment_rules import appointment_rules as appointment_rules
from tallystick.profiles.maximizer.appointment_sync import END_OF_TIME as END_OF_TIME
from tallystick.profiles.maximizer.appointment_sync import AppointmentSettings as AppointmentSettings
from tallystick.profiles.maximizer.appointment_sync import appointments as appointments
from tallystick.profiles.maximizer.contact_sync import CONTACT_MATCHER as CONTACT_MATCHER
from tallystick.profiles.maximizer.contact_sync import CONTACT_RULES as CONTACT_RULES
from tallystick.profiles.maximizer.contact_sync import PHONE_LABELS as PHONE_LABELS
from tallystick.profiles.maximizer.contact_sync import ContactSettings as ContactSettings
from tallystick.profiles.maximizer.contact_sync import contacts as contacts
from tallystick.profiles.maximizer.mail_sync import MAIL_LIMITS as MAIL_LIMITS
from tallystick.profiles.maximizer.mail_sync import MailSettings as MailSettings
from tallystick.profiles.maximizer.mail_sync import mail as mail
from tallystick.profiles.maximizer.mail_sync import mail_chain as mail_chain
from tallystick.profiles.maximizer.task_sync import PRIORITIES as PRIORITIES
from tallystick.profiles.maximizer.task_sync import STATUSES as STATUSES
from tallystick.profiles.maximizer.task_sync import TaskSettings as TaskSettings
from tallystick.profiles.maximizer.task_sync import TaskTables as TaskTables
from tallystick.profiles.maximizer.task_sync import task_rules as task_rules
from tallystick.profiles.maximizer.task_sync import tasks as tasks
