"""Provide the gate before a mailbox: no more than four of its requests are under way at once, in all providers.

The service counts the parts of a batch, of which it works on four at a time: a batch takes all four slots. Whoever
needs several takes them one after the other while nobody else does, so that two can't wait for each other.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

SLOTS: Final = 4


class Gate:
    """The slots of one mailbox, for threads."""

    def __init__(self) -> None:
        self._turn, self._slots = threading.Lock(), threading.Semaphore(SLOTS)

    @contextmanager
    def passed(self, width: int) -> Iterator[None]:
        """Hold as many slots as a request of this width takes."""
        held = 0
        try:
            with self._turn:
                for _ in range(min(width, SLOTS)):
                    self._slots.acquire()
                    held += 1
            yield
        finally:
            for _ in range(held):
                self._slots.release()


class AsyncGate:
    """The slots of one mailbox, for tasks of one event loop."""

    def __init__(self) -> None:
        self._turn, self._slots = asyncio.Lock(), asyncio.Semaphore(SLOTS)

    @asynccontextmanager
    async def passed(self, width: int) -> AsyncIterator[None]:
        """Hold as many slots as a request of this width takes."""
        held = 0
        try:
            async with self._turn:
                for _ in range(min(width, SLOTS)):
                    await self._slots.acquire()
                    held += 1
            yield
        finally:
            for _ in range(held):
                self._slots.release()
