"""Provide what a run knows by now of parked rows: nobody else changes them under its lease, so none is asked for twice.

What was asked about by the thousand is not remembered: it would take as much room as the links do.
"""

from collections.abc import Iterable
from operator import attrgetter

import attrs

from tallystick.ports import Commit, Parked, Side
from tallystick.sync import calls
from tallystick.sync.calls import Call

_MOST = 1000
"""How many records that are asked about at once are remembered."""

_ID = attrgetter("id")


@attrs.define
class KnownRows:
    """The parked rows of the records that were asked about, by side and id; None for those that have none."""

    sync: str
    _rows: tuple[dict[str, Parked | None], dict[str, Parked | None]] = attrs.field(factory=lambda: ({}, {}))

    def of(self, side: Side, ids: Iterable[str]) -> Call[list[Parked]]:
        """Return the parked rows of these ids, in order of their ids."""
        known = self._rows[side]
        asked = list(dict.fromkeys(ids))
        unknown = [one for one in asked if one not in known]
        found = list((yield from calls.parked(self.sync, side, unknown)))
        if len(unknown) <= _MOST:
            known.update(dict.fromkeys(unknown))
            known.update((row.id, row) for row in found)
        if len(unknown) == len(asked):
            return found
        new = {*unknown}
        found += [row for one in asked if one not in new and (row := known[one]) is not None]
        return sorted(found, key=_ID)

    def add(self, rows: Iterable[Parked]) -> None:
        """Take up rows that were found by what they say."""
        for row in rows:
            self._rows[row.side][row.id] = row

    def leave(self, commit: Commit) -> None:
        """Forget what a commit changes."""
        if commit.close_all:
            for known in self._rows:
                known.clear()
        for row in commit.parked:
            self._rows[row.side].pop(row.id, None)
        for side, one in commit.cleared:
            self._rows[side].pop(one, None)
