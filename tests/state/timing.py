"""Provide the time as a state sees it, where a test lets it pass."""

from collections.abc import Callable
from datetime import datetime, timedelta

import attrs
import sqlalchemy as sa

from tallystick.ports import State
from tallystick.state.sql import SqlState
from tallystick.state.sql.database import Database
from tests.state.awaited import AwaitedState
from tests.state.samples import NOON


@attrs.define
class Timing:
    """``now`` is what workers tell; ``age`` makes what is stored older, where a database goes by its own clock."""

    age: Callable[[timedelta], None]
    now: datetime = NOON

    def advance(self, span: timedelta) -> None:
        """Let some time pass."""
        self.now += span
        self.age(span)


def age(state: State, span: timedelta) -> None:
    """Make the leases of a state older that goes by its database's clock."""
    of: object = state  # an awaited one is no State
    if isinstance(of, AwaitedState):
        of.execute(_older(of.state._database, span))
    elif isinstance(of, SqlState):
        with of._engine.begin() as connection:
            connection.execute(_older(of._database, span))


def _older(database: Database, span: timedelta) -> sa.Update:
    leases = database.tables.leases
    return sa.update(leases).values(until=leases.c.until - span // timedelta(microseconds=1))
