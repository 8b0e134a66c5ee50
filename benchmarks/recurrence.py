"""Time the translation and expansion of recurrence rules against bare dateutil, in one process.

Made-up rules of the kinds that people have, each with its start in a zone. For all of them together:

* ``parse``: a rule's text read by the library;
* ``rrule to graph``: a rule's text read, validated, and translated into Graph's JSON;
* ``graph to rrule``: Graph's JSON read, validated, and translated into a rule's text;
* ``and a year``: a rule's text read and translated, and the occurrences of one year computed.

The floor of the first three is dateutil's reading of the same texts, which translates nothing; that of the last is
dateutil's reading and its occurrences of the same year. Floor and subject are measured in turn, so that a busy machine
slows both alike. Ratios are medians of the rounds' own ratios. Times are CPU seconds of this process.

    python benchmarks/recurrence.py --rules 10000 --rounds 7 --limit 1.0
"""

import argparse
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
from dateutil.rrule import rrulestr

from tallystick.recurrence import (
    NotExpressible,
    Recurrence,
    Series,
    WallTime,
    Window,
    expand,
    format_rule,
    graph_shape,
    parse_rule,
    recurrence_from_graph,
    recurrence_to_graph,
    to_pattern,
    to_rrule,
)

ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "UTC")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@attrs.frozen
class Case:
    """One rule with its start, and the same in Graph's JSON."""

    text: str
    start: WallTime
    aware: datetime
    graph: dict[str, object]

    @property
    def window(self) -> Window:
        """The year after the rule's first two."""
        first = self.start.local.date().replace(day=1) + timedelta(days=730)
        return Window(first, first + timedelta(days=365), self.start.zone or "UTC")


def rule_text(rng: random.Random) -> str:
    """Return a rule of a kind that people have."""
    days = ",".join(rng.sample(DAYS, rng.randint(1, 3)))
    body = rng.choice(
        (
            "FREQ=DAILY",
            f"FREQ=WEEKLY;WKST=SU;BYDAY={days}",
            f"FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY={days}",
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            f"FREQ=MONTHLY;BYMONTHDAY={rng.randint(1, 28)}",
            f"FREQ=MONTHLY;BYDAY={rng.choice((1, 2, 3, 4, -1))}{rng.choice(DAYS)}",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            f"FREQ=YEARLY;BYMONTH={rng.randint(1, 12)};BYMONTHDAY={rng.randint(1, 28)}",
            f"FREQ=YEARLY;BYMONTH={rng.randint(1, 12)};BYDAY={rng.choice((1, 2, 3, 4, -1))}{rng.choice(DAYS)}",
        )
    )
    end = rng.choice(("", f";COUNT={rng.randint(1, 200)}", f";UNTIL=20{rng.randint(27, 40)}1231T225959Z"))
    return body + end


def cases(count: int) -> list[Case]:
    """Return so many rules, each starting on its first occurrence."""
    rng = random.Random(1)
    found: list[Case] = []
    while len(found) < count:
        text, zone = rule_text(rng), rng.choice(ZONES)
        moment = datetime(2024, 1, 1, rng.randint(7, 18), tzinfo=ZoneInfo(zone)) + timedelta(days=rng.randrange(700))
        series = to_pattern(Series.of(WallTime(moment.replace(tzinfo=None), zone), parse_rule(text)))
        if isinstance(series, NotExpressible) or not isinstance(series.value.start, WallTime):
            continue
        (recurrence,) = series.value.rules
        if isinstance(recurrence, Recurrence):
            start = series.value.start
            found.append(Case(text, start, start.local.replace(tzinfo=ZoneInfo(zone)), graph_shape(recurrence)))
    return found


def parse(case: Case) -> object:
    """Read the text."""
    return parse_rule(case.text)


def rrule_to_graph(case: Case) -> object:
    """Read the text and translate it into Graph's JSON."""
    translated = to_pattern(Series.of(case.start, parse_rule(case.text)))
    if isinstance(translated, NotExpressible):
        return None
    (recurrence,) = translated.value.rules
    return recurrence_to_graph(recurrence) if isinstance(recurrence, Recurrence) else None


def graph_to_rrule(case: Case) -> object:
    """Read Graph's JSON and translate it into a text."""
    translated = to_rrule(Series.of(case.start, recurrence_from_graph(case.graph)))
    if isinstance(translated, NotExpressible):
        return None
    return [format_rule(rule) for rule in translated.value.rules if not isinstance(rule, Recurrence)]


def and_a_year(case: Case) -> object:
    """Read the text, translate it, and compute a year's occurrences."""
    translated = to_pattern(Series.of(case.start, parse_rule(case.text)))
    return None if isinstance(translated, NotExpressible) else expand(translated.value, case.window)


def dateutil_parse(case: Case) -> object:
    """Read the text with dateutil."""
    return rrulestr(case.text, dtstart=case.aware)


def dateutil_and_a_year(case: Case) -> object:
    """Read the text with dateutil, and compute the same year's occurrences."""
    window = case.window
    first, last = (
        datetime(day.year, day.month, day.day, tzinfo=case.aware.tzinfo) for day in (window.start, window.end)
    )
    return rrulestr(case.text, dtstart=case.aware).between(first, last, inc=True)


SUBJECTS: tuple[tuple[str, Callable[[Case], object], Callable[[Case], object]], ...] = (
    ("parse", parse, dateutil_parse),
    ("rrule to graph", rrule_to_graph, dateutil_parse),
    ("graph to rrule", graph_to_rrule, dateutil_parse),
    ("and a year", and_a_year, dateutil_and_a_year),
)


def timed(work: Callable[[Case], object], given: list[Case]) -> float:
    """Return the CPU seconds that the work takes for all cases; results are kept until the clock has stopped."""
    gc.collect()
    begun = time.process_time()
    kept = [work(case) for case in given]
    taken = time.process_time() - begun
    del kept
    return taken


def to_dateutil(works: Mapping[str, Callable[[Case], object]], count: int, rounds: int) -> dict[str, float]:
    """Return what each work costs for so many cases, to dateutil's reading of their texts: medians of all rounds."""
    given = cases(count)
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        floor = timed(dateutil_parse, given)
        for name, work in works.items():
            found[name].append(timed(work, given) / floor)
    return {name: statistics.median(ratios) for name, ratios in found.items()}


def main() -> int:
    """Measure, print, and return 1 where a translation is slower than the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--limit", type=float, help="the highest ratio that a translation may have")
    options = parser.parse_args()
    given = cases(options.rules)
    print(f"{len(given)} rules, {options.rounds} rounds; {sys.implementation.name} {sys.version.split()[0]}")
    print(f"{'':16}{'µs a rule':>12}{'dateutil':>12}{'ratio':>8}")
    too_slow = False
    for name, subject, floor in SUBJECTS:
        rounds = [(timed(floor, given), timed(subject, given)) for _ in range(options.rounds)]
        ratio = statistics.median(mine / theirs for theirs, mine in rounds)
        theirs, mine = (statistics.median(column) / len(given) * 1e6 for column in zip(*rounds, strict=True))
        print(f"{name:16}{mine:12.1f}{theirs:12.1f}{ratio:8.2f}")
        too_slow = too_slow or (options.limit is not None and "graph" in name and ratio > options.limit)
    return 1 if too_slow else 0


if __name__ == "__main__":
    sys.exit(main())
