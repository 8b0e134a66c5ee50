"""Provide what a state remembers as a person reads it, and as data: runs, standing lists, the sync at a glance."""

from collections.abc import Sequence

from rich.text import Text

from tallystick.cli.report_view import STYLES
from tallystick.cli.screen import Screen, keep_whole, moment, number, shown, some, table
from tallystick.ports import Head, Parked, ParkedKind, RunRow, Side
from tallystick.reconcile.reasons import is_resolvable, words

_SET_ASIDE = {
    ParkedKind.IGNORED: "ignored",
    ParkedKind.FROZEN: "frozen until mended",
    ParkedKind.CONFLICT: "in conflict",
    ParkedKind.FAILED: "failed",
    ParkedKind.PASSED_OVER: "passed over until it changes",
    ParkedKind.LEFT: "taken out by a person",
}


def show_runs(screen: Screen, sync: str, runs: Sequence[RunRow]) -> None:
    """Show runs, and below them what a person should know of each."""
    screen.title("History", sync)
    if not runs:
        screen.line("No run yet.")
        return
    made = table("run", "started", "state", "synced", "ignored", "left", "right", "took", right=(0, 3, 4, 5, 6, 7))
    for run in runs:
        made.add_row(
            str(run.number),
            moment(run.started or run.enqueued),
            Text(f"{run.state}{', initial' if run.initial else ''}", style=STYLES.get(run.state, "")),
            number(run.synced),
            number(run.ignored),
            *(number(_written(run, side)) for side in Side),
            f"{run.duration.total_seconds():.1f} s" if run.duration is not None else "-",
        )
    screen.show(made)
    for run in runs:
        if run.note:
            screen.talk.print()
            screen.show(Text.assemble((f"run {run.number}: ", "dim"), shown(run.note)))


def show_parked(screen: Screen, title: str, sync: str, rows: Sequence[Parked], none: str) -> None:
    """Show a standing list, with every reason of each record."""
    screen.title(title, sync)
    if not rows:
        screen.line(none)
        return
    made = table("side", "record", "why", "since", ids=(1,))
    for row in rows:
        since = row.first_seen.astimezone().strftime("%Y-%m-%d") if row.first_seen else "-"
        made.add_row(row.side.label, shown(row.id), shown("; ".join(map(words, row.reasons))), since)
    screen.show(keep_whole(made, 1))
    screen.line(some(len(rows), "record", "records"), "dim")


def show_status(screen: Screen, sync: str, head: Head, last: RunRow | None) -> None:
    """Show a sync at a glance."""
    screen.title("Status", sync)
    made = table("", "", head=False)
    for name, value in _status(head, last):
        made.add_row(Text(name, style="dim"), shown(value))
    screen.show(made)


def run_data(run: RunRow) -> dict[str, object]:
    """Return a run as JSON-ready data."""
    return {
        "run": run.number,
        "state": run.state.value,
        "initial": run.initial,
        "enqueued": run.enqueued,
        "started": run.started,
        "ended": run.ended,
        "synced": run.synced,
        "ignored": run.ignored,
        "counts": dict(run.counts),
        "note": run.note,
    }


def parked_data(row: Parked) -> dict[str, object]:
    """Return a parked record as JSON-ready data."""
    return {
        "side": row.side.label,
        "id": row.id,
        "kind": row.kind.value,
        "reasons": list(row.reasons),
        "why": [words(reason) for reason in row.reasons],
        "resolvable": any(map(is_resolvable, row.reasons)),
        "attempts": row.attempts,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
        "retry_at": row.retry_at,
    }


def status_data(sync: str, head: Head, last: RunRow | None) -> dict[str, object]:
    """Return a sync at a glance as JSON-ready data."""
    return {
        "sync": sync,
        "enabled": head.enabled,
        "pairs": head.links,
        "initial_done": not head.initial,
        "parked": {kind.value: count for kind, count in head.parked.items()},
        "confirmed": dict(head.confirmed),
        "last_run": run_data(last) if last else None,
    }


def _status(head: Head, last: RunRow | None) -> list[tuple[str, str]]:
    parked = ", ".join(f"{count:,} {_SET_ASIDE[kind]}" for kind, count in head.parked.items())
    confirmed = ", ".join(f"{name} {count:,}" for name, count in head.confirmed.items())
    said = [
        ("switched", "on" if head.enabled else "off"),
        ("pairs", f"{head.links:,}"),
        ("set aside", parked or "nothing"),
        ("confirmed", confirmed),
        ("last run", f"{last.state}, {moment(last.started)}" if last else "never run"),
        ("note", last.note if last else ""),
        (
            "next run",
            "an initial one: both sides are listed in full" if head.initial else "what changed since the last",
        ),
    ]
    return [(name, value) for name, value in said if value]


def _written(run: RunRow, side: Side) -> int:
    return sum(count for name, count in run.counts.items() if name.startswith(f"{side.label}."))
