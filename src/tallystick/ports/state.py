"""Provide the protocol of a state: what is kept between runs, changed in transactions only.

Every read is by id, by key or by sync, in batches, so that the cost of a run follows the number of changes. Every
write is one :class:`Commit`, taken whole or not at all, and refused if another run has committed since the revision
that the caller knows, or if the caller's lease is no longer the sync's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import attrs

from tallystick.making import quickly_made
from tallystick.ports.history import RunRow
from tallystick.ports.journal import Batch
from tallystick.ports.lease import Bid, Fence, Lease
from tallystick.ports.link import Claim, Link, Parked, ParkedKind
from tallystick.ports.side import Side

KEPT_RUNS = 50
"""How many rows of the latest runs of a sync are never pruned: those that its next runs still look at."""


@quickly_made
@attrs.frozen
class Head:
    """What is known of one sync as a whole.

    ``revision`` moves with every commit that changes links, parked rows, journal or cursors. ``layout`` names the
    rules in force, ``extents`` what each side's scope was, ``accounts`` keyed digests of both accounts. ``initial``
    says that the next run is an initial one. ``confirmed`` are figures that a person confirmed for one run, by guard.
    ``links`` and ``parked`` are row counts, kept by the state itself.
    """

    revision: int = 0
    layout: str = ""
    extents: tuple[str, str] = ("", "")
    accounts: tuple[str, str] = ("", "")
    cursors: tuple[str | None, str | None] = (None, None)
    enabled: bool = True
    initial: bool = True
    confirmed: Mapping[str, int] = attrs.field(factory=dict)
    links: int = 0
    parked: Mapping[ParkedKind, int] = attrs.field(factory=dict)


@attrs.define
class Commit:
    """One transaction. What is not named stays as it is.

    ``revision`` is the revision that the caller last knew; None asks for no check (only run rows and settings are
    written so). ``links`` with number 0 are inserted, others replaced; ``unlinked`` are numbers of links. ``parked``
    rows replace those of the same side and id; ``cleared`` are (side, id). ``opened`` batches are journalled;
    ``closed`` are numbers of batches that are settled, and ``kept`` batches that replace one of the same number with
    the intents that are still in doubt. ``head`` gives new values of the head by field name (never revision, links
    or parked). ``close_all`` drops every link, parked row and journal row of the sync first. ``fence`` shows the lease
    under which a run writes, and renews it; None asks for no check (what a person switches needs no lease).
    ``bid`` takes the lease instead, as :meth:`State.acquire` does, with everything else or not at all.
    ``last`` gives back the lease that the fence shows: the worker commits no more.
    ``newest_run`` is the number of the newest run's row that the caller knows of, 0 for none; None asks for no check.
    """

    revision: int | None = None
    head: dict[str, object] = attrs.field(factory=dict)
    links: list[Link] = attrs.field(factory=list)
    unlinked: list[int] = attrs.field(factory=list)
    parked: list[Parked] = attrs.field(factory=list)
    cleared: list[tuple[Side, str]] = attrs.field(factory=list)
    opened: list[Batch] = attrs.field(factory=list)
    closed: list[int] = attrs.field(factory=list)
    kept: list[Batch] = attrs.field(factory=list)
    run: RunRow | None = None
    close_all: bool = False
    fence: Fence | None = None
    bid: Bid | None = None
    newest_run: int | None = None
    last: bool = False


@attrs.frozen
class Committed:
    """The answer to a commit: the head as it is now, and the numbers given to opened batches and to the run.

    ``lease`` is the one that it took, None where it bid for none.
    """

    head: Head
    batches: tuple[int, ...] = ()
    run: int = 0
    lease: Lease | None = None


class State(Protocol):
    """What is kept between runs, of any number of syncs."""

    @property
    def key(self) -> bytes:
        """The host's digest key; every digest of this state is made with it."""
        ...

    def syncs(self) -> Sequence[str]:
        """Return the names of all syncs known."""
        ...

    def head(self, sync: str) -> Head:
        """Return the head of a sync; of one not yet known, a fresh one."""
        ...

    def commit(self, sync: str, commit: Commit) -> Committed:
        """Take all of ``commit`` or nothing.

        Raises StateMoved where the revision has moved or the newest run is another, LeaseLost where the fence's lease
        has run out or was taken by another worker, LeaseHeld where it bids for a lease that another worker has,
        StateUnwritable where there is no room or no access.
        """
        ...

    def acquire(self, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
        """Return the lease of a sync, for a worker by name; it lasts for ``span`` and is renewed by commits.

        Raises LeaseHeld while another worker has it. Under the same name it is taken over at once.
        """
        ...

    def renew(self, sync: str, fence: Fence) -> Lease:
        """Return the lease, made to last for the fence's span from now; one that ran out too, if nobody has taken it.

        Raises LeaseLost where another worker has.
        """
        ...

    def release(self, sync: str, token: int) -> None:
        """Give a lease back, so that others need not wait; without effect where it is another's by now."""
        ...

    def lease(self, sync: str, now: datetime) -> Lease | None:
        """Return the lease that somebody has now, None where nobody does: none was taken, given back, or it ran out."""
        ...

    def prune(self, sync: str, before: datetime) -> int:
        """Drop the rows of runs that ended before a time, all but the latest :data:`KEPT_RUNS`; return how many."""
        ...

    def links(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Link]:
        """Return the links of the ids that have one, in no particular order."""
        ...

    def claims(self, sync: str, identities: Sequence[bytes]) -> Sequence[Claim]:
        """Return what all other syncs of this state hold of these identities, by their links and open intents."""
        ...

    def marks(self, sync: str, side: Side) -> Iterable[tuple[str, str | None, bool]]:
        """Yield (id, version, member) of one side of every link, to be held against a full listing."""
        ...

    def parked(self, sync: str, side: Side, ids: Sequence[str]) -> Sequence[Parked]:
        """Return the parked rows of these ids."""
        ...

    def parked_sharing(self, sync: str, keys: Sequence[bytes]) -> Sequence[Parked]:
        """Return the parked rows that hold any of the keys."""
        ...

    def parked_due(self, sync: str, now: datetime) -> Sequence[Parked]:
        """Return the parked rows whose retry has fallen due."""
        ...

    def parked_list(self, sync: str, kind: ParkedKind | None = None) -> Sequence[Parked]:
        """Return all parked rows, of one kind if asked for, ordered by first seen, side and id."""
        ...

    def batches(self, sync: str) -> Sequence[Batch]:
        """Return the batches that are not settled, oldest first."""
        ...

    def runs(self, sync: str, limit: int = KEPT_RUNS) -> Sequence[RunRow]:
        """Return the newest runs first."""
        ...
