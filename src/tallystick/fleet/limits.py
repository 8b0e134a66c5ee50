"""Provide the limits of a tenant as values: how often its syncs may start, and a breaker that opens when all fail.

A tenant is whoever shares a limit or an outage: a customer's directory, a CRM's server. Both values are pure; the
roster keeps them beside the due times, so that all workers go by the same ones.

The rate is kept as one time, the *backlog*: until when the starts that were let in would take at the set rate. A start
is let in while the backlog reaches no further ahead than the burst allows.

==========  ===================================  =====================================================
breaker     while                                then
==========  ===================================  =====================================================
closed      fewer faults in a row than allowed   every start is let in
open        its pause lasts                      none is
half open   the pause is over                    one is let in; its outcome closes it, or opens it anew
==========  ===================================  =====================================================
"""

from datetime import datetime, timedelta

import attrs

from tallystick.errors import SettingsError
from tallystick.fleet.outcome import OutcomeKind


@attrs.frozen
class TenantLimits:
    """What each tenant is allowed: ``starts`` of syncs in every ``per``, and no more than that at once.

    After ``faults`` in a row nothing of the tenant is started for ``pause``.
    """

    starts: int = 1000
    per: timedelta = timedelta(minutes=1)
    faults: int = 20
    pause: timedelta = timedelta(minutes=1)

    def __attrs_post_init__(self) -> None:
        if min(self.starts, self.faults) < 1 or min(self.per, self.pause) <= timedelta(0):
            raise SettingsError("limits that let nothing through", remedy="give numbers and spans above zero")

    @property
    def gap(self) -> timedelta:
        """How far apart starts are at the set rate."""
        return self.per / self.starts


@attrs.frozen
class Tenant:
    """How a tenant stands: its ``backlog`` of starts, its ``faults`` in a row, and until when its breaker is open."""

    backlog: datetime | None = None
    faults: int = 0
    open_until: datetime | None = None

    def start(self, limits: TenantLimits, now: datetime) -> "tuple[Tenant, datetime | None]":
        """Ask to start one sync; return how the tenant stands then, and None, or the time to ask again at."""
        if self.open_until is not None:
            if now < self.open_until:
                return self, self.open_until
            # Half open: whoever else asks waits until this one's outcome is known, for a pause at most.
            return Tenant(self.backlog, self.faults, now + limits.pause), None
        backlog = max(self.backlog or now, now)
        gap = limits.gap
        ahead = gap * (limits.starts - 1)
        if backlog - now > ahead:
            return self, backlog - ahead
        return Tenant(backlog + gap, self.faults), None

    def ended(self, kind: OutcomeKind, limits: TenantLimits, now: datetime) -> "Tenant":
        """Return how the tenant stands after one of its syncs came to an end."""
        if kind is OutcomeKind.RETRY:
            faults = self.faults + 1
            return attrs.evolve(self, faults=faults, open_until=now + limits.pause if faults >= limits.faults else None)
        if kind is OutcomeKind.DONE and (self.faults or self.open_until):
            return attrs.evolve(self, faults=0, open_until=None)
        return self
