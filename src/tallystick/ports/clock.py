"""Provide the protocol of a clock. Time is passed in, so that a run can be repeated to the second."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time, and a way to let some of it pass."""

    def now(self) -> datetime:
        """Return the present instant, with a zone."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after ``seconds``."""
        ...
