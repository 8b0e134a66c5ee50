"""Provide the async driver: the same short loop as the blocking one, for a driver of the database that is awaited.

SQLAlchemy carries what a transaction does to the driver by greenlets, so that it is written once. A cancellation ends
the transaction where it stands, as a crash would: its connection is closed, and the server undoes what was not
committed.
"""

import asyncio
from typing import Any, TypeVar

from tallystick import driving
from tallystick.state.sql.async_engines import AsyncEngine
from tallystick.state.sql.transacting import Machine, Pause, Transaction

T = TypeVar("T")


async def carry_async(engine: AsyncEngine, machine: Machine[T]) -> T:
    """Run the machine to its end and return its result; errors go the way they go in the blocking driver."""
    return await driving.drive_async(machine, lambda step: _done(engine, step), Exception)


async def _done(engine: AsyncEngine, step: Transaction[Any] | Pause) -> object:
    if isinstance(step, Pause):
        await asyncio.sleep(step.seconds)
        return None
    async with engine.connect() as connection:
        return await connection.run_sync(step.make)
