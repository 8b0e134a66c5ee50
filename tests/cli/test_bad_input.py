"""Test that whatever is given wrong ends in one line that says what, where and what to do, and changes nothing."""

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest

from tallystick import SqliteState
from tests.cli.running import PROFILE, Books, Call, few, make_books

HEADER = "First Name,Last Name,E-mail Address\n"


def refused(call: Call, books: Books, *options: str) -> str:
    """Run plan and sync, see that both are refused with one line and change nothing, and return the line."""
    before = books.contents()
    lines = set()
    for command in (("plan", *books.options), ("sync", *books.options, "--yes")):
        ran = call(*command, *options)
        assert ran.code == 2
        assert ran.out == ""
        assert ran.err.startswith("tallystick: ")
        assert ran.err.count("\n") == 1
        lines.add(ran.err.strip())
    assert before == books.contents()
    (line,) = lines
    return line


def test_a_file_that_is_absent(books: Books, call: Call) -> None:
    """A file that is not there is named."""
    books.left.unlink()

    assert f"{books.left}: there is no such file -- check its name and folder" in refused(call, books)


def test_a_folder_in_place_of_a_file(books: Books, call: Call) -> None:
    """A folder is no file, and is named."""
    books.left.unlink()
    books.left.mkdir()

    assert f"{books.left}: not a plain file" in refused(call, books)


def test_a_file_of_another_kind(books: Books, call: Call) -> None:
    """A file of a kind that is not known is refused, and the known ones are named."""
    other = Books(books.folder, books.left.rename(books.folder / "outlook.xlsx"), books.right, books.state)

    assert "give a file whose name ends in .csv or .jsonl" in refused(call, other)


def test_a_file_in_an_encoding_that_is_not_told(books: Books, call: Call) -> None:
    """A file whose bytes make no sense is refused with its line, and the remedy names encodings."""
    books.left.write_bytes(HEADER.encode() + "Małgorzata,Wójcik,m@example.org\n".encode("cp1250"))

    line = refused(call, books)

    assert f"{books.left}, line 2: " in line
    assert "cp1250" in line


def test_the_remedy_for_an_encoding_works(books: Books, call: Call) -> None:
    """A file is read in the encoding that you name for it, and written in the same."""
    books.left.write_bytes(HEADER.encode() + "Paweł,Wójcik,p@example.org\n".encode("cp1250"))

    assert call("sync", *books.options, "--yes", "--left-encoding", "cp1250").code == 0
    assert "Paweł" in books.right.read_text(encoding="utf-8-sig")
    assert "Paweł" in books.left.read_text(encoding="cp1250")


def test_an_encoding_that_is_not_known(books: Books, call: Call) -> None:
    """An encoding that is not known is refused, and the known ones are listed."""
    assert "cp1252" in refused(call, books, "--encoding", "klingon")


def test_a_header_that_is_missing(books: Books, call: Call) -> None:
    """A file without a header is refused with what is missing, and none of its contents."""
    books.left.write_text("Ada,Secret,ada@example.org\n", encoding="utf-8")

    line = refused(call, books)

    assert "no column 'First Name'" in line or "'First Name'" in line
    assert "Secret" not in line


def test_a_row_that_is_broken(books: Books, call: Call) -> None:
    """A row with too few cells is refused with its line."""
    books.left.write_text(f"{HEADER}Ada,Both,ada@example.org\nBen,Both\n", encoding="utf-8")

    assert f"{books.left}, line 3: the row has 2 cells, and the header 3" in refused(call, books)


def test_columns_that_are_not_known_name_the_option_that_tells_them(books: Books, call: Call) -> None:
    """Whose file has columns of its own is told on which side, and with which option, they are said."""
    mapping = "a header mapping with --{}-headers"
    books.right.write_text("Name,Mail\nAda,ada@example.com\n")
    assert mapping.format("right") in refused(call, books)
    books.left.write_text("Name,Mail\nAda,ada@example.com\n")
    assert mapping.format("left") in refused(call, books)


def test_a_header_mapping_that_names_an_unknown_field(books: Books, call: Call) -> None:
    """A header mapping with a slip is refused, and what may be meant is named."""
    mapping = books.folder / "headers.json"
    mapping.write_text('{"columns": {"Vorname": "given_nam"}}', encoding="utf-8")

    line = refused(call, books, "--left-headers", str(mapping))

    assert "did you mean given_name?" in line


def test_header_mappings_are_used(books: Books, call: Call) -> None:
    """Files with columns of your own are read by the mappings that you give."""
    books.left.write_text("Vorname,Nachname,Post\nAda,Both,ada.both@example.org\n", encoding="utf-8")
    left, right = books.folder / "left.json", books.folder / "right.json"
    left.write_text(
        '{"columns": {"Vorname": "given_name", "Nachname": "surname", "Post": "email_1"}}', encoding="utf-8"
    )
    right.write_text("{}", encoding="utf-8")

    ran = call("plan", *books.options, "--left-headers", left, "--right-headers", right)

    assert ran.code == 0


def test_a_profile_that_is_not_known(books: Books, call: Call) -> None:
    """A profile that does not exist is refused; those that exist are listed, and the likely one is proposed."""
    ran = call("plan", str(books.left), str(books.right), "--profile", "maximiser-contacts", *books.where)

    assert ran.code == 2
    assert "there is no profile 'maximiser-contacts'" in ran.err
    assert "did you mean maximizer-contacts? known: cx-sales-contacts, cx-sales-meetings, " in ran.err


def test_the_same_file_twice(books: Books, call: Call) -> None:
    """One file cannot be both sides, however it is spelled."""
    same = Books(books.folder, books.left, books.folder / "." / "outlook.csv", books.state)

    assert "both sides are the same file" in refused(call, same)


def test_a_file_as_its_own_state(books: Books, call: Call) -> None:
    """A state cannot be one of the two files."""
    other = Books(books.folder, books.left, books.right, books.right)

    assert "the state is one of the two files" in refused(call, other)


def test_a_state_of_another_kind(books: Books, call: Call) -> None:
    """A database of something else is no state, and stays as it is."""
    (books.folder / "links.db.key").write_text("0" * 64, encoding="ascii")
    with sqlite3.connect(books.state) as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    connection.close()

    assert f"{books.state}: the file is no state of tallystick" in refused(call, books)


def test_a_state_of_a_newer_release(synced: Books, call: Call) -> None:
    """A state that a newer release wrote is refused, and stays as it is."""
    with sqlite3.connect(synced.state) as connection:
        connection.execute("PRAGMA user_version = 999")
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()

    assert f"{synced.state}: the state has version 999" in refused(call, synced)


def test_a_disk_that_is_full(books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a full disk the files stay as they were; once there is room, the next sync does what this one could not."""
    monkeypatch.setenv("TALLYSTICK_KEY", "0" * 64)
    before = books.contents()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tallystick.providers.files.disk.os.fsync", full)
        ran = call("sync", *books.options, "--yes")

    assert ran.code == 1
    assert "No space left on device" in ran.out
    after = books.contents()
    assert {name: after[name] for name in before} == before
    assert call("sync", *books.options, "--yes").code == 0
    assert books.names()[0] == books.names()[1]


def test_a_state_that_is_no_database(books: Books, call: Call) -> None:
    """A text file is no state, and stays as it is."""
    (books.folder / "links.db.key").write_text("0" * 64, encoding="ascii")
    books.state.write_text("dear diary, " * 1000, encoding="utf-8")

    assert "not a database at all" in refused(call, books)


def test_a_folder_as_state(books: Books, call: Call) -> None:
    """A folder is no state."""
    books.state.mkdir()

    assert "the state is a folder" in refused(call, books)


def test_a_state_that_is_absent_cannot_be_looked_into(books: Books, call: Call) -> None:
    """A state that is not there has no history, and is not made by asking for it."""
    for command in ("history", "ignored", "conflicts", "errors", "status"):
        ran = call(command, *books.where)

        assert ran.code == 2
        assert f"{books.state}: there is no such state" in ran.err
    assert not books.state.exists()


def test_a_sync_that_the_state_does_not_hold(synced: Books, call: Call) -> None:
    """A sync that is not in the state is refused, and those that are there are listed."""
    ran = call("history", *synced.where, "--sync", "other")

    assert ran.code == 2
    assert "the state holds no sync 'other' -- it holds 'outlook.csv+crm.csv'" in ran.err


def test_an_empty_file_as_state(books: Books, call: Call) -> None:
    """An empty file is no state to look into, and stays empty."""
    books.state.touch()

    ran = call("history", *books.where)

    assert ran.code == 2
    assert "there is no such state" in ran.err
    assert books.state.stat().st_size == 0


def test_a_state_that_holds_nothing_yet(books: Books, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state in which nothing was synced yet has nothing to look at."""
    monkeypatch.setenv("TALLYSTICK_KEY", "0" * 64)
    SqliteState(books.state, key=bytes(32)).close()

    without = call("history", *books.where)
    named = call("history", *books.where, "--sync", "other")

    assert (without.code, named.code) == (2, 2)
    assert "the state holds no sync yet -- sync first" in without.err
    assert "the state holds no sync 'other' -- sync first" in named.err


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user who may not write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def read_only(call: Call) -> Iterator[Books]:
    """Two files in a folder that cannot be written."""
    with tempfile.TemporaryDirectory() as name:
        books = make_books(Path(name), *few())
        call("plan", *books.options)  # so that everything is imported that is needed
        books.folder.chmod(0o555)
        try:
            yield books
        finally:
            books.folder.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have other rights there")
def test_a_folder_that_cannot_be_written(read_only: Books, call: Call) -> None:
    """In a folder that you may not write a plan can be made; a sync is refused and leaves everything as it was."""
    before = read_only.contents()
    with nobody():
        plan = call("plan", *read_only.options)
        sync = call("sync", *read_only.options, "--yes")

    assert plan.code == 0
    assert sync.code == 1
    assert "the key file cannot be written (Permission denied)" in sync.err
    assert before == read_only.contents()


@pytest.mark.skipif(sys.platform == "win32", reason="files have other rights there")
def test_a_file_that_is_read_only_is_not_written(read_only: Books, call: Call) -> None:
    """A file that you may not write stays as it was, also where its folder would let you put another in its place."""
    read_only.folder.chmod(0o777)
    read_only.right.chmod(0o444)
    before, was = read_only.right.read_bytes(), read_only.right.stat()
    with nobody():
        ran = call("sync", *read_only.options, "--yes")
    after = read_only.right.stat()

    assert ran.code == 1
    assert "the file cannot be written (Permission denied); it is as it was" in " ".join(ran.out.split())
    assert before == read_only.right.read_bytes()
    assert (was.st_ino, was.st_uid, was.st_mode) == (after.st_ino, after.st_uid, after.st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have other rights there")
def test_a_state_in_a_folder_that_cannot_be_read(read_only: Books, call: Call) -> None:
    """A state that you may not even look for is refused, and named."""
    with tempfile.TemporaryDirectory() as elsewhere:
        Path(elsewhere).chmod(0)
        with nobody():
            ran = call("status", "--state", f"{elsewhere}/links.db")
        Path(elsewhere).chmod(0o700)

    assert ran.code == 2
    assert f"{elsewhere}/links.db: the state cannot be looked for (Permission denied)" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="folders have other rights there")
def test_files_in_a_folder_that_cannot_be_written(
    read_only: Books, tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that cannot be rewritten stay as they were; the run ends as a warning and says what is in the way."""
    monkeypatch.setenv("TALLYSTICK_KEY", "0" * 64)
    before = read_only.contents()
    with tempfile.TemporaryDirectory() as elsewhere:
        Path(elsewhere).chmod(0o777)
        options = (str(read_only.left), str(read_only.right), *PROFILE, "--state", f"{elsewhere}/links.db")
        with nobody():
            ran = call("sync", *options, "--yes")

        assert ran.code == 1
        assert "the file cannot be written" in " ".join(ran.out.split())
        assert before == read_only.contents()
        read_only.folder.chmod(0o755)
        assert call("sync", *options, "--yes").code == 0
        assert read_only.names()[0] == read_only.names()[1]


def test_a_path_that_leads_nowhere(books: Books, call: Call) -> None:
    """A loop of links is no file, and a name that is too long is none either; for mail, too."""
    books.left.unlink()
    books.left.symlink_to(books.left)
    looped = refused(call, books)
    mail = ("mail", "x" * 5000, str(books.right), "--people", str(books.right), "--address", "ada@example.com")
    ran = call(*mail, *books.where)

    assert str(books.left) in looped
    assert ran.code == 2
    assert "File name too long" in ran.err or "leads nowhere" in ran.err


def test_a_state_that_is_no_plain_file(books: Books, call: Call) -> None:
    """A device is no state, and nothing is asked of it."""
    assert "/dev/null: the state is no plain file" in refused(call, attrs.evolve(books, state=Path("/dev/null")))


def test_a_file_that_is_no_key(books: Books, call: Call) -> None:
    """A file that is longer than any key is named, as one that is shorter is."""
    assert f"{books.left}: the key is too long" in refused(call, books, "--key-file", str(books.left))


def test_settings_that_cannot_be_taken_name_their_file(books: Books, call: Call) -> None:
    """Whatever is wrong within a file of settings, the file is said, not only the profile."""
    file = books.folder / "settings.json"
    for text in ("", "[1]", '{"settings": "maximizer-contacts", "values": {"category": 7}}'):
        file.write_text(text, encoding="utf-8")
        assert f"{file}, " in refused(call, books, "--settings", str(file))
        assert f"{file}, " in call("status", *books.where, *PROFILE, "--settings", str(file)).err


@pytest.mark.parametrize("keep", ["links.db", "outlook.csv", "empty.jsonl", "nowhere/kept.db", "outlook.csv.txt"])
def test_a_file_that_cannot_keep_records(keep: str, books: Books, call: Call) -> None:
    """What can't be the file of kept records is refused by name, and no state, no key and no table is made."""
    (books.folder / "empty.jsonl").write_bytes(b"")
    (books.folder / "outlook.csv.txt").write_bytes(books.left.read_bytes())
    right = books.folder / "empty.jsonl" if keep == "empty.jsonl" else books.right
    before = books.contents()
    options = (str(books.left), str(right), *PROFILE, *books.where, "--keep", str(books.folder / keep))
    ran = call("sync", *options, "--yes")

    assert ran.code == (1 if "nowhere" in keep else 2)
    assert keep in ran.err
    assert "kept records" in ran.err
    assert "--keep" in ran.err
    assert "sink" not in ran.err
    assert before == books.contents()


@pytest.mark.parametrize(
    ("profile", "right", "option"),
    [
        ("cx-sales-contacts", "crm.jsonl", ("--category", "Clients")),
        ("cx-sales-contacts", "crm.jsonl", ("--capacity", "5")),
        ("maximizer-contacts", "crm.csv", ("--zone", "Europe/Paris")),
    ],
)
def test_an_option_that_a_profile_has_not(
    profile: str, right: str, option: tuple[str, str], books: Books, call: Call
) -> None:
    """What would be passed over, so that more were synced than you asked for, is refused."""
    (books.folder / "crm.jsonl").write_bytes(b"")
    files = (str(books.left), str(books.folder / right), "--profile", profile, *books.where)
    ran = call("plan", *files, *option)

    assert ran.code == 2
    assert f"{profile}: this profile has no {option[0]}" in ran.err
    assert ran.err.strip().endswith("-- leave it out")
    assert call("plan", *files).code == 0


@pytest.mark.parametrize("option", [("--category", "Clients"), ("--right-list", "Clients"), ("--capacity", "5")])
def test_an_option_beside_the_settings_that_hold_it(option: tuple[str, str], books: Books, call: Call) -> None:
    """A category, a list or a capacity beside a file of settings is refused: the settings alone would count."""
    settings = books.folder / "settings.json"
    settings.write_text('{"settings": "maximizer-contacts", "choices": {"category": null}}', encoding="utf-8")
    ran = call("plan", *books.options, "--settings", str(settings), *option)

    assert ran.code == 2
    assert f"{settings}: settings stand in place of --" in ran.err
    assert option[0] in ran.err
    assert call("plan", *books.options, "--settings", str(settings)).code == 0


def test_an_empty_name_begins_no_second_sync(synced: Books, call: Call) -> None:
    """A renamed file is refused with ``--sync ""`` too, as a variable that nobody set gives it."""
    renamed = synced.right.rename(synced.right.with_name("renamed.csv"))
    ran = call("sync", str(synced.left), str(renamed), *PROFILE, *synced.where, "--sync", "", "--yes")

    assert ran.code == 2
    assert "the state holds no sync of these files" in ran.err
