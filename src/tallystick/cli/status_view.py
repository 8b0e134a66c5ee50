"""Provide a sync at a glance as a person reads it, and as data, from what its state remembers.

A state knows no account, and not how often a sync is to run: when the next run is due is told where it was asked for,
or where the profile is named. How a side was found is what the last run that came so far says.
"""

from collections.abc import Sequence
from datetime import datetime

import attrs
from rich.text import Text

from tallystick.cli.report_view import STYLES
from tallystick.cli.rows_view import run_data
from tallystick.cli.screen import Screen, moment, shown, table
from tallystick.ports import Head, RunRow, RunState, Side
from tallystick.reconcile import Profile
from tallystick.reconcile.reasons import KIND_WORDS
from tallystick.settings import in_words
from tallystick.sync.begun import latest_begun
from tallystick.sync.connection import ConnectionState, found_by
from tallystick.sync.status import next_due

NEVER = "never run"
_FOUND = {ConnectionState.CONNECTED: "green", ConnectionState.UNREACHABLE: "yellow"}


@attrs.frozen
class Standing:
    """How a sync stands. ``due`` is when its next run is, None where it is off or nobody has said its profile."""

    head: Head
    last: RunRow | None
    profile: Profile[object, object] | None
    connections: tuple[ConnectionState | None, ConnectionState | None]
    due: datetime | None
    due_now: bool

    @classmethod
    def of(
        cls, head: Head, runs: Sequence[RunRow], profile: Profile[object, object] | None, now: datetime
    ) -> "Standing":
        """Return how a sync stands ``now``, by its head and its latest runs."""
        runs = latest_begun(runs)
        ran = any(run.ended for run in runs)
        left, right = (found_by(side, runs) if ran else None for side in Side)
        asked_for = head.enabled and (not runs or any(run.state is RunState.ENQUEUED for run in runs))
        due = next_due(head, runs, profile, now) if profile else now if asked_for else None
        return cls(head, next(iter(runs), None), profile, (left, right), due, due is not None and due <= now)

    @property
    def enabled(self) -> bool:
        """Whether the sync is switched on, and its settings do not keep it off."""
        return self.head.enabled and (self.profile is None or self.profile.enabled)

    @property
    def next_run(self) -> str:
        """When the next run is due, in words."""
        if not self.enabled:
            return "none while it is off"
        if self.due is None:
            return "an interval after the last one; --profile tells when"
        return "due now" if self.due_now else moment(self.due)


def show_status(screen: Screen, sync: str, standing: Standing) -> None:
    """Show a sync at a glance."""
    screen.title("Status", sync)
    made = table("", "", head=False)
    for name, value in _said(standing):
        made.add_row(Text(name, style="dim"), value)
    screen.show(made)


def status_data(sync: str, standing: Standing) -> dict[str, object]:
    """Return a sync at a glance as JSON-ready data."""
    head, last, profile = standing.head, standing.last, standing.profile
    return {
        "sync": sync,
        "enabled": standing.enabled,
        "connections": {side.label: standing.connections[side] for side in Side},
        "interval": profile.interval.total_seconds() if profile else None,
        "due": standing.due,
        "next_run": standing.next_run,
        "pairs": head.links,
        "initial_done": not head.initial,
        "parked": {kind.value: count for kind, count in head.parked.items()},
        "confirmed": dict(head.confirmed),
        "last_run": run_data(last) if last else None,
    }


def _said(standing: Standing) -> list[tuple[str, Text]]:
    head, last = standing.head, standing.last
    parked = ", ".join(f"{count:,} {KIND_WORDS[kind]}" for kind, count in head.parked.items())
    confirmed = ", ".join(f"{name} {count:,}" for name, count in head.confirmed.items())
    when = moment(last.started or last.enqueued) if last else ""
    said = [
        ("switched", "on" if standing.enabled else "off", ""),
        ("last run", f"{last.state}, {when}" if last else NEVER, STYLES.get(last.state, "") if last else ""),
        ("note", last.note if last else "", ""),
        ("next run", standing.next_run, ""),
        ("it takes in", "an initial one: both sides are listed in full" if head.initial else "what changed since", ""),
        ("interval", in_words(standing.profile.interval) if standing.profile else "", ""),
        *(
            (side.label, found or "", _FOUND.get(found, "red") if found else "")
            for side in Side
            for found in (standing.connections[side],)
        ),
        ("pairs", f"{head.links:,}", ""),
        ("set aside", parked or "nothing", ""),
        ("confirmed", confirmed, ""),
    ]
    return [(name, Text(shown(value), style=style)) for name, value, style in said if value]
