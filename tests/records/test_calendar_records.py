"""Events and appointments as JSON, and what their reprs show."""

import json
from datetime import datetime

import pytest
from hypothesis import given, settings

from tallystick.records import Appointment, Event, record_converter
from tallystick.recurrence import WallTime
from tests.records.calendar_strategies import APPOINTMENTS, EVENTS

CONVERTER = record_converter()


@given(record=EVENTS | APPOINTMENTS)
@settings(max_examples=200)
def test_a_calendar_record_survives_json(record: Event | Appointment) -> None:
    """Times of all three kinds, recurrences, exceptions and attendees come back as they went."""
    text = json.dumps(CONVERTER.unstructure(record))

    assert CONVERTER.structure(json.loads(text), type(record)) == record


def test_the_second_of_two_equal_times_stays_the_second() -> None:
    """The hour that is repeated in autumn is told apart by its fold, which equality does not see."""
    second = WallTime(datetime(2026, 10, 25, 2, 30, fold=1), "Europe/Paris")  # noqa: DTZ001 - a clock on the wall

    back = CONVERTER.structure(CONVERTER.unstructure(Event(start=second)), Event)

    assert isinstance(back.start, WallTime)
    assert back.start.instant() == second.instant()


@pytest.mark.parametrize(
    "given", [{"start": {"local": "2026-01-01T09:00:00", "zone": "UTC", "x": 1}}, {"startt": None}]
)
def test_what_is_not_known_is_refused(given: dict[str, object]) -> None:
    """An unknown key is an error, also within a time."""
    with pytest.raises(Exception, match="While structuring Event"):
        CONVERTER.structure(given, Event)


@pytest.mark.behaviour("TS-08")
@pytest.mark.parametrize("record", [Event(subject="secret", body="secret"), Appointment(subject="secret")])
def test_no_repr_shows_contents(record: Event | Appointment) -> None:
    """A record in a traceback tells nothing of what stands in it."""
    assert "secret" not in repr(record)
