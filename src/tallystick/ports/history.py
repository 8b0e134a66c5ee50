"""Provide the row that is kept of every run, and the states that a run can be seen in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import attrs

from tallystick.making import quickly_made


class RunState(StrEnum):
    """The state of one run; the first two can be seen while it goes on."""

    ENQUEUED = "enqueued"
    SYNCING = "syncing"
    COMPLETE = "complete"
    WARNING = "warning"
    """A minor fault: a service was down, a record failed, the run was cut off. The next run tries again."""
    PROBLEM = "problem"
    """A major fault: a person has to do what the note says. Runs still try."""


@quickly_made
@attrs.frozen
class RunRow:
    """One run. ``counts`` are the report's figures by name; ``note`` says in words what a person should know."""

    state: RunState
    number: int = 0
    initial: bool = False
    enqueued: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    synced: int = 0
    ignored: int = 0
    counts: Mapping[str, int] = attrs.field(factory=dict)
    note: str = ""

    @property
    def duration(self) -> timedelta | None:
        """The time from start to end, None while the run goes on."""
        return self.ended - self.started if self.started and self.ended else None
