"""Provide observers: the events of a run, and what is ready to take them in.

An observer is any function that takes an event; give it to a sync as ``Sync(..., observers=[...])``. Ready-made are the
standard library's logging (:class:`LogObserver`), OpenTelemetry (:mod:`tallystick.observers.otel`, an extra) and a
progress bar (:mod:`tallystick.observers.progress`, an extra).
"""

from tallystick.observers.data import event_data as event_data
from tallystick.observers.data import event_line as event_line
from tallystick.observers.log import LogObserver as LogObserver
from tallystick.sync.events import BatchSent as BatchSent
from tallystick.sync.events import CallFailed as CallFailed
from tallystick.sync.events import Doing as Doing
from tallystick.sync.events import Event as Event
from tallystick.sync.events import GuardReached as GuardReached
from tallystick.sync.events import Matched as Matched
from tallystick.sync.events import Observer as Observer
from tallystick.sync.events import PageRead as PageRead
from tallystick.sync.events import Planned as Planned
from tallystick.sync.events import RecordsRead as RecordsRead
from tallystick.sync.events import Recovered as Recovered
from tallystick.sync.events import Retrying as Retrying
from tallystick.sync.events import RunEnded as RunEnded
from tallystick.sync.events import RunStarted as RunStarted
from tallystick.sync.events import StepEnded as StepEnded
