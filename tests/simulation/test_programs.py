"""Carry out seeded programs of users, services, weather and crashes, and judge them by lineage."""

from collections import Counter

import pytest

from tallystick import MemoryState
from tallystick.ports import CreateSafety
from tallystick.providers.memory import Quirks
from tests.simulation.program import Carried, carried_out, drawn
from tests.simulation.world import KEY, World

SETTINGS = (
    (CreateSafety.SEARCHABLE_TAG, 0.0),
    (CreateSafety.SEARCHABLE_TAG, 30.0),
    (CreateSafety.CLIENT_ID, 0.0),
    (CreateSafety.UNIQUE_KEY, 0.0),
    (CreateSafety.SERVER_TOKEN, 0.0),
)


def world_of(seed: int) -> World:
    """Return the world that a seed's program is carried out in."""
    safety, lag = SETTINGS[seed % len(SETTINGS)]
    return World(
        safety=safety,
        lag=lag,
        seed=seed,
        quirks=Quirks(replays=bool(seed % 2)),
        batch_size=(None, 1, 2)[seed % 3],
        state=MemoryState(KEY),
    )


def carry_out_all(seeds: range) -> tuple[Counter[str], list[str]]:
    """Carry out the programs of all seeds; return what happened in them, and what went wrong."""
    counts: Counter[str] = Counter()
    failures = []
    for seed in seeds:
        program = drawn(seed)
        try:
            counts += carried_out(program, world_of(seed)).counts
        except Exception as error:  # noqa: BLE001 - every failure counts
            failures.append(f"seed {seed}: {type(error).__name__}: {str(error)[:200]} in {program}")
    return counts, failures


@pytest.mark.behaviour("TS-02", "TS-03", "TS-04", "TS-20")
def test_nothing_is_lost_doubled_or_brought_back_in_any_history() -> None:
    """Whatever users, services and crashes do, nothing is lost, doubled or brought back, and all comes to rest."""
    counts, failures = carry_out_all(range(600))

    assert not failures, f"{len(failures)} of 600 histories failed:\n" + "\n".join(failures[:5])
    assert counts["crashed"] >= 100, counts
    assert counts["edited meanwhile"] >= 5, counts


@pytest.mark.soak
@pytest.mark.behaviour("TS-02", "TS-03", "TS-04", "TS-20")
def test_nothing_is_lost_in_very_many_histories() -> None:
    """The same, in tens of thousands of histories."""
    counts, failures = carry_out_all(range(1_000, 31_000))

    assert not failures, f"{len(failures)} of 30,000 histories failed:\n" + "\n".join(failures[:10])
    assert counts["crashed"] >= 5_000, counts


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_the_same_seed_gives_the_same_history(seed: int) -> None:
    """A history can be repeated: the same seed ends in the same place after the same requests."""
    traces = []
    for _ in range(2):
        carried = Carried(world_of(seed))
        carried.all(drawn(seed))
        world = carried.world
        traces.append((world.picture(), [collection.requests for collection in world.sides], world.clock.now()))

    assert traces[0] == traces[1]
