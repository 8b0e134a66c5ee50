"""Patterns and rules survive the way there and back, with the same dates, across zones whose clocks change."""

import attrs
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tallystick.recurrence import (
    Agreement,
    EndDate,
    Exact,
    LossKind,
    Lossy,
    NotExpressible,
    Numbered,
    Range,
    ReasonKind,
    Recurrence,
    RecurrenceRule,
    Series,
    Start,
    canonical,
    canonical_recurrence,
    first_date,
    format_series,
    graph_shape,
    last_date,
    parse_series,
    recurrence_from_graph,
    recurrence_to_graph,
    to_pattern,
    to_rrule,
    verify,
)
from tests.recurrence.strategies import expressible_rules, graph_patterns, pattern_series, recurrences, rules, starts


def same_dates_as_rrule(series: Series) -> None:
    """Assert that a pattern is the same as rule, as the rule's text, and as a pattern again."""
    ruled = to_rrule(series)
    if isinstance(ruled, NotExpressible):
        assert [reason.kind for reason in ruled.reasons] == [ReasonKind.NO_OCCURRENCE]
        return
    read = parse_series(format_series(ruled.value))
    back = to_pattern(read)

    assert isinstance(back, Exact)
    assert isinstance(verify(series, read), Agreement)
    assert isinstance(verify(series, back.value), Agreement)
    assert canonical(series) == canonical(read) == canonical(back.value)


def same_dates_as_pattern(start: Start, rule: RecurrenceRule) -> None:
    """Assert that a rule that has a pattern is the same as pattern, and as a rule again."""
    series = Series.of(start, rule)
    pattern = to_pattern(series)
    event(type(pattern).__name__)
    if isinstance(pattern, Exact):
        back = to_rrule(pattern.value)

        assert isinstance(back, Exact)
        assert isinstance(verify(series, pattern.value), Agreement)
        assert isinstance(verify(series, back.value), Agreement)
        assert canonical(series) == canonical(pattern.value) == canonical(back.value)


@pytest.mark.property
@given(pattern_series())
def test_pattern_to_rule_and_back(series: Series) -> None:
    """Every pattern has a rule with the same dates over ten years, whose text gives the same pattern back."""
    same_dates_as_rrule(series)


@pytest.mark.property
@given(starts, rules())
def test_any_rule_to_pattern(start: Start, rule: RecurrenceRule) -> None:
    """A rule with any parts has a pattern with the same dates over ten years, or says that it has none."""
    same_dates_as_pattern(start, rule)


@pytest.mark.property
@given(starts, expressible_rules())
def test_expressible_rule_to_pattern_and_back(start: Start, rule: RecurrenceRule) -> None:
    """The rules that programs write for what patterns say are understood, and come back with the same dates."""
    assert not isinstance(to_pattern(Series.of(start, rule)), NotExpressible)
    same_dates_as_pattern(start, rule)


@pytest.mark.soak
@settings(max_examples=10_000)
@given(pattern_series(of=graph_patterns))
def test_ten_thousand_patterns(series: Series) -> None:
    """Ten thousand generated Graph patterns survive Graph → RRULE → Graph with equal dates over ten years."""
    same_dates_as_rrule(series)


@pytest.mark.soak
@settings(max_examples=10_000)
@given(starts, expressible_rules())
def test_ten_thousand_rules(start: Start, rule: RecurrenceRule) -> None:
    """Ten thousand generated rules survive RRULE → Graph → RRULE with equal dates over ten years."""
    same_dates_as_pattern(start, rule)


@pytest.mark.property
@given(recurrences())
def test_graph_json_there_and_back(recurrence: Recurrence) -> None:
    """A recurrence in Graph's shape is read back as the same value, whatever Graph accepts."""
    assert recurrence == recurrence_from_graph(graph_shape(recurrence))


@pytest.mark.property
@given(recurrences())
def test_what_graph_is_sent_has_the_same_dates(recurrence: Recurrence) -> None:
    """What is sent to Graph has the dates that were asked for; an ambiguous set of days is declared, never silent."""
    sent = recurrence_to_graph(recurrence)
    if isinstance(sent, NotExpressible):
        assert first_date(recurrence) is None
        return

    assert canonical_recurrence(recurrence) == canonical_recurrence(recurrence_from_graph(sent.value))
    if isinstance(sent, Lossy):
        assert {loss.kind for loss in sent.losses} == {LossKind.DAY_SET_UNSURE}


@pytest.mark.property
@given(pattern_series())
def test_canonical_is_a_fixed_point_with_the_same_dates(series: Series) -> None:
    """The canonical spelling is its own canonical spelling, and takes place at the same times."""
    found = canonical(series)

    assert found == canonical(found)
    assert isinstance(verify(series, found), Agreement)


@pytest.mark.property
@given(recurrences(zone=None), st.integers(1, 60))
def test_an_equal_end_is_an_equal_value(recurrence: Recurrence, count: int) -> None:
    """A count, and the date of the last occurrence, are one canonical value."""
    start = recurrence.range.start
    numbered = attrs.evolve(recurrence, range=Range(start, Numbered(count)))
    last = last_date(numbered)
    if last is None:
        return
    dated = attrs.evolve(recurrence, range=Range(start, EndDate(last)))

    assert canonical_recurrence(numbered) == canonical_recurrence(dated)
    assert isinstance(verify(Series.of(start, numbered), Series.of(start, dated)), Agreement)
