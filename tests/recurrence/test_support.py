"""What a system accepts is a table, which an integrator replaces."""

import attrs
import pytest
from hypothesis import given

from tallystick.recurrence import (
    GRAPH,
    MAXIMIZER_APPOINTMENTS,
    MAXIMIZER_TASKS,
    SALESFORCE_CLASSIC,
    Agreement,
    DaySets,
    EndDate,
    Exact,
    LossKind,
    Lossy,
    NotExpressible,
    Numbered,
    Pattern,
    PatternSupport,
    PatternType,
    Range,
    ReasonKind,
    Recurrence,
    Series,
    Support,
    Weekday,
    WeekIndex,
    canonical_recurrence,
    fit,
    unsupported,
    verify,
)
from tallystick.recurrence.weekdays import WORKDAYS
from tests.recurrence.showing import day
from tests.recurrence.strategies import recurrences

TABLES = [GRAPH, MAXIMIZER_APPOINTMENTS, MAXIMIZER_TASKS, SALESFORCE_CLASSIC]
START = day("2026-01-05")


@pytest.mark.behaviour("MX-A-06")
def test_an_integrator_replaces_the_table() -> None:
    """A system that takes relative months, and every second one, is said so by another table."""
    every_second = Recurrence(Pattern.relative_monthly(WeekIndex.FIRST, [Weekday.MONDAY], interval=2), Range(START))
    own = attrs.evolve(MAXIMIZER_APPOINTMENTS, relative_monthly=PatternSupport(2, day_sets=DaySets.SINGLE))
    workdays = attrs.evolve(every_second, pattern=Pattern.relative_monthly(WeekIndex.FIRST, WORKDAYS))

    assert [reason.kind for reason in unsupported(every_second, MAXIMIZER_APPOINTMENTS)] == [ReasonKind.PATTERN_TYPE]
    assert unsupported(every_second, own) == ()
    assert [reason.kind for reason in unsupported(workdays, own)] == [ReasonKind.DAY_SET]
    assert isinstance(fit(workdays, own), NotExpressible)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.system)
def test_a_table_is_total(table: Support) -> None:
    """Each table says of each pattern type whether and how it is accepted."""
    assert [PatternSupport] * 6 == [type(table.row(kind)) for kind in PatternType]


@pytest.mark.property
@given(recurrences(zone=None))
def test_what_fits_is_accepted_and_has_the_same_dates(recurrence: Recurrence) -> None:
    """What fits a table is accepted by it, and the dates are the same unless a loss says otherwise."""
    start = recurrence.range.start
    for table in TABLES:
        fitted = fit(recurrence, table)
        if isinstance(fitted, NotExpressible):
            assert fitted.reasons
            continue
        assert {reason.kind for reason in unsupported(fitted.value, table)} <= {ReasonKind.DAY_SET}
        if isinstance(fitted, Exact) or not fitted.changes_dates:
            assert isinstance(verify(Series.of(start, recurrence), Series.of(start, fitted.value)), Agreement)
            assert canonical_recurrence(recurrence) == canonical_recurrence(fitted.value)
        if not unsupported(recurrence, table) and not isinstance(fitted, Lossy):
            assert recurrence == fitted.value


def test_an_end_for_the_endless() -> None:
    """Where a system needs an end, the table's own is given to what has none, and declared."""
    endless = Recurrence(Pattern.daily(), Range(START))
    ended = attrs.evolve(SALESFORCE_CLASSIC, end_for_endless=day("2030-12-31"))
    past = attrs.evolve(SALESFORCE_CLASSIC, end_for_endless=day("2020-12-31"))
    soon = attrs.evolve(SALESFORCE_CLASSIC, end_for_endless=START)
    fitted = fit(endless, ended)

    assert isinstance(fitted, Lossy)
    assert [loss.kind for loss in fitted.losses] == [LossKind.END_ADDED]
    assert EndDate(day("2030-12-31")) == fitted.value.range.end
    assert isinstance(fit(endless, SALESFORCE_CLASSIC), NotExpressible)
    assert isinstance(fit(endless, past), Exact | NotExpressible)
    never = fit(Recurrence(Pattern.absolute_monthly(1), Range(START)), soon)
    assert isinstance(never, NotExpressible)
    assert [reason.kind for reason in never.reasons] == [ReasonKind.NO_OCCURRENCE]


def test_a_count_that_never_ends() -> None:
    """A count whose last date lies beyond the calendar has no end date to become."""
    distant = Recurrence(Pattern.daily(9999), Range(START, Numbered(1000)))
    refused = fit(distant, SALESFORCE_CLASSIC)

    assert isinstance(refused, NotExpressible)
    assert [reason.kind for reason in refused.reasons] == [ReasonKind.COUNT]
