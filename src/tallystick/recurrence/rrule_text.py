"""Provide recurrence rules as text: ``FREQ=MONTHLY;BYDAY=2TH;WKST=MO``, read tolerantly and written in one way.

Read: any case and order of the parts, ``RRULE:`` before them, blanks around values, one semicolon too many at the end,
BYWEEKDAY for BYDAY. Refused, with the part and the remedy: what is unknown, doubled, empty or malformed; RSCALE and
SKIP (RFC 7529) and BYEASTER, which change what the other parts mean.

Written: FREQ first, then INTERVAL, COUNT or UNTIL, the BY parts from month to second, BYSETPOS, and WKST wherever the
week's start can matter, since its default differs between RFC 5545 (Monday) and Graph (Sunday).
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Final

from tallystick.recurrence.refusals import refuse
from tallystick.recurrence.rule import NUMBER_LISTS, Frequency, NthDay, RecurrenceRule, Until
from tallystick.recurrence.times import Instant, WallTime
from tallystick.recurrence.weekdays import WEEK, Weekday

LONGEST_RULE: Final = 8192
"""How many characters of one rule are read. The longest rule that makes sense has some 4000."""

_NUMBER_LISTS: Final[Mapping[str, str]] = MappingProxyType({part: field for field, _, _, part in NUMBER_LISTS})
_OTHER_CALENDARS: Final = frozenset({"RSCALE", "SKIP", "BYEASTER"})
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}) | _NUMBER_LISTS.keys()
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,10}")
_NTH_DAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)(?:\(([+-]?[0-9]{1,2})\))?")
_TIMESTAMP: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_DAYS: Final[Mapping[str, NthDay]] = MappingProxyType({day.code: NthDay(day) for day in WEEK})


def parse_rule(text: str) -> RecurrenceRule:
    """Return the rule that a RECUR value says, with or without ``RRULE:`` before it. Raises InvalidRecurrence."""
    if len(text) > LONGEST_RULE:
        refuse("RRULE", "too long", f"give at most {LONGEST_RULE} characters")
    parts = text.strip().upper().removeprefix("RRULE:").removesuffix(";").split(";")
    read: dict[str, str] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        name = name.strip()
        name = "BYDAY" if name == "BYWEEKDAY" else name
        if not equals or (name not in _PARTS and name not in _OTHER_CALENDARS):
            refuse("RRULE", "a part that RFC 5545 does not know", "give parts of the form NAME=VALUE")
        if name in read:
            refuse(f"RRULE {name}", "given twice", "give each part once")
        read[name] = value.strip()
    if "FREQ" not in read:
        refuse("RRULE FREQ", "missing", "say how often: DAILY, WEEKLY, MONTHLY, YEARLY, ...")
    return _rule(read)


def format_rule(rule: RecurrenceRule) -> str:
    """Return the rule as a RECUR value, without ``RRULE:`` before it."""
    parts = [f"FREQ={rule.frequency}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until is not None:
        parts.append(f"UNTIL={format_until(rule.until)}")
    for name, field in _NUMBER_LISTS.items():
        numbers: tuple[int, ...] = getattr(rule, field)
        if numbers and name != "BYSETPOS":
            parts.append(f"{name}={','.join(map(str, numbers))}")
        if name == "BYMONTHDAY" and rule.by_day:
            parts.append("BYDAY=" + ",".join(f"{day.nth or ''}{day.day.code}" for day in rule.by_day))
    if rule.by_set_pos:
        parts.append(f"BYSETPOS={','.join(map(str, rule.by_set_pos))}")
    if rule.week_start is not Weekday.MONDAY or rule.frequency is Frequency.WEEKLY or rule.by_week_no:
        parts.append(f"WKST={rule.week_start.code}")
    return ";".join(parts)


def parse_timestamp(text: str, where: str) -> Until:
    """Return a DATE, floating DATE-TIME or UTC DATE-TIME. Raises InvalidRecurrence, naming ``where``."""
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        refuse(where, "neither a date nor a time", "write 20261231, 20261231T090000 or 20261231T090000Z")
    year, month, day, hour, minute, second, utc = found.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        # A leap second is the last second that Python's clock has.
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), min(int(second), 59))  # noqa: DTZ001 -- a wall time
    except ValueError:
        refuse(where, "no such day or time", "give a month up to 12, a day the month has, a time up to 23:59:59")
    return Instant(moment.replace(tzinfo=UTC)) if utc else WallTime(moment, None)


def format_until(until: Until) -> str:
    """Return UNTIL as RFC 5545 writes it."""
    if isinstance(until, Instant):
        return f"{format_local(until.utc)}Z"
    return format_local(until.local) if isinstance(until, WallTime) else format_date(until)


def format_date(day: date) -> str:
    """Return ``20261231``."""
    return f"{day.year:04}{day.month:02}{day.day:02}"


def format_local(moment: datetime) -> str:
    """Return ``20261231T090000``; fractions of a second are cut, as RFC 5545 has none."""
    return f"{format_date(moment)}T{moment.hour:02}{moment.minute:02}{moment.second:02}"


def _rule(read: Mapping[str, str]) -> RecurrenceRule:
    for name in _OTHER_CALENDARS.intersection(read):
        refuse(f"RRULE {name}", "not supported", "leave it out; only the Gregorian rules of RFC 5545 are expanded")
    return RecurrenceRule(
        frequency=_frequency(read["FREQ"]),
        interval=_integer(read["INTERVAL"], "INTERVAL") if "INTERVAL" in read else 1,
        count=_integer(read["COUNT"], "COUNT") if "COUNT" in read else None,
        until=parse_timestamp(read["UNTIL"], "RRULE UNTIL") if "UNTIL" in read else None,
        by_month=_integers(read, "BYMONTH"),
        by_week_no=_integers(read, "BYWEEKNO"),
        by_year_day=_integers(read, "BYYEARDAY"),
        by_month_day=_integers(read, "BYMONTHDAY"),
        by_day=_nth_days(read["BYDAY"]) if "BYDAY" in read else (),
        by_hour=_integers(read, "BYHOUR"),
        by_minute=_integers(read, "BYMINUTE"),
        by_second=_integers(read, "BYSECOND"),
        by_set_pos=_integers(read, "BYSETPOS"),
        week_start=_weekday(read["WKST"]) if "WKST" in read else Weekday.MONDAY,
    )


def _frequency(value: str) -> Frequency:
    try:
        return Frequency(value)
    except ValueError:
        refuse("RRULE FREQ", "unknown", f"give one of {', '.join(Frequency)}")


def _integer(value: str, name: str) -> int:
    if _INTEGER.fullmatch(value) is None:
        refuse(f"RRULE {name}", "not a whole number", "give one of at most ten digits")
    return int(value)


def _integers(read: Mapping[str, str], name: str) -> tuple[int, ...]:
    return tuple(_integer(item.strip(), name) for item in read[name].split(",")) if name in read else ()


def _nth_days(value: str) -> tuple[NthDay, ...]:
    if value in _DAYS:
        return (_DAYS[value],)
    return tuple(_nth_day(item.strip()) for item in value.split(","))


def _nth_day(item: str) -> NthDay:
    if item in _DAYS:
        return _DAYS[item]
    found = _NTH_DAY.fullmatch(item)
    if found is None or (found[1] and found[3]):
        refuse("RRULE BYDAY", "not a weekday", "give MO, TU, WE, TH, FR, SA, SU, with a number before it or none")
    nth = found[1] or found[3]
    if nth is not None and int(nth) == 0:
        refuse("RRULE BYDAY", "a zeroth weekday", "count from 1, or from -1 for the last")
    return NthDay(_DAYS[found[2]].day, int(nth or 0))


def _weekday(value: str) -> Weekday:
    if value not in _DAYS:
        refuse("RRULE WKST", "not a weekday", "give one of MO, TU, WE, TH, FR, SA, SU")
    return _DAYS[value].day
