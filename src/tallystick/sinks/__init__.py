"""Provide sinks for hosts without one of their own: in memory, and in a SQLite file. They hold contents."""

from tallystick.sinks.memory import MemorySink as MemorySink
from tallystick.sinks.sqlite import SqliteSink as SqliteSink
