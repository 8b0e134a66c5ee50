"""Test the states against a naive one: whatever is committed in whatever order, all keep the same."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tallystick.errors import StateError
from tallystick.ports import (
    Batch,
    Bid,
    Commit,
    Fence,
    Intent,
    Lease,
    Link,
    Parked,
    ParkedKind,
    RunRow,
    RunState,
    Side,
    State,
    WriteKind,
)
from tallystick.state import MemoryState, SqliteState
from tallystick.state.sql import SqlState
from tests.state.awaited import AwaitedState, awaited_state
from tests.state.naive import NaiveState, claims, kinds
from tests.state.samples import KEY, NOON
from tests.state.timing import age

T = TypeVar("T")

SYNCS = ("a", "b")
IDS = tuple(f"id{n}" for n in range(6))
KEYS = (b"", b"1", b"2", b"\x00\xff")
TIMES = tuple(NOON + timedelta(hours=n) for n in range(4))
UNKNOWN = 10**6

ids = st.sampled_from(IDS)
versions = st.sampled_from([None, "", "v1", "v2"])
layouts = st.sampled_from(["layout 1", "layout 2", ""])
bases = st.sampled_from([b"", b"one", b"\x00two"])
times = st.sampled_from([None, *TIMES])
texts = st.sampled_from(["", "why", "ü\x00🎉"])
sides = st.sampled_from(list(Side))


def pairs(of: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, T]]:
    """Return pairs, a value for each side."""
    return st.tuples(of, of)


members = pairs(st.booleans())
IDENTITIES = [b"same", b"\x00\xff"]
identities = pairs(st.sampled_from([b"", *IDENTITIES]))
links = st.builds(Link, pairs(ids), pairs(versions), members, pairs(bases), layouts, st.just(0), texts, identities)
rows = st.builds(
    Parked,
    sides,
    ids,
    versions,
    st.sampled_from(list(ParkedKind)),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(st.sampled_from(KEYS), max_size=3).map(tuple),
    st.integers(0, 2**60),
    times,
    times,
    times,
)
intents = st.builds(
    Intent, texts, st.sampled_from(list(WriteKind)), pairs(ids), pairs(versions), members, pairs(bases), identities
)
batches = st.builds(Batch, sides, st.sampled_from(TIMES), layouts, st.lists(intents, max_size=3).map(tuple))
runs = st.builds(
    RunRow,
    st.sampled_from(list(RunState)),
    st.just(0),
    st.booleans(),
    times,
    times,
    times,
    st.integers(0, 9),
    st.integers(0, 9),
    st.dictionaries(texts, st.integers(), max_size=2),
    texts,
)
heads = st.fixed_dictionaries(
    {},
    optional={
        "layout": layouts,
        "extents": pairs(texts),
        "accounts": pairs(texts),
        "cursors": pairs(versions),
        "enabled": st.booleans(),
        "initial": st.booleans(),
        "confirmed": st.dictionaries(texts, st.integers(0, 9), max_size=2),
    },
)


SPAN = timedelta(minutes=5)
WORKERS = ("one", "two")
spans = st.sampled_from([SPAN / 3, SPAN])

# Which of the rows that are there a change is about: the choice is taken round and round.
choices = st.integers(0, 11)
programs = st.fixed_dictionaries(
    {
        "revision": st.sampled_from([*["none", "known"] * 4, "other"]),
        "head": heads,
        "new": st.lists(links, max_size=2),
        "replaced": st.lists(st.tuples(choices, links), max_size=2),
        "unlinked": st.lists(choices, max_size=1),
        "parked": st.lists(rows, max_size=3),
        "cleared": st.lists(st.tuples(sides, ids), max_size=2),
        "opened": st.lists(batches, max_size=2),
        "closed": st.lists(choices, max_size=1),
        "kept": st.lists(st.tuples(choices, batches), max_size=1),
        "run": st.none() | st.tuples(choices, runs),
        "close_all": st.integers(0, 15).map(lambda one: one == 9),
        "fence": st.none() | st.tuples(choices, spans),
        "fault": st.sampled_from([*[None] * 8, "ids", "links", "batches", "runs"]),
    }
)


def chosen(numbers: list[int], choice: int, *, strange: list[int] | None) -> int:
    """Return one of the numbers, or of the strange ones if there are to be any, or one that nobody has."""
    numbers = [*numbers, *strange, UNKNOWN] if strange is not None else numbers
    return numbers[choice % len(numbers)] if numbers else UNKNOWN


def settled(given: list[Link], known: list[Link]) -> list[Link]:
    """Return the links with ids that are theirs already or in no link, as far as there are any."""
    ids = {link.number: link.ids for link in known}
    free = [[id_ for id_ in IDS if id_ not in {link.ids[side] for link in known}] for side in Side]
    pairs = zip(free[0], reversed(free[1]), strict=True)
    placed = [attrs.evolve(link, ids=ids.get(link.number) or next(pairs, link.ids)) for link in given]
    return list({link.ids: link for link in placed}.values())


@attrs.define
class Subject:
    """A state under test, and its numbers for those that the naive state has given: each state numbers as it likes."""

    state: State
    numbers: dict[int, int] = attrs.field(factory=dict)

    def commit(self, sync: str, commit: Commit, naive: NaiveState) -> None:
        """Commit what the naive state has taken, and learn the numbers that were given."""
        answer = self.state.commit(sync, self.translated(commit))
        expected = naive.rows(sync)
        given = [batch.number for batch in expected.batches][-len(commit.opened) :] if commit.opened else []
        self.numbers.update(zip(given, answer.batches, strict=True))
        if commit.run and not commit.run.number:
            self.numbers[expected.runs[-1].number] = answer.run
        if answer.lease:
            self.numbers[naive.leases[sync].token] = answer.lease.token
        assert bool(answer.lease) is bool(commit.bid)
        for link in expected.links:
            if link.number not in self.numbers:
                (found,) = self.state.links(sync, Side.RIGHT, [link.ids[Side.RIGHT]])
                self.numbers[link.number] = found.number
        assert answer.head == expected.head

    def translated(self, commit: Commit) -> Commit:
        """Return the commit with the numbers of this state."""
        number = self.number
        return attrs.evolve(
            commit,
            links=[attrs.evolve(link, number=number(link.number)) for link in commit.links],
            kept=[attrs.evolve(batch, number=number(batch.number)) for batch in commit.kept],
            unlinked=list(map(number, commit.unlinked)),
            closed=list(map(number, commit.closed)),
            run=commit.run and attrs.evolve(commit.run, number=number(commit.run.number)),
            fence=commit.fence and attrs.evolve(commit.fence, token=number(commit.fence.token)),
        )

    def number(self, number: int) -> int:
        """Return this state's number for one of the naive state's."""
        return self.numbers.get(number, number)

    def check(self, sync: str, naive: NaiveState) -> None:
        """Hold all that the state answers against the naive one."""
        state, expected = self.state, naive.rows(sync)
        assert list(state.syncs()) == sorted(naive.syncs)
        assert state.head(sync) == expected.head
        own = [attrs.evolve(link, number=self.numbers[link.number]) for link in expected.links]
        for side in Side:
            for some in (IDS, IDS[:2], ()):
                found = state.links(sync, side, some)
                assert by_id(found) == by_id([link for link in own if link.ids[side] in some])
                assert list(state.parked(sync, side, some)) == sorted(
                    (row for row in expected.parked if row.side == side and row.id in some), key=lambda row: row.id
                )
            assert sorted(state.marks(sync, side)) == sorted(
                (link.ids[side], link.versions[side], link.members[side]) for link in own
            )
        for asked in (IDENTITIES, IDENTITIES[:1], []):
            assert list(state.claims(sync, asked)) == claims(naive, sync, asked)
        assert list(state.batches(sync)) == [
            attrs.evolve(batch, number=self.numbers[batch.number]) for batch in expected.batches
        ]
        assert list(state.runs(sync)) == [
            attrs.evolve(run, number=self.numbers[run.number]) for run in reversed(expected.runs)
        ]

    def check_parked(self, sync: str, naive: NaiveState) -> None:
        """Hold the ways to find parked rows against the naive state."""

        def found(fits: Callable[[Parked], bool]) -> list[Parked]:
            return sorted(filter(fits, naive.rows(sync).parked), key=lambda row: (row.side, row.id))

        for kind in (None, *ParkedKind):
            assert list(self.state.parked_list(sync, kind)) == kinds(naive.rows(sync), kind)
        for keys in (KEYS, KEYS[:1], KEYS[1:3]):
            shared = found(lambda row: bool(set(row.keys) & set(keys)))  # noqa: B023 -- called at once
            assert list(self.state.parked_sharing(sync, keys)) == shared
        for now in TIMES:
            due = found(lambda row: row.retry_at is not None and row.retry_at <= now)  # noqa: B023
            assert list(self.state.parked_due(sync, now)) == due


def by_id(links: Iterable[Link]) -> list[Link]:
    """Return links in order of their ids."""
    return sorted(links, key=lambda link: link.ids)


class States(RuleBasedStateMachine):
    """Commits and leases of all kinds, in a naive state and in others beside it."""

    def __init__(self, *openers: Callable[[Path], State]) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.now = NOON
        self.tokens: dict[str, list[int]] = {sync: [] for sync in SYNCS}
        self.naive = NaiveState()
        self.openers = openers
        self.subjects = [Subject(opener(self.folder)) for opener in openers]

    def teardown(self) -> None:
        """Close the states and remove their files."""
        for subject in self.subjects:
            if isinstance(subject.state, SqliteState):
                assert subject.state.check() == []
            closed(subject.state)
        shutil.rmtree(self.folder)

    def commit(self, sync: str, commit: Commit) -> None:
        """Commit to all: either all take it, or all refuse it with the same kind of error."""
        try:
            self.naive.commit(sync, commit)
        except StateError as error:
            refused = type(error)
        else:
            for subject in self.subjects:
                subject.commit(sync, commit, self.naive)
            return
        for subject in self.subjects:
            with pytest.raises(refused) as caught:
                subject.state.commit(sync, subject.translated(commit))
            assert caught.type is refused

    @initialize(links=st.lists(links, max_size=6, unique_by=(lambda link: link.ids[0], lambda link: link.ids[1])))
    def begin(self, links: list[Link]) -> None:
        """Begin with some links."""
        self.commit("a", Commit(0, links=links))

    @rule(sync=st.sampled_from(SYNCS), program=programs)
    def change(self, sync: str, program: dict[str, Any]) -> None:
        """Commit a bit of everything that is there; now and then with a fault in it."""
        known, other = self.naive.rows(sync), self.naive.rows(SYNCS[sync == SYNCS[0]])
        revisions = {"none": None, "known": known.head.revision, "other": known.head.revision + 1}

        def number(table: str, choice: int) -> int:
            mine, others = ([row.number for row in getattr(rows, table)] for rows in (known, other))
            return chosen(mine, choice, strange=others if program["fault"] == table else None)

        replaced = [attrs.evolve(link, number=number("links", choice)) for choice, link in program["replaced"]]
        linked = [link for link in [*replaced, *program["new"]] if link.number != UNKNOWN or program["fault"]]
        kept = [attrs.evolve(batch, number=number("batches", choice)) for choice, batch in program["kept"]]
        choice, run = program["run"] or (0, None)
        self.commit(
            sync,
            Commit(
                revisions[program["revision"]],
                program["head"],
                linked if program["fault"] == "ids" else settled(linked, known.links),
                unlinked=[number("links", choice) for choice in program["unlinked"] if choice > 5],
                parked=program["parked"],
                cleared=program["cleared"],
                opened=program["opened"],
                closed=[number("batches", choice) for choice in program["closed"] if choice > 5],
                kept=[batch for batch in kept if batch.number != UNKNOWN or program["fault"]],
                run=run and attrs.evolve(run, number=number("runs", choice) if choice > 5 and known.runs else 0),
                close_all=program["close_all"],
                fence=None if program["fence"] is None else self.fence(sync, *program["fence"]),
            ),
        )

    @rule(sync=st.sampled_from(SYNCS), data=st.data())
    def swap(self, sync: str, data: st.DataObject) -> None:
        """Let links take each other's ids."""
        known = self.naive.rows(sync).links
        order = data.draw(st.permutations(known))
        swapped = [
            attrs.evolve(link, ids=(link.ids[0], other.ids[1])) for link, other in zip(known, order, strict=True)
        ]
        self.commit(sync, Commit(links=swapped))

    def each(self, act: Callable[[State | NaiveState, Callable[[int], int]], Lease | None]) -> tuple[int, ...]:
        """Do the same to all: either all answer, or all refuse with the same kind of error; return the tokens given."""
        try:
            act(self.naive, int)
        except StateError as error:
            refused = type(error)
        else:
            return tuple(lease.token for subject in self.subjects if (lease := act(subject.state, subject.number)))
        for subject in self.subjects:
            with pytest.raises(refused) as caught:
                act(subject.state, subject.number)
            assert caught.type is refused
        return ()

    @rule(sync=st.sampled_from(SYNCS), worker=st.sampled_from(WORKERS), span=spans)
    def acquire(self, sync: str, worker: str, span: timedelta) -> None:
        """Let a worker ask for the lease."""
        tokens = self.each(lambda state, number: state.acquire(sync, worker, self.now, span))
        if tokens:
            self.tokens[sync].append(self.naive.leases[sync].token)
            for subject, token in zip(self.subjects, tokens, strict=True):
                subject.numbers[self.tokens[sync][-1]] = token

    @rule(sync=st.sampled_from(SYNCS), worker=st.sampled_from(WORKERS), span=spans, newest=st.sampled_from([None, 0]))
    def bid(self, sync: str, worker: str, span: timedelta, newest: int | None) -> None:
        """Let a worker take the lease with a commit that records its run."""
        commit = Commit(run=RunRow(RunState.SYNCING), bid=Bid(worker, self.now, span), newest_run=newest)
        known = self.naive.leases.get(sync)
        self.commit(sync, commit)
        if self.naive.leases.get(sync) != known:
            self.tokens[sync].append(self.naive.leases[sync].token)

    @rule(sync=st.sampled_from(SYNCS), choice=choices, span=spans)
    def renew(self, sync: str, choice: int, span: timedelta) -> None:
        """Renew a lease, the latest or an earlier one."""
        fence = self.fence(sync, choice, span)
        self.each(lambda state, number: state.renew(sync, attrs.evolve(fence, token=number(fence.token))))

    @rule(sync=st.sampled_from(SYNCS), choice=choices)
    def release(self, sync: str, choice: int) -> None:
        """Give a lease back, the latest or an earlier one."""
        token = self.fence(sync, choice, SPAN).token
        self.each(lambda state, number: state.release(sync, number(token)))

    @rule(span=spans)
    def wait(self, span: timedelta) -> None:
        """Let some time pass."""
        self.now += span
        for subject in self.subjects:
            age(subject.state, span)

    def fence(self, sync: str, choice: int, span: timedelta) -> Fence:
        """Return the fence of one of the leases that were given of a sync, most often the latest one."""
        known = [*self.tokens[sync], UNKNOWN]
        return Fence(
            known[-1 - choice % len(known)] if choice > 5 else (self.tokens[sync] or known)[-1], self.now, span
        )

    @rule()
    def reopen(self) -> None:
        """Close what outlives its closing, and open it again."""
        for subject, opener in zip(self.subjects, self.openers, strict=True):
            if not isinstance(subject.state, MemoryState):
                closed(subject.state)
                subject.state = opener(self.folder)

    @invariant()
    def same(self) -> None:
        """All keep the same."""
        for sync in SYNCS:
            for subject in self.subjects:
                subject.check(sync, self.naive)
                subject.check_parked(sync, self.naive)


def closed(state: State) -> None:
    """Close a state."""
    of: Any = state  # an awaited one is no State
    assert isinstance(of, MemoryState | SqliteState | SqlState | AwaitedState)
    of.close()


def try_out(examples: int, *openers: Callable[[Path], State]) -> None:
    """Try the programs that Hypothesis makes of the rules above; ``examples`` of them in a hundred."""
    assert settings.default is not None
    most = max(settings.default.max_examples * examples // 100, 1)
    run_state_machine_as_test(
        lambda: States(*openers),  # type: ignore[arg-type] # a function that makes one is as good as the class
        settings=settings(settings.default, stateful_step_count=10, max_examples=most),
    )


@pytest.mark.property
def test_memory_and_sqlite() -> None:
    """In memory and in SQLite."""
    try_out(100, lambda folder: MemoryState(KEY), lambda folder: SqliteState(folder / "links.db", key=KEY))


@pytest.mark.property
def test_sql() -> None:
    """In SQLite by way of SQLAlchemy."""
    try_out(40, lambda folder: SqlState(f"sqlite:///{folder}/links.db", key=KEY))


@pytest.mark.property
@pytest.mark.postgresql
def test_postgresql(postgresql: str) -> None:
    """In PostgreSQL; each program in tables of its own."""
    engine = sa.create_engine(postgresql)
    try_out(40, lambda folder: SqlState(engine, key=KEY, prefix=f"{folder.name.lower()}_"))
    engine.dispose()


@pytest.mark.property
@pytest.mark.postgresql
def test_awaited(postgresql: str) -> None:
    """In PostgreSQL, awaited; each program in tables of its own."""
    try_out(4, lambda folder: awaited_state(postgresql, key=KEY, prefix=f"{folder.name.lower()}_"))
