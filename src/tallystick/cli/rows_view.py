"""Provide what a state remembers as a person reads it, and as data: runs, standing lists, pairs in conflict."""

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from tallystick.cli.picking import can_be_corrected, hints, what_helps
from tallystick.cli.report_view import STYLES
from tallystick.cli.screen import Screen, moment, number, shown, table
from tallystick.ports import Parked, RunRow, Side
from tallystick.reconcile.reasons import words
from tallystick.sync.tally import written
from tallystick.text import counted


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
            *(number(written(run, side)) for side in Side),
            f"{run.duration.total_seconds():.1f} s" if run.duration is not None else "-",
        )
    screen.show(made)
    for run in runs:
        if run.note:
            screen.below(Text.assemble((f"run {run.number}: ", "dim"), shown(run.note)))


def show_parked(screen: Screen, title: str, sync: str, rows: Sequence[Parked], none: str, *, helping: bool) -> None:
    """Show a standing list, with every reason of each record, and what can be done about it if asked for."""
    screen.title(title, sync)
    if not rows:
        screen.line(none)
        return
    made = table("side", "record", "why", "since", *(["what helps"] if helping else []), ids=(1, 2))
    for row in rows:
        why = "; ".join(map(words, row.reasons))
        helps = [what_helps(row)] if helping else []
        made.add_row(row.side.label, shown(row.id), shown(why), _day(row.first_seen), *helps)
    screen.show(screen.keep_whole(made, 1))
    screen.line(counted(len(rows), "record"), "dim")
    _show_hints(screen, hints(list(rows)))


def show_conflicts(screen: Screen, sync: str, pairs: Sequence[tuple[Parked, str]], none: str) -> None:
    """Show pairs in conflict, each by the row of its left record and the id of its right one."""
    screen.title("Conflicts", sync)
    if not pairs:
        screen.line(none)
        return
    made = table("left record", "right record", "both sides changed", "since", ids=(0, 1))
    for row, partner in pairs:
        made.add_row(shown(row.id), shown(partner or "-"), shown(", ".join(_fields(row))), _day(row.first_seen))
    screen.show(screen.keep_whole(made, 0))
    screen.line(counted(len(pairs), "pair"), "dim")
    _show_hints(
        screen,
        [
            ("See both", "tallystick compare LEFT RIGHT ... --conflict LEFT-RECORD"),
            ("Choose", "tallystick resolve LEFT RIGHT ... --conflict LEFT-RECORD --winner SIDE [--rule FIELD=SIDE]"),
        ],
    )


def _show_hints(screen: Screen, said: Sequence[tuple[str, str]]) -> None:
    if said:
        screen.line()
    for what, line in said:
        screen.line(f"{what}: {line}", "dim")


def _fields(row: Parked) -> list[str]:
    return [reason.partition(":")[2] or words(reason) for reason in row.reasons]


def _day(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d") if at else "-"


def conflict_data(row: Parked, partner: str) -> dict[str, object]:
    """Return a pair in conflict as JSON-ready data."""
    return {
        "id": row.id,
        "ids": [row.id, partner],
        "rules": _fields(row),
        "reasons": list(row.reasons),
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
    }


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
        "resolvable": can_be_corrected(row),
        "what_helps": what_helps(row),
        "attempts": row.attempts,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
        "retry_at": row.retry_at,
    }
