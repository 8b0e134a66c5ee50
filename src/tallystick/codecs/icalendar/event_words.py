"""Provide the words that calendar files have for an event's privacy, importance, availability and guests.

Outlook's own properties are believed before those of RFC 5545, which say less: CLASS has no *personal*, TRANSP knows
only free and busy, and PRIORITY is a number. What is usual (normal, busy) is not written at all.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tallystick.codecs.icalendar.component import Component, Properties
from tallystick.codecs.icalendar.lines import ContentLine, Property
from tallystick.codecs.icalendar.users import CalendarUser, read_user, user_property
from tallystick.codecs.icalendar.values import read_integer, read_word
from tallystick.records import Attendee, AttendeeType, EmailAddress, Importance, Response, Sensitivity, ShowAs

_IMPORTANCE: Final = "X-MICROSOFT-CDO-IMPORTANCE"
_BUSY_STATUS: Final = "X-MICROSOFT-CDO-BUSYSTATUS"
SAME_IN_OTHER_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "DESCRIPTION": ("X-ALT-DESC",),
        "PRIORITY": (_IMPORTANCE,),
        "DTSTART": ("DURATION",),
        "DTEND": ("DURATION",),
    }
)
"""What goes when the property before it changes."""

_CLASSES: Final[Mapping[Sensitivity, str]] = MappingProxyType(
    {
        Sensitivity.PERSONAL: "X-PERSONAL",
        Sensitivity.PRIVATE: "PRIVATE",
        Sensitivity.CONFIDENTIAL: "CONFIDENTIAL",
    }
)
_PRIORITIES: Final[Mapping[Importance, int]] = MappingProxyType({Importance.HIGH: 1, Importance.LOW: 9})
_NORMAL_PRIORITY: Final = 5
_OUTLOOKS_IMPORTANCES: Final = (Importance.LOW, Importance.NORMAL, Importance.HIGH)
_BUSY_WORDS: Final[Mapping[ShowAs, str]] = MappingProxyType(
    {
        ShowAs.FREE: "FREE",
        ShowAs.TENTATIVE: "TENTATIVE",
        ShowAs.OUT_OF_OFFICE: "OOF",
        ShowAs.WORKING_ELSEWHERE: "WORKINGELSEWHERE",
    }
)
_ANSWERS: Final[Mapping[Response, str]] = MappingProxyType(
    {
        Response.ORGANIZER: "ACCEPTED",
        Response.ACCEPTED: "ACCEPTED",
        Response.DECLINED: "DECLINED",
        Response.TENTATIVE: "TENTATIVE",
        Response.NOT_RESPONDED: "NEEDS-ACTION",
    }
)


def read_sensitivity(component: Component) -> Sensitivity:
    """Return who may see what it is about; what is not known is private, as RFC 5545 asks."""
    word = read_word(component.first("CLASS"))
    if word in ("", "PUBLIC"):
        return Sensitivity.NORMAL
    return next((one for one, name in _CLASSES.items() if name == word), Sensitivity.PRIVATE)


def read_importance(component: Component) -> Importance:
    """Return how important it is. Raises InputError for a PRIORITY that is no number."""
    outlooks = read_word(component.first(_IMPORTANCE))
    if outlooks in ("0", "1", "2"):
        return _OUTLOOKS_IMPORTANCES[int(outlooks)]
    number = read_integer(component.first("PRIORITY")) or _NORMAL_PRIORITY
    if number == _NORMAL_PRIORITY:
        return Importance.NORMAL
    return Importance.HIGH if number < _NORMAL_PRIORITY else Importance.LOW


def read_show_as(component: Component) -> ShowAs:
    """Return what others see of the time that it takes."""
    word = read_word(component.first(_BUSY_STATUS))
    if word:
        return next((one for one, name in _BUSY_WORDS.items() if name == word), ShowAs.BUSY)
    if read_word(component.first("TRANSP")) == "TRANSPARENT":
        return ShowAs.FREE
    return ShowAs.TENTATIVE if read_word(component.first("STATUS")) == "TENTATIVE" else ShowAs.BUSY


def word_properties(sensitivity: Sensitivity, importance: Importance, show_as: ShowAs) -> Properties:
    """Return the properties of all three."""
    busy = _BUSY_WORDS.get(show_as)
    return {
        "CLASS": _maybe("CLASS", _CLASSES.get(sensitivity)),
        "PRIORITY": _maybe("PRIORITY", _PRIORITIES.get(importance)),
        "TRANSP": _maybe("TRANSP", "TRANSPARENT" if show_as is ShowAs.FREE else None),
        _BUSY_STATUS: _maybe(_BUSY_STATUS, busy),
    }


def read_attendee(line: ContentLine) -> Attendee | None:
    """Return a guest; None for one without address, who stays in the file."""
    user = read_user(line)
    if not user.address:
        return None
    kind = AttendeeType.OPTIONAL if user.role == "OPT-PARTICIPANT" else AttendeeType.REQUIRED
    if user.kind in ("RESOURCE", "ROOM") or user.role == "NON-PARTICIPANT":
        kind = AttendeeType.RESOURCE
    answers = (one for one, word in _ANSWERS.items() if word == user.status and one is not Response.ORGANIZER)
    return Attendee(EmailAddress(user.address, user.name), kind, next(answers, Response.NONE))


def attendee_property(attendee: Attendee) -> Property:
    """Return the ATTENDEE property of a guest."""
    user = CalendarUser(
        attendee.email.address,
        attendee.email.name,
        _ANSWERS.get(attendee.response, ""),
        "OPT-PARTICIPANT" if attendee.type is AttendeeType.OPTIONAL else "",
        "RESOURCE" if attendee.type is AttendeeType.RESOURCE else "",
    )
    return user_property("ATTENDEE", user)


def _maybe(name: str, value: str | int | None) -> tuple[Property, ...]:
    return () if value is None else (Property(name, str(value)),)
