"""Provide tasks as untidy as real ones: long first lines, empty titles, custom words, any zone, any recurrence."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tallystick.records import CrmTask, Importance, TodoStatus, TodoTask
from tallystick.recurrence import (
    EndDate,
    Instant,
    LocalDays,
    NoEnd,
    Numbered,
    Pattern,
    Range,
    Recurrence,
    Unreported,
    Weekday,
    WeekIndex,
)

ZONES = (
    *(f"Etc/GMT{offset:+d}" for offset in range(-14, 12)),  # named the other way round: UTC+14 to UTC-11
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Chatham",
)
"""Every whole offset from UTC-11 to UTC+14, and zones that do what others don't."""

DAYS = st.sampled_from(ZONES).map(LocalDays.of)
DATES = st.one_of(
    st.dates(date(1990, 1, 1), date(2199, 12, 31)),
    st.sampled_from([date.min, date.max, date(2011, 12, 30), date(2026, 3, 29), date(2018, 11, 4)]),
)
INSTANTS = st.builds(
    lambda day, seconds: Instant(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.dates(date(1990, 1, 1), date(2199, 12, 31)),
    st.one_of(st.just(0), st.integers(0, 86_399)),
)
_WORDS = st.text(st.sampled_from("ab é\u0301\u200d\U0001f3fd.\t\U0001f468"), max_size=12)
_LINES = st.one_of(
    _WORDS,
    st.builds(lambda word, times, end: (word or "x") * times + end, _WORDS, st.integers(20, 90), _WORDS),
)
TEXTS = st.lists(_LINES, max_size=4).map("\n".join)
_ENDS = st.one_of(st.just(NoEnd()), st.just(Unreported()), st.integers(1, 40).map(Numbered))
_WEEKDAYS = st.lists(st.sampled_from(list(Weekday)), min_size=1, max_size=3)
_INTERVALS = st.integers(1, 14)
PATTERNS = st.one_of(
    _INTERVALS.map(Pattern.daily),
    st.builds(
        lambda days, first, interval: Pattern.weekly(days, first_day_of_week=first, interval=interval),
        _WEEKDAYS,
        st.sampled_from(list(Weekday)),
        _INTERVALS,
    ),
    st.builds(lambda day, interval: Pattern.absolute_monthly(day, interval=interval), st.integers(1, 31), _INTERVALS),
    st.builds(
        lambda index, days, interval: Pattern.relative_monthly(index, days, interval=interval),
        st.sampled_from(list(WeekIndex)),
        _WEEKDAYS,
        _INTERVALS,
    ),
    st.builds(Pattern.absolute_yearly, st.integers(1, 12), st.integers(1, 31)),
    st.builds(Pattern.relative_yearly, st.integers(1, 12), st.sampled_from(list(WeekIndex)), _WEEKDAYS),
)


@st.composite
def _recurrences(draw: st.DrawFn) -> Recurrence:
    start = draw(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
    ends = st.one_of(_ENDS, st.integers(0, 3000).map(lambda days: EndDate(start + timedelta(days=days))))
    zone = draw(st.sampled_from([None, "UTC", "Europe/Berlin", "W. Europe Standard Time", "Mars/Olympus"]))
    return Recurrence(draw(PATTERNS), Range(start, draw(ends), zone))


RECURRENCES = _recurrences()
TODO_TASKS = st.builds(
    TodoTask,
    title=st.one_of(st.sampled_from(["", " ", "Call"]), TEXTS),
    body=TEXTS,
    status=st.sampled_from(TodoStatus),
    importance=st.sampled_from(Importance),
    due=st.none() | INSTANTS,
    is_reminder_on=st.booleans(),
    reminder=st.none() | INSTANTS,
    completed=st.none() | INSTANTS,
    recurrence=st.none() | RECURRENCES,
    created=st.none() | INSTANTS,
)
CRM_TASKS = st.builds(
    CrmTask,
    subject=TEXTS.filter(lambda text: bool(text.strip())),
    due=st.none() | DATES | INSTANTS,
    alarm=st.none() | INSTANTS,
    is_completed=st.booleans(),
    status=st.sampled_from(["", "Not started", "in progress ", "Completed", "Waiting", "Deferred", "En cours", "?"]),
    priority=st.sampled_from(["", "HI", "hi", "MED", "LOW", "hoch"]),
    completion_date=st.none() | DATES,
    recurrence=st.none() | RECURRENCES,
)
