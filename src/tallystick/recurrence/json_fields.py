"""Provide the reading of fields out of JSON that somebody else wrote: tolerant of case, and of ways to say nothing.

Nothing is said by a missing key, null, an empty text, zero and the date ``0001-01-01``; services echo the last two for
fields that do not apply. What is there and wrong raises InvalidRecurrence with the field's name, never its value.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Final, TypeVar

from tallystick.recurrence.refusals import refuse
from tallystick.recurrence.weekdays import Weekday, in_week_order

LONGEST_WORD: Final = 200
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T00:00:00(?:\.0{1,9})?(?:Z|\+00:?00)?)?")
_MOST_DAYS: Final = 64

_Word = TypeVar("_Word", bound=StrEnum)
_Given = TypeVar("_Given")
_Reader = Callable[[Mapping[str, object], str, str], _Given | None]


def folded(data: object, where: str) -> dict[str, object]:
    """Return an object's fields by their names in lower case; an object that is missing has none."""
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        refuse(where, "not an object", "give a mapping of field names to values")
    if len(data) > LONGEST_WORD:
        refuse(where, "too many fields", "give the recurrence alone")
    return {key.casefold(): value for key, value in data.items() if isinstance(key, str)}


def whole(fields: Mapping[str, object], name: str, where: str) -> int | None:
    """Return a whole number; None where the field says nothing."""
    value = fields.get(name.casefold())
    if value is None or value in ("", 0):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**9:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 10**9:
        refuse(f"{where}.{name}", "not a whole number", "give a number without fraction, below a thousand million")
    return value


def text(fields: Mapping[str, object], name: str, where: str) -> str | None:
    """Return a text without blanks around it; None where the field says nothing."""
    value = fields.get(name.casefold())
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LONGEST_WORD:
        refuse(f"{where}.{name}", "not a short text", f"give a text of at most {LONGEST_WORD} characters")
    return value.strip() or None


def word(fields: Mapping[str, object], name: str, where: str, words: type[_Word]) -> _Word | None:
    """Return a word out of a fixed set, in whatever case it is written; None where the field says nothing."""
    value = text(fields, name, where)
    return None if value is None else _known(value, words, f"{where}.{name}")


def days(fields: Mapping[str, object], name: str, where: str) -> tuple[Weekday, ...]:
    """Return days of the week, given as a list or as one text with commas; none where the field says nothing."""
    value = fields.get(name.casefold())
    if isinstance(value, str):
        value = [item for item in value[:LONGEST_WORD].split(",") if item.strip()]
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or len(value) > _MOST_DAYS:
        refuse(f"{where}.{name}", "not a list of days", "give the days' names in a list")
    names = [item for item in value if isinstance(item, str)]
    if len(names) < len(value):
        refuse(f"{where}.{name}", "not a list of days", "give the days' names in a list")
    return in_week_order([_known(item.strip(), Weekday, f"{where}.{name}") for item in names])


def day(fields: Mapping[str, object], name: str, where: str) -> date | None:
    """Return a date, written as one or as its midnight; None where the field says nothing."""
    value = fields.get(name.casefold())
    if isinstance(value, date):
        value = value.isoformat()
    elif value is not None and not isinstance(value, str):
        refuse(f"{where}.{name}", "not a date", "write 2026-12-31")
    if value is None or not value.strip():
        return None
    found = _DATE.fullmatch(value.strip()) if len(value) <= LONGEST_WORD else None
    if found is None:
        refuse(f"{where}.{name}", "not a date", "write 2026-12-31")
    try:
        read = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        refuse(f"{where}.{name}", "no such day", "give a day that the month has")
    return None if read == date.min else read


def needed(reader: _Reader[_Given], fields: Mapping[str, object], name: str, where: str) -> _Given:
    """Return what a reader of this module finds in a field. Raises InvalidRecurrence where that says nothing."""
    return required(reader(fields, name, where), f"{where}.{name}")


def required(value: _Given | None, where: str) -> _Given:
    """Return a field's value. Raises InvalidRecurrence where it says nothing."""
    if value is None or value == ():
        refuse(where, "missing", "give it: a recurrence of this type needs it")
    return value


def _known(value: str, words: type[_Word], where: str) -> _Word:
    member = _by_folded(words).get(value.casefold())
    if member is None:
        refuse(where, "unknown word", f"give one of {', '.join(words)}")
    return words(member)


@lru_cache(maxsize=16)
def _by_folded(words: type[StrEnum]) -> dict[str, str]:
    return {member.value.casefold(): member.value for member in words}
