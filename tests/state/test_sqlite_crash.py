"""Test that what a commit has answered is there, though the process was killed the moment after."""

import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tallystick.ports import Side
from tallystick.state import SqliteState
from tests.state.samples import KEY

# Every commit puts in what belongs together: one link, one parked row with a key, one batch, one run and the cursor.
WORKER = """
import sys
from datetime import UTC, datetime
from tallystick.ports import Batch, Commit, Link, Parked, ParkedKind, RunRow, RunState, Side
from tallystick.state import SqliteState

with SqliteState(sys.argv[1], key=bytes(range(32))) as state:
    n = state.head("s").revision
    while True:
        n += 1
        commit = Commit(
            n - 1,
            {"cursors": (str(n), str(n))},
            links=[Link((f"l{n}", f"r{n}"), (None, None), (True, True), (b"x" * 500, b"y" * 500), "layout")],
            parked=[Parked(Side.LEFT, f"p{n}", None, ParkedKind.FAILED, (), (b"k%d" % n,))],
            opened=[Batch(Side.RIGHT, datetime(2026, 3, 1, tzinfo=UTC), "layout", ())] if n % 3 else [],
            closed=[n // 2],
            run=RunRow(RunState.SYNCING, synced=n),
        )
        state.commit("s", commit)
        print(n, flush=True)
"""


@pytest.mark.parametrize("answers", [1, 2, 30, 150, 400])
def test_killed(tmp_path: Path, answers: int) -> None:
    """After a kill every answered commit is there, at most one more, each of them whole, and work goes on."""
    path = tmp_path / "links.db"
    last = 0
    for _ in range(2):
        with subprocess.Popen([sys.executable, "-c", WORKER, path], stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            last = [int(line) for line in islice(worker.stdout, answers)][-1]
            worker.kill()
            last = max([last, *(int(line) for line in worker.stdout if line.endswith("\n"))])

        with SqliteState(path, key=KEY) as state:
            head = state.head("s")
            assert last <= head.revision <= last + 1
            assert head.cursors == (str(head.revision), str(head.revision))
            assert sorted(state.marks("s", Side.LEFT)) == sorted(
                (f"l{n}", None, True) for n in range(1, head.revision + 1)
            )
            assert len(state.parked_sharing("s", [b"k%d" % n for n in range(1, head.revision + 1)])) == head.revision
            assert [run.synced for run in state.runs("s", 10**6)] == list(range(head.revision, 0, -1))
            assert state.check() == []
