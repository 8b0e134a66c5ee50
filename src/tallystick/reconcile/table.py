"""Provide the change table: what a pair's two changes amount to. Nine cells, all of them here, and nothing undefined.

A side has *changed* when the digest of its canonical value differs from its base, never because a clock or a version
says so. It is *absent* when its record was read and is not there, or is no longer in the scope.

The table says what the case is; what to do about it the policies say. "Carry" is the three-way merge with one side
standing still, so both run the same code.
"""

from collections.abc import Iterator
from enum import StrEnum

from tallystick.ports import Side


class Change(StrEnum):
    """What became of one side of a pair since the last agreement."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ABSENT = "absent"


class Case(StrEnum):
    """What the changes of both sides amount to."""

    IN_SYNC = "in sync"
    CARRY_RIGHT = "carry to the right"
    CARRY_LEFT = "carry to the left"
    MERGE = "merge field by field"
    GONE_LEFT = "left is absent: its removal policy"
    GONE_RIGHT = "right is absent: its removal policy"
    GONE_LEFT_EDITED = "left is absent, right was edited: removal against edit"
    GONE_RIGHT_EDITED = "right is absent, left was edited: removal against edit"
    BOTH_GONE = "both are absent: end the pair"


TABLE: dict[tuple[Change, Change], Case] = {
    (Change.UNCHANGED, Change.UNCHANGED): Case.IN_SYNC,
    (Change.CHANGED, Change.UNCHANGED): Case.CARRY_RIGHT,
    (Change.UNCHANGED, Change.CHANGED): Case.CARRY_LEFT,
    (Change.CHANGED, Change.CHANGED): Case.MERGE,
    (Change.ABSENT, Change.UNCHANGED): Case.GONE_LEFT,
    (Change.UNCHANGED, Change.ABSENT): Case.GONE_RIGHT,
    (Change.ABSENT, Change.CHANGED): Case.GONE_LEFT_EDITED,
    (Change.CHANGED, Change.ABSENT): Case.GONE_RIGHT_EDITED,
    (Change.ABSENT, Change.ABSENT): Case.BOTH_GONE,
}

ABSENT_SIDE: dict[Case, Side] = {
    Case.GONE_LEFT: Side.LEFT,
    Case.GONE_LEFT_EDITED: Side.LEFT,
    Case.GONE_RIGHT: Side.RIGHT,
    Case.GONE_RIGHT_EDITED: Side.RIGHT,
}


def case_of(left: Change, right: Change) -> Case:
    """Return the cell of the table."""
    return TABLE[left, right]


def as_markdown() -> Iterator[str]:
    """Yield the lines of the table as Markdown, rows being the left side's change."""
    yield "| left \\ right | " + " | ".join(Change) + " |"
    yield "|---" * (len(Change) + 1) + "|"
    for left in Change:
        yield f"| **{left}** | " + " | ".join(TABLE[left, right] for right in Change) + " |"
