"""Provide the guards: figures of what a plan would do, held against what one run may do.

They are counted after links were followed and moves known, on the plan as it would be applied, a side each. A first
run's creates do not count: they are what it is for. A person may confirm figures once; a fresh plan then goes ahead
up to them.
"""

from collections.abc import Iterable, Mapping

import attrs

from tallystick.errors import GuardTripped
from tallystick.ports import SIDES, WriteKind
from tallystick.reconcile.policies import Guards, Limit
from tallystick.reconcile.step import Effect, Step

CAPACITY = "capacity"
NOTIFYING = "notifying"
HELD = "held"


@attrs.frozen
class Figure:
    """One guard's figure: how many were planned, how many are allowed. ``stops`` where it is too many.

    ``holds`` says that what is too many was left out of the plan, which goes ahead without it.
    """

    name: str
    planned: int
    allowed: int
    holds: bool = False

    @property
    def stops(self) -> bool:
        """Whether the plan may not be applied as it is."""
        return self.planned > self.allowed and not self.holds

    @property
    def asks(self) -> bool:
        """Whether a person may confirm the figure: it stops the plan, or holds a part of it back."""
        return self.planned > self.allowed and self.name != CAPACITY


def figures(
    guards: Guards,
    steps: Iterable[Step],
    unlinked: int,
    pairs: int,
    *,
    initial: bool,
    confirmed: Mapping[str, int],
) -> tuple[Figure, ...]:
    """Return the figure of every guard that has something to say. ``pairs`` is what the shares are taken of."""
    counts = {(name, side): 0 for name in ("removals", "creates", "rewrites", "empties", NOTIFYING) for side in SIDES}
    removing, create, silent = (WriteKind.REMOVE, WriteKind.LEAVE), WriteKind.CREATE, Effect.SILENT
    for step in steps:
        if step.kind in removing:
            counts["removals", step.side] += 1
        elif step.kind is create and not initial:
            counts["creates", step.side] += 1
        if step.overwrites:
            counts["rewrites", step.side] += 1
        if step.empties:
            counts["empties", step.side] += 1
        if step.effect is not silent:
            counts[NOTIFYING, step.side] += 1
    limits: dict[str, Limit] = {
        "removals": guards.removals,
        "creates": guards.creates,
        "rewrites": guards.rewrites,
        "empties": guards.empties,
        NOTIFYING: guards.notifying,
    }
    made = [
        _figure(f"{side.label}.{name}", count, limits[name], pairs, confirmed)
        for (name, side), count in counts.items()
        if count
    ]
    if unlinked:
        made.append(_figure("unlinked", unlinked, guards.removals, pairs, confirmed))
    return tuple(made)


def _figure(name: str, planned: int, limit: Limit, pairs: int, confirmed: Mapping[str, int]) -> Figure:
    return Figure(name, planned, max(limit.allowed(pairs), confirmed.get(name, 0)))


def tripped(stops: Iterable[Figure], sync: str) -> GuardTripped:
    """Return the error that says which guards stopped a run, with their figures."""
    found = {figure.name: (figure.planned, figure.allowed) for figure in stops}
    said = ", ".join(f"{name} {planned} (allowed {allowed})" for name, (planned, allowed) in found.items())
    remedy = (
        "raise the profile's capacity, or narrow the scope"
        if CAPACITY in found
        else "look at the plan; if it is what you want, confirm these figures once and run again"
    )
    return GuardTripped(
        f"the run would do more than its guards allow: {said}", figures=found, where=sync, remedy=remedy
    )
