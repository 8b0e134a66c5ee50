"""Provide the values of properties that hold no time: texts, lists of texts, numbers, durations.

Texts are read as they are found: an escape that RFC 5545 does not know stays as it is, backslash included, since a
path of Windows is likelier than a slip. Line ends within a text are one newline, in whatever way they were written.
"""

import re
from datetime import date, timedelta
from typing import Final

import attrs

from tallystick.codecs.icalendar.lines import ContentLine, Property
from tallystick.errors import InputError
from tallystick.recurrence import Instant, Start, WallTime

_ESCAPE: Final = re.compile(r"\\([\\;,nN])")
_SPECIAL: Final = re.compile(r"[\\;,\n]")
_COMMA: Final = re.compile(r"(?<!\\)((?:\\\\)*),")
_LINE_END: Final = re.compile(r"\r\n?|\n")
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[\ud800-\udfff]")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,9}")
_DURATION: Final = re.compile(
    r"([+-]?)P(?:([0-9]{1,6})W)?(?:([0-9]{1,7})D)?(?:T(?:([0-9]{1,8})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,10})S)?)?"
)
_A_DAY: Final = 86_400


def read_text(line: ContentLine | None) -> str:
    """Return a TEXT value; empty where there is no such property."""
    return "" if line is None else unescaped(line.value)


def read_word(line: ContentLine | None) -> str:
    """Return a word of a fixed set, in capitals; empty where there is no such property."""
    return "" if line is None else line.value.strip().upper()


def read_texts(lines: list[ContentLine]) -> tuple[str, ...]:
    """Return the values of properties that hold lists of texts (CATEGORIES), each once, without empty ones."""
    values = (unescaped(part).strip() for line in lines for part in _parts(line.value))
    return tuple(dict.fromkeys(value for value in values if value))


def read_integer(line: ContentLine | None) -> int | None:
    """Return an INTEGER value; None where there is no such property. Raises InputError."""
    if line is None:
        return None
    if _INTEGER.fullmatch(line.value.strip()) is None:
        raise InputError("no whole number", where=line.where(), remedy="write digits alone")
    return int(line.value)


def text_property(name: str, text: str) -> tuple[Property, ...]:
    """Return the property of a text; none for an empty one."""
    return (Property(name, escaped(text)),) if text else ()


def texts_property(name: str, texts: tuple[str, ...]) -> tuple[Property, ...]:
    """Return the one property of a list of texts; none for an empty list."""
    return (Property(name, ",".join(map(escaped, texts))),) if texts else ()


def integer_property(name: str, number: int | None) -> tuple[Property, ...]:
    """Return the property of a number; none for None."""
    return () if number is None else (Property(name, str(number)),)


def unescaped(value: str) -> str:
    """Return the text that a TEXT value stands for."""
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def escaped(text: str) -> str:
    """Return a text as a TEXT value."""
    plain = _LINE_END.sub("\n", text)
    return _SPECIAL.sub(lambda found: "\\n" if found[0] == "\n" else f"\\{found[0]}", plain)


def is_writable(text: str) -> bool:
    """Tell whether a value has no control characters, which would end its line, and no half characters."""
    return text.isprintable() or _UNWRITABLE.search(text) is None


@attrs.frozen
class Duration:
    """A DURATION: ``days`` are the calendar's, whatever the clocks do; ``seconds`` are exact. Both may be negative."""

    days: int = 0
    seconds: int = 0

    def after(self, start: Start) -> Start:
        """Return the time so much after ``start``. Raises InputError out of the calendar, or for hours on a date."""
        try:
            if isinstance(start, date):
                days, rest = divmod(self.seconds, _A_DAY)
                if rest:
                    raise InputError("hours are added to a day", where="DURATION", remedy="give whole days")
                return start + timedelta(days=self.days + days)
            later = WallTime(start.local + timedelta(days=self.days), start.zone)
            span = timedelta(seconds=self.seconds)
            if start.zone is None or not self.seconds:
                return WallTime(later.local + span, start.zone)
            return Instant(later.instant().utc + span).in_zone(start.zone)
        except OverflowError:
            remedy = "give times of the usual calendar"
            raise InputError("a time outside of the years 1 to 9999", where="DURATION", remedy=remedy) from None


def parse_duration(line: ContentLine) -> Duration:
    """Return a DURATION value. Raises InputError."""
    found = _DURATION.fullmatch(line.value.strip().upper())
    if found is None or not any(found.groups()[1:]):
        raise InputError("no duration", where=line.where(), remedy="write it as P1D, PT15M or -PT1H30M")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    sign = -1 if found[1] == "-" else 1
    return Duration(sign * (7 * weeks + days), sign * (3600 * hours + 60 * minutes + seconds))


def format_duration(duration: Duration) -> str:
    """Return a DURATION value. Days and seconds of two signs are given in seconds."""
    days, seconds = duration.days, duration.seconds
    if days * seconds < 0:
        days, seconds = 0, seconds + days * _A_DAY
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    parts = "".join(f"{number}{unit}" for number, unit in ((hour, "H"), (minute, "M"), (second, "S")) if number)
    day = f"{abs(days)}D" if days else ""
    sign = "-" if min(days, seconds) < 0 else ""
    return f"{sign}P{day}{'T' if parts else ''}{parts}" if day or parts else "PT0S"


def _parts(value: str) -> list[str]:
    return _COMMA.sub("\\1\0", value).split("\0") if "," in value else [value]
