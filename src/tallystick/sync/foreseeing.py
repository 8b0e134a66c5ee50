"""Provide what the state holds once a commit is taken, told before it is.

A run tells how many pairs and records stand where, in the transaction that has them stand there. Nobody comes between
the asking and the commit: it would be refused for its revision.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import attrgetter

import attrs

from tallystick.mapping import evolved
from tallystick.ports import SIDES, Batch, Commit, Head, Link, Parked, ParkedKind, Side
from tallystick.sync import calls
from tallystick.sync.calls import Call
from tallystick.sync.known import Known

Place = tuple[Side, str]

_KIND = attrgetter("kind")


@attrs.frozen
class Foreseen:
    """The state of a sync after ``commit``; ``head`` is the one after it, ``rows`` are what it parks, by place.

    ``known`` is what need not be asked for.
    """

    known: Known
    head: Head
    commit: Commit
    rows: Mapping[Place, Parked]

    def batches(self) -> Call[list[Batch]]:
        """Return the batches that are not settled."""
        commit = self.commit
        if commit.close_all:
            return []
        settled = {*commit.closed, *(batch.number for batch in commit.kept)}
        return [*(yield from self.known.batches(settled)), *commit.kept]

    def links(self, side: Side, ids: Sequence[str]) -> Call[list[Link]]:
        """Return the links of these ids."""
        if not ids:
            return []
        commit = self.commit
        written = {link.number or -at: link for at, link in enumerate(commit.links, 1)}
        found: Sequence[Link] = () if commit.close_all else (yield from calls.links(self.known.sync, side, ids))
        changed = written.keys() | {*commit.unlinked}
        wanted = {*ids}
        kept = [link for link in found if link.number not in changed]
        return kept + [link for link in written.values() if link.ids[side] in wanted]

    def parked(self, kind: ParkedKind) -> Call[list[Parked]]:
        """Return the parked rows of a kind."""
        commit = self.commit
        found: Sequence[Parked] = () if commit.close_all else (yield from calls.parked_list(self.known.sync, kind))
        changed = self.rows.keys() | {*commit.cleared}
        kept = [row for row in found if (row.side, row.id) not in changed]
        return kept + [row for row in self.rows.values() if row.kind is kind]


def as_it_is(sync: str, head: Head) -> Foreseen:
    """Return the state as it is now."""
    return Foreseen(Known(sync), head, Commit(), {})


def foresee(known: Known, head: Head, commit: Commit) -> Call[Foreseen]:
    """Return the state as it will be after ``commit``, which is left with those rows to clear that there are."""
    rows = {(row.side, row.id): row for row in commit.parked}
    before: dict[Place, ParkedKind] = {}
    if head.parked and (rows or commit.cleared) and not commit.close_all:
        for side in SIDES:
            ids = [one for where, one in (*rows, *commit.cleared) if where is side]
            before.update(((side, row.id), row.kind) for row in (yield from known.parked(side, ids)))
    commit.cleared = [place for place in dict.fromkeys(commit.cleared) if place in before]
    links, parked = (0, Counter[ParkedKind]()) if commit.close_all else (head.links, Counter(head.parked))
    parked.subtract(before.values())
    parked.update(map(_KIND, rows.values()))
    links += [link.number for link in commit.links].count(0) - len({*commit.unlinked})
    after = evolved(head, {"links": links, "parked": {k: n for k, n in parked.items() if n}})
    return Foreseen(known, after, commit, rows)
