"""Provide an awaited state as the tests of blocking ones see it, and a way to cancel it wherever it waits."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from types import coroutine
from typing import Any, Self, TypeVar, cast

import sqlalchemy as sa

from tallystick.ports import State
from tallystick.testing.awaiting import Loop

T = TypeVar("T")


class AwaitedState:
    """An awaited state whose methods block, on an event loop of its own. It closes an engine that it was given, too."""

    def __init__(self, url: Any, **options: Any) -> None:  # noqa: ANN401 -- whatever the state takes
        from tallystick.state.sql import AsyncSqlState

        self._engine = None if isinstance(url, str) else url
        self._loop = Loop().__enter__()
        try:
            self.state: AsyncSqlState = AsyncSqlState(url, **options)
            self._loop.result(self.state.__aenter__())
        except BaseException:
            self._loop.__exit__(None, None, None)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the state and the loop."""
        self._loop.result(self.state.close())
        if self._engine is not None:
            self._loop.result(self._engine.dispose())
        self._loop.__exit__(None, None, None)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- a method of the state
        return getattr(self._loop.blocking(self.state), name)

    def execute(self, statement: sa.Executable) -> None:
        """Run a statement behind the state's back."""

        async def executed() -> None:
            async with self.state._engine.begin() as connection:
                await connection.execute(statement)

        self._loop.result(executed())


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
