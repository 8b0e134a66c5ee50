"""Provide calendar addresses: ATTENDEE and ORGANIZER, with the parameters that say who they are and what they answered.

An address is what follows ``mailto:``. Other ways to name somebody (``urn:uuid:``, a path on a server) are kept as
they are; their address is the one that the parameter EMAIL gives, if any.
"""

import attrs

from tallystick.codecs.icalendar.lines import ContentLine, Property

_MAILTO = "mailto:"


@attrs.frozen(repr=False)
class CalendarUser:
    """Somebody who calls a meeting or takes part in it.

    ``status`` (ACCEPTED, DECLINED, TENTATIVE, NEEDS-ACTION, ...), ``role`` (CHAIR, REQ-PARTICIPANT, OPT-PARTICIPANT,
    NON-PARTICIPANT) and ``kind`` (INDIVIDUAL, GROUP, RESOURCE, ROOM) are words of RFC 5545 in capitals, empty where
    the file does not say. ``uri`` is set only for whom it does not name by a mail address.
    """

    address: str
    name: str = ""
    status: str = ""
    role: str = ""
    kind: str = ""
    rsvp: bool = False
    uri: str = ""


def read_user(line: ContentLine) -> CalendarUser:
    """Return who an ATTENDEE or ORGANIZER is."""
    value = line.value.strip()
    by_mail = value[: len(_MAILTO)].casefold() == _MAILTO
    address = value[len(_MAILTO) :].strip() if by_mail else line.parameter("EMAIL").strip()
    return CalendarUser(
        address,
        line.parameter("CN").strip(),
        line.parameter("PARTSTAT").upper(),
        line.parameter("ROLE").upper(),
        line.parameter("CUTYPE").upper(),
        line.parameter("RSVP").upper() == "TRUE",
        "" if by_mail else value,
    )


def user_property(name: str, user: CalendarUser) -> Property:
    """Return the ATTENDEE or ORGANIZER property of somebody; what the file does not have to say is left out."""
    parameters = (
        ("CN", user.name),
        ("CUTYPE", user.kind),
        ("PARTSTAT", user.status),
        ("ROLE", user.role),
        ("RSVP", "TRUE" if user.rsvp else ""),
    )
    value = user.uri or f"{_MAILTO}{user.address}"
    return Property(name, value, tuple((key, word) for key, word in parameters if word))
