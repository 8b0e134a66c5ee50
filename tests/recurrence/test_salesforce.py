"""Salesforce's classic recurrence fields are read and written, with what they cannot say declared."""

import pytest
from hypothesis import given

from tallystick.recurrence import (
    EndDate,
    Exact,
    InvalidRecurrence,
    Loss,
    LossKind,
    Lossy,
    NotExpressible,
    Pattern,
    Range,
    ReasonKind,
    Recurrence,
    UnknownZone,
    Weekday,
    WeekIndex,
    canonical_recurrence,
    recurrence_from_salesforce,
    recurrence_to_salesforce,
)
from tallystick.recurrence.weekdays import WEEK, WORKDAYS
from tests.recurrence.showing import day, wall
from tests.recurrence.strategies import recurrences

MONDAY, SUNDAY, WEDNESDAY, FRIDAY = Weekday.MONDAY, Weekday.SUNDAY, Weekday.WEDNESDAY, Weekday.FRIDAY
SPAN = Range(day("2026-01-05"), EndDate(day("2026-12-31")), "Europe/Paris")
RECORD = {
    "IsRecurrence": True,
    "RecurrenceStartDateTime": "2026-01-05T08:00:00.000+0000",
    "RecurrenceEndDateOnly": "2026-12-31",
    "RecurrenceTimeZoneSidKey": "Europe/Paris",
}


@pytest.mark.parametrize(
    ("fields", "pattern"),
    [
        ({"RecurrenceType": "RecursDaily", "RecurrenceInterval": 2}, Pattern.daily(2)),
        (
            {"RecurrenceType": "RecursEveryWeekday", "RecurrenceDayOfWeekMask": 62},
            Pattern.weekly(WORKDAYS, first_day_of_week=SUNDAY),
        ),
        (
            {"RecurrenceType": "RecursWeekly", "RecurrenceInterval": 3, "RecurrenceDayOfWeekMask": 40},
            Pattern.weekly([WEDNESDAY, FRIDAY], first_day_of_week=SUNDAY, interval=3),
        ),
        (
            {"RecurrenceType": "RecursMonthly", "RecurrenceInterval": 2, "RecurrenceDayOfMonth": 3},
            Pattern.absolute_monthly(3, interval=2),
        ),
        (
            {
                "RecurrenceType": "RecursMonthlyNth",
                "RecurrenceInterval": 2,
                "RecurrenceInstance": "Last",
                "RecurrenceDayOfWeekMask": 32,
            },
            Pattern.relative_monthly(WeekIndex.LAST, [FRIDAY], interval=2),
        ),
        (
            {"RecurrenceType": "RecursYearly", "RecurrenceDayOfMonth": 26, "RecurrenceMonthOfYear": "March"},
            Pattern.absolute_yearly(3, 26),
        ),
        (
            {
                "RecurrenceType": "RecursYearlyNth",
                "RecurrenceInstance": "First",
                "RecurrenceDayOfWeekMask": 64,
                "RecurrenceMonthOfYear": "October",
            },
            Pattern.relative_yearly(10, WeekIndex.FIRST, [Weekday.SATURDAY]),
        ),
        (
            {
                "RecurrenceType": "RecursMonthlyNth",
                "RecurrenceInterval": 1,
                "RecurrenceInstance": "First",
                "RecurrenceDayOfWeekMask": 127,
            },
            Pattern.relative_monthly(WeekIndex.FIRST, WEEK),
        ),
    ],
    ids=lambda value: (
        value["RecurrenceType"] + str(value.get("RecurrenceDayOfWeekMask")) if isinstance(value, dict) else ""
    ),
)
def test_fields_are_read_and_written(fields: dict[str, object], pattern: Pattern) -> None:
    """Each recurrence type is read from the fields that it needs, and written with all others null."""
    recurrence = Recurrence(pattern, SPAN)
    written = recurrence_to_salesforce(recurrence, wall("2026-01-05 09:00", "Europe/Paris"))

    assert Exact(recurrence) == recurrence_from_salesforce({**RECORD, **fields})
    assert isinstance(written, Exact)
    assert recurrence_from_salesforce(written.value) == Exact(recurrence)
    if fields["RecurrenceType"] != "RecursEveryWeekday":  # which is weekly, in other words
        assert written.value == {
            "RecurrenceInterval": None,
            "RecurrenceDayOfWeekMask": None,
            "RecurrenceDayOfMonth": None,
            "RecurrenceInstance": None,
            "RecurrenceMonthOfYear": None,
            **RECORD,
            "RecurrenceStartDateTime": "2026-01-05T08:00:00.000Z",
            **fields,
        }


@pytest.mark.property
@given(recurrences(zone="Europe/Paris"))
def test_what_is_written_has_the_same_dates(recurrence: Recurrence) -> None:
    """What is written is read back with the same dates, or was refused; only a count loses its spelling."""
    written = recurrence_to_salesforce(recurrence, recurrence.range.start)
    if isinstance(written, NotExpressible):
        return
    read = recurrence_from_salesforce(written.value)

    assert isinstance(read, Exact)
    assert canonical_recurrence(recurrence) == canonical_recurrence(read.value)
    if isinstance(written, Lossy):
        assert {loss.kind for loss in written.losses} <= {LossKind.COUNT_AS_END_DATE, LossKind.DAY_SET_UNSURE}


@pytest.mark.parametrize(
    ("recurrence", "kind"),
    [
        (Recurrence(Pattern.daily(), Range(day("2026-01-05"))), ReasonKind.NO_END),
        (Recurrence(Pattern.absolute_yearly(1, 5, interval=2), SPAN), ReasonKind.INTERVAL),
        (Recurrence(Pattern.absolute_monthly(31), SPAN), ReasonKind.MONTH_END),
        (Recurrence(Pattern.absolute_yearly(2, 29), SPAN), ReasonKind.MONTH_END),
        (
            Recurrence(Pattern.weekly([SUNDAY, MONDAY], first_day_of_week=MONDAY, interval=2), SPAN),
            ReasonKind.WEEK_START,
        ),
    ],
    ids=lambda value: value.code if isinstance(value, ReasonKind) else str(value.pattern),
)
def test_what_the_fields_cannot_say(recurrence: Recurrence, kind: ReasonKind) -> None:
    """No end, every second year, a day that months lack, and weeks from Monday where that matters are refused."""
    written = recurrence_to_salesforce(recurrence, day("2026-01-05"))

    assert isinstance(written, NotExpressible)
    assert [kind] == [reason.kind for reason in written.reasons]


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern.absolute_yearly(1, 31),
        Pattern.absolute_monthly(31, interval=12),
        Pattern.weekly([SUNDAY, MONDAY], first_day_of_week=MONDAY),
        Pattern.weekly([MONDAY], first_day_of_week=MONDAY, interval=2),
        Pattern.weekly([MONDAY, WEDNESDAY], first_day_of_week=MONDAY, interval=2),
    ],
    ids=str,
)
def test_what_makes_no_difference_is_written(pattern: Pattern) -> None:
    """A day that all its months have, and a week's start that changes no date, are no obstacle."""
    assert isinstance(recurrence_to_salesforce(Recurrence(pattern, SPAN), day("2026-01-05")), Exact)


def test_a_day_that_months_lack_is_read_with_a_declared_loss() -> None:
    """A day 29 to 31 is read as the last day of shorter months, and declared, as its meaning is not documented."""
    read = recurrence_from_salesforce({**RECORD, "RecurrenceType": "RecursMonthly", "RecurrenceDayOfMonth": 31})

    assert read == Lossy(
        Recurrence(Pattern.absolute_monthly(31), SPAN), (Loss(LossKind.MONTH_END_UNSURE, "pattern.day_of_month"),)
    )


def test_a_start_is_a_day_in_the_zone_of_the_series() -> None:
    """The first day of an event is the day in its own zone, and that of a task is its date."""
    late = RECORD | {"RecurrenceStartDateTime": "2026-01-05T23:30:00Z", "RecurrenceType": "RecursDaily"}
    task = {"RecurrenceStartDateOnly": "2026-01-05", "RecurrenceType": "RecursDaily"}

    for fields, start in ((late, "2026-01-06"), (task, "2026-01-05")):
        read = recurrence_from_salesforce(fields)
        assert isinstance(read, Exact)
        assert day(start) == read.value.range.start
    written = recurrence_to_salesforce(Recurrence(Pattern.daily(), SPAN), day("2026-01-05"))
    assert isinstance(written, Exact)
    assert written.value["RecurrenceStartDateOnly"] == "2026-01-05"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"RecurrenceType": None}, "record.RecurrenceType"),
        ({"RecurrenceType": "RecursHourly"}, "record.RecurrenceType"),
        ({"RecurrenceType": "RecursWeekly"}, "record.RecurrenceDayOfWeekMask"),
        ({"RecurrenceType": "RecursWeekly", "RecurrenceDayOfWeekMask": 128}, "record.RecurrenceDayOfWeekMask"),
        ({"RecurrenceType": "RecursMonthly"}, "record.RecurrenceDayOfMonth"),
        ({"RecurrenceType": "RecursYearly", "RecurrenceDayOfMonth": 1}, "record.RecurrenceMonthOfYear"),
        ({"RecurrenceType": "RecursMonthlyNth", "RecurrenceDayOfWeekMask": 1}, "record.RecurrenceInstance"),
        ({"RecurrenceType": "RecursDaily", "RecurrenceStartDateTime": "soon"}, "record.RecurrenceStartDateTime"),
        ({"RecurrenceType": "RecursDaily", "RecurrenceStartDateTime": "2026-01-05"}, "record.RecurrenceStartDateTime"),
        ({"RecurrenceType": "RecursDaily", "RecurrenceStartDateTime": None}, "record.RecurrenceStartDateOnly"),
        ({"RecurrenceType": "RecursDaily", "RecurrenceEndDateOnly": "2025-01-01"}, "range.end"),
    ],
)
def test_a_bad_record_names_its_field(fields: dict[str, object], where: str) -> None:
    """A field that is missing or wrong is refused with its name."""
    with pytest.raises(InvalidRecurrence) as caught:
        recurrence_from_salesforce({**RECORD, **fields})

    assert where == caught.value.where


def test_an_unknown_zone_is_refused() -> None:
    """A zone that nobody knows is refused: the first day depends on it."""
    with pytest.raises(UnknownZone):
        recurrence_from_salesforce({**RECORD, "RecurrenceType": "RecursDaily", "RecurrenceTimeZoneSidKey": "Nowhere"})
