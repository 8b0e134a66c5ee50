"""Provide a report as a person reads it, and as data."""

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from tallystick import Report
from tallystick.cli.plan_view import show_notes, show_reasons, show_sides, sides_data
from tallystick.cli.screen import Screen, shown, table
from tallystick.ports import RunState
from tallystick.reconcile.reasons import words
from tallystick.sync import Listed
from tallystick.sync.tally import notes_by_field, reasons_by_side, writes_by_kind
from tallystick.text import counted

STYLES = {RunState.COMPLETE: "green", RunState.WARNING: "yellow", RunState.PROBLEM: "red"}


def show_report(screen: Screen, report: Report, ignored: Sequence[Listed], labels: tuple[str, str]) -> None:
    """Show what a run did, and what the sync knows now."""
    seconds = (report.ended - report.started).total_seconds()
    screen.title("Report", f"run {report.run}, {seconds:.1f} s")
    screen.show(
        Text.assemble(
            (str(report.state), f"bold {STYLES.get(report.state, '')}"),
            f": {counted(report.synced, 'pair')} synced, {counted(report.ignored, 'record')} ignored",
        )
    )
    if report.note:
        screen.line(report.note, STYLES.get(report.state, ""))
    writes = writes_by_kind(report.writes.items())
    if writes:
        show_sides(screen, writes, "wrote", labels)
    else:
        screen.line("Nothing was written.")
    _show_buckets(screen, report)
    show_notes(screen, report.notes)
    show_reasons(screen, reasons_by_side(ignored), "ignored, because")
    _show_failures(screen, report)


def tell_report(screen: Screen, report: Report, ignored: Sequence[Listed], labels: tuple[str, str]) -> None:
    """Show a report, or print it as data where that was asked for."""
    if screen.json:
        screen.data(report_data(report, ignored))
    else:
        show_report(screen, report, ignored, labels)


def report_data(report: Report, ignored: Sequence[Listed]) -> dict[str, object]:
    """Return a report as JSON-ready data, without contents."""
    return {
        "run": report.run,
        "state": report.state.value,
        "initial": report.initial,
        "started": report.started,
        "ended": report.ended,
        "synced": report.synced,
        "ignored": report.ignored,
        "note": report.note,
        "buckets": {bucket.value: count for bucket, count in report.buckets.items()},
        "writes": sides_data(writes_by_kind(report.writes.items())),
        "ignored_why": sides_data(reasons_by_side(ignored)),
        "notes": notes_by_field(report.notes),
        "failures": [
            {"side": one.side.label, "id": one.id, "reason": one.reason, "why": words(one.reason)}
            for one in report.failures
        ],
    }


def _show_buckets(screen: Screen, report: Report) -> None:
    counts = [(bucket.value, count) for bucket, count in report.buckets.items() if count]
    if not counts:
        return
    made = table("now", "pairs or records", right=(1,))
    for name, count in counts:
        made.add_row(name, f"{count:,}")
    screen.below(made)


def _show_failures(screen: Screen, report: Report) -> None:
    if not report.failures:
        return
    made = table("failed", "why", right=(0,))
    for reason, count in Counter(one.reason for one in report.failures).most_common():
        made.add_row(f"{count:,}", shown(words(reason)))
    screen.below(made)
