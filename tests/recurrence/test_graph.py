"""Graph's patternedRecurrence is read as services send it, and written as documented."""

import pytest

from tallystick.recurrence import (
    GRAPH,
    Cancelled,
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
    Unreported,
    Weekday,
    WeekIndex,
    cancelled_from_graph,
    graph_shape,
    recurrence_from_graph,
    recurrence_to_graph,
)
from tallystick.recurrence.weekdays import WORKDAYS
from tests.recurrence.showing import day

MONDAY, SUNDAY, SATURDAY = Weekday.MONDAY, Weekday.SUNDAY, Weekday.SATURDAY
START = Range(day("2026-01-05"))
ECHO = {"month": 0, "dayOfMonth": 0, "firstDayOfWeek": "sunday", "index": "first", "daysOfWeek": []}
RANGE_ECHO = {"endDate": "0001-01-01", "numberOfOccurrences": 0, "recurrenceTimeZone": ""}


def read(pattern: dict[str, object], span: dict[str, object] | None = None) -> Recurrence:
    """Return what is read of a pattern, and of a range that starts on 5 January 2026."""
    return recurrence_from_graph(
        {"pattern": pattern, "range": {"startDate": "2026-01-05", **(span or {"type": "noEnd"})}}
    )


@pytest.mark.parametrize(
    ("sent", "pattern"),
    [
        ({"type": "daily", "interval": 2}, Pattern.daily(2)),
        (
            {"type": "weekly", "interval": 1, "daysOfWeek": ["Monday"]},
            Pattern.weekly([MONDAY], first_day_of_week=SUNDAY),
        ),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}, Pattern.absolute_monthly(31)),
        (
            {"type": "RelativeMonthly", "interval": 1, "daysOfWeek": ["MONDAY"], "index": None},
            Pattern.relative_monthly(WeekIndex.FIRST, [MONDAY]),
        ),
        ({"type": "absoluteYearly", "interval": 1, "dayOfMonth": 5, "month": 3}, Pattern.absolute_yearly(3, 5)),
        (
            {"type": "relativeYearly", "interval": 1.0, "daysOfWeek": ["monday"], "index": "Last", "month": 3},
            Pattern.relative_yearly(3, WeekIndex.LAST, [MONDAY]),
        ),
    ],
    ids=str,
)
def test_a_pattern_is_read_alone_and_as_echo(sent: dict[str, object], pattern: Pattern) -> None:
    """A pattern reads the same in any case, alone, and with every other field filled with zeros and defaults."""
    echo = ECHO | {"@odata.type": "#x"} | sent

    assert pattern == read(sent).pattern == read(echo).pattern
    assert pattern == read({name.upper(): value for name, value in sent.items()}).pattern


@pytest.mark.parametrize(
    ("sent", "end"),
    [
        ({"type": "noEnd"}, NoEnd()),
        ({"type": "noEnd", **RANGE_ECHO}, NoEnd()),
        ({"type": "endDate", "endDate": "2026-12-31"}, EndDate(day("2026-12-31"))),
        ({**RANGE_ECHO, "type": "EndDate", "endDate": "2026-12-31T00:00:00.0000000Z"}, EndDate(day("2026-12-31"))),
        ({"type": "endDate", "endDate": "4500-08-31"}, NoEnd()),
        ({"type": "endDate", "endDate": "9999-12-31"}, NoEnd()),
        ({**RANGE_ECHO, "type": "numbered", "numberOfOccurrences": 5}, Numbered(5)),
        ({**RANGE_ECHO, "type": "numbered"}, Unreported()),
        ({"endDate": "2026-12-31"}, EndDate(day("2026-12-31"))),
        ({"numberOfOccurrences": 5}, Numbered(5)),
        (RANGE_ECHO, NoEnd()),
    ],
    ids=str,
)
def test_an_end_is_read(sent: dict[str, object], end: object) -> None:
    """An end is what the range's type says; zeros, sentinels and dates without end say nothing."""
    assert end == read({"type": "daily", "interval": 1}, sent).range.end


def test_the_zone_falls_back() -> None:
    """An empty zone is taken from the event's own, the first that is a name; its spelling is kept."""
    data: dict[str, dict[str, object]] = {
        "pattern": {"type": "daily", "interval": 1},
        "range": {"startDate": "2026-01-05", "recurrenceTimeZone": ""},
    }
    fallbacks = ["", None, "tzone://Microsoft/Custom", "Romance Standard Time", "UTC"]

    assert recurrence_from_graph(data).range.zone is None
    assert recurrence_from_graph(data, zones=fallbacks).range.zone == "Romance Standard Time"
    data["range"]["recurrenceTimeZone"] = "Europe/Madrid"
    assert recurrence_from_graph(data, zones=fallbacks).range.zone == "Europe/Madrid"


@pytest.mark.parametrize(
    ("data", "where", "what"),
    [
        ({}, "pattern.type", "missing"),
        ({"pattern": []}, "pattern", "not an object"),
        ({"pattern": {"type": "hourly"}}, "pattern.type", "unknown word"),
        ({"pattern": {"type": 1}}, "pattern.type", "not a short text"),
        ({"pattern": {"type": "daily"}}, "pattern.interval", "missing"),
        ({"pattern": {"type": "daily", "interval": 0}}, "pattern.interval", "missing"),
        ({"pattern": {"type": "daily", "interval": -1}}, "pattern.interval", "out of range"),
        ({"pattern": {"type": "daily", "interval": "1"}}, "pattern.interval", "not a whole number"),
        ({"pattern": {"type": "daily", "interval": True}}, "pattern.interval", "not a whole number"),
        ({"pattern": {"type": "daily", "interval": 1.5}}, "pattern.interval", "not a whole number"),
        ({"pattern": {"type": "daily", "interval": 10**5000}}, "pattern.interval", "not a whole number"),
        ({"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": []}}, "pattern.daysOfWeek", "missing"),
        ({"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": [1]}}, "pattern.daysOfWeek", "not a list"),
        ({"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": {}}}, "pattern.daysOfWeek", "not a list"),
        ({"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["Mon"]}}, "pattern.daysOfWeek", "unknown word"),
        ({"pattern": {"type": "absoluteMonthly", "interval": 1}}, "pattern.dayOfMonth", "missing"),
        (
            {"pattern": {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 1, "month": 13}},
            "pattern.month",
            "out of range",
        ),
        ({"pattern": {"type": "daily", "interval": 1}}, "range.startDate", "missing"),
        (
            {"pattern": {"type": "daily", "interval": 1}, "range": {"startDate": "2026-02-30"}},
            "range.startDate",
            "no such day",
        ),
        (
            {"pattern": {"type": "daily", "interval": 1}, "range": {"startDate": "2026-01-01T09:00:00Z"}},
            "range.startDate",
            "not a date",
        ),
        (
            {"pattern": {"type": "daily", "interval": 1}, "range": {"startDate": 20260101}},
            "range.startDate",
            "not a date",
        ),
        ({"pattern": {str(n): n for n in range(300)}}, "pattern", "too many"),
    ],
)
def test_a_bad_recurrence_names_its_field(data: dict[str, object], where: str, what: str) -> None:
    """A field that is missing or wrong is refused with its name and the remedy."""
    with pytest.raises(InvalidRecurrence) as caught:
        recurrence_from_graph(data)

    assert where == caught.value.where
    assert what in caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("span", "where", "what"),
    [
        ({"type": "endDate", "endDate": "2026-01-04"}, "range.end", "ends before"),
        ({"type": "endDate", "endDate": "0001-01-01"}, "range.endDate", "missing"),
        ({"type": "numbered", "numberOfOccurrences": -1}, "range.count", "out of range"),
        ({"endDate": "2026-12-31", "numberOfOccurrences": 5}, "range.type", "missing, with an end date and a number"),
        ({"type": "noEnd", "recurrenceTimeZone": "x" * 300}, "range.recurrenceTimeZone", "not a short text"),
    ],
    ids=str,
)
def test_a_bad_range_names_its_field(span: dict[str, object], where: str, what: str) -> None:
    """A range that contradicts itself is refused."""
    with pytest.raises(InvalidRecurrence) as caught:
        read({"type": "daily", "interval": 1}, span)

    assert where == caught.value.where
    assert what in caught.value.what


def test_what_is_written_has_the_fields_of_its_type() -> None:
    """A pattern is sent with exactly the fields that its type needs, in the documented case."""
    span = Range(day("2026-01-05"), Numbered(5), "Romance Standard Time")
    sent = recurrence_to_graph(Recurrence(Pattern.weekly([MONDAY, SUNDAY], first_day_of_week=MONDAY), span))

    assert sent == Exact(
        {
            "pattern": {
                "type": "weekly",
                "interval": 1,
                "daysOfWeek": ["monday", "sunday"],
                "firstDayOfWeek": "monday",
            },
            "range": {
                "type": "numbered",
                "startDate": "2026-01-05",
                "numberOfOccurrences": 5,
                "recurrenceTimeZone": "Romance Standard Time",
            },
        }
    )
    assert graph_shape(Recurrence(Pattern.relative_yearly(3, WeekIndex.LAST, WORKDAYS), START))["pattern"] == {
        "type": "relativeYearly",
        "interval": 1,
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "index": "last",
        "month": 3,
    }


def test_what_exchange_does_not_take() -> None:
    """A count beyond 999 becomes the date of the last occurrence; longer intervals and later ends are refused."""
    counted = recurrence_to_graph(Recurrence(Pattern.daily(), Range(day("2026-01-05"), Numbered(1000))))
    apart = recurrence_to_graph(Recurrence(Pattern.absolute_monthly(1, interval=100), START))
    late = recurrence_to_graph(Recurrence(Pattern.daily(900), Range(day("2026-01-05"), Numbered(1100))))
    unreported = recurrence_to_graph(Recurrence(Pattern.daily(), Range(day("2026-01-05"), Unreported())))

    assert isinstance(counted, Lossy)
    assert (Loss(LossKind.COUNT_AS_END_DATE, "range.end"),) == counted.losses
    assert not counted.changes_dates
    assert EndDate(day("2028-09-30")) == recurrence_from_graph(counted.value).range.end
    for refused, kind in (
        (apart, ReasonKind.INTERVAL),
        (late, ReasonKind.END_DATE),
        (unreported, ReasonKind.NOT_REPORTED),
    ):
        assert isinstance(refused, NotExpressible)
        assert [kind] == [reason.kind for reason in refused.reasons]
    assert GRAPH.largest_count == 999


def test_an_unusual_set_of_days_is_declared() -> None:
    """An index with days that Outlook has no name for is sent as it is, and declared: services read it in two ways."""
    unusual = Recurrence(Pattern.relative_monthly(WeekIndex.SECOND, [MONDAY, SATURDAY]), START)
    usual = Recurrence(Pattern.relative_monthly(WeekIndex.SECOND, WORKDAYS), START)

    sent = recurrence_to_graph(unusual)
    assert isinstance(sent, Lossy)
    assert (Loss(LossKind.DAY_SET_UNSURE, "pattern.days_of_week"),) == sent.losses
    assert unusual == recurrence_from_graph(sent.value)
    assert isinstance(recurrence_to_graph(usual), Exact)


def test_cancelled_occurrences_are_read() -> None:
    """The ids of cancelled occurrences name the day of each; anything else among them is refused."""
    assert (Cancelled(day("2026-01-05")),) == cancelled_from_graph(["OID.AAMk.b=.2026-01-05", "OID.x.2026-01-05"])
    for wrong in ("", "OID.x", "OID.x.2026-02-30", "2026-01-05"):
        with pytest.raises(InvalidRecurrence, match="cancelledOccurrences"):
            cancelled_from_graph([wrong])
