"""Provide the command that shows how a fleet stands, from the tables of its roster and its state."""

import re
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from tallystick.cli.exits import Exit
from tallystick.cli.options import COMMON, AsJson, Common, Whole
from tallystick.cli.screen import Screen, make_screen, moment, shown, table
from tallystick.errors import UsageError
from tallystick.sync import SystemClock
from tallystick.text import counted

if TYPE_CHECKING:
    from tallystick.fleet.status import FleetStatus

_TABLES = Group("The tables", sort_key=3)
_SECRET = re.compile(r"://[^/@]*:[^/@]*@|[?&]password=")

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def fleet_status(
    roster: Annotated[
        str,
        Parameter(help="The roster's database: its URL, such as postgresql://fleet@db.example.com/sync, or a file."),
    ],
    /,
    *,
    state: Annotated[
        str | None, Parameter(help="The state's database, likewise; the roster's own unless given.")
    ] = None,
    limit: Annotated[Whole, Parameter(help="How many syncs with open intents to show.")] = 10,
    prefix: Annotated[
        str, Parameter(group=_TABLES, help="What the names of the roster's tables begin with.")
    ] = "tallystick_fleet_",
    state_prefix: Annotated[
        str, Parameter(group=_TABLES, help="What the names of the state's tables begin with.")
    ] = "tallystick_",
    as_json: AsJson = False,
    common: Common = COMMON,  # noqa: ARG001 -- --debug, as every command has it
) -> Exit:
    """Show how a fleet stands: how far it is behind, and which syncs have had a write open for longest.

    It only reads, and needs no key.
    """
    import tallystick.state.sql  # noqa: F401, PLC0415 -- an extra; it says so where it is missing
    from tallystick.fleet.looking import look_at_fleet  # noqa: PLC0415 -- the same

    if limit < 0:
        raise UsageError("less than no sync would be shown", where="--limit", remedy="give a number from 0")
    for place in (roster, state or ""):
        _refuse_secret(place)
    screen = make_screen(as_json=as_json)
    now = SystemClock().now()
    status = look_at_fleet(roster, state, now=now, limit=limit, prefix=prefix, state_prefix=state_prefix)
    if as_json:
        screen.data(_data(status))
    else:
        _show(screen, status)
    return Exit.COMPLETE


def _refuse_secret(place: str) -> None:
    if _SECRET.search(place):
        raise UsageError(
            "a password in an address can be read by whoever lists the processes",
            remedy="leave it out; PostgreSQL takes it from ~/.pgpass, or from the environment variable PGPASSWORD",
        )


def _data(status: "FleetStatus") -> dict[str, object]:
    lag = status.lag
    unsettled = [{"sync": one.sync, "since": one.since, "batches": one.batches} for one in status.unsettled]
    return {
        "at": status.at,
        "enrolled": lag.enrolled,
        "claimed": lag.claimed,
        "due": lag.due,
        "oldest_due_seconds": lag.oldest,
        "oldest_intent_seconds": status.oldest_intent if status.has_state else None,
        "unsettled": unsettled if status.has_state else None,
    }


def _show(screen: Screen, status: "FleetStatus") -> None:
    lag = status.lag
    screen.title("Fleet", moment(status.at))
    figures = table("", "", right=(1,), head=False)
    figures.add_row("enrolled", f"{lag.enrolled:,}")
    figures.add_row("at work", f"{lag.claimed:,}")
    figures.add_row("due", f"{lag.due:,}")
    if lag.due:
        figures.add_row("the oldest for", _lasting(lag.oldest))
    screen.show(figures)
    if not status.has_state:
        screen.line()
        screen.line("No state lies beside the roster: name its database with --state to see open intents.", "dim")
    elif not status.unsettled:
        screen.line()
        screen.line("No sync has a write of which it is not known what became of it.")
    else:
        made = table("sync", "batches", "open since", "for", right=(1, 3), ids=(0,))
        for one in status.unsettled:
            lasting = _lasting((status.at - one.since).total_seconds())
            made.add_row(shown(one.sync), f"{one.batches:,}", moment(one.since), lasting)
        screen.below(made)


def _lasting(seconds: float) -> str:
    """Return a time in its largest whole unit."""
    for unit, length in (("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE)):
        if seconds >= length:
            return counted(int(seconds // length), unit)
    return counted(int(max(seconds, 0.0)), "second")
