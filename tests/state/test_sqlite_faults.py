"""Test what a state in SQLite does about faults while it is in use: after each, it is as it was before."""

import sqlite3
import threading
from pathlib import Path

import pytest

from tallystick.errors import StateError, StateUnwritable, UsageError
from tallystick.ports import Commit, Side
from tallystick.state import SqliteState
from tests.state.samples import KEY, a_batch, a_link, a_row, alter, everything, fill, the_link


def test_locked(path: Path) -> None:
    """While another process writes, reads go on, and a commit waits and then says why it cannot be taken."""
    fill(path)
    other = sqlite3.connect(path, isolation_level=None)
    with SqliteState(path, key=KEY, timeout=0.05) as state:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateUnwritable, match=r"another process holds it .SQLITE_BUSY") as caught:
            state.commit("s", Commit(links=[a_link("l9", "r9")]))
        assert caught.value.retryable
        assert state.head("s").links == len(state.links("s", Side.LEFT, ["l0", "l1", "l2"])) == 3

        other.execute("ROLLBACK")
        assert state.commit("s", Commit(links=[a_link("l9", "r9")])).head.links == 4
    other.close()


def test_locked_at_opening(path: Path) -> None:
    """A new file that another process holds is not opened."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(StateUnwritable, match="another process holds it"):
        SqliteState(path, key=KEY, timeout=0.05)

    other.close()


def test_read_at_opening(path: Path) -> None:
    """A file without a write-ahead log is opened as soon as nobody else reads it, or says who holds it."""
    fill(path)
    alter(path, "PRAGMA journal_mode = DELETE")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN")
    other.execute("SELECT * FROM links").fetchall()
    with pytest.raises(StateUnwritable, match="another process holds it"):
        SqliteState(path, key=KEY, timeout=0.05)

    threading.Timer(0.05, other.execute, ["COMMIT"]).start()
    with SqliteState(path, key=KEY, timeout=20) as state:
        assert state.head("s").links == 3
    other.close()


def test_disk_full(path: Path, connections: list[sqlite3.Connection]) -> None:
    """A commit that finds no room is refused as a whole; once there is room, it is taken."""
    fill(path)
    with SqliteState(path, key=KEY) as state:
        before = everything(state)
        (pages,) = connections[-1].execute("PRAGMA page_count").fetchone()
        connections[-1].execute(f"PRAGMA max_page_count = {pages + 2}")
        big = Commit(links=[a_link(f"x{n}", f"y{n}") for n in range(2000)], parked=[a_row()], opened=[a_batch("t")])
        with pytest.raises(StateUnwritable, match=r"no room left for it .SQLITE_FULL. -- make room"):
            state.commit("s", big)
        assert everything(state) == before
        assert state.check() == []

        connections[-1].execute("PRAGMA max_page_count = 1000000")
        assert state.commit("s", big).head.links == 2003


def test_read_only(path: Path, connections: list[sqlite3.Connection]) -> None:
    """A file that became read-only can be read, and says so when it is to be written."""
    fill(path)
    with SqliteState(path, key=KEY) as state:
        connections[-1].execute("PRAGMA query_only = ON")
        with pytest.raises(StateUnwritable, match=r"cannot be opened for writing .SQLITE_READONLY"):
            state.commit("s", Commit(head={"layout": "x"}))

        assert state.head("s").layout == ""


def test_damaged(path: Path) -> None:
    """A damaged file is reported as such, with the remedy, and not as records that are missing."""
    fill(path, 2000)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 4)
        file.write(b"\xff" * (size // 2))

    with SqliteState(path, key=KEY) as state:
        assert state.check()
        with pytest.raises(StateError, match=r"damaged .* restore it from a backup") as caught:
            state.links("s", Side.LEFT, [f"l{n}" for n in range(2000)])
        assert caught.value.where == str(path)


def test_strange_rows(path: Path) -> None:
    """Rows that no state has written are reported as damage, without what they hold."""
    fill(path)
    alter(
        path,
        "UPDATE links SET layout = 99",
        "UPDATE syncs SET parked = 'a secret'",
        "INSERT INTO runs VALUES (1, 1, 'a secret', 0, NULL, NULL, NULL, 0, 0, '{}', '')",
    )

    with SqliteState(path, key=KEY) as state:
        for read in (
            lambda: state.head("s"),
            lambda: the_link(state, "l1"),
            lambda: state.runs("s"),
            lambda: state.commit("s", Commit(head={"layout": "x"})),
        ):
            with pytest.raises(StateError, match="damaged") as caught:
                read()
            assert "secret" not in str(caught.value)


def test_text_that_is_no_text(path: Path) -> None:
    """A text that cannot be decoded is reported as damage, without what it holds."""
    fill(path)
    alter(path, "UPDATE links SET left_version = CAST(x'736563726574ff' AS TEXT)")

    with SqliteState(path, key=KEY) as state, pytest.raises(StateError, match="damaged") as caught:
        the_link(state, "l1")

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "commit",
    [
        Commit(links=[a_link("secret \ud800", "r9")]),
        Commit(head={"cursors": ("secret \ud800", None)}),
        Commit(unlinked=[2**70]),
        Commit(links=[a_link("secret", None)]),  # type: ignore[arg-type]
        Commit(links=[a_link("secret", object())]),  # type: ignore[arg-type]
    ],
    ids=["id", "cursor", "number", "nothing", "no text"],
)
def test_values_that_cannot_be_kept(path: Path, commit: Commit) -> None:
    """A value that no database holds is refused without being shown, and nothing is written."""
    fill(path)
    with SqliteState(path, key=KEY) as state:
        before = everything(state)
        with pytest.raises(UsageError, match="a value cannot be kept") as caught:
            state.commit("s", commit)

        assert "secret" not in str(caught.value)
        assert caught.value.__suppress_context__
        assert everything(state) == before


def test_check_cut_short(path: Path, connections: list[sqlite3.Connection]) -> None:
    """A check that could not be done says so, and not that the file is sound or damaged."""
    fill(path)
    with SqliteState(path, key=KEY) as state:
        connections[-1].set_progress_handler(lambda: 1, 1)
        with pytest.raises(StateError, match=r"SQLite failed .SQLITE_INTERRUPT"):
            state.check()

        connections[-1].set_progress_handler(None, 0)
        assert state.check() == []


def test_check_counts(path: Path) -> None:
    """The check tells where a head does not count its rows right, or keys have outlived their row."""
    fill(path)
    alter(
        path,
        "UPDATE syncs SET links = 7, parked = '{\"failed\":1}'",
        "INSERT INTO parked_keys VALUES (1, x'01', 7), (1, x'02', 7)",
    )

    with SqliteState(path, key=KEY) as state:
        assert state.check() == [
            "s: the head does not count its links right",
            "s: there are keys of parked rows that are not there",
            "s: the head does not count its parked rows right",
        ]
