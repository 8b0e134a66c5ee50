"""Provide the reading of records once more, right before they are written.

Where a service compares no versions, this is all that keeps another's edit from being overwritten: read, compare,
write. What has moved is not sent, and decided again like a write that was refused for its version. Between the reading
and the answer of the write a window stays open in which an edit can be lost; how long it was, the report says.
"""

from collections.abc import Sequence

from tallystick.mapping import CompiledMapping
from tallystick.ports import Absence, Item, Outcome, Status
from tallystick.reconcile.step import Step
from tallystick.sync.calls import Call, Records
from tallystick.sync.setup import Setup

_UNSENT = Outcome[object](Status.CHANGED)


def reread(setup: Setup, steps: Sequence[Step]) -> Call[tuple[Records, set[str]]]:
    """Return the records that the steps of one side are about, as they are now, and the ids of those that are gone."""
    side = steps[0].side
    ids = [step.target for step in steps if step.target]
    found = yield from setup.get(side, ids)
    there = {sight.id: sight for sight in found if isinstance(sight, Item)}
    return there, {sight.id for sight in found if isinstance(sight, Absence)}


def objection(
    mapping: CompiledMapping[object, object], step: Step, there: Records, gone: set[str]
) -> Outcome[object] | None:
    """Return what becomes of a step that no longer rests on what is there; None where it does."""
    if not step.target:
        return None
    if step.target in gone:
        return Outcome(Status.GONE)
    item = there.get(step.target)
    if item is None or item.version != step.version:
        return _UNSENT
    if step.shown and mapping.digest(step.side, item.record) != step.shown:
        return _UNSENT
    return None
