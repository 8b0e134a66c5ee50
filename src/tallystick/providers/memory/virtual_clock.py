"""Provide a clock that stands still until somebody moves it, so that a test or a demo runs the same every time."""

from datetime import UTC, datetime, timedelta

_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class VirtualClock:
    """A clock that moves by :meth:`sleep`, by :meth:`advance`, and by one ``step`` with every write to a collection.

    Two collections whose times are to be compared, as where the latest change wins, must share one clock.
    ``slept`` lists every time that somebody slept, in seconds.
    """

    def __init__(self, start: datetime = _START, *, step: timedelta = _SECOND) -> None:
        self._now = start
        self._step = step
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the present instant; asking does not move it."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass at once, and note that somebody waited for them."""
        self.slept.append(seconds)
        self._now += timedelta(seconds=seconds)

    def advance(self, span: timedelta | float) -> None:
        """Let a span of time, or a number of seconds, pass; a negative one turns the clock back."""
        self._now += span if isinstance(span, timedelta) else timedelta(seconds=span)

    def tick(self) -> datetime:
        """Move on by one step and return the instant that was reached."""
        self._now += self._step
        return self._now
