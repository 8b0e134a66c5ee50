"""Provide two address books to be planned, whole and in parts; how large, the environment says."""

import os
from datetime import UTC, datetime
from functools import cache

from tallystick import MemoryState, Plan, Sync
from tallystick.fleet.partition import Listings, PlanSetup
from tallystick.profiles import maximizer
from tallystick.providers.addressbook import address_books
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection, VirtualClock
from tallystick.records import Contact, Entry

KEY = bytes(range(32))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIZE = "TALLYSTICK_BOOKS"
SEED = "TALLYSTICK_BOOKS_SEED"
CAPACITY = "TALLYSTICK_BOOKS_CAPACITY"


@cache
def _collections(size: int, seed: int) -> tuple[MemoryCollection[Contact], MemoryCollection[Entry]]:
    clock = VirtualClock(NOON)
    outlook, crm = FakeOutlook(clock=clock).contacts, FakeCrm(clock=clock).entries
    books = address_books(size, seed=seed)
    outlook.load(books.contacts)
    for entry, lists in zip(books.entries, books.lists, strict=True):
        crm.insert(entry, lists=lists)
    return outlook, crm


def collections() -> tuple[MemoryCollection[Contact], MemoryCollection[Entry]]:
    """Return both books as providers."""
    return _collections(int(os.environ[SIZE]), int(os.environ[SEED]))


def setup() -> PlanSetup:
    """Return what every part is planned with."""
    outlook, crm = FakeOutlook(), FakeCrm()
    return PlanSetup(
        "books",
        maximizer.contacts(favourite_list="Clients", capacity=int(os.environ.get(CAPACITY, "1000000"))),
        KEY,
        (outlook.contacts.account, crm.entries.account),
        (outlook.contacts.capabilities, crm.entries.capabilities),
        NOON,
    )


def listings() -> Listings:
    """Return all records of both books, as items."""
    left, right = collections()
    profile = setup().profile
    return (
        [left.item(one, profile.left.scope) for one in left.ids()],
        [right.item(one, profile.right.scope) for one in right.ids()],
    )


def whole() -> Plan:
    """Return the plan that is made in one go."""
    left, right = collections()
    clock = VirtualClock(NOON)
    sync = Sync(
        "books",
        left=left,
        right=right,
        profile=setup().profile,
        state=MemoryState(KEY),
        clock=clock,
        pause_collector=True,  # as parts are planned
    )
    return sync.plan()
