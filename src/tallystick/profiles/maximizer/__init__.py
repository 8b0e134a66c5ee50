"""Provide Maximizer's ways of syncing with Outlook, one function each."""

from tallystick.profiles.maximizer.appointment_rules import AppointmentTable, appointment_rules
from tallystick.profiles.maximizer.appointment_sync import END_OF_TIME, AppointmentSettings, appointments
from tallystick.profiles.maximizer.contact_sync import (
    CONTACT_MATCHER,
    CONTACT_RULES,
    PHONE_LABELS,
    ContactSettings,
    contacts,
)
from tallystick.profiles.maximizer.mail_sync import MAIL_LIMITS, MailSettings, mail, mail_chain
from tallystick.profiles.maximizer.task_sync import PRIORITIES, STATUSES, TaskSettings, TaskTables, task_rules, tasks

__all__ = [
    "CONTACT_MATCHER",
    "CONTACT_RULES",
    "END_OF_TIME",
    "MAIL_LIMITS",
    "PHONE_LABELS",
    "PRIORITIES",
    "STATUSES",
    "AppointmentSettings",
    "AppointmentTable",
    "ContactSettings",
    "MailSettings",
    "TaskSettings",
    "TaskTables",
    "appointment_rules",
    "appointments",
    "contacts",
    "mail",
    "mail_chain",
    "task_rules",
    "tasks",
]
