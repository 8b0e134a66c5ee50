"""Test that no power cut loses a commit that must not be lost, nor damages the file, whatever was not synced."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.errors import TallystickError
from tallystick.ports import Commit, RunRow, RunState, Side
from tallystick.state import SqliteState
from tests.state.power import Answered, Disk, Kept
from tests.state.samples import KEY, NOON, a_batch, a_link, a_row

COMMITS = 30
WAYS: tuple[Kept, ...] = ("nothing", "everything", "some", "some")


def commit_number(n: int) -> Commit:
    """Return a commit of what belongs together; each third only settles the batch before, and may be lost."""
    links = [a_link(f"l{n}.{k}", f"r{n}.{k}") for k in range(5)]
    cursors: dict[str, object] = {"cursors": (str(n), str(n))}
    if n % 3 == 0:
        return Commit(n - 1, cursors, links=links, closed=[n])
    ended = NOON if n % 3 == 1 else None
    opened = [a_batch(f"t{n}")] if ended is None else []
    run = RunRow(RunState.SYNCING, synced=n, ended=ended)
    return Commit(n - 1, cursors, links=links, parked=[a_row(f"p{n}", keys=(b"k%d" % n,))], opened=opened, run=run)


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, synchronous: str | None = None) -> Disk:
    """Return the disk of a state that has taken all commits; ``synchronous`` overrides what it asks for."""
    disk = Disk()
    folder.mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", lambda path, **_: disk.connect(path, synchronous))
        state = SqliteState(folder / "links.db", key=KEY)
        for n in range(1, COMMITS + 1):
            assert state.commit("s", commit_number(n)).head.revision == n
            disk.log.append(Answered(n, durable=n % 3 != 0))
        # What a state writes when it is closed in peace is not what is tested here.
        events = len(disk.log)
        state.close()
        del disk.log[events:]
    return disk


def lost(disk: Disk, at: int, kept: Kept, rng: random.Random, folder: Path) -> str:
    """Return what a power cut at an event would cost that must not be lost; nothing, if all is well."""
    answered = [event for event in disk.log[:at] if isinstance(event, Answered)]
    must = max((event.revision for event in answered if event.durable), default=0)
    begun = (answered[-1].revision if answered else 0) + 1
    folder.mkdir()
    for name, data in disk.after_cut(at, kept, rng).items():
        (folder / name).write_bytes(data)
    try:
        with SqliteState(folder / "links.db", key=KEY) as state:
            revision = state.head("s").revision
            if not must <= revision <= begun:
                return f"revision {revision}, where {must} was promised and {begun} begun"
            if faults := state.check():
                return f"damaged: {faults}"
            ids = [f"l{n}.{k}" for n in range(1, revision + 1) for k in range(5)]
            links = state.links("s", Side.LEFT, ids)
            whole = [n for n in range(1, revision + 1) if n % 3]
            tokens = {f"t{n}" for n in whole if n % 3 == 2}
            if (
                not len(links) == len(ids) == state.head("s").links
                or len(state.parked_sharing("s", [b"k%d" % n for n in whole])) != len(whole)
                or sorted(run.synced for run in state.runs("s", 100)) != whole
                or not {batch.intents[0].token for batch in state.batches("s")} <= tokens
            ):
                return f"revision {revision} is not whole"
    except TallystickError as error:
        return f"not opened: {error}"
    return ""


def cuts(disk: Disk, folder: Path, every: int, seed: int) -> Iterator[str]:
    """Cut the power at some events, in all ways; yield what each cut has lost."""
    rng = random.Random(seed)
    for at in range(seed % every, len(disk.log) + 1, every):
        for number, kept in enumerate(WAYS):
            loss = lost(disk, at, kept, rng, folder / f"cut-{at}-{number}")
            yield loss and f"at event {at}, of the rest {kept}: {loss}"


def test_power_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the power fails, every commit that must not be lost is there, and the file is sound."""
    disk = written(tmp_path / "disk", monkeypatch)
    losses = [*cuts(disk, tmp_path, every=12, seed=1)]

    assert [loss for loss in losses if loss] == []
    assert len(losses) > 150


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_many_power_cuts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """The same, at each event that there is."""
    disk = written(tmp_path / "disk", monkeypatch)
    losses = [*cuts(disk, tmp_path, every=1, seed=seed)]

    print(f"{len(losses)} power cuts")  # noqa: T201 -- the soak's figures
    assert [loss for loss in losses if loss] == []


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
def test_it_can_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, synchronous: str) -> None:
    """A state that did not wait for the disk would lose commits that it has answered, and these tests would tell."""
    disk = written(tmp_path / "disk", monkeypatch, synchronous)

    assert any("was promised" in loss for loss in cuts(disk, tmp_path, every=12, seed=1))
