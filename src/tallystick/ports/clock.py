"""Provide the protocol of a clock, and the look at what one tells. Time is passed in, so that a run can be repeated."""

from datetime import datetime
from typing import Protocol

from tallystick.errors import UsageError


class Clock(Protocol):
    """The time, and a way to let some of it pass."""

    def now(self) -> datetime:
        """Return the present instant, with a zone."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return after ``seconds``."""
        ...


def instant_of(answer: object) -> datetime:
    """Return what a clock's ``now`` answered; raise UsageError for what names no instant."""
    if isinstance(answer, datetime) and answer.tzinfo is not None:
        return answer
    found = "a time without a zone" if isinstance(answer, datetime) else f"of the type {type(answer).__name__}"
    raise UsageError(
        f"the answer is {found} and has to be an instant",
        where="clock, now()",
        remedy="return a datetime with a zone, best in UTC",
    )
