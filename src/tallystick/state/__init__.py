"""Provide what is kept between runs: in memory for trials and tests, in one SQLite file for everything else."""

from typing import TYPE_CHECKING

from tallystick.state.memory import MemoryState as MemoryState

if TYPE_CHECKING:
    from tallystick.state.sqlite import SqliteState as SqliteState
else:
    from tallystick.deferred import deferred

    __getattr__, __dir__ = deferred(__name__, {"SqliteState": "tallystick.state.sqlite"})
    del deferred
