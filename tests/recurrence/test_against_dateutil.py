"""Rules expand as dateutil expands them, where dateutil can: the oracle of the expansion."""

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import event, given

from tallystick.recurrence import (
    ExpansionLimit,
    Frequency,
    Limits,
    RecurrenceRule,
    Series,
    WallTime,
    Window,
    expand,
    iterate,
    parse_rule,
)
from tallystick.recurrence.dateutil_rules import rule_to_dateutil
from tallystick.recurrence.rule import SUB_DAILY
from tests.recurrence.showing import at, first_starts, series_of
from tests.recurrence.strategies import floating, rules

HORIZON = timedelta(days=1500)
BEYOND = timedelta(days=8000)


def dateutil_reads_it_alike(rule: RecurrenceRule) -> bool:
    """Tell whether a rule is none of those that dateutil reads otherwise; see the table in the documentation."""
    mixed = len({day.nth == 0 for day in rule.by_day}) > 1
    return not mixed and not (rule.frequency is Frequency.WEEKLY and rule.by_set_pos)


def goes_on(series: Series, since: datetime) -> bool:
    """Tell whether the series goes on soon after: a rule that does not keeps dateutil busy up to the year 9999."""
    try:
        later = next(iterate(series, since=WallTime(since, None), limits=Limits(steps=20_000, sub_daily=True)), None)
    except ExpansionLimit:
        return False
    return later is not None and isinstance(later.start, WallTime) and later.start.local < since + BEYOND


@pytest.mark.property
@given(floating, rules())
def test_expands_as_dateutil_does(start: WallTime, rule: RecurrenceRule) -> None:
    """A rule with any parts falls on the same times as dateutil says, for four years."""
    series, end = Series.of(start, rule), start.local + HORIZON
    if not dateutil_reads_it_alike(rule) or not goes_on(series, end):
        event("not asked of dateutil")
        return
    window = Window(start.local.date(), end.date())
    expected = list(itertools.takewhile(lambda moment: moment.date() < end.date(), rule_to_dateutil(rule, start)))

    assert expected == [found.start.local for found in expand(series, window) if isinstance(found.start, WallTime)]


def first_in_days(series: Series, days: int, count: int) -> list[datetime]:
    """Return the first times of a floating series, looked for on its first days, one by one; few where it is sparse."""
    limits = Limits(occurrences=100_000, steps=400_000, sub_daily=True)
    assert isinstance(series.start, WallTime)
    found: list[datetime] = []
    for ahead in range(days):
        first = series.start.local.date() + timedelta(days=ahead)
        try:
            today = expand(series, Window(first, first + timedelta(days=1)), limits=limits)
        except ExpansionLimit:
            return []
        found += [item.start.local for item in today if isinstance(item.start, WallTime)]
        if len(found) >= count:
            break
    return found[:count]


@pytest.mark.property
@given(floating, rules(frequencies=tuple(SUB_DAILY)))
def test_expands_sub_daily_rules_as_dateutil_does(start: WallTime, rule: RecurrenceRule) -> None:
    """An hourly, minutely or secondly rule falls on the same first times as dateutil says."""
    found = first_in_days(Series.of(start, rule), days=4, count=12)

    if found:
        assert found == list(itertools.islice(rule_to_dateutil(rule, start), len(found)))


@pytest.mark.parametrize(
    ("rule", "ours", "theirs"),
    [
        pytest.param(
            "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1;COUNT=1", ["1997-09-08 09:00"], ["1997-09-05 09:00"], id="week"
        ),
        pytest.param("FREQ=MONTHLY;BYDAY=1MO,FR;BYMONTHDAY=1;COUNT=1", ["1997-12-01 09:00"], [], id="mixed"),
    ],
)
def test_dateutil_reads_these_otherwise(rule: str, ours: list[str], theirs: list[str]) -> None:
    """Where dateutil reads a rule otherwise, the difference is the one that the documentation lists."""
    series = series_of(rule, "DTSTART:19970905T090000")
    bounded = rule_to_dateutil(parse_rule(rule), series.start).replace(count=None, until=at("2010-01-01"))

    assert ours == first_starts(series, 1)
    assert theirs == [moment.isoformat(" ", "minutes") for moment in itertools.islice(bounded, 1)]
