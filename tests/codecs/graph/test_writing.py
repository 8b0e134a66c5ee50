"""What is sent is what the service documents, and no more than has to be."""

from datetime import UTC, date, datetime

import pytest

from tallystick.codecs.graph import CONTACTS, EVENTS, TASKS, TODO_LISTS, TodoList
from tallystick.errors import InputError
from tallystick.records import Attendee, BodyType, Contact, EmailAddress, Event, PostalAddress, TodoTask
from tallystick.recurrence import Instant, Pattern, Range, Recurrence, WallTime, Weekday, parse_rule

NINE = WallTime(datetime(2026, 3, 2, 9), "Europe/Paris")  # noqa: DTZ001 -- a clock on the wall
TEN = WallTime(datetime(2026, 3, 2, 10, 0, 0, 250_000), "Europe/Paris")  # noqa: DTZ001 -- the same
WEEKLY = Recurrence(Pattern.weekly([Weekday.MONDAY], first_day_of_week=Weekday.SUNDAY), Range(date(2026, 3, 2)))


def test_a_patch_holds_what_changed() -> None:
    """Of a contact with many values only the changed one is sent."""
    contact = Contact(given_name="Ada", surname="Byron", business_phones=("1", "2"))

    assert CONTACTS.patch(contact, {"surname": "Lovelace"}) == {"surname": "Lovelace"}


def test_what_is_cleared_is_null() -> None:
    """A cleared text is null, a cleared list empty, and a cleared address null in all its parts."""
    contact = Contact(surname="Byron", business_phones=("1",), home_address=PostalAddress(city="London"))
    fields = {"surname": "", "business_phones": (), "home_address": PostalAddress(), "birthday": None}

    assert CONTACTS.patch(contact, fields) == {
        "surname": None,
        "businessPhones": [],
        "homeAddress": dict.fromkeys(["street", "city", "state", "postalCode", "countryOrRegion"]),
        "birthday": None,
    }


def test_lists_are_replaced_whole() -> None:
    """A list has no place for one entry: all are sent."""
    contact = Contact(email_addresses=(EmailAddress("ada@example.com", "Ada"),))
    fields = {"email_addresses": (*contact.email_addresses, EmailAddress("a@example.org"))}

    assert CONTACTS.patch(contact, fields) == {
        "emailAddresses": [{"address": "ada@example.com", "name": "Ada"}, {"address": "a@example.org", "name": None}]
    }


def test_a_series_is_written_on_its_own_clock() -> None:
    """A series that recurs in another zone than its start's has both times in that zone, as the service asks."""
    summer = WallTime(datetime(2026, 7, 6, 9), "Europe/Paris")  # noqa: DTZ001 -- a clock on the wall
    rule = Recurrence(WEEKLY.pattern, Range(date(2026, 7, 6), zone="UTC"))
    event = Event(start=summer, end=summer, recurrence=rule)
    seven = {"dateTime": "2026-07-06T07:00:00.0000000", "timeZone": "UTC"}

    for body in (
        EVENTS.create(event),
        EVENTS.patch(event, {"start": summer}),
        EVENTS.patch(event, {"recurrence": rule}),
    ):
        assert (body["start"], body["end"]) == (seven, seven)
        assert body["recurrence"]["range"]["recurrenceTimeZone"] == "UTC"  # type: ignore[index]  # an object
    paris = Recurrence(WEEKLY.pattern, Range(date(2026, 7, 6), zone="Romance Standard Time"))
    assert EVENTS.patch(event, {"recurrence": paris}).keys() == {"recurrence"}


def test_a_series_begins_on_the_day_of_its_start() -> None:
    """A CRM's range may begin days before the first occurrence; the service asks for the day of the start."""
    early = Recurrence(WEEKLY.pattern, Range(date(2026, 2, 25)))
    body = EVENTS.create(Event(start=NINE, end=TEN, recurrence=early))
    assert body["recurrence"]["range"]["startDate"] == "2026-03-02"  # type: ignore[index]  # an object


def test_a_create_leaves_out_what_is_empty() -> None:
    """The service's own defaults are not spoken of."""
    assert CONTACTS.create(Contact(given_name="Ada", birthday=date(1815, 12, 10))) == {
        "givenName": "Ada",
        "birthday": "1815-12-10T11:59:00Z",
    }


def test_a_start_brings_its_end() -> None:
    """Both times are sent together, with seven digits of a second; what else changed is not recomputed."""
    event = Event(subject="x", start=NINE, end=NINE)

    assert EVENTS.patch(event, {"end": TEN}) == {
        "start": {"dateTime": "2026-03-02T09:00:00.0000000", "timeZone": "Europe/Paris"},
        "end": {"dateTime": "2026-03-02T10:00:00.2500000", "timeZone": "Europe/Paris"},
        "isAllDay": False,
    }


def test_times_of_a_series_bring_its_rule() -> None:
    """The service refuses a master's times without its recurrence, which is in the zone of the event."""
    body = EVENTS.patch(Event(start=NINE, end=TEN, recurrence=WEEKLY), {"start": NINE})

    assert body["recurrence"] == {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"], "firstDayOfWeek": "sunday"},
        "range": {"type": "noEnd", "startDate": "2026-03-02", "recurrenceTimeZone": "Europe/Paris"},
    }


def test_days_are_midnights() -> None:
    """An all-day event is written from midnight to midnight."""
    body = EVENTS.create(Event(subject="x", start=date(2026, 3, 2), end=date(2026, 3, 3)))

    assert body["isAllDay"] is True
    assert body["end"] == {"dateTime": "2026-03-03T00:00:00.0000000", "timeZone": "UTC"}


def test_no_reminder_is_said() -> None:
    """An event without a reminder would get the service's own if nothing were said."""
    assert EVENTS.create(Event())["isReminderOn"] is False
    assert EVENTS.patch(Event(reminder_minutes=15), {"reminder_minutes": None}) == {"isReminderOn": False}


def test_answers_of_attendees_are_not_sent() -> None:
    """What people answered is the service's to keep."""
    body = EVENTS.create(Event(attendees=(Attendee(EmailAddress("ada@example.com")),)))

    assert body["attendees"] == [{"type": "required", "emailAddress": {"address": "ada@example.com"}}]


def test_a_rule_that_is_a_pattern_is_sent_as_one() -> None:
    """A rule of RFC 5545 is translated where it can be."""
    body = EVENTS.create(Event(start=NINE, end=TEN, recurrence=parse_rule("FREQ=WEEKLY;BYDAY=MO;COUNT=4")))

    assert isinstance(body["recurrence"], dict)
    assert body["recurrence"]["range"]["numberOfOccurrences"] == 4


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYHOUR=9,17", "FREQ=YEARLY;BYWEEKNO=20"])
def test_a_rule_that_is_no_pattern_is_refused(rule: str) -> None:
    """Nothing that takes place on other days is sent."""
    with pytest.raises(InputError, match="a recurrence that the service cannot say"):
        EVENTS.create(Event(start=NINE, end=TEN, recurrence=parse_rule(rule)))


@pytest.mark.parametrize("field", ["uid", "organizer", "is_cancelled", "exceptions", "shoe_size"])
def test_what_the_service_sets_is_not_written(field: str) -> None:
    """A field that cannot be written is refused before anything is sent."""
    with pytest.raises(InputError):
        EVENTS.patch(Event(), {field: None})


def test_the_service_would_refuse_these_tasks() -> None:
    """A task needs a title, and one that recurs a due date."""
    with pytest.raises(InputError, match="title"):
        TASKS.create(TodoTask())
    with pytest.raises(InputError, match="due"):
        TASKS.create(TodoTask(title="x", recurrence=WEEKLY))


def test_a_task_is_written_in_utc() -> None:
    """An instant needs no zone of its own."""
    due = Instant(datetime(2026, 3, 2, 23, tzinfo=UTC))

    assert TASKS.patch(TodoTask(title="x"), {"due": due}) == {
        "dueDateTime": {"dateTime": "2026-03-02T23:00:00.0000000", "timeZone": "UTC"}
    }
    assert TODO_LISTS.create(TodoList("Home")) == {"displayName": "Home"}


def test_what_nobody_knows_stays() -> None:
    """An object that is written again keeps keys, rooms and answers that no record speaks of."""
    source = {
        "webLink": "https://example.com",
        "location": {"displayName": "Room 1", "uniqueId": "7"},
        "attendees": [
            {"type": "Required", "emailAddress": {"address": "ada@example.com"}, "status": {"response": "accepted"}}
        ],
        "body": {"contentType": "HTML", "content": "<b>x</b>"},
    }
    written = EVENTS.encode(EVENTS.read(source), source)

    assert written["webLink"] == source["webLink"]
    assert written["location"] == source["location"]
    assert written["attendees"] == [
        {"type": "required", "emailAddress": {"address": "ada@example.com"}, "status": {"response": "accepted"}}
    ]
    assert written["body"] == {"contentType": str(BodyType.HTML), "content": "<b>x</b>"}


def test_a_floating_time_is_refused() -> None:
    """The service has no times without a zone."""
    with pytest.raises(InputError, match="floating"):
        EVENTS.create(Event(start=WallTime(NINE.local, None), end=TEN))
