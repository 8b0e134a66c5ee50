"""Provide the outcome of one sync: what an engine has to know to go on, by the kind of what happened.

=============  ============================================================  ==========================
kind           what happened                                                 what helps
=============  ============================================================  ==========================
done           the run came to its end; single records may have failed       the next run, as usual
busy           another worker is at it, or was a moment ago                  its end, or its lease's
retry          a service or the state was down, or asks to be left alone     time
authorise      an account's sign-in is no longer valid                       its owner signs in
person         a guard stopped, a permission or a list is gone, a sync full  a person, by the note
off            the sync is switched off                                      switching it on
failed         the sync cannot run as it is built                            a developer, by the code
=============  ============================================================  ==========================

An outcome holds ids, codes and figures, and travels as JSON.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import attrs

from tallystick.errors import LeaseHeld, TallystickError, Throttled
from tallystick.ports import RunState
from tallystick.reconcile import Hours, Report
from tallystick.reconcile.report import Bucket


class OutcomeKind(StrEnum):
    """What one attempt at a sync came to."""

    DONE = "done"
    BUSY = "busy"
    RETRY = "retry"
    AUTHORISE = "authorise"
    PERSON = "person"
    OFF = "off"
    FAILED = "failed"


KINDS: Final[Mapping[str, OutcomeKind]] = {
    "": OutcomeKind.DONE,
    "lease_held": OutcomeKind.BUSY,
    "lease_lost": OutcomeKind.BUSY,
    "state_moved": OutcomeKind.BUSY,
    "throttled": OutcomeKind.RETRY,
    "unavailable": OutcomeKind.RETRY,
    "outcome_unknown": OutcomeKind.RETRY,
    "cursor_expired": OutcomeKind.RETRY,
    "malformed_answer": OutcomeKind.RETRY,
    "provider": OutcomeKind.RETRY,
    "state_unwritable": OutcomeKind.RETRY,
    "commit_unknown": OutcomeKind.RETRY,
    "authentication": OutcomeKind.AUTHORISE,
    "permission": OutcomeKind.PERSON,
    "scope_gone": OutcomeKind.PERSON,
    "guard": OutcomeKind.PERSON,
    "safety": OutcomeKind.PERSON,
    "disabled": OutcomeKind.OFF,
}
"""The kind of every error that a run can meet, by its code; of one that is not here, ``failed``."""


@attrs.frozen
class SyncOutcome:
    """What one attempt at a sync came to.

    ``code`` is the error's, empty where there was none, and ``note`` what a person should know. ``retry_after`` is for
    how many seconds somebody asked to be left alone. ``counts`` are figures of the run: ``written``, ``conflicts``,
    ``failed`` and ``in_doubt`` records. ``hours`` are those within which the sync is due by itself, None where it
    could not be built to tell.
    """

    sync: str
    tenant: str
    kind: OutcomeKind
    code: str = ""
    note: str = ""
    retry_after: float | None = None
    counts: Mapping[str, int] = attrs.field(factory=dict)
    hours: Hours | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the outcome as JSON-ready data; its hours go to the roster and are left out."""
        told = attrs.asdict(self, recurse=False, filter=attrs.filters.exclude("hours"))
        return {**told, "kind": self.kind.value, "counts": dict(self.counts)}


def of_report(sync: str, tenant: str, report: Report) -> SyncOutcome:
    """Return the outcome of a run that made a report."""
    kind = KINDS.get(report.fault, OutcomeKind.FAILED)
    if kind is OutcomeKind.DONE and report.state is RunState.PROBLEM:
        kind = OutcomeKind.PERSON
    counts = {
        "written": report.written(),
        "conflicts": report.conflicts,
        "failed": report.buckets[Bucket.FAILED],
        "in_doubt": report.buckets[Bucket.IN_DOUBT],
    }
    return SyncOutcome(sync, tenant, kind, report.fault, report.note, report.retry_after, counts)


def of_error(sync: str, tenant: str, error: TallystickError, seconds: float | None = None) -> SyncOutcome:
    """Return the outcome of a run that could not begin, or whose state failed."""
    if isinstance(error, Throttled):
        seconds = error.retry_after
    kind = KINDS.get(error.code, OutcomeKind.RETRY if error.retryable else OutcomeKind.FAILED)
    return SyncOutcome(sync, tenant, kind, error.code, str(error), seconds if _waits(error) else None)


def _waits(error: TallystickError) -> bool:
    return isinstance(error, Throttled | LeaseHeld)
