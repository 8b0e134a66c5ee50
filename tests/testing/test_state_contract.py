"""The state's contract holds for our own states, and each of its checks can fail."""

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tallystick import MemoryState, SqliteState
from tallystick.testing import StateContract, Verdict
from tests.testing import broken_states
from tests.testing.broken_states import KEY, Sound

CAUGHT = {
    "OneSideOnly": "links are kept",
    "EndsNothing": "links are replaced and ended",
    "HalfTaken": "a record has one link",
    "LastCommitWins": "a commit rests on a revision",
    "OldestFirst": "runs are kept",
    "AnyNewestRun": "a run's row rests on the newest",
    "ForgetsFirstSeen": "parked rows are kept",
    "FirstKeyOnly": "parked rows are found",
    "AlwaysDue": "parked rows are found",
    "EveryKind": "parked rows are found",
    "ClosesWhole": "the journal is kept",
    "NewestBatchFirst": "the journal is kept",
    "StaleHead": "the head is kept",
    "ClosesAllSyncs": "syncs are apart",
    "KeepsNoReservations": "identities are told",
    "MarksOfOneSide": "marks are the links'",
    "FirstThousand": "many ids at once",
    "FoldedIds": "any text is an id",
    "SharedLease": "a lease is one worker's",
    "TellsNobody": "a lease is told",
    "Unfenced": "a lease fences",
    "IgnoresBids": "a commit takes the lease",
    "NeverDone": "the last commit ends a lease",
    "RenewsAnybody": "a lease fences",
    "TakesUnknown": "unknown numbers are refused",
}
LASTS = "what was committed lasts"


class Awaited:
    """A state that is awaited."""

    def __init__(self) -> None:
        self.state, self.key = MemoryState(KEY), KEY

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- a method
        method = getattr(self.state, name)

        async def call(*args: object) -> Any:  # noqa: ANN401 -- whatever is answered
            await asyncio.sleep(0)
            return method(*args)

        return call


@pytest.mark.behaviour("TS-10")
@pytest.mark.parametrize("fault", CAUGHT)
def test_a_fault_of_a_state_is_caught_by_the_check_that_is_named_for_it(fault: str) -> None:
    """Each state that is broken on purpose is caught by the check that promises the opposite."""
    results = StateContract(getattr(broken_states, fault)).check([CAUGHT[fault]])

    assert [one.check for one in results.broken] == [CAUGHT[fault]], results.table()


@pytest.mark.behaviour("TS-10")
def test_every_check_of_a_state_has_a_fault_that_it_catches() -> None:
    """No check is one that can't fail; a state that forgets everything is caught once it is opened anew."""
    faults = {
        name for name, value in vars(broken_states).items() if isinstance(value, type) and issubclass(value, Sound)
    }
    forgetful = StateContract(Sound, reopen=lambda _state: Sound()).check()

    assert faults - {"Sound"} == CAUGHT.keys()
    assert [one.check for one in forgetful.broken] == [LASTS]
    assert {*CAUGHT.values(), LASTS} == set(StateContract(Sound).promises)


@pytest.mark.behaviour("TS-10")
def test_a_state_in_a_file_holds(tmp_path: Path) -> None:
    """The state in one SQLite file keeps every promise, also once it is opened anew."""
    numbers = count()
    paths: dict[int, Path] = {}

    def make() -> SqliteState:
        path = tmp_path / f"{next(numbers)}.db"
        state = SqliteState(path, key=KEY)
        paths[id(state)] = path
        return state

    def reopen(state: SqliteState) -> SqliteState:
        state.close()
        return SqliteState(paths[id(state)], key=KEY)

    results = StateContract(make, reopen, SqliteState.close).check()

    assert [one.verdict for one in results.findings] == [Verdict.HELD] * 22, results.table()


@pytest.mark.behaviour("TS-10", "TS-09")
def test_a_state_that_is_awaited_holds() -> None:
    """The same contract takes a state that is awaited."""
    results = StateContract(Awaited).check()

    assert not results.broken, results.table()
    assert results.verdict(LASTS) is Verdict.UNTRIED
