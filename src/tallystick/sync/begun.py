"""Provide the order in which runs began. A run that was asked for has the number of its asking: others may begin first.

What is written of one pair while a run waits gets a larger number than that run, and an earlier start. Only what began
while a run waited is put behind it; otherwise numbers tell, since a clock may have been set back. Where very many begin
first, the one that waits gets a new number, so that it is always among the latest (:func:`.running.open_run`).
"""

from collections.abc import Iterable

from tallystick.ports import RunRow


def latest_begun(rows: Iterable[RunRow]) -> list[RunRow]:
    """Return runs, given newest first, in the order in which they began, the latest first."""
    found: list[RunRow] = []
    for row in rows:
        later = (at for at, other in enumerate(found) if _began_while_waiting(other, row))
        found.insert(next(later, len(found)), row)
    return found


def _began_while_waiting(other: RunRow, row: RunRow) -> bool:
    if row.enqueued is None or row.started is None or other.started is None:
        return False
    return row.enqueued <= other.started < row.started
