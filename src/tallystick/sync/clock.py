"""Provide the clocks of the system, the only place of the library that asks what time it is."""

import time
from datetime import UTC, datetime


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
