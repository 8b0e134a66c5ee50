"""Provide the demonstration: two made-up address books, reconciled in memory, and once more to show that it is done."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import attrs
from cyclopts import Parameter
from rich.text import Text

from tallystick import Report, Side, SqliteState, Sync
from tallystick.cli.exits import Exit, Interrupted
from tallystick.cli.fakes import Fakes, make_fakes
from tallystick.cli.options import COMMON, AsJson, Common, Whole
from tallystick.cli.phases import Passed, Phases
from tallystick.cli.plan_view import show_steps, show_writes
from tallystick.cli.report_view import report_data, show_report
from tallystick.cli.screen import Screen, make_screen
from tallystick.cli.vault import Vault
from tallystick.errors import UsageError
from tallystick.ports import RunState, WriteKind
from tallystick.records import Contact, Entry
from tallystick.text import counted

_NAME = "demo"
_LABELS = ("Outlook", "CRM")
_STEPS = 5


def demo(
    *,
    contacts: Annotated[Whole, Parameter(help="How many contacts each side has.")] = 20_000,
    seed: Annotated[Whole, Parameter(help="Decides the people; the same number makes the same books.")] = 1,
    state: Annotated[Path | None, Parameter(help="Keep the state in this new file, to look into it.")] = None,
    as_json: AsJson = False,
    console: Annotated[
        bool, Parameter(show_default=False, help="Serve the web console on this machine instead, until Ctrl-C.")
    ] = False,
    port: Annotated[Whole, Parameter(help="The console's port; 0 takes one that is free.")] = 0,
    common: Common = COMMON,
) -> Exit:
    """Reconcile two made-up address books in memory, then show that a second run has nothing to write."""
    del common
    screen = make_screen(as_json=as_json)
    if contacts < 1:
        raise UsageError("there is nothing to show without contacts", remedy="give --contacts a number above 0")
    try:
        with _new_state(state) as opened:
            people = counted(contacts, "contact")
            screen.title("Demo", f"two made-up address books of {people} each, seed {seed}")
            if console:
                return _serve(screen, opened, contacts, seed, port)
            ending = _Show(screen, opened).run(contacts, seed)
    except KeyboardInterrupt:
        raise Interrupted("interrupted; only the state was written" if state else "") from None
    if state is not None:
        screen.command("The state is kept. Look into it:", f"tallystick history --state {state}")
    return ending


def _serve(screen: Screen, state: SqliteState, contacts: int, seed: int, port: int) -> Exit:
    """Serve the console of two syncs with a past."""
    # Imported here, since the console is an extra of its own.
    from tallystick.cli import serving  # noqa: PLC0415
    from tallystick.cli.demo_history import make_past  # noqa: PLC0415

    with serving.listen(port) as listening:
        screen.line("making up an afternoon of runs ...", "dim")
        past, key = make_past(state, contacts, seed), serving.Key()
        address = f"http://{serving.HOST}:{listening.getsockname()[1]}/open/{key.text}"
        screen.command("The console is served. Open this address; it works once:", address)
        screen.line("Ctrl-C ends it.", "dim")
        with serving.runs_made(past.syncs):
            serving.serve(serving.make_app(past.syncs, past.clock, key), listening)
    screen.line("The console is closed.", "dim")
    return Exit.COMPLETE


@contextmanager
def _new_state(path: Path | None) -> Iterator[SqliteState]:
    """Yield a new state, in a temporary folder unless a file is named. Raises UsageError where there is one."""
    with TemporaryDirectory(prefix="tallystick-") as folder:
        vault = Vault.at(path or Path(folder) / "demo.db", None)
        if vault.exists:
            remedy = "name a file that does not exist yet"
            raise UsageError("there is a state already", where=str(path), remedy=remedy)
        with vault.create() as state:
            yield state


@attrs.frozen
class _Show:
    """The demonstration on one screen, with one state."""

    screen: Screen
    state: SqliteState

    def run(self, contacts: int, seed: int) -> Exit:
        """Generate, plan, write, report, and once more."""
        phases = Phases(self.screen.talk, transient=False)
        with phases:
            with phases.phase("Generate"):
                fakes = make_fakes(contacts, seed)
                phases.advance(2 * contacts)
            sync = self._sync(fakes, phases)
            with phases.phase("Plan", 2 * contacts):
                plan = sync.plan()
        show_writes(self.screen, plan, _LABELS, fakes.extent)
        if plan.steps:
            show_steps(self.screen, plan, _STEPS)
        self.screen.line()
        with phases, phases.phase("Write", len(plan.steps), Passed.WRITTEN):
            first = sync.apply(plan)
        show_report(self.screen, first, sync.ignored(), _LABELS)
        seen = fakes.writes()
        self.screen.title("Second run", "nothing was edited since")
        with phases:
            with phases.phase("Plan"):
                again = sync.plan()
            with phases.phase("Write", len(again.steps), Passed.WRITTEN):
                second = sync.apply(again)
        claims = {
            "the first run is complete": first.state is RunState.COMPLETE,
            f"it wrote {first.written():,} times, as both sides counted": _writes(first) == seen,
            "the second run had nothing to write, and wrote nothing": not again.steps
            and not second.written()
            and fakes.writes() == seen,
        }
        if self.screen.json:
            reports = [report_data(report, sync.ignored()) for report in (first, second)]
            self.screen.data({"runs": reports, "claims": claims})
        return self._judge(claims)

    def _sync(self, fakes: Fakes, phases: Phases) -> Sync[Contact, Entry]:
        left, right = fakes.outlook.contacts, fakes.crm.entries
        return Sync(_NAME, left=left, right=right, profile=fakes.profile, state=self.state, observers=[phases])

    def _judge(self, claims: Mapping[str, bool]) -> Exit:
        """Show whether each claim holds; one that does not is a problem."""
        self.screen.line()
        for claim, holds in claims.items():
            mark = ("yes", "bold green") if holds else ("NO ", "bold red")
            self.screen.show(Text.assemble(mark, f"  {claim}"))
        return Exit.COMPLETE if all(claims.values()) else Exit.PROBLEM


def _writes(report: Report) -> Counter[tuple[Side, WriteKind]]:
    return Counter({place: count for place, count in report.writes.items() if count})
