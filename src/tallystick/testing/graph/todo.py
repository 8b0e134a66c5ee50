"""Provide the simulated lists of *Microsoft To Do* and their tasks.

===========================  ======================================================================================
title                        required when a task is made
recurrence                   needs a due date, moves it to a day of the pattern, comes back with every field filled in
due and completed            days, kept as the instant of a midnight
a task's id                  is its own within its list; one that is moved by a person gets another
linked resources             are kept from the create, and shown where they are asked for with ``$expand``
extensions of a list         are made and read one by one; those sent along with a list are not kept
===========================  ======================================================================================
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from tallystick.codecs.graph import TASKS
from tallystick.ports import Clock
from tallystick.providers.memory.quirks import Quirks
from tallystick.providers.memory.todo import todo_shape
from tallystick.records import TodoTask
from tallystick.testing.graph.drawer import Drawer, Row, as_body, as_rows
from tallystick.testing.graph.exchange import Body, GraphQuirks, Refused, Request, Response
from tallystick.testing.graph.listings import Entry, Feed, listing, removed, selected
from tallystick.testing.graph.person import Hands

_DEFAULTS: Final[Mapping[str, object]] = {
    "title": "",
    "body": {"content": "", "contentType": "text"},
    "status": "notStarted",
    "importance": "normal",
    "isReminderOn": False,
    "hasAttachments": False,
    "categories": [],
}
_READ_ONLY: Final = frozenset({"id", "createdDateTime", "lastModifiedDateTime", "bodyLastModifiedDateTime"})


class Todo(Hands[TodoTask]):
    """The task lists of a mailbox. A person edits tasks through :class:`Hands`; ids are those of the tasks alone."""

    def __init__(self, clock: Clock, quirks: GraphQuirks, habits: Quirks) -> None:
        self.lists: Drawer = Drawer(clock, "AQMkList", outlook=False, dated=False)
        self.drawer: Drawer = Drawer(clock, "AQMk", outlook=False)
        self._clock, self._quirks = clock, quirks
        self._settles = todo_shape(habits).settles
        self.default: str = self.make_list("Tasks", well_known="defaultList")
        super().__init__(TASKS, self.drawer, self.default)

    def make_list(self, title: str, *, well_known: str = "none") -> str:
        """Make a list and return its id."""
        shared = {"isOwner": True, "isShared": False, "wellknownListName": well_known}
        return self.lists.add("", {"displayName": title, **shared}).id

    def delete_list(self, id_: str) -> None:
        """Delete a list with all its tasks."""
        for row in list(self.drawer.within(id_)):
            self.drawer.drop(row)
        self.lists.drop(self.lists.find(id_))

    def list_of(self, id_: str) -> str:
        """Return the id of the list that a task is on."""
        return self.drawer.find(id_).folder

    # --- what clients ask --------------------------------------------------------------------------------------------

    def respond(self, request: Request, path: Sequence[str]) -> Response:
        """Answer a request below the lists."""
        match request.method, *path:
            case ("GET",):
                return listing(request, self.lists.rows.values(), self.lists.shown, self._quirks)
            case ("POST",):
                return Response(201, self.lists.shown(self.lists.find(self.make_list(_title(request, "displayName")))))
            case _, str(list_), "extensions", *rest:
                return self._extensions(request, self.lists.find(list_), rest)
            case method, str(list_):
                return self._list(method, request, self.lists.find(list_))
            case method, str(list_), "tasks", *rest:
                return self._tasks(method, request, self.lists.find(list_).id, rest)
        raise Refused(400, "invalidRequest")

    def _list(self, method: str, request: Request, row: Row) -> Response:
        if method == "DELETE":
            self.delete_list(row.id)
            return Response(204)
        if method == "PATCH":
            row.body["displayName"] = _title(request, "displayName")
            self.lists.touch(row)
        return Response(200, self.lists.shown(row))

    def _extensions(self, request: Request, row: Row, rest: Sequence[str]) -> Response:
        known = {str(one["extensionName"]): one for one in row.links}
        if request.method == "POST" and not rest:
            given = as_body(request.body)
            name = str(given["extensionName"])
            row.links = [*(one for key, one in known.items() if key != name), given]
            return Response(201, {**given, "id": f"microsoft.graph.openTypeExtension.{name}"})
        if request.method == "GET" and len(rest) == 1 and rest[0] in known:
            return Response(200, {**known[rest[0]], "id": f"microsoft.graph.openTypeExtension.{rest[0]}"})
        raise Refused(404, "ErrorItemNotFound")

    def _tasks(self, method: str, request: Request, list_: str, rest: Sequence[str]) -> Response:
        match method, *rest:
            case "GET", "delta":
                return Feed(self.drawer, list_, self._told, self._quirks).answer(request)
            case ("GET",):
                expand = request.query.get("$expand", "")
                rows = self.drawer.within(list_)
                return listing(request, rows, lambda row: self._shown(row, expand), self._quirks)
            case ("POST",):
                row = self.create(list_, as_body(request.body))
                return Response(201, self._shown(row, "linkedResources"))
            case _, str(id_):
                row = self.drawer.find(id_)
                if row.folder != list_:
                    raise Refused(404, "ErrorItemNotFound")
                return self._one(method, request, row)
        raise Refused(405, "invalidRequest")

    def _one(self, method: str, request: Request, row: Row) -> Response:
        if method == "GET":
            return Response(200, self._shown(row, request.query.get("$expand", "")))
        self.drawer.require(row, request.header("If-Match"))
        if method == "PATCH":
            self.change(row, as_body(request.body))
            return Response(200, self._shown(row, ""))
        self.drawer.drop(row)
        return Response(204)

    def _shown(self, row: Row, expand: str) -> Body:
        shown = self.drawer.shown(row)
        return {**shown, "linkedResources": row.links} if "linkedResources" in expand else shown

    def _told(self, entry: Entry, options: Mapping[str, str]) -> list[Body]:
        if not isinstance(entry, Row):
            return removed(entry.id)
        return [selected(self.drawer.shown(entry), options.get("$select", ""))]

    # --- what becomes of them ----------------------------------------------------------------------------------------

    def create(self, folder: str, body: Body) -> Row:
        """Make a task of a request's body, as the service keeps it."""
        if not body.get("title"):
            raise Refused(400, "invalidRequest")
        given = {key: value for key, value in body.items() if key not in ("linkedResources", "extensions")}
        row = self.drawer.add(folder, _DEFAULTS)
        try:
            self._settle(row, given)
        except Refused:
            self.drawer.drop(row)
            raise
        if self._quirks.keeps_properties:
            links = as_rows(body.get("linkedResources"))
            row.links = [{**one, "id": f"link{number}"} for number, one in enumerate(links)]
        return row

    def change(self, row: Row, body: Body) -> None:
        """Set properties of a task."""
        self._settle(row, body)
        self.drawer.touch(row, changed=frozenset(body))

    def _settle(self, row: Row, given: Body) -> None:
        """Take in what a write makes of a task; a recurring one that is completed may make another task."""
        merged = {**row.body, **{key: value for key, value in given.items() if key not in _READ_ONLY}}
        task = TASKS.read(merged)
        if task.recurrence is not None and task.due is None:
            raise Refused(400, "invalidRequest")
        at: datetime = self._clock.now()
        assert self._settles is not None  # noqa: S101 -- for the type checker
        first, *others = self._settles(task, at)
        row.body = _without_nulls(TASKS.encode(first, _filled(merged)))
        for other in others:
            self.drawer.add(row.folder, {**_DEFAULTS, **_without_nulls(TASKS.encode(other))})


def _filled(body: Body) -> Body:
    """Return a body whose recurrence, if there is one, is taken as it is."""
    return body


def _without_nulls(body: Body) -> Body:
    return {key: value for key, value in body.items() if value is not None}


def _title(request: Request, key: str) -> str:
    title = as_body(request.body).get(key)
    if not isinstance(title, str) or not title:
        raise Refused(400, "invalidRequest")
    return title
