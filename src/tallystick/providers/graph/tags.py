"""Provide what is known of a mailbox's tags: whether it keeps the token of a create where it was put.

Some mailboxes drop such marks without a word, so that each create is read back. Where one was dropped, the next creates
are refused: one that can't be looked for could be done twice.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

import attrs

from tallystick.codecs.graph.values import Json, objects, text
from tallystick.errors import ProviderError
from tallystick.ports import Capabilities, CreateSafety, Item, Scope
from tallystick.providers.graph.asks import Asking, ask_all
from tallystick.providers.graph.kind import Done, Kind

R = TypeVar("R")
TAG: Final = "String {5d1f3a0e-6f7c-4a57-9e53-2b1d7c0c8f4e} Name tallystick-token"
"""The extended property that keeps the token of a create, where the kind of object has such properties."""
BY_TAG: Final = f"singleValueExtendedProperties/Any(ep: ep/id eq '{TAG}' and ep/value eq {{}})"
"""The filter that finds an object by its token."""


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

    def read_again(
        self, kind: Kind[R], answered: Sequence[Item[R]], which: Sequence[int], done: Sequence[Done], scope: Scope
    ) -> Asking[Sequence[Item[R] | None]]:
        """Return what writes have left: these read once more, but where somebody has edited them meanwhile."""
        items = list(answered)
        answers = yield from ask_all([kind.reading(items[at].id) for at in which])
        for at, answer in zip(which, answers, strict=True):
            if answer.fault is None:
                read, token = kind.item(answer.body, scope, items[at].id), done[at].token
                self.dropped = self.dropped or token not in ("", read.token)
                items[at] = read if read.version == items[at].version else items[at]
        return items


def tag_of(data: Json) -> str | None:
    """Return the token that an object shows in its tag."""
    rows = objects(data, "singleValueExtendedProperties")
    return next((text(row, "value") or None for row in rows if text(row, "id").casefold() == TAG.casefold()), None)
