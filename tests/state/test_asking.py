"""LP-10: a run is asked for by several processes at once, and one of them may die in the middle."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from tallystick import MemoryState, Sync
from tallystick.ports import Commit, Committed, RunRow, RunState
from tallystick.profiles import maximizer
from tallystick.providers.memory import FakeCrm, FakeOutlook, VirtualClock
from tallystick.records import Contact, Entry
from tallystick.state import SqliteState
from tallystick.state.sql import SqlState
from tests.state.samples import KEY
from tests.state.timing import age

State = MemoryState | SqliteState | SqlState
Open = Callable[[], State]
MANY = 6


@pytest.fixture(params=["memory", "sqlite", "sql", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def connect(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens one and the same state once more, as another process does."""
    memory = MemoryState(KEY)
    with ExitStack() as stack:

        def once_more() -> State:
            if request.param == "memory":
                return memory
            if request.param == "sqlite":
                return stack.enter_context(SqliteState(tmp_path / "links.db", key=KEY))
            url = f"sqlite:///{tmp_path}/links.db" if request.param == "sql" else request.getfixturevalue("postgresql")
            return stack.enter_context(SqlState(url, key=KEY, prefix="asking_"))

        yield once_more


def sync_of(state: State, clock: VirtualClock, name: str = "ada") -> Sync[Contact, Entry]:
    """Return a sync of its own two sides."""
    return Sync(
        name,
        left=FakeOutlook(clock=clock).contacts,
        right=FakeCrm(clock=clock).entries,
        profile=maximizer.contacts(favourite_list="Clients"),
        state=state,
        clock=clock,
    )


@pytest.mark.behaviour("LP-10")
@pytest.mark.parametrize("ran", [False, True], ids=["never run", "after a run"])
def test_of_many_who_ask_at_once_one_adds_a_run(connect: Open, ran: bool) -> None:
    """Everybody is told of the same row, whichever process asked first, and there is no other."""
    clock = VirtualClock()
    states = [connect() for _ in range(MANY)]
    name = f"asked {ran}"
    if ran:
        sync_of(states[0], clock, name).run()
        clock.advance(60)
    ready = Barrier(MANY)

    def ask(state: State) -> RunRow:
        sync = sync_of(state, clock, name)
        ready.wait()
        return sync.enqueue()

    with ThreadPoolExecutor(MANY) as people:
        rows = list(people.map(ask, states))

    assert len({row.number for row in rows}) == 1
    assert [row.state for row in states[0].runs(name)] == [RunState.ENQUEUED] + [RunState.COMPLETE] * ran


@pytest.mark.behaviour("LP-10")
def test_who_asks_while_another_adds_a_run_is_told_of_that_one(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and adding, another process adds one: the row is found, and no second one is made."""
    clock = VirtualClock()
    state, another = connect(), connect()
    take = type(state).commit
    added: list[RunRow] = []

    def late(self: State, sync: str, commit: Commit) -> Committed:
        if self is state and not added:
            added.append(RunRow(RunState.ENQUEUED))  # before the other's own commit comes here
            added[0] = sync_of(another, clock, "late").enqueue()
        return take(self, sync, commit)  # type: ignore[arg-type] # of the same class

    monkeypatch.setattr(type(state), "commit", late)
    assert sync_of(state, clock, "late").enqueue() == added[0]
    assert len(state.runs("late")) == 1


@pytest.mark.behaviour("LP-10")
def test_what_a_process_left_behind_that_died_is_not_waited_for_longer_than_its_lease(connect: Open) -> None:
    """A run that was killed in the middle stands as going on; once its lease has run out, sync-now is taken."""
    clock = VirtualClock()
    state, another = connect(), connect()
    left = state.commit("died", Commit(run=RunRow(RunState.SYNCING, started=clock.now()))).run
    state.acquire("died", "killed", clock.now(), timedelta(minutes=5))
    assert sync_of(another, clock, "died").enqueue().number == left

    clock.advance(301)
    age(state, timedelta(seconds=301))
    assert sync_of(another, clock, "died").enqueue().state is RunState.ENQUEUED
    assert sync_of(state, clock, "died").run_if_due() is not None
    assert [row.state for row in another.runs("died")] == [RunState.COMPLETE, RunState.WARNING]
