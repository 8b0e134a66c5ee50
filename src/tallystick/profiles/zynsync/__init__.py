"""Provide ZynSync's way of keeping a mailbox's calendar and Salesforce's events in step."""

from tallystick.profiles.zynsync.calendar_rules import CalendarTable, calendar_rules
from tallystick.profiles.zynsync.calendar_sync import CalendarSettings, EventType, Filter, Filters, Ways, calendar
from tallystick.profiles.zynsync.invitees import Company

__all__ = [
    "CalendarSettings",
    "CalendarTable",
    "Company",
    "EventType",
    "Filter",
    "Filters",
    "Ways",
    "calendar",
    "calendar_rules",
]
