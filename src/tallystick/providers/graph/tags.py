"""Provide what is known of a mailbox's tags: whether it keeps the token of a create where it was put.

Some mailboxes drop such marks without a word, so that each create is read back. Where one was dropped, the next creates
are refused: one that can't be looked for could be done twice.
"""

from typing import TypeVar

import attrs

from tallystick.errors import ProviderError
from tallystick.ports import Capabilities, CreateSafety, Item

R = TypeVar("R")


@attrs.define
class Tags:
    """The tags of one kind of objects, named ``what``."""

    what: str
    dropped: bool = False

    def require(self, capabilities: Capabilities) -> None:
        """Raise ProviderError where creates are said to be safe by tags, and tags are not kept."""
        if self.dropped and capabilities.create_safety is CreateSafety.SEARCHABLE_TAG:
            raise ProviderError(
                "the mailbox does not keep the tag that makes creates safe",
                where=self.what,
                remedy="declare CreateSafety.NATURAL_KEY, if a create whose answer is lost may be done twice",
            )

    def checked(self, answered: Item[R], read: Item[R], token: str) -> Item[R]:
        """Return what a write has left: as it was read once more, unless somebody has edited it meanwhile."""
        if token and read.token != token:
            self.dropped = True
        return read if read.version == answered.version else answered
