"""Provide the blocking driver: a short loop that carries the machine's requests to their ports and brings replies."""

from collections.abc import Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction
from typing import TypeVar

from tallystick import driving
from tallystick.errors import TallystickError, UsageError
from tallystick.sync.attributing import Answers, note
from tallystick.sync.calls import WITHOUT_RECORDS, Call, Port, Request, Together
from tallystick.sync.watching import Watch

T = TypeVar("T")
Ports = Mapping[Port | str, object]


def drive(machine: Call[T], ports: Ports, watch: Watch | None = None, answers: Answers | None = None) -> T:
    """Run the machine to its end and return its result.

    ``watch`` is told of its calls, ``answers`` takes what came back. The library's own errors go back into the machine,
    which knows what they mean; everything else, an interrupt included, ends the run where it stands, as a crash would,
    and is raised.
    """
    return driving.drive(machine, partial(_answer, ports, watch, answers), TallystickError)


def _answer(ports: Ports, watch: Watch | None, answers: Answers | None, request: Request | Together) -> object:
    if isinstance(request, Together):
        return tuple([_tried(ports, watch, answers, one) for one in request.requests])
    method: Callable[..., object] = getattr(ports[request.port], request.method)
    try:
        if watch is None:
            reply = method(*request.args)
        else:
            with watch.call(request) as answered:
                reply = answered(method(*request.args))
    except TallystickError:
        raise
    except BaseException:
        if answers is not None:
            answers.clear()  # what a provider raises itself comes of no answer
        raise
    if answers is not None and request.port not in WITHOUT_RECORDS:
        note(answers, request, reply)
    return reply


def _tried(ports: Ports, watch: Watch | None, answers: Answers | None, request: Request) -> object:
    try:
        return _answer(ports, watch, answers, request)
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
