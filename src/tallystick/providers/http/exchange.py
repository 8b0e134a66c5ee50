"""Provide requests, answers, and exchanges: generators that yield a request and are sent its answer.

An exchange decides what to ask and reads what was answered; it sends nothing itself. Where a request fails, the
provider error that says so is thrown into the exchange at its ``yield``. What is asked may be more than one request:
whoever drives an exchange knows how to send it.
"""

from collections.abc import Awaitable, Callable, Generator, Mapping
from datetime import datetime
from typing import TypeVar

import attrs

from tallystick import driving
from tallystick.codecs.retry_after import read_http_date, read_retry_after
from tallystick.errors import ProviderError

T = TypeVar("T")
Q = TypeVar("Q")
A = TypeVar("A")


@attrs.frozen
class Request:
    """One request. ``writes`` tells that it may change something, so that a lost answer leaves that open."""

    method: str
    url: str = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    content: bytes = attrs.field(default=b"", repr=False)
    writes: bool = False


@attrs.frozen
class Answer:
    """One answer, read to its end. The names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    content: bytes = attrs.field(default=b"", repr=False)

    @property
    def date(self) -> datetime | None:
        """The service's own time when it answered."""
        return read_http_date(self.headers.get("date"))

    @property
    def retry_after(self) -> float | None:
        """The seconds that the service asks to be left alone; None where it does not say."""
        return read_retry_after(self.headers.get("retry-after"), self.date)


Exchange = Generator[Request, Answer, T]


def drive(exchange: Generator[Q, A, T], send: Callable[[Q], A]) -> T:
    """Return what an exchange comes to, with each thing that it asks sent by ``send``."""
    return driving.drive(exchange, send, ProviderError)


async def drive_async(exchange: Generator[Q, A, T], send: Callable[[Q], Awaitable[A]]) -> T:
    """Return what an exchange comes to, with each thing that it asks sent by awaiting ``send``."""
    return await driving.drive_async(exchange, send, ProviderError)
