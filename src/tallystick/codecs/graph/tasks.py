"""Provide tasks and task lists as Graph has them (resource types *todoTask* and *todoTaskList*).

A body in HTML is read as its text. Times are instants, written in UTC; the service keeps no zone of them. A task is
created with a title, and with a due date if it recurs: the service refuses one without, and so does this codec.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import attrs

from tallystick.codecs.graph.codec import Body, GraphCodec, Group, text_group, texts_group, value_group, word_group
from tallystick.codecs.graph.recurring import read_recurrence, write_recurrence
from tallystick.codecs.graph.values import Json, flag, inner, instant, text, texts, word, zoned_instant, zoned_utc
from tallystick.errors import InputError
from tallystick.records import BodyType, Importance, TodoStatus, TodoTask
from tallystick.recurrence import Instant
from tallystick.rich_text import plain_text


def _read(data: Json, zones: Iterable[str]) -> TodoTask:
    zones = tuple(zones)
    created = instant(data, "createdDateTime")
    return TodoTask(
        title=text(data, "title"),
        body=_body(inner(data, "body")),
        status=word(data, "status", TodoStatus.NOT_STARTED, TodoStatus.NOT_STARTED),
        importance=word(data, "importance", Importance.NORMAL, Importance.NORMAL),
        due=zoned_instant(data, "dueDateTime", zones),
        is_reminder_on=flag(data, "isReminderOn"),
        reminder=zoned_instant(data, "reminderDateTime", zones),
        completed=zoned_instant(data, "completedDateTime", zones),
        recurrence=read_recurrence(data, zones),
        categories=texts(data, "categories"),
        start=zoned_instant(data, "startDateTime", zones),
        created=None if created is None else Instant(created),
    )


def _body(data: Json) -> str:
    content = text(data, "content")
    is_html = word(data, "contentType", BodyType.TEXT, BodyType.TEXT) is BodyType.HTML
    return plain_text(content) if is_html else content


def _write_title(task: TodoTask, source: Json) -> Body:
    if not task.title and not source:
        raise InputError("a task without a title", where="todoTask.title", remedy="the service takes none")
    return {"title": task.title}


def _write_body(task: TodoTask, source: Json) -> Body:
    present = inner(source, "body")
    if present and _body(present) == task.body:
        content_type = word(present, "contentType", BodyType.TEXT, BodyType.TEXT)
        return {"body": {**present, "contentType": str(content_type)}}
    return {"body": {"content": task.body, "contentType": str(BodyType.TEXT)}}


def _write_recurrence(task: TodoTask, source: Json) -> Body:
    if task.recurrence is not None and task.due is None and not source:
        remedy = "give it the due date of its first time"
        raise InputError("a recurring task without a due date", where="todoTask.due", remedy=remedy)
    return {"recurrence": write_recurrence(task.recurrence, None, source)}


def _instant_group(field: str, key: str) -> Group[TodoTask]:
    return value_group(field, key, zoned_utc)


TASKS: Final = GraphCodec(
    "todoTask",
    TodoTask,
    _read,
    (
        Group(("title",), _write_title),
        Group(("body",), _write_body),
        word_group("status", "status"),
        word_group("importance", "importance"),
        _instant_group("due", "dueDateTime"),
        value_group("is_reminder_on", "isReminderOn", bool),
        _instant_group("reminder", "reminderDateTime"),
        _instant_group("completed", "completedDateTime"),
        Group(("recurrence",), _write_recurrence),
        texts_group("categories", "categories"),
        _instant_group("start", "startDateTime"),
    ),
    read_only=frozenset({"created"}),
)
"""Tasks of To Do."""


class WellKnownList(StrEnum):
    """What a list is to the service. Those that are anything but NONE can be neither renamed nor deleted."""

    NONE = "none"
    DEFAULT = "defaultList"
    FLAGGED_EMAILS = "flaggedEmails"
    UNKNOWN = "unknownFutureValue"


@attrs.frozen(repr=False)
class TodoList:
    """A list of tasks. All but its name are the service's own."""

    display_name: str = ""
    is_owner: bool = True
    is_shared: bool = False
    well_known: WellKnownList = WellKnownList.NONE


def _read_list(data: Json, _: Iterable[str]) -> TodoList:
    return TodoList(
        text(data, "displayName"),
        flag(data, "isOwner", default=True),
        flag(data, "isShared"),
        word(data, "wellknownListName", WellKnownList.NONE, WellKnownList.UNKNOWN),
    )


TODO_LISTS: Final = GraphCodec(
    "todoTaskList",
    TodoList,
    _read_list,
    (text_group("display_name", "displayName"),),
    read_only=frozenset({"is_owner", "is_shared", "well_known"}),
)
"""Lists of To Do."""


@attrs.frozen(repr=False)
class Category:
    """A category of a mailbox's own list; ``color`` is one of the service's words: none, preset0 to preset24."""

    display_name: str = ""
    color: str = "none"


_COLORS: Final = {word.casefold(): word for word in ("none", *(f"preset{number}" for number in range(25)))}


def _read_category(data: Json, _: Iterable[str]) -> Category:
    return Category(text(data, "displayName"), _COLORS.get(text(data, "color").casefold(), "none"))


CATEGORIES: Final = GraphCodec(
    "outlookCategory",
    Category,
    _read_category,
    (text_group("display_name", "displayName"), word_group("color", "color")),
)
"""The categories of a mailbox. The service takes a new name for none of them: a patch sets the colour."""
