"""Provide faults that are armed: what they do, for which requests or writes, and how often."""

from collections import Counter
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

import attrs

from tallystick.ports.write import Create, Outcome, Write

R = TypeVar("R")
Method = Literal["changes", "get", "search", "create", "update", "remove", "send"]
WriteMethod = Literal["create", "update", "remove", "send"]
Who = str | Callable[[Write[R]], bool]


@attrs.define(eq=False)
class RequestFault:
    """One way in which whole requests fail, ``times`` times after the first ``skip`` (None: until cleared).

    ``method`` None means any. ``late`` is after how many seconds a lost request arrives all the same, None for never.
    ``first`` is how many writes of the batch were taken before the answer was lost, None for all of them.
    """

    name: str
    method: str | None
    error: BaseException
    times: int | None = 1
    skip: int = 0
    late: float | None = None
    first: int | None = None


@attrs.define(eq=False)
class WriteFault(Generic[R]):
    """One way in which single writes fail: ``outcome`` is the answer, ``applied`` whether the write was made."""

    name: str
    who: Who[R]
    outcome: Outcome[R]
    times: int | None = 1
    applied: bool = False

    def concerns(self, write: Write[R]) -> bool:
        """Tell whether this is for ``write``: by its id (a create's token), or by a function that looks at it."""
        if not isinstance(self.who, str):
            return self.who(write)
        return self.who == (write.token if isinstance(write, Create) else write.id)


class Armed(Generic[R]):
    """The faults that wait for their turn, those armed first before the others. ``fired`` counts them by name."""

    def __init__(self) -> None:
        self.fired: Counter[str] = Counter()
        self.arriving: list[RequestFault] = []
        self.answering: list[RequestFault] = []
        self.listings: list[RequestFault] = []
        self.writes: list[WriteFault[R]] = []

    def clear(self) -> None:
        """Disarm everything."""
        self.arriving.clear()
        self.answering.clear()
        self.listings.clear()
        self.writes.clear()

    def take(self, waiting: list[RequestFault], method: str) -> RequestFault | None:
        """Return the fault whose turn it is for a request, if there is one."""
        for fault in waiting:
            if fault.method not in (None, method):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if self._spent(fault):
                waiting.remove(fault)
            return fault
        return None

    def take_for(self, write: Write[R]) -> WriteFault[R] | None:
        """Return the fault whose turn it is for one write, if there is one."""
        for fault in self.writes:
            if fault.concerns(write):
                if self._spent(fault):
                    self.writes.remove(fault)
                return fault
        return None

    def _spent(self, fault: RequestFault | WriteFault[R]) -> bool:
        self.fired[fault.name] += 1
        if fault.times is None:
            return False
        fault.times -= 1
        return fault.times <= 0
