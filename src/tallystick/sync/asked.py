"""Provide what a caller asks of a sync as the machine takes it: sides by name, choices whole, machines that write."""

from collections.abc import Mapping

from tallystick.ports import Side
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.policies import Choice
from tallystick.sync.correcting import Correction, correcting
from tallystick.sync.pairing import pairing
from tallystick.sync.resolving import resolving
from tallystick.sync.running import applying_plan
from tallystick.sync.settling import Versions
from tallystick.sync.turn import Writing


def to_apply(plan: Plan) -> Writing:
    """Return the machine that applies a plan."""
    return lambda setup, opened: applying_plan(setup, opened, plan)


def to_resolve(conflict: str, choice: Choice, versions: Versions | None) -> Writing:
    """Return the machine that settles a conflict."""
    return lambda setup, opened: resolving(setup, opened, conflict, choice, versions)


def to_correct(correction: Correction) -> Writing:
    """Return the machine that corrects a record."""
    return lambda setup, opened: correcting(setup, opened, correction)


def to_pair(left: str, right: str) -> Writing:
    """Return the machine that pairs two records by hand."""
    return lambda setup, opened: pairing(setup, opened, (left, right))


def choice_of(winner: Side | str | None, rules: Mapping[str, Side | str], *, keep_both: bool) -> Choice:
    """Return a person's choice in a conflict."""
    by_rule = {rule: side_of(side) for rule, side in rules.items()}
    return Choice(None if winner is None else side_of(winner), by_rule, keep_both)


def side_of(side: Side | str) -> Side:
    """Return the side of a name. Raises UsageError where there is none of it."""
    return Side.named(side) if isinstance(side, str) else side
