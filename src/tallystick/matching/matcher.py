"""Provide the matcher: how two unlinked records are known to be the same.

A record has *match keys*; two records are the same if they share one. That covers "first name, last name and at
least one address" (a key for each address), needs no pairwise comparison, and can be judged symmetrically. What a
record is searched by on the other side are *terms* in that side's own words; hits are judged by their keys again.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Final, Generic, TypeVar

import attrs

from tallystick.ports import Term

L = TypeVar("L")
R = TypeVar("R")
Key = Hashable
NO_KEYS: Final[frozenset[Key]] = frozenset({None, ""})
"""What is no match key, though a record has it: nothing is known of it by that."""


@attrs.frozen
class Matcher(Generic[L, R]):
    """Match keys of each side's records, and the terms to search the other side with.

    ``search_right`` gives, for a left record, what to search the right side for; ``search_left`` the reverse. An empty
    text or None among the keys is no key: what two records both lack does not make them the same.
    """

    left: Callable[[L], Sequence[Key]]
    right: Callable[[R], Sequence[Key]]
    search_left: Callable[[R], Sequence[Term]]
    search_right: Callable[[L], Sequence[Term]]

    @property
    def keys(self) -> tuple[Callable[[L], Sequence[Key]], Callable[[R], Sequence[Key]]]:
        """What gives the match keys of a record, by side."""
        return (self.left, self.right)
