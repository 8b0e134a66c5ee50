"""Provide how records go on: what a profile says of a side whose service continues a record under another id."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Generic, TypeVar, cast

import attrs

from tallystick.ports import Side, Term

L = TypeVar("L")
R = TypeVar("R")
S = TypeVar("S")
T = TypeVar("T")


class Kin(Enum):
    """What a new record is to a pair that is in sync."""

    HEIR = "heir"
    """The pair goes on in it."""
    SPENT = "spent"
    """It is what the pair left behind."""


@attrs.frozen
class Line(Generic[S, T]):
    """How one side's records go on, T being the other side's.

    ``terms`` is what to search the other side for; none for a record that is no kin of any. ``kin`` says what a record
    is to a pair, given the pair's record on the other side. ``ended`` tells that a record does not go on itself.
    """

    terms: Callable[[S], Sequence[Term]]
    kin: Callable[[S, T], Kin | None]
    ended: Callable[[S], bool]


@attrs.frozen
class Succession(Generic[L, R]):
    """How the records of both sides go on."""

    left: Line[L, R]
    right: Line[R, L]

    def line(self, side: Side) -> Line[object, object]:
        """Return one side's."""
        return cast("Line[object, object]", self.left if side is Side.LEFT else self.right)
