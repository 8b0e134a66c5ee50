"""Provide the blocking driver: a short loop that makes the machine's transactions and tells it what they came to."""

import time
from typing import Any, TypeVar

import sqlalchemy as sa

from tallystick import driving
from tallystick.state.sql.transacting import Machine, Pause, Transaction

T = TypeVar("T")


def carry(engine: sa.Engine, machine: Machine[T]) -> T:
    """Run the machine to its end and return its result; errors go back into it, and interrupts end it."""
    return driving.drive(machine, lambda step: _done(engine, step), Exception)


def _done(engine: sa.Engine, step: Transaction[Any] | Pause) -> object:
    if isinstance(step, Pause):
        time.sleep(step.seconds)
        return None
    with engine.connect() as connection:
        return step.make(connection)
