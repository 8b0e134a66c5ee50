"""Maximizer's recurrence: which patterns its appointments take, and how its tasks spell one."""

import pytest
from hypothesis import given

from tallystick.recurrence import (
    MAXIMIZER_APPOINTMENTS,
    MAXIMIZER_TASKS,
    EndDate,
    Exact,
    InvalidRecurrence,
    Loss,
    LossKind,
    Lossy,
    NoEnd,
    NotExpressible,
    Numbered,
    Pattern,
    Range,
    ReasonKind,
    Recurrence,
    Weekday,
    WeekIndex,
    canonical_recurrence,
    recurrence_from_graph,
    recurrence_from_maximizer,
    recurrence_to_graph,
    recurrence_to_maximizer,
    unsupported,
)
from tests.recurrence.showing import day
from tests.recurrence.strategies import recurrences

START = day("2026-01-31")
MONDAY, SUNDAY = Weekday.MONDAY, Weekday.SUNDAY


def on_start(pattern: Pattern) -> Recurrence:
    """Return a recurrence of a pattern from 31 January 2026 on."""
    return Recurrence(pattern, Range(START))


@pytest.mark.behaviour("MX-A-06")
@pytest.mark.parametrize(
    ("pattern", "reasons"),
    [
        (Pattern.daily(), []),
        (Pattern.daily(9), []),
        (Pattern.weekly([MONDAY, SUNDAY], first_day_of_week=SUNDAY, interval=5), []),
        (Pattern.absolute_monthly(31), []),
        (Pattern.absolute_yearly(1, 31), []),
        (Pattern.absolute_monthly(31, interval=2), [ReasonKind.INTERVAL]),
        (Pattern.absolute_yearly(1, 31, interval=2), [ReasonKind.INTERVAL]),
        (Pattern.absolute_monthly(15), [ReasonKind.NOT_START_DAY]),
        (Pattern.absolute_yearly(1, 15), [ReasonKind.NOT_START_DAY]),
        (Pattern.absolute_yearly(2, 31), [ReasonKind.NOT_START_DAY]),
        (Pattern.absolute_monthly(15, interval=2), [ReasonKind.INTERVAL, ReasonKind.NOT_START_DAY]),
        (Pattern.relative_monthly(WeekIndex.LAST, [Weekday.SATURDAY]), [ReasonKind.PATTERN_TYPE]),
        (Pattern.relative_yearly(1, WeekIndex.LAST, [Weekday.SATURDAY]), [ReasonKind.PATTERN_TYPE]),
    ],
    ids=str,
)
def test_what_an_appointment_can_recur_like(pattern: Pattern, reasons: list[ReasonKind]) -> None:
    """Daily and weekly patterns become series at any interval, monthly and yearly at one on the start's day."""
    written = recurrence_to_maximizer(on_start(pattern), support=MAXIMIZER_APPOINTMENTS)

    assert reasons == [reason.kind for reason in unsupported(on_start(pattern), MAXIMIZER_APPOINTMENTS)]
    assert bool(reasons) == isinstance(written, NotExpressible)


@pytest.mark.behaviour("MX-A-09")
def test_a_series_without_end_ends_in_2200() -> None:
    """A series without end gets 2200-01-01 as its end in the CRM, declared, and that is read as no end again."""
    endless = on_start(Pattern.daily())
    written = recurrence_to_maximizer(endless, support=MAXIMIZER_APPOINTMENTS)

    assert isinstance(written, Lossy)
    assert (Loss(LossKind.END_ADDED, "range.end"),) == written.losses
    assert written.value["Range"] == {
        "StartDate": "2026-01-31",
        "EndDate": "2200-01-01",
        "Occurrences": 0,
        "RecurrenceTimeZone": "UTC",
    }
    assert NoEnd() == recurrence_from_maximizer(written.value).range.end
    assert isinstance(recurrence_to_maximizer(endless, support=MAXIMIZER_TASKS), Exact)


@pytest.mark.behaviour("MX-T-11")
def test_defaults_of_a_task() -> None:
    """What a task leaves out is Sunday, the first, UTC and no end; the index may be called week index."""
    weekly = {
        "Pattern": {"Type": "Weekly", "Interval": 2, "DaysOfWeek": ["Monday"]},
        "Range": {"StartDate": "2026-01-05"},
    }
    nulls: dict[str, dict[str, object]] = {
        "pattern": {"type": "relativeMonthly", "interval": 1, "daysOfWeek": "Monday, Friday", "index": None},
        "range": {"startDate": "2026-01-05T00:00:00Z", "endDate": None, "occurrences": 0, "recurrenceTimeZone": None},
    }
    week_index = {"Pattern": {**nulls["pattern"], "weekIndex": "Third"}, "Range": nulls["range"]}

    assert recurrence_from_maximizer(weekly) == Recurrence(
        Pattern.weekly([MONDAY], first_day_of_week=SUNDAY, interval=2), Range(day("2026-01-05"), NoEnd(), "UTC")
    )
    assert recurrence_from_maximizer(nulls).pattern == Pattern.relative_monthly(
        WeekIndex.FIRST, [MONDAY, Weekday.FRIDAY]
    )
    assert recurrence_from_maximizer(week_index).pattern.index == WeekIndex.THIRD


@pytest.mark.behaviour("MX-T-11")
@pytest.mark.property
@given(recurrences(zone="Europe/Paris"))
def test_a_task_is_written_and_read_back(recurrence: Recurrence) -> None:
    """Type, interval, days, index, month, day and the range of a task survive the way to the CRM and back."""
    written = recurrence_to_maximizer(recurrence, support=MAXIMIZER_TASKS)
    if isinstance(written, NotExpressible):
        assert [reason.kind for reason in written.reasons] == [ReasonKind.NO_OCCURRENCE]
        return

    assert isinstance(written, Exact)
    assert recurrence == recurrence_from_maximizer(written.value)


@pytest.mark.behaviour("MX-T-11")
def test_a_task_travels_to_outlook() -> None:
    """A task's recurrence is the same in the CRM's shape and in Graph's."""
    crm = {
        "Pattern": {"Type": "absoluteYearly", "Interval": 1, "Month": 3, "DayOfMonth": 5},
        "Range": {"StartDate": "2026-03-05", "Occurrences": 4},
    }
    sent = recurrence_to_graph(recurrence_from_maximizer(crm))

    assert isinstance(sent, Exact)
    assert sent.value["range"] == {
        "type": "numbered",
        "startDate": "2026-03-05",
        "numberOfOccurrences": 4,
        "recurrenceTimeZone": "UTC",
    }
    assert canonical_recurrence(recurrence_from_maximizer(crm)) == canonical_recurrence(
        recurrence_from_graph(sent.value)
    )


@pytest.mark.parametrize(
    ("span", "end"),
    [
        ({"EndDate": "2026-01-07"}, EndDate(day("2026-01-07"))),
        ({"Occurrences": 3}, Numbered(3)),
        ({"NumberOfOcurrences": 3}, Numbered(3)),
        ({"EndDate": "2026-01-07", "Occurrences": 3}, Numbered(3)),
        ({"EndDate": "2026-01-07", "Occurrences": 0}, EndDate(day("2026-01-07"))),
        ({"EndDate": "2200-01-01", "Occurrences": 3}, Numbered(3)),
        ({"EndDate": "0001-01-01"}, NoEnd()),
    ],
    ids=str,
)
def test_the_end_of_a_task(span: dict[str, object], end: object) -> None:
    """A range without type ends on its date, or after its number, where one of them is said or both agree."""
    data = {"Pattern": {"Type": "daily", "Interval": 1}, "Range": {"StartDate": "2026-01-05", **span}}

    assert end == recurrence_from_maximizer(data).range.end


def test_two_ends_that_differ_are_refused() -> None:
    """An end date and a number that say different days are refused: neither is guessed to be right."""
    data = {
        "Pattern": {"Type": "daily", "Interval": 1},
        "Range": {"StartDate": "2026-01-05", "EndDate": "2026-01-08", "Occurrences": 3},
    }

    with pytest.raises(InvalidRecurrence, match=r"Range\.EndDate: contradicts"):
        recurrence_from_maximizer(data)
