"""Provide what a caller says as the machine takes it: sides by name, choices whole, how many."""

from collections.abc import Mapping

from tallystick.errors import UsageError
from tallystick.ports import Side
from tallystick.reconcile.policies import Choice


def choice_of(winner: Side | str | None, rules: Mapping[str, Side | str], *, keep_both: bool) -> Choice:
    """Return a person's choice in a conflict."""
    by_rule = {rule: side_of(side) for rule, side in rules.items()}
    return Choice(None if winner is None else side_of(winner), by_rule, keep_both)


def side_of(side: Side | str) -> Side:
    """Return the side of a name. Raises UsageError where there is none of it."""
    return side if isinstance(side, Side) else Side.named(side)


def limit_of(limit: int) -> int:
    """Return how many are asked for. Raises UsageError for what is no whole number, or less than none."""
    given: object = limit
    if not isinstance(given, int) or given < 0:
        raise UsageError("not a number of runs", where="limit", remedy="give a whole number from 0")
    return given
