"""Provide the conflict rules that a user may choose from, and what the engine makes of each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from tallystick.reconcile import ConflictPolicy, LoserFate, Unit, Winner


class Resolution(StrEnum):
    """Whose version stands where both sides changed the same thing."""

    CRM_WINS = "CRM wins"
    OUTLOOK_WINS = "Outlook wins"
    YOU_DECIDE = "you decide"
    """Nobody's, until a person chooses; nothing of that record is written meanwhile."""


_WINNERS: Final[Mapping[Resolution, Winner]] = {
    Resolution.CRM_WINS: Winner.RIGHT,
    Resolution.OUTLOOK_WINS: Winner.LEFT,
    Resolution.YOU_DECIDE: Winner.HOLD,
}


def conflict_policy(resolution: Resolution, *, whole_record: bool) -> ConflictPolicy:
    """Return the policy of a conflict rule; ``whole_record``: the winner's replaces the loser's, not a field of it."""
    whole = whole_record or resolution is Resolution.YOU_DECIDE
    return ConflictPolicy(_WINNERS[resolution], LoserFate.DROP, unit=Unit.RECORD if whole else Unit.FIELD)
