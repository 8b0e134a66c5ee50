"""Provide when runs last wrote to a side: one that shows writes late may not show yet what they wrote."""

from collections.abc import Iterable
from datetime import datetime

from tallystick.ports import KEPT_RUNS, RunRow, RunState, Side, WriteKind
from tallystick.reconcile.report import Bucket

LATEST_RUNS = KEPT_RUNS + 20
"""How many runs are looked through for writes that a side may not show yet: one that waited may stand behind many."""


def last_written(rows: Iterable[RunRow], side: Side) -> datetime | None:
    """Return when a run has ended that wrote to a side, or may have: it was cut off, or left something in doubt."""
    return max((row.ended for row in rows if row.ended and _may_have_written(row, side)), default=None)


def _may_have_written(row: RunRow, side: Side) -> bool:
    cut_off = not row.counts and row.state is not RunState.COMPLETE
    written = any(f"{side.label}.{kind}" in row.counts for kind in WriteKind)
    return cut_off or written or Bucket.IN_DOUBT.value in row.counts
