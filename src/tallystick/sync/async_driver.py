"""Provide the async driver: the same short loop as the blocking one, for ports of which some or all are awaited.

What the machine asks for together is under way at once. A port that blocks is called directly, or in a thread where
the host asks for that. A cancellation ends the run where it stands, as a crash would, once everything under way has
stopped; the next run puts it right. Only a thread can't be stopped: its write may still arrive, as one on the wire may.
"""

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import TypeVar, cast

from tallystick import driving
from tallystick.errors import TallystickError
from tallystick.sync.calls import Call, Port, Request, Together
from tallystick.sync.driver import Ports, is_async
from tallystick.sync.watching import Watch

T = TypeVar("T")
_NEVER_IN_THREADS = (Port.STATE, Port.SINK, Port.CLOCK, Port.OBSERVERS)


async def drive_async(machine: Call[T], ports: Ports, watch: Watch | None = None, *, in_threads: bool = False) -> T:
    """Run the machine to its end and return its result; with ``in_threads``, call providers that block in threads.

    ``watch`` is told of its calls. Errors go the way they go in :func:`tallystick.sync.driver.drive`.
    """
    threaded = _blocking_providers(ports) if in_threads else frozenset()
    return await driving.drive_async(machine, lambda request: _answer(request, ports, threaded, watch), TallystickError)


async def _answer(
    request: Request | Together, ports: Ports, threaded: frozenset[Port | str], watch: Watch | None
) -> object:
    if isinstance(request, Together):
        return await _at_once([_tried(one, ports, threaded, watch) for one in request.requests])
    if watch is None:
        return await _called(request, ports, threaded)
    with watch.call(request) as answered:
        return answered(await _called(request, ports, threaded))


async def _called(request: Request, ports: Ports, threaded: frozenset[Port | str]) -> object:
    method: Callable[..., object] = getattr(ports[request.port], request.method)
    if request.port in threaded:
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


async def _tried(request: Request, ports: Ports, threaded: frozenset[Port | str], watch: Watch | None) -> object:
    try:
        return await _answer(request, ports, threaded, watch)
    except TallystickError as error:
        return error


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
    return frozenset(name for name, port in ports.items() if name not in _NEVER_IN_THREADS and not is_async(port))
