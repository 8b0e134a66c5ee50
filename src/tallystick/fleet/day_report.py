"""Provide what a simulated day of a fleet comes to: how fresh mailboxes were, what it cost, and who came off badly."""

from collections.abc import Mapping, Sequence

import attrs

from tallystick.fleet.outcome import OutcomeKind

SHARES = (0.5, 0.95, 0.99, 1.0)
_UNFAIR = 2.0


def percentiles(values: Sequence[float], shares: Sequence[float] = SHARES) -> tuple[float, ...]:
    """Return, for each share, the smallest of the values that so large a share of them does not exceed; 0 for none."""
    if not values:
        return (0.0,) * len(shares)
    ordered = sorted(values)
    return tuple(ordered[min(int(share * len(ordered)), len(ordered) - 1)] for share in shares)


@attrs.frozen
class DayReport:
    """One day of a fleet.

    ``freshness`` are the seconds from a change to the end of the run that carried it, in percentiles: 50, 95, 99 and
    100; ``by_tenant`` the 95th percentile of each tenant. ``unseen`` changes were not carried before the day was over.
    ``runs`` are counted by what they came to, ``requests`` are those of all, ``requests_per_mailbox`` percentiles of
    them. ``busy`` is the share of all workers' time that was used, ``deaths`` how many workers died.
    """

    mailboxes: int
    changes: int
    freshness: tuple[float, ...]
    by_tenant: Mapping[str, float]
    unseen: int
    runs: Mapping[OutcomeKind, int]
    requests: int
    requests_per_mailbox: tuple[float, ...]
    busy: float
    deaths: int

    @property
    def unfair(self) -> Mapping[str, float]:
        """Tenants whose changes took more than twice as long as the median tenant's, by how many times as long."""
        (median,) = percentiles(list(self.by_tenant.values()), (0.5,))
        return {name: one / median for name, one in sorted(self.by_tenant.items()) if median and one > _UNFAIR * median}

    def summary(self) -> str:
        """Return the day in a few lines."""
        fresh = ", ".join(f"{share:.0%} {seconds:.0f} s" for share, seconds in zip(SHARES, self.freshness, strict=True))
        each = ", ".join(
            f"{share:.0%} {count:.0f}" for share, count in zip(SHARES, self.requests_per_mailbox, strict=True)
        )
        runs = ", ".join(f"{kind} {count}" for kind, count in self.runs.items() if count)
        unfair = ", ".join(f"{name} ({times:.1f} times the median)" for name, times in self.unfair.items())
        return "\n".join(
            (
                f"{self.mailboxes} mailboxes, {self.changes} changes, {self.unseen} not carried by the end of the day",
                f"  carried within: {fresh}",
                f"  runs: {runs}",
                f"  requests: {self.requests}, a mailbox: {each}",
                f"  workers: {self.busy:.0%} busy, {self.deaths} died",
                f"  came off badly: {unfair or 'nobody'}",
            )
        )
