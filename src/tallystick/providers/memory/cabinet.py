"""Provide the cabinet: what was written, and what reads show of it.

A service that shows writes late has two shelves: one as written, on which versions are checked, and one as seen,
which follows it at the declared distance. A service without that lag has one shelf that is both.
"""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from tallystick.errors import UnknownRecord
from tallystick.ports.clock import Clock
from tallystick.ports.item import Item
from tallystick.providers.memory.membership import Membership, Names
from tallystick.providers.memory.row import Gone, Row
from tallystick.providers.memory.shape import Shape
from tallystick.providers.memory.shelf import Shelf
from tallystick.providers.memory.virtual_clock import VirtualClock

R = TypeVar("R")


class Cabinet(Generic[R]):
    """The records of one collection. Every write gives its row a new version and the time of the write."""

    def __init__(
        self,
        shape: Shape[R],
        membership: Membership[R],
        clock: Clock,
        *,
        lag: timedelta,
        keep_stale: bool,
        show_tokens: bool,
    ) -> None:
        self.shape = shape
        self.membership = membership
        self.written: Shelf[R] = Shelf(shape, keep_stale=keep_stale)
        self._seen: Shelf[R] = Shelf(shape, keep_stale=keep_stale) if lag else self.written
        self._unseen: deque[tuple[datetime, Row[R] | Gone]] = deque()
        self._lag = lag
        self._now = clock.now
        self._stamp: Callable[[], datetime] = clock.tick if isinstance(clock, VirtualClock) else clock.now
        self._show_tokens = show_tokens
        self._minted = 0
        self._scopes: set[str] = set()

    def row(self, id_: str) -> Row[R]:
        """Return the row as it was last written."""
        row = self.written.rows.get(id_)
        if row is None:
            raise UnknownRecord("there is no such record", where=id_)
        return row

    def seen(self) -> Shelf[R]:
        """Return the shelf that reads show now."""
        if self._unseen:
            horizon = self._now() - self._lag
            while self._unseen and self._unseen[0][0] <= horizon:
                entry = self._unseen.popleft()[1]
                self._seen.drop(entry) if isinstance(entry, Gone) else self._seen.put(entry)
        return self._seen

    def declare(self, names: Iterable[str]) -> None:
        """Make scopes known that may have no members."""
        self._scopes.update(names)

    def scopes(self) -> list[str]:
        """Return every scope that was declared, or ever had a member, in alphabetical order."""
        return sorted(self._scopes)

    def add(self, record: R, lists: Names, *, id_: str | None = None, token: str | None = None) -> Row[R]:
        """Write a new record, under an id of the service's own making unless one is given."""
        at = self._stamp()
        record, *more = self._settled(record, at)
        row = self._put(id_ or self._mint(), record, lists, (), token, at)
        self._add_more(more, lists)
        return row

    def add_all(self, records: Iterable[R], lists: Names) -> list[str]:
        """Write many new records, all at one instant, and return their ids."""
        at = self._stamp()
        return [self._put(self._mint(), *self.admitted(record, lists), (), None, at).item.id for record in records]

    def admitted(self, record: R, lists: Names) -> tuple[R, Names]:
        """Return ``record`` as a member of ``lists`` besides its own scopes, and all the scopes that it belongs to."""
        membership = self.membership
        names = membership.names(record, lists)
        for name in lists:
            record, names = membership.place(record, names, name, True)  # noqa: FBT003 -- joins
        return record, names

    def change(self, row: Row[R], record: R, lists: Names) -> Row[R]:
        """Write a record anew, with the scopes that it now belongs to."""
        former = row.former
        if lists != row.lists:
            former = (*former, *(name for name in row.lists if name not in lists and name not in former))
        at = self._stamp()
        record, *more = self._settled(record, at)
        changed = self._put(row.item.id, record, lists, former, row.token, at)
        self._add_more(more, lists)
        return changed

    def drop(self, row: Row[R], moved_to: str | None = None) -> None:
        """Delete a record, or say that it lives on as another."""
        at = self._stamp()
        gone = Gone(row.item.id, len(self.written.log), (*row.lists, *row.former), moved_to)
        self.written.drop(gone)
        if self._lag:
            self._unseen.append((at, gone))

    def move(self, row: Row[R]) -> Row[R]:
        """Give a record another id; the old one leads to it."""
        id_ = self._mint()
        self.drop(row, id_)
        return self._put(id_, row.item.record, row.lists, row.former, row.token, self._stamp())

    def _settled(self, record: R, at: datetime) -> tuple[R, ...]:
        settles = self.shape.settles
        return (record,) if settles is None else settles(record, at)

    def _add_more(self, records: Iterable[R], lists: Names) -> None:
        """Add what came of a record that was written, in the scopes of that one."""
        for record in records:
            self.add(*self.admitted(record, lists))

    def _mint(self) -> str:
        self._minted += 1
        return self.shape.mint(self._minted)

    def _put(self, id_: str, record: R, lists: Names, former: Names, token: str | None, at: datetime) -> Row[R]:
        sequence = len(self.written.log)
        shown = token if self._show_tokens else None
        row = Row(Item(id_, f"v{sequence + 1}", record, True, at, shown), sequence, lists, former, token)  # noqa: FBT003 -- an Item by position costs half
        self.written.put(row)
        self._scopes.update(lists)
        if self._lag:
            self._unseen.append((at, row))
        return row
