"""Provide the commands that only look into a state: history, ignored, conflicts, errors, status."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from cyclopts import Parameter

from tallystick import SqliteState
from tallystick.cli.exits import Exit
from tallystick.cli.options import AsJson, Where
from tallystick.cli.rows_view import (
    parked_data,
    run_data,
    show_parked,
    show_runs,
    show_status,
    status_data,
)
from tallystick.cli.screen import make_screen
from tallystick.cli.vault import Vault, choose_sync
from tallystick.ports import Parked, ParkedKind
from tallystick.reconcile.reasons import is_resolvable


def history(
    *, where: Where, limit: Annotated[int, Parameter(help="How many runs to show.")] = 20, as_json: AsJson = False
) -> Exit:
    """Show the runs of a sync, the newest first."""
    screen = make_screen(as_json=as_json)
    with _looked_into(where) as (state, sync):
        runs = state.runs(sync, limit)
    if as_json:
        screen.data([run_data(run) for run in runs])
    else:
        show_runs(screen, sync, runs)
    return Exit.COMPLETE


def ignored(*, where: Where, as_json: AsJson = False) -> Exit:
    """Show the records that are not synced, with every reason."""
    return _parked(
        where,
        (ParkedKind.IGNORED, ParkedKind.FROZEN),
        title="Ignored",
        none="No record is ignored.",
        as_json=as_json,
    )


def conflicts(*, where: Where, as_json: AsJson = False) -> Exit:
    """Show the pairs that wait for a person to choose between two values, both records of each."""
    return _parked(where, (ParkedKind.CONFLICT,), title="Conflicts", none="No pair is in conflict.", as_json=as_json)


def errors(
    *,
    where: Where,
    resolvable: Annotated[
        bool, Parameter(show_default=False, help="Show what a correction of the record mends, ignored ones too.")
    ] = False,
    as_json: AsJson = False,
) -> Exit:
    """Show the records that could not be written; they are tried again."""
    if resolvable:
        kinds = (ParkedKind.FAILED, ParkedKind.IGNORED, ParkedKind.FROZEN)
        none = "No error can be mended by a correction."
        return _parked(where, kinds, title="Errors to mend", none=none, as_json=as_json, only=_is_resolvable)
    return _parked(where, (ParkedKind.FAILED,), title="Errors", none="No record failed.", as_json=as_json)


def status(*, where: Where, as_json: AsJson = False) -> Exit:
    """Show a sync at a glance."""
    screen = make_screen(as_json=as_json)
    with _looked_into(where) as (state, sync):
        head = state.head(sync)
        last = next(iter(state.runs(sync, 1)), None)
    if as_json:
        screen.data(status_data(sync, head, last))
    else:
        show_status(screen, sync, head, last)
    return Exit.COMPLETE


def _is_resolvable(row: Parked) -> bool:
    return any(map(is_resolvable, row.reasons))


def _every(_row: Parked) -> bool:
    return True


def _parked(
    where: Where,
    kinds: tuple[ParkedKind, ...],
    *,
    title: str,
    none: str,
    as_json: bool,
    only: Callable[[Parked], bool] = _every,
) -> Exit:
    screen = make_screen(as_json=as_json)
    with _looked_into(where) as (state, sync):
        rows = [row for kind in kinds for row in state.parked_list(sync, kind) if only(row)]
    if as_json:
        screen.data([parked_data(row) for row in rows])
    else:
        show_parked(screen, title, sync, rows, none)
    return Exit.COMPLETE


@contextmanager
def _looked_into(where: Where) -> Iterator[tuple[SqliteState, str]]:
    """Open the state that must be there, and choose the sync that is meant."""
    with Vault.existing(where.state, where.key_file).open() as state:
        yield state, choose_sync(state, where.state, where.sync)
