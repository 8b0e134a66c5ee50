"""Provide the async driver: the same short loop as the blocking one, for ports of which some or all are awaited.

What the machine asks for together is under way at once. A port that blocks is called directly, or in a thread where
the host asks for that. A cancellation ends the run where it stands, as a crash would, once everything under way has
stopped; the next run puts it right. Only a thread can't be stopped: its write may still arrive, as one on the wire may.
"""

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import TypeVar, cast

import attrs

from tallystick import driving
from tallystick.errors import TallystickError
from tallystick.sync.attributing import Answers, note
from tallystick.sync.calls import WITHOUT_RECORDS, Call, Port, Request, Together
from tallystick.sync.driver import Ports, is_async
from tallystick.sync.watching import Watch

T = TypeVar("T")


async def drive_async(
    machine: Call[T],
    ports: Ports,
    watch: Watch | None = None,
    answers: Answers | None = None,
    *,
    in_threads: bool = False,
) -> T:
    """Run the machine to its end and return its result; with ``in_threads``, call providers that block in threads.

    ``watch`` is told of its calls, ``answers`` takes what came back. Errors go the way they go in
    :func:`tallystick.sync.driver.drive`.
    """
    threaded = _blocking_providers(ports) if in_threads else frozenset()
    surroundings = _Surroundings(ports, threaded, watch, answers)
    return await driving.drive_async(machine, surroundings.answer, TallystickError)


@attrs.frozen
class _Surroundings:
    """Whom requests go to, which of the ports are called in threads, and who is told of it."""

    ports: Ports
    threaded: frozenset[Port | str]
    watch: Watch | None
    answers: Answers | None

    async def answer(self, request: Request | Together) -> object:
        """Carry requests to their ports and return the replies."""
        if isinstance(request, Together):
            return await _at_once([self._tried(one) for one in request.requests])
        try:
            if self.watch is None:
                reply = await self._called(request)
            else:
                with self.watch.call(request) as answered:
                    reply = answered(await self._called(request))
        except TallystickError:
            raise
        except BaseException:
            if self.answers is not None:
                self.answers.clear()  # what a provider raises itself comes of no answer
            raise
        if self.answers is not None and request.port not in WITHOUT_RECORDS:
            note(self.answers, request, reply)
        return reply

    async def _tried(self, request: Request) -> object:
        try:
            return await self.answer(request)
        except TallystickError as error:
            return error

    async def _called(self, request: Request) -> object:
        method: Callable[..., object] = getattr(self.ports[request.port], request.method)
        if request.port in self.threaded:
            import asyncio  # noqa: PLC0415 -- slow to import, and blocking hosts never need it

            reply = await asyncio.to_thread(_call, method, *request.args)
        else:
            reply = method(*request.args)
        return await cast("Awaitable[object]", reply) if isawaitable(reply) else reply


def _call(method: Callable[..., object], *args: object) -> object:
    """Call a method in a thread; a StopIteration, which no future can hold, would be awaited for ever."""
    try:
        return method(*args)
    except StopIteration as error:
        raise RuntimeError("a call raised StopIteration") from error


async def _at_once(works: Sequence[Awaitable[object]]) -> tuple[object, ...]:
    """Return the results in order; where one fails or all are cancelled, stop the others before saying so."""
    import asyncio  # noqa: PLC0415 -- slow to import, and blocking hosts never need it

    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        return tuple(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


def _blocking_providers(ports: Ports) -> frozenset[Port | str]:
    return frozenset(name for name, port in ports.items() if name not in WITHOUT_RECORDS and not is_async(port))
