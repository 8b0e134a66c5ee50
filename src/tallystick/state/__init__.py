"""Provide what is kept between runs: in memory for trials and tests, in one SQLite file for everything else."""

from tallystick.state.memory import MemoryState as MemoryState
from tallystick.state.sqlite import SqliteState as SqliteState
