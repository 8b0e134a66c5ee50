"""Each way to write a recurrence is understood, or refused with its reason; nothing changes dates in silence."""

import pytest

from tallystick.recurrence import (
    Cancelled,
    EndDate,
    Exact,
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
    Series,
    Unreported,
    Weekday,
    WeekIndex,
    format_rule,
    format_series,
    parse_series,
    to_pattern,
    to_rrule,
)
from tallystick.recurrence.weekdays import WEEK, WORKDAYS
from tests.recurrence.showing import NINE, day, first_starts, pattern_of, series_of, wall

MONDAY, THURSDAY, SUNDAY = Weekday.MONDAY, Weekday.THURSDAY, Weekday.SUNDAY
MAY_31 = "DTSTART:20260531T090000"


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        (Pattern.daily(2), "FREQ=DAILY;INTERVAL=2"),
        (Pattern.weekly([MONDAY], first_day_of_week=SUNDAY), "FREQ=WEEKLY;BYDAY=MO;WKST=SU"),
        (Pattern.absolute_monthly(15), "FREQ=MONTHLY;BYMONTHDAY=15"),
        (Pattern.absolute_monthly(29), "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1"),
        (Pattern.absolute_monthly(30), "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        (Pattern.absolute_monthly(31), "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (Pattern.absolute_yearly(2, 29), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
        (Pattern.absolute_yearly(4, 31), "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1"),
        (Pattern.absolute_yearly(1, 31), "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31"),
        (Pattern.relative_monthly(WeekIndex.SECOND, [THURSDAY]), "FREQ=MONTHLY;BYDAY=2TH"),
        (Pattern.relative_monthly(WeekIndex.LAST, WORKDAYS), "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        (Pattern.relative_monthly(WeekIndex.LAST, WEEK), "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (Pattern.relative_yearly(3, WeekIndex.FIRST, WEEK), "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1"),
        (Pattern.relative_yearly(11, WeekIndex.FOURTH, [THURSDAY]), "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
    ],
    ids=str,
)
def test_a_pattern_as_rule(pattern: Pattern, rule: str) -> None:
    """A pattern is written as the rule that most readers get right, and never one that means other dates."""
    translated = to_rrule(Series.of(day("2026-01-01"), Recurrence(pattern, Range(day("2026-01-01")))))

    assert isinstance(translated, Exact)
    assert [rule] == [format_rule(found) for found in translated.value.rules if not isinstance(found, Recurrence)]


def test_a_rule_starts_on_the_first_occurrence() -> None:
    """The first Thursday of every second month from 29 August is in September: there the rule starts."""
    pattern = Pattern.relative_monthly(WeekIndex.FIRST, [THURSDAY], interval=2)
    recurrence = Recurrence(pattern, Range(day("2017-08-29"), EndDate(day("2022-12-22")), "Eastern Standard Time"))
    translated = to_rrule(Series.of(wall("2017-08-29 08:00", "America/New_York"), recurrence))

    assert isinstance(translated, Exact)
    assert format_series(translated.value) == (
        "DTSTART;TZID=America/New_York:20170907T080000\nRRULE:FREQ=MONTHLY;INTERVAL=2;UNTIL=20221223T045959Z;BYDAY=1TH"
    )


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("FREQ=DAILY;INTERVAL=3", Pattern.daily(3)),
        ("FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=1", Pattern.daily(2)),
        ("FREQ=DAILY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYHOUR=9", Pattern.daily()),
        ("FREQ=DAILY;BYDAY=MO,TH", Pattern.weekly([MONDAY, THURSDAY], first_day_of_week=MONDAY)),
        ("FREQ=DAILY;BYMONTHDAY=15", Pattern.absolute_monthly(15)),
        ("FREQ=WEEKLY", Pattern.weekly([THURSDAY], first_day_of_week=MONDAY)),
        ("FREQ=WEEKLY;WKST=SU;BYDAY=MO;BYSETPOS=-1", Pattern.weekly([MONDAY], first_day_of_week=SUNDAY)),
        ("FREQ=MONTHLY", Pattern.absolute_monthly(1)),
        ("FREQ=MONTHLY;BYSETPOS=1", Pattern.absolute_monthly(1)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", Pattern.absolute_monthly(31)),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", Pattern.absolute_monthly(31)),
        ("FREQ=MONTHLY;BYMONTHDAY=5,28,29;BYSETPOS=-1", Pattern.absolute_monthly(29)),
        ("FREQ=MONTHLY;BYMONTHDAY=5,10,31;BYSETPOS=2", Pattern.absolute_monthly(10)),
        ("FREQ=MONTHLY;BYMONTHDAY=5,10;BYSETPOS=-1", Pattern.absolute_monthly(10)),
        ("FREQ=MONTHLY;BYDAY=-1MO", Pattern.relative_monthly(WeekIndex.LAST, [MONDAY])),
        ("FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=-1", Pattern.relative_monthly(WeekIndex.FIRST, [MONDAY])),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3", Pattern.relative_monthly(WeekIndex.THIRD, WORKDAYS)),
        ("FREQ=MONTHLY;BYDAY=TH;BYMONTHDAY=8,9,10,11,12,13,14", Pattern.relative_monthly(WeekIndex.SECOND, [THURSDAY])),
        ("FREQ=MONTHLY;BYDAY=TH;BYMONTHDAY=-7,-6,-5,-4,-3,-2,-1", Pattern.relative_monthly(WeekIndex.LAST, [THURSDAY])),
        ("FREQ=MONTHLY;BYDAY=MO", Pattern.weekly([MONDAY], first_day_of_week=MONDAY)),
        ("FREQ=MONTHLY;BYMONTH=3;BYMONTHDAY=5", Pattern.absolute_yearly(3, 5)),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=1,7;BYMONTHDAY=5", Pattern.absolute_monthly(5, interval=12)),
        ("FREQ=MONTHLY;BYMONTH=2,5,8,11;BYMONTHDAY=5", Pattern.absolute_monthly(5, interval=3)),
        ("FREQ=YEARLY", Pattern.absolute_yearly(1, 1)),
        ("FREQ=YEARLY;BYMONTH=7", Pattern.absolute_yearly(7, 1)),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", Pattern.absolute_yearly(2, 31)),
        (
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=3MO",
            Pattern.relative_yearly(3, WeekIndex.THIRD, [MONDAY], interval=2),
        ),
        ("FREQ=YEARLY;BYMONTH=1,4,7,10;BYDAY=1MO", Pattern.relative_monthly(WeekIndex.FIRST, [MONDAY], interval=3)),
        ("FREQ=YEARLY;BYMONTHDAY=15", Pattern.absolute_monthly(15)),
        ("FREQ=YEARLY;BYDAY=MO", Pattern.weekly([MONDAY], first_day_of_week=MONDAY)),
        ("FREQ=YEARLY;BYDAY=MO;BYMONTHDAY=1,2,3,4,5,6,7", Pattern.relative_monthly(WeekIndex.FIRST, [MONDAY])),
    ],
)
def test_a_rule_as_pattern(rule: str, pattern: Pattern) -> None:
    """A rule is recognised in whatever way it says a pattern, and takes place at the same times."""
    translated = to_pattern(series_of(rule))

    assert isinstance(translated, Exact)
    assert pattern == pattern_of(rule).pattern
    assert first_starts(series_of(rule), 20) == first_starts(translated.value, 20)


REFUSED = [
    ("FREQ=HOURLY", ReasonKind.SUB_DAILY),
    ("FREQ=DAILY;BYHOUR=9,10", ReasonKind.TIMES_OF_DAY),
    ("FREQ=YEARLY;BYWEEKNO=20", ReasonKind.WEEK_NUMBERS),
    ("FREQ=YEARLY;BYYEARDAY=100", ReasonKind.YEAR_DAYS),
    ("FREQ=DAILY;INTERVAL=2;BYDAY=MO", ReasonKind.FILTERED_DAYS),
    ("FREQ=DAILY;BYMONTH=3", ReasonKind.FILTERED_DAYS),
    ("FREQ=DAILY;INTERVAL=2;BYMONTHDAY=15", ReasonKind.FILTERED_DAYS),
    ("FREQ=WEEKLY;BYMONTH=3", ReasonKind.FILTERED_DAYS),
    ("FREQ=WEEKLY;BYMONTHDAY=13", ReasonKind.FILTERED_DAYS),
    ("FREQ=MONTHLY;BYMONTHDAY=1,15", ReasonKind.MONTH_DAYS),
    ("FREQ=MONTHLY;BYMONTHDAY=-2", ReasonKind.MONTH_DAYS),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", ReasonKind.DAY_AND_DATE),
    ("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1,2,3,4,5,6,7", ReasonKind.DAY_AND_DATE),
    ("FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=1", ReasonKind.SEVERAL_MONTHS),
    ("FREQ=YEARLY;BYMONTH=1,2,3,5,6;BYMONTHDAY=1", ReasonKind.SEVERAL_MONTHS),
    ("FREQ=YEARLY;INTERVAL=2;BYMONTH=1,7", ReasonKind.SEVERAL_MONTHS),
    ("FREQ=YEARLY;INTERVAL=2;BYMONTHDAY=1", ReasonKind.SEVERAL_MONTHS),
    ("FREQ=MONTHLY;INTERVAL=5;BYMONTH=1,6", ReasonKind.SEVERAL_MONTHS),
    ("FREQ=MONTHLY;BYDAY=5MO", ReasonKind.ORDINALS),
    ("FREQ=MONTHLY;BYDAY=-2MO", ReasonKind.ORDINALS),
    ("FREQ=MONTHLY;BYDAY=1MO,3MO", ReasonKind.ORDINALS),
    ("FREQ=MONTHLY;BYDAY=1MO,1TU,1WE,1TH,1FR,1SA,1SU", ReasonKind.ORDINALS),
    ("FREQ=YEARLY;BYDAY=20MO", ReasonKind.DAY_OF_YEAR),
    ("FREQ=YEARLY;BYDAY=1MO;BYMONTHDAY=1", ReasonKind.DAY_OF_YEAR),
    ("FREQ=YEARLY;BYDAY=MO;BYSETPOS=3", ReasonKind.DAY_OF_YEAR),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=MO", ReasonKind.EVERY_DAY_OF),
    ("FREQ=MONTHLY;BYMONTH=3;BYDAY=MO", ReasonKind.EVERY_DAY_OF),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=MO", ReasonKind.EVERY_DAY_OF),
    ("FREQ=DAILY;BYSETPOS=2", ReasonKind.SET_POSITIONS),
    ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1", ReasonKind.SET_POSITIONS),
    ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=5", ReasonKind.SET_POSITIONS),
    ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,2", ReasonKind.SET_POSITIONS),
    ("FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2", ReasonKind.SET_POSITIONS),
    ("FREQ=MONTHLY;BYMONTHDAY=30,31;BYSETPOS=-1", ReasonKind.SET_POSITIONS),
    ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1;BYSETPOS=1", ReasonKind.SET_POSITIONS),
    ("FREQ=DAILY;INTERVAL=10000", ReasonKind.INTERVAL),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ReasonKind.NO_OCCURRENCE),
    ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260102", ReasonKind.NO_OCCURRENCE),
]


NEVER = {"FREQ=DAILY;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2"}  # there is but one, so never a second


@pytest.mark.parametrize(("rule", "kind"), REFUSED)
def test_a_rule_without_pattern_says_why(rule: str, kind: ReasonKind) -> None:
    """A rule that no pattern says is refused with its reason, and is still expanded as the rule that it is."""
    translated = to_pattern(series_of(rule))

    assert isinstance(translated, NotExpressible)
    assert [kind] == [reason.kind for reason in translated.reasons]
    assert str(translated.reasons[0]) == f"{translated.reasons[0].part}: {kind.meaning}"
    if kind is not ReasonKind.NO_OCCURRENCE and rule not in NEVER:
        assert first_starts(series_of(rule), 1)


def test_a_series_with_more_than_a_rule_says_all_reasons() -> None:
    """Added dates, excluded rules and several rules have no pattern, and all of it is said at once."""
    text = f"{NINE}\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY\nEXRULE:FREQ=MONTHLY\nRDATE:20260102T100000"
    translated = to_pattern(parse_series(text))

    assert isinstance(translated, NotExpressible)
    assert [reason.kind for reason in translated.reasons] == [
        ReasonKind.SEVERAL_RULES,
        ReasonKind.EXCLUDED_RULES,
        ReasonKind.ADDED_DATES,
    ]


@pytest.mark.parametrize(
    ("rule", "start", "lossy"),
    [
        ("FREQ=MONTHLY;BYMONTHDAY=31", MAY_31, True),
        ("FREQ=MONTHLY", MAY_31, True),
        ("FREQ=MONTHLY;INTERVAL=12", MAY_31, False),
        ("FREQ=MONTHLY;INTERVAL=2;COUNT=3", MAY_31, True),  # May, July, and September has 30 days
        ("FREQ=MONTHLY;INTERVAL=2;COUNT=2", MAY_31, False),
        ("FREQ=MONTHLY;UNTIL=20260629T090000", MAY_31, False),
        ("FREQ=MONTHLY;UNTIL=20260630T090000", MAY_31, True),
        ("FREQ=YEARLY", MAY_31, False),
        ("FREQ=YEARLY", "DTSTART:20240229T090000", True),
        ("FREQ=YEARLY;COUNT=1", "DTSTART:20240229T090000", False),
        ("FREQ=YEARLY;INTERVAL=4;COUNT=19", "DTSTART:20240229T090000", False),
        ("FREQ=YEARLY;INTERVAL=4;COUNT=20", "DTSTART:20240229T090000", True),  # 2100 is no leap year
        ("FREQ=MONTHLY;BYMONTHDAY=29;UNTIL=20280301T000000", "DTSTART:20280129T090000", False),
    ],
)
def test_short_months_are_a_declared_loss(rule: str, start: str, lossy: bool) -> None:
    """A rule leaves out months that lack its day, a pattern does not: a loss, unless it ends before such a month."""
    translated = to_pattern(series_of(rule, start))
    loss = Loss(LossKind.SHORT_MONTHS, "RRULE BYMONTHDAY")

    assert not isinstance(translated, NotExpressible)
    assert (loss,) * lossy == (translated.losses if isinstance(translated, Lossy) else ())
    assert lossy == (first_starts(series_of(rule, start), 25) != first_starts(translated.value, 25))
    assert not isinstance(translated, Lossy) or translated.changes_dates


def test_a_rule_is_anchored_on_its_first_occurrence() -> None:
    """The range begins where the rule first falls, which is where a pattern counts its interval from."""
    recurrence = pattern_of(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=3", "DTSTART;TZID=Romance Standard Time:20260101T090000"
    )
    moved = to_pattern(series_of("FREQ=DAILY;BYHOUR=10", "DTSTART;TZID=Asia/Tokyo:20260101T093000"))

    assert Range(day("2026-01-12"), Numbered(3), "Romance Standard Time") == recurrence.range
    assert isinstance(moved, Exact)
    assert wall("2026-01-01 10:30", "Asia/Tokyo") == moved.value.start


@pytest.mark.parametrize(
    ("start", "until", "last"),
    [
        ("DTSTART;TZID=America/New_York:20200101T230000", "20221223T045959Z", "2022-12-22"),
        ("DTSTART;TZID=America/New_York:20200101T230000", "20221223T035959Z", "2022-12-21"),
        ("DTSTART;TZID=Asia/Tokyo:20200101T080000", "20221222T000000Z", "2022-12-22"),
        ("DTSTART;TZID=Asia/Tokyo:20200101T100000", "20221222T000000Z", "2022-12-21"),
        ("DTSTART;VALUE=DATE:20200101", "20221222", "2022-12-22"),
        ("DTSTART:20200101T090000", "20221222T090000", "2022-12-22"),
        ("DTSTART:20200101T090000", "20221222T085959", "2022-12-21"),
        ("DTSTART:20200101T090000", "20221222", "2022-12-22"),
    ],
)
def test_until_becomes_the_last_day(start: str, until: str, last: str) -> None:
    """UNTIL becomes the last day in the series' zone on which it may still fall, and not the day in UTC."""
    assert EndDate(day(last)) == pattern_of(f"FREQ=DAILY;UNTIL={until}", start).range.end


def test_cancelled_occurrences_stay_with_the_series() -> None:
    """Excluded dates become cancelled occurrences of the pattern, and excluded dates of the rule again."""
    text = f"{NINE}\nRRULE:FREQ=DAILY\nEXDATE:20260103T090000"
    translated = to_pattern(parse_series(text))

    assert isinstance(translated, Exact)
    assert (Cancelled(wall("2026-01-03 09:00")),) == translated.value.exceptions
    back = to_rrule(translated.value)
    assert isinstance(back, Exact)
    assert text == format_series(back.value)


def test_what_has_no_rule_says_why() -> None:
    """An unreported number, a range without a day, and a pattern among several rules have no rule."""
    start = day("2026-01-01")
    unreported = Recurrence(Pattern.daily(), Range(start, Unreported()))
    never = Recurrence(Pattern.absolute_monthly(15), Range(start, EndDate(day("2026-01-10"))))
    endless = Recurrence(Pattern.daily(), Range(start, NoEnd()))

    for rules, kind in (
        ((unreported,), ReasonKind.NOT_REPORTED),
        ((never,), ReasonKind.NO_OCCURRENCE),
        ((endless, never), ReasonKind.SEVERAL_RULES),
    ):
        translated = to_rrule(Series(start, rules))
        assert isinstance(translated, NotExpressible)
        assert [kind] == [reason.kind for reason in translated.reasons]


def test_a_series_in_the_wanted_shape_is_returned() -> None:
    """A series whose rule is a pattern already has that pattern, and one without patterns is its own rules."""
    ruled = series_of("FREQ=DAILY")
    patterned = Series.of(day("2026-01-01"), Recurrence(Pattern.daily(), Range(day("2026-01-01"))))

    assert Exact(ruled) == to_rrule(ruled)
    assert Exact(patterned) == to_pattern(patterned)


def test_all_kinds_are_explained() -> None:
    """Each loss and reason has a code of its own and a meaning in words."""
    kinds = [*LossKind, *ReasonKind]

    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(kind.meaning and kind.value == kind.code for kind in kinds)
