"""Tasks in calendar files: what is written is read back, and what a form does not speak of stays."""

# ruff: noqa: ANN401 - these take whatever they are given

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given

from tallystick.codecs.icalendar import CrmTaskForm, IcsCodec, TodoTaskForm
from tallystick.profiles.task_lenses import canonical_repetition
from tallystick.records import CrmTask, Importance, TodoStatus, TodoTask
from tallystick.recurrence import Instant
from tests.property.task_strategies import CRM_TASKS, TODO_TASKS

TODO, CRM = IcsCodec(TodoTaskForm()), IcsCodec(CrmTaskForm())


def written(codec: Any, record: Any, lists: tuple[str, ...] = ()) -> Any:
    """Return the row of a record as a file has it, read again."""
    blank = codec.blank()
    if blank.refusal(None, record, lists):
        return None
    fresh = blank.fresh("7", record, lists)
    (row,) = codec.decode(blank.encode([fresh]), "tasks.ics").rows
    assert (row.record, row.lists, row.version) == (fresh.record, fresh.lists, fresh.version)
    return row


def plain(record: Any) -> Any:
    """Return a task without what a calendar does not say, its recurrence in one spelling."""
    said = attrs.evolve(record, recurrence=canonical_repetition(record.recurrence))
    if isinstance(record, TodoTask):
        off = None if not record.is_reminder_on else record.reminder
        return attrs.evolve(said, created=None, start=None, reminder=off, is_reminder_on=off is not None)
    return said


@pytest.mark.property
@given(TODO_TASKS)
def test_a_to_do_task_comes_back(task: TodoTask) -> None:
    """Title, body, status, importance, days, reminder and recurrence are read as they were written."""
    row = written(TODO, task, ("Maximizer",))
    if row is not None:
        assert row.lists == ("Maximizer",)
        assert plain(row.record) == plain(task)


@pytest.mark.property
@given(CRM_TASKS)
def test_a_crm_task_comes_back(task: CrmTask) -> None:
    """The same of a CRM's task, but for the line ends of its subject."""
    row = written(CRM, attrs.evolve(task, assigned_to=("ada",)), ("ada",))
    if row is not None:
        assert row.record.subject.split() == task.subject.split()
        assert plain(attrs.evolve(row.record, subject="")) == plain(
            attrs.evolve(task, subject="", assigned_to=("ada",))
        )


FOREIGN = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VTODO\r
UID:7\r
SUMMARY:Call\\, then write\r
DUE;TZID=America/New_York:20260302T093000\r
STATUS:IN-PROCESS\r
PERCENT-COMPLETE:40\r
PRIORITY:2\r
X-OTHER:stays\r
RRULE:FREQ=MONTHLY;BYDAY=1MO,3MO\r
BEGIN:VALARM\r
ACTION:DISPLAY\r
TRIGGER;RELATED=END:-PT15M\r
END:VALARM\r
END:VTODO\r
END:VCALENDAR\r
"""


@pytest.mark.behaviour("TS-17")
def test_what_a_form_does_not_speak_of_stays() -> None:
    """A rule that no pattern says, another alarm and other properties stay, and one change touches one property."""
    document = TODO.decode(FOREIGN, "tasks.ics")
    (row,) = document.rows
    assert (row.record.title, row.record.status) == ("Call, then write", TodoStatus.IN_PROGRESS)
    assert (row.record.importance, row.record.recurrence) == (Importance.HIGH, None)
    assert row.record.due == Instant(datetime(2026, 3, 2, 14, 30, tzinfo=UTC))
    assert not row.record.is_reminder_on
    assert document.encode(document.rows) == FOREIGN

    done = document.amend(row, attrs.evolve(row.record, status=TodoStatus.COMPLETED), row.lists)
    changed = document.encode([done]).replace(b"STATUS:COMPLETED\r\n", b"STATUS:IN-PROCESS\r\nPERCENT-COMPLETE:40\r\n")
    assert changed == FOREIGN


@pytest.mark.behaviour("MX-T-08")
def test_a_word_of_ours_counts_beside_its_plain_one_alone() -> None:
    """Waiting is in process to other programs; what such a program makes of it is what counts."""
    row = written(TODO, TodoTask("Call", status=TodoStatus.WAITING_ON_OTHERS))
    assert row.record.status is TodoStatus.WAITING_ON_OTHERS
    blank = TODO.blank()
    data = blank.encode([blank.fresh("7", row.record, ())])
    for plain_word, status in ((b"COMPLETED", TodoStatus.COMPLETED), (b"NEEDS-ACTION", TodoStatus.NOT_STARTED)):
        (read,) = TODO.decode(data.replace(b"STATUS:IN-PROCESS", b"STATUS:" + plain_word), "tasks.ics").rows
        assert read.record.status is status


def test_a_text_that_a_line_can_not_hold_is_refused() -> None:
    """A control character would end its line: the field is named, and nothing is written."""
    assert TODO.blank().refusal(None, TodoTask("a\x00b"), ()) == "control:SUMMARY"
    assert CRM.blank().refusal(None, CrmTask("a", priority="\x00"), ()) == "control:X-TALLYSTICK-PRIORITY"
