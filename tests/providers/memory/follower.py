"""Provide a reader of a feed that believes it to the letter, and so ends up with what the feed says."""

from typing import Generic, TypeVar

from tallystick.errors import CursorExpired
from tallystick.ports import Item, Page, Provider, Scope

R = TypeVar("R")


class Follower(Generic[R]):
    """What one reader knows of a scope: ``known`` members by id, ``finished`` once a round came to its end."""

    def __init__(self, provider: Provider[R], scope: Scope) -> None:
        self._provider = provider
        self._scope = scope
        self._cursor: str | None = None
        self.known: dict[str, Item[R]] = {}
        self.finished = False

    def step(self) -> Page[R] | None:
        """Read one page; where the cursor has expired, begin anew and know nothing."""
        try:
            page = self._provider.changes(self._cursor, self._scope)
        except CursorExpired:
            self._cursor, self.known, self.finished = None, {}, False
            return None
        for item in page.items:
            if item.member:
                self.known[item.id] = item
            else:
                self.known.pop(item.id, None)
        for id_ in page.unlisted:
            self.known.pop(id_, None)
        self._cursor, self.finished = page.cursor, page.complete
        return page

    def catch_up(self) -> list[Page[R]]:
        """Read until the feed says that nothing is left, and return the pages."""
        pages = []
        self.finished = False
        while not self.finished:
            page = self.step()
            if page is not None:
                pages.append(page)
        return pages
