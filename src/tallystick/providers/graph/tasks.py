"""Provide the tasks of *Microsoft To Do*: members are those of a list, which is a scope by its id.

The service finds a task by its list and its own id; both together, with a stroke between them, are the id of a record.
A task that a person moves to another list becomes another one. There is no way to move one here, nor to take it off
its list. Updates read what they rest on just before they are sent, besides asking for the version.

The token of a create is kept in a linked resource of the task, and found by listing them. A list of the sync's own is
known by an extension of its own.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import attrs

from tallystick.codecs.graph import TASKS, read_item
from tallystick.codecs.graph.codec import Body
from tallystick.codecs.graph.values import Json, objects, text
from tallystick.errors import InputError, ProviderError, SettingsError
from tallystick.ports import Capabilities, Create, CreateSafety, Item, Scope, Term, Update, free_title
from tallystick.providers.graph.asks import Ask, Asking, ask_all, ask_one
from tallystick.providers.graph.kind import Done, Kind
from tallystick.providers.graph.reading import answered, read_listings, read_rows
from tallystick.providers.graph.tags import Tags
from tallystick.providers.graph.wire import Wire, fitting, quoted
from tallystick.records import TodoTask

TASK_CAPABILITIES: Final = Capabilities(
    create_safety=CreateSafety.SEARCHABLE_TAG, batch_size=20, read_size=20, scopes=False, stable_ids=False
)
_APPLICATION: Final = "tallystick"
_EXTENSION: Final = "org.tallystick.list"
_NOT_FOUND: Final = 404
_WITH_LINKS: Final = "$expand=linkedResources"
_AT_ONCE: Final = "$top=100"
"""A page has ten tasks otherwise; a list keeps those that were completed, and is read to its end for a token."""


@attrs.define
class TaskKind(Kind[TodoTask]):
    """Tasks below ``base`` (``/me``)."""

    wire: Wire
    base: str
    capabilities: Capabilities = TASK_CAPABILITIES
    _tags: Tags = attrs.field(factory=lambda: Tags("tasks"))

    @property
    def _lists(self) -> str:
        return f"{self.base}/todo/lists"

    def scopes(self) -> Asking[Sequence[str]]:
        """Return the ids of the lists."""
        rows = yield from read_rows(self.wire, self._lists)
        return [text(row, "id") for row in rows]

    # --- reading -----------------------------------------------------------------------------------------------------

    def feed(self, scope: Scope) -> str:
        """Return the path of the list's delta query."""
        if scope.name is None or scope.window is not None:
            raise SettingsError("tasks are listed by list", where="scope", remedy="name the list by its id")
        return f"{self._lists}/{quoted(scope.name)}/tasks/delta"

    def listed_id(self, row_id: str, scope: Scope) -> str:
        """Return the id of a record that a row of the list's feed is about."""
        return f"{scope.name}/{row_id}"

    def path(self, id_: str) -> str:
        """Return the path of a task; an id that is none of ours leads to no list."""
        list_, _, task = id_.rpartition("/")
        return f"{self._lists}/{quoted(list_ or 'none')}/tasks/{quoted(task)}"

    def reading(self, id_: str) -> Ask:
        """Return the ask for a task."""
        return Ask("GET", f"{self.path(id_)}?{_WITH_LINKS}")

    def item(self, data: Json, scope: Scope, id_: str) -> Item[TodoTask]:
        """Return a task as an item."""
        list_ = id_.rpartition("/")[0]
        found = read_item(TASKS, data, member=lambda _: scope.name in (None, list_), token=_token)
        return attrs.evolve(found, id=id_)

    def searching(self, terms: Sequence[Term], scope: Scope) -> Asking[Sequence[Item[TodoTask]]]:
        """Return the tasks of all lists that any of the terms fits; tokens are looked for in all tasks."""
        if other := next((term.field for term in terms if term.field not in ("title", Term.TOKEN)), ""):
            raise SettingsError("tasks are not searched by this", where=other, remedy="title")
        tokens = {term.value for term in terms if term.field == Term.TOKEN}
        filters = [f"&$filter={fitting('title eq {}', term.value)}" for term in terms if term.field == "title"]
        lists = yield from self.scopes()
        asked = [(list_, one) for list_ in lists for one in (*filters, *([""] if tokens else []))]
        paths = [f"{self._lists}/{quoted(list_)}/tasks?{_WITH_LINKS}&{_AT_ONCE}{one}" for list_, one in asked]
        listings = yield from read_listings(self.wire, paths)
        found = [
            (titled, self.item(row, scope, f"{list_}/{text(row, 'id')}"))
            for (list_, titled), rows in zip(asked, listings, strict=True)
            for row in rows
        ]
        return [item for titled, item in found if titled or item.token in tokens]

    # --- writing -----------------------------------------------------------------------------------------------------

    def home(self, scope: Scope) -> str:
        """Return the path of the list."""
        if scope.name is None:
            raise SettingsError("a task needs a list", where="scope", remedy="name the list by its id")
        self._tags.require(self.capabilities)
        return f"{self._lists}/{quoted(scope.name)}/tasks"

    def made(self, write: Create[TodoTask], scope: Scope) -> Body:  # noqa: ARG002 -- the kind's
        """Return the body of a create, with its token."""
        link = {"applicationName": _APPLICATION, "displayName": _APPLICATION, "externalId": write.token}
        return {**TASKS.create(write.record), "linkedResources": [link]}

    def must_see(self, write: Update) -> bool:  # noqa: ARG002 -- the kind's
        """Tell that a task is always looked at: the service is not known to heed the version each time."""
        return True

    def patched(self, write: Update, present: TodoTask | None, scope: Scope) -> Body:
        """Return the body of an update."""
        if write.member is False or (write.member and write.id.rpartition("/")[0] != scope.name):
            raise InputError("a task stays on its list", where="member", remedy="delete it, and make it anew")
        return TASKS.patch(present or TodoTask(), write.fields)

    def settled(self, done: Sequence[Done], scope: Scope) -> Asking[Sequence[Item[TodoTask] | None]]:
        """Return what stands there; what was made is read once more for its token."""
        ids = [one.id or self.listed_id(text(one.answer, "id"), scope) for one in done]
        items = [self.item(one.answer, scope, id_) for one, id_ in zip(done, ids, strict=True)]
        made = [at for at, one in enumerate(done) if one.token]
        return (yield from self._tags.read_again(self, items, made, done, scope))

    # --- a list of the sync's own ------------------------------------------------------------------------------------

    def own_scope(self, title: str, token: str) -> Asking[Scope]:
        """Return the list that was made under ``token``, or a new one.

        Until it has its mark a list is called by the token as well, so that one is found again whose create got no
        answer. Only then is it given the title that people see.
        """
        rows = yield from read_rows(self.wire, self._lists)
        titles = {text(row, "id"): text(row, "displayName") for row in rows}
        begun = f"{title} ({blake2b(token.encode(), digest_size=8).hexdigest()})"
        mine = yield from self._marked(list(titles), token)
        if mine is None:
            mine = next((id_ for id_, name in titles.items() if name == begun), None)
            if mine is None:
                mine = yield from self._begin(begun, token)
            else:
                yield from self._leave_mark(mine, token)
        if titles.get(mine, begun) == begun:
            name = free_title(title, titles.values())
            answered((yield from ask_one(Ask("PATCH", f"{self._lists}/{quoted(mine)}", {"displayName": name}))))
        return Scope(mine)

    def _marked(self, ids: Sequence[str], token: str) -> Asking[str | None]:
        """Return the list that has the mark of ``token``."""
        answers = yield from ask_all([Ask("GET", self._mark(id_)) for id_ in ids])
        for id_, answer in zip(ids, answers, strict=True):
            if answer.fault is None and text(answer.body, "token") == token:
                return id_
            if answer.fault is not None and answer.status != _NOT_FOUND:  # it has no mark
                answered(answer)
        return None

    def _begin(self, title: str, token: str) -> Asking[str]:
        """Make a list and leave its mark; where it takes none, the list is not left behind.

        One that has a mark all the same was found by another worker meanwhile, and is that one's as well.
        """
        made = text(answered((yield from ask_one(Ask("POST", self._lists, {"displayName": title})))), "id")
        try:
            yield from self._leave_mark(made, token)
        except ProviderError:  # whatever it is, the next call makes a list anew, or goes on with this one
            if (yield from ask_one(Ask("GET", self._mark(made)))).status == _NOT_FOUND:
                yield from ask_one(Ask("DELETE", f"{self._lists}/{quoted(made)}"))
            raise
        return made

    def _leave_mark(self, id_: str, token: str) -> Asking[None]:
        mark: Body = {"@odata.type": "#microsoft.graph.openTypeExtension", "extensionName": _EXTENSION, "token": token}
        answered((yield from ask_one(Ask("POST", f"{self._lists}/{quoted(id_)}/extensions", mark))))
        kept = yield from ask_one(Ask("GET", self._mark(id_)))
        if kept.status == _NOT_FOUND or text(answered(kept), "token") != token:
            remedy = "make a list by hand, and name it in the scope by its id"
            raise ProviderError("the mailbox does not keep the mark of a list", where="own_scope", remedy=remedy)

    def _mark(self, id_: str) -> str:
        return f"{self._lists}/{quoted(id_)}/extensions/{_EXTENSION}"


def _token(data: Json) -> str | None:
    rows = objects(data, "linkedResources")
    ours = (row for row in rows if text(row, "applicationName") == _APPLICATION)
    return next((text(row, "externalId") or None for row in ours), None)
