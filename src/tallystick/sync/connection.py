"""Provide the status of the connection to each side, as a settings page shows it.

=======================  ==============================================================================
disconnected             nobody is signed in: the provider has no name of an account
needs authorisation      the last run that came so far was refused for the credentials or the permission
connected                otherwise
=======================  ==============================================================================

A run is what finds out; between runs nobody asks the service.
"""

from collections.abc import Iterable
from enum import StrEnum

import attrs

from tallystick.errors import AuthenticationRequired, PermissionDenied, TallystickError
from tallystick.ports import RunRow, RunState, Side

_REFUSED = "unauthorised."
"""What the names of refused sides begin with in a run's counts."""


class ConnectionState(StrEnum):
    """How one side stands."""

    CONNECTED = "connected"
    NEEDS_AUTHORISATION = "needs authorisation"
    DISCONNECTED = "disconnected"


@attrs.frozen
class Connection:
    """The connection to one side: its state, and the provider's own name of the account."""

    side: Side
    state: ConnectionState
    account: str


def refused_sides(error: TallystickError | None) -> dict[str, int]:
    """Return what a run that ended in ``error`` counts, so that the next status knows of it."""
    refused = isinstance(error, AuthenticationRequired | PermissionDenied) and error.side
    return {_REFUSED + refused: 1} if refused else {}


def connection(side: Side, account: str, runs: Iterable[RunRow]) -> Connection:
    """Return the connection of a side; ``runs`` are the newest first."""
    told = next((row for row in runs if row.state is RunState.COMPLETE or (row.ended and row.counts)), None)
    if not account:
        return Connection(side, ConnectionState.DISCONNECTED, account)
    refused = told is not None and _REFUSED + side.label in told.counts
    return Connection(side, ConnectionState.NEEDS_AUTHORISATION if refused else ConnectionState.CONNECTED, account)
