"""Values of properties are read as RFC 5545 says, and written so that they are read as the same."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codecs.icalendar import (
    CalendarUser,
    CalendarZones,
    Duration,
    Property,
    format_duration,
    instant_property,
    parse_duration,
    read_instant,
    read_start,
    read_text,
    read_user,
    start_property,
    user_property,
)
from tallystick.codecs.icalendar.lines import ContentLine, cut
from tallystick.codecs.icalendar.values import escaped, read_texts, texts_property, unescaped
from tallystick.errors import InputError
from tallystick.recurrence import Instant, InvalidRecurrence, Start, WallTime
from tests.codecs.strategies import TEXTS
from tests.recurrence.showing import at, day
from tests.recurrence.strategies import starts

ZONES = CalendarZones()


def line(text: str) -> ContentLine:
    """Return the line that a text is."""
    (found,) = cut(text, "x")
    return found


def written(one: Property) -> str:
    """Return a property as its line, unfolded."""
    return one.as_line("\r\n").text.replace("\r\n ", "").removesuffix("\r\n")


def back(one: Property) -> ContentLine:
    """Return the line that is read from a property that was written."""
    return line(one.as_line("\r\n").text)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT15M", Duration(0, 900)),
        ("-PT15M", Duration(0, -900)),
        ("+P1D", Duration(1)),
        ("P2W", Duration(14)),
        ("P1DT2H3M4S", Duration(1, 7384)),
        ("-P0DT0H30M0S", Duration(0, -1800)),
        ("pt1h", Duration(0, 3600)),
    ],
)
def test_durations(text: str, duration: Duration) -> None:
    """A duration has days, which are the calendar's, and seconds, which are exact."""
    assert parse_duration(line(f"DURATION:{text}")) == duration
    assert parse_duration(line(f"DURATION:{format_duration(duration)}")) == duration


@pytest.mark.parametrize("text", ["", "P", "PT", "1H", "P1H", "PT1D", "P1.5D", "P99999999D", "PTxM", "P1DP1D"])
def test_no_durations(text: str) -> None:
    """What is no duration is refused."""
    with pytest.raises(InputError, match="line 1, TRIGGER: no duration"):
        parse_duration(line(f"TRIGGER:{text}"))


@given(st.integers(-(10**6), 10**6), st.integers(-(10**9), 10**9))
@pytest.mark.property
def test_durations_come_back(days: int, seconds: int) -> None:
    """Every duration is read as it was written; days and seconds of two signs are as many seconds."""
    duration = Duration(days, seconds)
    found = parse_duration(line(f"DURATION:{format_duration(duration)}"))
    same = duration if days * seconds >= 0 else Duration(0, days * 86_400 + seconds)
    assert found == same


def test_a_day_is_not_always_24_hours() -> None:
    """A day after is the same time on the next day, and 24 hours after may be another time."""
    start = WallTime(at("2026-03-28 12:00"), "Europe/Berlin")
    assert Duration(1).after(start) == WallTime(at("2026-03-29 12:00"), "Europe/Berlin")
    assert Duration(0, 86_400).after(start) == WallTime(at("2026-03-29 13:00"), "Europe/Berlin")
    assert Duration(0, 5400).after(WallTime(at("2026-03-28 12:00"), None)) == WallTime(at("2026-03-28 13:30"), None)
    assert Duration(1, 86_400).after(day("2026-03-28")) == day("2026-03-30")
    with pytest.raises(InputError, match="hours are added to a day"):
        Duration(0, 3600).after(day("2026-03-28"))
    with pytest.raises(InputError, match="outside of the years 1 to 9999"):
        Duration(10**6 * 4).after(start)


@given(TEXTS)
@pytest.mark.property
def test_texts_come_back(text: str) -> None:
    """Every text is read as it was written, with one newline for each of its line ends."""
    assert unescaped(escaped(text)) == text.replace("\r\n", "\n").replace("\r", "\n")


@given(st.lists(TEXTS.map(lambda text: " ".join(text.split())).filter(bool), unique=True))
@pytest.mark.property
def test_lists_of_texts_come_back(texts: list[str]) -> None:
    """Every list of texts is read as it was written, commas and backslashes in its texts included."""
    lines = [ContentLine(one.name, "", one.value, "") for one in texts_property("CATEGORIES", tuple(texts))]
    assert read_texts(lines) == tuple(texts)


@given(starts)
@pytest.mark.property
def test_starts_come_back(start: Start) -> None:
    """A day, a floating time and a time in a zone are read as they were written; a zone by its IANA name."""
    found = read_start(back(start_property("DTSTART", start, ZONES)), ZONES)
    if isinstance(start, WallTime) and start.zone is not None:
        assert isinstance(found, WallTime)
        assert (found.local, found.instant()) == (start.local, start.instant())
    else:
        assert found == start


def test_times() -> None:
    """A time says which kind it is, and a fraction of a second is refused."""
    assert written(start_property("DUE", day("2026-01-02"), ZONES)) == "DUE;VALUE=DATE:20260102"
    assert written(start_property("DUE", WallTime(at("2026-01-02 09:00"), "UTC"), ZONES)) == "DUE:20260102T090000Z"
    assert written(start_property("DUE", WallTime(at("2026-01-02 09:00"), None), ZONES)) == "DUE:20260102T090000"
    moment = datetime(2026, 1, 2, 9, 0, 0, 123, UTC)
    assert written(instant_property("COMPLETED", moment)) == "COMPLETED:20260102T090000Z"
    assert read_instant(line("COMPLETED:20260102T090000Z"), ZONES) == Instant(moment.replace(microsecond=0))
    assert read_instant(line("COMPLETED;TZID=Europe/Berlin:20260102T100000"), ZONES) == Instant(
        moment.replace(microsecond=0)
    )
    assert read_instant(line("COMPLETED:20260102T090000"), ZONES) is None
    assert read_instant(None, ZONES) is None
    with pytest.raises(InputError, match="a fraction of a second"):
        start_property("DUE", WallTime(at("2026-01-02 09:00:00.5"), "UTC"), ZONES)
    with pytest.raises(InvalidRecurrence, match="line 1, DUE: neither a date nor a time"):
        read_start(line("DUE:2026-01-02"), ZONES)


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("ATTENDEE:MAILTO:Ada@example.com", CalendarUser("Ada@example.com")),
        (
            "ORGANIZER;CN=Ada ^'A^' L^^;SENT-BY=\"mailto:b@example.com\":mailto:ada@example.com",
            CalendarUser("ada@example.com", 'Ada "A" L^'),
        ),
        (
            'ATTENDEE;CN="L, A";CUTYPE=room;RSVP=true;ROLE=non-participant;PARTSTAT=tentative:mailto:r@example.com',
            CalendarUser("r@example.com", "L, A", "TENTATIVE", "NON-PARTICIPANT", "ROOM", rsvp=True),
        ),
        (
            "ATTENDEE;EMAIL=ada@example.com;CN=Ada:urn:uuid:7a6d",
            CalendarUser("ada@example.com", "Ada", uri="urn:uuid:7a6d"),
        ),
        ("ATTENDEE:invalid:nomail", CalendarUser("", uri="invalid:nomail")),
    ],
)
def test_calendar_users(text: str, user: CalendarUser) -> None:
    """Who calls a meeting and who takes part is read with name, role and answer, and written so."""
    assert read_user(line(text)) == user
    again = read_user(back(user_property("ATTENDEE", user)))
    assert again == (user if not user.uri else CalendarUser("", user.name, uri=user.uri))


@given(TEXTS, TEXTS)
@pytest.mark.property
def test_parameters_come_back(name: str, other: str) -> None:
    """Whatever a parameter holds is read as it was written, but for line ends, which become one newline."""
    plain = [" ".join(text.replace("\x0b", "").replace("\x0c", "").split(" ")).strip() for text in (name, other)]
    one = Property("ATTENDEE", "mailto:a@example.com", (("CN", plain[0]), ("X-OTHER", plain[1])))
    found = back(one)
    newlines = [text.replace("\r\n", "\n") for text in plain]
    assert [found.parameter("CN"), found.parameter("X-OTHER")] == newlines
    assert read_text(found) == "mailto:a@example.com"
