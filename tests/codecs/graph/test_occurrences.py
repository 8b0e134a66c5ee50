"""A series is one record: its master, the occurrences that were changed, and the days that were cancelled."""

from datetime import date, datetime

import attrs
import pytest

from tallystick.codecs.graph import EVENTS, occurrence_writes, with_occurrences
from tallystick.errors import InputError, MalformedAnswer
from tallystick.records import OccurrenceChange
from tallystick.recurrence import WallTime

ZONE = "W. Europe Standard Time"
MASTER = {
    "id": "m",
    "type": "seriesMaster",
    "subject": "Weekly",
    "location": {"displayName": "Room 1"},
    "start": {"dateTime": "2026-03-02T08:00:00.0000000", "timeZone": "UTC"},
    "end": {"dateTime": "2026-03-02T09:00:00.0000000", "timeZone": "UTC"},
    "originalStartTimeZone": ZONE,
    "originalEndTimeZone": ZONE,
    "recurrence": {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "monday"},
        "range": {"type": "noEnd", "startDate": "2026-03-02", "recurrenceTimeZone": ZONE},
    },
    "cancelledOccurrences": ["OID.m.2026-03-16"],
}


def exception(**changes: object) -> dict[str, object]:
    """Return the occurrence of 30 March, after the clocks changed, with changes."""
    return {
        "id": "x",
        "type": "exception",
        "seriesMasterId": "m",
        "subject": "Weekly",
        "location": {"displayName": "Room 1"},
        "originalStart": "2026-03-30T07:00:00Z",
        "start": {"dateTime": "2026-03-30T07:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-30T08:00:00.0000000", "timeZone": "UTC"},
        "originalStartTimeZone": ZONE,
        "originalEndTimeZone": ZONE,
        **changes,
    }


def at(day: int, hour: int) -> WallTime:
    """Return an hour of March 2026 on the clocks of the series."""
    return WallTime(datetime(2026, 3, day, hour), ZONE)  # noqa: DTZ001 -- a clock on the wall


def test_cancelled_and_changed_occurrences_are_of_the_series() -> None:
    """A new subject is one change, a new time another; what is as the rule says is not spoken of."""
    moved = exception(
        start={"dateTime": "2026-03-30T10:00:00.0000000", "timeZone": "UTC"},
        end={"dateTime": "2026-03-30T11:00:00.0000000", "timeZone": "UTC"},
    )
    renamed = exception(
        id="y",
        subject="Monthly",
        originalStart="2026-03-23T08:00:00Z",
        start={"dateTime": "2026-03-23T08:00:00.0000000", "timeZone": "UTC"},
        end={"dateTime": "2026-03-23T09:00:00.0000000", "timeZone": "UTC"},
    )
    plain = {"type": "occurrence", "seriesMasterId": "m"}

    event = with_occurrences({**MASTER, "exceptionOccurrences": [moved]}, [renamed, plain])

    assert event.exceptions == (
        OccurrenceChange(date(2026, 3, 16), cancelled=True),
        OccurrenceChange(at(23, 9), subject="Monthly"),
        OccurrenceChange(at(30, 9), start=at(30, 12), end=at(30, 13)),
    )


def test_an_exception_without_its_original_start_is_not_guessed_at() -> None:
    """Some mailboxes name the occurrence in another way; where none is, it is an error."""
    named = exception(originalStart=None, occurrenceId="OID.m.2026-03-30", subject="Monthly")

    assert with_occurrences(MASTER, [named]).exceptions[-1].original == date(2026, 3, 30)
    with pytest.raises(MalformedAnswer, match="originalStart"):
        with_occurrences(MASTER, [exception(originalStart=None)])


def test_an_occurrence_of_days_is_known_by_its_day() -> None:
    """Midnight in the zone of a series is another day in UTC."""
    days = {
        **MASTER,
        "isAllDay": True,
        "start": {"dateTime": "2026-03-02T00:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-03T00:00:00.0000000", "timeZone": "UTC"},
    }
    row = exception(
        isAllDay=True,
        subject="Other",
        originalStart="2026-03-29T22:00:00Z",
        start={"dateTime": "2026-03-30T00:00:00.0000000", "timeZone": "UTC"},
        end={"dateTime": "2026-03-31T00:00:00.0000000", "timeZone": "UTC"},
    )

    changes = with_occurrences(days, [row, exception(id="z", isCancelled=True, originalStart="2026-03-23T00:00:00Z")])

    assert changes.exceptions == (
        OccurrenceChange(date(2026, 3, 16), cancelled=True),
        OccurrenceChange(date(2026, 3, 23), cancelled=True),
        OccurrenceChange(date(2026, 3, 30), subject="Other"),
    )


def test_each_change_is_a_write_of_its_own() -> None:
    """A cancelled occurrence is deleted, a changed one patched with what changed, and one put back gets its time."""
    before = attrs.evolve(
        EVENTS.read(MASTER), exceptions=(OccurrenceChange(at(9, 9), start=at(9, 11), end=at(9, 12), subject="Once"),)
    )
    after = attrs.evolve(
        before,
        exceptions=(
            OccurrenceChange(at(16, 9), cancelled=True),
            OccurrenceChange(at(23, 9), subject="Monthly", location=""),
        ),
    )

    writes = {str(write.original.local.date()): write.body for write in occurrence_writes(before, after)}  # type: ignore[union-attr]  # all are timed

    assert writes == {
        "2026-03-09": {
            "start": {"dateTime": "2026-03-09T09:00:00.0000000", "timeZone": ZONE},
            "end": {"dateTime": "2026-03-09T10:00:00.0000000", "timeZone": ZONE},
            "subject": "Weekly",
        },
        "2026-03-16": None,
        "2026-03-23": {"subject": "Monthly", "location": {"displayName": ""}},
    }
    assert occurrence_writes(after, after) == ()


def test_what_was_cancelled_cannot_be_brought_back() -> None:
    """The service has no way to; saying so is better than a series that lacks an occurrence."""
    before = EVENTS.read(MASTER)

    with pytest.raises(InputError, match="brought back"):
        occurrence_writes(before, attrs.evolve(before, exceptions=()))
