"""Provide the pace of a fleet: when each sync is due, and when again after an attempt came to what it came to.

Due times are spread: every sync has its own place within the interval, by a digest of its name, so that a hundred
thousand of them make an even stream and a restart does not start them all at once. Nothing here is random: the same
sync has the same place in every process.

=======================  ================================================================================
an attempt came to       the next is
=======================  ================================================================================
done                     at the sync's next place
busy                     when the other's lease runs out, at its next place at the latest
retry                    after a wait that doubles each time, and no sooner than the service asks for: a year at most
authorise, person        after ``slow``, unless somebody asks for a run before
failed                   the same
off                      never, until somebody asks for a run
=======================  ================================================================================

A sync whose profile has hours is due within them only: what would fall between closing and opening is moved to the
sync's first place after the opening, so that the opening is no rush either.
"""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final

import attrs

from tallystick.errors import SettingsError
from tallystick.fleet.outcome import OutcomeKind, SyncOutcome
from tallystick.reconcile import AROUND_THE_CLOCK, Hours

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_JITTER: Final = 0.25
_LONGEST_DOUBLING: Final = 20
_INSTANT: Final = timedelta(microseconds=1)
_YEAR: Final = 366 * 86_400.0


def fraction(*names: object) -> float:
    """Return a number from 0 up to 1 that is the same for the same names, and evenly spread over different ones."""
    digest = blake2b("\0".join(map(str, names)).encode(), digest_size=6).digest()
    return int.from_bytes(digest) / (1 << 48)


def place(sync: str, interval: timedelta) -> timedelta:
    """Return where in the interval a sync has its place."""
    return interval * fraction(sync)


def due_after(sync: str, interval: timedelta, after: datetime) -> datetime:
    """Return the first of a sync's places later than a time."""
    own = place(sync, interval)
    periods: int = (after - _EPOCH - own) // interval + 1
    return _EPOCH + own + periods * interval


@attrs.frozen
class Pace:
    """How often syncs run.

    ``interval`` is from one run to the next, ``first_retry`` the wait after a first fault of a service; it doubles with
    every further one up to ``slow``, which is also how long a sync rests that waits for a person.
    """

    interval: timedelta = timedelta(minutes=10)
    first_retry: timedelta = timedelta(seconds=30)
    slow: timedelta = timedelta(hours=1)

    def __attrs_post_init__(self) -> None:
        if not timedelta(0) < self.first_retry <= self.slow or self.interval < timedelta(seconds=1):
            raise SettingsError(
                "a pace whose waits are not above zero and in order",
                remedy="give an interval of at least a second, and a first_retry of at most slow",
            )

    def first(self, sync: str, now: datetime, hours: Hours = AROUND_THE_CLOCK) -> datetime:
        """Return when a sync is due that was never run."""
        return self.within(hours, sync, due_after(sync, self.interval, now))

    def next(self, outcome: SyncOutcome, attempts: int, now: datetime) -> datetime | None:
        """Return when a sync is due again, None for never; ``attempts`` are those in a row that were not done."""
        due = self._next(outcome, attempts, now)
        return due if due is None or outcome.hours is None else self.within(outcome.hours, outcome.sync, due)

    def within(self, hours: Hours, sync: str, due: datetime) -> datetime:
        """Return when a sync is due that would be at a time which need not lie within its hours."""
        if hours == AROUND_THE_CLOCK:
            return due
        opens = hours.at_or_after(due)
        if opens == due:
            return due
        own = due_after(sync, self.interval, opens - _INSTANT)
        # Hours that are shorter than the interval may not have its place in them.
        return own if hours.include(own) else opens

    def _next(self, outcome: SyncOutcome, attempts: int, now: datetime) -> datetime | None:
        if outcome.kind is OutcomeKind.DONE:
            return due_after(outcome.sync, self.interval, now)
        asked = timedelta(seconds=min(outcome.retry_after or 0.0, _YEAR))
        spread = 1 + _JITTER * fraction(outcome.sync, attempts)
        match outcome.kind:
            case OutcomeKind.BUSY:
                usual = due_after(outcome.sync, self.interval, now)
                return min(usual, now + max(asked, self.first_retry) * spread)
            case OutcomeKind.RETRY:
                doubled: timedelta = self.first_retry * (1 << min(max(attempts - 1, 0), _LONGEST_DOUBLING))
                return now + max(min(doubled, self.slow), asked) * spread
            case OutcomeKind.OFF:
                return None
            case _:
                return now + self.slow * spread
