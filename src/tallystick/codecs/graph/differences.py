"""Provide how an object may differ after it was read and written again, and the telling of such differences.

Nothing else changes on the way: keys that no record speaks of are written as they were. For tests of one's own
transport, and for caches that compare answers.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from tallystick.codecs.graph.codec import is_nothing
from tallystick.codecs.graph.values import moment, wall_time
from tallystick.errors import InputError, MalformedAnswer
from tallystick.recurrence import WallTime, is_known_zone
from tallystick.recurrence.translation import Explained


class Difference(Explained):
    """One way in which a written value differs from what was read: a code, and what it means."""

    NOTHING = (
        "nothing",
        '`null`, `""`, `{}`, `[]` or a missing key is another one of them; empty entries of a list go',
    )
    CASE = ("case", "a word of a fixed set is in its documented case")
    DIGITS = ("digits", "a time has seven digits of a second, of which the last is 0")
    NO_TIME = ("no_time", "a moment of the year 1, or the last day of 9999, is `null`")
    BIRTHDAY = ("birthday", "a birthday has the time of day that the service gives it, 11:59 in UTC")
    ZONE = ("zone", "the same instant, in the zone in which the event was made, or in UTC for a task")
    RECURRENCE = (
        "recurrence",
        "a recurrence lacks the fields that its type has no use for, and has those that the service assumes",
    )
    DEFAULT = ("default", "what the service assumes where nothing is said is said")
    FLAG = ("flag", "`true` and `false` that were texts are none any more")
    UNKNOWN_WORD = ("unknown_word", "a word that is not known is the one that it is read as")


_ABSENT: Final = object()
_WORDS: Final = frozenset(
    "sensitivity importance showAs contentType type status color index firstDayOfWeek daysOfWeek[]".split()  # noqa: SIM905
)
_DEFAULTS: Final[Mapping[str, object]] = {
    "sensitivity": "normal",
    "importance": "normal",
    "showAs": "busy",
    "status": "notStarted",
    "color": "none",
    "isAllDay": False,
    "isReminderOn": None,
    "isRead": False,
    "contentType": "text",
    "type": "required",
}
"""What is written where nothing was said; None for either of true and false."""
_ASSUMED: Final = frozenset({"index", "firstDayOfWeek", "recurrenceTimeZone", "type"})
_LEFT_OUT: Final = frozenset("index firstDayOfWeek month dayOfMonth daysOfWeek numberOfOccurrences endDate".split())  # noqa: SIM905


def differences(before: object, after: object) -> list[tuple[str, Difference | None]]:
    """Return the path of each difference of two objects, and which one it is; None for one that is none of them."""
    return list(_differing("", before, after))


def _differing(path: str, before: object, after: object) -> Iterator[tuple[str, Difference | None]]:
    if _is_same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict) and "dateTime" not in {*before, *after}:
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _differing(f"{path}.{key}" if path else key, before.get(key, _ABSENT), after.get(key, _ABSENT))
    elif isinstance(before, list) and isinstance(after, list) and _full(before) and _full(after):
        old, new = _full(before), _full(after)
        if len(before) > len(old):
            yield path, Difference.NOTHING
        if len(old) != len(new):
            yield path, None
        for one, other in zip(old, new, strict=False):
            yield from _differing(f"{path}[]", one, other)
    else:
        yield path, _kind(path, before, after)


def _full(items: list[object]) -> list[object]:
    return [item for item in items if not is_nothing(item)]


def _is_same(before: object, after: object) -> bool:
    """Tell whether values are equal, true and 1 apart."""
    return type(before) is type(after) and before == after


def _kind(path: str, before: object, after: object) -> Difference | None:
    key = path.rpartition(".")[2]
    if _says_nothing(before) and _says_nothing(after):
        return Difference.NOTHING
    if "recurrence.pattern." in f"{path}." or "recurrence.range." in f"{path}.":
        return _in_recurrence(key, before, after)
    if before is _ABSENT or before is None:
        return Difference.DEFAULT if _is_default(key, after) else None
    if isinstance(before, dict) or isinstance(after, dict):
        return _of_zoned(before, after)
    if isinstance(after, bool):
        return Difference.FLAG if isinstance(before, str) and before.casefold() == str(after).casefold() else None
    return _of_words(before, after) if key in _WORDS else _of_moments(key, before, after)


def _says_nothing(value: object) -> bool:
    return value is _ABSENT or is_nothing(value)


def _is_default(key: str, value: object) -> bool:
    return key in _DEFAULTS and (_DEFAULTS[key] == value or (_DEFAULTS[key] is None and isinstance(value, bool)))


def _in_recurrence(key: str, before: object, after: object) -> Difference | None:
    if after is _ABSENT:
        return Difference.RECURRENCE if key in _LEFT_OUT else None
    if before is _ABSENT or before in ("", None):
        return Difference.RECURRENCE if key in _ASSUMED else None
    return _of_words(before, after)


def _of_words(before: object, after: object) -> Difference | None:
    if not isinstance(before, str) or not isinstance(after, str):
        return None
    return Difference.CASE if before.casefold() == after.casefold() else Difference.UNKNOWN_WORD


def _of_moments(key: str, before: object, after: object) -> Difference | None:
    try:
        old, new = moment(before, key), moment(after, key)
    except MalformedAnswer:
        return None
    if old is None and new is None:
        return Difference.NO_TIME
    if old is None or new is None:
        return None
    if key == "birthday" and old.date() == new.date():
        return Difference.BIRTHDAY
    return Difference.DIGITS if _utc(old) == _utc(new) else None


def _of_zoned(before: object, after: object) -> Difference | None:
    """Tell how two dateTimeTimeZone differ."""
    try:
        old, new = (wall_time({"at": value}, "at") for value in (before, after))
    except MalformedAnswer:
        return None
    if old is None or new is None:
        return Difference.NO_TIME if old is new else None
    if old == new:
        return Difference.DIGITS
    return Difference.ZONE if _is_same_time(old, new) else None


def _is_same_time(old: WallTime, new: WallTime) -> bool:
    if new.zone is None or not is_known_zone(new.zone):
        return False
    if old.zone is None or not is_known_zone(old.zone):
        return old.local == new.local
    try:
        return old.instant() == new.instant()
    except InputError:
        return False


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
