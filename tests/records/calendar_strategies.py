"""Strategies for events and appointments, of all that their types allow."""

from datetime import UTC, date, datetime
from typing import TypeVar

from hypothesis import strategies as st

from tallystick.records import (
    Appointment,
    Attendee,
    AttendeeType,
    BodyType,
    EmailAddress,
    Event,
    Importance,
    OccurrenceChange,
    Priority,
    Relation,
    RelationKind,
    Response,
    Sensitivity,
    ShowAs,
)
from tallystick.recurrence import (
    EndDate,
    Instant,
    NoEnd,
    Numbered,
    Pattern,
    Range,
    Recurrence,
    RecurrenceRule,
    Unreported,
    WallTime,
    Weekday,
    WeekIndex,
    parse_rule,
)

T = TypeVar("T")
TEXTS = st.text(max_size=12)
ZONES = st.sampled_from([None, "UTC", "Europe/Paris", "Pacific Standard Time", "Asia/Kathmandu"])
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
WALL_TIMES = st.builds(
    lambda local, fold, zone: WallTime(local.replace(fold=fold), zone),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - what a clock on the wall shows
    st.integers(0, 1),
    ZONES,
)
STARTS = WALL_TIMES | DAYS
INSTANTS = st.builds(Instant, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - given beside it
WEEKDAYS = st.lists(st.sampled_from(Weekday), min_size=1, max_size=7)
PATTERNS = st.one_of(
    st.builds(Pattern.daily, st.integers(1, 99)),
    st.builds(Pattern.weekly, WEEKDAYS, first_day_of_week=st.sampled_from(Weekday), interval=st.integers(1, 9)),
    st.builds(Pattern.absolute_monthly, st.integers(1, 31)),
    st.builds(Pattern.relative_monthly, st.sampled_from(WeekIndex), WEEKDAYS),
    st.builds(Pattern.absolute_yearly, st.integers(1, 12), st.integers(1, 31)),
)
ENDS = st.one_of(
    st.just(NoEnd()),
    st.just(Unreported()),
    st.builds(Numbered, st.integers(1, 999)),
    st.builds(EndDate, st.dates(date(2100, 1, 1), date(2200, 1, 1))),
)
RECURRENCES = st.builds(Recurrence, PATTERNS, st.builds(Range, DAYS, ENDS, ZONES))
RULES: st.SearchStrategy[RecurrenceRule] = st.sampled_from(
    ["FREQ=DAILY;BYHOUR=9,17", "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=9", "FREQ=YEARLY;BYWEEKNO=20;UNTIL=20300101T000000Z"]
).map(parse_rule)


def or_none(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """Return a strategy for a value, or nothing."""
    return st.none() | strategy


CHANGES = st.lists(
    st.builds(
        OccurrenceChange, STARTS, st.booleans(), or_none(STARTS), or_none(STARTS), or_none(TEXTS), or_none(TEXTS)
    ),
    max_size=3,
).map(tuple)
RELATIONS = st.lists(
    st.builds(Relation, st.sampled_from(RelationKind), TEXTS, TEXTS, TEXTS, st.booleans()), max_size=2
).map(tuple)
ATTENDEES = st.lists(
    st.builds(
        Attendee,
        st.builds(EmailAddress, TEXTS, TEXTS),
        st.sampled_from(AttendeeType),
        st.sampled_from(Response),
        RELATIONS,
    ),
    max_size=3,
).map(tuple)
EVENTS = st.builds(
    Event,
    TEXTS,
    or_none(STARTS),
    or_none(STARTS),
    or_none(RECURRENCES | RULES),
    CHANGES,
    TEXTS,
    st.sampled_from(BodyType),
    TEXTS,
    st.sampled_from(Sensitivity),
    st.sampled_from(Importance),
    st.sampled_from(ShowAs),
    or_none(st.integers(0, 9999)),
    ATTENDEES,
    or_none(st.builds(EmailAddress, TEXTS)),
    st.booleans(),
    st.booleans(),
    st.lists(TEXTS, max_size=2).map(tuple),
    TEXTS,
)
APPOINTMENTS = st.builds(
    Appointment,
    TEXTS,
    or_none(INSTANTS | DAYS),
    or_none(INSTANTS | DAYS),
    or_none(RECURRENCES),
    CHANGES,
    TEXTS,
    TEXTS,
    TEXTS,
    st.booleans(),
    st.sampled_from(Priority),
    or_none(INSTANTS),
    TEXTS,
    RELATIONS,
    st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
    TEXTS,
    st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)
