"""Test where the digest key of a state comes from, and what happens without the right one."""

import os
import stat
from pathlib import Path

import pytest

from tallystick.cli import vault
from tallystick.cli.keys import Key, keep_key
from tallystick.errors import StateUnwritable
from tests.cli.running import Books, Call

KEY = "00112233445566778899aabbccddeeff"


def test_a_key_is_made_with_the_first_write_for_its_owner_alone(books: Books, call: Call) -> None:
    """The first sync keeps a new key beside the state, in a file that nobody else may read."""
    call("sync", *books.options, "--yes")

    key = books.folder / "links.db.key"
    assert len(bytes.fromhex(key.read_text(encoding="ascii"))) == 32
    if os.name != "nt":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


@pytest.mark.parametrize("key", [KEY, f"{KEY}\n", "correct horse battery staple"], ids=["hex", "line", "text"])
def test_a_key_can_come_from_a_file(key: str, books: Books, call: Call) -> None:
    """A key in a file of your own is used, as hex digits or as any text; no other is made."""
    file = books.folder / "secret.txt"
    file.write_text(key, encoding="utf-8")

    assert call("sync", *books.options, "--yes", "--key-file", file).code == 0
    assert not (books.folder / "links.db.key").exists()
    assert call("status", *books.where, "--key-file", file).code == 0
    assert call("status", *books.where).code == 2


def test_a_key_can_come_from_the_environment(books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in TALLYSTICK_KEY is used before one beside the state."""
    monkeypatch.setenv("TALLYSTICK_KEY", KEY)
    assert call("sync", *books.options, "--yes").code == 0
    (books.folder / "links.db.key").write_text("another key that is not used", encoding="ascii")

    assert call("status", *books.where).code == 0


def test_hex_and_upper_case_hex_are_one_key(books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in hex digits is the bytes that they stand for, whatever their case."""
    monkeypatch.setenv("TALLYSTICK_KEY", KEY)
    call("sync", *books.options, "--yes")

    monkeypatch.setenv("TALLYSTICK_KEY", KEY.upper())

    assert call("status", *books.where).code == 0


def test_a_plan_needs_no_key_before_there_is_a_state(books: Books, call: Call) -> None:
    """Before the first sync a plan needs no key and makes none."""
    assert call("plan", *books.options).code == 0
    assert not (books.folder / "links.db.key").exists()


def test_a_lost_key_is_an_error_that_says_where_it_belongs(synced: Books, call: Call) -> None:
    """Without its key a state cannot be used; you are told where the key belongs, and no new one is made."""
    (synced.folder / "links.db.key").unlink()
    before = synced.contents()

    for command in (("sync", *synced.options, "--yes"), ("plan", *synced.options), ("history", *synced.where)):
        ran = call(*command)

        assert ran.code == 2
        assert "there is no key for this state -- put links.db.key back beside it" in ran.err
        assert before == synced.contents()


def test_a_wrong_key_is_refused_and_changes_nothing(synced: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another key is refused, never taken for a change of every record; you are told where the wrong one came from."""
    before = synced.contents()
    monkeypatch.setenv("TALLYSTICK_KEY", KEY)

    ran = call("sync", *synced.options, "--yes")

    assert ran.code == 2
    assert "the digest key is not the one" in ran.err
    assert "the environment variable TALLYSTICK_KEY" in ran.err
    assert before == synced.contents()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"short", "the key is too short"), (b"", "the key is too short"), (b"\xff" * 32, "the key file is no text")],
    ids=["short", "empty", "binary"],
)
def test_a_key_that_is_none_is_refused(content: bytes, said: str, books: Books, call: Call) -> None:
    """A key file that holds no usable key is an error that names the file."""
    file = books.folder / "secret"
    file.write_bytes(content)

    ran = call("sync", *books.options, "--yes", "--key-file", file)

    assert ran.code == 2
    assert f"{file}: {said}" in ran.err
    assert not books.state.exists()


def test_a_key_that_is_too_long_is_refused(books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of more bytes than digests take is an error, before anything is written."""
    monkeypatch.setenv("TALLYSTICK_KEY", "x" * 65)
    before = books.contents()

    ran = call("sync", *books.options, "--yes")

    assert ran.code == 2
    assert "65 bytes" in ran.err
    assert before == books.contents()


def test_a_key_file_that_is_absent_or_a_folder_is_an_error(books: Books, call: Call) -> None:
    """A key file that cannot be read is an error that names it."""
    absent = call("plan", *books.options, "--key-file", books.folder / "absent")
    folder = call("plan", *books.options, "--key-file", books.folder)

    assert (absent.code, folder.code) == (2, 2)
    assert "there is no such key file" in absent.err
    assert "the key file cannot be read" in folder.err


def test_a_key_that_cannot_be_kept_is_not_half_kept(books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full when the key is to be kept, nothing is left behind, and the files are as they were."""
    before = books.contents()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tallystick.cli.keys.os.fsync", full)
    ran = call("sync", *books.options, "--yes")

    assert ran.code == 1
    assert "the key file cannot be written (No space left on device)" in ran.err
    assert before == books.contents()


def test_of_two_first_syncs_at_once_one_is_told_to_run_again(
    books: Books, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another sync makes the key of the same state first, this one writes nothing and says to run it again."""

    def second(key: Key, path: Path) -> None:
        path.write_text("0" * 64)
        keep_key(key, path)

    monkeypatch.setattr(vault, "keep_key", second)
    ran = call("sync", *books.options, "--yes")

    assert ran.code == 1
    assert "the key file has been made meanwhile -- run it again" in ran.err


@pytest.mark.parametrize("half_made", [False, True])
def test_a_key_without_a_state_is_not_left_behind(
    half_made: bool, books: Books, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the state cannot be made after its key was, the key is taken away again, unless a state may need it."""

    def fail(path: Path, *, key: bytes) -> None:
        if half_made:
            path.write_bytes(b"?")
        raise StateUnwritable("there is no room left for it", where=str(path), remedy="make room on its disk")

    before = books.contents()
    monkeypatch.setattr("tallystick.cli.vault.SqliteState", fail)

    ran = call("sync", *books.options, "--yes")

    assert ran.code == 1
    assert "make room on its disk" in ran.err
    assert set(books.contents()) - set(before) == ({"links.db", "links.db.key"} if half_made else set())
