"""TS-15: a record that keeps failing is parked with a reason and a retry budget, and never holds up another."""

from datetime import timedelta

import attrs
import pytest

from tallystick import Side
from tallystick.errors import SettingsError, UnknownRecord
from tallystick.ports import RunState
from tallystick.reconcile import Bucket, Retries
from tests.simulation.world import World


def poisoned(most: int = 3) -> World:
    """Return a world in which the CRM refuses everything about the first person."""
    world = World()
    world.profile = attrs.evolve(world.profile, retries=Retries(most=most))
    world.crm.entries.faults.refuse(lambda write: "p1@example.com" in repr(_emails(write)), "poison", times=None)
    for person in (1, 2, 3):
        world.insert(0, person)
    return world


def _emails(write: object) -> object:
    return getattr(getattr(write, "record", None), "emails", ())


def tries(world: World) -> int:
    """Return how many creates the CRM was asked for."""
    return world.crm.entries.calls["create"]


def failed_again(world: World) -> int | None:
    """Run when the next retry is due; return for how many minutes the failed record is put off now."""
    world.run()
    (row,) = world.sync().failed()
    if row.retry_at is None:
        return None
    wait = (row.retry_at - world.clock.now()).total_seconds()
    world.clock.advance(wait)
    return round(wait / 60)


@pytest.mark.behaviour("TS-15")
def test_a_record_that_keeps_failing_is_tried_ever_more_rarely_and_then_left() -> None:
    """The pauses double; after the most attempts the record rests, with its reason, until something happens."""
    world = poisoned(most=3)
    waits = [failed_again(world) for _ in range(3)]
    (row,) = world.sync().failed()

    assert waits == [10, 20, None]
    assert row.attempts == 3
    assert row.reasons == ("refused:poison", "gave_up")
    assert "a person releases it" in row.words[1]
    before = tries(world)
    for _ in range(5):
        world.clock.advance(86_400 * 3)
        world.run()
    assert tries(world) == before
    report = world.reports[-1]
    assert report.state is RunState.COMPLETE
    assert report.buckets[Bucket.FAILED] == 1


@pytest.mark.behaviour("TS-15")
@pytest.mark.parametrize("batch_size", [1, 20])
def test_a_poisoned_record_holds_up_nobody(batch_size: int) -> None:
    """Others of the same batch are synced by the same run."""
    world = poisoned()
    assert world.run().buckets[Bucket.SYNCED] == 2
    assert [world.find(1, person) != [] for person in (1, 2, 3)] == [False, True, True]


@pytest.mark.behaviour("TS-15")
def test_a_person_can_release_a_record_that_was_given_up() -> None:
    """A released record is tried by the next run; when the reason is gone, it is synced."""
    world = poisoned(most=1)
    world.run()
    one = world.the(0, 1)
    world.crm.entries.faults.clear()
    world.clock.advance(86_400)
    world.run()
    assert not world.find(1, 1)

    world.sync().release("left", one)
    world.run()

    assert world.find(1, 1)
    assert not world.sync().failed()


@pytest.mark.behaviour("TS-15")
def test_an_edited_record_is_tried_again_by_itself() -> None:
    """Whoever mends the record need not release it."""
    world = poisoned(most=1)
    world.run()
    world.crm.entries.faults.clear()
    world.clock.advance(600)
    world.outlook.contacts.edit(world.the(0, 1), company_name="mended")
    world.run()

    assert world.find(1, 1)


@pytest.mark.behaviour("TS-15")
def test_only_what_failed_can_be_released() -> None:
    """Releasing a record that has not failed is a mistake, and says where to look."""
    world = poisoned()
    world.run()
    with pytest.raises(UnknownRecord, match=r"failed\(\) lists"):
        world.sync().release(Side.LEFT, world.the(0, 2))


@pytest.mark.parametrize(("most", "first"), [(0, 600), (3, 0), (3, 10**9)])
def test_retries_that_make_no_sense_are_refused(most: int, first: float) -> None:
    """A policy without any attempt, or with a first wait beyond the longest, is no policy."""
    with pytest.raises(SettingsError):
        Retries(timedelta(seconds=first), most=most)
