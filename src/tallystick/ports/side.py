"""Provide the two sides of a sync. The engine indexes by side and never writes a thing twice, once for each."""

from enum import IntEnum

from tallystick.errors import UsageError


class Side(IntEnum):
    """Left or right; a plain index into every pair of things."""

    LEFT = 0
    RIGHT = 1

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return SIDES[1 - self]

    @property
    def label(self) -> str:
        """The side's name in texts and JSON: ``left`` or ``right``."""
        return _LABELS[self]

    @classmethod
    def named(cls, label: str) -> "Side":
        """Return the side called ``left`` or ``right``; anything else is a UsageError."""
        try:
            return cls[str(label).upper()]
        except KeyError:
            raise UsageError("there is no such side", remedy="a side is called left or right") from None


_LABELS = ("left", "right")

SIDES = (Side.LEFT, Side.RIGHT)
"""Both sides, for loops: iterating over the class itself costs as much as the body of most of them."""
