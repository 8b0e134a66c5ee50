"""Provide what a user sees of all jobs together: when they last ran, what each wrote, and what went wrong.

Contacts, meetings and tasks are jobs of their own, each with its own state and history; here they stand side by side,
by the names that the host gives them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from tallystick.ports import RunRow, RunState, Side, WriteKind
from tallystick.sync import Listed, Sync
from tallystick.sync.settling import kept_marks

Jobs = Mapping[str, Sync[Any, Any]]
"""The jobs of one user by kind, such as ``contacts``, ``meetings`` and ``tasks``."""

_RUNS = 200


@attrs.frozen
class Written:
    """How many records a run wrote on one side: new ones, and updated ones."""

    new: int = 0
    updated: int = 0


@attrs.frozen
class Summary:
    """The last run of each job: when the latest ended, None before the first, and what was written by side and kind.

    What a person corrected or chose since, which is written at once, is not counted.
    """

    at: datetime | None
    written: Mapping[tuple[Side, str], Written]


@attrs.frozen
class KindError:
    """One record that was not synced, with the kind that it is of; it knows its link, and whether it is resolvable."""

    kind: str
    error: Listed


def summary(jobs: Jobs) -> Summary:
    """Return what the last run of each job wrote."""
    last = {kind: run for kind, sync in jobs.items() if (run := _last(sync)) is not None}
    written = {
        (side, kind): Written(
            run.counts.get(f"{side.label}.{WriteKind.CREATE}", 0), run.counts.get(f"{side.label}.{WriteKind.UPDATE}", 0)
        )
        for kind, run in last.items()
        for side in Side
    }
    return Summary(max((run.ended for run in last.values() if run.ended), default=None), written)


def _last(sync: Sync[Any, Any]) -> RunRow | None:
    """Return the newest run that is over; what a person settled of one record is none."""
    over = (run for run in sync.history(_RUNS) if run.state not in (RunState.ENQUEUED, RunState.SYNCING))
    return next((run for run in over if not kept_marks(run)), None)


def errors(jobs: Jobs, *, resolvable: bool | None = None) -> Sequence[KindError]:
    """Return the errors of all jobs; only those that a correction may mend, or only the others, if asked."""
    return [KindError(kind, row) for kind, sync in jobs.items() for row in sync.errors(resolvable=resolvable)]
