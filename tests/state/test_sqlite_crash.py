"""Test that what a commit has answered is there, though the process was killed the moment after."""

import random
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import pytest

from tallystick.ports import ParkedKind, Side
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


def killed_worker(path: Path, answers: int, wait: float) -> int:
    """Start a worker, kill it some seconds after so many answers, and return the last commit that it answered."""
    with subprocess.Popen([sys.executable, "-c", WORKER, path], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        answered = list(islice(worker.stdout, answers))
        time.sleep(wait)
        worker.kill()
        answered += [line for line in worker.stdout if line.endswith("\n")]
    return int(answered[-1])


def check(path: Path, last: int) -> None:
    """Check that every answered commit is there, at most one more, and each of them whole."""
    with SqliteState(path, key=KEY) as state:
        head = state.head("s")
        commits = range(1, head.revision + 1)
        assert last <= head.revision <= last + 1
        assert head.cursors == (str(head.revision), str(head.revision))
        assert sorted(state.marks("s", Side.LEFT)) == sorted((f"l{n}", None, True) for n in commits)
        assert len(state.parked_sharing("s", [b"k%d" % n for n in commits])) == len(state.parked_list("s"))
        assert [run.synced for run in state.runs("s", len(commits) + 1)] == list(reversed(commits))
        assert head.parked == {ParkedKind.FAILED: len(commits)}
        assert state.check() == []


@pytest.mark.parametrize("rounds", [20, pytest.param(200, marks=pytest.mark.soak)])
def test_killed(tmp_path: Path, rounds: int) -> None:
    """After a kill at any moment every answered commit is there, and work goes on from it, kill after kill."""
    rng = random.Random(rounds)
    for number in range(rounds):
        # A new file now and then: it grows with each round, and so does checking it.
        path = tmp_path / f"links-{number // 5}.db"
        check(path, killed_worker(path, rng.randrange(1, 25), rng.random() / 200))
