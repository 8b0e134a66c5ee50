"""Provide the event loop on which a contract tries what is awaited, one call at a time or a few at once."""

import asyncio
from collections.abc import Awaitable, Sequence
from inspect import isawaitable
from typing import Any, Self

from tallystick.errors import UsageError

_PLAIN = ("account", "capabilities", "key")


class Loop:
    """An event loop of one's own; a context manager."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self._runner.__enter__()
            return self
        raise UsageError(
            "the contract runs an event loop of its own, and one is running here",
            remedy="call it from a plain function, or with await asyncio.to_thread(contract.check)",
        )

    def __exit__(self, *raised: object) -> None:
        self._runner.close()

    def result(self, value: object) -> object:
        """Return a value, awaited where it has to be."""
        return self._runner.run(_awaited(value)) if isawaitable(value) else value

    def at_once(self, works: Sequence[Awaitable[object]]) -> list[object]:
        """Return the results of works that are under way at once."""

        async def all_of() -> list[object]:
            return list(await asyncio.gather(*works))

        return self._runner.run(all_of())

    def cancelled(self, work: Awaitable[object]) -> None:
        """Begin a work and cancel it as soon as it waits for something."""

        async def begun() -> None:
            task = asyncio.ensure_future(work)
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self._runner.run(begun())

    def blocking(self, part: object) -> Any:  # noqa: ANN401 -- whatever the part is, blocking
        """Return a part whose awaited methods block."""
        return _Blocking(self, part)


class _Blocking:
    """A part as a blocking check sees it."""

    def __init__(self, loop: Loop, part: object) -> None:
        self._loop, self._part = loop, part

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the part has
        value = getattr(self._part, name)
        if name in _PLAIN or not callable(value):
            return value
        return lambda *args, **options: self._loop.result(value(*args, **options))


async def _awaited(value: Awaitable[object]) -> object:
    return await value
