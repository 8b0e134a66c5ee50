"""Provide the status of a sync at a glance, and when its next run is due."""

from datetime import datetime, timedelta

import attrs

from tallystick.ports import Head, RunRow, RunState


@attrs.frozen
class Status:
    """A sync at a glance.

    ``accounts`` are the providers' own names for them, ``scopes`` the list or category of each side (None: all of
    it). ``due`` is when the next run is, None while the sync is switched off.
    """

    sync: str
    enabled: bool
    accounts: tuple[str, str]
    scopes: tuple[str | None, str | None]
    interval: timedelta
    pairs: int
    initial_done: bool
    last_run: RunRow | None
    due: datetime | None


def next_due(head: Head, last: RunRow | None, interval: timedelta, now: datetime) -> datetime | None:
    """Return when the next run is due: at once before the first and where one is enqueued, else an interval later."""
    if not head.enabled:
        return None
    if last is None or last.state is RunState.ENQUEUED or last.started is None:
        return now
    return last.started + interval
