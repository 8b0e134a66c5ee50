"""Provide the disorder of a real feed, from a seed: nothing in it is wrong, and nothing may be concluded from it.

What is shown again is shown as it is now, or, where a delta tells of it once more further on, as it was.
"""

from random import Random
from typing import Generic, TypeVar

from tallystick.providers.memory.cursor import Cursor
from tallystick.providers.memory.row import Gone, Row
from tallystick.providers.memory.shelf import Shelf

R = TypeVar("R")
_PAUSE = 0.25
_REPEATS = 2


class Replay(Generic[R]):
    """A seeded source of pauses, repeats, replays and shuffled pages."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 -- the same disorder every time, nothing secret

    def pauses(self, cursor: Cursor) -> bool:
        """Tell whether an empty page comes now; never two in a row."""
        return not cursor.paused and self._random.random() < _PAUSE

    def stir(self, shelf: Shelf[R], cursor: Cursor, reached: int, fresh: list[Row[R] | Gone]) -> list[Row[R] | Gone]:
        """Return a page's entries out of order, among some that were shown before; ``fresh`` ones come as they are."""
        again = [*self._some(shelf, cursor.start, cursor.position)]
        if not cursor.listing:
            again += [entry for entry in self._some(shelf, 0, cursor.start) if isinstance(entry, Row)]
            again += self._former(shelf, cursor.position, reached)
        present = {_id(entry) for entry in fresh}
        page = fresh + [entry for entry in again if _id(entry) not in present]
        self._random.shuffle(page)
        return page

    def _some(self, shelf: Shelf[R], start: int, end: int) -> list[Row[R] | Gone]:
        places = range(start, end)
        chosen = self._random.sample(places, min(len(places), self._random.randint(0, _REPEATS)))
        return [entry for entry in map(shelf.log.__getitem__, chosen) if entry is not None]

    def _former(self, shelf: Shelf[R], start: int, end: int) -> list[Row[R]]:
        stale = (shelf.stale.get(place) for place in range(start, end))
        return [row for row in stale if row is not None and self._random.random() < 1 / 2]


def _id(entry: Row[R] | Gone) -> str:
    return entry.id if isinstance(entry, Gone) else entry.item.id
