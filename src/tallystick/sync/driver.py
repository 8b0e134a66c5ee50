"""Provide the blocking driver: a short loop that carries the machine's requests to their ports and brings replies."""

from collections.abc import Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction
from typing import TypeVar

from tallystick import driving
from tallystick.errors import TallystickError, UsageError
from tallystick.sync.calls import Call, Port, Request, Together
from tallystick.sync.watching import Watch

T = TypeVar("T")
Ports = Mapping[Port | str, object]


def drive(machine: Call[T], ports: Ports, watch: Watch | None = None) -> T:
    """Run the machine to its end and return its result; ``watch`` is told of its calls.

    The library's own errors go back into the machine, which knows what they mean; everything else, an interrupt
    included, ends the run where it stands, as a crash would, and is raised.
    """
    return driving.drive(machine, partial(_answer, ports, watch), TallystickError)


def _answer(ports: Ports, watch: Watch | None, request: Request | Together) -> object:
    if isinstance(request, Together):
        return tuple([_tried(ports, watch, one) for one in request.requests])
    method: Callable[..., object] = getattr(ports[request.port], request.method)
    if watch is None:
        return method(*request.args)
    with watch.call(request) as answered:
        return answered(method(*request.args))


def _tried(ports: Ports, watch: Watch | None, request: Request) -> object:
    try:
        return _answer(ports, watch, request)
    except TallystickError as error:
        return error


def require_blocking(ports: Ports) -> None:
    """Raise UsageError where a port has to be awaited."""
    for name, port in ports.items():
        if is_async(port):
            raise UsageError(
                f"a {type(port).__name__} has to be awaited, and this call blocks",
                where=name.value if isinstance(name, Port) else f"directory {name}",
                remedy="use the method of the same name with _async, such as await sync.run_async()",
            )


_TELLING = ("changes", "search", "commit", "keep", "sleep")
"""A method that every provider, directory, state, sink or clock has one of."""


def is_async(port: object) -> bool:
    """Tell whether a port's methods are to be awaited."""
    return any(iscoroutinefunction(getattr(port, name, None)) for name in _TELLING)
