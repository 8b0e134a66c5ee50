"""Provide the values that the tests keep: what matters to a test is an argument, the rest is always the same."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from tallystick.ports import Batch, Commit, Intent, Link, Parked, ParkedKind, Side, State, WriteKind
from tallystick.state import SqliteState

KEY = bytes(range(32))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEST = timezone(timedelta(hours=-7))

MakeState = Callable[[], State]


def a_link(left: str = "l1", right: str = "r1", number: int = 0) -> Link:
    """Return a link of two ids."""
    base = f"base of {left} and {right}".encode(errors="replace")
    return Link((left, right), ("v1", None), (True, False), (base, base), "layout 1", number, "run 1: created")


def a_row(
    id_: str = "l1",
    *,
    side: Side = Side.LEFT,
    kind: ParkedKind = ParkedKind.IGNORED,
    keys: tuple[bytes, ...] = (),
    first_seen: datetime | None = None,
    retry_at: datetime | None = None,
) -> Parked:
    """Return a parked row."""
    return Parked(side, id_, "v1", kind, ("missing:last_name", "no_mail"), keys, 2, first_seen, NOON, retry_at)


def a_batch(*tokens: str, number: int = 0) -> Batch:
    """Return a batch of one intent for each token."""
    intents = tuple(
        Intent(token, WriteKind.CREATE, ("l1", ""), ("v1", None), (True, False), (b"left", b"right"))
        for token in tokens
    )
    return Batch(Side.RIGHT, NOON, "layout 1", intents, number)


def the_link(state: State, left: str, sync: str = "s") -> Link:
    """Return the link of a left id."""
    (found,) = state.links(sync, Side.LEFT, [left])
    return found


def everything(state: State, sync: str = "s") -> tuple[object, ...]:
    """Return all that a state keeps of a sync."""
    links = state.links(sync, Side.LEFT, [id_ for id_, _, _ in state.marks(sync, Side.LEFT)])
    rows = (sorted(links, key=lambda link: link.number), state.parked_list(sync), state.batches(sync))
    return (list(state.syncs()), state.head(sync), *map(list, rows), list(state.runs(sync)))


def fill(path: Path, links: int = 3) -> None:
    """Make a state at ``path`` with some links."""
    with SqliteState(path, key=KEY) as state:
        state.commit("s", Commit(links=[a_link(f"l{n}", f"r{n}") for n in range(links)]))


def alter(path: Path, *statements: str) -> None:
    """Do something to a database behind the state's back."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def restore(path: Path, script: Path) -> None:
    """Make a database of what was written out of one as statements."""
    connection = sqlite3.connect(path)
    connection.executescript(script.read_text(encoding="utf-8"))
    connection.close()
