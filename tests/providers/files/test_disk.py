"""Replacing files: as they were or as they shall be, whatever happens in the middle."""

import errno
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tallystick.errors import InputError, Unavailable, UsageError
from tallystick.ports import Create, Item, Scope, Status, Update
from tallystick.providers.files import FileProvider, disk, open_entries
from tallystick.providers.memory import VirtualClock
from tallystick.records import Entry

ENTRIES = "Id,First Name,Last Name,Email1\n1,Ada,Byron,a@example.com\n"
WHOLE = Scope()
KING = [Update("1", None, {"last_name": "King"})]


@pytest.fixture
def entries(tmp_path: Path) -> FileProvider[Entry]:
    """Return an opened file of entries."""
    path = tmp_path / "crm.csv"
    path.write_text(ENTRIES)
    return open_entries(path)


def full(*_: object) -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted(*_: object) -> None:
    """Fail as a person does who presses Ctrl-C."""
    raise KeyboardInterrupt


def names(provider: FileProvider[Entry]) -> set[str]:
    """Return the files that are there."""
    return {path.name for path in provider.path.parent.iterdir()}


# Each place at which a rewrite can be cut off: while the backup is made, while the new file is made, at the rename.
PLACES = [("fsync", 0), ("fsync", 1), ("fsync", 2), ("replace", 0), ("replace", 1), ("chmod", 0), ("chmod", 1)]


def cut_off(monkeypatch: pytest.MonkeyPatch, place: str, skip: int, failure: Callable[..., None]) -> None:
    """Let the operation ``place`` fail after ``skip`` successes, and all file operations succeed again afterwards."""
    owner = os if place == "fsync" else Path
    real = getattr(owner, place)
    calls = iter([*[real] * skip, failure])

    def operation(*args: object) -> object:
        return next(calls, real)(*args)

    monkeypatch.setattr(owner, place, operation)


@pytest.mark.parametrize(("place", "skip"), PLACES)
def test_an_interrupt_in_the_middle_of_a_rewrite(
    entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch, place: str, skip: int
) -> None:
    """Whenever a rewrite is interrupted, the file is whole, nothing else is left behind, and the next write works."""
    cut_off(monkeypatch, place, skip, interrupted)
    with pytest.raises(KeyboardInterrupt):
        entries.update(KING, WHOLE)
    assert entries.path.read_text() == ENTRIES
    assert names(entries) <= {"crm.csv", "crm.csv.bak"}
    (outcome,) = entries.update(KING, WHOLE)
    assert outcome.status is Status.DONE
    assert entries.path.read_text() == ENTRIES.replace("Byron", "King")
    assert names(entries) == {"crm.csv", "crm.csv.bak"}


@pytest.mark.parametrize(("place", "skip"), [one for one in PLACES if one != ("fsync", 1)])
def test_a_full_disk_in_the_middle_of_a_rewrite(
    entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch, place: str, skip: int
) -> None:
    """Where there is no room, the error names file and remedy, and the file is as it was."""
    cut_off(monkeypatch, place, skip, full)
    with pytest.raises(Unavailable) as caught:
        entries.update(KING, WHOLE)
    assert str(caught.value).startswith(f"{entries.path}: the file cannot be written (No space left on device)")
    assert "make room" in str(caught.value)
    assert entries.path.read_text() == ENTRIES
    assert names(entries) <= {"crm.csv", "crm.csv.bak"}
    assert entries.get(["1"], WHOLE) == open_entries(entries.path).get(["1"], WHOLE)


def test_an_interrupt_after_the_rename(entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt after the last moment leaves the new file, and what was read of the old one is forgotten."""
    cut_off(monkeypatch, "fsync", 3, interrupted)
    with pytest.raises(KeyboardInterrupt):
        entries.update(KING, WHOLE)
    assert entries.path.read_text() == ENTRIES.replace("Byron", "King")
    (item,) = entries.get(["1"], WHOLE)
    assert isinstance(item, Item)
    assert item.record.last_name == "King"


def test_what_a_killed_writing_left_behind_is_removed(entries: FileProvider[Entry]) -> None:
    """A writing after an hour removes it; what is younger may be at work, what is called otherwise is not ours."""
    left = {f".{name}.{'0' * 16}.tmp" for name in ("crm.csv", "crm.csv.bak", "crm.csv.bak.1")}
    young = {f".{name}.{'1' * 16}.tmp" for name in ("crm.csv", "crm.csv.bak")}
    foreign = {".crm.csv.tmp", f".crm.csv.{'x' * 16}.tmp", f".acrm.csv.{'0' * 16}.tmp", f"crm.csv.{'0' * 16}.tmp"}
    now = entries.path.stat().st_mtime
    for name in left | young | foreign:
        file = entries.path.with_name(name)
        file.touch()
        age = 60 if name in young else 4_000
        os.utime(file, (now - age, now - age))
    entries.path.with_name(f".crm.csv.{'2' * 16}.tmp").mkdir()
    os.utime(entries.path.with_name(f".crm.csv.{'2' * 16}.tmp"), (0, 0))
    entries.changes(None, WHOLE)
    assert left < names(entries)

    entries.update(KING, WHOLE)
    assert names(entries) == {"crm.csv", "crm.csv.bak", f".crm.csv.{'2' * 16}.tmp", *young, *foreign}


@pytest.mark.parametrize("failing", ["iterdir", "unlink"])
def test_what_was_left_behind_hinders_no_writing(
    entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """Where it can't be removed, the file is written all the same."""
    left = entries.path.with_name(f".crm.csv.{'0' * 16}.tmp")
    left.touch()
    os.utime(left, (0, 0))
    real = getattr(Path, failing)
    monkeypatch.setattr(
        Path, failing, lambda path, **given: full() if path in (left, left.parent) else real(path, **given)
    )

    assert entries.update(KING, WHOLE)[0].status is Status.DONE
    assert left.exists()


def test_folders_that_cannot_be_flushed(entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a system cannot flush folders, files are written all the same."""
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *args: full() if Path(path).is_dir() else real(path, *args))
    assert entries.update(KING, WHOLE)[0].status is Status.DONE


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    """A rewritten file keeps its permissions, and a link to it stays a link."""
    real = tmp_path / "real.csv"
    real.write_text(ENTRIES)
    real.chmod(0o640)
    link = tmp_path / "crm.csv"
    link.symlink_to(real)
    open_entries(link).update(KING, WHOLE)
    assert link.is_symlink()
    assert real.read_text() == ENTRIES.replace("Byron", "King")
    assert real.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "real.csv.bak").stat().st_mode & 0o777 == 0o640


def test_the_first_rewrite_keeps_the_file_as_it_was(entries: FileProvider[Entry]) -> None:
    """A provider keeps one backup, of what it found when it first wrote."""
    entries.update(KING, WHOLE)
    entries.update([Update("1", None, {"last_name": "Queen"})], WHOLE)
    assert entries.backup == entries.path.with_name("crm.csv.bak")
    assert entries.backup.read_text() == ENTRIES
    assert names(entries) == {"crm.csv", "crm.csv.bak"}


def test_older_backups_are_never_written_over(entries: FileProvider[Entry]) -> None:
    """A backup with other content stays, and one with the same content is enough."""
    folder = entries.path.parent
    (folder / "crm.csv.bak").write_text("older")
    (folder / "crm.csv.bak.1").write_text("old")
    entries.update(KING, WHOLE)
    assert (folder / "crm.csv.bak").read_text() == "older"
    assert (folder / "crm.csv.bak.2").read_text() == ENTRIES
    entries.path.write_text(ENTRIES)
    again = open_entries(entries.path)
    again.update(KING, WHOLE)
    assert again.backup == folder / "crm.csv.bak.2"
    assert len(names(entries)) == 4


def test_too_many_backups(entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    """With thousands of backups, somebody has to look first."""
    monkeypatch.setattr(disk, "_MOST_BACKUPS", 1)
    entries.path.with_name("crm.csv.bak").write_text("older")
    with pytest.raises(Unavailable, match="too many backups"):
        entries.update(KING, WHOLE)
    assert entries.path.read_text() == ENTRIES


def test_what_somebody_saves_meanwhile_is_not_lost(
    entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a person saves the file while it is being rewritten, the write is done again on what was saved."""
    real = os.fsync
    saved = iter([True])

    def fsync(handle: int) -> None:
        real(handle)
        if next(saved, False):
            entries.path.write_text(ENTRIES.replace("Ada", "Adele"))

    monkeypatch.setattr(os, "fsync", fsync)
    assert entries.update(KING, WHOLE)[0].status is Status.DONE
    assert entries.path.read_text() == ENTRIES.replace("Ada", "Adele").replace("Byron", "King")


def test_somebody_who_never_stops_saving(entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is saved again and again is left to the next run."""
    real = os.fsync
    count = iter(range(1000))

    def fsync(handle: int) -> None:
        real(handle)
        entries.path.write_text(ENTRIES.replace("Ada", f"Ada{next(count)}"))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(Unavailable, match="being written by another program"):
        entries.update(KING, WHOLE)
    assert "Byron" in entries.path.read_text()


def test_a_write_within_one_tick_of_the_clock(entries: FileProvider[Entry]) -> None:
    """A change that leaves size and time of the file as they were is found before anything is written."""
    before = entries.path.stat()
    with entries.path.open("r+") as file:
        file.write(ENTRIES.replace("Ada", "Eva"))
    os.utime(entries.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    entries.update(KING, WHOLE)
    assert entries.path.read_text() == ENTRIES.replace("Ada", "Eva").replace("Byron", "King")


def test_a_new_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new file that cannot be finished is removed."""
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable):
        disk.create_file(tmp_path / "new.csv", b"data")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_removed_before_it_is_written(entries: FileProvider[Entry]) -> None:
    """A file that is gone is not made anew."""
    entries.path.unlink()
    with pytest.raises(Unavailable, match="there is no such file"):
        entries.create([Create("t1", Entry())], WHOLE)
    with pytest.raises(Unavailable, match="cannot be written"):
        disk.replace_file(entries.path, b"new", b"old")
    assert not entries.path.exists()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user who may not do everything")
def test_a_file_that_may_not_be_read(entries: FileProvider[Entry]) -> None:
    """A file without the right to read it is refused."""
    entries.path.chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        open_entries(entries.path)


def test_a_right_that_is_missing(entries: FileProvider[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing right is told with the file's name and what to do, for reading and for writing."""

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(Unavailable, match="Permission denied"):
        entries.update(KING, WHOLE)
    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(InputError, match="Permission denied"):
        open_entries(entries.path)


class Naive(VirtualClock):
    """A clock whose times have no zone."""

    def now(self) -> datetime:
        """Return a time that is no instant."""
        return super().now().replace(tzinfo=None)


def test_a_clock_that_tells_no_instant_writes_nothing(tmp_path: Path) -> None:
    """The time in the column Modified would be anybody's: the clock is named, and the file is as it was."""
    path = tmp_path / "entries.csv"
    path.write_text("Id,Modified,First Name,Last Name,Email1\n1,,Ada,,\n", encoding="utf-8")
    before = path.read_bytes()
    provider = open_entries(path, clock=Naive())

    with pytest.raises(UsageError, match=r"clock, now\(\): the answer is a time without a zone"):
        provider.create([Create("t", Entry(first_name="Bob"))], Scope())

    assert path.read_bytes() == before
