"""Provide the status of a sync at a glance, and when its next run is due.

A run is due at once before the first, where one was asked for, and where the sync was switched on again: none of these
waits for the hours of the schedule. Else it is due an interval after the last one began, or when the hours next begin.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import attrs

from tallystick.ports import KEPT_RUNS, Head, RunRow, RunState, Side
from tallystick.reconcile import Hours, Profile
from tallystick.settings import in_words
from tallystick.sync import calls
from tallystick.sync.begun import latest_begun
from tallystick.sync.calls import Call
from tallystick.sync.connection import Connection, connection
from tallystick.sync.setup import Setup

LOOKED_AT = KEPT_RUNS
"""Runs that a status looks at: one that was cut off says nothing about a connection, and one may wait behind many."""


@attrs.frozen
class Status:
    """A sync at a glance.

    ``accounts`` are the providers' own names for them, ``scopes`` the list or category of each side (None: all of
    it). Runs are due every ``interval`` within the ``hours``; ``due`` is when the next one is, None while the sync is
    off: ``enabled`` is False where it was switched off, or its settings say so. ``connections`` are those of both
    sides, as the last run found them.
    """

    sync: str
    enabled: bool
    accounts: tuple[str, str]
    scopes: tuple[str | None, str | None]
    interval: timedelta
    hours: Hours
    pairs: int
    initial_done: bool
    last_run: RunRow | None
    due: datetime | None
    connections: tuple[Connection, Connection]

    @property
    def glance(self) -> Mapping[str, str]:
        """What a page says first, by name and in words: enabled, last run, interval."""
        return {
            "enabled": "yes" if self.enabled else "no",
            "last run": _in_words(self.last_run) if self.last_run else "never run",
            "interval": in_words(self.interval) if self.enabled else "none",
        }


def status_of(setup: Setup, accounts: tuple[str, str]) -> Call[Status]:
    """Return the status of a sync; ``accounts`` are the providers' own names for them."""
    profile = setup.profile
    head = yield from calls.head(setup.sync)
    runs = latest_begun((yield from calls.runs(setup.sync, LOOKED_AT)))
    last = next(iter(runs), None)
    return Status(
        setup.sync,
        head.enabled and profile.enabled,
        accounts,
        (profile.left.scope.name, profile.right.scope.name),
        profile.interval,
        profile.hours,
        head.links,
        not head.initial,
        last,
        next_due(head, runs, profile, (yield from calls.now())),
        (connection(Side.LEFT, accounts[0], runs), connection(Side.RIGHT, accounts[1], runs)),
    )


def _in_words(run: RunRow) -> str:
    at = run.started or run.enqueued
    return f"{run.state}, {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else run.state.value


def next_due(head: Head, runs: Sequence[RunRow], profile: Profile[object, object], now: datetime) -> datetime | None:
    """Return when the next run is due, None where the sync is off; ``runs`` are the latest, as they began."""
    if not head.enabled or not profile.enabled:
        return None
    last = next(iter(runs), None)
    if last is None or last.started is None or any(run.state is RunState.ENQUEUED for run in runs):
        return now
    if head.initial and last.state is RunState.COMPLETE:  # an initial run that failed is tried again in due time
        return now
    return profile.hours.at_or_after(last.started + profile.interval)
