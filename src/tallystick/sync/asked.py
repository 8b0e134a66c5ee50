"""Provide what a caller says as the machine takes it: sides by name, choices whole."""

from collections.abc import Mapping

from tallystick.ports import Side
from tallystick.reconcile.policies import Choice


def choice_of(winner: Side | str | None, rules: Mapping[str, Side | str], *, keep_both: bool) -> Choice:
    """Return a person's choice in a conflict."""
    by_rule = {rule: side_of(side) for rule, side in rules.items()}
    return Choice(None if winner is None else side_of(winner), by_rule, keep_both)


def side_of(side: Side | str) -> Side:
    """Return the side of a name. Raises UsageError where there is none of it."""
    return side if isinstance(side, Side) else Side.named(side)
