"""Provide the reading of birthdays, which Outlook writes in the order of the machine's region.

``2026-01-31`` and ``31.1.2026`` say what they are. ``1/2/2026`` does not: it is read only if the file's mapping names
the order, or if another date of the same column can be read in one order only. A date that stays in doubt is not
read; its cell is kept, and nothing is written over it.
"""

import re
from collections.abc import Iterable
from datetime import date

import attrs

from tallystick.errors import InputError

ORDERS = ("ymd", "mdy", "dmy")
"""What a mapping may say of a file's dates."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?", re.DOTALL)
_PARTS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_NO_DATE = re.compile(r"[0/.\s-]*")  # "0/0/00" is how Outlook spells no date
_MOST_DAYS = 31
_MOST_MONTHS = 12


@attrs.frozen
class DateStyle:
    """The order of a date's parts, and what stands between them; an empty order where the file does not tell."""

    order: str = ""
    separator: str = "-"

    def read(self, cell: str) -> date | None:
        """Return the date in ``cell``, or None where there is none or it cannot be told."""
        if not cell:
            return None
        try:
            if found := _ISO.fullmatch(cell.strip()):
                year, month, day = map(int, found.groups())
                return date(year, month, day)
            if found := _PARTS.fullmatch(cell.strip()):
                order = "dmy" if found[2] == "." else self.order
                first, second, year = int(found[1]), int(found[3]), int(found[4])
                if order == "dmy":
                    return date(year, second, first)
                if order == "mdy":
                    return date(year, first, second)
        except ValueError:
            return None
        return None

    def unread(self, cell: str) -> bool:
        """Tell whether ``cell`` holds something that is not read, and so must not be lost."""
        return self.read(cell) is None and not _NO_DATE.fullmatch(cell)

    def write(self, value: date | None) -> str:
        """Return ``value`` as the file writes its dates."""
        if value is None:
            return ""
        if self.order in ("", "ymd"):
            return value.isoformat()
        parts = {"d": f"{value.day:02}" if self.separator == "." else f"{value.day}", "y": f"{value.year:04}"}
        parts["m"] = f"{value.month:02}" if self.separator == "." else f"{value.month}"
        return self.separator.join(parts[part] for part in self.order)


def detect_dates(cells: Iterable[str], told: str = "") -> DateStyle:
    """Return how a file writes its dates: as told, or as its own ``cells`` show without doubt."""
    if told and told not in ORDERS:
        raise InputError(f"an order of dates that is none of {', '.join(ORDERS)}", where="header mapping")
    found = [match for cell in cells if (match := _PARTS.fullmatch(cell.strip()))]
    separator = found[0][2] if found else "/"
    if told:
        return DateStyle(told, "-" if told == "ymd" else separator)
    if any(match[2] == "." for match in found):
        return DateStyle("dmy", ".")
    day_first = any(_is_day(match[1]) for match in found)
    month_first = any(_is_day(match[3]) for match in found)
    if day_first == month_first:
        return DateStyle()
    return DateStyle("dmy" if day_first else "mdy", separator)


def _is_day(part: str) -> bool:
    return _MOST_MONTHS < int(part) <= _MOST_DAYS
