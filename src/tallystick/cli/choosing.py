"""Provide the commands for a person's choices: settle a conflict, take a run back, release a failed record."""

from typing import Annotated, Literal

import attrs
from cyclopts import Parameter

from tallystick import Report
from tallystick.cli.consent import refuse_stops
from tallystick.cli.exits import Exit, exit_of_run
from tallystick.cli.options import AsJson, Details, How, Keep, Left, Right
from tallystick.cli.pair import Pair, open_pair
from tallystick.cli.plan_view import show_plan
from tallystick.cli.report_view import report_data, show_report
from tallystick.cli.screen import Screen, make_screen
from tallystick.cli.syncing import Yes, agreed
from tallystick.cli.vault import Vault, choose_new_sync
from tallystick.sinks import SqliteSink

_Side = Literal["left", "right"]


def resolve(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    conflict: Annotated[str, Parameter(help="The left record of the pair, as `tallystick conflicts` shows it.")],
    winner: Annotated[_Side, Parameter(help="The side whose values are to stand.")],
    as_json: AsJson = False,
) -> Exit:
    """Settle a conflict that is held: the values of one side stand, and are written to the other."""
    screen = make_screen(as_json=as_json)
    pair = open_pair(left, right, how)
    with Vault.existing(how.state, how.key_file).open() as state:
        name = choose_new_sync(state, how.state, how.sync, pair.name)
        return _reported(screen, pair, pair.sync(name, state).resolve(conflict, winner))


def undo(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    keep: Keep,
    run: Annotated[int, Parameter(help="The run to be taken back, as `tallystick history` shows it.")],
    yes: Yes = False,
    details: Details = 10,
    as_json: AsJson = False,
) -> Exit:
    """Take a run back: show the plan, ask, and write. What has changed since is left out, and listed.

    The run must have been made with --keep, and with the same file.
    """
    screen = make_screen(as_json=as_json)
    pair = open_pair(left, right, how)
    with Vault.existing(how.state, how.key_file).open() as state, SqliteSink(keep, keeps_images=True) as sink:
        pair = attrs.evolve(pair, sink=sink)
        sync = pair.sync(choose_new_sync(state, how.state, how.sync, pair.name), state)
        plan = sync.undo(run)
        show_plan(screen, plan, pair.labels, pair.extent, details)
        refuse_stops(plan, confirm=False)
        if not plan.steps or not agreed(screen, pair, plan, yes=yes):
            screen.line("Nothing was written.", "dim")
            return Exit.WARNING
        return _reported(screen, pair, sync.apply(plan))


def release(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    side: Annotated[_Side, Parameter(help="The side that the record is on.")],
    record: Annotated[str, Parameter(name="--id", help="The record's id, as `tallystick errors` shows it.")],
) -> Exit:
    """Have a record that failed tried again by the next sync, also where it had been given up."""
    screen = make_screen()
    pair = open_pair(left, right, how)
    with Vault.existing(how.state, how.key_file).open() as state:
        pair.sync(choose_new_sync(state, how.state, how.sync, pair.name), state).release(side, record)
    screen.line("The next sync tries it again.")
    return Exit.COMPLETE


def _reported(screen: Screen, pair: Pair, report: Report) -> Exit:
    if screen.json:
        screen.data(report_data(report, []))
    else:
        show_report(screen, report, [], pair.labels)
    return exit_of_run(report.state)
