"""Provide a draft of a file's rows: writes are tried on it one by one, and it is saved as a whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from tallystick.codecs.document import Document, Row, Shape, unreadable_in
from tallystick.errors import SettingsError
from tallystick.field_types import misfit
from tallystick.mapping import evolved
from tallystick.ports import Create, Item, Outcome, Remove, Scope, Status, Update
from tallystick.text import fold

R = TypeVar("R")
_UNREADABLE: Final = Outcome[Any](Status.REFUSED, code="unreadable")


def lies_in(row: Row[R], shape: Shape[R], scope: Scope) -> bool:
    """Tell whether a row belongs to the days of a scope, if it has any."""
    return scope.window is None or shape.lies_in is None or shape.lies_in(row.record, scope.window)


def listed(rows: Iterable[Row[R]], shape: Shape[R], scope: Scope) -> list[Item[R]]:
    """Return the rows of a scope, as items."""
    return [as_item(row, scope) for row in rows if is_member(row, scope) and lies_in(row, shape, scope)]


def refuse_window(shape: Shape[R], scope: Scope, where: str) -> None:
    """Raise SettingsError where records that have no time are to be listed by time."""
    if scope.window is not None and shape.lies_in is None:
        raise SettingsError("these records have no time to be listed by", where=where)


def is_member(row: Row[R], scope: Scope) -> bool:
    """Tell whether a row belongs to a scope; without a name the scope is the whole file."""
    return scope.name is None or fold(scope.name) in map(fold, row.lists)


def as_item(row: Row[R], scope: Scope) -> Item[R]:
    """Return a row as an item; the id of a row that we made is its token."""
    return Item(row.id, row.version, row.record, is_member(row, scope), row.modified, row.id)


class Draft(Generic[R]):
    """Rows by id, as they will be once saved; ``changed`` tells that there is something to save."""

    def __init__(
        self, document: Document[R], shape: Shape[R], rows: Mapping[str, Row[R]], scope: Scope, now: datetime | None
    ) -> None:
        self.rows: dict[str, Row[R]] = dict(rows)
        self.changed: bool = False
        self._document = document
        self._shape = shape
        self._scope = scope
        self._now = now
        self._unreadable = unreadable_in(document)

    def create(self, write: Create[R]) -> Outcome[R]:
        """Add a row under the write's token; a repeat is answered with the first."""
        if not write.token:
            return Outcome(Status.REFUSED, code="no_token")
        if first := self.rows.get(write.token):
            return Outcome(Status.DONE, as_item(first, self._scope))
        if write.token in self._unreadable:
            return _UNREADABLE
        own = self._shape.own_lists(write.record) or ()
        lists = _placed(own, self._scope.name, member=write.member)
        record = self._shape.listed(write.record, lists)
        if code := self._document.refusal(None, record, lists):
            return Outcome(Status.REFUSED, code=code)
        return self._put(self._document.fresh(write.token, record, lists, self._now))

    def update(self, write: Update) -> Outcome[R]:
        """Change a row, if it still has the version that the write rests on."""
        row = self.rows.get(write.id)
        if row is None:
            return _UNREADABLE if write.id in self._unreadable else Outcome(Status.GONE)
        if write.version is not None and write.version != row.version:
            return Outcome(Status.CHANGED)
        if code := misfit(type(row.record), write.fields, wrong="invalid"):
            return Outcome(Status.REFUSED, code=code)
        record = evolved(row.record, write.fields)
        own = self._shape.own_lists(record)
        lists = row.lists if own is None else own
        if write.member is not None:
            lists = _placed(lists, self._scope.name, member=write.member)
        record = self._shape.listed(record, lists)
        if record == row.record and lists == row.lists:
            return Outcome(Status.DONE, as_item(row, self._scope))
        if code := self._document.refusal(row, record, lists):
            return Outcome(Status.REFUSED, code=code)
        return self._put(self._document.amend(row, record, lists, self._now))

    def remove(self, write: Remove) -> Outcome[R]:
        """Take a row out of the file."""
        row = self.rows.get(write.id)
        if row is None:
            return _UNREADABLE if write.id in self._unreadable else Outcome(Status.GONE)
        if write.version is not None and write.version != row.version:
            return Outcome(Status.CHANGED)
        del self.rows[write.id]
        self.changed = True
        return Outcome(Status.DONE)

    def _put(self, row: Row[R]) -> Outcome[R]:
        self.rows[row.id] = row
        self.changed = True
        return Outcome(Status.DONE, as_item(row, self._scope))


def _placed(lists: Sequence[str], name: str | None, *, member: bool) -> tuple[str, ...]:
    """Return ``lists`` with ``name`` joined or left; the whole file can be neither joined nor left."""
    if name is None:
        return tuple(lists)
    others = tuple(each for each in lists if fold(each) != fold(name))
    if not member:
        return others
    return tuple(lists) if len(others) < len(lists) else (*lists, name)
