"""Whatever arrives as Graph's JSON is a record or a MalformedAnswer, soon, without a word of its content."""

import json
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

import attrs
import pytest

from tallystick.codecs.graph import (
    CONTACTS,
    EVENTS,
    TASKS,
    GraphCodec,
    occurrence_writes,
    provider_error,
    read_fault,
    read_json,
    read_page,
    with_occurrences,
)
from tallystick.errors import InputError, MalformedAnswer
from tallystick.records import Event
from tallystick.recurrence import InvalidRecurrence, Recurrence, WallTime, is_known_zone
from tests.fuzzing import fuzzed

SLOWEST = 3.0
"""Seconds that one body may take on a busy machine; they take a few thousandths."""
MARK = "S3cretWord"
UTC_NINE = {"dateTime": "2026-03-02T09:00:00.0000000", "timeZone": "UTC"}
UTC_TEN = {"dateTime": "2026-03-02T10:00:00.0000000", "timeZone": "UTC"}
PERSON = {"emailAddress": {"name": MARK, "address": "ada@example.com"}}
WEEKLY = {
    "pattern": {
        "type": "weekly",
        "interval": 1,
        "daysOfWeek": ["monday"],
        "firstDayOfWeek": "sunday",
        "index": "first",
    },
    "range": {"type": "noEnd", "startDate": "2026-03-02", "endDate": "0001-01-01", "recurrenceTimeZone": "UTC"},
}
CONTACT = {
    "id": "c",
    "@odata.etag": 'W/"a"',
    "lastModifiedDateTime": "2026-01-05T08:00:00Z",
    "givenName": MARK,
    "emailAddresses": [{"name": MARK, "address": "ada@example.com"}],
    "businessPhones": ["1"],
    "homeAddress": {"city": "London"},
    "birthday": "1815-12-10T11:59:00Z",
    "categories": ["Clients"],
}
EVENT = {
    "id": "e",
    "changeKey": "a",
    "subject": MARK,
    "type": "seriesMaster",
    "start": UTC_NINE,
    "end": UTC_TEN,
    "originalStartTimeZone": "Romance Standard Time",
    "isAllDay": False,
    "recurrence": WEEKLY,
    "attendees": [{**PERSON, "type": "required", "status": {"response": "none", "time": "0001-01-01T00:00:00Z"}}],
    "organizer": PERSON,
    "body": {"contentType": "html", "content": f"<p>{MARK}</p>"},
    "cancelledOccurrences": ["OID.e.2026-03-09"],
    "exceptionOccurrences": [
        {
            "id": "x",
            "type": "exception",
            "seriesMasterId": "e",
            "start": UTC_NINE,
            "end": UTC_TEN,
            "originalStart": "2026-03-16T09:00:00Z",
            "subject": MARK,
        }
    ],
}
TASK = {
    "id": "t",
    "title": MARK,
    "body": {"content": MARK, "contentType": "text"},
    "status": "notStarted",
    "dueDateTime": UTC_NINE,
    "recurrence": WEEKLY,
    "isReminderOn": True,
    "reminderDateTime": UTC_NINE,
}
KINDS: tuple[tuple[GraphCodec[Any], dict[str, Any]], ...] = ((CONTACTS, CONTACT), (EVENTS, EVENT), (TASKS, TASK))
VALUES: tuple[Any, ...] = (
    *(None, "", {}, [], 0, -1, 1.5, 1e308, 10**30, True, False, "true", MARK, [MARK], {MARK: MARK}, [None], [{}], [[]]),
    *(
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "2026-02-30T00:00:00",
        "0001-01-01",
        "2026-03-02T09:00:00",
    ),
    *(
        "tzone://Microsoft/Custom",
        "UTC+8",
        "../../etc",
        "Europe/Paris",
        "Pacific Standard Time",
        "\x00",
        "\ud800",
        "é" * 999,
    ),
    *("OID.e.2026-13-01", "weekly", "relativeYearly", "monday", "last", "numbered", "endDate", 99, 4500, 'W/"b"'),
    {"dateTime": "0001-01-01T00:00:00", "timeZone": "Pacific/Kiritimati"},
    {"dateTime": "9999-12-30T23:59:59", "timeZone": "Pacific/Honolulu"},
)


def places(value: Any, found: list[tuple[Any, Any]]) -> None:  # noqa: ANN401 -- JSON
    """Collect every place within a value that can be written."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        found.append((value, key))
        places(value[key], found)


def damaged(rng: random.Random, body: dict[str, Any]) -> bytes:
    """Return an answer of one object, some of whose values are others, missing or grown, perhaps with damaged bytes."""
    row = json.loads(json.dumps(body))
    for _ in range(rng.choice((0, 1, 1, 2, 4, 9))):
        found: list[tuple[Any, Any]] = []
        places(row, found)
        if not found:
            break
        holder, key = rng.choice(found)
        act = rng.random()
        if act < 0.15:
            del holder[key]
        elif act < 0.25 and isinstance(holder[key], list):
            holder[key] = [deepcopy(one) for one in holder[key] * rng.choice((2, 50))]
        else:
            holder[key] = deepcopy(rng.choice(VALUES))  # it may be damaged in its turn
    if row.get("id") == MARK:
        row["id"] = "an-id"  # ids are named in errors
    page: dict[str, Any] = {"value": [row], "@odata.nextLink": rng.choice(("https://example.com/", 5, None, ""))}
    if rng.random() < 0.1:
        page = {**page, "error": {"code": rng.choice(VALUES), "innerError": rng.choice(VALUES)}}
    data = bytearray(json.dumps(page, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass"))
    if rng.random() < 0.1:
        place = rng.randrange(len(data))
        data[place : place + rng.choice((0, 1, 5))] = rng.choice((b"", b"[" * 40, b'"', b"\\u", b"\xff", b"NaN"))
    return bytes(data)


def on_one_clock(record: Any) -> Any:  # noqa: ANN401 -- of any kind
    """Return a record; the times of a series on the clock of its recurrence, on which they are written."""
    rule = record.recurrence if isinstance(record, Event) else None
    zone = rule.range.zone if isinstance(rule, Recurrence) else None
    if zone is None or not is_known_zone(zone):
        return record
    times = {name: at for name in ("start", "end") if isinstance(at := getattr(record, name), WallTime)}
    known = {name: at for name, at in times.items() if at.zone is not None and is_known_zone(at.zone)}
    with suppress(InvalidRecurrence):  # so near to the first or last year that there is no other clock
        return attrs.evolve(record, **{name: at.in_zone(zone) for name, at in known.items()})
    return record


def use(codec: GraphCodec[Any], row: Mapping[str, Any], record: Any, rng: random.Random) -> None:  # noqa: ANN401 -- of any kind
    """Do with a record all that can be done with it; what is written is read as what it was."""
    with suppress(InputError):  # a time without a zone, say
        assert on_one_clock(codec.read(codec.encode(record, row))) == on_one_clock(record)
    field = rng.choice([field for group in codec.groups for field in group.fields])
    for write in (codec.create, lambda one: codec.patch(one, {field: getattr(one, field)})):
        with suppress(InputError):  # what the service can't say
            json.dumps(write(record))
    if codec is EVENTS:
        try:
            series = with_occurrences(row)
        except MalformedAnswer:  # of an exception, which a page doesn't look at
            return
        assert occurrence_writes(series, series) == ()


def tried(codec: GraphCodec[Any], data: bytes, rng: random.Random) -> MalformedAnswer | None:
    """Read an answer, and use what was understood; return why it was not."""
    try:
        answer = read_json(data)
        str(provider_error(read_fault(rng.choice((400, 404, 429, 503)), answer, {"Retry-After": MARK})))
        page = read_page(codec, answer)
    except MalformedAnswer as error:
        return error
    rows = answer["value"]
    assert isinstance(rows, list)
    if page.items:
        use(codec, next(one for one in rows if one), page.items[0].record, rng)
    return None


def feed(seeds: range) -> int:
    """Read the answers of some seeds; return how many were understood, and used."""
    understood = 0
    for seed in seeds:
        rng = random.Random(seed)
        codec, body = rng.choice(KINDS)
        data = damaged(rng, body)
        began = time.process_time()
        refusal = tried(codec, data, rng)
        understood += refusal is None
        if refusal is not None:
            assert refusal.what
            assert refusal.remedy
            assert MARK not in str(refusal)
            assert len(str(refusal)) < 1000
        assert time.process_time() - began < SLOWEST
    return understood


def test_hostile_answers() -> None:
    """Hundreds of damaged answers raise nothing but MalformedAnswer, and those that are read can be written."""
    assert feed(range(600)) > 100


@pytest.mark.fuzz
def test_hostile_answers_for_a_while(capsys: pytest.CaptureFixture[str]) -> None:
    """The same for as long as ``nox -s fuzz`` allows, which prints how many answers were tried."""
    tries = fuzzed(feed, "answers of Graph", capsys)

    assert tries.understood > tries.tried / 10


def test_nothing_of_the_samples_is_malformed() -> None:
    """What is damaged here can be read before it is."""
    for codec, body in KINDS:
        (item,) = read_page(codec, {"value": [body]}).items
        assert attrs.has(type(item.record))
