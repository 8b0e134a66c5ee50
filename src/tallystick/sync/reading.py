"""Provide the reading of one record as it is now, for a page that shows it or lets a person correct it."""

from tallystick.errors import UnknownRecord
from tallystick.ports import Item, Side
from tallystick.sync.calls import Call
from tallystick.sync.setup import Setup


def reading(setup: Setup, side: Side, one: str) -> Call[Item[object]]:
    """Read a record of one side."""
    (sight,) = yield from setup.get(side, [one])
    if not isinstance(sight, Item):
        where = f"{setup.sync}, {side.label} {one}"
        raise UnknownRecord("the record is not there", where=where, remedy="the next run finds out what became of it")
    return sight
