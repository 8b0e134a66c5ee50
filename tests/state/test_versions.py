"""Test that a state of every earlier version is brought to this one, with all that was in it.

The files hold states as those versions wrote them, as statements.
"""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from tallystick.ports import Batch, Commit, Head, Intent, Link, Parked, ParkedKind, RunRow, RunState, Side, WriteKind
from tallystick.state import SqliteState, schema
from tests.state.samples import KEY, NOON, everything, restore

VERSIONS = sorted((Path(__file__).parent / "sqlite_versions").glob("*.sql"), key=lambda path: int(path.stem))

WHOLE = (
    ["s", "ü"],
    Head(
        1,
        "layout 1",
        ("e1", "e2"),
        ("a1", "a2"),
        ("c1", None),
        enabled=True,
        initial=False,
        confirmed={"removals": 3},
        links=3,
        parked={ParkedKind.IGNORED: 1},
    ),
    [
        Link(("l0", "r0"), ("v0", None), (True, True), (b"base0", b"other"), "layout 1", 1, "created"),
        Link(("l1", "r1"), ("v1", None), (True, False), (b"base1", b"base1"), "layout 1", 2, "created"),
        Link(("l2", "r2"), ("v2", None), (True, True), (b"base2", b"base2"), "layout 1", 3, "created"),
    ],
    [
        Parked(
            Side.LEFT,
            "l7",
            "v",
            ParkedKind.IGNORED,
            ("missing:last_name",),
            (b"k1", b"k2"),
            2,
            NOON,
            NOON,
            NOON,
        )
    ],
    [
        Batch(
            Side.RIGHT,
            NOON,
            "layout 1",
            (Intent("t1", WriteKind.CREATE, ("l9", ""), ("v1", None), (True, False), (b"left", b"right")),),
            1,
        )
    ],
    [RunRow(RunState.COMPLETE, 1, started=NOON, ended=NOON, synced=3, counts={"synced": 3})],
)


def shape(path: Path) -> dict[str, object]:
    """Return the tables of a file with their columns, and its indexes."""
    connection = sqlite3.connect(path)
    names = connection.execute("SELECT type, name, tbl_name FROM sqlite_master ORDER BY name").fetchall()
    columns = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for _, name, _ in names}
    connection.close()
    return {"names": names, **columns}


def test_every_version_has_a_file() -> None:
    """No version is without a state that it wrote, but this one."""
    assert [path.stem for path in VERSIONS] == [str(version) for version in range(1, schema.version())]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.stem)
def test_migrated(path: Path, version: Path) -> None:
    """A state of an earlier version is opened with everything that is in it, and has this version's tables."""
    restore(path, version)
    with SqliteState(path, key=KEY) as state:
        assert everything(state) == WHOLE
        assert len(state.parked_sharing("s", [b"k2"])) == 1
        assert state.check() == []
        lease = state.acquire("s", "one", NOON, timedelta(minutes=5))
        assert state.commit("s", Commit(1, {"layout": "layout 2"})).head.revision == 2
        state.release("s", lease.token)

    fresh = path.with_name("fresh.db")
    SqliteState(fresh, key=KEY).close()
    assert shape(fresh) == shape(path)
