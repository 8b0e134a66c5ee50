"""Provide the pairing of two records by a person's word: these two are the same, whatever their keys say.

Both are read, and decided as at a first pairing: what is empty is filled, and what differs goes to the conflict policy.
Cursors stay where they are.
"""

from tallystick.errors import ProviderError, SafetyError, StateMoved, UsageError
from tallystick.ports import SIDES, Item, RunRow
from tallystick.reconcile import reasons
from tallystick.reconcile.deciding import Decided, decide_pair_again
from tallystick.reconcile.report import Report
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.finishing import failed_report
from tallystick.sync.planning import Planned, planned_apart
from tallystick.sync.running import write_planned
from tallystick.sync.setup import Setup


def pairing(setup: Setup, opened: RunRow, ids: tuple[str, str]) -> Call[Report]:
    """Pair the left and the right record of these ids; ``opened`` is the run's row.

    Raises UsageError where one of them is not there, or has a partner.
    """
    try:
        planned = yield from _planned(setup, ids)
        return (yield from write_planned(setup, opened, planned, again=False))
    except (ProviderError, SafetyError, StateMoved) as error:
        return (yield from failed_report(setup, opened, error))


def _planned(setup: Setup, ids: tuple[str, str]) -> Call[Planned]:
    head = yield from calls.head(setup.sync)
    items: list[Item[object]] = []
    for side, one in zip(SIDES, ids, strict=True):
        where = f"{side.label} {one}"
        if (yield from calls.links(setup.sync, side, [one])):
            raise UsageError("the record has a partner", where=where, remedy="end that pair first")
        (sight,) = yield from setup.get(side, [one])
        if not isinstance(sight, Item):
            raise UsageError("there is no such record", where=where, remedy="look the id up in the provider")
        items.append(sight)
    context = setup.context(head, (yield from calls.now()), initial=False)
    decided = Decided()
    decide_pair_again(context, decided, (items[0], items[1]), reasons.BY_HAND)
    return planned_apart(setup, context, head, decided)
