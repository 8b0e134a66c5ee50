"""Pages and errors are what a provider returns and raises, and hostile bodies end in one documented error."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codecs.graph import (
    CONTACTS,
    EVENTS,
    TASKS,
    Fault,
    GraphCodec,
    Removal,
    outcome,
    provider_error,
    read_fault,
    read_json,
    read_page,
    with_occurrences,
)
from tallystick.codecs.graph.answers import DEEPEST
from tallystick.errors import (
    AuthenticationRequired,
    CursorExpired,
    InputError,
    MalformedAnswer,
    PermissionDenied,
    ProviderError,
    ScopeGone,
    Throttled,
    Unavailable,
)
from tallystick.ports import Status

R = TypeVar("R")
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_delta_page_is_a_page() -> None:
    """Items have version, time and token; removed ones are unlisted; the last word on an id counts."""
    page = read_page(
        EVENTS,
        {
            "@odata.nextLink": "https://example.com/next",
            "value": [
                {"id": "1", "subject": "old"},
                {"id": "1", "subject": "new", "@odata.etag": 'W/"a"', "changeKey": "a", "transactionId": "t"},
                {"id": "2", "changeKey": "b", "lastModifiedDateTime": "2026-03-02T00:00:00.1234567Z"},
                {"id": "3", "@removed": {"reason": "deleted"}},
                {"id": "4", "@removed": {"reason": "Changed"}},
                {"id": "5"},
                {"id": "5", "@removed": {}},
                {"id": "6", "type": "exception", "seriesMasterId": "1"},
            ],
        },
        member=lambda event: event.subject == "new",
    )
    shown = page.as_page()

    assert [(item.id, item.version, item.member, item.token) for item in shown.items] == [
        ("1", 'W/"a"', True, "t"),
        ("2", "b", False, None),
    ]
    assert shown.items[1].modified == datetime(2026, 3, 2, 0, 0, 0, 123456, UTC)
    assert page.removed == {"3": Removal.DELETED, "4": Removal.CHANGED, "5": Removal.DELETED}
    assert (shown.cursor, shown.complete, shown.unlisted) == ("https://example.com/next", False, ("3", "4", "5"))
    assert [row["id"] for row in page.occurrences] == ["6"]


@pytest.mark.parametrize(
    ("links", "cursor", "complete"),
    [
        ({}, "", True),
        ({"@odata.deltaLink": "d"}, "d", True),
        ({"@odata.nextLink": "n", "@odata.deltaLink": "d"}, "n", False),
    ],
)
def test_a_listing_is_complete_when_nothing_follows(links: dict[str, str], cursor: str, complete: bool) -> None:
    """An empty page may have another one after it."""
    page = read_page(CONTACTS, {"value": [], **links}).as_page()

    assert (page.cursor, page.complete) == (cursor, complete)


@pytest.mark.parametrize(
    "data",
    [{}, {"value": {}}, {"value": ["x"]}, {"value": [{"subject": "x"}]}, {"value": [], "@odata.nextLink": 7}],
)
def test_a_page_that_cannot_be_read_is_refused_whole(data: dict[str, object]) -> None:
    """An object that were left out would seem to have been deleted."""
    with pytest.raises(MalformedAnswer):
        read_page(EVENTS, data)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (410, "SyncStateNotFound", CursorExpired),
        (400, "syncStateInvalid", CursorExpired),
        (429, "TooManyRequests", Throttled),
        (503, "ApplicationThrottled", Throttled),
        (503, "x", Unavailable),
        (504, "UnknownError", Unavailable),
        (509, "x", Throttled),
        (522, "x", Unavailable),
        (401, "InvalidAuthenticationToken", AuthenticationRequired),
        (403, "ErrorAccessDenied", PermissionDenied),
        (404, "ErrorItemNotFound", ScopeGone),
        (418, "Teapot", ProviderError),
    ],
)
def test_an_error_says_what_to_do(status: int, code: str, error: type[ProviderError]) -> None:
    """Status and code decide, never the message."""
    fault = read_fault(status, {"error": {"code": code, "message": "Ada"}})
    found = provider_error(fault, listing=True, where="contacts")

    assert type(found) is error
    assert "Ada" not in str(found)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (412, "ErrorIrresolvableConflict", Status.CHANGED),
        (404, "ErrorItemNotFound", Status.GONE),
        (429, "TooManyRequests", Status.THROTTLED),
        (424, "FailedDependency", Status.THROTTLED),
        (504, "UnknownError", Status.UNKNOWN),
        (503, "ServiceNotAvailable", Status.THROTTLED),
        (522, "x", Status.UNKNOWN),
        (507, "x", Status.REFUSED),
        (400, "ErrorPropertyValidationFailure", Status.REFUSED),
        (403, "ErrorAccessDenied", Status.REFUSED),
    ],
)
def test_a_write_has_an_outcome(status: int, code: str, expected: Status) -> None:
    """One write that fails is no reason to stop the others, and a failing service leaves it open."""
    found = outcome(Fault(status, (code,), 2.5))  # type: ignore[var-annotated]  # of no kind of record

    assert (found.status, found.code) == (expected, code)
    assert found.retry_after == (2.5 if expected is Status.THROTTLED else None)


def test_a_write_without_credentials_stops() -> None:
    """Nothing else would be written either."""
    with pytest.raises(AuthenticationRequired):
        outcome(Fault(401))


def test_inner_codes_count() -> None:
    """The outer code is often general; both spellings of the inner error are known, and foreign texts are no codes."""
    fault = read_fault(400, {"error": {"code": "a b", "innererror": {"code": "resyncRequired"}}})

    assert fault.codes == ("resyncRequired",)
    assert isinstance(provider_error(fault), CursorExpired)
    assert read_fault(500, None).code == "http_500"


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("2.128", 2.128),
        ("120", 120.0),
        ("99999999", 86400.0),
        ("inf", 86400.0),
        ("-1", None),
        ("nan", None),
        ("soon", None),
        ("Mon, 02 Mar 2026 00:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 00:00:00 GMT", 0.0),
    ],
)
def test_how_long_to_wait(given_: str, expected: float | None) -> None:
    """Fractions are kept, what makes no sense is not said, and nobody waits for longer than a day."""
    assert read_fault(429, headers={"retry-After": given_}, now=NOW).retry_after == expected


def test_an_absent_wait_is_not_made_up() -> None:
    """Where the service does not say how long, the engine's own patience holds."""
    error = provider_error(read_fault(429))

    assert isinstance(error, Throttled)
    assert error.retry_after is None
    assert read_fault(429, headers={"Retry-After": "Mon, 02 Mar 2026 00:01:00 GMT"}).retry_after is None


# --- hostile bodies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"null", b'"x"', b'{"a": NaN}', b'{"a":', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5000],
)
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    """What stands between us and the service may answer in its place."""
    with pytest.raises(MalformedAnswer):
        read_json(body)


def test_size_and_depth_are_known_before_anything_is_read() -> None:
    """A body that is too large or too deep is never parsed; brackets in texts are no depth."""
    nested = "[" * DEEPEST + "]" * DEEPEST
    with pytest.raises(MalformedAnswer, match="bytes"):
        read_json(b'{"a": 1}', most=4)
    with pytest.raises(MalformedAnswer, match="deep"):
        read_json(f'{{"a": {nested}}}')

    assert read_json(json.dumps({"a": nested + '\\"[[', "b": nested * 2})) is not None
    assert read_json('{"a": "[[[\\"[[[\\\\"}') == {"a": '[[["[[[\\'}


WORDS = (
    "id subject start end isAllDay body location attendees organizer recurrence cancelledOccurrences uid "
    "iCalUId givenName emailAddresses businessPhones homeAddress birthday categories title dueDateTime status "
    "importance isReminderOn reminderMinutesBeforeStart exceptionOccurrences originalStart "
    "@removed lastModifiedDateTime"
)
INNER = "dateTime timeZone pattern range type emailAddress content interval startDate"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("2026-03-02T00:00:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER.split(" ")), inner, max_size=4),
    max_leaves=8,
)


def written_again(codec: GraphCodec[R], data: dict[str, object]) -> None:
    """Read an object, and write it."""
    codec.encode(codec.read(data), data)


@given(data=st.dictionaries(st.sampled_from(WORDS.split(" ")), JSON, max_size=6))
def test_any_object_is_read_or_refused(data: dict[str, object]) -> None:
    """Whatever stands in an object, it is a record or a documented error."""
    with suppress(MalformedAnswer):
        written_again(CONTACTS, data)
    with suppress(MalformedAnswer, InputError):
        written_again(EVENTS, data)
    with suppress(MalformedAnswer, InputError):
        written_again(TASKS, data)
    with suppress(MalformedAnswer):
        with_occurrences(data, [data])
    with suppress(MalformedAnswer):
        read_page(EVENTS, {"value": [data]})
