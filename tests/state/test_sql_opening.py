"""Test what a state in a database server does with the database that it is given, on SQLite and on PostgreSQL."""

import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tallystick.errors import (
    MissingExtra,
    SettingsError,
    StateError,
    StateKeyError,
    StateMoved,
    StateUnwritable,
    StateVersionError,
    UsageError,
)
from tallystick.ports import Commit, RunRow, RunState, Side
from tallystick.state import SqliteState, schema
from tallystick.state.sql import SqlState
from tests.state.samples import KEY, NOON, a_link, everything
from tests.state.servers import own_database
from tests.state.test_versions import WHOLE

OTHER_KEY = KEY[::-1]
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/links.db"
    else:
        with own_database() as name:
            yield name


def fill(url: str) -> None:
    """Make a state with one link."""
    with SqlState(url, key=KEY) as state:
        state.commit("s", Commit(links=[a_link()]))


def alter(url: str, *statements: str) -> None:
    """Do something to a database behind the state's back."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        found = {name: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")] for name in names}  # noqa: S608
    engine.dispose()
    return found


def shape(url: str) -> dict[str, tuple[list[tuple[str, bool]], list[list[str]]]]:
    """Return the columns of all tables, with whether they may be empty, and what is unique."""
    engine = sa.create_engine(url)
    inspector = sa.inspect(engine)
    found = {}
    for name in inspector.get_table_names():
        columns = sorted((column["name"], column["nullable"]) for column in inspector.get_columns(name))
        unique = sorted(one["column_names"] for one in inspector.get_unique_constraints(name))
        found[name] = (columns, unique)
    engine.dispose()
    return found


def test_kept(url: str) -> None:
    """What was committed is there when the state is opened again."""
    fill(url)

    with SqlState(url, key=KEY) as state:
        (link,) = state.links("s", Side.LEFT, ["l1"])
        assert link.ids == ("l1", "r1")
        assert link.layout == "layout 1"


def test_same_tables_as_in_sqlite(url: str, tmp_path: Path) -> None:
    """The tables have the columns that a file has, which may be empty where those may, and the mark of a commit."""
    SqlState(url, key=KEY, prefix="x_").close()
    SqliteState(tmp_path / "file.db", key=KEY).close()
    server, file = shape(url), shape(f"sqlite:///{tmp_path}/file.db")
    server.pop("x_state")
    file.pop("key_check")

    assert server.keys() == {f"x_{name}" for name in file}
    for name, (columns, unique) in file.items():
        more = [("mark", False)] if name == "syncs" else []
        # In a file a number is a row's place, which SQLite does not tell to be there always.
        always = [(column, nullable and column not in ("number", "sync")) for column, nullable in columns]
        assert server[f"x_{name}"] == (sorted(always + more), unique)


def test_prefixes_are_apart(url: str) -> None:
    """Two states with prefixes of their own lie in one database and do not see each other."""
    with SqlState(url, key=KEY, prefix="a_") as one, SqlState(url, key=OTHER_KEY, prefix="b_") as two:
        one.commit("s", Commit(links=[a_link()]))
        assert (list(one.syncs()), list(two.syncs())) == (["s"], [])


def test_opened_at_once(url: str) -> None:
    """A new database may be opened by many at once: one makes the tables, all use them."""
    failures: list[Exception] = []
    together = threading.Barrier(5)

    def work() -> None:
        together.wait()
        try:
            with SqlState(url, key=KEY, timeout=30) as state:
                state.commit("s", Commit(run=RunRow(RunState.COMPLETE)))
        except Exception as failure:  # noqa: BLE001 -- shown by the assertion below
            failures.append(failure)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with SqlState(url, key=KEY) as state:
        assert len(state.runs("s")) == 5


@pytest.mark.parametrize(
    ("statement", "key", "refused", "match"),
    [
        ("UPDATE tallystick_state SET version = 99", KEY, StateVersionError, "version 99, and this release reads"),
        ("UPDATE tallystick_state SET version = 0", KEY, StateVersionError, "no state of tallystick"),
        ("DELETE FROM tallystick_state", KEY, StateVersionError, "no state of tallystick"),
        ("DROP TABLE tallystick_state", KEY, StateVersionError, "no state of tallystick"),
        ("ALTER TABLE tallystick_state ADD COLUMN x INTEGER", KEY, StateVersionError, "no state of tallystick"),
        ("UPDATE tallystick_syncs SET revision = 7", OTHER_KEY, StateKeyError, "not the one"),
    ],
    ids=["newer", "no version", "no row", "others' tables", "other columns", "other key"],
)
def test_refused(url: str, statement: str, key: bytes, refused: type[StateError], match: str) -> None:
    """What is of a newer release, another key's, or no state at all is refused with the remedy and left as it is."""
    fill(url)
    alter(url, statement)
    before = contents(url)

    with pytest.raises(refused, match=match) as caught:
        SqlState(url, key=key)

    assert caught.value.remedy
    assert contents(url) == before
    assert repr(OTHER_KEY)[2:-1] not in str(caught.value)


@pytest.mark.parametrize("version", range(1, schema.version()))
def test_migrated(url: str, version: int) -> None:
    """A state of an earlier version is opened with everything that is in it, and has this version's tables."""
    kind = sa.make_url(url).get_backend_name()
    script = (Path(__file__).parent / "sql_versions" / f"{version}.{kind}.sql").read_text(encoding="utf-8")
    alter(url, *(line for line in script.splitlines() if not line.startswith("--")))

    with SqlState(url, key=KEY) as state:
        assert everything(state) == WHOLE
        state.acquire("s", "one", NOON, timedelta(minutes=5))
        assert state.commit("s", Commit(1, {"layout": "layout 2"})).head.revision == 2
    migrated = shape(url)
    SqlState(url, key=KEY, prefix="x_").close()
    assert {name: of for name, of in shape(url).items() if not name.startswith("x_")} == migrated
    assert {name.replace("x_", "tallystick_", 1) for name in shape(url).keys() - migrated.keys()} == migrated.keys()
    assert contents(url)["tallystick_state"][0][0] == schema.version()


def test_migration_that_fails(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that fails leaves the state as it was."""
    fill(url)
    before = contents(url)
    more = ("CREATE TABLE {prefix}more (a INTEGER)", "ALTER TABLE nowhere ADD COLUMN a INTEGER")
    migrations = (*schema.MIGRATIONS, more)
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", migrations)
        with pytest.raises(StateError):
            SqlState(url, key=KEY)

    assert contents(url) == before


def test_two_states(url: str) -> None:
    """Two states on one database see each other's commits; of two on one revision the second is refused."""
    with SqlState(url, key=KEY) as one, SqlState(url, key=KEY) as two:
        one.commit("s", Commit(0, links=[a_link()]))
        assert two.head("s").links == 1
        with pytest.raises(StateMoved):
            two.commit("s", Commit(0, links=[a_link("l2", "r2")]))
        two.commit("s", Commit(1, links=[a_link("l2", "r2")]))
        assert one.links("s", Side.LEFT, ["l2"])[0].layout == "layout 1"


def test_closed(url: str) -> None:
    """A closed state says that it is closed, and may be closed again; a host's own engine stays open."""
    state = SqlState(url, key=KEY)
    state.close()
    state.close()
    with pytest.raises(UsageError, match="closed"):
        state.head("s")

    engine = sa.create_engine(url)
    with SqlState(engine, key=KEY) as state:
        assert list(state.syncs()) == []
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM tallystick_syncs").scalar_one() == 0
    engine.dispose()


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
def test_values_that_cannot_be_kept(url: str, commit: Commit) -> None:
    """A value that no database holds is refused without being shown, and nothing is written."""
    with SqlState(url, key=KEY) as state:
        state.commit("s", Commit(links=[a_link()]))
        before = everything(state)
        with pytest.raises(UsageError, match="a value cannot be kept") as caught:
            state.commit("s", commit)

        assert "secret" not in str(caught.value)
        assert caught.value.__suppress_context__
        assert everything(state) == before


def test_texts_of_any_characters(url: str) -> None:
    """Ids with NUL, with escapes, or that differ in case only are kept apart, as they were given."""
    ids = ["a", "A", "a\x00", "a\x1b0", "a\x1b", "a\x1b1", "ä", "a\u0308", "a ", ""]
    with SqlState(url, key=KEY) as state:
        state.commit("s\x00", Commit(links=[a_link(one, f"r{one}") for one in ids]))
        found = {link.ids[0] for link in state.links("s\x00", Side.LEFT, ids)}

        assert found == {*ids}
        assert list(state.syncs()) == ["s\x00"]


def test_strange_rows(url: str) -> None:
    """Rows that no state has written are reported as damage, without what they hold."""
    fill(url)
    alter(url, "UPDATE tallystick_syncs SET parked = 'a secret'", "UPDATE tallystick_links SET layout = 99")

    with SqlState(url, key=KEY) as state:
        reads: list[Callable[[], object]] = [
            lambda: state.head("s"),
            lambda: state.links("s", Side.LEFT, ["l1"]),
            lambda: state.commit("s", Commit(head={"layout": "x"})),
        ]
        for read in reads:
            with pytest.raises(StateError, match="damaged") as caught:
                read()
            assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ("", "no database's URL"),
        ("links.db", "no database's URL"),
        ("mysql://ada:secret@localhost/x", "cannot be kept in mysql"),
        ("sqlite://", "MemoryState"),
        ("sqlite:///:memory:", "MemoryState"),
    ],
)
def test_urls_that_cannot_be_used(given: str, match: str) -> None:
    """What names no database, or one that nothing can be kept in, is refused without showing who signs in."""
    with pytest.raises(SettingsError, match=match) as caught:
        SqlState(given, key=KEY)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("prefix", ["", "Links", "x; DROP", "9a", "a" * 40])
def test_prefixes_that_cannot_be_used(prefix: str, tmp_path: Path) -> None:
    """What cannot begin the name of a table everywhere is refused."""
    with pytest.raises(SettingsError, match="cannot begin the name"):
        SqlState(f"sqlite:///{tmp_path}/links.db", key=KEY, prefix=prefix)


def test_no_server(tmp_path: Path) -> None:
    """A server that is not there is told from other faults, is retryable, and nobody's password is shown."""
    with pytest.raises(StateUnwritable, match="there is none") as caught:
        SqlState(f"postgresql://ada:secret@/x?host={tmp_path}", key=KEY)

    assert caught.value.retryable
    assert caught.value.where == "postgresql:///x"


def test_no_folder(tmp_path: Path) -> None:
    """A file that cannot be opened is told as it is of a state in SQLite."""
    with pytest.raises(StateUnwritable, match="cannot be opened"):
        SqlState(f"sqlite:///{tmp_path}/deeper/links.db", key=KEY)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLAlchemy the import says what to install; without the driver the opening does."""
    with monkeypatch.context() as patched:
        for name in [name for name in sys.modules if name.startswith("tallystick.state.sql")]:
            patched.delitem(sys.modules, name)
        patched.setitem(sys.modules, "sqlalchemy", None)
        with pytest.raises(MissingExtra, match=r"pip install 'tallystick\[sql\]'"):
            import tallystick.state.sql  # noqa: F401
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "psycopg", None)
        with pytest.raises(MissingExtra, match=r"pip install 'tallystick\[postgresql\]'"):
            SqlState("postgresql://ada@localhost/x", key=KEY)
