"""Whatever arrives, the answer is a value or one of the library's errors, soon, and without repeating what arrived."""

import random
import time
from collections.abc import Callable, Mapping
from typing import cast

import pytest

from tallystick.errors import TallystickError
from tallystick.recurrence import (
    MAXIMIZER_APPOINTMENTS,
    MAXIMIZER_TASKS,
    Exact,
    Limits,
    Lossy,
    Recurrence,
    Series,
    Window,
    canonical,
    canonical_recurrence,
    expand,
    format_series,
    iana_zone,
    parse_exception,
    parse_rule,
    parse_series,
    recurrence_from_graph,
    recurrence_from_maximizer,
    recurrence_from_salesforce,
    recurrence_to_graph,
    recurrence_to_maximizer,
    recurrence_to_salesforce,
    to_pattern,
    to_rrule,
    verify,
)
from tallystick.recurrence.dateutil_rules import series_to_dateutil
from tests.fuzzing import fuzzed
from tests.recurrence import hostile
from tests.recurrence.showing import day, wall

LIMITS = Limits(occurrences=500, steps=20_000, sub_daily=True)
WINDOW = Window(day("2026-01-01"), day("2026-06-01"), "Europe/Paris")
START = wall("2026-01-31 09:00", "Europe/Paris")
SLOWEST = 3.0
"""Seconds that one call may take on a busy machine; they take a few hundredths."""


def tried(call: Callable[[], object]) -> object:
    """Return what a call returns, or None where it raises one of the library's errors, within bounded time."""
    began = time.process_time()
    result, refusal = None, None
    try:
        result = call()
    except TallystickError as error:
        refusal = error

    assert time.process_time() - began < SLOWEST
    assert refusal is None or (refusal.what and refusal.remedy and len(str(refusal)) < 300)
    return result


def use(series: Series) -> None:
    """Do with a series all that can be done with it."""
    tried(lambda: expand(series, WINDOW, limits=LIMITS))
    tried(lambda: to_rrule(series))
    tried(lambda: verify(series, series, years=1, limits=LIMITS))
    tried(lambda: series_to_dateutil(series))
    written = tried(lambda: format_series(series))
    if isinstance(written, str) and not any(isinstance(rule, Recurrence) for rule in series.rules):
        assert canonical(series) == canonical(parse_series(written))
    translated = tried(lambda: to_pattern(series))
    if isinstance(translated, Exact):
        compared = tried(lambda: verify(series, translated.value, years=1, limits=LIMITS))
        assert compared is None or not hasattr(compared, "left_only")
    found = tried(lambda: canonical(series))
    assert not isinstance(found, Series) or found == canonical(found)


def feed_texts(seeds: range) -> int:
    """Feed texts to every reader of texts; return how many were read as a series."""
    read = 0
    for seed in seeds:
        rng = random.Random(seed)
        text = rng.choice((hostile.component, hostile.component, hostile.rule, hostile.noise))(rng)
        for reader in (parse_rule, parse_exception, iana_zone):
            tried(lambda reader=reader, text=text: reader(text))  # type: ignore[misc]
        series = tried(lambda text=text: parse_series(text, start=START))  # type: ignore[misc]
        if isinstance(series, Series):
            read += 1
            use(series)
    return read


def feed_json(seeds: range) -> int:
    """Feed JSON to every reader of JSON; return how many were read as a recurrence."""
    read = 0
    for seed in seeds:
        data = cast("Mapping[str, object]", hostile.recurrence_json(random.Random(seed)))
        for reader in (recurrence_from_graph, recurrence_from_maximizer, recurrence_from_salesforce):
            found = tried(lambda reader=reader, data=data: reader(data))  # type: ignore[misc]
            recurrence = found.value if isinstance(found, Exact | Lossy) else found
            if isinstance(recurrence, Recurrence):
                read += 1
                write(recurrence)
                use(Series.of(START, recurrence))
    return read


def write(recurrence: Recurrence) -> None:
    """Write a recurrence in every shape."""
    tried(lambda: recurrence_to_graph(recurrence))
    tried(lambda: recurrence_to_maximizer(recurrence, support=MAXIMIZER_TASKS))
    tried(lambda: recurrence_to_maximizer(recurrence, support=MAXIMIZER_APPOINTMENTS))
    tried(lambda: recurrence_to_salesforce(recurrence, START))
    assert canonical_recurrence(recurrence) == canonical_recurrence(canonical_recurrence(recurrence))


def test_hostile_texts() -> None:
    """Hundreds of damaged and contradictory rules and components raise nothing but the library's errors."""
    assert feed_texts(range(600)) > 100


def test_hostile_json() -> None:
    """Hundreds of damaged and contradictory JSON objects raise nothing but the library's errors."""
    assert feed_json(range(500)) > 100


@pytest.mark.fuzz
@pytest.mark.parametrize(("feed", "inputs"), [(feed_texts, "rules and components"), (feed_json, "JSON objects")])
def test_hostile_input_for_a_while(
    feed: Callable[[range], int], inputs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same for as long as ``nox -s fuzz`` allows, which prints how many inputs were tried."""
    tries = fuzzed(feed, inputs, capsys)

    assert tries.understood > tries.tried / 10


@pytest.mark.parametrize(
    "text",
    [
        "DTSTART" + ";" * 200_000,
        "RRULE;a " * 30_000,
        " " * 260_000 + "X",
        "DTSTART:" + "\n \n" * 80_000,
        '"' * 250_000,
        'DTSTART;TZID="' + "a" * 200_000,
        "\n " * 130_000 + "RRULE:",
        "BEGIN:X\n" * 30_000,
        "EXDATE:" + ",".join(["20200101"] * 20_000),
        "DTSTART:20260101T090000\n" + "RRULE:FREQ=DAILY\n" * 10_000,
        "RRULE:FREQ=DAILY;BYDAY=" + "MO," * 80_000,
        "RRULE:" + ";" * 8_000,
        "TZID=" * 50_000,
    ],
    ids=lambda text: repr(text[:12]) + str(len(text)),
)
def test_long_texts_are_read_soon(text: str) -> None:
    """A long text of whatever kind is read, or refused, in time that grows with its length alone."""
    for reader in (parse_series, parse_exception, parse_rule, iana_zone):
        tried(lambda reader=reader: reader(text))  # type: ignore[misc]
