"""Provide a small world for simulations: two fakes, a durable state, a virtual clock, and what must always hold in it.

Persons are numbers. Every text that a user writes is a token of its own, so that the records themselves tell what
became of it. Names and addresses stay the same, so that a person is known on either side by the address.
"""

# ruff: noqa: ANN401 - these take whatever they are given

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import attrs

from tallystick import MemoryState, Profile, Report, Side, Sync
from tallystick.observers import Observer
from tallystick.ports import Capabilities, CreateSafety, Loser, ParkedKind, RunState, State
from tallystick.profiles import maximizer
from tallystick.providers.memory import (
    CRM_CAPABILITIES,
    OUTLOOK_CAPABILITIES,
    FakeCrm,
    FakeOutlook,
    MemoryCollection,
    Quirks,
    VirtualClock,
)
from tallystick.reconcile import LoserFate, reasons
from tallystick.records import Contact, CrmTask, EmailAddress, Entry, Person, TodoTask
from tests.simulation.crash import Fuse, Fused

NAME = "simulated"
CATEGORY = "Maximizer"
CLIENTS = "Clients"
SCOPES = (CATEGORY, CLIENTS)
KEY = bytes(range(32))
TEXTS = (
    ("company_name", "company_name"),
    ("job_title", "position"),
    ("department", "department"),
    ("office_location", "division"),
    ("middle_name", "middle_name"),
)
"""The text fields of both sides that say the same, left first."""


def contact(person: int, **fields: Any) -> Contact:
    """Return the contact of a person."""
    return Contact(
        given_name=f"Given{person}",
        surname=f"Family{person}",
        email_addresses=(EmailAddress(f"p{person}@example.com"),),
        **fields,
    )


def entry(person: int, **fields: Any) -> Entry:
    """Return the entry of a person."""
    return Entry(first_name=f"Given{person}", last_name=f"Family{person}", emails=(f"p{person}@example.com",), **fields)


def person_of(record: object) -> str:
    """Return by which address a person is known, or a task by the first word of its title."""
    if isinstance(record, TodoTask | CrmTask):
        return (record.title if isinstance(record, TodoTask) else record.subject).split()[0]
    if isinstance(record, Contact):
        return record.email_addresses[0].address if record.email_addresses else "?"
    assert isinstance(record, Entry | Person)
    return record.emails[0] if record.emails else "?"


class KeptLosers:
    """A sink that keeps all values it is given."""

    def __init__(self) -> None:
        self.losers: list[Loser] = []

    def keep(self, losers: Iterable[Loser]) -> None:
        """Keep them."""
        self.losers += losers

    def values(self) -> set[str]:
        """Return all texts that were kept."""
        values = [value for loser in self.losers for value in loser.values.values()]
        return {str(part) for value in values for part in (value if isinstance(value, tuple) else (value,))}


def able(capabilities: Capabilities, safety: CreateSafety | None, lag: float = 0.0, **more: Any) -> Capabilities:
    """Return capabilities with another way to make creates safe, and a visibility lag in seconds."""
    return attrs.evolve(
        capabilities,
        create_safety=safety or capabilities.create_safety,
        visibility_lag=timedelta(seconds=lag),
        **more,
    )


class World:
    """Two fakes, a state, a sink and a clock. A sync is made anew for each run, as after a restart."""

    observers: Sequence[Observer] = ()
    texts: Sequence[tuple[str, str]] = TEXTS

    def __init__(
        self,
        *,
        safety: CreateSafety | None = None,
        lag: float = 0.0,
        seed: int = 0,
        quirks: Quirks | None = None,
        profile: Profile[Any, Any] | None = None,
        state: State | None = None,
        batch_size: int | None = None,
        **more: Any,
    ) -> None:
        if batch_size:
            more["batch_size"] = batch_size
        self.clock = VirtualClock()
        self.lag = lag
        self._backup: Any = None
        self.outlook = FakeOutlook(
            clock=self.clock,
            page_size=3,
            seed=seed,
            quirks=quirks,
            capabilities=able(OUTLOOK_CAPABILITIES, safety, lag, **more),
        )
        self.crm = FakeCrm(
            clock=self.clock,
            page_size=3,
            seed=seed,
            quirks=quirks,
            capabilities=able(CRM_CAPABILITIES, safety, lag, **more),
        )
        self.state: State = state or MemoryState(KEY)
        self.sink: Any = KeptLosers()
        self.scopes: tuple[str, str] = SCOPES
        self.directories: dict[str, MemoryCollection[Any]] = {}
        self.profile: Profile[Any, Any] = profile or self.usual_profile()
        self._has_copies = self.profile.conflict.loser is LoserFate.COPY
        self.reports: list[Report] = []
        self.worker = "the only one"
        self.wrap_state: Callable[[State], State] = lambda state: state

    def usual_profile(self) -> Profile[Any, Any]:
        """Return what the sync is unless told otherwise."""
        return maximizer.contacts(favourite_list=CLIENTS)

    @property
    def sides(self) -> tuple[MemoryCollection[Any], MemoryCollection[Any]]:
        """Both collections, by side."""
        return (self.outlook.contacts, self.crm.entries)

    def sync(self, fuse: Fuse | None = None) -> Sync[Any, Any]:
        """Return a sync as a fresh process would make it, its ports behind the fuse if there is one."""
        left: Any
        right: Any
        left, right = self.sides
        state: Any = self.wrap_state(self.state)
        sink: Any = self.sink
        if fuse is not None:
            left, right = Fused("left", left, fuse), Fused("right", right, fuse)
            state, sink = Fused("state", state, fuse), sink and Fused("sink", sink, fuse)
        ports: dict[str, Any] = {
            "state": state,
            "sink": sink,
            "clock": self.clock,
            "directories": self.directories,
        }
        return Sync(
            NAME, left=left, right=right, profile=self.profile, worker=self.worker, observers=self.observers, **ports
        )

    def run(self, fuse: Fuse | None = None) -> Report:
        """Run once, and note the report."""
        report = self.sync(fuse).run()
        self.reports.append(report)
        return report

    def resolve(self, conflict: str, winner: int) -> None:
        """Settle a held conflict, and note the report."""
        self.reports.append(self.sync().resolve(conflict, Side(winner)))

    def back_up(self) -> None:
        """Keep a copy of the state, which is one in memory."""
        self._backup = copy.deepcopy((self.state._syncs, self.state._last))  # type: ignore[attr-defined]

    def restore(self) -> bool:
        """Put the copy of the state back; tell whether there was one."""
        if self._backup is not None:
            self.state._syncs, self.state._last = copy.deepcopy(self._backup)  # type: ignore[attr-defined]
        return self._backup is not None

    @property
    def shows_tokens(self) -> bool:
        """Whether the listings of both sides tell for which record another one was created."""
        able = [collection.capabilities for collection in self.sides]
        return all(one.token_in_listings or one.create_safety is CreateSafety.CLIENT_ID for one in able)

    # --- a person's actions ------------------------------------------------------------------------------------------

    def insert(self, side: int, person: int, **fields: Any) -> str:
        """Add a person's record as a member."""
        if side == 0:
            return self.outlook.contacts.insert(contact(person, **fields), lists=(CATEGORY,))
        return self.crm.entries.insert(entry(person, **fields), lists=(CLIENTS,))

    def known_as(self, person: int) -> str:
        """Return by what a person's records are known."""
        return f"p{person}@example.com"

    def saying(self, side: int, person: int, field: int, text: str) -> dict[str, Any]:
        """Return the fields to set so that a text of a person's record says something; the number of one is any."""
        del person
        return {self.texts[field % len(self.texts)][side]: text}

    def texts_of(self, record: object) -> tuple[str, ...]:
        """Return the text fields of a record, in their order."""
        side = 0 if isinstance(record, Contact) else 1
        return tuple(getattr(record, names[side]) for names in self.texts)

    def renamed(self, side: int, person: int, number: int) -> dict[str, Any]:
        """Return the fields to set so that a record is no longer matched as it was; it is known all the same."""
        return {("surname", "last_name")[side]: f"Family{person} the {number}th"}

    def find(self, side: int, person: int) -> list[str]:
        """Return the ids of all records of a person on one side."""
        known = self.known_as(person)
        copies = self.copies(side)
        records = self.sides[side].all().items()
        return [one for one, record in records if person_of(record) == known and one not in copies]

    def copies(self, side: int) -> set[str]:
        """Return the ids of copies of losers: nobody's record."""
        if not self._has_copies:
            return set()
        rows = self.state.parked_list(NAME, ParkedKind.LEFT)
        return {row.id for row in rows if row.side == side and row.reasons == (reasons.COPY,)}

    def the(self, side: int, person: int) -> str:
        """Return the id of the one record of a person."""
        (found,) = self.find(side, person)
        return found

    def write(self, side: int, person: int, field: int, text: str) -> None:
        """Set one text field of a person's record."""
        self.sides[side].edit(self.the(side, person), **self.saying(side, person, field, text))

    def is_member(self, side: int, one: str) -> bool:
        """Tell whether a record is one of those that are synced."""
        return self.scopes[side] in self.sides[side].lists(one)

    def rests(self, link: Any) -> bool:
        """Tell whether a pair is one that the profile lets rest, so that its records may differ."""
        del link
        return False

    # --- what must hold ----------------------------------------------------------------------------------------------

    def quiet(self, *, gap: float = 600.0, most: int = 6) -> int:
        """Run until a run writes nothing and leaves the state as it was; return how many runs that took.

        Raises AssertionError where it does not come to rest.
        """
        for rounds in range(1, most + 1):
            self.clock.advance(gap)
            before = (self.remembered(), self.written())
            report = self.run()
            if (
                (self.remembered(), self.written()) == before
                and report.state is not RunState.WARNING
                and "again" not in report.note
            ):
                return rounds
        raise AssertionError(f"not quiet after {most} runs: {self.reports[-1].summary()}")

    def written(self) -> tuple[Counter[Any], Counter[Any]]:
        """Return what the fakes count as written by the sync."""
        return (self.sides[0].writes.copy(), self.sides[1].writes.copy())

    def remembered(self) -> tuple[object, ...]:
        """Return links, parked rows and journal, without what only tells of times and revisions."""
        links = self.links()
        rows = [attrs.evolve(row, last_seen=None, retry_at=None, attempts=0) for row in self.state.parked_list(NAME)]
        return (sorted(attrs.astuple(link, recurse=False) for link in links), rows, list(self.state.batches(NAME)))

    def links(self) -> list[Any]:
        """Return all links."""
        return list(self.state.links(NAME, Side.LEFT, [one for one, _, _ in self.state.marks(NAME, Side.LEFT)]))

    def picture(self) -> tuple[object, ...]:
        """Return where everything stands by contents, without ids, versions and times."""
        shown = []
        for side, collection in enumerate(self.sides):
            for one, record in collection.all().items():
                shown.append((side, person_of(record), self.texts_of(record), self.is_member(side, one)))
        pairs = []
        for link in self.links():
            named = tuple(
                person_of(collection.record(one)) if one in collection else "gone"
                for collection, one in zip(self.sides, link.ids, strict=True)
            )
            pairs.append((named, link.members))
        rows = []
        for row in self.state.parked_list(NAME):
            collection = self.sides[row.side]
            who = person_of(collection.record(row.id)) if row.id in collection else "gone"
            rows.append((int(row.side), who, str(row.kind), row.reasons))
        return (tuple(sorted(shown)), tuple(sorted(pairs)), tuple(sorted(rows)))

    def check(self, *, linked: bool = True, equal: bool = True) -> None:
        """Check what must hold once the world is quiet.

        Without ``linked`` members may be neither paired nor listed, without ``equal`` pairs may have agreed to differ.
        """
        links = self.links()
        for link in links:
            left, right = (collection.record(one) for collection, one in zip(self.sides, link.ids, strict=True))
            texts = [self.texts_of(left), self.texts_of(right)]
            assert not equal or texts[0] == texts[1] or self.rests(link), f"a pair differs: {texts}"
            assert person_of(left) == person_of(right), "two persons in one pair"
        for side, collection in enumerate(self.sides):
            ids = [link.ids[side] for link in links]
            assert len(ids) == len(set(ids)), "a record in two pairs"
            copies = self.copies(side)
            persons = Counter(person_of(record) for one, record in collection.all().items() if one not in copies)
            assert not [one for one, count in persons.items() if count > 1], f"doubled on side {side}: {persons}"
            if not linked:
                continue
            parked = {row.id for row in self.state.parked_list(NAME) if row.side == side}
            members = [one for one in collection.ids() if self.is_member(side, one)]
            left_behind = [one for one in members if one not in ids and one not in parked]
            assert not left_behind, f"members of side {side} that are neither paired nor listed: {left_behind}"
        assert not self.state.batches(NAME), "the journal has open batches"
        self.check_report(self.reports[-1])

    def check_report(self, report: Report) -> None:
        """Check that the buckets hold every pair and every unlinked record once."""
        links = {side: {link.ids[side] for link in self.links()} for side in Side}
        unlinked = [row for row in self.state.parked_list(NAME) if row.id not in links[row.side]]
        total = sum(report.buckets.values())
        assert total == len(links[Side.LEFT]) + len(unlinked), (
            f"buckets {dict(report.buckets)}, {len(links[Side.LEFT])} pairs, {len(unlinked)} unlinked"
        )

    def touch_all(self) -> None:
        """Give every record a new version without changing it, as services do."""
        for collection in self.sides:
            for one in collection.ids():
                collection.touch(one)


def out_of_scope_rows(world: World) -> int:
    """Return how many records are remembered as taken out."""
    return len(world.state.parked_list(NAME, ParkedKind.LEFT))
