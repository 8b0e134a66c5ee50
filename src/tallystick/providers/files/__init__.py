"""Provide files as sides of a sync: .csv as Outlook and CRMs write it, .jsonl, .vcf, .ics, .eml and .mbox."""

from tallystick.providers.files.mail import MailFiles as MailFiles
from tallystick.providers.files.opening import ACTIVITIES as ACTIVITIES
from tallystick.providers.files.opening import APPOINTMENTS as APPOINTMENTS
from tallystick.providers.files.opening import CONTACTS as CONTACTS
from tallystick.providers.files.opening import CRM_TASKS as CRM_TASKS
from tallystick.providers.files.opening import ENTRIES as ENTRIES
from tallystick.providers.files.opening import EVENTS as EVENTS
from tallystick.providers.files.opening import MESSAGES as MESSAGES
from tallystick.providers.files.opening import PEOPLE as PEOPLE
from tallystick.providers.files.opening import TODO_TASKS as TODO_TASKS
from tallystick.providers.files.opening import FileKind as FileKind
from tallystick.providers.files.opening import events_of as events_of
from tallystick.providers.files.opening import open_contacts as open_contacts
from tallystick.providers.files.opening import open_entries as open_entries
from tallystick.providers.files.opening import open_events as open_events
from tallystick.providers.files.opening import open_file as open_file
from tallystick.providers.files.opening import open_mail as open_mail
from tallystick.providers.files.opening import read_header_map as read_header_map
from tallystick.providers.files.opening import write_contacts as write_contacts
from tallystick.providers.files.opening import write_entries as write_entries
from tallystick.providers.files.opening import write_events as write_events
from tallystick.providers.files.provider import FileProvider as FileProvider
