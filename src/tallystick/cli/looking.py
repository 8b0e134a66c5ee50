"""Provide the commands that only look into a state: history, ignored, conflicts, errors, status."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tallystick import SqliteState
from tallystick.cli.exits import Exit
from tallystick.cli.options import AsJson, Where, Whole
from tallystick.cli.pair import profile_of
from tallystick.cli.picking import Pick, Reason, can_be_corrected, names_reason
from tallystick.cli.profiles import Extent, find_profile
from tallystick.cli.rows_view import conflict_data, parked_data, run_data, show_conflicts, show_parked, show_runs
from tallystick.cli.screen import make_screen
from tallystick.cli.status_view import Standing, show_status, status_data
from tallystick.cli.vault import Vault, choose_sync
from tallystick.errors import UsageError
from tallystick.ports import Parked, ParkedKind, Side
from tallystick.reconcile import Profile
from tallystick.sync import SystemClock
from tallystick.sync.status import LOOKED_AT

EVERY = Pick()
NONE_SUCH = "No such row."


def history(
    *, where: Where, limit: Annotated[Whole, Parameter(help="How many runs to show.")] = 20, as_json: AsJson = False
) -> Exit:
    """Show the runs of a sync, the newest first."""
    if limit < 1:
        raise UsageError("no run would be shown", where="--limit", remedy="give a number above 0")
    screen = make_screen(as_json=as_json)
    with _looked_into(where) as (state, sync):
        runs = state.runs(sync, limit)
    if as_json:
        screen.data([run_data(run) for run in runs])
    else:
        show_runs(screen, sync, runs)
    return Exit.COMPLETE


def ignored(*, where: Where, pick: Pick = EVERY, as_json: AsJson = False) -> Exit:
    """Show the records that are not synced, with every reason, and what can be done about each."""
    return _parked(where, pick, (ParkedKind.IGNORED, ParkedKind.FROZEN), title="Ignored", as_json=as_json)


def errors(*, where: Where, pick: Pick = EVERY, as_json: AsJson = False) -> Exit:
    """Show the records that could not be written or lack valid data, and what can be done about each."""
    kinds = (ParkedKind.FAILED, ParkedKind.IGNORED, ParkedKind.FROZEN)
    return _parked(where, pick, kinds, title="Errors", as_json=as_json, only=_is_error)


def conflicts(*, where: Where, reason: Reason = None, as_json: AsJson = False) -> Exit:
    """Show the pairs that wait for a person to choose between two values."""
    screen = make_screen(as_json=as_json)
    with _looked_into(where) as (state, sync):
        rows = [row for row in state.parked_list(sync, ParkedKind.CONFLICT) if names_reason(row, reason)]
        here = [row for row in rows if row.side is Side.LEFT]
        partners = {link.ids[0]: link.ids[1] for link in state.links(sync, Side.LEFT, [row.id for row in here])}
    pairs = [(row, partners.get(row.id, "")) for row in here]
    if as_json:
        screen.data([conflict_data(row, partner) for row, partner in pairs])
    else:
        show_conflicts(screen, sync, pairs, none="No pair is in conflict." if reason is None else NONE_SUCH)
    return Exit.COMPLETE


def status(
    *,
    where: Where,
    profile: Annotated[
        str | None, Parameter(help="What the sync is, where the time of its next run is wanted.")
    ] = None,
    settings: Annotated[Path | None, Parameter(help="A JSON file of the profile's settings.")] = None,
    as_json: AsJson = False,
) -> Exit:
    """Show a sync at a glance: how both sides were found, the last run, and when the next one is due."""
    known = None if profile is None and settings is None else _profile(profile, settings)
    screen = make_screen(as_json=as_json)
    with _looked_into(where) as (state, sync):
        standing = Standing.of(state.head(sync), state.runs(sync, LOOKED_AT), known, SystemClock().now())
    if as_json:
        screen.data(status_data(sync, standing))
    else:
        show_status(screen, sync, standing)
    return Exit.COMPLETE


def _profile(name: str | None, settings: Path | None) -> Profile[object, object]:
    if name is None:
        raise UsageError("whose settings these are is not said", remedy="name the profile with --profile")
    return profile_of(find_profile(name), Extent(), settings)


def _is_error(row: Parked) -> bool:
    return row.kind is ParkedKind.FAILED or can_be_corrected(row)


def _every(_row: Parked) -> bool:
    return True


def _parked(
    where: Where,
    pick: Pick,
    kinds: tuple[ParkedKind, ...],
    *,
    title: str,
    as_json: bool,
    only: Callable[[Parked], bool] = _every,
) -> Exit:
    screen = make_screen(as_json=as_json)
    with _looked_into(where) as (state, sync):
        rows = [row for kind in kinds for row in state.parked_list(sync, kind) if only(row) and pick.takes(row)]
    if as_json:
        screen.data([parked_data(row) for row in rows])
    else:
        helping = only is _is_error
        none = "No record failed, and none lacks valid data." if helping else "No record is ignored."
        show_parked(screen, title, sync, rows, none if pick == EVERY else NONE_SUCH, helping=helping)
    return Exit.COMPLETE


@contextmanager
def _looked_into(where: Where) -> Iterator[tuple[SqliteState, str]]:
    """Open the state that must be there, and choose the sync that is meant."""
    with Vault.existing(where.state, where.key_file).open() as state:
        yield state, choose_sync(state, where.state, where.sync)
