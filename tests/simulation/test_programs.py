"""Live seeded histories of users, services, weather and crashes, and judge them by lineage."""

from pathlib import Path

import attrs
import pytest

from tallystick.reconcile import Retries
from tests.conftest import Count
from tests.simulation.history import History, keeping, kept, of_seed, read
from tests.simulation.program import Carried
from tests.simulation.soak import live, live_seeds, trace


@pytest.mark.behaviour("TS-02", "TS-03", "TS-04", "TS-20")
def test_nothing_is_lost_doubled_or_brought_back_in_any_history(count: Count) -> None:
    """Whatever users, services and crashes do, nothing is lost, doubled or brought back, and all comes to rest."""
    tally = live_seeds(range(1000))
    count(tally.faults, histories=tally.histories, crashes=tally.happened["crashed"])

    assert not tally.failures, tally.text()
    assert tally.happened["crashed"] >= 150, tally.text()
    assert tally.happened["edited meanwhile"] >= 5, tally.text()
    assert len(tally.faults) >= 8, tally.text()


@pytest.mark.behaviour("TS-03")
@pytest.mark.parametrize("history", kept(), ids=lambda history: history.why.replace(" ", "-")[:60])
def test_what_was_ever_found_stays_mended(history: History) -> None:
    """A history by which a fault was found is lived again, before any other."""
    assert not live([history]).failures


def never_answered(seed: int) -> int:
    """Live the history of a seed with services that never answer a removal; return how many were given up.

    Every second service carries them out. Then it answers again, a person releases what was given up, and all is
    judged as it always is.
    """
    history = of_seed(seed, "deleting")
    world = history.world()
    world.profile = attrs.evolve(world.profile, retries=Retries(most=2))

    def swallow() -> None:
        for collection in world.sides:
            collection.faults.clear()
            collection.expire_cursors()
            (collection.faults.lose_reply if seed % 2 else collection.faults.lose_request)("remove", times=None)

    swallow()
    carried = Carried(world, deletes=True)
    carried.all(history.program)
    carried.one(("pass", 0, 0, 63))
    swallow()  # whatever else was to come has passed
    for op in [("run", 0, 0, 2), ("run", 0, 0, 2), ("delete", seed // 2 % 2, 0, 0), ("delete", seed % 2, 1, 0)]:
        carried.one(op)
    for _ in range(6):
        world.clock.advance(86_400)
        world.run()
    carried.lineage.check(world)
    sent = [collection.calls["remove"] for collection in world.sides]
    for _ in range(3):
        world.clock.advance(86_400)
        assert not world.run().written()
        for collection in world.sides:
            collection.expire_cursors()
    assert [collection.calls["remove"] for collection in world.sides] == sent, "sent again and again"
    rows = [row for row in world.sync().failed() if row.id not in world.sides[row.side]]
    assert {row.reasons for row in rows} <= {("no_answer", "gave_up")}
    linked = {(side, one) for link in world.links() for side, one in enumerate(link.ids)}
    assert {(row.side, row.id) for row in rows} <= linked, "listed, and in no pair"
    carried.finish()
    return len(rows)


@pytest.mark.behaviour("TS-04", "TS-15")
@pytest.mark.parametrize("seeds", [range(100), pytest.param(range(1_000, 11_000), marks=pytest.mark.soak)])
def test_a_removal_that_is_never_answered_ends_nothing_and_brings_nothing_back(seeds: range, count: Count) -> None:
    """It is sent as often as the profile says, its pair is listed as waiting, and what was deleted stays deleted."""
    given_up = sum(map(never_answered, seeds))
    count(histories=len(seeds))

    assert given_up >= len(seeds) // 3, given_up


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_the_same_seed_gives_the_same_history(seed: int) -> None:
    """A history can be repeated: the same seed ends in the same place after the same requests."""
    history = of_seed(seed)

    assert trace(history.lived()) == trace(read(history.text()).lived())


def test_a_history_that_was_kept_can_be_read_again() -> None:
    """A history is data: as JSON it is the same history."""
    for seed in range(20):
        history = of_seed(seed)
        assert read(history.text()) == history


def test_a_history_that_fails_is_kept(tmp_path: Path) -> None:
    """What was drawn and fails is kept as JSON, in its smallest form, and the error names the file."""
    larger, smaller = (attrs.evolve(of_seed(seed), why="a test") for seed in (1, 2))
    with pytest.raises(AssertionError), keeping(larger, tmp_path):
        raise AssertionError
    with pytest.raises(AssertionError) as caught, keeping(smaller, tmp_path):
        raise AssertionError
    (path,) = tmp_path.iterdir()

    assert read(path.read_text(encoding="utf-8")) == smaller
    assert str(path) in caught.value.__notes__[0]


def test_a_history_that_goes_well_is_not_kept(tmp_path: Path) -> None:
    """Nothing is kept of a history that goes well."""
    with keeping(of_seed(1), tmp_path):
        pass

    assert not list(tmp_path.iterdir())
