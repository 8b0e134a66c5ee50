"""Provide Maximizer's ways of syncing with Outlook, one function each."""

from tallystick.profiles.maximizer.contact_sync import CONTACT_MATCHER, CONTACT_RULES, PHONE_LABELS, contacts
from tallystick.profiles.maximizer.task_sync import PRIORITIES, STATUSES, TaskTables, task_rules, tasks

__all__ = [
    "CONTACT_MATCHER",
    "CONTACT_RULES",
    "PHONE_LABELS",
    "PRIORITIES",
    "STATUSES",
    "TaskTables",
    "contacts",
    "task_rules",
    "tasks",
]
