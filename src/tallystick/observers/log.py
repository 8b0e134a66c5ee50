"""Provide the observer that logs by the standard library.

===========  ====================================================================================
``ERROR``    a pass that raised, or that a person has to look at
``WARNING``  a pass that the next one puts right, a guard, a call that failed, a write that was not done
``INFO``     a pass that begins, its plan, what was recovered, a wait, a pass that is complete
``DEBUG``    everything else: pages, look-ups, matches, batches, each write that was done
===========  ====================================================================================
"""

import logging

from tallystick.observers.data import event_data, event_line
from tallystick.ports import RunState, Status
from tallystick.sync.events import (
    CallFailed,
    Event,
    GuardReached,
    Planned,
    Recovered,
    Retrying,
    RunEnded,
    RunStarted,
    StepEnded,
)

_INFO = (RunStarted, Planned, Recovered, Retrying)
_WARNING = (GuardReached, CallFailed)
_LEVELS = {RunState.PROBLEM: logging.ERROR, RunState.WARNING: logging.WARNING}


class LogObserver:
    """Logs every event as one line, to the logger ``tallystick`` unless another one is given.

    The record's attribute ``tallystick`` holds the event as data, for handlers that write JSON.
    """

    def __init__(self, logger: logging.Logger | None = None) -> None:
        self._logger = logging.getLogger("tallystick") if logger is None else logger

    def __repr__(self) -> str:
        return f"LogObserver({self._logger.name!r})"

    def __call__(self, event: Event, /) -> None:
        """Log an event."""
        level = level_of(event)
        if self._logger.isEnabledFor(level):
            self._logger.log(level, "%s", event_line(event), extra={"tallystick": event_data(event)})


def level_of(event: Event) -> int:
    """Return the level at which an event is logged."""
    if isinstance(event, RunEnded):
        if event.error:
            return logging.ERROR
        return _LEVELS.get(event.report.state, logging.INFO) if event.report else logging.INFO
    if isinstance(event, _WARNING) or (isinstance(event, StepEnded) and event.status is not Status.DONE):
        return logging.WARNING
    return logging.INFO if isinstance(event, _INFO) else logging.DEBUG
