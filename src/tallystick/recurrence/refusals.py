"""Provide the errors of recurrence: a value that cannot be read, a zone nobody knows, a limit that was reached.

They name the part (``RRULE INTERVAL``, ``range.endDate``) and the remedy. They never repeat what was in the part:
rules and zones arrive from other people's calendars, and messages end up in logs.
"""

from typing import NoReturn

from tallystick.errors import InputError, UsageError


class InvalidRecurrence(InputError):
    """A rule, pattern, range or date that contradicts itself or its own format."""

    code = "invalid_recurrence"


class EndsBeforeStart(InvalidRecurrence):
    """A series whose UNTIL lies before its start: it can be read, and falls on no day."""


class MixedStarts(InvalidRecurrence):
    """A series that tells days beside times, or times without a zone beside those with one."""


def refuse(where: str, what: str, remedy: str) -> NoReturn:
    """Raise InvalidRecurrence."""
    raise InvalidRecurrence(what, where=where, remedy=remedy)


class UnknownZone(InputError):
    """A time zone's name that is neither a Windows nor an IANA name, nor known under an alias of the caller."""

    code = "unknown_zone"


class ExpansionLimit(UsageError):
    """An expansion would have taken more steps, or yielded more occurrences, than its limits allow."""

    code = "expansion_limit"
