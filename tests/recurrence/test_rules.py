"""Rules are read from text, written back, and refused with the part and the remedy."""

import pytest
from hypothesis import given

from tallystick.recurrence import (
    Frequency,
    Instant,
    InvalidRecurrence,
    NthDay,
    RecurrenceRule,
    Weekday,
    format_rule,
    parse_rule,
)
from tests.recurrence.showing import at, day, wall
from tests.recurrence.strategies import rules


@pytest.mark.property
@given(rules(frequencies=tuple(Frequency)))
def test_a_written_rule_is_read_back(rule: RecurrenceRule) -> None:
    """What is written is read back as the same rule; the week's start is left out only where it says nothing."""
    read = parse_rule(format_rule(rule))

    assert format_rule(rule) == format_rule(read)
    if "WKST" in format_rule(rule):
        assert rule == read


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("rrule:freq=weekly;byday=mo", "FREQ=WEEKLY;BYDAY=MO;WKST=MO"),
        (" RRULE:FREQ = DAILY ; COUNT = 3 ; ", "FREQ=DAILY;COUNT=3"),
        ("BYDAY=1TU, -1TH;FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1TH,1TU"),
        ("FREQ=MONTHLY;BYDAY=+2MO,FR(-1)", "FREQ=MONTHLY;BYDAY=-1FR,2MO"),
        ("FREQ=WEEKLY;BYWEEKDAY=MO;WKST=SU", "FREQ=WEEKLY;BYDAY=MO;WKST=SU"),
        ("FREQ=WEEKLY;BYDAY=1MO,-1MO", "FREQ=WEEKLY;BYDAY=MO;WKST=MO"),
        ("FREQ=YEARLY;BYMONTH=3,1,3;INTERVAL=1", "FREQ=YEARLY;BYMONTH=1,3"),
        ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231"),
        ("FREQ=DAILY;UNTIL=20261231T090000", "FREQ=DAILY;UNTIL=20261231T090000"),
        ("FREQ=DAILY;UNTIL=20261231T090060Z", "FREQ=DAILY;UNTIL=20261231T090059Z"),
        ("FREQ=YEARLY;BYWEEKNO=1", "FREQ=YEARLY;BYWEEKNO=1;WKST=MO"),
        (
            "FREQ=YEARLY;BYSETPOS=-1;BYSECOND=1;BYMINUTE=2;BYHOUR=3;BYYEARDAY=-366;BYMONTHDAY=31",
            "FREQ=YEARLY;BYYEARDAY=-366;BYMONTHDAY=31;BYHOUR=3;BYMINUTE=2;BYSECOND=1;BYSETPOS=-1",
        ),
    ],
)
def test_reading_is_tolerant_and_writing_is_not(text: str, written: str) -> None:
    """A rule is read in whatever order, case and spacing it comes, and written in one way."""
    assert written == format_rule(parse_rule(text))


@pytest.mark.parametrize(
    ("text", "part", "what"),
    [
        ("", "RRULE", "does not know"),
        ("FREQ=SOMETIMES", "RRULE FREQ", "unknown"),
        ("INTERVAL=2", "RRULE FREQ", "missing"),
        ("FREQ=DAILY;INTERVAL=0", "RRULE INTERVAL", "out of range"),
        ("FREQ=DAILY;INTERVAL=-1", "RRULE INTERVAL", "out of range"),
        ("FREQ=DAILY;INTERVAL=1.5", "RRULE INTERVAL", "not a whole number"),
        ("FREQ=DAILY;INTERVAL=1000000000", "RRULE INTERVAL", "out of range"),
        ("FREQ=DAILY;COUNT=10000000000", "RRULE COUNT", "not a whole number"),
        ("FREQ=DAILY;INTERVAL=٣", "RRULE INTERVAL", "not a whole number"),
        ("FREQ=DAILY;COUNT=0", "RRULE COUNT", "out of range"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20261231", "RRULE", "exclude each other"),
        ("FREQ=DAILY;UNTIL=20260230", "RRULE UNTIL", "no such day"),
        ("FREQ=DAILY;UNTIL=2026-12-31", "RRULE UNTIL", "neither a date nor a time"),
        ("FREQ=YEARLY;BYMONTH=13", "RRULE BYMONTH", "out of range"),
        ("FREQ=YEARLY;BYMONTH=0", "RRULE BYMONTH", "out of range"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "RRULE BYMONTHDAY", "out of range"),
        ("FREQ=MONTHLY;BYMONTHDAY=", "RRULE BYMONTHDAY", "not a whole number"),
        ("FREQ=YEARLY;BYYEARDAY=367", "RRULE BYYEARDAY", "out of range"),
        ("FREQ=YEARLY;BYWEEKNO=-54", "RRULE BYWEEKNO", "out of range"),
        ("FREQ=DAILY;BYHOUR=24", "RRULE BYHOUR", "out of range"),
        ("FREQ=DAILY;BYHOUR=-1", "RRULE BYHOUR", "out of range"),
        ("FREQ=DAILY;BYMINUTE=60", "RRULE BYMINUTE", "out of range"),
        ("FREQ=DAILY;BYSECOND=60", "RRULE BYSECOND", "out of range"),
        ("FREQ=MONTHLY;BYSETPOS=0", "RRULE BYSETPOS", "out of range"),
        ("FREQ=MONTHLY;BYDAY=XX", "RRULE BYDAY", "not a weekday"),
        ("FREQ=MONTHLY;BYDAY=0MO", "RRULE BYDAY", "zeroth"),
        ("FREQ=MONTHLY;BYDAY=54MO", "RRULE BYDAY", "out of range"),
        ("FREQ=WEEKLY;WKST=1", "RRULE WKST", "not a weekday"),
        ("FREQ=DAILY;FREQ=WEEKLY", "RRULE FREQ", "given twice"),
        ("FREQ=DAILY;BYDAY=MO;BYWEEKDAY=TU", "RRULE BYDAY", "given twice"),
        ("FREQ=DAILY;;COUNT=1", "RRULE", "does not know"),
        ("FREQ=DAILY;X-SECRET=Ada", "RRULE", "does not know"),
        ("RSCALE=HEBREW;FREQ=DAILY", "RRULE RSCALE", "not supported"),
        ("FREQ=YEARLY;BYEASTER=0", "RRULE BYEASTER", "not supported"),
        ("FREQ=DAILY;BYDAY=" + "MO," * 4000, "RRULE", "too long"),
    ],
)
def test_a_bad_rule_names_its_part(text: str, part: str, what: str) -> None:
    """A malformed rule is refused with the part, what is wrong and what to do, and never with the value itself."""
    with pytest.raises(InvalidRecurrence) as caught:
        parse_rule(text)

    assert (part, True) == (caught.value.where, bool(caught.value.remedy))
    assert what in caught.value.what
    assert "Ada" not in str(caught.value)


def test_rules_are_values() -> None:
    """Rules with equal parts are equal, hashable and immutable, in whatever order the parts were given."""
    one = RecurrenceRule(
        Frequency.MONTHLY, by_month_day=(15, 1, 15), by_day=(NthDay(Weekday.FRIDAY), NthDay(Weekday.MONDAY))
    )
    other = parse_rule("FREQ=MONTHLY;BYDAY=MO,FR;BYMONTHDAY=1,15")

    assert {one} == {other}
    with pytest.raises(AttributeError):
        one.interval = 2  # type: ignore[misc]


@pytest.mark.parametrize("until", [at("2026-12-31 09:00"), wall("2026-12-31 09:00", "UTC"), "20261231"], ids=str)
def test_until_is_a_day_a_floating_time_or_an_instant(until: object) -> None:
    """UNTIL is one of three kinds of time, and a datetime that does not say which is refused."""
    with pytest.raises(InvalidRecurrence, match="UNTIL"):
        RecurrenceRule(Frequency.DAILY, until=until)  # type: ignore[arg-type]
    assert RecurrenceRule(Frequency.DAILY, until=day("2026-12-31")).until == day("2026-12-31")
    assert isinstance(parse_rule("FREQ=DAILY;UNTIL=20261231T000000Z").until, Instant)
