"""Provide the report: what one run did. Ids, names and figures, no contents.

Two accounts are kept apart. Every pair and every unlinked record that the sync knows is in exactly one *bucket*; and
every *write* is counted by side and kind, equal to what the providers saw.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import attrs

from tallystick.ports import SIDES, RunState, Side, WriteKind
from tallystick.reconcile.guards import Figure
from tallystick.reconcile.plan import Note
from tallystick.reconcile.reasons import words


class Bucket(StrEnum):
    """Where a pair or an unlinked record stands after a run."""

    IN_SYNC = "in sync"
    SYNCED = "synced"
    IGNORED = "ignored"
    OUT_OF_SCOPE = "out of scope"
    CONFLICT = "conflict"
    FAILED = "failed"
    IN_DOUBT = "in doubt"


@attrs.frozen
class Failure:
    """One record that a run could not finish: where, and a code for why."""

    side: Side
    id: str
    reason: str


@attrs.frozen
class Report:
    """What one run did.

    ``synced`` are the pairs that it wrote or found equal, ``ignored`` the records on the standing list. ``buckets``
    hold everything the sync knows, ``writes`` what was written. ``guarantees`` say, by side, how creates are made
    safe there, and ``windows`` for how many seconds at most another's edit could have been overwritten: from reading a
    record once more to the answer of its write; None where the service itself compares versions. ``figures`` are those
    of the guards. ``altered`` are codes of what had changed in the profile. ``fault`` is the code of the error after
    which the run could not go on, empty where it came to its end, and ``retry_after`` for how many seconds the service
    then asked to be left alone, None where it did not say.
    """

    run: int
    state: RunState
    initial: bool
    started: datetime
    ended: datetime
    synced: int
    ignored: int
    note: str
    buckets: Mapping[Bucket, int]
    writes: Mapping[tuple[Side, WriteKind], int]
    notes: tuple[Note, ...] = ()
    failures: tuple[Failure, ...] = ()
    figures: tuple[Figure, ...] = ()
    guarantees: tuple[str, str] = ("", "")
    windows: tuple[float | None, float | None] = (None, None)
    altered: tuple[str, ...] = ()
    fault: str = ""
    retry_after: float | None = None

    @property
    def conflicts(self) -> int:
        """How many pairs wait for a person to choose."""
        return self.buckets[Bucket.CONFLICT]

    @property
    def errors(self) -> tuple[Failure, ...]:
        """The records that could not be finished."""
        return self.failures

    def written(self, side: Side | None = None, kind: WriteKind | None = None) -> int:
        """Return how many writes were done, on one side or both, of one kind or all."""
        return sum(
            count
            for (where, what), count in self.writes.items()
            if (side is None or where is side) and (kind is None or what is kind)
        )

    def summary(self) -> str:
        """Return the report in a few lines."""
        seconds = (self.ended - self.started).total_seconds()
        lines = [
            f"Run {self.run}: {self.state}{' (initial run)' if self.initial else ''}, {seconds:.1f} s",
            f"  synced {self.synced}, ignored {self.ignored}",
            "  " + ", ".join(f"{bucket} {count}" for bucket, count in self.buckets.items() if count),
        ]
        for side in SIDES:
            said = [f"{kind} {self.writes[side, kind]}" for kind in WriteKind if self.writes.get((side, kind))]
            lines.append(f"  {side.label:5}  {', '.join(said) or 'no write'}")
        lines += [f"  {words(code)}: every pair was looked at again" for code in self.altered]
        if self.note:
            lines.append(f"  {self.note}")
        return "\n".join(lines)
