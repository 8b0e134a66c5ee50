"""Others expand rules as this library does: two npm packages and two from PyPI, on rules made by a seeded generator.

``nox -s oracles`` installs them all. The npm packages are looked for in the folder that TALLYSTICK_NODE_MODULES names.
"""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, timedelta
from importlib import import_module
from pathlib import Path

import attrs
import pytest

from tallystick.recurrence import (
    ExpansionLimit,
    Limits,
    Series,
    Start,
    WallTime,
    Window,
    expand,
    format_series,
    iterate,
)
from tallystick.recurrence.dateutil_rules import series_to_dateutil
from tests.oracles import node, node_modules
from tests.recurrence.showing import at, day, series_of

RULES = 2500
ZONES = ("Europe/Paris", "America/New_York", "Australia/Lord_Howe")
HORIZON = timedelta(days=1500)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@attrs.frozen
class Case:
    """A rule that starts on its first occurrence, what is expected of it, and until when."""

    rule: str
    start: str
    end: str
    expected: tuple[str, ...]

    @property
    def parts(self) -> dict[str, str]:
        """The parts of the rule by name."""
        return {name: value for name, _, value in (part.partition("=") for part in self.rule.split(";"))}


def compact(start: Start) -> str:
    """Return ``20260101T090000``."""
    assert isinstance(start, WallTime)
    return f"{start.local:%Y%m%dT%H%M%S}"


def made_rule(rng: random.Random) -> str:
    """Return a rule with up to a few parts, those that RFC 5545 allows with its frequency."""

    def some(numbers: range | tuple[int, ...], most: int) -> str:
        return ",".join(map(str, sorted(rng.sample(list(numbers), rng.randint(1, most)))))

    frequency = rng.choice(("YEARLY", "MONTHLY", "WEEKLY", "DAILY"))
    weeks_or_days = rng.choice(
        (f"BYYEARDAY={some((*range(1, 367), -1, -100), 3)}", f"BYWEEKNO={some(range(1, 54), 2)}")
    )
    parts = [f"FREQ={frequency}"]
    for chance, part in (
        (0.5, f"INTERVAL={rng.choice((2, 3, 4, 5, 7, 12))}"),
        (0.3, f"COUNT={rng.randint(1, 60)}"),
        (0.4, f"WKST={rng.choice(DAYS)}"),
        (0.3, f"BYMONTH={some(range(1, 13), 4)}"),
        (0.35 * (frequency != "WEEKLY"), f"BYMONTHDAY={some((*range(1, 32), -1, -2, -31), 3)}"),
        (0.2 * (frequency == "YEARLY"), weeks_or_days),
        (0.1, f"BYHOUR={some(range(24), 2)}"),
    ):
        if rng.random() < chance:
            parts.append(part)
    if rng.random() < 0.5:
        parts.append(f"BYDAY={made_days(rng, frequency, parts)}")
    if [part for part in parts if part.startswith("BY")] and rng.random() < 0.2:
        parts.append(f"BYSETPOS={some((1, 2, 3, -1, -2), 2)}")
    return ";".join(parts)


def made_days(rng: random.Random, frequency: str, parts: list[str]) -> str:
    """Return days of the week, numbered ones now and then where that is allowed."""
    if frequency in ("YEARLY", "MONTHLY") and not any("WEEKNO" in part for part in parts) and rng.random() < 0.5:
        return ",".join(f"{rng.choice((1, 2, 3, 4, 5, -1, -2))}{one}" for one in rng.sample(DAYS, rng.randint(1, 2)))
    return ",".join(rng.sample(DAYS, rng.randint(1, 4)))


def made_case(rng: random.Random) -> Case | None:
    """Return a case; None for a rule that does not fall on any day soon, or goes on for long without one."""
    rule, limits = made_rule(rng), Limits(steps=20_000)
    start = day("2000-01-01") + timedelta(days=rng.randrange(12_000))
    line = f"DTSTART:{start:%Y%m%d}T{rng.choice(('090000', '003000', '233000'))}"
    try:
        first = next(iterate(series_of(rule, line), limits=limits), None)
        if first is None or not isinstance(first.start, WallTime):
            return None
        series = Series.of(first.start, *series_of(rule, line).rules)
        end = first.start.local.replace(hour=0, minute=0) + HORIZON
        if "COUNT" not in rule and next(iterate(series, since=WallTime(end, None), limits=limits), None) is None:
            return None
    except ExpansionLimit:
        return None
    found = expand(series, Window(first.start.local.date(), end.date()))
    return Case(rule, compact(first.start), f"{end:%Y%m%dT%H%M%S}", tuple(compact(one.start) for one in found))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Return the cases, the same on every machine."""
    rng = random.Random(20260101)
    found: list[Case] = []
    while len(found) < RULES:
        case = made_case(rng)
        if case is not None:
            found.append(case)
    return found


@pytest.fixture(scope="module")
def answers(cases: list[Case]) -> list[dict[str, object]]:
    """Return what the npm packages say of each case."""
    asked = json.dumps([{"rule": case.rule, "start": case.start, "end": case.end} for case in cases])
    script = Path(__file__).with_name("oracle.mjs")
    command = [node(), str(script), str(node_modules("rrule", "ical.js"))]
    run = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    answered: list[dict[str, object]] = json.loads(run.stdout)
    return answered


def dateutil_says(case: Case) -> tuple[str, ...]:
    """Return what dateutil says of a case."""
    series = series_of(case.rule, f"DTSTART:{case.start}")
    found = series_to_dateutil(series).between(at(case.start), at(case.end) - timedelta(seconds=1), inc=True)
    return tuple(f"{moment:%Y%m%dT%H%M%S}" for moment in found)


def why_rrule_differs(case: Case, answer: object) -> str | None:
    """Return why npm's rrule says otherwise; None where there is no known reason."""
    parts = case.parts
    if "BYSETPOS" in parts and isinstance(answer, list) and len(set(answer)) < len(answer):
        return "two positions that pick the same time give it twice, and COUNT counts it twice"
    if "BYSETPOS" in parts and parts["FREQ"] == "WEEKLY":
        return "the first week begins at the start"
    if "-2" in parts.get("BYSETPOS", "") and case.expected == dateutil_says(case):
        return "a position from the end that is beyond the set picks a time all the same"
    if "BYWEEKNO" in parts and case.expected == dateutil_says(case):
        return "the last week of a year loses the days that lie in January"
    return None


def why_ical_differs(case: Case) -> str | None:
    """Return why npm's ical.js says otherwise; None where there is no known reason."""
    parts = case.parts
    reasons = (
        ("BYWEEKNO" in parts, "BYWEEKNO is read from the start's weekday, and ignores INTERVAL"),
        ("BYSETPOS" in parts, "BYSETPOS is supported with some parts only"),
        ("," in parts.get("BYHOUR", ""), "only the first of several hours is used, or they run into the next month"),
        ("BYYEARDAY" in parts and "BYMONTH" in parts, "BYYEARDAY with BYMONTH is refused"),
        ("BYMONTH" in parts and case.start[6:8] > "28", "a month that lacks the start's day gives it to the next"),
        ("BYDAY" in parts and "BYMONTHDAY" in parts, "BYDAY with BYMONTHDAY is not a filter, or never ends"),
        ("-" in parts.get("BYMONTHDAY", ""), "a day counted from the end is left out with DAILY and YEARLY"),
        (
            parts["FREQ"] == "YEARLY" and "BYMONTHDAY" in parts,
            "BYMONTHDAY without BYMONTH is of the start's month alone",
        ),
        (parts["FREQ"] == "MONTHLY" and "BYMONTH" in parts, "INTERVAL is ignored beside BYMONTH"),
    )
    return next((reason for holds, reason in reasons if holds), None)


def why_dateutil_differs(case: Case) -> str | None:
    """Return why dateutil, and what rests on it, says otherwise; None where there is no known reason."""
    first_week = case.parts["FREQ"] == "WEEKLY" and "BYSETPOS" in case.parts
    return "the first week begins at the start" if first_week else None


def tell(capsys: pytest.CaptureFixture[str], oracle: str, found: Mapping[str | None, int]) -> None:
    """Print how many rules an oracle reads as we do, and how many otherwise for each reason."""
    with capsys.disabled():
        sys.stdout.write(f"\n{oracle}: {sum(found.values()):,} rules, {found.get('same', 0):,} the same\n")
        for reason, count in sorted(found.items(), key=lambda item: -item[1]):
            if reason != "same":
                sys.stdout.write(f"  {count:>5}  {reason or 'NO KNOWN REASON'}\n")


@pytest.mark.oracle
def test_npm_rrule_agrees(
    cases: list[Case], answers: list[dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Npm's rrule gives the same times, but for differences with a known reason."""
    found = Counter(
        "same" if list(case.expected) == answer["rrule"] else why_rrule_differs(case, answer["rrule"])
        for case, answer in zip(cases, answers, strict=True)
    )

    tell(capsys, "npm's rrule", found)
    assert None not in found
    assert found["same"] > 0.95 * RULES


@pytest.mark.oracle
def test_npm_ical_agrees(
    cases: list[Case], answers: list[dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Npm's ical.js gives the same times, but for parts that it reads otherwise, where two others side with us."""
    found: Counter[str | None] = Counter()
    for case, answer in zip(cases, answers, strict=True):
        if list(case.expected) == answer["ical"]:
            found["same"] += 1
            continue
        found[why_ical_differs(case)] += 1
        assert list(case.expected) == answer["rrule"] or why_rrule_differs(case, answer["rrule"]) is not None, case

    tell(capsys, "npm's ical.js", found)
    assert None not in found
    assert found["same"] > 0.75 * RULES


@pytest.mark.oracle
def test_dateutil_agrees(cases: list[Case], capsys: pytest.CaptureFixture[str]) -> None:
    """Dateutil gives the same times, but for BYSETPOS in the first week."""
    found = Counter("same" if case.expected == dateutil_says(case) else why_dateutil_differs(case) for case in cases)

    tell(capsys, "dateutil", found)
    assert None not in found


@pytest.mark.oracle
@pytest.mark.parametrize("zone", ZONES)
def test_recurring_ical_events_agrees(cases: list[Case], zone: str, capsys: pytest.CaptureFixture[str]) -> None:
    """PyPI's recurring-ical-events gives the same instants in zones whose clocks change."""
    icalendar, recurring = import_module("icalendar"), import_module("recurring_ical_events")
    before, after = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z",
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
    )
    different = []
    figures: Counter[str | None] = Counter()
    for case in cases[ZONES.index(zone) :: len(ZONES)]:
        series = series_of(case.rule, f"DTSTART;TZID={zone}:{case.start}")
        lines = format_series(series).replace("\n", "\r\n")
        calendar = icalendar.Calendar.from_ical(f"{before}\r\n{lines}\r\n{after}")
        events = recurring.of(calendar).between(at(case.start[:8]), at(case.end[:8]))
        theirs = sorted(event.start.astimezone(UTC) for event in events)
        window = Window(day(f"{case.start[:4]}-{case.start[4:6]}-{case.start[6:8]}"), at(case.end[:8]).date(), zone)
        ours = [found.start.instant().utc for found in expand(series, window) if isinstance(found.start, WallTime)]
        figures[why := "same" if ours == theirs else why_dateutil_differs(case)] += 1
        if why is None:
            different.append((case, ours[:3], theirs[:3]))

    tell(capsys, f"recurring-ical-events in {zone}", figures)
    assert different == []


def test_the_generator_makes_the_same_rules() -> None:
    """The same seed makes the same rules on every machine."""
    assert made_rule(random.Random(1)) == made_rule(random.Random(1))
