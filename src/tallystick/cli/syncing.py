"""Provide the command that syncs two files: it shows the plan, asks, writes, and reports."""

from contextlib import nullcontext
from typing import Annotated

import attrs
from cyclopts import Parameter

from tallystick import MemoryState, Plan, SqliteState
from tallystick.cli.consent import agreed, confirmed, refuse_other_files, refuse_stops
from tallystick.cli.exits import Exit, exit_of_run, writing
from tallystick.cli.keeping import open_kept
from tallystick.cli.options import AsJson, Details, How, Keep, Left, Right, Yes
from tallystick.cli.pair import Pair, open_pair, refuse_kept
from tallystick.cli.phases import Passed, Phases
from tallystick.cli.plan_view import show_plan
from tallystick.cli.report_view import report_data, show_report
from tallystick.cli.screen import Screen, make_screen
from tallystick.cli.vault import Vault, choose_new_sync
from tallystick.errors import SafetyError

Confirm = Annotated[
    bool, Parameter(show_default=False, help="Go on although guards stop the plan: once, and up to its figures.")
]


def sync(
    left: Left,
    right: Right,
    /,
    *,
    how: How,
    yes: Yes = False,
    confirm: Confirm = False,
    keep: Keep | None = None,
    details: Details = 10,
    as_json: AsJson = False,
) -> Exit:
    """Sync two files: show the plan, ask, write, and report what was done.

    Each file is kept as FILE.bak before it is written for the first time, and replaced as a whole. The state and its
    key are made with the first write.
    """
    screen = make_screen(as_json=as_json)
    with Phases(screen.err, transient=True) as phases, phases.phase("Read"):
        refuse_kept(keep, left, right, how.state)
        pair = open_pair(left, right, how)
    with pair:
        vault = Vault.at(how.state, how.key_file)
        with vault.look() as state:
            run = _Run(screen, pair, choose_new_sync(state, how.state, how.sync, pair.name), details)
            plan = run.plan(state, confirm=confirm)
            if not agreed(screen, plan, pair.labels, yes=yes):
                screen.line("Nothing was written.", "dim")
                return Exit.WARNING
            # Opened before a state is made: where it can't be, none is left behind.
            with nullcontext() if keep is None else open_kept(keep) as sink:
                run = attrs.evolve(run, pair=attrs.evolve(pair, sink=sink))
                if isinstance(state, SqliteState):
                    return run.write(state, plan)
                with vault.create() as made:
                    return run.write(made, plan)


@attrs.frozen
class _Run:
    """One pass of the command."""

    screen: Screen
    pair: Pair
    name: str
    details: int

    def plan(self, state: SqliteState | MemoryState, *, confirm: bool) -> Plan:
        """Make the plan and show it. Raises SafetyError where it may not be done as it is."""
        with Phases(self.screen.err, transient=True) as phases, phases.phase("Plan"):
            plan = self.pair.sync(self.name, state, phases).plan()
        for said in self.pair.remarks():
            self.screen.line(said, "yellow")
        show_plan(self.screen, plan, self.pair.labels, self.pair.extent, self.details)
        self.screen.line()
        try:
            refuse_other_files(plan, state, confirm=confirm)
            refuse_stops(plan, confirm=confirm)
        except SafetyError:
            if isinstance(state, SqliteState) and plan.stops:
                # A run that was stopped belongs into the history; it writes nothing else.
                self.pair.sync(self.name, state).apply(plan)
            raise
        return plan

    def write(self, state: SqliteState, plan: Plan) -> Exit:
        """Do what the plan says, and report."""
        with Phases(self.screen.err, transient=True) as phases:
            sync = self.pair.sync(self.name, state, phases)
            if plan.stops:
                with phases.phase("Confirm"):
                    plan = confirmed(sync, state, plan)
            with writing(), phases.phase("Write", len(plan.steps), Passed.WRITTEN):
                report = sync.apply(plan)
            ignored = sync.ignored()
        if self.screen.json:
            self.screen.data({**report_data(report, ignored), "remarks": self.pair.remarks()})
        else:
            show_report(self.screen, report, ignored, self.pair.labels)
            for said in self.pair.unreadable():
                self.screen.line(said, "yellow")
            self._show_backups()
        return exit_of_run(report.state)

    def _show_backups(self) -> None:
        kept = [end for end in self.pair.ends if end.backup]
        if kept:
            self.screen.line()
        for end in kept:
            self.screen.line(f"{end.account} as it was before: {end.backup and end.backup.name}", "dim")
