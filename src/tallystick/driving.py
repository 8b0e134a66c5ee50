"""Provide the driving of machines: generators that yield what they want done, and are sent what came of it.

A machine decides, and does no I/O; so one machine serves a driver that blocks and one that is awaited. Errors of the
kind that a machine knows are thrown into it, where it yielded. Everything else, an interrupt included, ends it where it
stands, as a crash would, and is raised.

The loop stands here three times, as what it waits for is called, delegated to, or awaited; made of one another, each
request would cost a generator more.
"""

from collections.abc import Awaitable, Callable, Generator
from contextlib import closing
from typing import TypeVar

Q = TypeVar("Q")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
T = TypeVar("T")


def around(
    machine: Generator[Q, A, T], answer: Callable[[Q], Generator[B, C, A]], known: type[Exception]
) -> Generator[B, C, T]:
    """Return a machine that does what another does; what that asks is answered by machines in their turn."""
    with closing(machine):
        try:
            question = next(machine)
            while True:
                try:
                    reply = yield from answer(question)
                except known as error:
                    question = machine.throw(error)
                else:
                    question = machine.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result


def drive(machine: Generator[Q, A, T], answer: Callable[[Q], A], known: type[Exception]) -> T:
    """Run a machine to its end and return its result; ``answer`` does what it asks for."""
    with closing(machine):
        try:
            question = next(machine)
            while True:
                try:
                    reply = answer(question)
                except known as error:
                    question = machine.throw(error)
                except StopIteration as error:
                    # It would read as the machine's own end. Generators and coroutines refuse it in the same words.
                    raise RuntimeError("a call raised StopIteration") from error
                else:
                    question = machine.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result


async def drive_async(machine: Generator[Q, A, T], answer: Callable[[Q], Awaitable[A]], known: type[Exception]) -> T:
    """Run a machine to its end and return its result; ``answer`` is awaited."""
    with closing(machine):
        try:
            question = next(machine)
            while True:
                try:
                    reply = await answer(question)
                except known as error:
                    question = machine.throw(error)
                else:
                    question = machine.send(reply)
        except StopIteration as stop:
            result: T = stop.value
            return result
