"""Provide what the machine tells those who watch: its own findings, as a request that it makes where somebody does.

A run that nobody watches makes the same requests as ever.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from tallystick.ports import Outcome
from tallystick.reconcile.plan import Plan
from tallystick.reconcile.plan import Recovered as Found
from tallystick.reconcile.step import Step
from tallystick.sync.calls import Call, Port, Request
from tallystick.sync.events import Event, GuardReached, Matched, Planned, Recovered, StepEnded
from tallystick.sync.setup import Setup

Made = Callable[[str, datetime], Event]
"""An event that lacks only its stamp: the sync's name and the time."""


def tell(setup: Setup, *made: Made) -> Call[None]:
    """Tell the observers, where there are any."""
    if setup.watched and made:
        yield Request(Port.OBSERVERS, "tell", made)


def tell_recovered(setup: Setup, found: Found) -> Call[None]:
    """Tell what was found out about writes that had been left open, where there were any."""
    if found.closed or found.kept:
        settled, in_doubt = len(found.closed), len(found.in_doubt)
        yield from tell(setup, partial(Recovered, settled=settled, found=len(found.links), in_doubt=in_doubt))


def tell_matches(setup: Setup, pairs: int, alone: tuple[Sequence[str], Sequence[str]], set_aside: int) -> Call[None]:
    """Tell how many unlinked records found each other, were left alone or set aside, where there were any."""
    left, right = alone
    if pairs or left or right or set_aside:
        yield from tell(setup, partial(Matched, pairs=pairs, alone=(len(left), len(right)), set_aside=set_aside))


def tell_plan(setup: Setup, plan: Plan) -> Call[None]:
    """Tell which guards a plan has reached, and the plan in figures."""
    if not setup.watched:
        return
    guards = [
        partial(GuardReached, guard=figure.name, planned=figure.planned, allowed=figure.allowed, held=figure.holds)
        for figure in plan.figures
        if figure.planned > figure.allowed
    ]
    steps = dict(Counter((step.side, step.kind) for step in plan.steps))
    yield from tell(setup, *guards, partial(Planned, steps=steps, pairs=plan.pairs, initial=plan.initial))


def tell_steps(setup: Setup, steps: Sequence[Step], outcomes: Sequence[Outcome[object]]) -> Call[None]:
    """Tell what became of each write of a batch."""
    if not setup.watched:
        return
    ended = [
        partial(
            StepEnded,
            step=step.id,
            side=step.side,
            kind=step.kind,
            id=step.target or (outcome.item.id if outcome.item else ""),
            source=step.source,
            reason=step.reason,
            status=outcome.status,
        )
        for step, outcome in zip(steps, outcomes, strict=True)
    ]
    yield from tell(setup, *ended)
