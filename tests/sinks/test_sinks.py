"""Sinks keep losers and images durably, each once, and erase what they are told to."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from tallystick.errors import StateUnwritable, StateVersionError
from tallystick.ports import Image, ImageSink, Loser, Side
from tallystick.sinks import MemorySink, SqliteSink

LOSER = Loser("s", Side.LEFT, "a", "v1", {"company": "canary company", "emails": ("canary@example.com",)})
IMAGE = Image("s", 1, "w1", Side.LEFT, "a", "b", ("company_name",), '{"x":"canary before"}', None, (True, False))


@pytest.fixture(params=["memory", "sqlite"])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemorySink | SqliteSink]:
    """Return each sink in turn."""
    if request.param == "memory":
        yield MemorySink(keeps_images=True)
        return
    with SqliteSink(tmp_path / "kept.db", keeps_images=True) as made:
        yield made


@pytest.mark.skipif(os.name == "nt", reason="the rights of a file are another matter there")
def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Nobody else may read the file, nor what lies beside it; one that somebody made keeps the rights that it has."""
    made, shared = tmp_path / "kept.db", tmp_path / "shared.db"
    shared.touch(0o660)
    shared.chmod(0o660)
    before = os.umask(0o022)
    try:
        with SqliteSink(made) as sink, SqliteSink(shared) as other:
            sink.keep([LOSER])
            other.keep([LOSER])
            rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)

    assert {name: mode for name, mode in rights.items() if name.startswith("kept")} == dict.fromkeys(
        ("kept.db", "kept.db-wal", "kept.db-shm"), 0o600
    )
    assert rights["shared.db"] == 0o660


def test_nothing_is_made_beside_what_sqlite_takes_for_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it does is for the machine's SQLite to say; either way there is one file."""
    monkeypatch.chdir(tmp_path)
    with SqliteSink("file:kept.db") as sink:
        sink.keep([LOSER])

    assert len(list(tmp_path.iterdir())) == 1


def test_losers_are_kept_once_in_order(sink: MemorySink | SqliteSink) -> None:
    """Keeping the same loser again, as a run after a crash does, adds nothing."""
    other = attrs.evolve(LOSER, version=None)
    sink.keep([LOSER, other])
    sink.keep([LOSER])

    assert list(sink.losers("s")) == [LOSER, other]
    assert not sink.losers("another")


def test_a_run_beyond_all_numbers_has_no_images(sink: MemorySink | SqliteSink) -> None:
    """A number that somebody mistyped is that of no run, however long it is."""
    assert [*sink.images("a", 10**25), *sink.images("a", -(10**25))] == []


def test_images_are_replaced_by_the_answer(sink: MemorySink | SqliteSink) -> None:
    """An image of the same write takes the place of the one before; order is that of the first keeping."""
    second = attrs.evolve(IMAGE, write="w2", id="c")
    answered = attrs.evolve(IMAGE, after='{"x":"canary after"}', settled=True)
    sink.keep_images([IMAGE, second])
    sink.keep_images([answered])

    assert list(sink.images("s", 1)) == [answered, second]
    assert not sink.images("s", 2)
    assert isinstance(sink, ImageSink)


def test_a_record_is_forgotten_by_its_id_and_as_a_counterpart(sink: MemorySink | SqliteSink) -> None:
    """What is kept of one record goes, of others stays; without a side all of the sync goes."""
    theirs = attrs.evolve(IMAGE, write="w2", side=Side.RIGHT, id="b", source="a")
    stays = attrs.evolve(IMAGE, write="w3", id="z", source="y")
    kept = attrs.evolve(LOSER, id="z")
    foreign = attrs.evolve(LOSER, sync="other")
    sink.keep([LOSER, kept, foreign])
    sink.keep_images([IMAGE, theirs, stays])
    sink.forget("s", Side.LEFT, "a")
    assert (list(sink.losers("s")), list(sink.images("s", 1))) == ([kept], [stays])

    sink.forget("s")
    assert not sink.losers("s")
    assert not sink.images("s", 1)
    assert list(sink.losers("other")) == [foreign]


def test_what_a_file_forgot_is_not_in_its_bytes(tmp_path: Path) -> None:
    """Erased is erased: no word of it is left in the file or beside it."""
    with SqliteSink(tmp_path / "kept.db", keeps_images=True) as sink:
        sink.keep([LOSER])
        sink.keep_images([IMAGE])
        assert b"canary" in _bytes(tmp_path)
        sink.forget("s", Side.LEFT, "a")
        assert b"canary" not in _bytes(tmp_path)
        assert "canary" not in repr(sink) + repr(LOSER) + repr(IMAGE)


def test_a_file_that_is_no_sink_is_left_as_it_is(tmp_path: Path) -> None:
    """Anything else is refused, and its bytes stay."""
    other = tmp_path / "other.db"
    other.write_bytes(b"not a database, but somebody's notes" * 40)
    before = other.read_bytes()
    with pytest.raises(StateVersionError, match="not a database at all"):
        SqliteSink(other)
    assert other.read_bytes() == before
    with pytest.raises(StateUnwritable):
        SqliteSink(tmp_path / "no folder" / "kept.db")


def test_a_state_is_no_sink(tmp_path: Path) -> None:
    """A state's file is not taken for a sink, since one holds contents and the other never does."""
    from tallystick import SqliteState

    SqliteState(tmp_path / "links.db", key=bytes(32)).close()
    with pytest.raises(StateVersionError):
        SqliteSink(tmp_path / "links.db")


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())
