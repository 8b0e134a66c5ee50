"""Provide the values that stand in Graph's objects, from texts to moments: read tolerantly, written exactly.

======================================  ==========================================================================
on the wire                             is read as
======================================  ==========================================================================
a missing key, ``null``, ``""``         nothing
``{}`` and empty entries of a list      nothing
a word of a fixed set, in any case      its member; a word that is not known is the one that each reader names
a moment of the year 1, or 9999-12-31   nothing: it is how the service spells no time
``"true"`` and ``"false"``              true and false
0 to 9 digits of a second               at most six are kept; seven are written
======================================  ==========================================================================

A value of another type raises :class:`~tallystick.errors.MalformedAnswer`, which names the key and nothing else.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Final, NoReturn, TypeVar, cast

from tallystick.errors import InputError, MalformedAnswer
from tallystick.records import EmailAddress
from tallystick.recurrence import Instant, WallTime, is_known_zone
from tallystick.recurrence.graph import first_zone

Json = Mapping[str, object]
"""An object of parsed JSON."""

_Word = TypeVar("_Word", bound=StrEnum)
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
_FLAGS: Final = {"true": True, "false": False}
_AFTER_DAY: Final = ("", "T", "t")
_LAST_DAY: Final = (9999, 12, 31)
_LONGEST_MOMENT: Final = 64
_ID: Final = re.compile(r"[A-Za-z0-9_=+/.-]{1,600}")


def text(data: Json, key: str) -> str:
    """Return a text; empty where there is none."""
    value = data.get(key)
    if value is None:
        return ""
    return value if isinstance(value, str) else malformed(key, "a text")


def flag(data: Json, key: str, *, default: bool = False) -> bool:
    """Return a boolean, which may be written as a text."""
    value = data.get(key)
    if isinstance(value, bool):
        return value
    if value is None or value == "":
        return default
    found = _FLAGS.get(value.casefold()) if isinstance(value, str) else None
    return malformed(key, "true or false") if found is None else found


def number(data: Json, key: str) -> int | None:
    """Return a whole number; None where there is none."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | None):
        malformed(key, "a whole number")
    return value


def texts(data: Json, key: str) -> tuple[str, ...]:
    """Return the texts of a list, without empty ones."""
    value = data.get(key)
    if value is None or value == []:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str | None) for item in value):
        malformed(key, "a list of texts")
    return tuple(filter(None, value))


def objects(data: Json, key: str) -> Sequence[Json]:
    """Return the objects of a list, without empty ones."""
    value = data.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        malformed(key, "a list of objects")
    found = [item for item in value if item]
    for item in found:
        if not isinstance(item, dict):
            malformed(key, "a list of objects")
    return found


def inner(data: Json, key: str) -> Json:
    """Return the object within an object; empty where there is none."""
    value = data.get(key)
    if value is None or value == "":
        return {}
    return cast("Json", value) if isinstance(value, dict) else malformed(key, "an object")


def email(data: Json) -> EmailAddress:
    """Return the address under ``emailAddress``, with empty parts where it has none."""
    given = inner(data, "emailAddress")
    return EmailAddress(text(given, "address"), text(given, "name"))


def word(data: Json, key: str, default: _Word, unknown: _Word) -> _Word:
    """Return a word of a fixed set, in whatever case; ``unknown`` for one that is none of them."""
    value = text(data, key)
    return _words(type(default)).get(value.strip().casefold(), unknown) if value else default


@lru_cache(maxsize=32)
def _words(words: type[_Word]) -> dict[str, _Word]:
    return {member.value.casefold(): member for member in words}


# --- times -----------------------------------------------------------------------------------------------------------


def moment(value: object, key: str) -> datetime | None:
    """Return a date and time, aware where it has an offset; None where it says nothing."""
    if value is None or value == "":
        return None
    found = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST_MOMENT else None
    if found is None:
        malformed(key, "a date and time")
    day, time, fraction, offset = found.groups()
    try:
        read = datetime.fromisoformat(f"{day}T{time or '00:00:00'}")
        if says_nothing(read):
            return None
        if fraction:
            read += timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
        return read if offset is None else read.replace(tzinfo=_offset(offset))
    except (ValueError, OverflowError):
        malformed(key, "a date and time")


def instant(data: Json, key: str) -> datetime | None:
    """Return a moment in UTC; one without an offset is taken to be in it."""
    found = moment(data.get(key), key)
    if found is None:
        return None
    read = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return None if says_nothing(read) else read


def says_nothing(moment: date) -> bool:
    """Tell whether a moment is how the service spells no time: what would be read as that counts as that."""
    return moment.year == 1 or (moment.year, moment.month, moment.day) == _LAST_DAY


def day(data: Json, key: str) -> date | None:
    """Return the date of a moment, as it is written: services add times of day to it that mean nothing."""
    value = data.get(key)
    if isinstance(value, str) and value[10:11] in _AFTER_DAY and value[4:5] == value[7:8] == "-":
        try:  # the way in which listings have it
            found = date.fromisoformat(value[:10])
        except ValueError:
            malformed(key, "a date")
        return None if says_nothing(found) else found
    read = moment(value, key)
    return None if read is None else read.date()


def wall_time(data: Json, key: str, zones: Iterable[str] = ()) -> WallTime | None:
    """Return what a dateTimeTimeZone says; the first of ``zones`` is taken where its own name says nothing."""
    given = inner(data, key)
    local = moment(given.get("dateTime"), f"{key}.dateTime")
    if local is None:
        return None
    if local.tzinfo is not None:
        return WallTime(local.astimezone(UTC).replace(tzinfo=None), "UTC")
    own = text(given, "timeZone")
    return WallTime(local, first_zone((own, *zones)) or own or None)


def zoned_instant(data: Json, key: str, zones: Iterable[str] = ()) -> Instant | None:
    """Return what a dateTimeTimeZone says as an instant."""
    found = wall_time(data, key, zones)
    if found is None:
        return None
    if found.zone is None or not is_known_zone(found.zone):
        malformed(f"{key}.timeZone", "a time zone that is known")
    at = found.instant()
    return None if says_nothing(at.utc) else at


def date_time(local: datetime) -> str:
    """Return a wall time as a dateTimeTimeZone writes it: seven digits of a second, no offset."""
    return f"{local.isoformat(timespec='microseconds')}0"


def zoned(at: WallTime) -> dict[str, object]:
    """Return a wall time as a dateTimeTimeZone; a floating one has no place there."""
    if at.zone is None:
        raise InputError("a floating time", where="dateTimeTimeZone", remedy="give it the zone that it is meant in")
    return {"dateTime": date_time(at.local), "timeZone": at.zone}


def zoned_utc(at: Instant | None) -> dict[str, object] | None:
    """Return an instant as a dateTimeTimeZone in UTC."""
    return None if at is None else {"dateTime": date_time(at.utc.replace(tzinfo=None)), "timeZone": "UTC"}


def _offset(offset: str) -> tzinfo | None:
    return datetime.fromisoformat(f"2000-01-01T00:00:00{'+00:00' if offset in 'Zz' else offset}").tzinfo


# --- errors ----------------------------------------------------------------------------------------------


def malformed(key: str, wanted: str) -> NoReturn:
    """Raise MalformedAnswer for a value that is not of the type it should have."""
    raise MalformedAnswer(f"not {wanted}", where=key, remedy="it is not as the service documents it")


def shown_id(data: Json) -> str:
    """Return an object's id for an error; empty where it has none that is safe to show."""
    found = data.get("id")
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""
