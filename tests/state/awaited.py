"""Provide an awaited state as the tests of blocking ones see it, and a way to cancel it wherever it waits."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator
from types import coroutine
from typing import Any, Self, TypeVar, cast

import sqlalchemy as sa

from tallystick.ports import State

T = TypeVar("T")


class AwaitedState:
    """An awaited state whose methods block, in any thread: an event loop in one of its own carries them.

    It closes an engine that it was given, too.
    """

    def __init__(self, url: Any, **options: Any) -> None:  # noqa: ANN401 -- whatever the state takes
        from tallystick.state.sql import AsyncSqlState

        self._engine = None if isinstance(url, str) else url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            self.state: AsyncSqlState = AsyncSqlState(url, **options)
            self._done(self.state.__aenter__())
        except BaseException:
            self._stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the state and the loop."""
        self._done(self.state.close())
        if self._engine is not None:
            self._done(self._engine.dispose())
        self._stop()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- a method of the state
        found = getattr(self.state, name)
        if not callable(found):
            return found
        return lambda *args, **options: self._done(found(*args, **options))

    def execute(self, statement: sa.Executable) -> None:
        """Run a statement behind the state's back."""

        async def executed() -> None:
            async with self.state._engine.begin() as connection:
                await connection.execute(statement)

        self._done(executed())

    def _done(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def awaited_state(url: str, **options: Any) -> State:  # noqa: ANN401 -- whatever the state takes
    """Return an awaited state where a blocking one is wanted."""
    return cast("State", AwaitedState(url, **options))


@coroutine
def cut(work: Coroutine[Any, Any, T], at: int, waited: Callable[[], int]) -> Generator[Any, Any, T]:
    """Do a work whose task is cancelled when it waits for the time ``at``; ``waited`` counts, and returns the count."""
    resume: Callable[[Any], Any] = work.send
    reply: Any = None
    while True:
        try:
            awaited = resume(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result
        if waited() == at:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
        try:
            reply = yield awaited
            resume = work.send
        except BaseException as error:  # noqa: BLE001 -- whatever it is, it is the work's
            reply, resume = error, work.throw
