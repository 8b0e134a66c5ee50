"""Provide states that are broken on purpose, each in one named way."""

# ruff: noqa: D102 -- the methods are those of the port

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import attrs

from tallystick import MemoryState
from tallystick.errors import LeaseHeld, StateError
from tallystick.ports import Batch, Claim, Commit, Committed, Fence, Head, Lease, Link, Parked, ParkedKind, RunRow, Side

KEY = bytes(range(32))


class Sound(MemoryState):
    """A state that works: the one that all the others break."""

    def __init__(self) -> None:
        super().__init__(KEY)


class OneSideOnly(Sound):
    """Links are found by their left ids only."""

    def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        return super().links(sync, side, ids) if side is Side.LEFT else []


class EndsNothing(Sound):
    """Links are never ended."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        return super().commit(sync, attrs.evolve(commit, unlinked=[]))


class HalfTaken(Sound):
    """A commit that is refused has been taken in part."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        try:
            return super().commit(sync, commit)
        except StateError:
            super().commit(sync, Commit(parked=commit.parked))
            raise


class LastCommitWins(Sound):
    """The revision is not compared."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        return super().commit(sync, attrs.evolve(commit, revision=None))


class AnyNewestRun(Sound):
    """The newest run is not compared."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        return super().commit(sync, attrs.evolve(commit, newest_run=None))


class OldestFirst(Sound):
    """The runs come in the order in which they were made."""

    def runs(self, sync: str, limit: int = 50) -> Sequence[RunRow]:
        return super().runs(sync, 1000)[::-1][:limit]


class ForgetsFirstSeen(Sound):
    """A row that is parked again is seen for the first time."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        known = [(row.side, row.id) for row in commit.parked]
        if known:
            super().commit(sync, Commit(cleared=known))
        return super().commit(sync, commit)


class FirstKeyOnly(Sound):
    """Parked rows are found by their first key."""

    def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        return [row for row in super().parked_sharing(sync, keys) if row.keys[0] in keys]


class AlwaysDue(Sound):
    """Every parked row with a retry is due."""

    def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        return super().parked_due(sync, now + timedelta(days=1))


class EveryKind(Sound):
    """Parked rows are listed whatever their kind."""

    def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        return super().parked_list(sync)


class ClosesWhole(Sound):
    """A batch of which a part is settled is closed."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        numbers = [batch.number for batch in commit.kept if batch.number < 10**6]
        return super().commit(sync, attrs.evolve(commit, kept=[], closed=[*commit.closed, *numbers]))


class NewestBatchFirst(Sound):
    """The journal is read from its end."""

    def batches(self, sync: str) -> Sequence[Batch]:
        return super().batches(sync)[::-1]


class StaleHead(Sound):
    """The head is read from a copy."""

    def __init__(self) -> None:
        super().__init__()
        self.copies: dict[str, Head] = {}

    def head(self, sync: str) -> Head:
        return self.copies.setdefault(sync, super().head(sync))


class ClosesAllSyncs(Sound):
    """close_all drops the rows of every sync."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        if commit.close_all:
            for one in self.syncs():
                super().commit(one, Commit(close_all=True))
        return super().commit(sync, commit)


class KeepsNoReservations(Sound):
    """What is under way is not told to other syncs."""

    def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        return [claim for claim in super().claims(sync, identities) if not claim.under_way]


class MarksOfOneSide(Sound):
    """Marks are always those of the left side."""

    def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        return super().marks(sync, Side.LEFT)


class FirstThousand(Sound):
    """A look-up takes a thousand ids and forgets the rest."""

    def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        return super().links(sync, side, ids[:1000])


class FoldedIds(Sound):
    """Ids are compared without their case."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        parked = [attrs.evolve(row, id=row.id.lower()) for row in commit.parked]
        return super().commit(sync, attrs.evolve(commit, parked=parked))


class SharedLease(Sound):
    """Whoever asks has the lease."""

    def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        try:
            return super().acquire(sync, worker, now, span)
        except LeaseHeld as error:
            return super().acquire(sync, error.worker, now, span)


class TellsNobody(Sound):
    """Nobody is said to have a lease."""

    def lease(self, sync: str, now: datetime) -> Lease | None:
        return None


class Unfenced(Sound):
    """Commits are not asked for their lease."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        return super().commit(sync, attrs.evolve(commit, fence=None))


class NeverDone(Sound):
    """A worker keeps its lease after its last commit."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Commit."""
        return super().commit(sync, attrs.evolve(commit, last=False))


class IgnoresBids(Sound):
    """A commit takes no lease."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Commit."""
        return super().commit(sync, attrs.evolve(commit, bid=None))


class RenewsAnybody(Sound):
    """Any lease can be renewed."""

    def renew(self, sync: str, fence: Fence) -> Lease:
        return Lease("one", fence.token, fence.now + fence.span)


class TakesUnknown(Sound):
    """What replaces something never kept is kept as something new."""

    def commit(self, sync: str, commit: Commit) -> Committed:
        links = [attrs.evolve(link, number=0) if link.number >= 10**6 else link for link in commit.links]
        return super().commit(sync, attrs.evolve(commit, links=links))
