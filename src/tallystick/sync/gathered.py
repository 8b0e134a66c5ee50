"""Provide what a run has gathered: all that is to be decided about, and what was found out on the way."""

from collections.abc import Iterable

import attrs

from tallystick.ports import SIDES, Absence, AbsenceReason, Found, Link, Parked, Side
from tallystick.reconcile import reasons
from tallystick.reconcile.deciding import Decided
from tallystick.reconcile.pairs import Shown
from tallystick.reconcile.removals import Sight, Sights
from tallystick.sync.calls import Records


@attrs.define
class Gathered:
    """What is to be decided: linked pairs with what both sides show, and unlinked records with their parked rows.

    ``late`` are newcomers that are left to the next run, since they may be shown as they were. ``refreshed`` are links
    of which only a version moved; ``cleared`` are parked rows that stand for nothing any more; ``unreadable`` are rows
    of unlinked records that are there and can't be read; ``carried`` are rows of those that have another id by now.
    ``followed`` are links of which a record has another id by now, by their number.
    ``astray`` are pairs with the side on which their record lives on outside the scope, and was a member before.
    ``left_out`` are parked records that waited for room where a run began with none; ``merged`` are pairs whose record
    on a side became one with that of another pair, with what their other record is now. ``unsure`` says that a record
    was not found so soon after a run that its side may only not show it yet. ``read_more`` says that records were read
    beside the feeds.
    ``shown`` are entries that were made on the way, by the number of the link.
    """

    linked: list[tuple[Link, Sights]] = attrs.field(factory=list)
    newcomers: tuple[Records, Records] = attrs.field(factory=lambda: ({}, {}))
    late: tuple[Records, Records] = attrs.field(factory=lambda: ({}, {}))
    rows: tuple[dict[str, Parked], dict[str, Parked]] = attrs.field(factory=lambda: ({}, {}))
    refreshed: dict[int, Link] = attrs.field(factory=dict)
    cleared: list[tuple[Side, str]] = attrs.field(factory=list)
    unreadable: list[Parked] = attrs.field(factory=list)
    carried: list[Parked] = attrs.field(factory=list)
    followed: dict[int, Link] = attrs.field(factory=dict)
    astray: list[tuple[Link, Side]] = attrs.field(factory=list)
    left_out: list[tuple[Side, str]] = attrs.field(factory=list)
    merged: list[tuple[Link, Side, Sight]] = attrs.field(factory=list)
    unsure: bool = False
    read_more: bool = False
    shown: dict[int, Shown] = attrs.field(factory=dict)

    @property
    def size(self) -> int:
        """How many pairs and unlinked records are to be decided about."""
        return len(self.linked) + sum(map(len, self.newcomers))

    def stays_held(self, row: Parked, sight: Found[object]) -> bool:
        """Keep the row of an unlinked record that waits for a confirmation and can't be read now; tell if it is one."""
        held = reasons.HELD in row.reasons and isinstance(sight, Absence) and sight.reason is AbsenceReason.NO_ACCESS
        self.unreadable += [row] if held else []
        return held

    def renamed(self, decided: Decided) -> list[Link]:
        """Return the followed links that are not stored anyway: their ids are known, whatever comes of a step."""
        stored = {
            *decided.unlinked,
            *(link.number for link in decided.links),
            *(link.number for link, *_ in self.merged),
        }
        return [link for number, link in self.followed.items() if number not in stored]

    def superseded(self) -> set[int]:
        """Return the numbers of merged links whose other record another pair goes on in."""
        if not self.merged:
            return set()
        goes_on = [{link.ids[side] for link, _ in self.linked} for side in SIDES]
        return {link.number for link, side, _ in self.merged if link.ids[side.other] in goes_on[side.other]}

    def still_carried(self, pairs: Iterable[tuple[str, str]]) -> list[Parked]:
        """Return the rows of records that have another id and are in none of these new pairs."""
        if not self.carried:
            return []
        paired = {place for pair in pairs for place in zip(SIDES, pair, strict=True)}
        return [row for row in self.carried if (row.side, row.id) not in paired]
