"""Provide the feed: pages of a listing or of a delta, read off a shelf's log.

What each page may show: a listing shows members of the scope and nothing else; a delta shows every record that
changed and belongs to the scope or once did, whether it still does, and the ids of those that are gone. Where scopes
are categories, the feed is that of the folder around them, and shows the rest of the folder too. A feed of a window
of days shows what lies in it; of what changed outside it tells the id, as of something that is gone.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar
from zlib import crc32

from tallystick.ports.item import Item, Page, Scope, Window
from tallystick.providers.memory.cursor import Cursor
from tallystick.providers.memory.quirks import Quirks
from tallystick.providers.memory.replay import Replay
from tallystick.providers.memory.row import Gone, Row
from tallystick.providers.memory.shape import Shape
from tallystick.providers.memory.shelf import Shelf

R = TypeVar("R")


class Feed(Generic[R]):
    """The pages of one collection. ``delta`` tells whether the service has any; if not, a listing is all there is."""

    def __init__(
        self,
        page_size: int,
        quirks: Quirks,
        *,
        seed: int,
        tells_outsiders: bool,
        delta: bool,
        shape: Shape[R],
    ) -> None:
        self._page_size = page_size
        self._replay: Replay[R] | None = Replay(seed) if quirks.replays else None
        self._unlist_leavers = quirks.unlist_leavers
        self._tells_outsiders = tells_outsiders
        self._delta = delta
        self._shape = shape
        self._spreads = quirks.spreads
        self._generation = 0

    def expire(self) -> None:
        """Forget every cursor that was handed out."""
        self._generation += 1

    def page(self, shelf: Shelf[R], text: str | None, scope: Scope, owner: str, *, more: bool = False) -> Page[R]:
        """Return the page that follows the cursor ``text``; with ``more`` it never is the last one."""
        head = len(shelf.log)
        mark = self._mark(scope, owner)
        cursor = (Cursor.beginning(head) if text is None else Cursor.read(text, mark, head)).begun(head)
        if self._replay is not None and self._replay.pauses(cursor):
            paused = Cursor(cursor.listing, cursor.start, cursor.position, cursor.end, paused=True)
            return Page((), paused.written(mark), complete=False)
        if cursor.listing:
            entries, reached = self._listed(shelf, cursor, scope)
        else:
            entries, reached = self._changed(shelf, cursor, scope.name)
        if self._replay is not None:
            stirred = self._replay.stir(shelf, cursor, reached, entries)
            entries = [entry for entry in stirred if self._concerns(entry, scope.name)]
        if self._spreads and scope.window is not None:
            again = self._again(shelf, cursor, scope.window)
            entries = [*(entry for entry in again if self._concerns(entry, scope.name)), *entries]
        items, unlisted = self._shown(entries, scope, listing=cursor.listing)
        if reached < cursor.end or more:
            return Page(items, cursor.at(reached).written(mark), False, unlisted)  # noqa: FBT003 -- not complete
        return Page(items, self._last(cursor, mark), True, unlisted)  # noqa: FBT003 -- complete

    def nothing(self, shelf: Shelf[R], scope: Scope, owner: str) -> Page[R]:
        """Return a listing that says it is complete, and is empty."""
        return Page((), self._last(Cursor.beginning(len(shelf.log)), self._mark(scope, owner)), complete=True)

    def _last(self, cursor: Cursor, mark: str) -> str:
        return cursor.delta().written(mark) if self._delta else ""

    def _mark(self, scope: Scope, owner: str) -> str:
        return f"{crc32(repr((owner, scope.name, scope.window)).encode()):08x}{self._generation}"

    def _again(self, shelf: Shelf[R], cursor: Cursor, window: Window) -> list[Row[R] | Gone]:
        """Return what earlier pages of the round have shown and has further parts, which come with this one."""
        earlier = shelf.log[cursor.start : cursor.position]
        return [one for one in earlier if isinstance(one, Row) and self._shape.parts(one.item.record, window)[0] > 1]

    def _listed(self, shelf: Shelf[R], cursor: Cursor, scope: Scope) -> tuple[list[Row[R] | Gone], int]:
        log, size, name, windowed = shelf.log, self._page_size, scope.name, scope.window is not None
        found: list[Row[R] | Gone] = []
        place = cursor.position
        while place < cursor.end and len(found) < size:
            # As many entries as the page has room for, so that none of them is too much for it.
            part = log[place : min(place + size - len(found), cursor.end)]
            place += len(part)
            found += [
                entry
                for entry in part
                if isinstance(entry, Row)
                and (name is None or name in entry.lists)
                and (not windowed or self._inside(entry, scope))
            ]
        return found, place

    def _changed(self, shelf: Shelf[R], cursor: Cursor, name: str | None) -> tuple[list[Row[R] | Gone], int]:
        log, room = shelf.log, self._page_size
        found: list[Row[R] | Gone] = []
        for place in range(cursor.position, cursor.end):
            entry = log[place]
            if entry is not None and self._concerns(entry, name):
                found.append(entry)
                room -= 1
                if not room:
                    return found, place + 1
        return found, cursor.end

    def _concerns(self, entry: Row[R] | Gone, name: str | None) -> bool:
        if name is None or self._tells_outsiders or name in entry.lists:
            return True
        return isinstance(entry, Row) and name in entry.former

    def _inside(self, row: Row[R], scope: Scope) -> bool:
        return scope.window is None or self._shape.lies_in(row.item.record, scope.window)

    def _shown(
        self, entries: Iterable[Row[R] | Gone], scope: Scope, *, listing: bool
    ) -> tuple[list[Item[R]], list[str]]:
        items: list[Item[R]] = []
        unlisted: list[str] = []
        windowed, name = scope.window is not None, scope.name
        if listing and self._replay is None and not windowed:
            return [entry.item for entry in entries if isinstance(entry, Row)], unlisted
        for entry in entries:
            if isinstance(entry, Gone) or (windowed and not self._inside(entry, scope)):
                # Also one that was never shown: a feed of days says no more of what lies outside them.
                unlisted += [entry.id] if isinstance(entry, Gone) else [] if listing else [entry.item.id]
                continue
            item = entry.item if name is None else entry.seen_from(name)
            if self._spreads and scope.window is not None and not listing:
                lost = self._shape.parts(item.record, scope.window)[1]
                unlisted += [f"OID.{item.id}.{part}" for part in lost]
            if item.member or not (listing or self._unlist_leavers):
                items.append(item)
            elif not listing:
                unlisted.append(item.id)
        return items, unlisted
