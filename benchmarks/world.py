"""Provide the world that contact benchmarks run in: two made-up address books in memory, and sqlite on disk."""

from pathlib import Path

import attrs
from floors import Book, flat_contacts, flat_entries

import tallystick as ts
from tallystick.ports import Capabilities, State
from tallystick.profiles import maximizer
from tallystick.providers.addressbook import AddressBooks
from tallystick.providers.memory import CRM_CAPABILITIES, OUTLOOK_CAPABILITIES, FakeCrm, FakeOutlook, VirtualClock
from tallystick.records import Contact, Entry

SECRET = b"a key for the benchmark, 32 bytes"
PROFILE = maximizer.contacts(category="Maximizer", favourite_list="Clients", capacity=None)


def in_thousands(capabilities: Capabilities) -> Capabilities:
    """Return what a side can do, but a thousand records at a time: there is no network here."""
    return attrs.evolve(capabilities, batch_size=1000, read_size=1000)


@attrs.frozen
class World:
    """Two fakes with an address book each, and what the floors work on. ``ids`` are the contacts', in order."""

    outlook: FakeOutlook
    crm: FakeCrm
    clock: VirtualClock
    ids: tuple[str, ...]

    @classmethod
    def of(cls, books: AddressBooks, *, delta: bool = True) -> "World":
        """Return the world of two address books; without ``delta``, of sides that can only list all they have."""
        clock = VirtualClock()
        left, right = (in_thousands(attrs.evolve(one, delta=delta)) for one in (OUTLOOK_CAPABILITIES, CRM_CAPABILITIES))
        outlook = FakeOutlook(clock=clock, page_size=1000, capabilities=left)
        crm = FakeCrm(clock=clock, page_size=1000, capabilities=right)
        ids = outlook.contacts.load(books.contacts)
        crm.entries.load(books.entries, lists=("Clients",))
        return cls(outlook, crm, clock, tuple(ids))

    def state(self, folder: Path) -> ts.SqliteState:
        """Return a new state on disk."""
        return ts.SqliteState(folder / "links.db", key=SECRET)

    def sync(self, state: State, *, paused: bool = False) -> ts.Sync[Contact, Entry]:
        """Return the contact sync of the two."""
        return ts.Sync(
            "benchmark",
            left=self.outlook.contacts,
            right=self.crm.entries,
            profile=PROFILE,
            state=state,
            clock=self.clock,
            pause_collector=paused,
        )

    def edit(self, count: int, title: str) -> None:
        """Give some contacts, spread over the book, another job title."""
        for one in self.ids[:: max(len(self.ids) // count, 1)][:count]:
            self.outlook.contacts.edit(one, job_title=title)


def flat_books(books: AddressBooks) -> tuple[Book, Book]:
    """Return both address books as the floors take them."""
    return flat_contacts(books.contacts), flat_entries(books.entries)
