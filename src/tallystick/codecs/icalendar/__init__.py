"""Provide calendar files (.ics, RFC 5545): a lossless document, typed values, and a codec for each kind of record.

Read in this order: ``lines`` and ``component`` (what a file is made of, and how one property changes while all others
stay), ``values``, ``zones``, ``times``, ``users`` (what properties say), ``forms`` (what a kind of record has to
tell), ``series`` and ``alarms``, ``document`` and ``codec``; ``event_words``, ``events`` and ``task_forms``;
``zone_matching`` and ``zone_writing`` for VTIMEZONE.

The line layer is the project's own. The libraries that read iCalendar (icalendar, vobject, ics) all build values and
write those: what they give back has other folds, another order of parameters and other quotes, and some drop what they
do not know. A file that people keep in a version control, or that three programs share, has to keep what nobody
changed. Those libraries are oracles of the tests instead.
"""

from tallystick.codecs.icalendar.alarms import read_reminder, reminder_properties
from tallystick.codecs.icalendar.codec import IcsCodec
from tallystick.codecs.icalendar.component import Component, Properties
from tallystick.codecs.icalendar.document import IcsDocument
from tallystick.codecs.icalendar.events import EventForm, event_ics
from tallystick.codecs.icalendar.forms import ComponentSet, Form, NotExpressed, Said, Written
from tallystick.codecs.icalendar.lines import ContentLine, Property
from tallystick.codecs.icalendar.series import not_expressed, read_series, recurrence_id, series_properties
from tallystick.codecs.icalendar.task_forms import CrmTaskForm, TodoTaskForm
from tallystick.codecs.icalendar.times import instant_property, read_instant, read_start, start_property
from tallystick.codecs.icalendar.users import CalendarUser, read_user, user_property
from tallystick.codecs.icalendar.values import (
    Duration,
    format_duration,
    integer_property,
    parse_duration,
    read_integer,
    read_text,
    read_texts,
    text_property,
    texts_property,
)
from tallystick.codecs.icalendar.zones import CalendarZones

__all__ = [
    "CalendarUser",
    "CalendarZones",
    "Component",
    "ComponentSet",
    "ContentLine",
    "CrmTaskForm",
    "Duration",
    "EventForm",
    "Form",
    "IcsCodec",
    "IcsDocument",
    "NotExpressed",
    "Properties",
    "Property",
    "Said",
    "TodoTaskForm",
    "Written",
    "event_ics",
    "format_duration",
    "instant_property",
    "integer_property",
    "not_expressed",
    "parse_duration",
    "read_instant",
    "read_integer",
    "read_reminder",
    "read_series",
    "read_start",
    "read_text",
    "read_texts",
    "read_user",
    "recurrence_id",
    "reminder_properties",
    "series_properties",
    "start_property",
    "text_property",
    "texts_property",
    "user_property",
]
