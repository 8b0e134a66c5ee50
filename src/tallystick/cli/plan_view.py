"""Provide a plan as a person reads it, and as data. Ids and names of fields, never what stands in them."""

from collections.abc import Sequence
from itertools import islice

from rich.text import Text

from tallystick import Plan
from tallystick.cli.screen import Screen, number, shown, table
from tallystick.ports import Side
from tallystick.reconcile.guards import Figure
from tallystick.reconcile.plan import Note
from tallystick.reconcile.reasons import words
from tallystick.reconcile.step import Step
from tallystick.sync.tally import BySide, notes_by_field, reasons_by_side, writes_by_kind
from tallystick.text import counted

_OF_REASONS = (Note.NOT_UNDONE, Note.ENDED)
"""The kinds of notes that tell a reason instead of a field."""


def show_plan(screen: Screen, plan: Plan, labels: tuple[str, str], extent: str, details: int) -> None:
    """Show what a plan would do, what it leaves alone, and the first ``details`` of its steps.

    ``labels`` are the sides' names, ``extent`` says in words what of them is synced.
    """
    show_writes(screen, plan, labels, extent)
    show_reasons(screen, reasons_by_side(plan.parked), "left alone, because")
    show_notes(screen, plan.notes)
    if details > 0 and plan.steps:
        show_steps(screen, plan, details, "; --details shows more of them")
    if plan.stops:
        show_stops(screen, plan.stops)


def show_writes(screen: Screen, plan: Plan, labels: tuple[str, str], extent: str) -> None:
    """Show how much a plan would write."""
    kind = "initial run: both sides are listed in full" if plan.initial else "what changed since the last run"
    if plan.partial:
        kind = "what takes a run back"
    screen.title("Plan", f"{plan.sync}, {kind}")
    screen.line(extent)
    equal = sum(not link.number for link in plan.links)
    so_far = f"{counted(plan.pairs, 'pair')} so far"
    screen.line(f"{so_far}, {equal:,} more found equal and only remembered" if equal else so_far)
    writes = writes_by_kind(plan.writes().items())
    found, ended = plan.recovered, len(plan.unlinked) + len(plan.recovered.ended)
    if writes:
        show_sides(screen, writes, "would", labels)
    else:
        known = len(plan.links) - plan.refreshed - equal
        differ = plan.partial or known or ended or plan.parked or found.links or found.parked or found.in_doubt
        screen.line("Nothing to write." if differ else "Nothing to write: both sides agree.")
    if found.links:
        pairs = counted(len(found.links), "pair has", "pairs have")
        screen.line(f"{pairs} what an earlier run wrote without an answer; it is only remembered")
    if ended:
        screen.line(f"{counted(ended, 'pair ends', 'pairs end')} without a write")
    if found.in_doubt:
        doubt = counted(len(found.in_doubt), "record is", "records are")
        screen.line(f"{doubt} in doubt from an earlier run, and left alone")


def show_sides(screen: Screen, counts: BySide, what: str, labels: tuple[str, str]) -> None:
    """Show counts a side, by what is counted."""
    made = table(what, *labels, right=(1, 2))
    for name, (left, right) in counts.items():
        made.add_row(shown(name), number(left), number(right))
    screen.below(made)


def show_reasons(screen: Screen, counts: BySide, what: str) -> None:
    """Show why records are left alone, with counts a side; nothing where there are none."""
    if not counts:
        return
    made = table("left", "right", what, right=(0, 1))
    for said, (left, right) in counts.items():
        made.add_row(number(left), number(right), shown(said))
    screen.below(made)


def show_notes(screen: Screen, notes: Sequence[Note]) -> None:
    """Show which fields lose something, and how often."""
    for said, fields in notes_by_field(notes).items():
        screen.talk.print()
        named = {words(field) if said in _OF_REASONS else field: count for field, count in fields.items()}
        counts = ", ".join(f"{name} {count:,}" for name, count in named.items())
        screen.show(Text.assemble((f"{said}: ", "dim"), shown(counts)))


def show_steps(screen: Screen, plan: Plan, details: int, hint: str = "") -> None:
    """Show the first steps, and how many there are; ``hint`` says how to see the others."""
    made = table("side", "write", "record", "why", ids=(2,))
    for step in islice(plan.steps, details):
        fields = f" ({', '.join(step.rules)})" if step.rules and step.target else ""
        made.add_row(step.side.label, step.kind.value, _record(step), shown(words(step.reason) + fields))
    screen.below(screen.keep_whole(made, 2))
    if len(plan.steps) > details:
        screen.line(f"... and {len(plan.steps) - details:,} more{hint}", "dim")


def show_stops(screen: Screen, stops: tuple[Figure, ...]) -> None:
    """Show which guards stop a plan, with their figures."""
    made = table("stopped by", "planned", "allowed", right=(1, 2))
    for figure in stops:
        made.add_row(figure.name, number(figure.planned), number(figure.allowed))
    made.style = "red"
    screen.below(made)


def plan_data(plan: Plan, details: int) -> dict[str, object]:
    """Return a plan as JSON-ready data, without contents."""
    return {
        "sync": plan.sync,
        "profile": plan.profile,
        "initial": plan.initial,
        "pairs": plan.pairs,
        "remembered": len(plan.links) - plan.refreshed,
        "recovered": len(plan.recovered.links),
        "unlinked": len(plan.unlinked) + len(plan.recovered.ended),
        "in_doubt": len(plan.recovered.in_doubt),
        "writes": sides_data(writes_by_kind(plan.writes().items())),
        "left_alone": sides_data(reasons_by_side(plan.parked)),
        "notes": notes_by_field(plan.notes),
        "stops": [{"guard": stop.name, "planned": stop.planned, "allowed": stop.allowed} for stop in plan.stops],
        "steps": [_step_data(step) for step in islice(plan.steps, max(details, 0))],
    }


def sides_data(counts: BySide) -> dict[str, dict[str, int]]:
    """Return counts a side as JSON-ready data."""
    return {name: {side.label: pair[side] for side in Side} for name, pair in counts.items()}


def _record(step: Step) -> str:
    return shown(step.target or f"from {step.source}")


def _step_data(step: Step) -> dict[str, object]:
    return {
        "side": step.side.label,
        "write": step.kind.value,
        "id": step.target or None,
        "source": step.source,
        "fields": list(step.rules),
        "reason": step.reason,
        "why": words(step.reason),
    }
