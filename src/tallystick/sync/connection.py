"""Provide the status of the connection to each side, as a settings page shows it.

=======================  ==============================================================================
disconnected             nobody is signed in: the provider has no name of an account
needs authorisation      the last run that came so far was refused for the credentials or the permission
unreachable              it found that the service does not answer, or is out of order; the next run tries again
connected                otherwise
=======================  ==============================================================================

A run is what finds out; between runs nobody asks the service.
"""

from collections.abc import Iterable
from enum import StrEnum

import attrs

from tallystick.errors import AuthenticationRequired, PermissionDenied, ProviderError, TallystickError, Unavailable
from tallystick.ports import RunRow, RunState, Side

_REFUSED = "unauthorised."
_SILENT = "unreachable."
"""What the names of sides that refused a run, or did not answer, begin with in its counts."""


class ConnectionState(StrEnum):
    """How one side stands."""

    CONNECTED = "connected"
    NEEDS_AUTHORISATION = "needs authorisation"
    UNREACHABLE = "unreachable"
    DISCONNECTED = "disconnected"


@attrs.frozen
class Connection:
    """The connection to one side: its state, and the provider's own name of the account."""

    side: Side
    state: ConnectionState
    account: str


def troubled_sides(error: TallystickError | None) -> dict[str, int]:
    """Return what a run that ended in ``error`` counts, so that the next status knows of it."""
    if not isinstance(error, ProviderError) or not error.side:
        return {}
    if isinstance(error, AuthenticationRequired | PermissionDenied):
        return {_REFUSED + error.side: 1}
    return {_SILENT + error.side: 1} if isinstance(error, Unavailable) else {}


def connection(side: Side, account: str, runs: Iterable[RunRow]) -> Connection:
    """Return the connection of a side; ``runs`` are the newest first."""
    return Connection(side, found_by(side, runs) if account else ConnectionState.DISCONNECTED, account)


def found_by(side: Side, runs: Iterable[RunRow]) -> ConnectionState:
    """Return how the newest run that came so far has found a side."""
    told = next((row for row in runs if row.state is RunState.COMPLETE or (row.ended and row.counts)), None)
    if told is not None and _REFUSED + side.label in told.counts:
        return ConnectionState.NEEDS_AUTHORISATION
    if told is not None and _SILENT + side.label in told.counts:
        return ConnectionState.UNREACHABLE
    return ConnectionState.CONNECTED
