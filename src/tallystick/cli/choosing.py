"""Provide the commands for a person's choices: settle a conflict, take a run back, release a failed record."""

from pathlib import Path
from typing import Annotated

import attrs
from cyclopts import Parameter

from tallystick.cli.comparison_view import comparison_data, show_comparison
from tallystick.cli.consent import agreed, refuse_stops
from tallystick.cli.exits import Exit, exit_of_run, writing
from tallystick.cli.keeping import open_kept
from tallystick.cli.options import AsJson, Details, How, Keep, Left, OfSide, OneRecord, OneSide, Right, Whole, Yes
from tallystick.cli.pair import open_pair, open_sync
from tallystick.cli.plan_view import plan_data, show_plan
from tallystick.cli.report_view import tell_report
from tallystick.cli.screen import make_screen
from tallystick.cli.vault import Vault, choose_new_sync
from tallystick.errors import InputError, UsageError

Conflict = Annotated[str, Parameter(help="The left record of the pair, as `tallystick conflicts` shows it.")]


def resolve(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    conflict: Conflict,
    winner: Annotated[OneSide | None, Parameter(help="The side whose values are to stand.")] = None,
    rule: Annotated[
        tuple[str, ...], Parameter(help="One field, and the side that it goes to: `--rule company=left`.")
    ] = (),
    keep_both: Annotated[
        bool, Parameter(show_default=False, help="Create the record that loses once more, beside its own.")
    ] = False,
    as_json: AsJson = False,
) -> Exit:
    """Settle a conflict that is held, whole or field by field: what stands is written to the other side."""
    rules = dict(map(_choice, rule))
    screen = make_screen(as_json=as_json)
    with open_sync(left, right, how) as (pair, sync), writing():
        report = sync.resolve(conflict, winner, rules=rules, keep_both=keep_both)
    tell_report(screen, report, [], pair.labels)
    return exit_of_run(report.state)


def compare(left: Left, right: Right, /, *, how: How, conflict: Conflict, as_json: AsJson = False) -> Exit:
    """Show both records of a conflict as they are now. This prints what stands in them."""
    screen = make_screen(as_json=as_json)
    with open_sync(left, right, how, look=True) as (pair, sync):
        found = sync.compare(conflict)
    if as_json:
        screen.data(comparison_data(found))
    else:
        show_comparison(screen, found, pair.labels)
    return Exit.COMPLETE


def undo(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    keep: Keep,
    run: Annotated[Whole, Parameter(help="The run to be taken back, as `tallystick history` shows it.")],
    yes: Yes = False,
    details: Details = 10,
    as_json: AsJson = False,
) -> Exit:
    """Take a run back: show the plan, ask, and write. What has changed since is left out, and listed.

    The run must have been made with --keep, and with the same file.
    """
    screen = make_screen(as_json=as_json)
    _require_kept(keep)
    with (
        open_pair(left, right, how) as opened,
        Vault.existing(how.state, how.key_file).open() as state,
        open_kept(keep) as sink,
    ):
        pair = attrs.evolve(opened, sink=sink)
        sync = pair.sync(choose_new_sync(state, how.state, how.sync, pair.name), state)
        plan = sync.undo(run)
        show_plan(screen, plan, pair.labels, pair.extent, details)
        refuse_stops(plan, confirm=False)
        if not plan.steps or not agreed(screen, plan, pair.labels, yes=yes):
            if as_json:
                screen.data(plan_data(plan, details))
            screen.line("Nothing was written.", "dim")
            return Exit.WARNING
        with writing():
            report = sync.apply(plan)
    tell_report(screen, report, [], pair.labels)
    return exit_of_run(report.state)


def _require_kept(keep: Path) -> None:
    """Raise InputError for a file that holds nothing, and must not be made a sink by looking into it."""
    try:
        holds = keep.is_file() and keep.stat().st_size > 0
    except OSError:
        holds = False
    if not holds:
        raise InputError("there is no such file of kept records", where=str(keep), remedy="name that of `sync --keep`")


def release(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    side: OfSide,
    record: OneRecord,
    as_json: AsJson = False,
) -> Exit:
    """Have a record that failed tried again by the next sync, also where it had been given up."""
    screen = make_screen(as_json=as_json)
    with open_sync(left, right, how) as (_, sync):
        sync.release(side, record)
    if as_json:
        screen.data({"released": {"side": side, "id": record}})
    else:
        screen.line("The next sync tries it again.")
    return Exit.COMPLETE


def _choice(given: str) -> tuple[str, str]:
    rule, equals, side = given.partition("=")
    if not equals:
        raise UsageError("a field's choice names no side", remedy="give it as --rule company=left")
    return rule.strip(), side.strip()
