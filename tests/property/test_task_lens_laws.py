"""The laws of every rule of the task profile, up to its canonical form, in every zone from UTC-11 to UTC+14."""

# ruff: noqa: ANN401 - these take whatever they are given

import unicodedata
from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.mapping.entries import canonical
from tallystick.profiles.maximizer import task_rules
from tallystick.profiles.task_lenses import LONGEST_TITLE, canonical_repetition
from tallystick.records import CrmTask, TodoTask
from tallystick.recurrence import LocalDays
from tests.property.task_strategies import CRM_TASKS, DATES, DAYS, INSTANTS, RECURRENCES, TODO_TASKS, ZONES

RECORDS: tuple[Any, Any] = (TODO_TASKS, CRM_TASKS)
NAMES = [rule.name for rule in task_rules(LocalDays.of("UTC"))]
RULES = {zone: task_rules(LocalDays.of(zone)) for zone in ZONES}
EACH_RULE = pytest.mark.parametrize("name", NAMES)
EACH_SIDE = pytest.mark.parametrize("side", [0, 1], ids=["left", "right"])
ANY_ZONE = st.sampled_from(ZONES)

pytestmark = pytest.mark.property


def got(zone: str, name: str, side: int, record: object) -> Any:
    """Return the value of one rule."""
    return RULES[zone][NAMES.index(name)].lenses[side].get(record)


def shown(zone: str, name: str, side: int, record: object) -> Any:
    """Return the canonical value of one rule."""
    return canonical(RULES[zone][NAMES.index(name)], got(zone, name, side, record))


def put(zone: str, name: str, side: int, record: Any, value: object) -> Any:
    """Return the record after a value was put into it."""
    return attrs.evolve(record, **RULES[zone][NAMES.index(name)].lenses[side].put(record, value))


@EACH_RULE
@EACH_SIDE
@given(zone=ANY_ZONE, data=st.data())
def test_putting_back_what_was_got_changes_nothing(name: str, side: int, zone: str, data: st.DataObject) -> None:
    """GetPut: a task into which its own value is put stays as it is, but for a reminder that was off anyway."""
    record = data.draw(RECORDS[side])
    after = put(zone, name, side, record, got(zone, name, side, record))

    if name == "due_and_alarm" and side == 0 and record.reminder is None:
        after = attrs.evolve(after, is_reminder_on=record.is_reminder_on)
    assert after == record


@EACH_RULE
@EACH_SIDE
@given(zone=ANY_ZONE, data=st.data())
def test_getting_what_was_put_gives_it(name: str, side: int, zone: str, data: st.DataObject) -> None:
    """PutGet: what one side shows, the other shows once it was put there, as far as it can say it."""
    record, source = data.draw(RECORDS[side]), data.draw(RECORDS[1 - side])
    after = put(zone, name, side, record, got(zone, name, 1 - side, source))
    wanted, found = shown(zone, name, 1 - side, source), shown(zone, name, side, after)

    if name == "recurrence":
        return  # held by the test of what a side can't hold
    if name == "due_and_alarm" and side == 0 and after.due is None:
        assert found[1] == wanted[1]  # the day that stands in for a due day goes by the reminder
    elif name == "due_and_alarm" and side == 1 and found != wanted:
        assert found[0] == wanted[0]
        assert found[1] < wanted[1]
        assert found[1].utc.replace(second=0) <= LocalDays.of(zone).last_moment(after.due).utc
    else:
        assert found == wanted


@EACH_RULE
@EACH_SIDE
@given(zone=ANY_ZONE, data=st.data())
def test_a_second_round_trip_is_a_fixed_point(name: str, side: int, zone: str, data: st.DataObject) -> None:
    """Putting the other side's value twice is the same as once, byte for byte."""
    record, source = data.draw(RECORDS[side]), data.draw(RECORDS[1 - side])
    value = got(zone, name, 1 - side, source)
    once = put(zone, name, side, record, value)
    twice = put(zone, name, side, once, value)

    if name == "due_and_alarm" and side == 0 and once.due is None:
        # The day that stands in moved with the reminder: the second time it differs from what was asked, and is set.
        assert twice == attrs.evolve(once, due=twice.due)
    else:
        assert twice == once


@EACH_RULE
@EACH_SIDE
@given(zone=ANY_ZONE, data=st.data())
def test_putting_touches_only_its_own_fields(name: str, side: int, zone: str, data: st.DataObject) -> None:
    """A lens returns no field but those that it says it writes, and leaves every other rule's value alone."""
    record, source = data.draw(RECORDS[side]), data.draw(RECORDS[1 - side])
    lens = RULES[zone][NAMES.index(name)].lenses[side]
    fields = lens.put(record, got(zone, name, 1 - side, source))
    after = attrs.evolve(record, **fields)

    assert set(fields) <= set(lens.writes)
    before, now = ([shown(zone, each, side, one) for each in NAMES] for one in (record, after))
    others = [at for at, other in enumerate(NAMES) if other != name]
    assert [before[at] for at in others] == [now[at] for at in others]


@given(RECURRENCES)
def test_the_canonical_recurrence_is_its_own(recurrence: Any) -> None:
    """Canon is idempotent."""
    once: Any = canonical_repetition(recurrence)

    assert canonical_repetition(once) == once


@pytest.mark.behaviour("MX-T-11")
@given(todo=TODO_TASKS, task=CRM_TASKS)
def test_a_recurrence_arrives_or_is_left(todo: TodoTask, task: CrmTask) -> None:
    """A recurrence that is put is there on the same days, but for an end that can't be said, or not at all."""
    for side, record, source in ((0, todo, task), (1, task, todo)):
        after = put("Etc/GMT+0", "recurrence", side, record, source.recurrence)
        if source.recurrence is None or after.recurrence is None:
            assert after.recurrence in (None, record.recurrence)
        elif after != record:
            assert canonical_repetition(after.recurrence).pattern == canonical_repetition(source.recurrence).pattern  # type: ignore[attr-defined]  # both recur


def letters(text: str) -> str:
    """Return every character of a text, accents apart from their letters, without the space between them."""
    return "".join(unicodedata.normalize("NFD", text).split())


@pytest.mark.behaviour("MX-T-05")
@given(CRM_TASKS)
def test_no_text_is_lost_between_title_and_body(task: CrmTask) -> None:
    """A title never exceeds what To Do takes, and title and body together hold every character of the subject."""
    made = put("Etc/GMT+0", "text", 0, TodoTask("Old", "text"), got("Etc/GMT+0", "text", 1, task))

    assert 0 < len(made.title) <= LONGEST_TITLE
    assert letters(made.title + made.body) == letters(task.subject)


@pytest.mark.behaviour("MX-T-06")
@given(DAYS, DATES, st.none() | DATES | INSTANTS)
def test_a_day_stays_a_day_in_every_zone(days: LocalDays, day: date, moment: Any) -> None:
    """Whatever the zone and its gaps: a day that is sent is the day that is read, with or without a time of day."""
    assert days.shown_day(days.midnight(day)) == day
    assert days.day_of(days.same_time(day, moment)) == day
