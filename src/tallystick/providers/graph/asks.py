"""Provide what a provider asks of the service and what it is answered, as values; nothing here is sent.

A decision of the provider is a generator: it yields some :class:`Ask` at once (no more than a batch holds), and is sent
an :class:`Answer` for each, or thrown the error. So one body of decisions serves a blocking and an async transport.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Final, TypeVar

import attrs

from tallystick.codecs.graph import Fault, read_fault
from tallystick.codecs.graph.codec import Body

T = TypeVar("T")
MOST_AT_ONCE: Final = 20
"""How many requests the service takes in one batch."""


@attrs.frozen
class Ask:
    """One request. ``path`` begins after the service's version, and has its query with it.

    ``if_match`` is the version that a write rests on. ``prefer`` are further preferences. ``quiet`` keeps the path out
    of what is requested by address, because it holds somebody's data and addresses are logged on their way.
    """

    method: str
    path: str = attrs.field(repr=False)
    body: Body | None = attrs.field(default=None, repr=False)
    if_match: str | None = None
    prefer: tuple[str, ...] = ()
    quiet: bool = False

    @property
    def writes(self) -> bool:
        """Whether something may be different once it was sent."""
        return self.method != "GET"


@attrs.frozen
class Answer:
    """What one request was answered."""

    status: int
    body: Body = attrs.field(factory=dict, repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    @property
    def fault(self) -> Fault | None:
        """The error that it is, if it is one."""
        return None if 200 <= self.status < 300 else read_fault(self.status, self.body, self.headers)  # noqa: PLR2004


Asking = Generator[Sequence[Ask], Sequence[Answer], T]


def ask_one(ask: Ask) -> Asking[Answer]:
    """Ask one thing."""
    (answer,) = yield (ask,)
    return answer


def ask_all(asks: Sequence[Ask]) -> Asking[list[Answer]]:
    """Ask any number of things, as many at once as go into a batch."""
    answers: list[Answer] = []
    for at in range(0, len(asks), MOST_AT_ONCE):
        answers += yield asks[at : at + MOST_AT_ONCE]
    return answers
