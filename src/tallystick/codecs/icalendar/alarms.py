"""Provide the one alarm of a component that records speak of, shown or sounded.

Components may have any number of VALARMs, that send mail, repeat, or go off when they like. An event's reminder is the
first that is shown or sounded a duration before the start, a task's the first at an instant; all others stay as they
are.
"""

from functools import partial

import attrs

from tallystick.codecs.icalendar.component import Component, Properties, changed, made
from tallystick.codecs.icalendar.forms import NO_PROPERTIES
from tallystick.codecs.icalendar.lines import ContentLine, Property
from tallystick.codecs.icalendar.times import instant_property, read_instant
from tallystick.codecs.icalendar.values import Duration, format_duration, parse_duration, read_word
from tallystick.codecs.icalendar.zones import CalendarZones
from tallystick.errors import InputError
from tallystick.recurrence import Instant

_SHOWN = ("DISPLAY", "AUDIO", "")
_SHOWN_ALARM = (Property("ACTION", "DISPLAY"), Property("DESCRIPTION", "Reminder"))


def alarm_of(component: Component) -> Component | None:
    """Return the alarm that a record's reminder stands for."""
    speaks = partial(_trigger, at_instant=True) if component.name == "VTODO" else _before_start
    return next((alarm for alarm in component.components("VALARM") if speaks(alarm) is not None), None)


def read_reminder(component: Component) -> int | None:
    """Return how many seconds before the start a component reminds; None where it does not."""
    alarm = alarm_of(component)
    duration = _before_start(alarm) if alarm else None
    return None if duration is None else -(duration.days * 86_400 + duration.seconds)


def reminder_properties(seconds: int | None) -> Properties:
    """Return the properties of an alarm so many seconds before the start; none for None."""
    if seconds is None:
        return NO_PROPERTIES
    return {"TRIGGER": (Property("TRIGGER", format_duration(Duration(seconds=-seconds))),)}


def read_instant_alarm(component: Component, zones: CalendarZones) -> Instant | None:
    """Return when a task reminds; None where it does not, or at a time that floats."""
    alarm = alarm_of(component)
    return None if alarm is None else read_instant(alarm.first("TRIGGER"), zones)


def instant_alarm(instant: Instant | None) -> Properties:
    """Return the properties of an alarm at an instant; none for None."""
    if instant is None:
        return NO_PROPERTIES
    said = instant_property("TRIGGER", instant)
    return {"TRIGGER": (Property("TRIGGER", said.value, (("VALUE", "DATE-TIME"),)),)}


def with_alarm(component: Component, before: Properties, wanted: Properties, line_end: str) -> Component:
    """Return ``component`` with its alarm as ``wanted``, changed, added or taken out."""
    if before == wanted:
        return component
    alarm = alarm_of(component)
    if alarm is None:
        new = made("VALARM", [*_SHOWN_ALARM, *(one for group in wanted.values() for one in group)], line_end)
        return attrs.evolve(component, content=(*component.content, new)) if wanted else component
    other = changed(alarm, before, wanted, line_end) if wanted else None
    content = (other if item is alarm else item for item in component.content)
    return attrs.evolve(component, content=tuple(item for item in content if item is not None))


def _trigger(alarm: Component, *, at_instant: bool) -> ContentLine | None:
    """Return what sets off an alarm that is shown or sounded, if that is an instant, or else if it is a duration."""
    trigger = alarm.first("TRIGGER")
    if trigger is None or read_word(alarm.first("ACTION")) not in _SHOWN:
        return None
    return trigger if (trigger.parameter("VALUE").upper() == "DATE-TIME") is at_instant else None


def _before_start(alarm: Component) -> Duration | None:
    trigger = _trigger(alarm, at_instant=False)
    if trigger is None or trigger.parameter("RELATED").upper() == "END":
        return None
    try:
        duration = parse_duration(trigger)
    except InputError:
        return None
    return duration if duration.days * 86_400 + duration.seconds <= 0 else None
