"""Provide a fleet at a glance: how far it is behind, and which of its syncs have had an intent open for longest.

An intent is open from just before its batch is sent until it is known what became of it, which is a matter of
seconds. One that stays open for longer is of a run that died, or of a write without an answer; the next run of its
sync looks into it. So a sync that stands here for a day is one whose runs don't come so far.

Both are figures and names: one statement each to the roster and to the state, whatever the number of syncs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import attrs

from tallystick.fleet.roster import Lag, Roster
from tallystick.ports import Unsettled

_USUALLY_SHOWN = 10


class Keeping(Protocol):
    """A state that tells of all its syncs at once, as each of the library's does that blocks."""

    def unsettled(self, limit: int = ...) -> Sequence[Unsettled]:
        """Return the syncs with open intents, the one first that has had one open for longest."""
        ...


@attrs.frozen
class FleetStatus:
    """How a fleet stands at ``at``: its lag, and the syncs with open intents, the one that waits longest first.

    ``has_state`` is false where no state was asked, so that nothing is known of intents.
    """

    at: datetime
    lag: Lag
    unsettled: tuple[Unsettled, ...]
    has_state: bool = True

    @property
    def oldest_intent(self) -> float:
        """For how many seconds the oldest intent has been open; 0 where none is, as for the lag."""
        return max((self.at - self.unsettled[0].since).total_seconds(), 0.0) if self.unsettled else 0.0

    def text(self) -> str:
        """Return it as lines for a person: one on the lag, and one for each sync with open intents."""
        lag = self.lag
        waits = f", the oldest for {lag.oldest:,.0f} s" if lag.due else ""
        lines = [f"{lag.enrolled:,} enrolled, {lag.claimed:,} at work, {lag.due:,} due{waits}"]
        lines += [
            f"{one.sync}: {one.batches:,} not settled, since {one.since:%Y-%m-%d %H:%M:%S} UTC"
            for one in self.unsettled
        ]
        return "\n".join(lines)


def fleet_status(roster: Roster, state: Keeping, now: datetime, limit: int = _USUALLY_SHOWN) -> FleetStatus:
    """Return how a fleet stands, with ``limit`` syncs at most that have open intents."""
    return FleetStatus(now, roster.lag(now), tuple(state.unsettled(limit)))
