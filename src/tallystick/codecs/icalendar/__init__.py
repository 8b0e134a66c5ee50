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

from tallystick.codecs.icalendar.alarms import read_reminder as read_reminder
from tallystick.codecs.icalendar.alarms import reminder_properties as reminder_properties
from tallystick.codecs.icalendar.codec import IcsCodec as IcsCodec
from tallystick.codecs.icalendar.component import Component as Component
from tallystick.codecs.icalendar.component import Properties as Properties
from tallystick.codecs.icalendar.document import IcsDocument as IcsDocument
from tallystick.codecs.icalendar.events import EventForm as EventForm
from tallystick.codecs.icalendar.events import event_ics as event_ics
from tallystick.codecs.icalendar.forms import ComponentSet as ComponentSet
from tallystick.codecs.icalendar.forms import Form as Form
from tallystick.codecs.icalendar.forms import NotExpressed as NotExpressed
from tallystick.codecs.icalendar.forms import Said as Said
from tallystick.codecs.icalendar.forms import Written as Written
from tallystick.codecs.icalendar.lines import ContentLine as ContentLine
from tallystick.codecs.icalendar.lines import Property as Property
from tallystick.codecs.icalendar.series import not_expressed as not_expressed
from tallystick.codecs.icalendar.series import read_series as read_series
from tallystick.codecs.icalendar.series import recurrence_id as recurrence_id
from tallystick.codecs.icalendar.series import series_properties as series_properties
from tallystick.codecs.icalendar.task_forms import CrmTaskForm as CrmTaskForm
from tallystick.codecs.icalendar.task_forms import TodoTaskForm as TodoTaskForm
from tallystick.codecs.icalendar.times import instant_property as instant_property
from tallystick.codecs.icalendar.times import read_instant as read_instant
from tallystick.codecs.icalendar.times import read_start as read_start
from tallystick.codecs.icalendar.times import start_property as start_property
from tallystick.codecs.icalendar.users import CalendarUser as CalendarUser
from tallystick.codecs.icalendar.users import read_user as read_user
from tallystick.codecs.icalendar.users import user_property as user_property
from tallystick.codecs.icalendar.values import Duration as Duration
from tallystick.codecs.icalendar.values import format_duration as format_duration
from tallystick.codecs.icalendar.values import integer_property as integer_property
from tallystick.codecs.icalendar.values import parse_duration as parse_duration
from tallystick.codecs.icalendar.values import read_integer as read_integer
from tallystick.codecs.icalendar.values import read_text as read_text
from tallystick.codecs.icalendar.values import read_texts as read_texts
from tallystick.codecs.icalendar.values import text_property as text_property
from tallystick.codecs.icalendar.values import texts_property as texts_property
from tallystick.codecs.icalendar.zones import CalendarZones as CalendarZones
