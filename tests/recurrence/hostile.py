"""Provide hostile input, the same for the same seed: rules, components and JSON that are nearly right, or wrong."""

import random
import string
from collections.abc import Mapping
from types import MappingProxyType

PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "INTERVAL": ("1", "2", "12", "9999", "999999999"),
        "COUNT": ("1", "5", "9999999999"),
        "UNTIL": ("20261231", "20261231T235959Z", "20271231T235959", "99991231T235959Z", "00010101"),
        "BYDAY": ("MO", "-1SU", "1MO,2TU", "53SA", "MO,TU,WE,TH,FR", "5FR", "MO,TU,WE,TH,FR,SA,SU"),
        "BYMONTH": ("2", "1,7", "12", "1,2,3,4,5,6,7,8,9,10,11,12"),
        "BYMONTHDAY": ("31", "-1", "29", "28,29,30", "-31", "30"),
        "BYYEARDAY": ("366", "-1", "-366"),
        "BYWEEKNO": ("53", "-1", "1", "-53"),
        "BYHOUR": ("0,23", "2", "9"),
        "BYMINUTE": ("30", ",".join(map(str, range(60)))),
        "BYSECOND": ("59", ",".join(map(str, range(60)))),
        "BYSETPOS": ("1", "-1", "366", "2,-2"),
        "WKST": ("SU", "MO", "TH"),
    }
)
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
DAMAGE = ("", "0", "-1", "²", "٣", "1,,2", "MO" * 50, "9" * 5000, "20260230", "x", "\x00", "1;1", "=", "🕘")
STARTS = (
    "DTSTART:20260101T090000",
    "DTSTART:20260101T090000Z",
    "DTSTART;TZID=Europe/Paris:20260329T023000",
    "DTSTART;TZID=Romance Standard Time:20240229T090000",
    "DTSTART;VALUE=DATE:20260131",
    "DTSTART:99991231T235959Z",
    "DTSTART;TZID=Pacific/Apia:00010101T000000",
    "DTSTART;TZID=America/New_York:99991231T235959",
)
LINES = (
    "EXDATE:20260102T090000",
    "EXDATE;VALUE=DATE:20260102",
    "RDATE;TZID=Asia/Tokyo:20260105T000000",
    "RDATE;VALUE=PERIOD:20260101T000000Z/PT1H",
    "RECURRENCE-ID:20260101T090000",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260101",
    "STATUS:CANCELLED",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "DTSTART;TZID=Nowhere:20260101T090000",
    "DTSTART" + ";" * 200,
    'DTSTART;TZID="' + "a" * 200,
)
WORDS = (
    *("daily", "Weekly", "absoluteMonthly", "RELATIVEMONTHLY", "absoluteYearly", "relativeYearly"),
    *("RecursDaily", "RecursWeekly", "RecursMonthly", "recursmonthlynth", "RecursYearly", "RecursYearlyNth"),
    *("endDate", "noEnd", "numbered", "first", "Last", "monday", "Sunday", "January", "UTC", "Europe/Paris"),
    *("Pacific Standard Time", "tzone://Microsoft/Custom", "2026-01-01", "0001-01-01", "9999-12-31", "2026-02-30"),
    *("2026-01-01T09:00:00.000+0000", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", ""),
)
FIELDS = (
    *("type", "interval", "daysOfWeek", "firstDayOfWeek", "index", "WeekIndex", "dayOfMonth", "month"),
    *("startDate", "endDate", "numberOfOccurrences", "Occurrences", "recurrenceTimeZone"),
    *("RecurrenceType", "RecurrenceInterval", "RecurrenceDayOfWeekMask", "RecurrenceDayOfMonth", "RecurrenceInstance"),
    *("RecurrenceMonthOfYear", "RecurrenceEndDateOnly", "RecurrenceStartDateOnly", "RecurrenceStartDateTime"),
    "RecurrenceTimeZoneSidKey",
)
SCALARS = (None, True, False, 0, 1, -1, 31, 10**12, 1.0, 1.5, float("nan"), float("inf"), 10**400)

LIKELY: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("recurrencetype", WORDS[6:12]),
    ("type", WORDS[:6]),
    ("firstdayofweek", ("sunday", "Monday")),
    ("daysofweek", (["monday"], ["Monday", "FRIDAY"], "monday, sunday", ["saturday", "sunday"])),
    ("zone", ("", "UTC", "Pacific Standard Time", "Europe/Paris")),
    ("monthofyear", ("January", "february")),
    ("index", ("first", "Last", None)),
    ("instance", ("first", "Last", None)),
    ("date", ("2026-01-31", "2026-01-31", "2027-01-01", "0001-01-01", "4500-08-31", None)),
)


def rule(rng: random.Random) -> str:
    """Return the text of a rule: mostly one that can be read, now and then a damaged one."""
    names = rng.sample(sorted(PARTS), rng.choice((0, 1, 1, 2, 2, 3, 5)))
    parts = [f"FREQ={rng.choice(FREQUENCIES)}", *(f"{name}={rng.choice(PARTS[name])}" for name in names)]
    if rng.random() < 0.15:
        parts.append(f"{rng.choice(sorted(PARTS))}={rng.choice(DAMAGE)}")
    if rng.random() < 0.1:
        parts.append(rng.choice(DAMAGE))
    rng.shuffle(parts)
    return ";".join(parts)


def component(rng: random.Random) -> str:
    """Return the lines of a component, with a start, a rule, and whatever else."""
    lines = [rng.choice(STARTS), *(f"RRULE:{rule(rng)}" for _ in range(rng.choice((0, 1, 1, 1, 1, 2))))]
    if rng.random() < 0.1:
        lines.append(f"EXRULE:{rule(rng)}")
    lines += [rng.choice(LINES) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
    if rng.random() < 0.1:
        lines.append(noise(rng))
    if rng.random() < 0.2:
        rng.shuffle(lines)
    return rng.choice(("\n", "\r\n", "\n ")).join(lines) if rng.random() < 0.1 else "\r\n".join(lines)


def noise(rng: random.Random) -> str:
    """Return any text."""
    alphabet = string.printable + "\x00\u2028🕘é" + "RRULE:DTSTART;=,"
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(60)))


def recurrence_json(rng: random.Random) -> object:
    """Return JSON that has something of a Graph, Maximizer or Salesforce recurrence."""
    if rng.random() < 0.1:
        return value(rng, 3)
    flat = {name: _likely(rng, name) for name in FIELDS if rng.random() < 0.85}
    for name in rng.sample(FIELDS, rng.choice((0, 0, 0, 1, 2))):
        flat[name] = value(rng, 2)
    data: dict[str, object] = {
        **flat,
        "pattern": flat,
        "range": {**flat, "type": rng.choice(("endDate", "noEnd", "numbered"))},
    }
    return data


def value(rng: random.Random, depth: int) -> object:
    """Return any JSON value."""
    kind = rng.randrange(8 if depth else 6)
    if kind == 7:
        return {rng.choice(FIELDS): value(rng, depth - 1) for _ in range(rng.randrange(4))}
    if kind == 6:
        return [value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return rng.choice((rng.choice(SCALARS), rng.choice(WORDS), noise(rng)))


def _likely(rng: random.Random, name: str) -> object:
    """Return a value that fits a field in most cases."""
    folded = name.casefold()
    fitting = next((values for part, values in LIKELY if part in folded), (0, 1, 1, 2, 12, 31, 62, 1000))
    return rng.choice(fitting)
