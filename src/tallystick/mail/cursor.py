"""Provide the cursor of a view of one or more mailboxes: where each feed stands, and which one is read now."""

import json
from typing import Final, Self

import attrs

from tallystick.errors import CursorExpired

_VERSION: Final = 1


@attrs.frozen
class MailCursor:
    """``at`` is the mailbox that is read, ``cursors`` one for each, ``taken`` how many messages this run has taken."""

    at: int
    cursors: tuple[str | None, ...]
    taken: int = 0

    @classmethod
    def beginning(cls, mailboxes: int) -> Self:
        """Return the cursor before anything was read."""
        return cls(0, (None,) * mailboxes)

    @classmethod
    def read(cls, text: str, mailboxes: int) -> Self:
        """Return the cursor that was written so. Raises CursorExpired for any other text, or other mailboxes."""
        try:
            version, at, cursors, taken = json.loads(text)
        except (ValueError, TypeError):
            raise _expired() from None
        known = version == _VERSION and isinstance(cursors, list) and isinstance(at, int) and isinstance(taken, int)
        if not known or len(cursors) != mailboxes or not 0 <= at < mailboxes:
            raise _expired()
        return cls(at, tuple(cursors), taken)

    def written(self) -> str:
        """Return it as text."""
        return json.dumps([_VERSION, self.at, self.cursors, self.taken], separators=(",", ":"))

    def after(self, cursor: str, *, complete: bool, taken: int) -> "MailCursor":
        """Return it after a page of the mailbox that is read; after the last page of the last one it begins anew."""
        cursors = (*self.cursors[: self.at], cursor or None, *self.cursors[self.at + 1 :])
        return MailCursor((self.at + complete) % len(cursors), cursors, self.taken + taken)


def _expired() -> CursorExpired:
    return CursorExpired("this is no cursor of these mailboxes", remedy="list them in full")
