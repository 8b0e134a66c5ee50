"""Provide bad weather between a sync and a collection, armed by a test and counted when it strikes.

Whole requests: :meth:`~Faults.throttle`, :meth:`~Faults.fail`, and the three ways in which an answer can be missing:
the request never arrives (:meth:`~Faults.lose_request`), arrives late (:meth:`~Faults.delay_request`), or was carried
out and its answer lost (:meth:`~Faults.lose_reply`). Single writes of a request: :meth:`~Faults.refuse`,
:meth:`~Faults.throttle_write`, :meth:`~Faults.lose_write`. Listings that lie: :meth:`~Faults.empty_listing`,
:meth:`~Faults.truncate_listing`; records out of sight: :meth:`~Faults.deny`. And hooks :meth:`~Faults.before` and
:meth:`~Faults.after`, which see a request's batch and may edit records in between, or raise an end of the world.

``times`` is how often a fault strikes (None: until :meth:`~Faults.clear`), ``skip`` how many requests it lets pass.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from tallystick.errors import OutcomeUnknown, Throttled, Unavailable
from tallystick.ports.write import Create, Outcome, Status, Write
from tallystick.providers.memory.armed import Armed, Method, RequestFault, Who, WriteFault, WriteMethod

R = TypeVar("R")
Hook = Callable[[Sequence[object]], object]

_RETRY_AFTER = 2.128  # services do send fractions


class Faults(Generic[R]):
    """The faults of one collection; none are armed at first."""

    def __init__(self) -> None:
        self.armed: Armed[R] = Armed()
        self.denied: set[str] = set()
        self._hooks: list[tuple[bool, Method, Hook]] = []
        self._cut: set[str] = set()

    @property
    def fired(self) -> Counter[str]:
        """How often each fault struck, by the name of the method that armed it."""
        return self.armed.fired

    def clear(self) -> None:
        """Disarm all faults, forget all hooks, and let every record be seen again."""
        self.armed.clear()
        self.denied.clear()
        self._hooks.clear()
        self._cut.clear()

    def throttle(
        self,
        times: int | None = 1,
        retry_after: float | None = _RETRY_AFTER,
        *,
        method: Method | None = None,
        skip: int = 0,
    ) -> None:
        """Turn requests away with Throttled, of one method or of any."""
        error = Throttled(retry_after=retry_after)
        self.armed.arriving.append(RequestFault("throttle", method, error, times, skip))

    def fail(self, method: Method | None, error: BaseException, times: int | None = 1, *, skip: int = 0) -> None:
        """Answer requests with ``error``; nothing is written."""
        self.armed.arriving.append(RequestFault("fail", method, error, times, skip))

    def lose_request(self, method: WriteMethod, times: int | None = 1, *, skip: int = 0) -> None:
        """Raise OutcomeUnknown, and write nothing."""
        self.armed.arriving.append(RequestFault("lose_request", method, _unknown(), times, skip))

    def delay_request(self, method: WriteMethod, seconds: float, times: int | None = 1, *, skip: int = 0) -> None:
        """Raise OutcomeUnknown; the batch is taken by the first call that comes ``seconds`` later or after that."""
        self.armed.arriving.append(RequestFault("delay_request", method, _unknown(), times, skip, late=seconds))

    def lose_reply(
        self, method: WriteMethod, times: int | None = 1, *, skip: int = 0, first: int | None = None
    ) -> None:
        """Take the batch, or its ``first`` writes, and raise OutcomeUnknown."""
        self.armed.answering.append(RequestFault("lose_reply", method, _unknown(), times, skip, first=first))

    def refuse(self, who: Who[R], code: str = "refused", times: int | None = None) -> None:
        """Refuse writes to one record (its id, or a create's token) or those that a function picks."""
        self.armed.writes.append(WriteFault("refuse", who, Outcome(Status.REFUSED, code=code), times))

    def throttle_write(self, who: Who[R], times: int | None = 1, retry_after: float | None = _RETRY_AFTER) -> None:
        """Throttle single writes of a batch, and take the others."""
        outcome: Outcome[R] = Outcome(Status.THROTTLED, retry_after=retry_after)
        self.armed.writes.append(WriteFault("throttle_write", who, outcome, times))

    def lose_write(self, who: Who[R], times: int | None = 1, *, applied: bool = True) -> None:
        """Answer single writes of a batch with UNKNOWN, ``applied`` or not, and the others as usual."""
        self.armed.writes.append(WriteFault("lose_write", who, Outcome(Status.UNKNOWN), times, applied))

    def before(self, method: Method, hook: Hook) -> None:
        """Call ``hook`` with the batch (ids, terms or writes) of every such request before anything is done."""
        self._hooks.append((False, method, hook))

    def after(self, method: Method, hook: Hook) -> None:
        """Call ``hook`` with the batch of every such request when all is done and nothing answered yet."""
        self._hooks.append((True, method, hook))

    def empty_listing(self, times: int | None = 1) -> None:
        """Answer a listing with one page that is empty and says it is complete, as after a lost permission."""
        self.armed.listings.append(RequestFault("empty_listing", "empty_listing", _unanswered(), times))

    def truncate_listing(self, times: int | None = 1) -> None:
        """Answer the first page of a listing, and fail with Unavailable where it would go on."""
        self.armed.listings.append(RequestFault("truncate_listing", "truncate_listing", _unanswered(), times))

    def deny(self, *ids: str) -> None:
        """Hide records: no feed or search shows them, and reading one by id is refused."""
        self.denied.update(ids)

    def arrive(self, method: Method, batch: Sequence[object]) -> RequestFault | None:
        """Let a request come in: run the hooks, raise what is to be raised, return the fault of a late one."""
        self._call(method, batch, after=False)
        fault = self.armed.take(self.armed.arriving, method) if self.armed.arriving else None
        if fault is not None and fault.late is None:
            raise fault.error.with_traceback(None)
        return fault

    def loses(self, method: Method) -> RequestFault | None:
        """Return the fault by which the answer of a request that came in will be lost."""
        return self.armed.take(self.armed.answering, method) if self.armed.answering else None

    def for_write(self, write: Write[R]) -> WriteFault[R] | None:
        """Return the fault of a single write."""
        if not isinstance(write, Create) and write.id in self.denied:
            return WriteFault("deny", write.id, Outcome(Status.REFUSED, code="no_access"))
        return self.armed.take_for(write)

    def answer(self, method: Method, batch: Sequence[object]) -> None:
        """Let a request's answer go out: run the hooks."""
        self._call(method, batch, after=True)

    def strikes(self, name: str) -> bool:
        """Tell whether a listing that begins now is to lie in the way called ``name``."""
        return bool(self.armed.listings) and self.armed.take(self.armed.listings, name) is not None

    def cut_off(self, cursor: str) -> None:
        """Remember that the listing fails once when it is to go on at ``cursor``."""
        self._cut.add(cursor)

    def go_on(self, cursor: str) -> None:
        """Raise Unavailable where a listing was cut off."""
        if cursor in self._cut:
            self._cut.remove(cursor)
            raise _unanswered()

    def _call(self, method: Method, batch: Sequence[object], *, after: bool) -> None:
        for late, hooked, hook in tuple(self._hooks):
            if late is after and hooked == method:
                hook(batch)


def _unknown() -> OutcomeUnknown:
    return OutcomeUnknown("the request was sent and no answer came")


def _unanswered() -> Unavailable:
    return Unavailable("the service does not answer")
