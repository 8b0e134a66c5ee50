"""Provide what a profile says of references: values in a record that stand for records of a directory.

An attendee's address stands for an entry of the address book. The directory is read, never written; what was found is
put into the record when it is read, so that everything that decides sees it there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import attrs

from tallystick.ports import Item

S = TypeVar("S")


@attrs.frozen
class Hit:
    """One record that a directory has for a value."""

    directory: str
    item: Item[object]


Hits = Mapping[str, Sequence[Hit]]
"""What was found for each value: all hits of the first directory that had any."""


@attrs.frozen
class References(Generic[S]):
    """How the references of one side's records are looked up.

    ``directories`` are asked in this order; what one of them knows, the next is not asked. ``values`` are what a
    record refers by, ``field`` is the directories' word for it, ``answers`` are the values that a directory's record
    has: all in the same folded form. ``resolved`` returns the record with what was found.
    """

    directories: tuple[str, ...]
    field: str
    values: Callable[[S], Sequence[str]]
    answers: Callable[[object], Sequence[str]]
    resolved: Callable[[S, Hits], S]
