"""Provide the cursor of a feed: the service's own link, what was listed by it, and how far the round has come.

A link is kept as a path, so that a cursor leads nowhere but to the service, and a state that knows cursors knows no
address of a mailbox's owner. ``listed`` names what the round lists; a cursor of something else has expired. A round
that goes in a circle is found by the mark of an earlier link, set anew at each doubling of the page number; one that
does not end is given up.
"""

import hashlib
import json
from typing import Final

import attrs

from tallystick.errors import CursorExpired, MalformedAnswer

MOST_PAGES: Final = 100_000
MOST_EMPTY: Final = 500
"""How many pages of a round may follow each other without a row."""


@attrs.frozen
class Cursor:
    """Where a feed is read on. ``page`` counts the pages of the round, ``later`` says that it is not the first one."""

    path: str = attrs.field(repr=False)
    listed: str
    later: bool = False
    page: int = 0
    empty: int = 0
    mark: str = ""

    def text(self) -> str:
        """Return the cursor as providers give it away."""
        return json.dumps([self.path, self.listed, self.later, self.page, self.empty, self.mark])

    def led_on(self, path: str, *, empty: bool) -> "Cursor":
        """Return the cursor of the next page. Raises MalformedAnswer where pages lead nowhere."""
        page, here = self.page + 1, _digest(path)
        in_a_row = self.empty + 1 if empty else 0
        if here == self.mark or page > MOST_PAGES or in_a_row > MOST_EMPTY:
            what = "pages that lead in a circle" if here == self.mark else "pages that do not come to an end"
            remedy = "ask again; if it comes back, look at what stands between the service and you"
            raise MalformedAnswer(what, where="@odata.nextLink", remedy=remedy)
        mark = here if page & (page - 1) == 0 else self.mark
        return Cursor(path, self.listed, self.later, page, in_a_row, mark)

    def completed(self, path: str) -> "Cursor":
        """Return the cursor of the next round."""
        return Cursor(path, self.listed, later=True)


def begun(path: str) -> Cursor:
    """Return the cursor of a first round, which lists what ``path`` asks for."""
    return Cursor(path, _digest(path))


def read_cursor(text: str, listed: Cursor) -> Cursor:
    """Return the cursor that a text says. Raises CursorExpired where it is none of what is to be ``listed``."""
    try:
        found = Cursor(*json.loads(text))
    except (ValueError, TypeError):
        found = None
    if found is None or found.listed != listed.listed or not found.path.startswith("/"):
        raise CursorExpired("a cursor of something else", where="cursor", remedy="list it in full")
    return found


def _digest(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:16]
