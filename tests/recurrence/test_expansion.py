"""Series are expanded on the wall clock of their zone, in windows, with their exceptions, within limits."""

import time
from collections.abc import Iterable
from datetime import timedelta

import pytest

from tallystick.recurrence import (
    Cancelled,
    Changed,
    EndDate,
    ExpansionLimit,
    Gap,
    InvalidRecurrence,
    Limits,
    Moved,
    Occurrence,
    OccurrenceKey,
    Pattern,
    Range,
    Recurrence,
    Series,
    UnknownZone,
    Unreported,
    WallTime,
    Window,
    expand,
    iterate,
    occurrence_key,
    parse_rule,
    parse_series,
)
from tests.recurrence.showing import day, first_starts, series_of, shown, starts_of, wall, within

NEW_YORK = "DTSTART;TZID=America/New_York:20230310T023000"


def utc_times(occurrences: Iterable[Occurrence]) -> list[str]:
    """Return the times of day in UTC."""
    return [f"{found.start.instant().utc:%H:%M}" for found in occurrences if isinstance(found.start, WallTime)]


A_YEAR = Window(day("2026-01-01"), day("2027-01-01"))


def test_nine_stays_nine() -> None:
    """A meeting at nine stays at nine when the clocks change, so that its instant moves."""
    found = expand(series_of("FREQ=WEEKLY", "DTSTART;TZID=Europe/Paris:20260322T090000"), A_YEAR)[:2]

    assert starts_of(found) == ["2026-03-22 09:00", "2026-03-29 09:00"]
    assert [f"{one.start.instant().utc:%H:%M}" for one in found if isinstance(one.start, WallTime)] == [
        "08:00",
        "07:00",
    ]


@pytest.mark.parametrize(
    ("gap", "count", "expected"),
    [
        (Gap.SHIFT, "", ["2023-03-11 02:30", "2023-03-12 03:30", "2023-03-13 02:30"]),
        (Gap.SKIP, "", ["2023-03-11 02:30", "2023-03-13 02:30", "2023-03-14 02:30"]),
        (Gap.SHIFT, ";COUNT=3", ["2023-03-11 02:30", "2023-03-12 03:30"]),
        (Gap.SKIP, ";COUNT=3", ["2023-03-11 02:30", "2023-03-13 02:30"]),
    ],
)
def test_a_time_that_the_clock_skips(gap: Gap, count: str, expected: list[str]) -> None:
    """An occurrence at a time that the clock skips is an hour later, or left out and not counted, as was chosen."""
    assert expected == first_starts(series_of(f"FREQ=DAILY{count}", NEW_YORK), 4, gap=gap)[1:4]


def test_a_skipped_time_waits_for_the_clock() -> None:
    """Times shifted out of a gap take their place among those behind it, and one that two come to is one."""
    hourly = series_of("FREQ=MINUTELY;INTERVAL=30", "DTSTART;TZID=America/New_York:20230312T010000")
    starts = first_starts(hourly, 6)

    assert [start[-5:] for start in starts] == ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]


def test_a_repeated_time_is_the_first() -> None:
    """An occurrence at a time that the clock shows twice takes place once, the first time."""
    series = series_of("FREQ=DAILY", "DTSTART;TZID=America/New_York:20221105T013000")
    found = [
        one.start.instant()
        for one in expand(series, Window(day("2022-11-05"), day("2022-11-08")))
        if isinstance(one.start, WallTime)
    ]

    assert [f"{one.utc:%H:%M}" for one in found] == ["05:30", "05:30", "06:30"]


def test_a_day_that_a_zone_skips() -> None:
    """Samoa had no 30 December 2011: what fell on it falls together with the day after."""
    series = series_of("FREQ=DAILY", "DTSTART;TZID=Pacific/Apia:20111229T090000")

    assert first_starts(series, 3) == ["2011-12-29 09:00", "2011-12-31 09:00", "2012-01-01 09:00"]


def test_all_day_series_are_dates() -> None:
    """An all-day series takes place on dates, whatever the zone of the window, and knows no hours."""
    series = series_of("FREQ=DAILY;BYHOUR=7,8;UNTIL=20260329", "DTSTART;VALUE=DATE:20260327")

    assert within(series, "2026-01-01", "2027-01-01", "Asia/Tokyo") == ["2026-03-27", "2026-03-28", "2026-03-29"]
    with pytest.raises(InvalidRecurrence, match="no hours"):
        within(series_of("FREQ=HOURLY", "DTSTART;VALUE=DATE:20260327"), "2026-01-01", "2027-01-01")


def test_a_window_is_of_whole_days_in_a_zone() -> None:
    """What starts late in the evening lies in the window of its own zone's day, not of another's."""
    series = series_of("FREQ=WEEKLY", "DTSTART;TZID=America/New_York:20260105T230000")

    assert within(series, "2026-01-05", "2026-01-06", "America/New_York") == ["2026-01-05 23:00"]
    assert within(series, "2026-01-05", "2026-01-06", "UTC") == []
    assert within(series, "2026-01-06", "2026-01-07", "UTC") == ["2026-01-05 23:00"]
    with pytest.raises(InvalidRecurrence, match="without days"):
        Window(day("2026-01-05"), day("2026-01-05"))


def test_what_began_before_the_window_reaches_into_it() -> None:
    """With a length, an occurrence that is still going on when the window begins is in it."""
    series = series_of("FREQ=DAILY;COUNT=3", "DTSTART:20260101T230000")
    window = Window(day("2026-01-02"), day("2026-01-03"))

    assert starts_of(expand(series, window)) == ["2026-01-02 23:00"]
    assert starts_of(expand(series, window, lasting=timedelta(hours=2))) == ["2026-01-01 23:00", "2026-01-02 23:00"]
    assert starts_of(expand(series, window, lasting=timedelta(hours=1))) == ["2026-01-02 23:00"]


def test_exceptions_take_their_places() -> None:
    """Cancelled occurrences are gone, moved ones are where they were moved to, changed ones say that they are."""
    thirds = [wall(f"2026-01-0{n} 09:00", "UTC") for n in (1, 2, 3, 4)]
    later = wall("2026-01-09 10:00", "UTC")
    series = Series(
        thirds[0],
        (parse_rule("FREQ=DAILY;COUNT=4"),),
        exceptions=(Cancelled(thirds[1]), Moved(thirds[2], later), Changed(thirds[3])),
    )
    found = expand(series, A_YEAR)

    assert starts_of(found) == ["2026-01-01 09:00", "2026-01-04 09:00", "2026-01-09 10:00"]
    assert [None, Changed(thirds[3]), Moved(thirds[2], later)] == [one.exception for one in found]
    assert thirds[2] == found[2].original
    assert starts_of(iterate(series)) == ["2026-01-01 09:00", "2026-01-09 10:00", "2026-01-04 09:00"]
    assert within(series, "2026-01-09", "2026-01-10") == ["2026-01-09 10:00"]
    assert within(series, "2026-01-03", "2026-01-04") == []


def test_an_exception_may_name_the_day() -> None:
    """A cancelled occurrence of a timed series may be named by its day, as Graph does, or in another zone's time."""
    start = wall("2026-01-01 09:00", "Europe/Paris")
    series = Series(
        start,
        (parse_rule("FREQ=DAILY;COUNT=4"),),
        exceptions=(Cancelled(day("2026-01-02")), Cancelled(wall("2026-01-03 08:00", "UTC"))),
    )

    assert within(series, "2026-01-01", "2027-01-01") == ["2026-01-01 09:00", "2026-01-04 09:00"]


def test_an_occurrence_has_one_key() -> None:
    """An occurrence has the same key however its original start is spelled, and another series another one."""
    paris = occurrence_key("s1", wall("2026-07-01 09:00", "Romance Standard Time"))

    assert paris == occurrence_key("s1", wall("2026-07-01 07:00", "UTC"))
    assert paris != occurrence_key("s2", wall("2026-07-01 07:00", "UTC"))
    assert OccurrenceKey("s1", day("2026-07-01")) == occurrence_key("s1", day("2026-07-01"))
    assert OccurrenceKey("s1", wall("2026-07-01 07:00")) == occurrence_key("s1", wall("2026-07-01 07:00"))


def test_rules_are_united_and_excluded() -> None:
    """Several rules and added dates are one series, each time once; excluded rules take times out."""
    series = parse_series(
        "DTSTART:20260101T090000\nRRULE:FREQ=DAILY;COUNT=4\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=4\n"
        "EXRULE:FREQ=DAILY;INTERVAL=3\nRDATE:20260110T090000,20260103T090000"
    )

    assert within(series, "2026-01-01", "2027-01-01") == ["2026-01-02 09:00", "2026-01-03 09:00", "2026-01-05 09:00"]


def test_a_series_without_rules_is_its_dates() -> None:
    """Without a rule, a series takes place at its start and the added dates."""
    series = Series(day("2026-01-01"), added=(day("2026-03-01"), day("2026-02-01")))

    assert starts_of(iterate(series)) == ["2026-01-01", "2026-02-01", "2026-03-01"]


def test_a_pattern_is_expanded_in_its_own_zone() -> None:
    """A start given in UTC is read in the zone of the recurrence, as Outlook gives it."""
    recurrence = Recurrence(
        Pattern.daily(), Range(day("2026-03-28"), EndDate(day("2026-03-30")), "W. Europe Standard Time")
    )
    series = Series.of(wall("2026-03-28 08:00", "UTC"), recurrence)

    assert starts_of(iterate(series)) == ["2026-03-28 09:00", "2026-03-29 09:00", "2026-03-30 09:00"]


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("FREQ=DAILY;UNTIL=20260103T090000Z", "DTSTART:20260101T090000Z", 3),
        ("FREQ=DAILY;UNTIL=20260103T085959Z", "DTSTART:20260101T090000Z", 2),
        ("FREQ=DAILY;UNTIL=20260103T090000", "DTSTART:20260101T090000", 3),
        ("FREQ=DAILY;UNTIL=20260103", "DTSTART;TZID=Asia/Tokyo:20260101T090000", 3),
        ("FREQ=DAILY;UNTIL=20260103T000000Z", "DTSTART;VALUE=DATE:20260101", 3),
        ("FREQ=DAILY;UNTIL=20230312T073000Z", "DTSTART;TZID=America/New_York:20230310T023000", 3),
    ],
)
def test_until_is_included(text: str, start: str, expected: int) -> None:
    """The last occurrence is the one that starts at UNTIL, or on its day."""
    assert expected == len(list(iterate(series_of(text, start))))


@pytest.mark.parametrize(
    ("rule", "start", "end", "count"),
    [
        ("FREQ=SECONDLY", "2026-06-01", "2026-06-02", None),
        ("FREQ=SECONDLY;COUNT=1000000000", "2026-06-01", "2026-06-02", None),
        ("FREQ=SECONDLY;INTERVAL=3600", "2026-06-01", "2026-06-02", 24),
        ("FREQ=MINUTELY;INTERVAL=1440;BYDAY=MO", "2126-01-01", "2127-01-01", 52),
        ("FREQ=SECONDLY;COUNT=1000000000;BYSECOND=1", "2026-06-01", "2026-06-02", None),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", "2036-01-01", 0),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-01", "3026-01-01", 0),
        ("FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", "2026-01-01", "9999-12-31", 0),
        ("FREQ=DAILY;COUNT=1000000000", "2126-01-01", "2126-02-01", 31),
        ("FREQ=DAILY;COUNT=1000000000", "5026-01-01", "5026-02-01", None),
        ("FREQ=DAILY", "2026-01-01", "3026-01-01", None),
        (
            "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
            "2026-01-01",
            "2030-01-01",
            None,
        ),
        ("FREQ=YEARLY;INTERVAL=999999999", "2026-01-01", "9999-12-31", 0),
        ("FREQ=DAILY;INTERVAL=999999999", "1997-01-01", "1998-01-01", 1),
        ("FREQ=WEEKLY;COUNT=1000000000;BYDAY=MO;BYSETPOS=366", "9990-01-01", "9991-01-01", None),
    ],
    ids=str,
)
def test_the_worst_rules_end_soon(rule: str, start: str, end: str, count: int | None) -> None:
    """Whatever the rule and the window, the answer is whole or an error, after bounded work."""
    series = parse_series(f"DTSTART:19970902T090000\nRRULE:{rule}")
    window, limits = Window(day(start), day(end)), Limits(steps=200_000, sub_daily=True)
    began = time.process_time()
    if count is None:
        with pytest.raises(ExpansionLimit):
            expand(series, window, limits=limits)
    else:
        assert count == len(expand(series, window, limits=limits))
    assert time.process_time() - began < 5


def test_every_part_of_every_second_is_counted() -> None:
    """A rule that names every hour, minute and second of a year is refused before anything is written out."""
    every = ";".join(
        f"{part}={','.join(map(str, range(size)))}"
        for part, size in (("BYHOUR", 24), ("BYMINUTE", 60), ("BYSECOND", 60))
    )
    series = series_of(f"FREQ=YEARLY;{every}")

    with pytest.raises(ExpansionLimit, match="more steps"):
        expand(series_of(f"FREQ=YEARLY;{every};BYDAY=MO"), A_YEAR)
    assert first_starts(series_of(f"FREQ=YEARLY;{every};BYSETPOS=-1"), 1) == ["2026-01-01 23:59:59"]
    with pytest.raises(ExpansionLimit):
        expand(series, A_YEAR)


def test_sub_daily_rules_are_refused_unless_asked_for() -> None:
    """Hourly rules and below are expanded only where the caller says so, and the error says how."""
    series = series_of("FREQ=HOURLY;INTERVAL=8;COUNT=4")

    with pytest.raises(ExpansionLimit, match="sub_daily=True"):
        expand(series, A_YEAR)
    assert 4 == len(expand(series, A_YEAR, limits=Limits(sub_daily=True)))  # noqa: SIM300 -- expected comes first


def test_iterating_is_bounded_by_steps_alone() -> None:
    """One after the other, any number can be taken until the steps are used up."""
    found = iterate(series_of("FREQ=DAILY"), limits=Limits(steps=100, occurrences=1))

    with pytest.raises(ExpansionLimit, match="more steps"):
        list(found)
    since = iterate(series_of("FREQ=DAILY"), since=wall("2030-01-01 09:00"))
    assert "2030-01-01 09:00" == shown(next(since).start)  # noqa: SIM300 -- expected comes first


@pytest.mark.parametrize(
    ("start", "added", "exceptions"),
    [
        (day("2026-01-01"), (wall("2026-01-02 09:00", "UTC"),), ()),
        (wall("2026-01-01 09:00"), (wall("2026-01-02 09:00", "UTC"),), ()),
        (wall("2026-01-01 09:00", "UTC"), (), (Cancelled(wall("2026-01-02 09:00")),)),
        (day("2026-01-01"), (), (Moved(day("2026-01-02"), wall("2026-01-02 09:00", "UTC")),)),
        (day("2026-01-01"), (), (Cancelled(day("2026-01-02")), Changed(day("2026-01-02")))),
        ("2026-01-01", (), ()),
    ],
)
def test_a_series_is_of_one_kind(start: object, added: tuple[object, ...], exceptions: tuple[object, ...]) -> None:
    """Dates, floating times and zoned times are not mixed in a series, and no occurrence has two exceptions."""
    with pytest.raises(InvalidRecurrence):
        Series(start, (parse_rule("FREQ=DAILY"),), (), added, exceptions)  # type: ignore[arg-type]


def test_what_cannot_be_expanded_is_refused() -> None:
    """An unknown zone, an unreported number, and an UNTIL that cannot be compared raise the library's errors."""
    with pytest.raises(UnknownZone):
        list(iterate(Series.of(wall("2026-01-01 09:00", "Nowhere/Land"), parse_rule("FREQ=DAILY;COUNT=1"))))
    with pytest.raises(InvalidRecurrence, match="not reported"):
        list(iterate(Series.of(day("2026-01-01"), Recurrence(Pattern.daily(), Range(day("2026-01-01"), Unreported())))))
    with pytest.raises(InvalidRecurrence, match="UNTIL"):
        list(iterate(Series.of(day("2026-01-01"), parse_rule("FREQ=DAILY;UNTIL=20260105T000000Z"))))


def test_the_edges_of_the_calendar() -> None:
    """The first and the last days of the calendar are no error."""
    late = series_of("FREQ=DAILY", "DTSTART;TZID=America/New_York:99991230T230000")
    early = series_of("FREQ=WEEKLY;BYDAY=MO,SU;WKST=SU;COUNT=2", "DTSTART:00020101T000000")
    weeks = series_of("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;COUNT=1;WKST=SU", "DTSTART:00020101T000000")

    assert within(late, "9999-12-30", "9999-12-31", "America/New_York") == ["9999-12-30 23:00"]
    assert starts_of(iterate(early)) == ["0002-01-06 00:00", "0002-01-07 00:00"]
    assert 1 == len(list(iterate(weeks)))  # noqa: SIM300 -- expected comes first


def test_a_series_has_whole_seconds() -> None:
    """A start with a fraction of a second is refused: no rule can say it, and its occurrences would not be found."""
    with pytest.raises(InvalidRecurrence, match="fraction"):
        Series.of(wall("2026-01-01 09:00:00.500", "UTC"), parse_rule("FREQ=DAILY"))


def test_the_year_one_is_no_year() -> None:
    """The year 1 is how services say that there is no date, and nothing recurs from there."""
    with pytest.raises(InvalidRecurrence, match=r"series\.start: in the year 1"):
        series_of("FREQ=DAILY", "DTSTART:00010101T000000")
    with pytest.raises(InvalidRecurrence, match=r"range\.start: in the year 1"):
        Range(day("0001-01-01"))
