"""Series are read from the lines of an iCalendar component, and written as such."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.recurrence import (
    Cancelled,
    Changed,
    InvalidRecurrence,
    Moved,
    Pattern,
    Range,
    Recurrence,
    RecurrenceRule,
    Series,
    Start,
    UnknownZone,
    WallTime,
    canonical,
    format_recurrence_id,
    format_series,
    parse_exception,
    parse_rule,
    parse_series,
)
from tests.recurrence.showing import NINE, day, wall
from tests.recurrence.strategies import rules, starts


def kind_of(start: Start) -> str:
    """Return which of the three kinds a start is."""
    if isinstance(start, WallTime):
        return "floating" if start.zone is None else "zoned"
    return "date"


@pytest.mark.property
@given(starts, rules(), st.lists(starts, max_size=3))
def test_a_written_series_is_read_back(start: Start, rule: RecurrenceRule, others: list[Start]) -> None:
    """What is written is read back as the same series, with its excluded and added dates."""
    alike = [other for other in others if kind_of(other) == kind_of(start)]
    cancelled = tuple(Cancelled(other) for other in dict.fromkeys(alike))
    series = Series(start, (rule,), (), tuple(dict.fromkeys(alike)), cancelled)

    assert canonical(series) == canonical(parse_series(format_series(series)))


def test_a_component_is_read() -> None:
    """The recurrence of an event is read from between its other lines, folded, in any case, with quoted zones."""
    text = (
        "BEGIN:VEVENT\r\nSUMMARY:RRULE:FREQ=DAILY is not one\r\n"
        'dtstart;tzid="Eastern\r\n  Standard Time":20260101T090000\r\n'
        "RRULE:FREQ=DAILY;COU\r\n NT=5\r\nEXDATE;TZID=America/New_York:20260102T090000,20260103T090000\r\n"
        "RDATE:20260110T140000Z\r\nBEGIN:VALARM\r\nDTSTART:20200101T000000\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    )
    series = parse_series(text)

    assert wall("2026-01-01 09:00", "Eastern Standard Time") == series.start
    assert (parse_rule("FREQ=DAILY;COUNT=5"),) == series.rules
    assert (wall("2026-01-10 14:00", "UTC"),) == series.added
    assert [wall(f"2026-01-0{n} 09:00", "America/New_York") for n in (2, 3)] == [
        one.original for one in series.exceptions
    ]
    assert format_series(series) == (
        "DTSTART;TZID=America/New_York:20260101T090000\nRRULE:FREQ=DAILY;COUNT=5\nRDATE:20260110T140000Z\n"
        "EXDATE;TZID=America/New_York:20260102T090000\nEXDATE;TZID=America/New_York:20260103T090000"
    )


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("DTSTART:20260101T090000", wall("2026-01-01 09:00")),
        ("DTSTART:20260101T090000Z", wall("2026-01-01 09:00", "UTC")),
        ("DTSTART;VALUE=DATE:20260101", day("2026-01-01")),
        ("DTSTART:20260101", day("2026-01-01")),
        (
            "DTSTART;TZID=/vendor.example/20260101_1/Europe/Berlin:20260101T090000",
            wall("2026-01-01 09:00", "/vendor.example/20260101_1/Europe/Berlin"),
        ),
    ],
)
def test_three_kinds_of_start(line: str, start: Start) -> None:
    """A start is a date, floats, or hangs in a zone, and stays what it is."""
    assert start == parse_series(line).start
    assert Series.of(start) == parse_series("", start=start)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("RRULE:FREQ=DAILY", "DTSTART", "missing"),
        (f"{NINE}\n{NINE}", "DTSTART", "given twice"),
        ("DTSTART:20260101T090000,20260102T090000", "DTSTART", "several values"),
        ("DTSTART:tomorrow", "DTSTART", "neither a date nor a time"),
        ("DTSTART:20261301", "DTSTART", "no such day"),
        (f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20260101T080000", "RRULE UNTIL", "before the start"),
        (f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20251231", "RRULE UNTIL", "before the start"),
        (f"{NINE}Z\nRRULE:FREQ=DAILY;UNTIL=20251231T090000Z", "RRULE UNTIL", "before the start"),
        ("DTSTART:20260101\nRRULE:FREQ=DAILY;UNTIL=20251231", "RRULE UNTIL", "before the start"),
        (f"{NINE}\nRRULE:FREQ=DAILY;UNTIL=20261231T090000Z", "RRULE UNTIL", "in UTC"),
        ("DTSTART:20260101\nRRULE:FREQ=DAILY;UNTIL=20251231T235959Z", "RRULE UNTIL", "before the start"),
        ("DTSTART:20260101\nRRULE:FREQ=DAILY;UNTIL=20251231T093000Z", "RRULE UNTIL", "before the start"),
        ("DTSTART:20260101\nRRULE:FREQ=DAILY;UNTIL=20251231T220000", "RRULE UNTIL", "before the start"),
        (f"{NINE}\nRDATE;VALUE=PERIOD:20260101T090000/PT1H", "RDATE", "a period"),
        (f"{NINE}\nRDATE:20260101T090000Z", "series.added", "in one series"),
        (f"{NINE}\nEXDATE:20260101T090000Z", "exception.original", "in one series"),
        pytest.param("X" * 300_000, "component", "too long", id="long"),
    ],
)
def test_a_bad_component_names_its_line(text: str, where: str, what: str) -> None:
    """A line that cannot be read, or contradicts another, is refused with its name and the remedy."""
    with pytest.raises(InvalidRecurrence) as caught:
        parse_series(text)

    assert where == caught.value.where
    assert what in caught.value.what
    assert caught.value.remedy


@pytest.mark.parametrize("until", ["20260107", "20260107T000000", "20260107T215959Z", "20260107T070000Z"])
def test_an_all_day_series_ends_on_the_day_that_until_is_written_with(until: str) -> None:
    """RFC 5545 wants a date there; what Google, Android and others write as a time is the day of that."""
    series = parse_series(f"DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY;UNTIL={until}")

    assert series == parse_series("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY;UNTIL=20260107")
    assert format_series(series).endswith("UNTIL=20260107;WKST=MO")


@pytest.mark.parametrize("until", ["20251231T100000Z", "20251231T181500Z", "20251231T220000Z", "20251231T230000Z"])
def test_an_all_day_series_that_ends_with_the_midnight_it_begins_with_is_one_day(until: str) -> None:
    """East of Greenwich programs write the midnight of the last day as a time of the day before, in UTC."""
    series = parse_series(f"DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;UNTIL={until}")

    assert series == parse_series("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;UNTIL=20260101")


def test_an_unknown_zone_is_refused() -> None:
    """A zone that nobody knows is refused when it is read: a guess would move meetings."""
    with pytest.raises(UnknownZone, match="not known"):
        parse_series("DTSTART;TZID=Customized Time Zone:20260101T090000")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("RECURRENCE-ID:20260105T090000\nDTSTART:20260105T090000", Changed(wall("2026-01-05 09:00"))),
        ("RECURRENCE-ID:20260105T090000", Changed(wall("2026-01-05 09:00"))),
        (
            "RECURRENCE-ID;TZID=Europe/Paris:20260105T090000\nDTSTART:20260105T080000Z",
            Changed(wall("2026-01-05 09:00", "Europe/Paris")),
        ),
        (
            "RECURRENCE-ID:20260105T090000\nDTSTART:20260106T090000",
            Moved(wall("2026-01-05 09:00"), wall("2026-01-06 09:00")),
        ),
        ("RECURRENCE-ID;VALUE=DATE:20260105\nSTATUS:CANCELLED", Cancelled(day("2026-01-05"))),
    ],
)
def test_an_exception_is_read(lines: str, expected: object) -> None:
    """A component with RECURRENCE-ID says which occurrence was moved, changed or cancelled."""
    assert expected == parse_exception(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT")


@pytest.mark.parametrize("lines", ["DTSTART:20260105T090000", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260105T090000"])
def test_a_bad_exception_is_refused(lines: str) -> None:
    """An exception that does not say which occurrence it is of, or means all later ones too, is refused."""
    with pytest.raises(InvalidRecurrence, match="RECURRENCE-ID"):
        parse_exception(lines)


def test_writing() -> None:
    """A recurrence id is written as a start is; a pattern has to become a rule before it is written."""
    start = day("2026-01-01")

    assert format_recurrence_id(wall("2026-01-05 09:00", "Romance Standard Time")) == (
        "RECURRENCE-ID;TZID=Europe/Paris:20260105T090000"
    )
    assert format_recurrence_id(start) == "RECURRENCE-ID;VALUE=DATE:20260101"
    with pytest.raises(InvalidRecurrence, match="to_rrule"):
        format_series(Series.of(start, Recurrence(Pattern.daily(), Range(start))))


def test_a_cancelled_day_is_written_at_its_time() -> None:
    """An occurrence that was cancelled by its day is excluded at the series' time."""
    series = Series(
        wall("2026-01-01 09:00", "UTC"), (parse_rule("FREQ=DAILY"),), exceptions=(Cancelled(day("2026-01-02")),)
    )

    assert format_series(series).endswith("EXDATE:20260102T090000Z")


def test_a_cancelled_day_is_all_its_times() -> None:
    """A day that was cancelled is excluded at each time that the rule has, which need not be the start's."""
    rule = parse_rule("FREQ=DAILY;BYHOUR=10,11")
    series = Series(wall("2026-01-01 09:00", "UTC"), (rule,), exceptions=(Cancelled(day("2026-01-02")),))
    many = f"FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))}"

    assert format_series(series).endswith("EXDATE:20260102T100000Z\nEXDATE:20260102T110000Z")
    assert canonical(series) == canonical(parse_series(format_series(series)))
    for text in ("FREQ=HOURLY", many):
        with pytest.raises(InvalidRecurrence, match="many times"):
            format_series(Series(series.start, (parse_rule(text),), exceptions=series.exceptions))
