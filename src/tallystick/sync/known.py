"""Provide what a run knows of its state without asking again: nobody else changes it under the run's lease.

It is the parked rows of the records that were asked about, and the journal, once it was found to be empty. What was
asked about by the thousand is not remembered: it would take as much room as the links do.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from operator import attrgetter

import attrs

from tallystick.ports import Batch, Commit, Committed, Parked, Side
from tallystick.sync import calls
from tallystick.sync.calls import Call

_MOST = 1000
"""How many records that are asked about at once are remembered."""

_ID = attrgetter("id")
_UNKNOWN = True
"""What stands for the row of a record that was not asked about."""


@attrs.define
class Known:
    """What is known of a sync's state. Live: it fills up as questions are answered and commits are taken.

    ``_rows`` are by side and id, None for a record that has none. ``_journal`` are the batches that are not settled, by
    number; None where that is not known. ``_due`` are the rows whose retry had fallen due when the run began.
    """

    sync: str
    _rows: tuple[dict[str, Parked | None], dict[str, Parked | None]] = attrs.field(factory=lambda: ({}, {}))
    _journal: dict[int, Batch] | None = None
    _due: Sequence[Parked] | None = None

    def parked(self, side: Side, ids: Iterable[str]) -> Call[list[Parked]]:
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

    def perhaps_parked(self, ids: tuple[str, str]) -> list[tuple[Side, str]]:
        """Return the places of a pair's records but those that are known to have no parked row."""
        (left, right), rows = ids, self._rows
        found = [(Side.LEFT, left)] if rows[0].get(left, _UNKNOWN) else []
        if rows[1].get(right, _UNKNOWN):
            found.append((Side.RIGHT, right))
        return found

    def due(self, now: datetime) -> Call[Sequence[Parked]]:
        """Return the parked rows whose retry has fallen due ``now``, when the run begins."""
        if self._due is None:
            self._due = yield from calls.parked_due(self.sync, now)
        return self._due

    def batches(self, settled: AbstractSet[int]) -> Call[Sequence[Batch]]:
        """Return the batches that are not settled, without those of these numbers."""
        if self._journal is None:
            return [batch for batch in (yield from calls.batches(self.sync)) if batch.number not in settled]
        return [attrs.evolve(batch, number=number) for number, batch in self._journal.items() if number not in settled]

    def found(self, rows: Iterable[Parked]) -> None:
        """Take up rows that were found by what they say."""
        for row in rows:
            self._rows[row.side][row.id] = row

    def found_settled(self) -> None:
        """Take up that all batches are settled."""
        self._journal = {}

    def taken(self, commit: Commit, answer: Committed) -> None:
        """Take up a commit: forget the rows that it changes, and know the journal as it leaves it."""
        if commit.close_all:
            self._rows, self._journal = ({}, {}), {}
        for row in commit.parked:
            self._rows[row.side].pop(row.id, None)
        for side, one in commit.cleared:
            self._rows[side].pop(one, None)
        if self._journal is not None:
            for number in commit.closed:
                self._journal.pop(number, None)
            self._journal.update((batch.number, batch) for batch in commit.kept)
            self._journal.update(zip(answer.batches, commit.opened, strict=True))
