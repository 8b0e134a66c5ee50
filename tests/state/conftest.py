"""Provide states of every kind, and a way to meddle with the connections of those that have some."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tallystick.ports import State
from tallystick.state import MemoryState, SqliteState
from tallystick.state.sql import SqlState
from tests.state.awaited import AwaitedState
from tests.state.samples import KEY, MakeState
from tests.state.servers import own_database
from tests.state.timing import Timing, age

_NUMBERS = count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Return the URL of a PostgreSQL database of this session's own; it is dropped at the end."""
    with own_database() as url:
        yield url


SERVED = [pytest.param(name, marks=pytest.mark.postgresql) for name in ("postgresql", "awaited")]


@pytest.fixture(params=["memory", "sqlite", "sql", *SERVED])
def make_state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeState]:
    """Return a function that makes a new, empty state; all are closed after the test."""
    with ExitStack() as stack:

        def make() -> State:
            if request.param == "memory":
                return stack.enter_context(MemoryState(KEY))
            if request.param in ("postgresql", "awaited"):
                url = request.getfixturevalue("postgresql")
                opened: Any = SqlState if request.param == "postgresql" else AwaitedState
                state: State = stack.enter_context(opened(url, key=KEY, prefix=f"t{next(_NUMBERS)}_"))
                return state
            path = tmp_path / f"state-{len(list(tmp_path.iterdir()))}.db"
            if request.param == "sql":
                return stack.enter_context(SqlState(f"sqlite:///{path}", key=KEY))
            return stack.enter_context(SqliteState(path, key=KEY))

        yield make


@pytest.fixture
def state(make_state: MakeState) -> State:
    """Return one new, empty state."""
    return make_state()


@pytest.fixture
def timing(state: State) -> Timing:
    """Return the time as the state sees it."""
    return Timing(lambda span: age(state, span))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a state's file that is not there yet."""
    return tmp_path / "links.db"


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[sqlite3.Connection]:
    """Return the list of all connections that are opened from now on."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def recorded(*args: Any, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 -- whatever sqlite3 takes
        opened.append(connect(*args, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", recorded)
    return opened
