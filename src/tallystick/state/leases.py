"""Provide what every state makes of a lease that is asked for, shown, or given back. Nothing here stores anything.

A lease's row is never removed, and its token only grows: a token that came twice would let a late worker in.

No lease runs longer than its own length. One whose end lies farther ahead was taken by a clock that has been set back
since: when it really began nobody knows, and waiting for it could take years. It counts as run out: whoever asks may
have it, and gets a larger token, so that its last holder, should that one still live, writes nothing more. Renewed by
its holder, it ends a length from now.
"""

from datetime import UTC, datetime, timedelta

from tallystick.errors import LeaseHeld, LeaseLost, UsageError
from tallystick.ports import Fence, Lease
from tallystick.state import checks

_SET_RIGHT = timedelta(minutes=1)
"""By how much a clock may be set back, as clocks are that follow others, without anybody's losing a lease."""

FREE = datetime(1970, 1, 1, tzinfo=UTC)
"""When a lease has run out that was given back."""


def taken(known: Lease | None, sync: str, worker: str, now: datetime, span: timedelta) -> Lease:
    """Return the lease of a worker that asks for it; raise LeaseHeld while another worker has it.

    A worker that asks again under the same name has been started anew: it takes over from itself.
    """
    until = end(now, span)
    if known is not None and known.worker != worker and held(known, now):
        raise LeaseHeld(
            f"{known.worker!r} is at work on this sync",
            worker=known.worker,
            until=known.until,
            token=known.token,
            where=sync,
            remedy=f"try again when it is done, or after {known.until:%Y-%m-%d %H:%M:%S} UTC, when its lease runs out",
        )
    return Lease(worker, known.token + 1 if known else 1, until, span)


def renewed(known: Lease | None, sync: str, fence: Fence) -> Lease:
    """Return the lease as it is after a renewal; raise LeaseLost where another worker has taken it since.

    One that ran out and that nobody has taken is renewed as well: nothing was written meanwhile.
    """
    if known is None or known.token != fence.token or known.until == FREE:
        raise lost(sync, known)
    until = end(fence.now, fence.span)
    if known.until > until and not _is_astray(known, fence.now):
        return known
    return Lease(known.worker, known.token, until, fence.span)


def kept(known: Lease | None, sync: str, fence: Fence) -> Lease:
    """Return the lease as it is after a commit under ``fence``; raise LeaseLost where it has run out or was taken."""
    if known is not None and known.until <= fence.now:
        raise lost(sync, known)
    return renewed(known, sync, fence)


def let_in(known: Lease | None, sync: str, fence: Fence, *, last: bool) -> Lease:
    """Return the lease as it is after a commit under ``fence``, given back with the ``last`` one."""
    lease = kept(known, sync, fence)
    return Lease(lease.worker, lease.token, FREE, lease.span) if last else lease


def held(known: Lease | None, now: datetime) -> Lease | None:
    """Return the lease if somebody has it now, else None."""
    moment = checks.instant(now)
    return known if known is not None and known.until > moment and not _is_astray(known, moment) else None


def _is_astray(lease: Lease, now: datetime) -> bool:
    """Tell whether a lease ends farther ahead than any can that began before ``now``."""
    return lease.span is not None and lease.until - checks.instant(now) > lease.span + _SET_RIGHT


def released(known: Lease | None, token: int) -> Lease | None:
    """Return the lease as it is after it was given back, or None where it is not this token's to give."""
    return Lease(known.worker, known.token, FREE, known.span) if known is not None and known.token == token else None


def lost(sync: str, known: Lease | None) -> LeaseLost:
    """Return the error for a worker whose lease is not, or no longer, what it believes."""
    who = f"{known.worker!r} has had it since" if known is not None and known.until != FREE else "nobody holds it"
    return LeaseLost(
        f"the lease under which this run writes has run out; {who}; nothing was written",
        where=sync,
        remedy="start again from the state as it is now; give a longer lease if runs are often this slow",
    )


def end(now: datetime, span: timedelta) -> datetime:
    """Return when a lease runs out that begins ``now``."""
    if span <= timedelta(0):
        raise UsageError("a lease that has run out when it begins", remedy="give a span of at least some seconds")
    try:
        return checks.instant(now + span)
    except OverflowError:
        raise UsageError("a time outside the years 1 to 9999 in UTC cannot be kept") from None
