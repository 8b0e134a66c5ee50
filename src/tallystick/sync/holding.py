"""Provide the hold of a run on its sync: one lease, under which everything that the run commits stands.

The machine knows nothing of leases. Its requests pass through here on their way to the driver: every commit gets the
lease's fence, so that none can be forgotten, and the lease is renewed before whatever may take long. Intents are
committed before a batch is sent, hence no batch is sent by a run that has lost its lease. A lease must last longer
than the longest call of a provider; waits that a service asks for are provided for here.

Whoever asks for the head is given that of the last commit: if somebody without a lease has moved it since, the next
commit finds that out by its revision.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar, cast

import attrs

from tallystick import driving
from tallystick.errors import LeaseHeld, SettingsError, TallystickError, UsageError
from tallystick.ports import Bid, Commit, Committed, Fence, Head, Lease
from tallystick.sync import calls
from tallystick.sync.calls import Call, Port, Request, Together
from tallystick.sync.checking import require_span
from tallystick.sync.worker import worker_name

T = TypeVar("T")

USUAL_SPAN = timedelta(minutes=5)
"""How long a lease lasts after a worker's last sign of life, unless a host says otherwise."""

_WAITS = (0.1, 0.2, 0.4, 0.8)
"""For how many seconds somebody waits, time and again, who finds another at work: settling is a matter of seconds."""

_BRIEF = timedelta(seconds=30)
"""How long the lease of a person's word lasts where its process dies over it."""

_SHORTEST_SPAN = timedelta(seconds=1)
_STATE, _CLOCK = Port.STATE, Port.CLOCK
_SIDES = (Port.LEFT, Port.RIGHT)


@attrs.define
class Holding:
    """A lease in use. Live: it knows until when the lease lasts, by the clock of this worker, and the head it left."""

    sync: str
    lease: Lease
    span: timedelta
    given_back: bool = False
    _head: Head | None = None

    def fenced(self, machine: Call[T]) -> Call[T]:
        """Carry a machine's requests, its commits under the lease."""
        return driving.around(machine, self._carry, TallystickError)

    def _carry(self, request: Request | Together) -> Call[object]:
        if isinstance(request, Together):
            for one in request.requests:
                yield from self._provide(one)
        elif request.port is _STATE:
            if request.method == "commit":
                return (yield from self._commit(*cast("tuple[str, Commit]", request.args)))
            if request.method == "head" and self._head is not None:
                return self._head
        else:
            yield from self._provide(request)
        return (yield request)

    def _provide(self, request: Request) -> Call[None]:
        """Renew the lease before a request that may take long."""
        if request.port is _CLOCK and request.method == "sleep":
            (seconds,) = cast("tuple[float]", request.args)
            yield from self._renew(self.span + timedelta(seconds=seconds))
        elif request.port in _SIDES:
            now = yield from calls.now()
            if now > self.lease.until - self.span / 2 or self._is_astray(now):
                yield from self._renew(self.span)

    def _commit(self, sync: str, commit: Commit) -> Call[object]:
        now = yield from calls.now()
        if now >= self.lease.until:
            yield from self._renew(self.span)
        commit.fence = Fence(self.lease.token, now, self.span)
        self._head = None  # where the commit is refused, nobody knows it
        reply = cast("Committed", (yield Request(Port.STATE, "commit", (sync, commit))))
        self._head, self.given_back = reply.head, commit.last
        if self.lease.until <= now + self.span or self._is_astray(now):
            self._lasts(now, self.span)
        return reply

    def _renew(self, span: timedelta) -> Call[None]:
        fence = Fence(self.lease.token, (yield from calls.now()), span)
        yield Request(Port.STATE, "renew", (self.sync, fence))
        self._lasts(fence.now, span)

    def _lasts(self, now: datetime, span: timedelta) -> None:
        self.lease = Lease(self.lease.worker, self.lease.token, now + span, span)

    def _is_astray(self, now: datetime) -> bool:
        """Tell whether the clock was set back since the lease was renewed: until when it lasts is not known then."""
        return self.lease.until - now > (self.lease.span or self.span)


def hold(sync: str, worker: str | None, span: timedelta, is_gone: Callable[[str], bool]) -> Call[Holding]:
    """Take the lease of a sync; raise LeaseHeld while another worker has it that ``is_gone`` does not prove dead."""
    name, now = worker or worker_name(), (yield from calls.now())
    lease = yield from _taken(sync, lambda: calls.acquire(sync, name, now, span), is_gone)
    return Holding(sync, lease, span)


def hold_with(sync: str, commit: Commit, bid: Bid, is_gone: Callable[[str], bool]) -> Call[tuple[Holding, Committed]]:
    """Take the lease as :func:`hold` does, in the transaction of a commit; return the answer to that, too."""
    commit.bid = bid
    answer = yield from _taken(sync, lambda: calls.commit(sync, commit), is_gone)
    if answer.lease is None:
        raise UsageError(
            "the state took a commit that bids for the lease, and gave none",
            where=sync,
            remedy="use a state that passes tallystick.testing.StateContract",
        )
    return Holding(sync, answer.lease, bid.span, head=answer.head), answer


def _taken(sync: str, take: Callable[[], Call[T]], is_gone: Callable[[str], bool]) -> Call[T]:
    """Take a lease, and once more where it is that of a worker who is proved dead."""
    try:
        return (yield from take())
    except LeaseHeld as held:
        if not is_gone(held.worker):
            raise
        # Given back by its token: where somebody else was quicker, this does nothing, and that one has it.
        yield from calls.release(sync, held.token)
        return (yield from take())


def hold_soon(sync: str, worker: str | None, span: timedelta, is_gone: Callable[[str], bool]) -> Call[Holding]:
    """Take the lease as :func:`hold` does, after waiting a moment for whoever settles or confirms one thing."""
    for wait in _WAITS:
        with suppress(LeaseHeld):
            return (yield from hold(sync, worker, span, is_gone))
        yield from calls.sleep(wait)
    return (yield from hold(sync, worker, span, is_gone))


def held_briefly(sync: str, machine: Call[T], is_gone: Callable[[str], bool], remedy: str) -> Call[T]:
    """Carry a machine of a few questions to the state under the lease: what a person says that runs rest on.

    It moves the state, which a run that is at work would not survive. So that run goes on, and the person is told by
    LeaseHeld, with ``remedy``. The lease is taken under a name of its own: it is taken over from nobody.
    """
    try:
        holding = yield from hold_soon(sync, None, _BRIEF, is_gone)
    except LeaseHeld as held:
        held.remedy = remedy
        raise
    try:
        done = yield from holding.fenced(machine)
    except TallystickError:
        yield from _give_back(holding)
        raise
    yield from _give_back(holding)
    return done


def _give_back(holding: Holding) -> Call[None]:
    with suppress(TallystickError):  # it runs out by itself
        yield from calls.release(holding.sync, holding.lease.token)


def checked_span(span: timedelta) -> timedelta:
    """Return how long a lease is to last; raise UsageError for what is no span, SettingsError for one too short."""
    require_span(span, "lease")
    if span < _SHORTEST_SPAN:
        raise SettingsError(
            f"a lease of {span.total_seconds():g} seconds is over before a run has begun",
            remedy="give one that is longer than the longest call of your providers, such as five minutes",
        )
    return span
