"""Laws of Graph's objects: what is written is read back, what is not spoken of stays, and a patch says what changed."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.codecs.graph import CONTACTS, EVENTS, TASKS, GraphCodec, differences
from tallystick.records import (
    Attendee,
    AttendeeType,
    BodyType,
    Contact,
    EmailAddress,
    Event,
    Importance,
    Sensitivity,
    ShowAs,
    TodoStatus,
    TodoTask,
)
from tallystick.recurrence import Exact, Recurrence, WallTime, first_date, recurrence_from_graph, recurrence_to_graph
from tallystick.recurrence.times import day_of
from tests.codecs.strategies import CONTACTS as ANY_CONTACTS
from tests.records.calendar_strategies import DAYS, INSTANTS, RECURRENCES, or_none

R = TypeVar("R")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FULL = TEXTS.filter(bool)
FULL_LISTS = st.lists(FULL, max_size=3).map(tuple)
ZONES = st.sampled_from(["UTC", "Europe/Paris", "Pacific Standard Time"])
TIMES = st.builds(
    WallTime,
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 -- a clock on the wall
    st.just("Europe/Paris"),
)
UNKNOWN = st.dictionaries(
    st.sampled_from(["@odata.etag", "webLink", "singleValueExtendedProperties", "manager"]),
    st.recursive(st.none() | TEXTS | st.booleans(), lambda inner: st.lists(inner, max_size=2)),
)


def sayable(recurrence: Recurrence) -> bool:
    """Tell whether Graph can say a recurrence as it is."""
    return isinstance(recurrence_to_graph(recurrence), Exact) and recurrence.range.zone is not None


def exact(recurrence: Recurrence) -> Recurrence:
    """Return a recurrence as Graph says it."""
    sent = recurrence_to_graph(recurrence)
    assert isinstance(sent, Exact)
    return recurrence_from_graph(sent.value)


CONTACTS_OF_GRAPH = ANY_CONTACTS.map(
    lambda contact: attrs.evolve(
        contact,
        email_addresses=tuple(one for one in contact.email_addresses if one.address or one.name),
        business_phones=tuple(filter(None, contact.business_phones)),
        home_phones=tuple(filter(None, contact.home_phones)),
        birthday=None if contact.birthday in (date.max, None) or contact.birthday.year == 1 else contact.birthday,
    )
)


def lasting(event: Event, span: tuple[WallTime, WallTime] | tuple[date, date]) -> Event:
    """Return an event in a span; a series goes by the clock of its start and begins with it, as Graph asks."""
    start, end = span
    rule = event.recurrence
    if isinstance(rule, Recurrence) and isinstance(start, WallTime):
        rule = attrs.evolve(rule, range=attrs.evolve(rule.range, zone=start.zone))
    if isinstance(rule, Recurrence) and first_date(rule) == day_of(start):
        rule = attrs.evolve(rule, range=attrs.evolve(rule.range, start=day_of(start)))
    return attrs.evolve(event, start=start, end=end, recurrence=rule)


EVENTS_OF_GRAPH = st.builds(
    lasting,
    st.builds(
        Event,
        subject=TEXTS,
        recurrence=or_none(RECURRENCES.filter(sayable).map(exact)),
        body=FULL,
        body_type=st.sampled_from(BodyType),
        location=TEXTS,
        sensitivity=st.sampled_from(Sensitivity),
        importance=st.sampled_from(Importance),
        show_as=st.sampled_from(ShowAs),
        reminder_minutes=or_none(st.integers(0, 9999)),
        attendees=st.lists(
            st.builds(Attendee, st.builds(EmailAddress, TEXTS, TEXTS), st.sampled_from(AttendeeType)), max_size=3
        ).map(tuple),
        categories=FULL_LISTS,
    ),
    TIMES.map(lambda at: (at, at)) | DAYS.map(lambda day: (day, day + timedelta(days=1))),
)
TASKS_OF_GRAPH = st.builds(
    TodoTask,
    title=FULL,
    body=TEXTS,
    status=st.sampled_from(TodoStatus),
    importance=st.sampled_from(Importance),
    due=INSTANTS,
    is_reminder_on=st.booleans(),
    reminder=or_none(INSTANTS),
    completed=or_none(INSTANTS),
    recurrence=or_none(RECURRENCES.filter(sayable).map(exact)),
    categories=FULL_LISTS,
    start=or_none(INSTANTS),
)


def sent(body: Mapping[str, object]) -> dict[str, object]:
    """Return a body as the service gets it."""
    found: dict[str, object] = json.loads(json.dumps(body))
    return found


def holds(codec: GraphCodec[R], record: R, other: R, unknown: Mapping[str, object]) -> None:
    """Assert the laws of one record, and of a patch that makes it another one."""
    assert codec.read(sent(codec.create(record))) == record

    whole = codec.encode(record, unknown)
    assert codec.read(sent(whole)) == record
    assert unknown == {key: whole[key] for key in unknown}
    assert differences(whole, codec.encode(record, whole)) == []

    fields = {
        name: getattr(other, name)
        for group in codec.groups
        for name in group.fields
        if getattr(other, name) != getattr(record, name)
    }
    patched = {**whole, **codec.patch(record, fields)}
    assert codec.read(sent(patched)) == other
    assert codec.patch(record, {}) == {}


@pytest.mark.property
@given(record=CONTACTS_OF_GRAPH, other=CONTACTS_OF_GRAPH, unknown=UNKNOWN)
def test_contacts_keep_the_laws(record: Contact, other: Contact, unknown: Mapping[str, object]) -> None:
    """A contact comes back as it went, with what nobody knows beside it, and a patch leads to any other contact."""
    holds(CONTACTS, record, other, unknown)


@pytest.mark.property
@given(record=EVENTS_OF_GRAPH, other=EVENTS_OF_GRAPH, unknown=UNKNOWN)
def test_events_keep_the_laws(record: Event, other: Event, unknown: Mapping[str, object]) -> None:
    """An event comes back as it went, single or a series, timed or of days."""
    holds(EVENTS, record, other, unknown)


@pytest.mark.property
@given(record=TASKS_OF_GRAPH, other=TASKS_OF_GRAPH, unknown=UNKNOWN)
def test_tasks_keep_the_laws(record: TodoTask, other: TodoTask, unknown: Mapping[str, object]) -> None:
    """A task comes back as it went."""
    holds(TASKS, record, other, unknown)
