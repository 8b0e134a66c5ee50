"""Provide Oracle CX Sales' ways of syncing with Outlook: contacts, meetings and tasks, each by a saved search."""

from tallystick.profiles.cx_sales.accounts import ACCOUNTS
from tallystick.profiles.cx_sales.contact_sync import CONTACT_MATCHER, CONTACT_RULES, PHONE_LABELS, ContactSettings
from tallystick.profiles.cx_sales.meeting_sync import MeetingSettings, meeting_rules
from tallystick.profiles.cx_sales.overview import Jobs, KindError, Summary, Written, errors, summary
from tallystick.profiles.cx_sales.resolution import Resolution
from tallystick.profiles.cx_sales.searches import (
    ALL_CONTACTS,
    ME,
    MEETINGS,
    MY_BUSINESS_CONTACTS,
    MY_CONTACTS,
    MY_FAVORITE_CONTACTS,
    MY_OPEN_ACTIVITIES,
    MY_TASKS,
    OPEN,
    PEOPLE,
    PREDEFINED,
    PROTECTED,
    STATUS,
    TASKS,
    Criterion,
    Operator,
    SavedSearch,
)
from tallystick.profiles.cx_sales.task_sync import PRIORITIES, STATUSES, TaskSettings, task_rules

__all__ = [
    "ACCOUNTS",
    "ALL_CONTACTS",
    "CONTACT_MATCHER",
    "CONTACT_RULES",
    "ME",
    "MEETINGS",
    "MY_BUSINESS_CONTACTS",
    "MY_CONTACTS",
    "MY_FAVORITE_CONTACTS",
    "MY_OPEN_ACTIVITIES",
    "MY_TASKS",
    "OPEN",
    "PEOPLE",
    "PHONE_LABELS",
    "PREDEFINED",
    "PRIORITIES",
    "PROTECTED",
    "STATUS",
    "STATUSES",
    "TASKS",
    "ContactSettings",
    "Criterion",
    "Jobs",
    "KindError",
    "MeetingSettings",
    "Operator",
    "Resolution",
    "SavedSearch",
    "Summary",
    "TaskSettings",
    "Written",
    "errors",
    "meeting_rules",
    "summary",
    "task_rules",
]
