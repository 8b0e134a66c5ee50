"""Test what a state in SQLite does with the file that it is given, and with more than one user of a file."""

import gc
import os
import sqlite3
import threading
import warnings
from pathlib import Path
from typing import Any

import attrs
import pytest

from tallystick.errors import (
    SettingsError,
    StateError,
    StateKeyError,
    StateMoved,
    StateUnwritable,
    StateVersionError,
    UsageError,
)
from tallystick.ports import Commit, Head, RunRow, RunState
from tallystick.state import SqliteState, schema
from tests.state.samples import KEY, a_batch, a_link, a_row, alter, fill, the_link

OTHER_KEY = KEY[::-1]


class TestOpening:
    """Files that are opened."""

    @pytest.mark.parametrize("path", [None, 5, "links\0.db"])
    def test_no_path(self, path: Any) -> None:  # noqa: ANN401 -- no path, on purpose
        """What can name no file is refused when the state is opened."""
        with pytest.raises(SettingsError, match="names no file"):
            SqliteState(path, key=KEY)

    def test_kept(self, path: Path) -> None:
        """What was committed is there when the file is opened again, named by text or by path."""
        fill(path)

        with SqliteState(str(path), key=KEY) as state:
            assert state.head("s").links == 3
            assert the_link(state, "l1").ids == ("l1", "r1")
            assert state.check() == []

    def test_closed_file_stands_alone(self, path: Path) -> None:
        """A closed state is one file, which can be copied."""
        fill(path)

        assert list(path.parent.iterdir()) == [path]

    def test_empty_file(self, path: Path) -> None:
        """An empty file is as good as none."""
        path.touch()
        fill(path)

    @pytest.mark.parametrize("content", [b"left,right\n", b"a text of many lines\n" * 1000], ids=["short", "long"])
    def test_no_database(self, path: Path, content: bytes) -> None:
        """A file that is no database is refused and left as it is."""
        path.write_bytes(content)

        with pytest.raises(StateVersionError, match="is no state of tallystick") as caught:
            SqliteState(path, key=KEY)

        assert caught.value.where == str(path)
        assert caught.value.remedy
        assert path.read_bytes() == content
        assert list(path.parent.iterdir()) == [path]

    @pytest.mark.parametrize(
        "statement", ["CREATE TABLE mine (a)", "PRAGMA user_version = 1", "PRAGMA application_id = 77"]
    )
    def test_other_database(self, path: Path, statement: str) -> None:
        """A database of somebody else's is refused, told what it was found to be, and left as it is."""
        alter(path, statement)
        content = path.read_bytes()

        with pytest.raises(StateVersionError, match=r"a database of another kind .application 0x"):
            SqliteState(path, key=KEY)

        assert path.read_bytes() == content

    def test_newer_version(self, path: Path) -> None:
        """A state of a newer release is refused with both versions and the remedy, and left as it is."""
        fill(path)
        alter(path, "PRAGMA user_version = 99")
        content = path.read_bytes()

        known = schema.version()
        with pytest.raises(
            StateVersionError, match=f"version 99, and this release reads versions up to {known} -- update"
        ):
            SqliteState(path, key=KEY)

        assert path.read_bytes() == content

    def test_wrong_key(self, path: Path) -> None:
        """Another key is refused, shown by no error, and changes nothing: it never reads as if everything changed."""
        fill(path)
        content = path.read_bytes()

        with pytest.raises(StateKeyError, match="not the one") as caught:
            SqliteState(path, key=OTHER_KEY)

        assert repr(OTHER_KEY)[2:-1] not in str(caught.value)
        assert path.read_bytes() == content
        with SqliteState(path, key=KEY) as state:
            assert state.head("s").links == 3

    def test_key_is_not_stored(self, path: Path) -> None:
        """The key cannot be read from the file."""
        fill(path)

        assert KEY not in path.read_bytes()

    def test_short_key(self, path: Path) -> None:
        """A key that is too short to protect anything is refused before there is a file."""
        with pytest.raises(SettingsError, match="15 bytes"):
            SqliteState(path, key=bytes(15))

        assert not path.exists()

    @pytest.mark.parametrize("name", ["", ":memory:"])
    def test_no_file(self, name: str) -> None:
        """What SQLite would keep nowhere is refused, with the state in memory as the remedy."""
        with pytest.raises(SettingsError, match="MemoryState"):
            SqliteState(name, key=KEY)

    def test_no_folder(self, path: Path) -> None:
        """A file in a folder that is not there is refused, with the remedy."""
        with pytest.raises(StateUnwritable, match="make sure that its folder exists"):
            SqliteState(path / "deeper" / "links.db", key=KEY)

    def test_a_folder(self, tmp_path: Path) -> None:
        """A folder cannot be opened as a file."""
        with pytest.raises(StateUnwritable, match="cannot be opened"):
            SqliteState(tmp_path, key=KEY)

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may write everywhere")
    def test_folder_without_access(self, tmp_path: Path, path: Path) -> None:
        """A folder that may not be written to is told from other faults, and is retryable."""
        tmp_path.chmod(0o500)
        try:
            with pytest.raises(StateUnwritable, match="cannot be opened for writing"):
                SqliteState(path, key=KEY)
        finally:
            tmp_path.chmod(0o700)

    def test_opened_at_once(self, path: Path) -> None:
        """A new file may be opened by many at once: one makes it, all use it."""
        failures: list[Exception] = []
        together = threading.Barrier(6)

        def work() -> None:
            together.wait()
            try:
                with SqliteState(path, key=KEY, timeout=20) as state:
                    state.commit("s", Commit(run=RunRow(RunState.COMPLETE)))
            except Exception as failure:  # noqa: BLE001 -- shown by the assertion below
                failures.append(failure)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert failures == []
        with SqliteState(path, key=KEY) as state:
            assert len(state.runs("s")) == 6


class TestMigration:
    """States of earlier versions."""

    def test_migrated(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A state of an earlier version is brought to this one when it is opened, through every version between."""
        fill(path)
        steps = (
            ("ALTER TABLE links ADD COLUMN note TEXT",),
            ("UPDATE links SET note = 'kept'", "CREATE TABLE more (a)"),
        )
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, *steps))

        for _ in range(2):
            with SqliteState(path, key=KEY) as state:
                assert state.head("s").links == 3
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.version(),)
        assert connection.execute("SELECT DISTINCT note FROM links").fetchall() == [("kept",)]
        connection.close()

    def test_failing(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A migration that fails leaves the state as it was."""
        fill(path)
        failing = ("CREATE TABLE more (a)", "ALTER TABLE nowhere ADD COLUMN a")
        with monkeypatch.context() as patched:
            patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, failing))
            with pytest.raises(StateError, match="SQLite failed"):
                SqliteState(path, key=KEY)

        with SqliteState(path, key=KEY) as state:
            assert state.head("s").links == 3

    def test_wrong_key(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is migrated for a wrong key."""
        fill(path)
        content = path.read_bytes()
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE more (a)",)))

        with pytest.raises(StateKeyError):
            SqliteState(path, key=OTHER_KEY)

        assert path.read_bytes() == content

    def test_new_file(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A new file has the latest version from the start and is not migrated."""
        monkeypatch.setattr(schema, "MIGRATIONS", (("ALTER TABLE nowhere ADD COLUMN a",),))
        fill(path)

        with SqliteState(path, key=KEY) as state:
            assert state.head("s").links == 3


class TestUse:
    """The life of a state, and several of them on one file."""

    def test_two_states(self, path: Path) -> None:
        """Two states on one file see each other's commits, and of two commits on one revision the second is refused."""
        with SqliteState(path, key=KEY) as one, SqliteState(path, key=KEY) as two:
            one.commit("s", Commit(revision=0, links=[a_link()], opened=[a_batch("t")]))
            assert the_link(two, "l1").layout == two.batches("s")[0].layout == "layout 1"
            one.commit("s", Commit(links=[attrs.evolve(the_link(one, "l1"), layout="layout 2")]))
            assert the_link(two, "l1").layout == "layout 2"

            with pytest.raises(StateMoved):
                two.commit("s", Commit(revision=0, links=[a_link("l2", "r2")]))
            two.commit("s", Commit(revision=2, links=[a_link("l2", "r2")]))
            assert one.head("s").links == 2
            assert one.check() == []

    def test_failed_commit_names_no_layout(self, path: Path) -> None:
        """A layout that was first named by a refused commit is kept by the next one."""
        with SqliteState(path, key=KEY) as state:
            with pytest.raises(StateError):
                state.commit("s", Commit(links=[a_link()], run=RunRow(RunState.COMPLETE, number=9)))
            state.commit("s", Commit(links=[a_link()]))

        with SqliteState(path, key=KEY) as state:
            assert the_link(state, "l1").layout == "layout 1"

    def test_closed(self, path: Path) -> None:
        """A closed state says that it is closed, and may be closed again."""
        state = SqliteState(path, key=KEY)
        state.close()
        state.close()

        with pytest.raises(UsageError, match="closed"):
            state.head("s")

    def test_left_open(self, path: Path) -> None:
        """A state that nobody closed is closed with a warning that names the file."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            SqliteState(path, key=KEY).head("s")
            gc.collect()

        assert [(warning.category, str(warning.message)) for warning in caught] == [
            (ResourceWarning, f"SqliteState({str(path)!r}) was not closed")
        ]

    def test_refused_without_warning(self, path: Path) -> None:
        """A state that could not be opened leaves nothing to close."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with pytest.raises(StateUnwritable):
                SqliteState(path / "deeper.db", key=KEY)
            gc.collect()

        assert caught == []

    def test_interrupted(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A commit that is interrupted in the middle is not taken, and the state goes on."""
        with SqliteState(path, key=KEY) as state:

            def interrupt(*_: object) -> None:
                raise KeyboardInterrupt

            with monkeypatch.context() as patched:
                patched.setattr("tallystick.state.writing.park", interrupt)
                with pytest.raises(KeyboardInterrupt):
                    state.commit("s", Commit(links=[a_link()], parked=[a_row()]))

            assert state.head("s") == Head()
            assert state.commit("s", Commit(links=[a_link()])).head.links == 1
