"""Provide histories in which users also merge records and move them, beside edits, runs, crashes and bad weather.

Two persons in one record have no lineage to be judged by. What is judged is that the sync comes to rest, and that what
it lists as left behind by a merge is there, is in no pair, and has seen one.
"""

import attrs

from tallystick.ports import Parked, Side
from tallystick.reconcile import reasons
from tests.simulation.history import SAFETIES, History
from tests.simulation.program import Carried, drawn
from tests.simulation.world import NAME

_VARIANTS = ("maximizer", "held", "deleting")


@attrs.define
class Merging(Carried):
    """A program in which records are merged and moved; ``became`` tells what an id became, by side."""

    became: dict[tuple[int, str], str] = attrs.field(factory=dict)

    def _merge(self, side: int, person: int, extra: int) -> None:
        """Merge a person's record into another one."""
        collection, mine = self.world.sides[side], self.world.find(side, person)
        others = [one for one in collection.ids() if one not in mine and one not in self.world.copies(side)]
        if mine and others:
            heir = others[extra % len(others)]
            collection.merge(mine[0], heir)
            self.became[side, mine[0]] = heir

    def _move(self, side: int, person: int, _extra: int) -> None:
        for one in self.world.find(side, person)[:1]:
            self.became[side, one] = self.world.sides[side].move(one)

    def _delete(self, side: int, person: int, _extra: int) -> None:
        for one in self.world.find(side, person)[:1]:
            self.world.sides[side].delete(one)

    def rest(self) -> None:
        """Let the weather clear, and run until it is quiet."""
        for collection in self.world.sides:
            collection.faults.clear()
            collection.expire_cursors()
        self._wait(100_000)
        for row in self.world.sync().failed():
            self.world.sync().release(row.side, row.id)
        self.world.quiet(most=10)
        self._wait(86_400)
        self.world.quiet(most=10)

    def unexplained(self) -> list[Parked]:
        """Return what is listed as left behind by a merge, and is in a pair, or gone, or has seen none."""
        linked = {(side, link.ids[side]) for link in self.world.links() for side in Side}
        return [
            row
            for row in self.world.state.parked_list(NAME)
            if reasons.UNIQUE_ID in row.reasons
            and (
                (row.side, row.id) in linked
                or row.id not in self.world.sides[row.side]
                or not any(side == row.side.other for side, _ in self.became)
            )
        ]


def merging(seed: int) -> Merging:
    """Return the history of a seed, lived."""
    variant = _VARIANTS[seed % 3]
    safety, lag = SAFETIES[seed // 3 % len(SAFETIES)]
    more = ("resolve", "resolve") if variant == "held" else ()
    program = drawn(seed, more=(*more, "merge", "merge", "merge", "move"), length=14)
    history = History(tuple(program), variant, safety, lag, (None, 1, 2)[seed % 3], bool(seed % 2), seed=seed)
    carried = Merging(history.world(), deletes=variant == "deleting")
    carried.all(program)
    carried.rest()
    return carried
