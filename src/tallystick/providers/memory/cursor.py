"""Provide cursors: where a reader of a feed stands, written as a text that means nothing to anybody else.

A round is one reading of the log from ``start`` to ``end``, both fixed when it begins: a listing starts at nought, a
delta where the last round ended. A cursor holds all that is needed to go on, so any number of readers may stand
anywhere, and read the same page twice.
"""

from typing import Self

import attrs

from tallystick.errors import CursorExpired

_OPEN = -1


@attrs.frozen
class Cursor:
    """A place within a round. ``paused``: the last page of it was an empty one."""

    listing: bool
    start: int
    position: int
    end: int
    paused: bool = False

    @classmethod
    def beginning(cls, head: int) -> Self:
        """Return the cursor of a listing that begins now."""
        return cls(listing=True, start=0, position=0, end=head)

    def at(self, position: int) -> "Cursor":
        """Return the cursor further on in the same round."""
        return Cursor(self.listing, self.start, position, self.end)

    def delta(self) -> "Cursor":
        """Return the cursor that the round leaves behind: everything up to its end is known."""
        return Cursor(listing=False, start=self.end, position=self.end, end=_OPEN)

    def begun(self, head: int) -> "Cursor":
        """Return the cursor with its round's end fixed, if this is a round's first page."""
        if self.end != _OPEN:
            return self
        return Cursor(self.listing, self.start, self.position, head, self.paused)

    def written(self, mark: str) -> str:
        """Return the cursor as text; ``mark`` stands for what it belongs to."""
        kind = "l" if self.listing else "d"
        return f"{kind}.{self.start}.{self.position}.{self.end}.{int(self.paused)}.{mark}"

    @classmethod
    def read(cls, text: str, mark: str, head: int) -> Self:
        """Return the cursor that was written so; any other text, mark or length of the log is an expired one."""
        kind, _, rest = text.partition(".")
        figures, _, written_mark = rest.rpartition(".")
        try:
            start, position, end, paused = map(int, figures.split("."))
        except ValueError:
            raise _expired() from None
        if written_mark != mark or kind not in {"l", "d"} or not start <= position <= head or end > head:
            raise _expired()
        return cls(kind == "l", start, position, end, bool(paused))


def _expired() -> CursorExpired:
    return CursorExpired("the service no longer knows this cursor", remedy="list the collection in full")
