"""Provide the blocking driver: a short loop that carries the machine's requests to their ports and brings replies."""

from collections.abc import Mapping
from typing import TypeVar

from tallystick.errors import TallystickError
from tallystick.sync.calls import Call, Port

T = TypeVar("T")


def drive(machine: Call[T], ports: Mapping[Port | str, object]) -> T:
    """Run the machine to its end and return its result.

    The library's own errors go back into the machine, which knows what they mean; everything else, an interrupt
    included, ends the run where it stands, as a crash would, and is raised.
    """
    try:
        request = next(machine)
        while True:
            try:
                reply = getattr(ports[request.port], request.method)(*request.args)
            except TallystickError as error:
                request = machine.throw(error)
            else:
                request = machine.send(reply)
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        machine.close()
