"""What services really send is read: nothing in all its spellings, words in any case, sentinels, zones."""

from datetime import UTC, date, datetime

import pytest
from cattrs import Converter

from tallystick.codecs.graph import CATEGORIES, CONTACTS, EVENTS, TASKS, TODO_LISTS, configure_graph, graph_converter
from tallystick.codecs.graph.tasks import WellKnownList
from tallystick.errors import MalformedAnswer
from tallystick.profiles.calendar_times import CrmTimes
from tallystick.records import (
    BodyType,
    Contact,
    EmailAddress,
    Event,
    Importance,
    PostalAddress,
    Response,
    Sensitivity,
    ShowAs,
    TodoStatus,
    TodoTask,
)
from tallystick.recurrence import MAXIMIZER_TASKS, Instant, Recurrence, Unreported, WallTime

NOON = datetime(2026, 3, 2, 12)  # noqa: DTZ001 -- a clock on the wall


@pytest.mark.parametrize("nothing", [None, "", "absent"])
def test_nothing_has_three_spellings(nothing: str | None) -> None:
    """Null, an empty text and a missing key are one: no value."""
    keys = ("givenName", "mobilePhone", "personalNotes", "birthday", "homeAddress")
    data = {} if nothing == "absent" else dict.fromkeys(keys, nothing)

    assert CONTACTS.read(data) == Contact()


def test_a_contact_is_read_with_what_services_make_of_it() -> None:
    """A name without an address stays, empty entries go, and a birthday is a day whatever its time."""
    read = CONTACTS.read(
        {
            "givenName": "Ada",
            "emailAddresses": [{"name": "Ada"}, {}, {"address": "ada@example.com", "name": None}],
            "businessPhones": ["1", "", None],
            "homeAddress": {},
            "otherAddress": {"city": "Paris", "street": None},
            "birthday": "1815-12-10T11:59:00Z",
            "categories": ["Clients"],
        }
    )

    assert read == Contact(
        given_name="Ada",
        email_addresses=(EmailAddress("", "Ada"), EmailAddress("ada@example.com")),
        business_phones=("1",),
        other_address=PostalAddress(city="Paris"),
        birthday=date(1815, 12, 10),
        categories=("Clients",),
    )


@pytest.mark.parametrize("birthday", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01"])
def test_no_birthday_may_be_a_date(birthday: str) -> None:
    """The dates by which the service says that there is none are none."""
    assert CONTACTS.read({"birthday": birthday}).birthday is None


def test_words_are_read_in_any_case() -> None:
    """The service's documentation writes HTML and Required, its answers html and required."""
    read = EVENTS.read(
        {
            "body": {"contentType": "HTML", "content": "<p>x"},
            "importance": "High",
            "showAs": "WORKINGELSEWHERE",
            "sensitivity": "Confidential",
            "attendees": [{"type": "Optional", "status": {"response": "TentativelyAccepted"}, "emailAddress": {}}],
        }
    )

    assert read.body_type is BodyType.HTML
    assert (read.importance, read.show_as) == (Importance.HIGH, ShowAs.WORKING_ELSEWHERE)
    assert read.sensitivity is Sensitivity.CONFIDENTIAL
    assert read.attendees[0].response is Response.TENTATIVE


def test_a_word_of_tomorrow_is_no_error() -> None:
    """What is not known is read with care: an unknown sensitivity is private."""
    read = EVENTS.read({"sensitivity": "topSecret", "showAs": "napping"})

    assert (read.sensitivity, read.show_as) == (Sensitivity.PRIVATE, ShowAs.UNKNOWN)
    assert TODO_LISTS.read({"wellknownListName": "inbox"}).well_known is WellKnownList.UNKNOWN
    assert TASKS.read({"status": "paused"}).status is TodoStatus.NOT_STARTED


def test_an_event_is_read_in_the_zone_it_was_made_in() -> None:
    """An answer in UTC is shown by the event's own clocks, which its series follows."""
    read = EVENTS.read(
        {
            "start": {"dateTime": "2026-03-02T20:00:00.0000000", "timeZone": "UTC"},
            "end": {"dateTime": "2026-03-02T21:00:00.0000000", "timeZone": "UTC"},
            "originalStartTimeZone": "Pacific Standard Time",
            "originalEndTimeZone": "Pacific Standard Time",
        }
    )

    assert read.start == WallTime(NOON, "Pacific Standard Time")


@pytest.mark.parametrize(("own", "expected"), [("", "Europe/Paris"), ("tzone://Microsoft/Custom", "Europe/Paris")])
def test_a_zone_that_says_nothing_is_the_mailboxs(own: str, expected: str) -> None:
    """Where neither time nor event name a zone, the caller's does."""
    data = {"start": {"dateTime": "2026-03-02T12:00:00", "timeZone": own}, "originalStartTimeZone": own}

    assert EVENTS.read(data, zones=["Europe/Paris"]).start == WallTime(NOON, expected)


@pytest.mark.parametrize("named", ["", "tzone://Microsoft/Custom"])
def test_a_series_in_a_zone_made_by_hand_is_on_no_other_clock(named: str) -> None:
    """A Tuesday's series, which the service shows on Monday in UTC, is refused by its zone, and not moved by a day."""
    data = {
        "start": {"dateTime": "2026-03-23T22:30:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-03-23T23:30:00.0000000", "timeZone": "UTC"},
        "originalStartTimeZone": "tzone://Microsoft/Custom",
        "recurrence": {
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
            "range": {"type": "noEnd", "startDate": "2026-03-24", "recurrenceTimeZone": named},
        },
    }
    read = EVENTS.read(data)

    assert list(CrmTimes("UTC", MAXIMIZER_TASKS).lacks(read)) == ["unsupported_recurrence:invalid"]
    assert list(CrmTimes("UTC", MAXIMIZER_TASKS).lacks(EVENTS.read(data, zones=["Europe/Athens"]))) == []


def test_all_day_is_dates() -> None:
    """Midnights of an all-day event are days, the end exclusive, whatever zone they are shown in."""
    read = EVENTS.read(
        {
            "isAllDay": True,
            "start": {"dateTime": "2026-03-02T00:00:00.0000000", "timeZone": "UTC"},
            "end": {"dateTime": "2026-03-04T00:00:00.0000000", "timeZone": "UTC"},
            "originalStartTimeZone": "Pacific Standard Time",
        }
    )

    assert (read.start, read.end) == (date(2026, 3, 2), date(2026, 3, 4))


def test_a_zero_filled_recurrence_is_read() -> None:
    """Fields that a type does not use are passed over, and no number of times is one that is not reported."""
    read = TASKS.read(
        {
            "dueDateTime": {"dateTime": "2026-03-02T00:00:00.0000000", "timeZone": "UTC"},
            "recurrence": {
                "pattern": {
                    "type": "weekly",
                    "interval": 1,
                    "month": 0,
                    "dayOfMonth": 0,
                    "daysOfWeek": ["Monday"],
                    "firstDayOfWeek": "sunday",
                    "index": "first",
                },
                "range": {
                    "type": "numbered",
                    "startDate": "2026-03-02",
                    "endDate": "0001-01-01",
                    "recurrenceTimeZone": "UTC",
                    "numberOfOccurrences": 0,
                },
            },
        }
    )

    assert isinstance(read.recurrence, Recurrence)
    assert read.recurrence.range.end == Unreported()
    assert read.due == Instant(datetime(2026, 3, 2, tzinfo=UTC))


def test_a_tasks_html_is_its_text() -> None:
    """A task's body is plain text here, and written back as it was while nobody changes it."""
    data = {"title": "x", "body": {"contentType": "HTML", "content": "<p>one</p><p>two</p>"}}
    read = TASKS.read(data)

    assert read.body == "one\n\ntwo"
    assert TASKS.encode(read, data)["body"] == {"contentType": "html", "content": "<p>one</p><p>two</p>"}


def test_categories_have_their_colours() -> None:
    """A category's colour is a word of the service; one that is not known is none."""
    assert CATEGORIES.read({"displayName": "Red", "color": "PRESET0"}).color == "preset0"
    assert CATEGORIES.read({"displayName": "Red", "color": "mauve"}).color == "none"


@pytest.mark.parametrize("wrong", [7, [1], {"a": 1}, True])
def test_a_value_of_another_type_is_named_by_its_key(wrong: object) -> None:
    """The message says which object and which key, and nothing of what stood there."""
    with pytest.raises(MalformedAnswer, match=r"contact AAMk=, surname: not a text") as raised:
        CONTACTS.read({"id": "AAMk=", "givenName": "Secret", "surname": wrong})

    assert "Secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"emailAddresses": "x"}, "emailAddresses"),
        ({"emailAddresses": ["x"]}, "emailAddresses"),
        ({"businessPhones": [1]}, "businessPhones"),
        ({"homeAddress": "x"}, "homeAddress"),
        ({"homeAddress": {"city": 1}}, "city"),
        ({"birthday": "10.12.1815"}, "birthday"),
        ({"birthday": "2026-02-30T00:00:00Z"}, "birthday"),
    ],
)
def test_what_a_contact_cannot_have_is_refused(data: dict[str, object], key: str) -> None:
    """Every value is looked at before a record is made of it."""
    with pytest.raises(MalformedAnswer, match=key):
        CONTACTS.read(data)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"start": "2026-03-02"}, "start"),
        ({"start": {"dateTime": "soon", "timeZone": "UTC"}}, "start.dateTime"),
        ({"isAllDay": "perhaps"}, "isAllDay"),
        ({"isAllDay": True, "start": {"dateTime": "2026-03-02T09:00:00", "timeZone": "UTC"}}, "start"),
        ({"recurrence": {"pattern": {"type": "hourly", "interval": 1}}}, "recurrence.pattern.type"),
        ({"cancelledOccurrences": ["yesterday"]}, "cancelledOccurrences"),
        ({"reminderMinutesBeforeStart": 1.5}, "reminderMinutesBeforeStart"),
        ({"attendees": [{}, {"type": "x"}] + [{"a": 1}] * 5001}, "attendees"),
    ],
)
def test_what_an_event_cannot_have_is_refused(data: dict[str, object], key: str) -> None:
    """Every value is looked at, those within others too."""
    with pytest.raises(MalformedAnswer, match=key):
        EVENTS.read(data)


def test_a_task_without_a_known_zone_is_refused() -> None:
    """A due date is an instant, and in an unknown zone nobody knows which."""
    data = {"dueDateTime": {"dateTime": "2026-03-02T00:00:00", "timeZone": "Mars"}}

    with pytest.raises(MalformedAnswer, match=r"dueDateTime\.timeZone"):
        TASKS.read(data)


def test_cattrs_reads_records_within_other_classes() -> None:
    """An integrator's own envelope may hold records: its converter is taught them."""
    converter = Converter()
    configure_graph(converter)

    assert converter.structure({"a": {"givenName": "Ada"}}, dict[str, Contact]) == {"a": Contact(given_name="Ada")}
    assert graph_converter().unstructure([Contact(given_name="Ada")]) == [{"givenName": "Ada"}]
    assert graph_converter().structure({"title": "x"}, TodoTask) == TodoTask(title="x")
    assert graph_converter().structure({}, Event).subject == ""
    with pytest.raises(MalformedAnswer):
        graph_converter().structure("Ada", Contact)
