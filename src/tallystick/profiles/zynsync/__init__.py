"""Provide ZynSync's way of keeping a mailbox's calendar and Salesforce's events in step."""

from tallystick.profiles.zynsync.calendar_rules import CalendarTable as CalendarTable
from tallystick.profiles.zynsync.calendar_rules import calendar_rules as calendar_rules
from tallystick.profiles.zynsync.calendar_sync import CalendarSettings as CalendarSettings
from tallystick.profiles.zynsync.calendar_sync import EventType as EventType
from tallystick.profiles.zynsync.calendar_sync import Filter as Filter
from tallystick.profiles.zynsync.calendar_sync import Filters as Filters
from tallystick.profiles.zynsync.calendar_sync import Ways as Ways
from tallystick.profiles.zynsync.calendar_sync import calendar as calendar
from tallystick.profiles.zynsync.invitees import Company as Company
