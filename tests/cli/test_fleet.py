"""The command that shows how a fleet stands: what it prints, and that it writes nothing whatever it is given."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from tallystick import SqliteState
from tallystick.fleet import SyncJob
from tallystick.fleet.roster import Roster
from tallystick.ports import Commit
from tallystick.state import schema
from tallystick.state.sql import SqlState
from tests.cli.running import Call
from tests.state.samples import KEY, a_batch
from tests.state.servers import own_database

AGO = timedelta(hours=30)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """Return the file of a roster with three syncs, all due for a day and more."""
    path = tmp_path / "roster.db"
    began = datetime.now(UTC) - AGO
    with Roster(f"sqlite:///{path}") as made:
        made.enrol([SyncJob(f"s{number}", "host.fleet:mailbox") for number in range(3)], began)
        made.due_now(["s0", "s1", "s2"], began)
    return path


@pytest.fixture(params=["file", "tables", "beside"])
def named(request: pytest.FixtureRequest, tmp_path: Path, roster: Path) -> tuple[str, ...]:
    """Return the options that name a state in which s1 has a write open, wherever it lies."""
    path = roster if request.param == "beside" else tmp_path / "links.db"
    opened = SqliteState(path, key=KEY) if request.param == "file" else SqlState(f"sqlite:///{path}", key=KEY)
    with opened as state:
        state.commit("s1", Commit(opened=[attrs.evolve(a_batch("t"), at=datetime.now(UTC) - AGO)]))
        state.commit("s2", Commit())
    given = {"file": ("--state", str(path)), "tables": ("--state", f"sqlite:///{path}"), "beside": ()}
    return given[request.param]


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_fleet_is_shown_in_words_and_as_data(
    roster: Path, named: tuple[str, ...], call: Call, tmp_path: Path
) -> None:
    """How far it is behind, and which sync has had a write open; the files stay as they are."""
    before = files(tmp_path)
    told = call("fleet-status", str(roster), *named)
    data = call("fleet-status", f"sqlite:///{roster}", *named, "--json").data

    assert told.code == 0, told.err
    assert [line.split()[-1] for line in told.out.splitlines() if line.split()[:1] in (["enrolled"], ["due"])] == [
        "3",
        "3",
    ]
    assert "1 day" in told.out
    assert "s1" in told.out
    assert "s2" not in told.out
    assert isinstance(data, dict)
    assert [data[name] for name in ("enrolled", "claimed", "due")] == [3, 0, 3]
    assert data["oldest_due_seconds"] == pytest.approx(AGO.total_seconds(), abs=60)
    assert data["oldest_intent_seconds"] == pytest.approx(AGO.total_seconds(), abs=60)
    assert [(one["sync"], one["batches"]) for one in data["unsettled"]] == [("s1", 1)]
    assert files(tmp_path) == before


def test_a_roster_without_a_state_beside_it(roster: Path, call: Call) -> None:
    """The figures are shown, and that nothing is known of open writes."""
    ran = call("fleet-status", str(roster))
    data = call("fleet-status", str(roster), "--json").data

    assert ran.code == 0, ran.err
    assert "--state" in ran.out
    assert isinstance(data, dict)
    assert (data["due"], data["unsettled"], data["oldest_intent_seconds"]) == (3, None, None)


def test_an_older_state_is_looked_at_and_stays_one(roster: Path, tmp_path: Path, call: Call) -> None:
    """Who only looks brings no state to a newer version: workers of the older release could not open it again."""
    path = tmp_path / "links.db"
    with SqliteState(path, key=KEY) as state:
        state.commit("s1", Commit())
    with sqlite3.connect(path) as older:
        older.execute("PRAGMA user_version = 1")
    older.close()
    ran = call("fleet-status", str(roster), "--state", str(path))

    assert ran.code == 0, ran.err
    assert "No sync has a write" in ran.out
    found = sqlite3.connect(path)
    assert found.execute("PRAGMA user_version").fetchone() == (1,)
    found.close()


@pytest.mark.parametrize("which", ["roster", "state"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file"),
        ("folder", "a folder and no file"),
        (b"", "holds no"),
        (b"\x00\xff binary " * 1000, "not a database at all"),
        ("CREATE TABLE others (name TEXT)", "holds no"),
        ("CREATE TABLE tallystick_fleet_syncs (name TEXT); CREATE TABLE tallystick_state (name TEXT)", "tallystick"),
        ("newer", "up to"),
    ],
)
def test_what_is_none_is_refused_and_left_alone(
    which: str, content: str | bytes | None, said: str, roster: Path, tmp_path: Path, call: Call
) -> None:
    """A file that is missing, foreign, empty, binary or of a newer release is named, and is not written to."""
    path = tmp_path / "given"
    if content == "folder":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
        said = f"is no {which} of tallystick, and {said}" if content else said
    elif content == "newer":
        with SqliteState(path, key=KEY):
            pass
        newer = sqlite3.connect(path)
        newer.execute(f"PRAGMA user_version = {schema.version() + 1}")
        newer.close()
        said = "holds no roster" if which == "roster" else said
    elif content is not None:
        made = sqlite3.connect(path)
        made.executescript(content)
        made.close()
    before = files(tmp_path)
    options = (str(path),) if which == "roster" else (str(roster), "--state", str(path))
    ran = call("fleet-status", *options)
    as_json = call("fleet-status", *options, "--json")

    assert ran.code == as_json.code == 2, ran.err
    assert said in ran.err
    assert "given" in ran.err
    assert isinstance(as_json.data, dict)
    assert as_json.data["error"]["remedy"]
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("postgresql://ada:secret@db.example.com/sync",), "PGPASSWORD"),
        (("postgresql://db.example.com/sync?password=secret",), "PGPASSWORD"),
        (("mysql://db.example.com/sync",), "mysql"),
        (("roster://",), "roster"),
        (("roster.db", "--limit", "-1"), "--limit"),
    ],
)
def test_an_address_that_cannot_be_asked_is_refused(options: tuple[str, ...], said: str, call: Call) -> None:
    """A password in it is refused before anything is asked, and never repeated."""
    ran = call("fleet-status", *options)

    assert ran.code == 2
    assert said in ran.err
    assert "secret" not in ran.out + ran.err


@pytest.mark.postgresql
def test_one_server_that_holds_both_is_looked_at(call: Call) -> None:
    """Roster and state lie in one database; before they are made there is none, and afterwards they are found."""
    with own_database() as url:
        missing = call("fleet-status", url)
        with Roster(url) as made, SqlState(url, key=KEY) as state:
            made.enrol([SyncJob("s1", "host.fleet:mailbox")], datetime.now(UTC))
            state.commit("s1", Commit(opened=[attrs.evolve(a_batch("t"), at=datetime.now(UTC) - AGO)]))
        found = call("fleet-status", url, "--json").data

    assert (missing.code, "holds no roster" in missing.err) == (2, True)
    assert isinstance(found, dict)
    assert (found["enrolled"], [one["sync"] for one in found["unsettled"]]) == (1, ["s1"])
