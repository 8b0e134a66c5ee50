"""A run says in its last commit where everything stands after it: what it foresees is what comes."""

import pytest

from tallystick.ports import Commit, Committed, Head
from tallystick.sync import finishing
from tallystick.sync.applying import Applying
from tallystick.sync.calls import Call
from tallystick.sync.foreseeing import Foreseen, foresee
from tallystick.sync.known import Known
from tests.conftest import Count
from tests.simulation.soak import live_seeds


def test_what_a_run_tells_of_its_end_is_what_the_state_holds(monkeypatch: pytest.MonkeyPatch, count: Count) -> None:
    """Whatever went wrong on the way, pairs and parked records are as many as the run's row was counted from."""
    foreseen: list[Head] = []
    held: list[Head] = []
    commit = Applying.commit

    def noted(known: Known, head: Head, last: Commit) -> Call[Foreseen]:
        found = yield from foresee(known, head, last)
        foreseen.append(found.head)
        return found

    def committed(self: Applying) -> Call[Committed]:
        last = self.pending.run is not None
        answer = yield from commit(self)
        if last:
            held.append(answer.head)
            assert (answer.head.links, dict(answer.head.parked)) == (foreseen[-1].links, dict(foreseen[-1].parked))
        return answer

    monkeypatch.setattr(finishing, "foresee", noted)
    monkeypatch.setattr(Applying, "commit", committed)
    tally = live_seeds(range(5000, 5120))
    count(tally.faults, histories=tally.histories, crashes=tally.happened["crashed"])
    assert not tally.failures, tally.text()
    assert sum(any(head.parked.values()) for head in held) > 100
