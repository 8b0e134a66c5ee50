"""Provide the task lists of a mailbox as *Microsoft To Do* keeps them behind Microsoft Graph.

===================  ============================================================================================
due and completed    days, kept as the instant of a midnight: the person's own, or UTC's where a program wrote them
recurrence           needs a due day, moves it to a day of the pattern, and comes back with every field filled in
number of times      always reported as 0
completing           sets the completed day; what becomes of a recurring task is one of three habits
lists                an id each, whatever they are called; a task that is moved to another list gets another id
a list that is gone  is an error, not an empty list
===================  ============================================================================================
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import attrs

from tallystick.errors import ScopeGone, UnknownRecord
from tallystick.ports.capabilities import Capabilities, CreateSafety
from tallystick.ports.clock import Clock
from tallystick.ports.item import Page, Scope
from tallystick.ports.scope_maker import free_title
from tallystick.ports.write import Create, Outcome
from tallystick.providers.memory.collection import MemoryCollection
from tallystick.providers.memory.membership import Lists, Names
from tallystick.providers.memory.quirks import Completing, Quirks
from tallystick.providers.memory.recurring import day_from, settled
from tallystick.providers.memory.shape import SearchField, Shape
from tallystick.records import TodoStatus, TodoTask
from tallystick.recurrence import Instant, LocalDays, Recurrence, graph_shape, recurrence_from_graph, utc_midnight

TODO_CAPABILITIES = Capabilities(create_safety=CreateSafety.SEARCHABLE_TAG, batch_size=20, read_size=20)
"""Deltas, versions, a tag in a linked resource, and the twenty requests of a $batch."""

_LONGEST_TITLE = 255


@attrs.define
class _TodoList:
    title: str
    token: str = ""


class TodoLists(MemoryCollection[TodoTask]):
    """The tasks of a mailbox; scopes are its lists, by id. Every mailbox has the list Tasks.

    Args:
        account: The name of the account.
        capabilities: What the mailbox declares of itself, and keeps to.
        clock: Gives each write its time.
        page_size: Items on a page of a feed, 1 to 1000.
        seed: Decides the disorder of the feed, where ``quirks`` ask for any.
        quirks: What the service does beyond the plain.
    """

    def __init__(
        self,
        account: str = "outlook",
        *,
        capabilities: Capabilities = TODO_CAPABILITIES,
        clock: Clock | None = None,
        page_size: int = 10,
        seed: int = 0,
        quirks: Quirks | None = None,
    ) -> None:
        quirks = quirks or Quirks()
        super().__init__(
            todo_shape(quirks),
            account=account,
            membership=OneList(),
            capabilities=capabilities,
            clock=clock,
            page_size=page_size,
            seed=seed,
            quirks=quirks,
        )
        self.days: LocalDays = LocalDays.of(quirks.zone)
        self._lists: dict[str, _TodoList] = {}
        self._made = 0
        self.make_list("Tasks")

    # --- what a person does ------------------------------------------------------------------------------------------

    def titles(self) -> dict[str, str]:
        """Return what each list is called, by id."""
        return {id_: each.title for id_, each in self._lists.items()}

    def make_list(self, title: str) -> str:
        """Make a list and return its id."""
        return self._make(title, "")

    def rename_list(self, id_: str, title: str) -> None:
        """Call a list something else; its id stays."""
        self._list(id_).title = title

    def delete_list(self, id_: str) -> None:
        """Delete a list with all its tasks."""
        self._list(id_)
        for task in self.ids(id_):
            self.delete(task)
        del self._lists[id_]

    def move_to(self, id_: str, list_: str) -> str:
        """Move a task to another list and return the id that it has there; nothing leads from the old one to it."""
        self._list(list_)
        record = self.record(id_)
        self.delete(id_)
        return self.insert(record, lists=(list_,))

    def complete(self, id_: str) -> None:
        """Complete a task, or the present occurrence of a recurring one."""
        self.edit(id_, status=TodoStatus.COMPLETED)

    # --- what a sync asks for ----------------------------------------------------------------------------------------

    def scopes(self) -> list[str]:
        """Return nothing: a list that is there can't be chosen."""
        return []

    def own_scope(self, title: str, token: str) -> Scope:
        """Return the list that was made under ``token``, or a new one, as :class:`tallystick.ports.ScopeMaker` says."""
        known = next((id_ for id_, each in self._lists.items() if token and each.token == token), None)
        return Scope(known or self._make(free_title(title, self.titles().values()), token))

    def changes(self, cursor: str | None, scope: Scope) -> Page[TodoTask]:
        """Return one page of a list; ScopeGone where there is no such list."""
        self._require_list(scope)
        return super().changes(cursor, scope)

    def create(self, batch: Sequence[Create[TodoTask]], scope: Scope) -> list[Outcome[TodoTask]]:
        """Create tasks on a list; ScopeGone where there is no such list."""
        self._require_list(scope)
        return super().create(batch, scope)

    def _make(self, title: str, token: str) -> str:
        self._made += 1
        id_ = f"list{self._made}"
        self._lists[id_] = _TodoList(title, token)
        return id_

    def _list(self, id_: str) -> _TodoList:
        if id_ not in self._lists:
            raise UnknownRecord("there is no such list", where=id_)
        return self._lists[id_]

    def _require_list(self, scope: Scope) -> None:
        if scope.name is not None and scope.name not in self._lists:
            raise ScopeGone(
                "the task list is gone", where=self.account, remedy="ask for it anew with own_scope(), and run again"
            )


class OneList(Lists[TodoTask]):
    """Scopes are lists beside the records, of which a record is on one at a time."""

    def place(self, record: TodoTask, lists: Names, name: str, member: bool) -> tuple[TodoTask, Names]:  # noqa: FBT001 -- the protocol's
        """Return the same record, on the list ``name`` alone, or no longer on it."""
        return record, (name,) if member else tuple(each for each in lists if each != name)


def todo_shape(quirks: Quirks) -> Shape[TodoTask]:
    """Return what To Do knows of tasks, and makes of them."""
    days = LocalDays.of(quirks.zone)

    def settles(task: TodoTask, at: datetime) -> tuple[TodoTask, ...]:
        return _settled(_dated(task, days, at), days, quirks.completing)

    return Shape(
        TodoTask,
        searches={"title": SearchField(lambda task: (task.title,))},
        holds=lambda task: "missing:due" if task.recurrence and task.due is None else "",
        checks={"title": _refused_title},
        mint=lambda number: f"AQMk{number}==",
        settles=settles,
    )


def _refused_title(task: TodoTask) -> str:
    if not task.title.strip():
        return "missing:title"
    return "too_long:title" if len(task.title) > _LONGEST_TITLE else ""


def _dated(task: TodoTask, days: LocalDays, at: datetime) -> TodoTask:
    """Return a task with the times that the service sets: created, days as midnights, completed, due in the pattern."""
    due = _kept_day(task.due, days)
    recurrence = task.recurrence and _echoed(task.recurrence)
    done = task.status is TodoStatus.COMPLETED
    if recurrence and due and not done:
        due = _in_pattern(recurrence, due, days)
    completed = _kept_day(task.completed, days) or days.midnight(days.day_of(Instant(at)))
    return attrs.evolve(
        task,
        due=due,
        recurrence=recurrence,
        completed=completed if done else None,
        created=task.created or Instant(at),
    )


def _kept_day(instant: Instant | None, days: LocalDays) -> Instant | None:
    """Return a day as it is kept: the person's midnight or UTC's as it is, any other time as its day's in UTC."""
    if instant is None or instant == days.midnight(days.shown_day(instant)):
        return instant
    return utc_midnight(days.shown_day(instant))


def _in_pattern(recurrence: Recurrence, due: Instant, days: LocalDays) -> Instant:
    """Return the due day, or UTC's midnight of the next day of the pattern."""
    first = day_from(recurrence, days.shown_day(due))
    return due if first is None or first == days.shown_day(due) else utc_midnight(first)


def _settled(task: TodoTask, days: LocalDays, completing: Completing) -> tuple[TodoTask, ...]:
    if task.recurrence is None or task.due is None or task.status is not TodoStatus.COMPLETED:
        return (task,)
    day = days.shown_day(task.due)
    following = day_from(task.recurrence, day + timedelta(days=1))
    onward = None if following is None else _moved_on(task, days, following)
    return settled(task, completing, alone=_alone, onward=onward)


def _alone(task: TodoTask) -> TodoTask:
    return attrs.evolve(task, recurrence=None)


def _moved_on(task: TodoTask, days: LocalDays, following: date) -> TodoTask:
    """Return a task on its next day, its reminder as long before it as it was."""
    assert task.due is not None  # noqa: S101 -- the caller's; for the type checker
    later = following - days.shown_day(task.due)
    reminder = task.reminder and Instant(task.reminder.utc + later)
    return attrs.evolve(
        task, status=TodoStatus.NOT_STARTED, completed=None, due=days.midnight(following), reminder=reminder
    )


def _echoed(recurrence: Recurrence) -> Recurrence:
    """Return a recurrence as the service answers: every field filled in, whatever its type, and no count."""
    shape = graph_shape(recurrence)
    pattern = {"month": 0, "dayOfMonth": 0, "daysOfWeek": [], "firstDayOfWeek": "sunday", "index": "first"}
    range_ = {"endDate": "0001-01-01", "recurrenceTimeZone": "UTC"}
    given_pattern, given_range = shape["pattern"], shape["range"]
    assert isinstance(given_pattern, dict)  # noqa: S101 -- for the type checker
    assert isinstance(given_range, dict)  # noqa: S101 -- the same
    return recurrence_from_graph(
        {"pattern": {**pattern, **given_pattern}, "range": {**range_, **given_range, "numberOfOccurrences": 0}}
    )
