"""Provide the words and signs of states and figures, the same on every page."""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Final

import attrs

from tallystick.errors import TallystickError
from tallystick.ports import RunRow, RunState
from tallystick.sync import ConnectionState, Status


@attrs.frozen
class Standing:
    """How a sync or a run stands: a word, the name of its sign and colour, and what it means."""

    word: str
    look: str
    means: str


NEVER: Final = Standing("never run", "idle", "no run was made yet")
OFF: Final = Standing("off", "idle", "switched off: nothing is read or written")
STANDINGS: Final[Mapping[RunState, Standing]] = {
    RunState.ENQUEUED: Standing("enqueued", "busy", "a run is asked for, and begins soon"),
    RunState.SYNCING: Standing("syncing", "busy", "a run is at work"),
    RunState.COMPLETE: Standing("complete", "good", "the last run did all of its work"),
    RunState.WARNING: Standing("warning", "warn", "a minor fault; the next run tries again"),
    RunState.PROBLEM: Standing("problem", "bad", "somebody has to do what the note says"),
}
CONNECTIONS: Final[Mapping[ConnectionState, str]] = {
    ConnectionState.CONNECTED: "good",
    ConnectionState.NEEDS_AUTHORISATION: "bad",
    ConnectionState.UNREACHABLE: "warn",
    ConnectionState.DISCONNECTED: "idle",
}
NOTICES: Final[Mapping[str, str]] = {
    "enqueued": "A run is asked for. It begins as soon as a worker is free.",
    "confirmed": "The figures are confirmed for one run, and that run is asked for.",
    "resolved": "The conflict is settled, and what was chosen is written.",
    "corrected": "The record is corrected and synced. It is no longer on this list.",
    "released": "The next run tries the record again.",
    "undone": "The run is taken back, as far as the plan said.",
    "unchanged": "Nothing was changed, so nothing was written.",
}
"""What a page says first after something was done; the address holds the key, never the words."""


def standing_of(status: Status) -> Standing:
    """Return how a sync stands."""
    if status.last_run is not None and status.last_run.state in (RunState.ENQUEUED, RunState.SYNCING):
        return STANDINGS[status.last_run.state]
    if not status.enabled:
        return OFF
    return STANDINGS[status.last_run.state] if status.last_run is not None else NEVER


def is_busy(run: RunRow | None) -> bool:
    """Tell whether a run waits or goes on, so that a page is soon out of date."""
    return run is not None and run.state in (RunState.ENQUEUED, RunState.SYNCING)


def took(run: RunRow) -> str:
    """Return how long a run took."""
    if run.duration is None:
        return ""
    seconds = run.duration.total_seconds()
    if seconds < 60:  # noqa: PLR2004 -- a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def told(error: TallystickError) -> str:
    """Return what an error says, as sentences; it names ids and never contents. What programs may do is left out."""
    return _sentences([error.what, "" if "()" in error.remedy else error.remedy])


def noted(run: RunRow, sync: str) -> str:
    """Return what a run's note says, as sentences of a page about its sync."""
    return _sentences(run.note.removeprefix(f"{sync}: ").split(" -- "))


def moment(at: datetime, zone: tzinfo) -> str:
    """Return an instant by the clocks of a zone, which is named."""
    there = at.astimezone(zone)
    return f"{there:%Y-%m-%d %H:%M} {there.tzname() or ''}".rstrip()


def _sentences(parts: Iterable[str]) -> str:
    return " ".join(f"{part[:1].upper()}{part[1:].rstrip('.')}." for part in parts if part)
