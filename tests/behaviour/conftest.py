"""Provide a small world: a mailbox, a CRM, a state, one clock for all, and the sync between them.

Every run of it is audited: the report's figures must equal what the fakes saw and what the state holds (TS-20).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest

from tallystick import MemoryState, Report, Side, SqliteState, Sync
from tallystick.ports import RunState, Sink, State, WriteKind
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, MemoryCollection, Quirks, VirtualClock
from tallystick.reconcile import Bucket
from tallystick.records import Contact, EmailAddress, Entry

NAME = "ada@example.com/contacts"
CATEGORY = "Maximizer"
LIST = "Clients"

MakeWorld = Callable[..., "World"]


def contact(first: str = "Ada", last: str = "Lovelace", *emails: str, **fields: Any) -> Contact:  # noqa: ANN401 -- a contact's
    """Return an Outlook contact of the category, with an address of its own unless one is given.

    It is filed under "last, first", as nobody but a person would.
    """
    addresses = emails or (f"{first}@example.com".lower(),)
    fields.setdefault("email_addresses", tuple(EmailAddress(one) for one in addresses))
    fields.setdefault("categories", (CATEGORY,))
    fields.setdefault("file_as", f"{last}, {first}")
    return Contact(given_name=first, surname=last, **fields)


def entry(first: str = "Ada", last: str = "Lovelace", *emails: str, **fields: Any) -> Entry:  # noqa: ANN401 -- an entry's
    """Return a CRM entry, with an address of its own unless one is given."""
    fields.setdefault("emails", emails or (f"{first}@example.com".lower(),))
    return Entry(first_name=first, last_name=last, **fields)


def emails(record: Contact) -> list[str]:
    """Return the addresses of a contact without their display names."""
    return [one.address for one in record.email_addresses]


@attrs.define
class World:
    """The two sides with what is between them. ``outlook`` and ``crm`` can be used like a person does."""

    outlook: MemoryCollection[Contact]
    crm: MemoryCollection[Entry]
    state: State
    clock: VirtualClock
    sink: Sink | None = None
    _syncs: dict[str, Sync[Contact, Entry]] = attrs.field(factory=dict, init=False)

    def client(self, record: Entry) -> str:
        """Insert an entry on the favourite list."""
        return self.crm.insert(record, lists=[LIST])

    def pair(self, **fields: Any) -> tuple[str, str]:  # noqa: ANN401 -- a contact's
        """Insert a contact, run, and return the ids of contact and entry."""
        before = {*self.crm.ids()}
        left = self.outlook.insert(contact(**fields))
        self.run()
        (right,) = {*self.crm.ids()} - before
        return left, right

    def sync(self, **settings: Any) -> Sync[Contact, Entry]:  # noqa: ANN401 -- the profile's
        """Return the sync under the contact profile with these settings, the same one for the same settings."""
        known = repr(sorted(settings.items()))
        if known not in self._syncs:
            self._syncs[known] = Sync(
                NAME,
                left=self.outlook,
                right=self.crm,
                profile=maximizer.contacts(**{"favourite_list": LIST, **settings}),
                state=self.state,
                sink=self.sink,
                clock=self.clock,
            )
        return self._syncs[known]

    def restart(self) -> None:
        """Forget everything but the state, as a new process does."""
        self._syncs.clear()

    def run(self, **settings: Any) -> Report:  # noqa: ANN401 -- the profile's
        """Run once, audit the report, and return it."""
        before = self.written()
        report = self.sync(**settings).run()
        assert self.written() - before == +Counter(report.writes)
        self._audit(report)
        return report

    def settled(self, **settings: Any) -> None:  # noqa: ANN401 -- the profile's
        """Assert that nothing is left to do: for a further run, after lost cursors, and for a fresh initial run."""
        ignored, shown = self.ignored(), self.shown()
        self.run(**settings)
        assert (ignored, shown) == (self.ignored(), self.shown()), "a further run is not quiet"
        self.outlook.expire_cursors()
        self.crm.expire_cursors()
        self.run(**settings)
        assert (ignored, shown) == (self.ignored(), self.shown()), "a run after lost cursors is not quiet"
        self.sync(**settings).disable()
        self.sync(**settings).enable()
        self.run(**settings)
        assert shown == self.shown(), "a fresh initial run is not quiet"

    def written(self) -> Counter[tuple[Side, WriteKind]]:
        """Return how many of the sync's writes took effect, as both fakes counted them."""
        sides = ((Side.LEFT, self.outlook.writes), (Side.RIGHT, self.crm.writes))
        return Counter({(side, kind): count for side, writes in sides for kind, count in writes.items()})

    def shown(self) -> object:
        """Return everything that both sides hold, down to the versions."""
        return (
            {one: self.outlook.item(one) for one in self.outlook.ids()},
            {one: (self.crm.item(one), self.crm.lists(one)) for one in self.crm.ids()},
        )

    def ignored(self) -> dict[str, tuple[str, ...]]:
        """Return the reasons of every ignored record by id."""
        return {row.id: row.reasons for row in self.sync().ignored()}

    def _audit(self, report: Report) -> None:
        sync, buckets = self.sync(), report.buckets
        pairs = sync.status().pairs
        rows = self.state.parked_list(NAME)
        alone = sum(not self.state.links(NAME, row.side, [row.id]) for row in rows)
        assert len(self.ignored()) == report.ignored
        assert len(sync.conflicts()) == report.conflicts
        assert all(count >= 0 for count in buckets.values())
        if not buckets[Bucket.IN_DOUBT]:
            assert pairs + alone == sum(buckets.values()), "each pair and each record alone is in one bucket"
        last = sync.history(1)[0]
        assert (report.state, report.synced, report.ignored) == (last.state, last.synced, last.ignored)
        if report.state is not RunState.COMPLETE:
            assert report.note, "a run that is not complete says why"


@pytest.fixture
def make_world(request: pytest.FixtureRequest) -> Iterator[MakeWorld]:
    """Return a function that makes a world: with a state in a file if asked for, and with the mailbox's own options."""
    with ExitStack() as stack:

        def make(
            *,
            sqlite: bool = False,
            clock: VirtualClock | None = None,
            seed: int = 0,
            quirks: Quirks | None = None,
            **outlook: Any,  # noqa: ANN401 -- the mailbox's
        ) -> World:
            clock = clock or VirtualClock()
            contacts = FakeOutlook(clock=clock, seed=seed, quirks=quirks, **outlook).contacts
            entries = FakeCrm(clock=clock, seed=seed + 1, quirks=quirks).entries
            state: MemoryState | SqliteState = MemoryState()
            if sqlite:
                path: Path = request.getfixturevalue("tmp_path") / "state.db"
                state = stack.enter_context(SqliteState(path, key=b"k" * 32))
            return World(contacts, entries, state, clock)

        yield make


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Return one empty world."""
    return make_world()
