"""Cases that others have published expand as they say; they are read from the folder that TALLYSTICK_SAMPLES names."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tallystick.recurrence import (
    Exact,
    Lossy,
    Series,
    format_series,
    parse_rule,
    parse_series,
    recurrence_from_graph,
    recurrence_to_graph,
    verify,
)
from tests.recurrence.showing import first_starts, shown, wall

DIFFERING = {
    # These three are where dateutil fails; the documentation lists them. All three are right here.
    "FREQ=MONTHLY;BYMONTH=1,3;BYDAY=1TU, -1TH;COUNT=3": "a blank after a comma",
    "FREQ=MONTHLY;BYMONTH=1,3;BYDAY=3TU, -3TH;COUNT=3": "a blank after a comma",
    "FREQ=MONTHLY;BYDAY=1MO,1TU,1WE,1TH,FR;BYMONTHDAY=1,-1,-2;COUNT=3": "plain and numbered weekdays in one list",
}


@pytest.fixture
def samples() -> Path:
    """Return the folder with the samples."""
    folder = os.environ.get("TALLYSTICK_SAMPLES")
    if folder is None:
        pytest.skip("TALLYSTICK_SAMPLES names no folder")
    return Path(folder)


@pytest.fixture
def cases(samples: Path) -> list[Mapping[str, object]]:
    """Return the recurrence cases."""
    found: list[Mapping[str, object]] = json.loads((samples / "rrules.json").read_text(encoding="utf-8"))
    return found


def series_of_case(case: Mapping[str, object]) -> Series:
    """Return the series that a case describes, whole lines where it has them."""
    zone = case.get("tzid")
    start = wall(str(case["dtstart"]), None if zone is None else str(zone))
    if "ical" in case:
        return parse_series(str(case["ical"]), start=start)
    return Series.of(start, parse_rule(str(case["rule"])))


def expected_of(case: Mapping[str, object]) -> list[str]:
    """Return the starts that a case expects, as its zone shows them."""
    times = case["expected"]
    assert isinstance(times, list)
    return [shown(wall(str(time)[:19])) for time in times]


def test_every_case_expands_as_expected(cases: list[Mapping[str, object]]) -> None:
    """All 364 cases give the expected times and no others, those that dateutil fails on too."""
    wrong, verdicts = [], Counter(str(case["dateutil"]).partition(":")[0] for case in cases)
    for case in cases:
        expected = expected_of(case)
        more = 0 if case.get("expected_is_prefix") else 1
        if expected != first_starts(series_of_case(case), len(expected) + more):
            wrong.append(case["rule"])

    assert wrong == []
    assert Counter(agrees=361, error=2, differs=1) == verdicts
    assert DIFFERING.keys() == {case["rule"] for case in cases if case["dateutil"] != "agrees"}


def test_every_case_is_written_and_read_back(cases: list[Mapping[str, object]]) -> None:
    """Each case's series is the same after it was written as text and read back."""
    for case in cases:
        series = series_of_case(case)
        if case["rule"] == "FREQ=DAILY;UNTIL=19970901T090000":  # it ends before it starts, which reading refuses
            continue
        expected = first_starts(series, 5)
        assert expected == first_starts(parse_series(format_series(series)), 5)


def recurrences_in(data: object) -> Iterator[Mapping[str, object]]:
    """Yield every recurrence in a JSON document."""
    if isinstance(data, list):
        for item in data:
            yield from recurrences_in(item)
    elif isinstance(data, dict):
        if isinstance(data.get("recurrence"), dict):
            yield data["recurrence"]
        for value in data.values():
            yield from recurrences_in(value)


def test_documented_payloads_are_read(samples: Path) -> None:
    """The recurrences in Microsoft's documentation are read, and can be sent back with the same dates."""
    found = []
    for path in sorted((samples / "samples").glob("*.json")):
        found += list(recurrences_in(json.loads(path.read_text(encoding="utf-8"))))

    for data in found:
        recurrence = recurrence_from_graph(data)
        sent = recurrence_to_graph(recurrence)
        assert isinstance(sent, Exact | Lossy)
        start = recurrence.range.start
        one, other = (Series.of(start, item) for item in (recurrence, recurrence_from_graph(sent.value)))
        assert hasattr(verify(one, other), "occurrences")
    assert found
