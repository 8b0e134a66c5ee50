"""Provide the command that plans: what a sync would do, without doing any of it."""

from tallystick.cli.exits import Exit
from tallystick.cli.options import AsJson, Details, How, Left, Right
from tallystick.cli.pair import open_pair
from tallystick.cli.phases import Phases
from tallystick.cli.plan_view import plan_data, show_plan
from tallystick.cli.screen import make_screen
from tallystick.cli.vault import Vault, choose_new_sync


def plan(left: Left, right: Right, /, *, how: How, details: Details = 10, as_json: AsJson = False) -> Exit:
    """Show what a sync would do, and do none of it: nothing is written, and no state is made."""
    screen = make_screen(as_json=as_json)
    with Phases(screen.err, transient=True) as phases, phases.phase("Read"):
        pair = open_pair(left, right, how)
    with pair:
        vault = Vault.at(how.state, how.key_file)
        with vault.look() as state:
            name = choose_new_sync(state, how.state, how.sync, pair.name)
            with Phases(screen.err, transient=True) as phases, phases.phase("Plan"):
                made = pair.sync(name, state, phases).plan()
        ending = Exit.PROBLEM if made.stops else Exit.COMPLETE
        if as_json:
            screen.data({**plan_data(made, details), "remarks": pair.remarks()})
            return ending
        for said in pair.remarks():
            screen.line(said, "yellow")
        show_plan(screen, made, pair.labels, pair.extent, details)
        screen.line()
        screen.line("Nothing was written.", "dim")
        return ending
