"""Provide the clocks of the system, the only place of the library that asks what time it is, and what a clock says."""

import time
from datetime import UTC, datetime

from tallystick.errors import UsageError


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


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that everything else is handed

    def sleep(self, seconds: float) -> None:
        """Return after ``seconds``."""
        time.sleep(seconds)


class AsyncSystemClock:
    """The same clock, which lets others work while somebody waits."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return SystemClock().now()

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds``."""
        import asyncio  # noqa: PLC0415 -- slow to import, and blocking hosts never need it

        await asyncio.sleep(seconds)
